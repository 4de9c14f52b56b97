//! From a change to those who watch: how long until each of them has heard.
//!
//! One thread reads all watchers, so with ten thousand of them a part of what is measured is this program's own reading.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream as Blocking};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};

use super::fleet::Fleet;
use super::process::Server;

const HEARD_MAX: Duration = Duration::from_secs(20);
/// Ten thousand connections are not made in a moment.
const THERE_MAX: Duration = Duration::from_mins(2);

/// Delays of all watchers over all changes.
#[derive(Debug)]
pub struct Heard {
    /// Sorted.
    all: Vec<Duration>,
    /// The time until the last watcher had heard, of each change.
    pub last: Vec<Duration>,
}

impl Heard {
    /// The delay within which this share heard, in milliseconds.
    pub fn at(&self, share: f64) -> f64 {
        let place = ((self.all.len() as f64 * share).ceil() as usize).clamp(1, self.all.len()) - 1;
        self.all[place].as_secs_f64() * 1000.0
    }
}

struct Watcher {
    stream: TcpStream,
    /// The end of what was read, in which a mark may have begun.
    tail: Vec<u8>,
    has_heard: bool,
    /// Its watch has begun.
    is_there: bool,
}

/// Lets so many watch, and makes changes with a pause before each.
pub fn run(server: &Server, fleet: Fleet, watchers: usize, changes: u32, pause: Duration) -> Result<Heard> {
    let since = revision(server)?;
    let poll = Poll::new()?;
    let mut all = (0..watchers).map(|index| open(&poll, server.address, index, &since)).collect::<Result<Vec<_>>>()?;
    let mut reader = Reader { poll, events: Events::with_capacity(4096), buffer: vec![0; 256 << 10] };
    reader.until_there(&mut all)?;
    let mut heard = Heard { all: Vec::new(), last: Vec::new() };
    for change in 0..changes {
        reader.read_for(&mut all, pause)?;
        for watcher in &mut all {
            watcher.has_heard = false;
        }
        // Another one each time: a value that is there already is no change.
        let mark = format!("heard-by-{watchers}-{change}.");
        let (app, id) = fleet.name(u64::from(change));
        let started = Instant::now();
        // Not waited for: a watcher may hear before the one who made the change has the answer.
        let mut asking = Blocking::connect(server.address)?;
        write!(
            asking,
            "PUT /eureka/apps/{app}/{id}/metadata?mark={mark} HTTP/1.1\r\nhost: registry\r\ncontent-length: 0\r\n\r\n"
        )?;
        let delays = reader.until_heard(&mut all, mark.as_bytes(), started)?;
        heard.last.push(*delays.last().context("nobody watches")?);
        heard.all.extend(delays);
    }
    heard.all.sort_unstable();
    Ok(heard)
}

/// Where the watch stands: from the id of its first event.
fn revision(server: &Server) -> Result<String> {
    let mut stream = Blocking::connect(server.address)?;
    write!(stream, "GET /eureka/watch?app=NOBODY HTTP/1.1\r\nhost: registry\r\n\r\n")?;
    let mut text = String::new();
    let mut buffer = [0; 4096];
    loop {
        let count = stream.read(&mut buffer)?;
        if count == 0 {
            bail!("the watch ended before its first event: {text}");
        }
        text.push_str(&String::from_utf8_lossy(&buffer[..count]));
        if let Some((_, rest)) = text.split_once("\nid: ")
            && let Some((id, _)) = rest.split_once('\n')
        {
            return Ok(id.trim().to_owned());
        }
    }
}

fn open(poll: &Poll, address: SocketAddr, index: usize, since: &str) -> Result<Watcher> {
    let mut stream = Blocking::connect(address).with_context(|| format!("watcher {index}"))?;
    write!(stream, "GET /eureka/watch?since={since} HTTP/1.1\r\nhost: registry\r\n\r\n")?;
    stream.set_nonblocking(true)?;
    let mut stream = TcpStream::from_std(stream);
    poll.registry().register(&mut stream, Token(index), Interest::READABLE)?;
    Ok(Watcher { stream, tail: Vec::new(), has_heard: false, is_there: false })
}

struct Reader {
    poll: Poll,
    events: Events,
    buffer: Vec<u8>,
}

impl Reader {
    /// Reads what comes for a while.
    fn read_for(&mut self, all: &mut [Watcher], time: Duration) -> Result<()> {
        let until = Instant::now() + time;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            self.turn(all, left, &mut |_, _| {})?;
        }
        Ok(())
    }

    /// Reads until every watch has been answered.
    fn until_there(&mut self, all: &mut [Watcher]) -> Result<()> {
        let (started, mut there) = (Instant::now(), 0);
        while there < all.len() {
            if started.elapsed() > THERE_MAX {
                bail!("only {there} of {} watches began", all.len());
            }
            self.turn(all, Duration::from_millis(100), &mut |watcher, _| {
                there += usize::from(!std::mem::replace(&mut watcher.is_there, true));
            })?;
        }
        Ok(())
    }

    /// Reads until everybody was told of the mark; the delays since `started`, the last one at the end.
    fn until_heard(&mut self, all: &mut [Watcher], mark: &[u8], started: Instant) -> Result<Vec<Duration>> {
        let mut delays = Vec::with_capacity(all.len());
        while delays.len() < all.len() {
            if started.elapsed() > HEARD_MAX {
                bail!("{} of {} watchers did not hear of a change", all.len() - delays.len(), all.len());
            }
            self.turn(all, Duration::from_millis(100), &mut |watcher, bytes| {
                watcher.tail.extend_from_slice(bytes);
                if !watcher.has_heard && watcher.tail.windows(mark.len()).any(|window| window == mark) {
                    watcher.has_heard = true;
                    delays.push(started.elapsed());
                }
                let kept = watcher.tail.len().min(mark.len());
                watcher.tail.drain(..watcher.tail.len() - kept);
            })?;
        }
        Ok(delays)
    }

    fn turn(&mut self, all: &mut [Watcher], wait: Duration, take: &mut dyn FnMut(&mut Watcher, &[u8])) -> Result<()> {
        self.poll.poll(&mut self.events, Some(wait))?;
        for event in &self.events {
            let watcher = &mut all[event.token().0];
            loop {
                match watcher.stream.read(&mut self.buffer) {
                    Ok(0) => bail!("the registry closed a watch"),
                    Ok(count) => take(watcher, &self.buffer[..count]),
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Ok(())
    }
}
