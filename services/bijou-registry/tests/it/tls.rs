//! TLS: who is let in, as whom, and registries that speak it among themselves.

mod clients;

use std::{fs, net::SocketAddr, path::PathBuf, sync::Arc};

use bijou_registry::{Access, AccessRule, Caller, Peers, Region, Right, Settings, Tls};
use bytes::Bytes;
use http::{Method, Request};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, SanType};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject},
};
use tempfile::TempDir;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use crate::support::{PATIENCE, Site, registration};

/// An authority and the files of those it vouches for.
struct Authority {
    folder: TempDir,
    issuer: Certificate,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, "tests");
        let issuer = Certificate::from_params(params).unwrap();
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("ca.pem"), issuer.serialize_pem().unwrap()).unwrap();
        Authority { folder, issuer }
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    /// Writes `NAME.pem` and `NAME.key.pem`.
    fn vouch(&self, name: &str, names: Vec<SanType>) {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, "not-looked-at");
        params.subject_alt_names = names;
        let certificate = Certificate::from_params(params).unwrap();
        let signed = certificate.serialize_pem_with_signer(&self.issuer).unwrap();
        fs::write(self.path(&format!("{name}.pem")), signed).unwrap();
        fs::write(self.path(&format!("{name}.key.pem")), certificate.serialize_private_key_pem()).unwrap();
    }

    /// A registry's own settings, which shows `name`'s certificate.
    fn tls(&self, name: &str) -> Tls {
        Tls {
            listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
            certificate: self.path(&format!("{name}.pem")),
            key: self.path(&format!("{name}.key.pem")),
            client_ca: self.path("ca.pem"),
            client_required: false,
            ca: self.path("ca.pem"),
        }
    }

    /// What one sends who shows `name`'s certificate, or none; `None` where no answer comes.
    async fn ask(&self, site: &Site, name: Option<&str>, method: Method, path: &str, body: Bytes) -> Option<u16> {
        timeout(PATIENCE, self.exchange(site, name, method, path, body)).await.unwrap()
    }

    async fn exchange(&self, site: &Site, name: Option<&str>, method: Method, path: &str, body: Bytes) -> Option<u16> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path("ca.pem")).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        let builder = builder.with_root_certificates(roots);
        let config = match name {
            None => builder.with_no_client_auth(),
            Some(name) => {
                let chain = vec![CertificateDer::from_pem_file(self.path(&format!("{name}.pem"))).unwrap()];
                let key = PrivateKeyDer::from_pem_file(self.path(&format!("{name}.key.pem"))).unwrap();
                builder.with_client_auth_cert(chain, key).unwrap()
            }
        };
        let stream = TcpStream::connect(site.tls_addr.unwrap()).await.unwrap();
        let server = ServerName::try_from("127.0.0.1").unwrap();
        let stream = TlsConnector::from(Arc::new(config)).connect(server, stream).await.ok()?;
        let (mut sender, driver) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.ok()?;
        tokio::spawn(driver);
        let request = Request::builder().method(method).uri(path).header("host", "test");
        let request = request.header("content-type", "application/json").body(Full::new(body)).unwrap();
        Some(sender.send_request(request).await.ok()?.status().as_u16())
    }

    async fn register(&self, site: &Site, name: Option<&str>, app: &str) -> Option<u16> {
        let body = registration(app, "a", 8080, 90, 1_790_000_000_000);
        self.ask(site, name, Method::POST, &format!("/eureka/apps/{app}"), body).await
    }
}

fn dns(name: &str) -> SanType {
    SanType::DnsName(name.to_owned())
}

fn here() -> SanType {
    SanType::IpAddress(std::net::Ipv4Addr::LOCALHOST.into())
}

fn certified(name: &str, certificate: &str) -> Caller {
    Caller { name: name.to_owned(), certificate: certificate.to_owned(), ..Caller::default() }
}

fn rule(caller: &str, may: &[Right], app: &str) -> AccessRule {
    AccessRule { callers: vec![caller.to_owned()], may: may.to_vec(), apps: vec![app.to_owned()] }
}

/// Everybody reads; `orders` and `basket`, known by their certificates, register their own.
fn guarded() -> Access {
    Access {
        callers: vec![certified("orders", "orders.test"), certified("basket", "spiffe://test/basket")],
        rules: vec![
            rule("*", &[Right::Read], "*"),
            rule("orders", &[Right::Register], "ORDERS"),
            rule("basket", &[Right::Register], "BASKET"),
        ],
    }
}

fn authority() -> Authority {
    let authority = Authority::new();
    authority.vouch("registry", vec![here(), dns("registry.test")]);
    authority.vouch("orders", vec![dns("orders.test")]);
    authority.vouch("basket", vec![SanType::URI("spiffe://test/basket".to_owned())]);
    authority.vouch("other", vec![dns("other.test")]);
    authority
}

#[tokio::test]
async fn a_client_certificate_names_a_caller_and_whoever_shows_none_is_anonymous() {
    let authority = authority();
    let site =
        Site::start_with(Settings { tls: authority.tls("registry"), access: guarded(), ..Settings::default() }, 0);
    assert_eq!(authority.register(&site, Some("orders"), "ORDERS").await, Some(204));
    assert_eq!(authority.register(&site, Some("orders"), "BASKET").await, Some(403));
    assert_eq!(authority.register(&site, Some("basket"), "BASKET").await, Some(204));
    assert_eq!(authority.register(&site, Some("other"), "ORDERS").await, Some(401));
    assert_eq!(authority.register(&site, None, "ORDERS").await, Some(401));
    assert_eq!(authority.ask(&site, None, Method::GET, "/eureka/apps", Bytes::new()).await, Some(200));
    // The plain listener is there as ever, and knows nobody by a certificate.
    assert_eq!(site.get("/eureka/apps/ORDERS/a").await.status, 200);
    let body = registration("ORDERS", "b", 8080, 90, 1_790_000_000_000);
    assert_eq!(site.send(Method::POST, "/eureka/apps/ORDERS", http::HeaderMap::new(), body).await.status, 401);
}

