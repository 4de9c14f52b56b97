//! The plainest client there is: what a test sends is what goes on the wire, once.

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

pub(crate) type HttpClient = Client<HttpConnector, Full<Bytes>>;

pub(crate) fn new() -> HttpClient {
    Client::builder(TokioExecutor::new()).build_http()
}

/// Sends a request and reads the whole answer; a test cannot go on without it.
pub(crate) async fn exchange(client: &HttpClient, request: Request<Bytes>) -> Response<Bytes> {
    let what = format!("{} {}", request.method(), request.uri());
    let answer = client.request(request.map(Full::new)).await;
    let (head, body) = answer.unwrap_or_else(|error| panic!("{what} got no answer: {error:?}")).into_parts();
    let body = body.collect().await.unwrap_or_else(|error| panic!("{what}: the answer broke off: {error:?}"));
    Response::from_parts(head, body.to_bytes())
}
