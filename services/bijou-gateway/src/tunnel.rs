//! A WebSocket after both sides agreed: bytes in both directions until one side ends or nothing is said for too long.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::link::{Link, Tunnel};

/// Bytes moved at a time in each direction.
const PIECE_BYTES: usize = 16 * 1024;
/// How often a tunnel looks whether it should end.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Moves bytes until either side closes, nothing moved for `idle_max`, or the gateway stops.
pub(crate) async fn relay(
    mut client: TcpStream,
    early_from_client: &[u8],
    mut tunnel: Tunnel,
    idle_max: Duration,
    link: &Rc<Link>,
) {
    let early = async {
        tunnel.origin.write_all(early_from_client).await?;
        client.write_all(&tunnel.early).await
    };
    if early.await.is_err() {
        return;
    }
    let last = Cell::new(Instant::now());
    let (mut client_in, mut client_out) = client.split();
    let (mut origin_in, mut origin_out) = tunnel.origin.split();
    let both = async {
        tokio::join!(pump(&mut client_in, &mut origin_out, &last), pump(&mut origin_in, &mut client_out, &last))
    };
    let watch = async {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            if last.get().elapsed() > idle_max || link.is_killed() || link.is_closing() {
                return;
            }
        }
    };
    tokio::select! {
        _ = both => {}
        () = watch => {}
    }
}

/// One direction. An end is passed on, so that the other side can still say its last words.
async fn pump(
    from: &mut (impl AsyncReadExt + Unpin),
    to: &mut (impl AsyncWriteExt + Unpin),
    last: &Cell<Instant>,
) -> io::Result<()> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        let len = from.read(&mut piece).await?;
        if len == 0 {
            return to.shutdown().await;
        }
        to.write_all(&piece[..len]).await?;
        last.set(Instant::now());
    }
}
