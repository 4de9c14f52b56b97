//! The nodes of one registry, as many as its address names: the one that answered last is asked first.
//!
//! A node that cannot be reached, or that fails (5xx), is passed over for the next. What a node refuses, another would too.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Method, Response};
use hyper::body::Incoming;

use crate::{
    ServiceUrl,
    connection::{Connection, ConnectionError, Dial},
};

#[derive(Debug)]
pub(crate) struct Nodes {
    /// Never empty.
    connections: Vec<Connection>,
    /// The one to ask next.
    next: usize,
}

impl Nodes {
    /// Connected to by `dial`. Without any address nobody could be asked: the list must not be empty.
    pub(crate) fn over(urls: Vec<ServiceUrl>, dial: &Arc<dyn Dial>) -> Self {
        assert!(!urls.is_empty(), "a registry has an address");
        Nodes { connections: urls.into_iter().map(|url| Connection::over(url, Arc::clone(dial))).collect(), next: 0 }
    }

    /// As [`Connection::send`], to the first node that answers. Each is tried once; the last one's answer counts, and where
    /// there is none every node is named.
    pub(crate) async fn send(
        &mut self,
        method: Method,
        rest: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Response<Incoming>, ConnectionError> {
        let count = self.connections.len();
        let mut failures = Vec::new();
        for _ in 1..count {
            let at = self.next;
            // Before the wait: a caller whose patience ends first begins with another node the next time.
            self.next = (at + 1) % count;
            match self.connections[at].send(method.clone(), rest, headers, body.clone()).await {
                Ok(response) if !response.status().is_server_error() => {
                    self.next = at;
                    return Ok(response);
                }
                Ok(response) => {
                    failures.push(format!("`{}` answered {}", self.connections[at].address(), response.status()));
                }
                Err(error) => failures.push(in_one_line(&error)),
            }
        }
        self.connections[self.next].send(method, rest, headers, body).await.map_err(|error| {
            if failures.is_empty() {
                return error;
            }
            failures.push(in_one_line(&error));
            ConnectionError::NoNode { failures: failures.join("; ") }
        })
    }
}

/// An error with what caused it.
fn in_one_line(error: &ConnectionError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}
