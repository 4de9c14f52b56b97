//! HTTP/1 framing guard: follows the bytes of one client connection and refuses what two parsers could read in two ways.
//!
//! hyper is a good HTTP/1 parser, but a lenient one: it takes a bare LF for a line end, lets two `Host` fields or none
//! pass, and silently drops `Content-Length` beside `Transfer-Encoding`. A front door must refuse all of these, because
//! the origin behind it may choose differently and see one request where we saw two. So every byte passes this guard
//! before hyper sees it. Heads are held until complete and checked; bodies are only measured.
//!
//! What was refused is replaced by [`REFUSED_HEAD`], a harmless request that stands in its place: earlier answers on the
//! connection are written first, the refusal is logged, counted and answered (as a problem, then the connection is
//! closed) by the same code as every other request. Bytes after it are dropped, for nobody knows any more what they are.
//!
//! Free of I/O: bytes in, bytes out. Left out on purpose: what the fields mean (filters decide), and HTTP/2.

mod chunked;
mod head;

pub(crate) use head::is_host;
pub use head::{HeadLimits, Refusal};

use chunked::Chunked;
use head::{BodyFraming, HeadCheck};

/// What hyper gets to see in place of a refused head. Its answer is made from the [`Refusal`], never from this.
pub const REFUSED_HEAD: &[u8] = b"GET /refused HTTP/1.1\r\nhost: refused\r\nconnection: close\r\n\r\n";

/// Where in the stream of bytes the client is.
#[derive(Debug)]
enum State {
    /// Before or inside a head.
    Head(HeadCheck),
    /// Inside a body of known length.
    Length(u64),
    /// Inside a chunked body.
    Chunked(Chunked),
    /// Behind a head that asks for another protocol: what follows depends on the answer, so nothing is read till then.
    Undecided,
    /// Not HTTP/1 any more: everything passes.
    Tunnel,
    /// A head was refused: nothing passes.
    Refused,
    /// A chunked body broke its framing: nothing passes and the connection must end.
    Broken,
}

/// What a look at the guard from outside shows: the connection's timers depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Between two messages, not one byte of the next is here.
    Between,
    /// A head has begun and is not complete.
    Head,
    /// A body has begun and is not complete.
    Body,
    /// Nothing is expected from the client now.
    Still,
    /// Not HTTP any more.
    Tunnel,
}

/// The framing of a body is broken in a way that leaves no trust in the rest of the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("chunked framing of the body is broken")]
pub struct BrokenBody;

/// Follows one connection.
#[derive(Debug)]
pub struct Guard {
    state: State,
    limits: HeadLimits,
    /// An incomplete head. Empty, and holding no memory, whenever heads arrive whole.
    held: Vec<u8>,
    /// Heads let through so far, the stand-in for a refused one included.
    heads: u64,
    refused: Option<(u64, Refusal)>,
}

impl Guard {
    /// A guard for a new connection.
    pub fn new(limits: HeadLimits) -> Self {
        Self { state: State::Head(HeadCheck::default()), limits, held: Vec::new(), heads: 0, refused: None }
    }

    /// A guard that lets everything pass, for connections that speak another protocol.
    pub fn tunnel() -> Self {
        Self { state: State::Tunnel, ..Self::new(HeadLimits::default()) }
    }

    /// Takes what arrived and hands to `pass` what may go on.
    pub fn feed(&mut self, mut input: &[u8], pass: &mut impl FnMut(&[u8])) -> Result<(), BrokenBody> {
        while !input.is_empty() {
            match &mut self.state {
                State::Head(check) if self.held.is_empty() => match check.advance(input, &self.limits) {
                    Ok(Some((len, framing))) => {
                        pass(&input[..len]);
                        input = &input[len..];
                        self.enter(framing);
                    }
                    Ok(None) => {
                        self.held.extend_from_slice(input);
                        return Ok(());
                    }
                    Err(refusal) => {
                        self.refuse(refusal, pass);
                        return Ok(());
                    }
                },
                State::Head(check) => {
                    self.held.extend_from_slice(input);
                    match check.advance(&self.held, &self.limits) {
                        Ok(Some((len, framing))) => {
                            let held = std::mem::take(&mut self.held);
                            pass(&held[..len]);
                            self.enter(framing);
                            return self.feed(&held[len..], pass);
                        }
                        Ok(None) => return Ok(()),
                        Err(refusal) => {
                            self.refuse(refusal, pass);
                            return Ok(());
                        }
                    }
                }
                State::Length(left) => {
                    let len = usize::try_from(*left).unwrap_or(usize::MAX).min(input.len());
                    pass(&input[..len]);
                    *left -= len as u64;
                    input = &input[len..];
                    if *left == 0 {
                        self.state = State::Head(HeadCheck::default());
                    }
                }
                State::Chunked(body) => match body.advance(input) {
                    Ok((len, done)) => {
                        pass(&input[..len]);
                        input = &input[len..];
                        if done {
                            self.state = State::Head(HeadCheck::default());
                        }
                    }
                    Err(broken) => {
                        self.state = State::Broken;
                        return Err(broken);
                    }
                },
                State::Undecided => {
                    self.held.extend_from_slice(input);
                    return Ok(());
                }
                State::Tunnel => {
                    pass(input);
                    return Ok(());
                }
                State::Refused => return Ok(()),
                State::Broken => return Err(BrokenBody),
            }
        }
        Ok(())
    }

    /// Refuses the head that is being waited for (the client was too slow). Nothing happens elsewhere in the stream.
    pub fn refuse(&mut self, refusal: Refusal, pass: &mut impl FnMut(&[u8])) {
        if matches!(self.state, State::Head(_)) {
            self.held = Vec::new();
            self.refused = Some((self.heads, refusal));
            self.heads += 1;
            self.state = State::Refused;
            pass(REFUSED_HEAD);
        }
    }

    /// Settles an upgrade: `true` makes everything after it pass unseen, `false` means HTTP goes on.
    ///
    /// What the client sent behind the head without waiting for the answer is passed now.
    pub fn decide_upgrade(&mut self, tunnel: bool, pass: &mut impl FnMut(&[u8])) -> Result<(), BrokenBody> {
        if !matches!(self.state, State::Undecided) {
            return Ok(());
        }
        self.state = if tunnel { State::Tunnel } else { State::Head(HeadCheck::default()) };
        let held = std::mem::take(&mut self.held);
        self.feed(&held, pass)
    }

    /// Why head number `index` of this connection (from 0) is a stand-in, `None` when it is the client's own.
    pub fn refusal(&self, index: u64) -> Option<Refusal> {
        self.refused.filter(|(at, _)| *at == index).map(|(_, refusal)| refusal)
    }

    /// Whether nothing may be read from the client for now.
    pub fn is_paused(&self) -> bool {
        matches!(self.state, State::Undecided)
    }

    /// Where the client is.
    pub fn place(&self) -> Place {
        match self.state {
            State::Head(_) if self.held.is_empty() => Place::Between,
            State::Head(_) => Place::Head,
            State::Length(_) | State::Chunked(_) => Place::Body,
            State::Undecided | State::Refused | State::Broken => Place::Still,
            State::Tunnel => Place::Tunnel,
        }
    }

    fn enter(&mut self, framing: BodyFraming) {
        self.heads += 1;
        self.state = match framing {
            BodyFraming::Length(0) => State::Head(HeadCheck::default()),
            BodyFraming::Length(length) => State::Length(length),
            BodyFraming::Chunked => State::Chunked(Chunked::default()),
            BodyFraming::Upgrade => State::Undecided,
        };
    }
}

#[cfg(test)]
mod tests;
