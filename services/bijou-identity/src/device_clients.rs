//! Whose apps may sign people in by a code (RFC 8628): the platform's own, by the configuration, and those of partners, who
//! make them without us. An app's id at partners is its `client_id` here.
//!
//! Partners' apps get less ([`scope::WATCH`]): they may watch, and manage nothing of the account. Whether an app still may is
//! asked for whenever one of its sessions gets a token: an operator who stops an app ends its sessions within the ten minutes of
//! an access token. Nothing is kept here of what partners says, and what it does not say in time ends nothing.

use std::time::{Duration, Instant};

use bijou_client::{CallContext, CallError, Client};
use bijou_partners_api::{APP_PREFIX, Partners};
use bijou_resilience::Deadline;

use crate::domain::scope;

/// Longest id looked at.
const ID_BYTES_MAX: usize = 64;

/// How long a session that goes on waits for an answer: it has one to fall back on.
const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) struct DeviceClients {
    own: Vec<String>,
    partners: Partners,
}

/// An app that may ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeviceClient {
    /// What its sessions may do.
    pub(crate) scope: &'static str,
    /// What its developer calls it; absent for the platform's own.
    pub(crate) name: Option<String>,
    /// The only account it may sign in.
    pub(crate) only_account: Option<String>,
}

impl DeviceClients {
    pub(crate) fn new(own: &[String], client: &Client) -> Self {
        Self { own: own.to_vec(), partners: Partners::new(client) }
    }

    /// Whether this is an app of partners'.
    pub(crate) fn is_partners(&self, id: &str) -> bool {
        id.starts_with(APP_PREFIX) && !self.own.iter().any(|own| own == id)
    }

    /// The app of this id, `None` when there is none.
    pub(crate) async fn find(&self, id: &str, call: &CallContext) -> Result<Option<DeviceClient>, CallError> {
        if self.own.iter().any(|own| own == id) {
            return Ok(Some(DeviceClient { scope: scope::VIEWER, name: None, only_account: None }));
        }
        if !self.is_partners(id) || id.len() > ID_BYTES_MAX {
            return Ok(None);
        }
        let known = self.partners.device_client(id, call).await?;
        Ok(known.map(|known| DeviceClient {
            scope: scope::WATCH,
            name: Some(known.name),
            only_account: known.only_account_id,
        }))
    }

    /// Whether a session of this app may go on as this account's.
    pub(crate) async fn may_go_on(&self, id: &str, account: &str, call: &CallContext) -> bool {
        if !self.is_partners(id) {
            return true;
        }
        let patience = Deadline::after(Instant::now(), PATIENCE);
        let deadline = call.deadline.map_or(patience, |deadline| deadline.earlier(patience));
        let call = CallContext { deadline: Some(deadline), ..call.clone() };
        match self.find(id, &call).await {
            Ok(found) => found.is_some_and(|client| client.only_account.is_none_or(|only| only == account)),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(client.id = id, error, "partners did not say whether app `{id}` still may sign in");
                true
            }
        }
    }
}