#[tokio::test]
async fn a_certificate_of_an_unknown_authority_is_turned_away_and_none_where_one_is_required() {
    let (ours, theirs) = (authority(), authority());
    let settings = |client_required| Settings {
        tls: Tls { client_required, ..ours.tls("registry") },
        access: guarded(),
        ..Settings::default()
    };
    // They trust this server, and show what their own authority vouches for.
    fs::copy(ours.path("ca.pem"), theirs.path("ca.pem")).unwrap();
    let site = Site::start_with(settings(false), 0);
    assert_eq!(theirs.register(&site, Some("orders"), "ORDERS").await, None);
    let strict = Site::start_with(settings(true), 0);
    assert_eq!(ours.ask(&strict, None, Method::GET, "/eureka/apps", Bytes::new()).await, None);
    assert_eq!(ours.register(&strict, Some("orders"), "ORDERS").await, Some(204));
}

#[tokio::test]
async fn somebody_who_never_agrees_on_tls_does_not_hold_up_the_others() {
    let authority = authority();
    let settings = Settings { tls: authority.tls("registry"), ..Settings::default() };
    let site = Site::start_with(settings, 0);
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(site.tls_addr.unwrap()).await.unwrap());
    }
    assert_eq!(authority.register(&site, None, "ORDERS").await, Some(204));
}

#[tokio::test]
async fn registries_replicate_and_read_regions_by_tls_with_their_certificates() {
    let authority = authority();
    authority.vouch("second", vec![here(), dns("registry-2.test")]);
    let access = Access {
        callers: vec![certified("registry-2", "registry-2.test")],
        rules: vec![rule("*", &[Right::Read, Right::Register], "*"), rule("registry-2", &[Right::Replicate], "*")],
    };
    let first = Site::start_with(Settings { tls: authority.tls("registry"), access, ..Settings::default() }, 0);
    let url = format!("https://{}/eureka", first.tls_addr.unwrap());
    let second = Site::start_with(
        Settings {
            tls: authority.tls("second"),
            peers: Peers { urls: vec![url.clone()], ..Peers::default() },
            ..Settings::default()
        },
        0,
    );
    let region = Region { name: "elsewhere".to_owned(), url, apps: Vec::new() };
    let reader =
        Site::start_with(Settings { tls: authority.tls("second"), regions: vec![region], ..Settings::default() }, 0);
    second.register("ORDERS", "a", 90).await;
    let arrives = async {
        while first.get("/eureka/apps/ORDERS/a").await.status != 200
            || reader.get("/eureka/apps/ORDERS").await.status != 200
        {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, arrives).await.expect("told by TLS");
}

#[tokio::test]
async fn a_peer_whose_certificate_is_of_an_unknown_authority_is_told_nothing() {
    let (ours, theirs) = (authority(), authority());
    let first = Site::start_with(Settings { tls: theirs.tls("registry"), ..Settings::default() }, 0);
    let url = format!("https://{}/eureka", first.tls_addr.unwrap());
    let peers = Peers { urls: vec![url], ..Peers::default() };
    let second = Site::start_with(Settings { tls: ours.tls("registry"), peers, ..Settings::default() }, 0);
    let down = async {
        loop {
            let report = bijou_eureka::RegistryClient::new(&second.url).unwrap().leases().await.unwrap();
            if report.peers[0].state == "down" {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, down).await.expect("not trusted");
    second.register("ORDERS", "a", 90).await;
    assert_eq!(first.get("/eureka/apps/ORDERS/a").await.status, 404);
}

#[tokio::test]
async fn settings_that_cannot_be_meant_so_are_refused_by_name() {
    let authority = authority();
    let tls = || authority.tls("registry");
    let peer = |url: &str| Peers { urls: vec![url.to_owned()], ..Peers::default() };
    fs::write(authority.path("empty.pem"), "").unwrap();
    let cases = [
        (Settings { tls: Tls { key: PathBuf::new(), ..tls() }, ..Settings::default() }, "tls.key"),
        (Settings { tls: Tls { key: authority.path("none.pem"), ..tls() }, ..Settings::default() }, "none.pem"),
        (Settings { tls: Tls { ca: authority.path("empty.pem"), ..tls() }, ..Settings::default() }, "empty.pem"),
        (Settings { tls: Tls { key: authority.path("other.key.pem"), ..tls() }, ..Settings::default() }, "go together"),
        (
            Settings { tls: Tls { client_required: true, client_ca: PathBuf::new(), ..tls() }, ..Settings::default() },
            "tls.client_ca",
        ),
        (Settings { peers: peer("https://registry.test/eureka"), ..Settings::default() }, "tls.ca"),
    ];
    for (settings, expected) in cases {
        let settings = Settings { listen: SocketAddr::from(([127, 0, 0, 1], 0)), ..settings };
        let stop = tokio_util::sync::CancellationToken::new();
        let started = bijou_registry::start(&settings, None, bijou_telemetry::Metrics::new(), None, "test", stop);
        let error = started.map(|_| ()).expect_err(expected);
        let source = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(source.contains(expected), "{error}: {source}");
    }
}
