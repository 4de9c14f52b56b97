//! What can go wrong at `/v1`, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_resilience::Limited;
use bijou_store::StoreError;
use http::StatusCode;

use crate::domain::email::EmailError;
use crate::domain::password::WeakPassword;
use crate::hashing::HashingError;
use crate::keyring::KeyRingError;

#[derive(Debug, thiserror::Error)]
pub(crate) enum IdentityError {
    #[error("not an e-mail address")]
    Email(#[from] EmailError),
    #[error("password is too weak")]
    Password(#[from] WeakPassword),
    #[error("`{field}` is too long")]
    TooLong { field: &'static str, characters_max: usize },
    #[error("e-mail address is taken")]
    EmailTaken,
    /// An operator's address that has no account: see `operators.rs`.
    #[error("e-mail address is reserved")]
    EmailReserved,
    #[error("scope may not be granted")]
    ScopeRefused,
    #[error("a child's profile manages nothing")]
    KidsProfile,
    #[error("a profile with a ceiling needs a PIN to be the account as a whole")]
    ProfileLimited,
    /// Unknown account or wrong password: deliberately one.
    #[error("e-mail address or password is wrong")]
    WrongCredentials,
    #[error("too many attempts")]
    TooManyAttempts(#[from] Limited),
    #[error("the request's session is over")]
    SessionOver,
    #[error("device code not found")]
    DeviceCodeNotFound,
    #[error("device code was decided about otherwise")]
    DeviceCodeDecided,
    #[error("the app on the device is not in production yet")]
    AppInSandbox,
    #[error("a partner's app manages nothing")]
    PartnersApp,
    #[error("session not found")]
    SessionNotFound,
    #[error("account not found")]
    AccountGone,
    #[error(transparent)]
    Hashing(#[from] HashingError),
    #[error(transparent)]
    Keys(#[from] KeyRingError),
    #[error("failed to use identity's store")]
    Store(#[from] StoreError),
}

impl IdentityError {
    fn problem(&self) -> Problem {
        match self {
            Self::Email(error) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "email-invalid")
                .title("This is not an e-mail address")
                .detail(error.to_string())
                .with("path", "email"),
            Self::Password(error) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "password-too-weak")
                .title("Choose another password")
                .detail(error.to_string())
                .with("reason", error.reason())
                .with("path", "password"),
            Self::TooLong { field, characters_max } => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "text-too-long")
                .title("A text is too long")
                .detail(format!("`{field}` has at most {characters_max} characters"))
                .with("path", *field),
            Self::EmailTaken => Problem::new(StatusCode::CONFLICT, "email-taken")
                .title("There is an account with this e-mail address")
                .detail("Sign in, or use another address."),
            Self::EmailReserved => Problem::new(StatusCode::CONFLICT, "email-reserved")
                .title("This e-mail address cannot sign up")
                .detail("It is listed as an operator's. Take it off the list, sign up, and list it then."),
            Self::ScopeRefused => Problem::new(StatusCode::FORBIDDEN, "scope-refused")
                .title("You may not do this")
                .detail("The account does not have a scope that was asked for.")
                .with("path", "scope"),
            Self::KidsProfile => Problem::new(StatusCode::FORBIDDEN, "kids-profile")
                .title("A child's profile may not do this")
                .detail("Choose a grown-up's profile first."),
            Self::ProfileLimited => Problem::new(StatusCode::FORBIDDEN, "profile-limited")
                .title("This profile may not do this")
                .detail("What begins is the whole account's: choose a profile that may see everything first."),
            Self::WrongCredentials => Problem::new(StatusCode::UNAUTHORIZED, "credentials-invalid")
                .title("E-mail address or password is wrong"),
            Self::TooManyAttempts(_) => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-attempts")
                .title("Too many attempts")
                .detail("Wait for the time in `Retry-After` before the next one."),
            Self::SessionOver => Problem::new(StatusCode::UNAUTHORIZED, "session-over")
                .title("This session was ended")
                .detail("Sign in again."),
            Self::DeviceCodeNotFound => Problem::new(StatusCode::NOT_FOUND, "device-code-not-found")
                .title("There is no such code")
                .detail("It is mistyped, or its ten minutes are over: compare it with what the device shows now."),
            Self::DeviceCodeDecided => Problem::new(StatusCode::CONFLICT, "device-code-decided")
                .title("This device was decided about before")
                .detail("To sign it out, end its session; to sign it in, begin again on the device."),
            Self::AppInSandbox => Problem::new(StatusCode::FORBIDDEN, "app-in-sandbox")
                .title("This app may not sign you in yet")
                .detail("It is being tried out: until the platform has let it into production, only its developer may let it in."),
            Self::PartnersApp => Problem::new(StatusCode::FORBIDDEN, "app-not-allowed")
                .title("This app may not do this")
                .detail("It may play films for you, and not let others in. Use the platform's own app."),
            Self::SessionNotFound => {
                Problem::new(StatusCode::NOT_FOUND, "session-not-found").title("There is no such session")
            }
            Self::AccountGone => {
                Problem::new(StatusCode::UNAUTHORIZED, "account-gone").title("This account does not exist any more")
            }
            Self::Hashing(HashingError::Busy) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "sign-in-busy")
                .title("Too many people sign in at this moment"),
            Self::Hashing(_) | Self::Keys(_) | Self::Store(_) => {
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable").title("Identity is away for a moment")
            }
        }
    }
}

impl From<IdentityError> for Reject {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Store(source) if !source.is_passing() => Self::internal(source),
            IdentityError::TooManyAttempts(limited) => {
                let seconds = limited.retry_after.as_secs().saturating_add(1);
                Self::new(error.problem()).with_retry_after_s(u32::try_from(seconds).unwrap_or(u32::MAX))
            }
            IdentityError::Hashing(_) | IdentityError::Keys(_) | IdentityError::Store(_) => {
                Self::new(error.problem()).with_retry_after_s(1).because(error)
            }
            refused => Self::new(refused.problem()),
        }
    }
}
