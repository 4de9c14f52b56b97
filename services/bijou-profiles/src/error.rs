//! What can go wrong, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::StatusCode;

use crate::domain::cursor::NotOurs;
use crate::domain::household::NotManaging;
use crate::domain::profile::{InvalidProfile, PROFILES_MAX};
use crate::domain::reports::InvalidReport;
use crate::pins::PinError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfilesError {
    #[error("profile is invalid")]
    Invalid(#[from] InvalidProfile),
    #[error("position is invalid")]
    Report(#[from] InvalidReport),
    #[error("profile required")]
    ProfileRequired,
    #[error(transparent)]
    NotManaging(#[from] NotManaging),
    /// Which one is not said: what is answered is kept in telemetry, which would outlive a profile that is deleted.
    #[error("profile not found")]
    ProfileNotFound,
    #[error("account has all the profiles it may have")]
    ProfilesFull,
    #[error("no position in `{playable}`")]
    PositionNotFound { playable: String },
    #[error("history entry `{id}` not found")]
    EntryNotFound { id: String },
    #[error("there is no room for another title")]
    KeptFull { titles_max: i64 },
    #[error("`limit` is not 1 to {limit_max}")]
    Limit { limit_max: u32 },
    #[error(transparent)]
    Cursor(#[from] NotOurs),
    #[error("export `{id}` not found")]
    ExportNotFound { id: String },
    #[error("export `{id}` is not ready")]
    ExportNotReady { id: String },
    #[error("erasure `{id}` not found")]
    ErasureNotFound { id: String },
    #[error("only identity admits")]
    NotIdentity,
    #[error("a PIN is required")]
    PinRequired,
    #[error("another PIN")]
    PinWrong { tries_left: u32 },
    #[error("too many wrong PINs")]
    PinLocked { retry_after_s: u32 },
    #[error(transparent)]
    Pins(#[from] PinError),
    #[error("failed to use profiles' store")]
    Store(#[from] StoreError),
}

impl ProfilesError {
    fn problem(&self) -> Problem {
        match self {
            Self::Invalid(error) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "profile-invalid")
                .title("This is not accepted")
                .detail(error.to_string())
                .with("path", error.path()),
            Self::Report(error) => {
                let code = match error {
                    InvalidReport::BeyondTheEnd => "position-beyond-end",
                    _ => "position-invalid",
                };
                Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code)
                    .title("This is no position")
                    .detail(error.to_string())
                    .with("path", error.path())
            }
            Self::ProfileRequired => Problem::new(StatusCode::FORBIDDEN, "profile-required")
                .title("Choose a profile first")
                .detail("This is about one person: ask with a token of a profile."),
            Self::NotManaging(NotManaging::Kids) => Problem::new(StatusCode::FORBIDDEN, "kids-profile")
                .title("A child's profile cannot do this")
                .detail("Ask with the token of a grown-up's profile."),
            Self::NotManaging(NotManaging::Limited) => Problem::new(StatusCode::FORBIDDEN, "profile-limited")
                .title("A profile with a ceiling cannot do this")
                .detail("It changes its own name, face and language. The rest is up to somebody without a ceiling."),
            Self::NotManaging(NotManaging::Guarded) => Problem::new(StatusCode::FORBIDDEN, "profile-guarded")
                .title("This profile has a PIN")
                .detail("It is changed with its own token, or by the account as a whole."),
            Self::ProfileNotFound => Problem::new(StatusCode::NOT_FOUND, "profile-not-found")
                .title("There is no such profile")
                .detail("The account has none of this id."),
            Self::ProfilesFull => Problem::new(StatusCode::CONFLICT, "profiles-full")
                .title("There is no room for another profile")
                .detail(format!("an account has at most {PROFILES_MAX}")),
            Self::PositionNotFound { playable } => Problem::new(StatusCode::NOT_FOUND, "position-not-found")
                .title("This was not begun")
                .detail(format!("there is no position in `{playable}`")),
            Self::EntryNotFound { id } => Problem::new(StatusCode::NOT_FOUND, "history-entry-not-found")
                .title("There is no such entry")
                .detail(format!("the history has no entry `{id}`")),
            Self::KeptFull { titles_max } => Problem::new(StatusCode::CONFLICT, "list-full")
                .title("There is no room for another title")
                .detail(format!("at most {titles_max} titles are kept")),
            Self::Limit { limit_max } => Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
                .title("A query parameter is not accepted")
                .detail(format!("`limit`: 1 to {limit_max}"))
                .with("parameter", "limit"),
            Self::Cursor(error) => Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid")
                .title("This cursor does not lead anywhere")
                .detail(format!("{error}; start again without `cursor`")),
            Self::ExportNotFound { id } => Problem::new(StatusCode::NOT_FOUND, "export-not-found")
                .title("There is no such export")
                .detail(format!("there is no export `{id}`, or it was forgotten after a week")),
            Self::ExportNotReady { .. } => Problem::new(StatusCode::CONFLICT, "export-not-ready")
                .title("The archive is not ready")
                .detail("`GET /v1/exports/{export_id}` says how far it is"),
            Self::ErasureNotFound { id } => Problem::new(StatusCode::NOT_FOUND, "erasure-not-found")
                .title("There is no such erasure")
                .detail(format!("there is no erasure `{id}`")),
            Self::NotIdentity => {
                Problem::new(StatusCode::FORBIDDEN, "service-only").title("Only identity may ask for this")
            }
            Self::PinRequired => Problem::new(StatusCode::FORBIDDEN, "pin-required").title("This needs a PIN"),
            Self::PinWrong { tries_left } => Problem::new(StatusCode::FORBIDDEN, "pin-wrong")
                .title("This is another PIN")
                .with("tries_left", *tries_left),
            Self::PinLocked { .. } => Problem::new(StatusCode::TOO_MANY_REQUESTS, "pin-locked")
                .title("Too many wrong PINs")
                .detail("Wait for the time in `Retry-After` before the next one."),
            Self::Pins(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "pin-busy")
                .title("Too many PINs are being checked at this moment"),
            Self::Store(_) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").title("Profiles are away for a moment")
            }
        }
    }
}

impl From<ProfilesError> for Reject {
    fn from(error: ProfilesError) -> Self {
        match error {
            ProfilesError::Store(source) if !source.is_passing() => Self::internal(source),
            ProfilesError::PinLocked { retry_after_s } => Self::new(error.problem()).with_retry_after_s(retry_after_s),
            ProfilesError::Store(_) | ProfilesError::Pins(_) => {
                Self::new(error.problem()).with_retry_after_s(1).because(error)
            }
            refused => Self::new(refused.problem()),
        }
    }
}
