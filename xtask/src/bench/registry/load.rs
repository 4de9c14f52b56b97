//! Many connections asking from one thread: as fast as they are answered, or so many requests a second.
//!
//! Event-driven, because ten thousand threads would be the measurement. A request is bytes made beforehand or on the
//! spot; of an answer only status and end are looked at.

use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::reply::Reply;

const READ_BYTES: usize = 256 << 10;

/// How often is asked.
#[derive(Clone, Copy, Debug)]
pub enum Pace {
    AsAnswered,
    PerSecond(f64),
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub completed: u64,
    /// Answers that were neither 2xx nor 304.
    pub refused: u64,
    pub bytes: u64,
    pub seconds: f64,
}

struct Connection {
    stream: TcpStream,
    request: Vec<u8>,
    written: usize,
    reply: Reply,
    is_waiting: bool,
}

/// Asks over so many connections for a time. `next` makes the n-th request.
pub fn run(
    address: SocketAddr,
    connections: usize,
    pace: Pace,
    time: Duration,
    mut next: impl FnMut(u64) -> Vec<u8>,
) -> Result<Tally> {
    let mut poll = Poll::new()?;
    let mut all = (0..connections).map(|index| open(&poll, address, index)).collect::<Result<Vec<_>>>()?;
    let mut idle: Vec<usize> = (0..connections).rev().collect();
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; READ_BYTES];
    let (mut tally, mut asked) = (Tally::default(), 0);
    let started = Instant::now();
    loop {
        let elapsed = started.elapsed();
        let is_over = elapsed >= time;
        if is_over && idle.len() == connections {
            tally.seconds = elapsed.as_secs_f64();
            return Ok(tally);
        }
        if elapsed > time + Duration::from_secs(20) {
            bail!("{} requests were not answered", connections - idle.len());
        }
        let due = match pace {
            Pace::AsAnswered => u64::MAX,
            Pace::PerSecond(rate) => (elapsed.as_secs_f64() * rate) as u64,
        };
        while !is_over && asked < due {
            let Some(index) = idle.pop() else { break };
            let connection = &mut all[index];
            connection.request = next(asked);
            (connection.written, connection.is_waiting) = (0, true);
            asked += 1;
            write(connection)?;
        }
        poll.poll(&mut events, Some(Duration::from_millis(1)))?;
        for event in &events {
            let index = event.token().0;
            write(&mut all[index])?;
            let is_closed = read(&mut all[index], &mut buffer, &mut tally)?;
            if all[index].is_waiting && all[index].reply.is_complete() {
                all[index].is_waiting = false;
                all[index].reply = Reply::default();
                // Last in, last out: with a pace, every connection gets its turn.
                idle.insert(0, index);
            }
            if is_closed {
                // The other end may close between two requests, as Tomcat does; and a request may have met that.
                let (request, is_waiting) = (std::mem::take(&mut all[index].request), all[index].is_waiting);
                all[index] = open(&poll, address, index)?;
                (all[index].request, all[index].is_waiting) = (request, is_waiting);
                write(&mut all[index])?;
            }
        }
    }
}

fn open(poll: &Poll, address: SocketAddr, index: usize) -> Result<Connection> {
    let stream = std::net::TcpStream::connect(address).with_context(|| format!("nobody listens at {address}"))?;
    stream.set_nodelay(true)?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    poll.registry().register(&mut stream, Token(index), Interest::READABLE | Interest::WRITABLE)?;
    Ok(Connection { stream, request: Vec::new(), written: 0, reply: Reply::default(), is_waiting: false })
}

fn write(connection: &mut Connection) -> Result<()> {
    while connection.is_waiting && connection.written < connection.request.len() {
        match connection.stream.write(&connection.request[connection.written..]) {
            Ok(count) => connection.written += count,
            Err(error) if error.kind() == ErrorKind::WouldBlock => break,
            // Told again by the reading that follows.
            Err(error) if is_gone(&error) => break,
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Reads until there is nothing more for now; true when the other end closed.
fn read(connection: &mut Connection, buffer: &mut [u8], tally: &mut Tally) -> Result<bool> {
    loop {
        match connection.stream.read(buffer) {
            Ok(0) => return Ok(true),
            Ok(count) => {
                tally.bytes += count as u64;
                connection.reply.feed(&buffer[..count])?;
                if connection.reply.is_complete() {
                    tally.completed += 1;
                    tally.refused += u64::from(!matches!(connection.reply.status(), 200..=299 | 304));
                    // Nothing was asked that could come after it; should the other end close, that is an event of its own.
                    return Ok(false);
                }
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(false),
            Err(error) if is_gone(&error) => return Ok(true),
            Err(error) => return Err(error.into()),
        }
    }
}

fn is_gone(error: &std::io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::ConnectionAborted)
}
