//! TLS, both ways: a listener of its own beside the plain one, and connections to peers and regions whose address is
//! `https://`. Client certificates name callers; whose certificate is no caller's is anonymous.
//!
//! Files are read at the start. Left out: reading them again while running (a restart forgets nobody), revocation lists,
//! trust in the system's authorities (who may be spoken to is a decision, not a default), and the common name, which
//! nobody has to look at since RFC 6125.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use bijou_eureka::{Dial, Dialing, Duplex, ServiceUrl, Tcp};
use rustls::{
    ClientConfig, ConfigBuilder, RootCertStore, ServerConfig, WantsVerifier,
    crypto::ring,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem, pem::PemObject},
    server::WebPkiClientVerifier,
};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use crate::settings::{self, Settings};

#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    #[error("failed to read `{}`, which `registry.tls.{setting}` names", path.display())]
    Read {
        setting: &'static str,
        path: PathBuf,
        #[source]
        source: pem::Error,
    },
    #[error("`{}`, which `registry.tls.{setting}` names, holds no certificate", path.display())]
    Empty { setting: &'static str, path: PathBuf },
    #[error("`registry.tls.{setting}` is needed: {reason}")]
    Missing { setting: &'static str, reason: &'static str },
    #[error("the certificates in `registry.tls` cannot be used")]
    Unusable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What accepts connections; `None` where no TLS listener is wanted.
pub fn acceptor(settings: &settings::Tls) -> Result<Option<TlsAcceptor>, TlsError> {
    if settings.listen.is_none() {
        return Ok(None);
    }
    let provider = Arc::new(ring::default_provider());
    let builder = versions(ServerConfig::builder_with_provider(Arc::clone(&provider)))?;
    let builder = if is_set(&settings.client_ca) {
        let roots = Arc::new(roots("client_ca", &settings.client_ca)?);
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
        let verifier = if settings.client_required { verifier } else { verifier.allow_unauthenticated() };
        builder.with_client_cert_verifier(verifier.build().map_err(unusable)?)
    } else if settings.client_required {
        return Err(TlsError::Missing { setting: "client_ca", reason: "`registry.tls.client_required` is set" });
    } else {
        builder.with_no_client_auth()
    };
    let (chain, key) = own(settings)?;
    let mut config = builder.with_single_cert(chain, key).map_err(unusable)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// What connects to peers and regions: plain, and by TLS where the address says so.
pub fn dialer(settings: &Settings) -> Result<Arc<dyn Dial>, TlsError> {
    let tls = &settings.tls;
    if !is_set(&tls.ca) {
        let regions = settings.regions.iter().map(|region| &region.url);
        let mut urls = settings.peers.urls.iter().chain([&settings.peers.dns]).chain(regions);
        if urls.any(|url| url.trim_start().starts_with("https://")) {
            return Err(TlsError::Missing { setting: "ca", reason: "a peer or a region has an address with https" });
        }
        return Ok(Arc::new(Tcp));
    }
    let builder = versions(ClientConfig::builder_with_provider(Arc::new(ring::default_provider())))?;
    let builder = builder.with_root_certificates(roots("ca", &tls.ca)?);
    let config = if is_set(&tls.certificate) {
        let (chain, key) = own(tls)?;
        builder.with_client_auth_cert(chain, key).map_err(unusable)?
    } else {
        builder.with_no_client_auth()
    };
    Ok(Arc::new(Secure { connector: TlsConnector::from(Arc::new(config)) }))
}

/// The DNS names and URIs of a certificate that was checked already.
pub fn names_in(certificates: Option<&[CertificateDer<'_>]>) -> Arc<[String]> {
    let Some(certificate) = certificates.and_then(<[_]>::first) else { return Arc::default() };
    let Ok(certificate) = webpki::EndEntityCert::try_from(certificate) else { return Arc::default() };
    certificate.valid_dns_names().chain(certificate.valid_uri_names()).map(str::to_owned).collect()
}

fn is_set(path: &Path) -> bool {
    !path.as_os_str().is_empty()
}

fn versions<S: rustls::ConfigSide>(
    builder: ConfigBuilder<S, rustls::WantsVersions>,
) -> Result<ConfigBuilder<S, WantsVerifier>, TlsError> {
    builder.with_safe_default_protocol_versions().map_err(unusable)
}

fn own(settings: &settings::Tls) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), TlsError> {
    for (setting, path) in [("certificate", &settings.certificate), ("key", &settings.key)] {
        if !is_set(path) {
            return Err(TlsError::Missing { setting, reason: "a certificate is shown with its key" });
        }
    }
    let chain = certificates("certificate", &settings.certificate)?;
    let read = |source| TlsError::Read { setting: "key", path: settings.key.clone(), source };
    let key = PrivateKeyDer::from_pem_file(&settings.key).map_err(read)?;
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
    let certificates =
        CertificateDer::pem_file_iter(path).map_err(read)?.collect::<Result<Vec<_>, _>>().map_err(read)?;
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

impl fmt::Debug for Secure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secure").finish_non_exhaustive()
    }
}
