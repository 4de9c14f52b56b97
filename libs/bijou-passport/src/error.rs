//! Why a passport was not accepted.

use std::error::Error;

/// Why a passport was not accepted. The text is for logs; callers get [`VerifyError::code`] and no more.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// Not a compact JWS with our header and claims.
    #[error("passport is malformed: {0}")]
    Malformed(&'static str),
    /// Its time is over.
    #[error("passport expired {ago_s} s ago")]
    Expired {
        /// Seconds since its end.
        ago_s: u64,
    },
    /// Issued in the future beyond the leeway, or for longer than a passport lives.
    #[error("passport is not valid at this time")]
    NotYetValid,
    /// Meant for other services.
    #[error("passport is for {audience:?}, not for `{expected}`")]
    WrongAudience {
        /// The service that was called.
        expected: String,
        /// The services it is for.
        audience: Vec<String>,
    },
    /// Signed by an application that may not say this.
    #[error("`{issuer}` may not sign for subject `{subject}`")]
    WrongIssuer {
        /// The application that signed.
        issuer: String,
        /// About whom.
        subject: String,
    },
    /// No live instance of the issuer publishes that key.
    #[error("no key `{kid}` of `{issuer}` is known")]
    UnknownKey {
        /// The application that should have it.
        issuer: String,
        /// Its thumbprint.
        kid: String,
    },
    /// The signature is not of that key, or not over these claims.
    #[error("signature does not verify")]
    BadSignature,
    /// The issuer's keys could not be fetched; the passport may well be good.
    #[error("failed to fetch the keys of `{issuer}`")]
    KeysUnavailable {
        /// The application whose keys are missing.
        issuer: String,
        /// Why.
        #[source]
        source: KeySourceError,
    },
}

impl VerifyError {
    /// The problem code a caller sees.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Expired { .. } => "passport-expired",
            Self::WrongAudience { .. } => "passport-wrong-audience",
            _ => "passport-invalid",
        }
    }
}

/// Why a [`crate::KeySource`] had no answer.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct KeySourceError {
    message: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl KeySourceError {
    /// An error of its own.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error with what caused it.
    pub fn caused_by(message: impl Into<String>, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { message: message.into(), source: Some(source.into()) }
    }
}
