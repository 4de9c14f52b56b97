//! What travels with a call: on whose behalf, until when, for which request.

use std::sync::Arc;

use bijou_resilience::Deadline;

/// On whose behalf a call is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Nobody's: for open endpoints such as key sets. Services answer 401 to it.
    #[default]
    None,
    /// The calling role's own: a passport `service:<role>` signed by this process.
    Service,
    /// The caller's: the passport that came with the request being served.
    Forward(Arc<str>),
}

impl Credentials {
    /// Forwards a passport.
    pub fn forward(token: impl Into<Arc<str>>) -> Self {
        Self::Forward(token.into())
    }
}

/// The context of the request being served, taken along on every call it makes.
///
/// The trace needs no member: a call is a child of the current `tracing` span.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallContext {
    /// On whose behalf.
    pub credentials: Credentials,
    /// When the caller stops waiting.
    pub deadline: Option<Deadline>,
    /// The request's id, for one search over all logs.
    pub request_id: Option<Arc<str>>,
    /// The value of `bijou-priority`, passed on as it came.
    pub priority: Option<Arc<str>>,
    /// The account the request is about, for faults that strike a share of accounts. Not sent.
    pub account: Option<Arc<str>>,
}

impl CallContext {
    /// A call the role makes on its own account: background work, polling.
    pub fn service() -> Self {
        Self { credentials: Credentials::Service, ..Self::default() }
    }
}
