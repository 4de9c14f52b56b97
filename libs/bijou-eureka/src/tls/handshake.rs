//! What goes wrong between the first byte of TLS and the registry's first answer, in words that say what to do.
//!
//! With TLS 1.3 the client has finished before the server has looked at its certificate: that a certificate is missing, or is
//! not wanted, is told where the answer should have come. So a connection is listened to until its first byte.

use std::{
    error::Error,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
};

use rustls::{AlertDescription, CertificateError, SignatureScheme, client::ResolvesClientCert, sign::CertifiedKey};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::client::TlsStream;

use super::{About, is_set};
use crate::ServiceUrl;

/// Why a registry is not spoken to. Does not mend itself, as the absence of a registry does.
#[derive(Debug, thiserror::Error)]
enum HandshakeError {
    #[error(
        "the certificate that `{address}` shows for the name `{name}` is not from {trusted}: `{setting}` has to name the \
         authority it is from"
    )]
    Untrusted {
        address: String,
        name: String,
        trusted: String,
        setting: String,
        #[source]
        source: rustls::Error,
    },
    #[error(
        "the certificate of `{address}` is not for the name `{name}`: write a name into the address that it is for"
    )]
    OtherName {
        address: String,
        name: String,
        #[source]
        source: rustls::Error,
    },
    #[error("the certificate of `{address}` is not valid at this time: look at its dates, and at the clock here")]
    OutOfDate {
        address: String,
        #[source]
        source: rustls::Error,
    },
    #[error(
        "`{address}` wants a client certificate and was shown none: set `{section}.certificate` and `{section}.key`"
    )]
    CertificateWanted { address: String, section: &'static str },
    #[error(
        "`{address}` turned away the certificate in `{certificate}` (`{section}.certificate`): it has to be valid, and from \
         an authority that the registry is told of (there `registry.tls.client_ca`)"
    )]
    TurnedAway {
        address: String,
        certificate: String,
        section: &'static str,
        #[source]
        source: rustls::Error,
    },
    #[error(
        "`{address}` does not answer by TLS: is that the port of the registry's `tls.listen`? Plain ones are http://"
    )]
    NotTls {
        address: String,
        #[source]
        source: io::Error,
    },
    #[error("`{address}` and we do not agree on TLS")]
    Other {
        address: String,
        #[source]
        source: rustls::Error,
    },
}

/// Whether TLS is what failed, anywhere in the chain of `error`.
pub(crate) fn is_cause_of(error: &(dyn Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(inner) = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref)
            && inner.is::<HandshakeError>()
        {
            return true;
        }
        next = error.source();
    }
    false
}

/// In place of a certificate: remembers that one was asked for, which whoever is turned away then has to be told.
#[derive(Debug, Default)]
pub(super) struct ShowsNothing {
    was_asked: AtomicBool,
}

impl ResolvesClientCert for ShowsNothing {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.was_asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Who is at the other end, by which name, and what was agreed here to show and to trust.
#[derive(Debug)]
pub(super) struct Peer {
    address: String,
    name: String,
    about: Arc<About>,
}

impl Peer {
    pub(super) fn new(url: &ServiceUrl, about: &Arc<About>) -> Self {
        Peer { address: url.connect_to().to_owned(), name: url.host().to_owned(), about: Arc::clone(about) }
    }

    /// What ended the handshake.
    pub(super) fn explain_handshake(&self, error: io::Error) -> io::Error {
        let is_foreign = match said(&error) {
            Some(said) => matches!(said, rustls::Error::InvalidMessage(_)),
            // It hung up on what it did not understand.
            None => error.kind() == io::ErrorKind::UnexpectedEof && !self.is_certificate_missed(),
        };
        if is_foreign {
            return failed(HandshakeError::NotTls { address: self.address.clone(), source: error });
        }
        self.explain(error)
    }

