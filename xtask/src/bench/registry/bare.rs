//! A server that looks at nothing: whatever comes is read and answered with so many bytes. What it costs is what the
//! machine's kernel takes for such an answer, which no server that reads and sends once a request is under.

use std::collections::HashMap;
use std::io::{Read, Write};

use anyhow::{Result, ensure};
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};

/// Longer answers do not go out in one piece.
pub const BYTES_MAX: u64 = 32 << 10;
const LISTENER: Token = Token(0);

/// Serves on a port until it is ended, with answers of so many bytes, heads included.
pub fn serve(port: u16, bytes: usize) -> Result<()> {
    // Padded, so that the length of the body has no part in the length of the head.
    let head = |body: usize| format!("HTTP/1.1 200 OK\r\ncontent-length: {body:06}\r\n\r\n").into_bytes();
    let head_bytes = head(0).len();
    ensure!(bytes >= head_bytes, "an answer has {head_bytes} bytes or more");
    let mut answer = head(bytes - head_bytes);
    answer.resize(bytes, b' ');

    let mut poll = Poll::new()?;
    let mut events = Events::with_capacity(1024);
    let mut listener = TcpListener::bind(([127, 0, 0, 1], port).into())?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
    let mut streams = HashMap::new();
    let mut next = LISTENER.0;
    let mut received = [0; 4096];
    loop {
        poll.poll(&mut events, None)?;
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut stream, _)) = listener.accept() {
                    next += 1;
                    stream.set_nodelay(true)?;
                    poll.registry().register(&mut stream, Token(next), Interest::READABLE)?;
                    streams.insert(Token(next), stream);
                }
                continue;
            }
            let Some(stream) = streams.get_mut(&event.token()) else { continue };
            let is_open = stream.read(&mut received).is_ok_and(|count| count > 0);
            if !is_open || stream.write_all(&answer).is_err() {
                streams.remove(&event.token());
            }
        }
    }
}
