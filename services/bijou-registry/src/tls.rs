//! TLS, both ways: a listener of its own beside the plain one, and connections to peers and regions whose address is
//! `https://`. Client certificates name callers; whose certificate is no caller's is anonymous.
//!
//! Files are read at the start, by the functions that roles and commands read theirs by ([`bijou_eureka::tls`]). Left out:
//! reading them again while running (a restart forgets nobody), revocation lists, trust in the system's authorities (which
//! registries may be spoken to is a decision, not a default), and the common name, which nobody has to look at since RFC 6125.

use std::{path::Path, sync::Arc};

use bijou_eureka::{
    Dial, Tcp,
    tls::{self, Secure, TlsError, TlsFiles},
};
use rustls::{ServerConfig, crypto::ring, pki_types::CertificateDer, server::WebPkiClientVerifier};
use tokio_rustls::TlsAcceptor;

use crate::settings::{self, Settings};

/// Where the settings are.
const SECTION: &str = "registry.tls";

/// What accepts connections; `None` where no TLS listener is wanted.
pub fn acceptor(settings: &settings::Tls) -> Result<Option<TlsAcceptor>, TlsError> {
    if settings.listen.is_none() {
        return Ok(None);
    }
    let provider = Arc::new(ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("ring speaks TLS 1.2 and 1.3");
    let setting = format!("{SECTION}.client_ca");
    let builder = if is_set(&settings.client_ca) {
        let roots = Arc::new(tls::roots(&setting, &settings.client_ca)?);
        let verifier = WebPkiClientVerifier::builder_with_provider(roots, provider);
        let verifier = if settings.client_required { verifier } else { verifier.allow_unauthenticated() };
        let verifier = verifier.build().map_err(|error| TlsError::Unusable { setting, source: error.into() })?;
        builder.with_client_cert_verifier(verifier)
    } else if settings.client_required {
        return Err(TlsError::Missing { setting, reason: "`registry.tls.client_required` is set" });
    } else {
        builder.with_no_client_auth()
    };
    let mut config = builder.with_cert_resolver(tls::identity(SECTION, &settings.certificate, &settings.key)?);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Some(TlsAcceptor::from(Arc::new(config))))
}

/// What connects to peers and regions: plain, and by TLS where the address says so.
pub fn dialer(settings: &Settings) -> Result<Arc<dyn Dial>, TlsError> {
    let tls = &settings.tls;
    if is_set(&tls.ca) {
        let files = TlsFiles { ca: tls.ca.clone(), certificate: tls.certificate.clone(), key: tls.key.clone() };
        return Ok(Arc::new(Secure::new(SECTION, &files)?));
    }
    let regions = settings.regions.iter().map(|region| &region.url);
    let mut urls = settings.peers.urls.iter().chain([&settings.peers.dns]).chain(regions);
    if urls.any(|url| url.trim_start().starts_with("https://")) {
        let setting = format!("{SECTION}.ca");
        return Err(TlsError::Missing { setting, reason: "a peer or a region has an address with https" });
    }
    Ok(Arc::new(Tcp))
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