    /// What ended the connection before an answer came.
    fn explain(&self, error: io::Error) -> io::Error {
        match said(&error).cloned() {
            Some(said) => failed(self.in_words(said)),
            // The alert may have been lost with the connection.
            None if self.is_certificate_missed() => failed(self.wanted()),
            None => error,
        }
    }

    /// Whether a certificate was asked for, and there is none to show.
    fn is_certificate_missed(&self) -> bool {
        self.about.shows_nothing.was_asked.load(Ordering::Relaxed)
    }

    fn wanted(&self) -> HandshakeError {
        HandshakeError::CertificateWanted { address: self.address.clone(), section: self.about.section }
    }

    fn in_words(&self, source: rustls::Error) -> HandshakeError {
        let (address, section, files) = (self.address.clone(), self.about.section, &self.about.files);
        match &source {
            // A bad signature: an authority of the same name that is another one.
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::BadSignature) => {
                let trusted = if is_set(&files.ca) {
                    format!("an authority in `{}`", files.ca.display())
                } else {
                    "an authority that this machine trusts".to_owned()
                };
                HandshakeError::Untrusted {
                    address,
                    name: self.name.clone(),
                    trusted,
                    setting: format!("{section}.ca"),
                    source,
                }
            }
            rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            ) => HandshakeError::OtherName { address, name: self.name.clone(), source },
            rustls::Error::InvalidCertificate(
                CertificateError::Expired
                | CertificateError::ExpiredContext { .. }
                | CertificateError::NotValidYet
                | CertificateError::NotValidYetContext { .. },
            ) => HandshakeError::OutOfDate { address, source },
            rustls::Error::AlertReceived(alert) if is_set(&files.certificate) && is_about_certificates(*alert) => {
                let certificate = files.certificate.display().to_string();
                HandshakeError::TurnedAway { address, certificate, section, source }
            }
            rustls::Error::AlertReceived(_) if self.is_certificate_missed() => self.wanted(),
            _ => HandshakeError::Other { address, source },
        }
    }
}

/// What a server may say of a certificate that it does not take.
fn is_about_certificates(alert: AlertDescription) -> bool {
    matches!(
        alert,
        AlertDescription::UnknownCA
            | AlertDescription::BadCertificate
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::DecryptError
            | AlertDescription::AccessDenied
    )
}

/// What TLS has to say about an error, if it is one of its own.
fn said(error: &io::Error) -> Option<&rustls::Error> {
    error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>())
}

fn failed(error: HandshakeError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// A connection that nothing was heard on yet. After the first byte it is only passed through.
#[derive(Debug)]
pub(super) struct Unheard {
    stream: TlsStream<TcpStream>,
    peer: Option<Peer>,
}

impl Unheard {
    pub(super) fn new(stream: TlsStream<TcpStream>, peer: Peer) -> Self {
        Unheard { stream, peer: Some(peer) }
    }

    fn explained<T>(&self, outcome: io::Result<T>) -> io::Result<T> {
        match &self.peer {
            Some(peer) => outcome.map_err(|error| peer.explain(error)),
            None => outcome,
        }
    }
}

impl AsyncRead for Unheard {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let outcome = ready!(Pin::new(&mut self.stream).poll_read(context, into));
        if outcome.is_ok() && into.filled().len() > before {
            self.peer = None;
        } else if outcome.is_ok()
            && let Some(peer) = self.peer.take_if(|peer| peer.is_certificate_missed())
        {
            return Poll::Ready(Err(failed(peer.wanted())));
        }
        Poll::Ready(self.explained(outcome))
    }
}

impl AsyncWrite for Unheard {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = ready!(Pin::new(&mut self.stream).poll_write(context, bytes));
        Poll::Ready(self.explained(outcome))
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = ready!(Pin::new(&mut self.stream).poll_write_vectored(context, parts));
        Poll::Ready(self.explained(outcome))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = ready!(Pin::new(&mut self.stream).poll_flush(context));
        Poll::Ready(self.explained(outcome))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
