//! The socket of a client as hyper sees it: every byte passes the framing guard on its way in.
//!
//! Reads go through one buffer per thread, because an idle connection should not hold one and because hyper's own can
//! only be filled without `unsafe` by copying. A copy of a request head is nothing; one of a 64 KiB piece of a body is a
//! few microseconds, and bodies come in rarely.

use std::cell::RefCell;
use std::io;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::Link;
use crate::clock::Coarse;
use crate::framing::Place;

const SCRATCH_BYTES: usize = 64 * 1024;

thread_local! {
    static SCRATCH: RefCell<Box<[u8]>> = RefCell::new(vec![0; SCRATCH_BYTES].into_boxed_slice());
}

/// A client's socket.
#[derive(Debug)]
pub struct ClientIo {
    stream: TcpStream,
    link: Rc<Link>,
    clock: Rc<Coarse>,
    /// Passed by the guard, and more than fitted into hyper's buffer.
    spilled: Vec<u8>,
    spilled_at: usize,
}

impl ClientIo {
    /// Wraps a fresh connection.
    pub fn new(stream: TcpStream, link: Rc<Link>, clock: Rc<Coarse>) -> Self {
        Self { stream, link, clock, spilled: Vec::new(), spilled_at: 0 }
    }

    /// The bare socket, and what was read from it but not consumed: for tunnels.
    pub fn into_stream(mut self) -> (TcpStream, Vec<u8>) {
        let mut early = self.spilled.split_off(self.spilled_at);
        early.append(&mut self.link.injected.borrow_mut());
        (self.stream, early)
    }

    /// Hands out bytes that are there already; `false` when there are none.
    fn take_spilled(&mut self, buffer: &mut ReadBufCursor<'_>) -> bool {
        let injected = &mut *self.link.injected.borrow_mut();
        self.spilled.append(injected);
        if self.spilled_at == self.spilled.len() {
            return false;
        }
        let len = buffer.remaining().min(self.spilled.len() - self.spilled_at);
        buffer.put_slice(&self.spilled[self.spilled_at..self.spilled_at + len]);
        self.spilled_at += len;
        if self.spilled_at == self.spilled.len() {
            self.spilled = Vec::new();
            self.spilled_at = 0;
        }
        true
    }

    /// Feeds the guard; `true` when something came out.
    fn feed(&mut self, input: &[u8], buffer: &mut ReadBufCursor<'_>) -> io::Result<bool> {
        let mut guard = self.link.guard.borrow_mut();
        let before = guard.place();
        let spilled = &mut self.spilled;
        let mut passed = false;
        let fed = guard.feed(input, &mut |bytes| {
            passed = true;
            let len = if spilled.is_empty() { buffer.remaining().min(bytes.len()) } else { 0 };
            buffer.put_slice(&bytes[..len]);
            spilled.extend_from_slice(&bytes[len..]);
        });
        // A head has one allowance from its first byte to its last; a body has a new one with every byte.
        if guard.place() != before || before == Place::Body {
            self.link.since.set(self.clock.now());
        }
        fed.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        Ok(passed)
    }
}

impl Read for ClientIo {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        loop {
            if this.link.is_killed() {
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
            if this.take_spilled(&mut buffer) {
                return Poll::Ready(Ok(()));
            }
            if this.link.guard.borrow().is_paused() {
                this.link.park(context);
                return Poll::Pending;
            }
            // tokio's own read and not `try_read`: after a short read it knows that the socket is empty, which saves
            // asking the kernel again before every wait.
            let polled = SCRATCH.with_borrow_mut(|scratch| {
                let len = buffer.remaining().clamp(1, SCRATCH_BYTES);
                let mut read = ReadBuf::new(&mut scratch[..len]);
                ready!(Pin::new(&mut this.stream).poll_read(context, &mut read))?;
                let is_end = read.filled().is_empty();
                Poll::Ready(Ok::<_, io::Error>(is_end || this.feed(read.filled(), &mut buffer)?))
            });
            let Poll::Ready(read) = polled else {
                // The wait begins now, however long ago the last byte came.
                if !this.link.is_starved.replace(true) && this.link.guard.borrow().place() == Place::Body {
                    this.link.since.set(this.clock.now());
                }
                this.link.park(context);
                return Poll::Pending;
            };
            let has_something = read?;
            this.link.is_starved.set(false);
            if has_something {
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl ClientIo {
    fn note_write<T>(&self, context: &Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_pending() {
            if self.link.write_blocked.get().is_none() {
                self.link.write_blocked.set(Some(self.clock.now()));
            }
            self.link.park(context);
        } else if self.link.write_blocked.get().is_some() {
            self.link.write_blocked.set(None);
        }
        polled
    }
}

impl Write for ClientIo {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note_write(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.note_write(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_shutdown(context))?;
        Poll::Ready(Ok(()))
    }
}
