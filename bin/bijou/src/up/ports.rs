//! The addresses people and roles must know: gateway, registry, operator.
//!
//! Each is tried before anything starts, so that a port in use is one clear line and not a child that keeps falling
//! over. Port 0 is resolved here, once per run: a role that is started again must come back where it was.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};
use std::ops::Range;

use anyhow::{Result, bail};
use bijou_config::Layered;
use rand::RngExt;

use crate::config;

/// Ports that no system gives to whoever asks for any, nor to the near end of a connection (Linux begins at 32768, others
/// higher). What is chosen here is let go again until the role that was meant listens there; of the others, some role or
/// connection would take one in a few hundred starts.
const LASTING: Range<u16> = 20_000..32_768;
/// As many in a row that are all in use mean that something else is the matter.
const TRIES_MAX: usize = 32;

#[derive(Clone, Debug)]
pub struct Ports {
    pub gateway: SocketAddr,
    pub registry: SocketAddr,
    pub operator: SocketAddr,
}

impl Ports {
    pub fn choose(settings: &Layered) -> Result<Self> {
        // Held until all are chosen: three times port 0 must not be one port.
        let (gateway, _gateway) = free(settings, "gateway.listen")?;
        let (registry, _registry) = free(settings, "registry.listen")?;
        let (operator, _operator) = free(settings, "console.operator_listen")?;
        Ok(Self { gateway, registry, operator })
    }
}

/// For port 0, one of those that stay free until it is listened on.
fn lasting(asked: SocketAddr) -> Option<(SocketAddr, TcpListener)> {
    if asked.port() != 0 {
        return None;
    }
    (0..TRIES_MAX).find_map(|_| {
        let address = SocketAddr::new(asked.ip(), rand::rng().random_range(LASTING));
        TcpListener::bind(address).ok().map(|listener| (address, listener))
    })
}

/// The address, and the socket that proves it free. The standard library binds with SO_REUSEADDR but never with
/// SO_REUSEPORT, under which a second program would share the port without an error.
fn free(settings: &Layered, path: &str) -> Result<(SocketAddr, TcpListener)> {
    let asked = config::address(settings, path)?;
    if let Some(chosen) = lasting(asked) {
        return Ok(chosen);
    }
    match TcpListener::bind(asked) {
        Ok(listener) => Ok((listener.local_addr()?, listener)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => bail!(
            "{asked} is in use: stop what listens there (`ss -ltnp 'sport = :{}'` shows it), or set {}=127.0.0.1:0 \
             for a free port",
            asked.port(),
            config::variable_name(path),
        ),
        Err(error) => bail!("cannot listen on {asked} (`{path}`): {error}"),
    }
}
