//! TLS towards a registry: whom its certificate has to be from, what is shown to it, and what is wrong with either.
//!
//! Used by everybody who connects to a registry (roles, operators' commands, registries among themselves); the registry's own
//! listener reads its files by the same functions. Files are read once, when a [`Secure`] is made: a certificate that was
//! renewed is shown after the next start. Left out: revocation lists.

mod handshake;

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use hyper_rustls::ConfigBuilderExt;
use rustls::{
    ClientConfig, InconsistentKeys, RootCertStore,
    client::ResolvesClientCert,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem, pem::PemObject},
    sign::{CertifiedKey, SingleCertAndKey},
};
use serde::Deserialize;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

pub(crate) use self::handshake::is_cause_of;
use self::handshake::{Peer, ShowsNothing, Unheard};
use crate::{Dial, Dialing, Duplex, ServiceUrl, Tcp};

/// The client's side of TLS: files in PEM, an empty path for none.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TlsFiles {
    /// Authorities that the registry's certificate has to be from. None: those this machine trusts.
    pub ca: PathBuf,
    /// The certificate that is shown where one is asked for, with those between it and its authority.
    pub certificate: PathBuf,
    /// Its key, without a passphrase.
    pub key: PathBuf,
}

/// Files or settings that TLS cannot begin with. `setting` is the dotted path of the one to look at.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// It is not there, may not be read, or is broken PEM.
    #[error("failed to read `{}`, which `{setting}` names", path.display())]
    Read {
        setting: String,
        path: PathBuf,
        #[source]
        source: pem::Error,
    },
    /// It is not PEM, or PEM of something else.
    #[error("`{}`, which `{setting}` names, holds no {wanted} in PEM, a text that has -----BEGIN in it", path.display())]
    Empty { setting: String, path: PathBuf, wanted: &'static str },
    #[error("`{setting}` is needed: {reason}")]
    Missing { setting: String, reason: &'static str },
    #[error(
        "the key in `{}` is not that of the certificate in `{}`: `{section}.key` and `{section}.certificate` go together",
        key.display(), certificate.display()
    )]
    KeyDoesNotFit { section: &'static str, certificate: PathBuf, key: PathBuf },
    /// It was read, and is of a kind that is not spoken here.
    #[error("what `{setting}` names cannot be used")]
    Unusable {
        setting: String,
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    #[error(
        "this machine trusts no authority: `{setting}` has to name those that the registry's certificate may be from"
    )]
    NobodyTrusted {
        setting: String,
        #[source]
        source: io::Error,
    },
}

/// Connects by TLS where the address begins with `https://`, and plainly elsewhere.
#[derive(Clone)]
pub struct Secure {
    connector: TlsConnector,
    about: Arc<About>,
}

/// What an error has to tell of, besides the registry.
#[derive(Debug)]
struct About {
    section: &'static str,
    files: TlsFiles,
    shows_nothing: Arc<ShowsNothing>,
}

impl Secure {
    /// `section` is where in the configuration `files` were named, for errors.
    pub fn new(section: &'static str, files: &TlsFiles) -> Result<Self, TlsError> {
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring speaks TLS 1.2 and 1.3");
        let setting = format!("{section}.ca");
        let builder = if is_set(&files.ca) {
            builder.with_root_certificates(roots(&setting, &files.ca)?)
        } else {
            builder.with_native_roots().map_err(|source| TlsError::NobodyTrusted { setting, source })?
        };
        let shows_nothing = Arc::<ShowsNothing>::default();
        let shown: Arc<dyn ResolvesClientCert> = if is_set(&files.certificate) || is_set(&files.key) {
            identity(section, &files.certificate, &files.key)?
        } else {
            shows_nothing.clone()
        };
        let config = builder.with_client_cert_resolver(shown);
        let about = About { section, files: files.clone(), shows_nothing };
        Ok(Secure { connector: TlsConnector::from(Arc::new(config)), about: Arc::new(about) })
    }
}

impl Dial for Secure {
    fn dial<'a>(&'a self, url: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(async move {
            if !url.is_tls() {
                return Tcp.dial(url).await;
            }
            let name = ServerName::try_from(url.host().to_owned())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            let stream = TcpStream::connect(url.connect_to()).await?;
            stream.set_nodelay(true)?;
            let peer = Peer::new(url, &self.about);
            match self.connector.connect(name, stream).await {
                Ok(stream) => Ok(Box::new(Unheard::new(stream, peer)) as Box<dyn Duplex>),
                Err(error) => Err(peer.explain_handshake(error)),
            }
        })
    }
}

impl fmt::Debug for Secure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secure").field("about", &self.about).finish_non_exhaustive()
    }
}

/// The authorities in a file.
pub fn roots(setting: &str, path: &Path) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(setting, path)? {
        roots
            .add(certificate)
            .map_err(|error| TlsError::Unusable { setting: setting.to_owned(), source: error.into() })?;
    }
    Ok(roots)
}

/// A certificate with its key, for either side of TLS.
pub fn identity(section: &'static str, certificate: &Path, key: &Path) -> Result<Arc<SingleCertAndKey>, TlsError> {
    for (name, path) in [("certificate", certificate), ("key", key)] {
        if !is_set(path) {
            let setting = format!("{section}.{name}");
            return Err(TlsError::Missing { setting, reason: "a certificate is shown with its key" });
        }
    }
    let chain = certificates(&format!("{section}.certificate"), certificate)?;
    let setting = format!("{section}.key");
    let secret = PrivateKeyDer::from_pem_file(key)
        .map_err(|source| unread(&setting, key, "private key without a passphrase", source))?;
    match CertifiedKey::from_der(chain, secret, &ring::default_provider()) {
        Ok(pair) => Ok(Arc::new(SingleCertAndKey::from(pair))),
        Err(rustls::Error::InconsistentKeys(InconsistentKeys::KeyMismatch)) => {
            Err(TlsError::KeyDoesNotFit { section, certificate: certificate.to_owned(), key: key.to_owned() })
        }
        Err(error) => Err(TlsError::Unusable { setting, source: error.into() }),
    }
}

fn certificates(setting: &str, path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let unread = |source| unread(setting, path, "certificate", source);
    let certificates =
        CertificateDer::pem_file_iter(path).map_err(unread)?.collect::<Result<Vec<_>, _>>().map_err(unread)?;
    if certificates.is_empty() { Err(unread(pem::Error::NoItemsFound)) } else { Ok(certificates) }
}

fn unread(setting: &str, path: &Path, wanted: &'static str, source: pem::Error) -> TlsError {
    let (setting, path) = (setting.to_owned(), path.to_owned());
    match source {
        pem::Error::NoItemsFound => TlsError::Empty { setting, path, wanted },
        source => TlsError::Read { setting, path, source },
    }
}

fn is_set(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

#[cfg(test)]
mod tests;
