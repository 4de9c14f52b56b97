//! Taking the public address: alone, and then once per worker.
//!
//! With `SO_REUSEPORT` from the start, a second program on the same port would bind without an error and silently get a
//! share of the traffic. So the first socket is bound *without* it, which fails when anybody else has the address; only
//! then is the option set, and the other workers' sockets join it. From the first bind on the address is held, so
//! nobody can slip in between; and another program that binds without the option fails as it should.

use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpListener};

use socket2::{Domain, Protocol, Socket, Type};

/// Connections the kernel keeps for a worker until it accepts them.
const BACKLOG: i32 = 1024;

/// The address could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    #[error("`{setting}` is {addr}, which another program uses: stop that one or choose another address")]
    InUse { addr: SocketAddr, setting: &'static str },
    #[error("cannot listen on {addr} (`{setting}`)")]
    Other {
        addr: SocketAddr,
        setting: &'static str,
        #[source]
        source: io::Error,
    },
}

/// Sockets for `count` workers on one address; port 0 gives all of them the same free port.
pub(crate) fn bind(addr: SocketAddr, count: usize, setting: &'static str) -> Result<Vec<TcpListener>, ListenError> {
    let failed = |source: io::Error| match source.kind() {
        ErrorKind::AddrInUse => ListenError::InUse { addr, setting },
        _ => ListenError::Other { addr, setting, source },
    };
    let first = socket(addr).map_err(failed)?;
    first.bind(&addr.into()).map_err(failed)?;
    first.set_reuse_port(true).map_err(failed)?;
    let bound = first.local_addr().map_err(failed)?;
    let mut sockets = vec![first];
    for _ in 1..count {
        let another = socket(addr).map_err(failed)?;
        another.set_reuse_port(true).map_err(failed)?;
        another.bind(&bound).map_err(failed)?;
        sockets.push(another);
    }
    for socket in &sockets {
        socket.listen(BACKLOG).map_err(failed)?;
    }
    Ok(sockets.into_iter().map(TcpListener::from).collect())
}

fn socket(addr: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(addr), Type::STREAM, Some(Protocol::TCP))?;
    // A restart must not wait for the last connections' TIME_WAIT. On Linux this lets nobody share a listening port.
    socket.set_reuse_address(true)?;
    socket.set_nonblocking(true)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 0);

    #[test]
    fn all_workers_share_one_port() {
        let listeners = bind(ANY, 3, "gateway.listen").expect("a free port");
        let ports: Vec<_> = listeners.iter().map(|listener| listener.local_addr().expect("bound").port()).collect();
        assert!(ports.iter().all(|&port| port == ports[0] && port != 0), "{ports:?}");
    }

    #[test]
    fn a_used_address_is_an_error_that_says_so_whoever_uses_it() {
        let held = bind(ANY, 2, "gateway.listen").expect("a free port");
        let addr = held[0].local_addr().expect("bound");
        assert!(matches!(bind(addr, 2, "gateway.listen"), Err(ListenError::InUse { .. })), "a second gateway");
        assert!(TcpListener::bind(addr).is_err(), "any other program");
        let other = TcpListener::bind(ANY).expect("a free port");
        let error = bind(other.local_addr().expect("bound"), 2, "gateway.listen").expect_err("taken").to_string();
        assert!(error.contains("`gateway.listen`"), "{error}");
    }
}
