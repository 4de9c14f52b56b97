//! The client.

use bijou_client::{CallContext, CallError, Client, Target, segment};

use crate::{APPLICATION, TitleDiagnosis};

/// Recommendations, as others ask them.
#[derive(Debug, Clone)]
pub struct Recommendations {
    target: Target,
}

impl Recommendations {
    /// Whoever is registered.
    pub fn new(client: &Client) -> Self {
        Self { target: client.to(APPLICATION) }
    }

    /// What they know about a title, and what a profile did with it. For the console only.
    pub async fn diagnosis(
        &self,
        title: &str,
        profile: Option<&str>,
        call: &CallContext,
    ) -> Result<TitleDiagnosis, CallError> {
        let path = format!("/v1/diagnoses/titles/{}", segment(title));
        self.target.get(&path).query_if("profile", profile).context(call).send_json().await
    }
}
