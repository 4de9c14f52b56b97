//! TLS, both ways: a listener of its own beside the plain one, and connections to peers and regions whose address is
//! `https://`. Client certificates name callers; whose certificate nobody knows is anonymous.
//!
//! Files are read at the start. Left out: reading them again while running (a restart forgets nobody), revocation lists,
//! and trust in the system's authorities: who may be spoken to is a decision, not a default.

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bijou_eureka::{Dial, Dialing, Duplex, ServiceUrl, Tcp};
use rustls::{
    ClientConfig, RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::settings;

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("failed to read `{}`, which `registry.tls.{setting}` names", path.display())]
    Read {
        setting: &'static str,
        path: PathBuf,
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    #[error("`{}`, which `registry.tls.{setting}` names, holds no certificate", path.display())]
    Empty { setting: &'static str, path: PathBuf },
    #[error("`registry.tls.{setting}` is needed for that")]
    Missing { setting: &'static str },
    #[error("the certificates in `registry.tls` cannot be used")]
    Unusable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What accepts connections; `None` where no TLS listener is wanted.
pub fn acceptor(settings: &settings::Tls) -> Result<Option<TlsAcceptor>, TlsError> {
    if settings.listen.is_none() {
        return Ok(None);
    }
    let builder = ServerConfig::builder();
    let builder = if settings.client_ca.as_os_str().is_empty() {
        builder.with_no_client_auth()
    } else {
        let roots = Arc::new(roots("client_ca", &settings.client_ca)?);
        let verifier = WebPkiClientVerifier::builder(roots);
        let verifier = if settings.client_required { verifier } else { verifier.allow_unauthenticated() };
        builder.with_client_cert_verifier(verifier.build().map_err(unusable)?)
    };
    let (chain, key) = own(settings)?;
    let mut config = builder.with_single_cert(chain, key).map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// What connects to peers and regions: plain, and by TLS where an authority is named.
pub fn dialer(settings: &settings::Tls) -> Result<Arc<dyn Dial>, TlsError> {
    if settings.ca.as_os_str().is_empty() {
        return Ok(Arc::new(Tcp));
    }
    let builder = ClientConfig::builder().with_root_certificates(roots("ca", &settings.ca)?);
    let config = if settings.certificate.as_os_str().is_empty() {
        builder.with_no_client_auth()
    } else {
        let (chain, key) = own(settings)?;
        builder.with_client_auth_cert(chain, key).map_err(unusable)?
    };
    Ok(Arc::new(Secure { connector: TlsConnector::from(Arc::new(config)) }))
}

/// The first DNS name of a certificate that was checked already.
pub fn name_in(certificates: Option<&[CertificateDer<'_>]>) -> Option<Arc<str>> {
    let end = webpki::EndEntityCert::try_from(certificates?.first()?).ok()?;
    end.valid_dns_names().next().map(Into::into)
}

fn own(settings: &settings::Tls) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
    for (setting, path) in [("certificate", &settings.certificate), ("key", &settings.key)] {
        if path.as_os_str().is_empty() {
            return Err(TlsError::Missing { setting });
        }
    }
    let chain = certificates("certificate", &settings.certificate)?;
    let key = PrivateKeyDer::from_pem_file(&settings.key).map_err(|source| TlsError::Read {
        setting: "key",
        path: settings.key.clone(),
        source,
    })?;
    Ok((chain, key))
}

fn roots(setting: &'static str, path: &Path) -> Result<RootCertStore, TlsError> {
    let mut roots = RootCertStore::empty();
    for certificate in certificates(setting, path)? {
        roots.add(certificate).map_err(unusable)?;
    }
    Ok(roots)
}

fn certificates(setting: &'static str, path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let read = |source| TlsError::Read { setting, path: path.to_owned(), source };
    let certificates = CertificateDer::pem_file_iter(path).map_err(read)?.collect::<Result<Vec<_>, _>>().map_err(read)?;
    if certificates.is_empty() {
        return Err(TlsError::Empty { setting, path: path.to_owned() });
    }
    Ok(certificates)
}

fn unusable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> TlsError {
    TlsError::Unusable(error.into())
}

/// Plain or TLS, as the address says.
struct Secure {
    connector: TlsConnector,
}

impl Dial for Secure {
    fn dial<'a>(&'a self, url: &'a ServiceUrl) -> Dialing<'a> {
        Box::pin(async move {
            if !url.is_tls() {
                return Tcp.dial(url).await;
            }
            let name = ServerName::try_from(url.host().to_owned())
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
            let stream = tokio::net::TcpStream::connect(url.connect_to()).await?;
            stream.set_nodelay(true)?;
            Ok(Box::new(self.connector.connect(name, stream).await?) as Box<dyn Duplex>)
        })
    }
}

impl std::fmt::Debug for Secure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Secure").finish_non_exhaustive()
    }
}
