//! Who calls: the passport the chassis verified before the handler ran.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use bijou_passport::Passport;
use bijou_problem::Problem;
use http::StatusCode;
use http::request::Parts;

use crate::Reject;

/// The verified passport of the caller.
#[derive(Debug, Clone)]
pub struct Caller(pub(crate) Arc<Passport>);

impl Caller {
    /// For tests of handlers without a server.
    pub fn of(passport: Arc<Passport>) -> Self {
        Self(passport)
    }

    /// The whole passport.
    pub fn passport(&self) -> &Passport {
        &self.0
    }

    /// The signed-in account, `None` for anonymous requests and calls of services.
    pub fn account(&self) -> Option<&str> {
        self.0.account()
    }

    /// The signed-in account, or 401 `sign-in-required`.
    pub fn require_account(&self) -> Result<&str, Reject> {
        self.account().ok_or_else(|| {
            let problem = Problem::new(StatusCode::UNAUTHORIZED, "sign-in-required")
                .title("Sign in first")
                .detail("This operation acts on an account, and the request is nobody's.");
            Reject::new(problem)
        })
    }

    /// The role of the calling service, `None` for people and anonymous requests.
    pub fn service(&self) -> Option<&str> {
        self.0.service()
    }

    /// The role of the calling service, or 403 `service-only`.
    pub fn require_service(&self) -> Result<&str, Reject> {
        self.service().ok_or_else(|| {
            let problem = Problem::new(StatusCode::FORBIDDEN, "service-only").title("Only services may ask for this");
            Reject::new(problem)
        })
    }

    /// Nothing if the caller is the service of this role, or 403 `service-only`: what one service tells another about
    /// people is no other service's business.
    pub fn require_role(&self, role: &str) -> Result<(), Reject> {
        if self.service() == Some(role) {
            return Ok(());
        }
        let problem = Problem::new(StatusCode::FORBIDDEN, "service-only")
            .title("Only one service may ask for this")
            .detail(format!("this operation is for {role} alone"));
        Err(Reject::new(problem))
    }

    /// Scopes granted to the caller.
    pub fn scopes(&self) -> &[String] {
        &self.0.claims.scopes
    }

    /// Nothing if the scope was granted, or 403 `scope-missing`.
    pub fn require_scope(&self, scope: &str) -> Result<(), Reject> {
        if self.0.has_scope(scope) {
            return Ok(());
        }
        let problem = Problem::new(StatusCode::FORBIDDEN, "scope-missing")
            .title("You may not do this")
            .detail(format!("this operation needs the scope `{scope}`"))
            .with("scope", scope);
        Err(Reject::new(problem))
    }

    /// The token to pass on with calls made for this caller.
    pub fn token(&self) -> &str {
        self.0.token()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Reject;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Reject> {
        // Absent only on exempt paths and in routers that no chassis guards.
        parts.extensions.get::<Self>().cloned().ok_or_else(|| crate::passport::missing().into())
    }
}
