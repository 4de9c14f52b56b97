//! A post to somebody outside, over TLS and without: what they get to see of us.

use std::sync::Arc;
use std::time::Duration;

use bijou_client::{Outside, OutsideError};
use bytes::Bytes;
use rcgen::{CertificateParams, SanType};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

const PATIENCE: Duration = Duration::from_secs(20);

/// A server that shows a certificate for 127.0.0.1 and answers one request; its port, who trusts it, what it was sent.
async fn tls_server() -> (u16, RootCertStore, oneshot::Receiver<String>) {
    let mut params = CertificateParams::default();
    params.subject_alt_names = vec![SanType::IpAddress([127, 0, 0, 1].into())];
    let certificate = rcgen::Certificate::from_params(params).expect("parameters");
    let shown = CertificateDer::from(certificate.serialize_der().expect("signed by itself"));
    let key = PrivateKeyDer::Pkcs8(certificate.serialize_private_key_der().into());
    let mut roots = RootCertStore::empty();
    roots.add(shown.clone()).expect("a certificate");
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()));
    let config = config.with_safe_default_protocol_versions().expect("both versions").with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![shown], key).expect("they fit")));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("any port");
    let port = listener.local_addr().expect("bound").port();
    let (tell, told) = oneshot::channel();
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a caller");
        let Ok(mut stream) = acceptor.accept(stream).await else { return };
        let (mut seen, mut part) = (Vec::new(), [0; 1024]);
        while !seen.ends_with(b"spans") {
            let read = stream.read(&mut part).await.expect("more");
            assert!(read > 0, "the request broke off");
            seen.extend_from_slice(&part[..read]);
        }
        stream
            .write_all(b"HTTP/1.1 429 Slow Down\r\nretry-after: 9\r\ncontent-length: 4\r\n\r\nlate")
            .await
            .expect("sent");
        let _ = tell.send(String::from_utf8(seen).expect("text"));
    });
    (port, roots, told)
}

#[tokio::test]
async fn an_https_address_is_spoken_to_in_tls_and_learns_nothing_of_the_platform() {
    let (port, roots, told) = tls_server().await;
    let outside = Outside::trusting(roots, PATIENCE);
    let url = format!("https://127.0.0.1:{port}/v1/traces");
    let body = Bytes::from_static(b"spans");
    let headers = [("authorization".to_owned(), "Bearer abc".to_owned())];
    let answer = outside.post(&url, "application/x-protobuf", &headers, body, PATIENCE, 1024).await.expect("an answer");
    assert_eq!((answer.status.as_u16(), &answer.body[..]), (429, b"late".as_slice()));
    assert_eq!(answer.headers["retry-after"], "9");
    let seen = told.await.expect("a request").to_lowercase();
    assert!(seen.starts_with("post /v1/traces http/1.1\r\n"), "{seen}");
    assert!(seen.contains("\r\nauthorization: bearer abc\r\n"), "{seen}");
    for ours in ["passport", "traceparent", "deadline", "x-request-id", "bijou-"] {
        assert!(!seen.contains(ours), "`{ours}` in {seen}");
    }
}

#[tokio::test]
async fn a_certificate_of_nobody_we_trust_ends_the_call() {
    let (port, _, _told) = tls_server().await;
    let outside = Outside::trusting(RootCertStore::empty(), PATIENCE);
    let url = format!("https://127.0.0.1:{port}/v1/traces");
    let refused = outside.post(&url, "application/x-protobuf", &[], Bytes::new(), PATIENCE, 1024).await;
    assert!(matches!(refused, Err(OutsideError::Unreachable { .. })), "{refused:?}");
}
