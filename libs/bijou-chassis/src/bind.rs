//! Taking an address, alone.
//!
//! Without `SO_REUSEPORT`: with it, a second process on the same port would silently get half of the traffic.
//! `SO_REUSEADDR` is set, so that a restart does not wait for the last connections' TIME_WAIT; on Linux it lets nobody
//! share a port that is being listened on.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

use crate::ChassisError;

/// Connections that wait to be accepted. More than this and clients see a slow connect, not a refused one.
const BACKLOG: i32 = 1024;

/// Binds and listens, non-blocking. `setting` is the dotted path that would change the address, for the error.
pub fn bind(addr: SocketAddr, setting: &str) -> Result<TcpListener, ChassisError> {
    listen(addr).map_err(|source| match source.kind() {
        ErrorKind::AddrInUse => ChassisError::AddressInUse { addr, setting: setting.to_owned() },
        _ => ChassisError::Listen { addr, source },
    })
}

fn listen(addr: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&addr.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_in_use_names_the_setting_to_change() {
        let first = bind(SocketAddr::from(([127, 0, 0, 1], 0)), "catalog.listen").expect("any port");
        let addr = first.local_addr().expect("bound");
        let error = bind(addr, "catalog.listen").expect_err("taken").to_string();
        assert!(error.contains(&addr.to_string()) && error.contains("`catalog.listen`"), "{error}");
    }
}
