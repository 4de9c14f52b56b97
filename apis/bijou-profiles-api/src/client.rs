//! The typed client: one method per operation somebody in this workspace calls.

use bijou_client::{CallContext, CallError, Client, Target, segment};
use http::StatusCode;

use crate::{APPLICATION, Admission, AdmissionRequest, Position, ProfileDiagnosis, Refusal, Shelf};

/// Profiles as other services call it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Profiles {
    target: Target,
}

/// What a question for the shelf came to.
#[derive(Debug, Clone, PartialEq)]
pub enum ShelfAnswer {
    /// It has changed, or was not known; with its entity tag.
    Fresh { shelf: Box<Shelf>, entity_tag: Option<String> },
    /// The caller's is still right.
    Same,
}

impl Profiles {
    /// Profiles behind the registry.
    pub fn new(client: &Client) -> Self {
        Self::at(client.to(APPLICATION))
    }

    /// Profiles at a known place, for tests.
    pub fn at(target: Target) -> Self {
        Self { target }
    }

    /// Who may become whom. The inner error is an answer, the outer one is that there is none.
    pub async fn admit(
        &self,
        request: &AdmissionRequest,
        call: &CallContext,
    ) -> Result<Result<Admission, Refusal>, CallError> {
        // A PIN tried twice would count twice.
        let answer = self.target.post("/v1/admissions").context(call).json(request).send().await?;
        let retry_after_s = answer.header("retry-after").and_then(|text| text.parse().ok()).unwrap_or(60);
        let error = match answer.success() {
            Ok(answer) => return answer.json().map(Ok),
            Err(error) => error,
        };
        let CallError::Problem { status, problem, .. } = &error else { return Err(error) };
        match (*status, problem.code.as_ref()) {
            (StatusCode::FORBIDDEN, "pin-required") => Ok(Err(Refusal::PinRequired)),
            (StatusCode::FORBIDDEN, "pin-wrong") => {
                let left = problem.extra.get("tries_left").and_then(serde_json::Value::as_u64);
                Ok(Err(Refusal::PinWrong { tries_left: left.and_then(|left| left.try_into().ok()).unwrap_or(0) }))
            }
            (StatusCode::TOO_MANY_REQUESTS, "pin-locked") => Ok(Err(Refusal::PinLocked { retry_after_s })),
            (StatusCode::NOT_FOUND, "profile-not-found") => Ok(Err(Refusal::ProfileNotFound)),
            _ => Err(error),
        }
    }

    /// What a page of the calling profile is made of. `known`: the entity tag of the shelf the caller has.
    pub async fn shelf(&self, known: Option<&str>, call: &CallContext) -> Result<ShelfAnswer, CallError> {
        let mut request = self.target.get("/v1/me/shelf").context(call);
        if let Some(known) = known {
            request = request.header("if-none-match", known);
        }
        let answer = request.send().await?;
        if answer.status == StatusCode::NOT_MODIFIED {
            return Ok(ShelfAnswer::Same);
        }
        let answer = answer.success()?;
        let entity_tag = answer.header("etag").map(str::to_owned);
        Ok(ShelfAnswer::Fresh { shelf: Box::new(answer.json()?), entity_tag })
    }

    /// Where the calling profile stopped, `None` when it never began.
    pub async fn position(&self, playable: &str, call: &CallContext) -> Result<Option<Position>, CallError> {
        let path = format!("/v1/me/positions/{}", segment(playable));
        match self.target.get(&path).context(call).send_json().await {
            Ok(position) => Ok(Some(position)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What a profile may see, `None` when there is none of this id. For the console only.
    pub async fn diagnosis(&self, profile: &str, call: &CallContext) -> Result<Option<ProfileDiagnosis>, CallError> {
        let path = format!("/v1/diagnoses/profiles/{}", segment(profile));
        match self.target.get(&path).context(call).send_json().await {
            Ok(diagnosis) => Ok(Some(diagnosis)),
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Tells that nothing of an erased profile is left with the calling service; `removed` records went.
    pub async fn acknowledge_erasure(&self, erasure: &str, removed: u64) -> Result<(), CallError> {
        let path = format!("/v1/erasures/{}/acknowledgements", segment(erasure));
        let body = serde_json::json!({ "removed": removed });
        // Telling it twice is telling it once.
        self.target
            .post(&path)
            .context(&CallContext::service())
            .idempotent(true)
            .json(&body)
            .send()
            .await?
            .success()?;
        Ok(())
    }
}
