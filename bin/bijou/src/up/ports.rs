//! The addresses people and roles must know: gateway, registry, operator.
//!
//! Each is tried before anything starts, so that a port in use is one clear line and not a child that keeps falling
//! over. Port 0 is resolved here, once per run: a role that is started again must come back where it was.

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use anyhow::{Result, bail};
use bijou_config::Layered;

use crate::config;

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

/// The address, and the socket that proves it free. The standard library binds with SO_REUSEADDR but never with
/// SO_REUSEPORT, under which a second program would share the port without an error.
fn free(settings: &Layered, path: &str) -> Result<(SocketAddr, TcpListener)> {
    let asked = config::address(settings, path)?;
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
