//! Wire types and client of partners.
//!
//! One caller in Rust: identity asks whose app wants to sign somebody in on a device ([`Partners::device_client`]).
//! Readers ignore members they do not know, so partners may add some. What developers and their apps use has its types in
//! the service; the console passes on what it is told. How long a caller waits is in the `CallContext` it calls with.

use bijou_client::{CallContext, CallError, Client, Target, segment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The application name in the registry.
pub const APPLICATION: &str = "PARTNERS";

/// What ids of apps begin with. An app's id is its `client_id` at identity.
pub const APP_PREFIX: &str = "app_";

/// An app that may sign people in on a device (RFC 8628).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PartnersDeviceClient)]
pub struct DeviceClient {
    /// The app's id.
    pub client_id: String,
    /// What its developer calls it: shown to whoever is asked to let it in.
    pub name: String,
    /// The only account it may sign in, its developer's own, as long as no operator let it into production; absent: anybody's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub only_account_id: Option<String>,
}

/// Partners as other services call it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Partners {
    target: Target,
}

impl Partners {
    /// Partners behind the registry.
    pub fn new(client: &Client) -> Self {
        Self { target: client.to(APPLICATION) }
    }

    /// The app of this id, `None` when there is none, or an operator stopped it. For identity only.
    pub async fn device_client(&self, id: &str, call: &CallContext) -> Result<Option<DeviceClient>, CallError> {
        let path = format!("/v1/device-clients/{}", segment(id));
        match self.target.get(&path).context(call).send_json().await {
            Ok(client) => Ok(Some(client)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }
}
