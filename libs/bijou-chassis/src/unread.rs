//! What a handler leaves unread of a request's body.
//!
//! hyper ends a connection whose request body was not read to its end, right after the answer and without a word before. A
//! proxy that is still sending that body is reset and never sees the answer (RFC 9112, 9.6, warns of it): a 405 became a
//! 502 at the gateway. So a short rest is read and thrown away behind the answer, and the connection goes on.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use tokio::runtime::Handle;

/// Longest rest that is read; more is not worth a connection.
const BYTES_MAX: usize = 64 * 1024;

/// How long the sender may take over it.
const PATIENCE: Duration = Duration::from_secs(2);

/// A request's body that reads its own rest when it is dropped.
pub(crate) struct Unread(Option<Incoming>);

impl Unread {
    /// `waits`: the sender asked to be told before it sends (`Expect: 100-continue`), and reading would tell it to.
    pub(crate) fn of(body: Incoming, waits: bool) -> axum::body::Body {
        if waits { axum::body::Body::new(body) } else { axum::body::Body::new(Self(Some(body))) }
    }
}

impl Body for Unread {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let Some(body) = &mut self.0 else { return Poll::Ready(None) };
        let frame = std::task::ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.0 = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.0.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.0.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl Drop for Unread {
    fn drop(&mut self) {
        let Some(body) = self.0.take().filter(|body| !body.is_end_stream()) else { return };
        if body.size_hint().lower() > BYTES_MAX as u64 {
            return;
        }
        // Without a runtime everything ends, connections too.
        if let Ok(runtime) = Handle::try_current() {
            runtime.spawn(tokio::time::timeout(PATIENCE, read_away(body)));
        }
    }
}

async fn read_away(mut body: Incoming) {
    let mut left = BYTES_MAX;
    while let Some(Ok(frame)) = body.frame().await {
        let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
        left = rest;
    }
}
