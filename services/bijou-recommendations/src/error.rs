//! What can go wrong with a request, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::StatusCode;

use crate::domain::card::InvalidCard;
use crate::domain::cursor::InvalidCursor;

#[derive(Debug, thiserror::Error)]
pub(crate) enum PageError {
    #[error("cursor refused")]
    Cursor(#[from] InvalidCursor),
    #[error("`{parameter}` refused")]
    Query { parameter: &'static str, reason: String },
    #[error("card refused")]
    Card(#[from] InvalidCard),
    /// Not there, or not for this viewer: the same to them.
    #[error("no title `{id}` for this viewer")]
    TitleNotFound { id: String },
    /// The card's title is gone, or not for this viewer any more.
    #[error("the title of a card is gone")]
    CardGone,
    #[error("the caller is not profiles")]
    NotProfiles,
    #[error("the request is no profile's")]
    ProfileRequired,
    #[error("{count} impressions at once")]
    TooManyImpressions { count: usize, max: usize },
    /// The catalog was never heard, and nothing is known from before.
    #[error("no title is known yet")]
    NothingKnown,
    #[error("failed to keep impressions")]
    Store(#[from] StoreError),
}

impl From<PageError> for Reject {
    fn from(error: PageError) -> Self {
        let problem =
            |status: StatusCode, code: &'static str, title: &'static str| Problem::new(status, code).title(title);
        match &error {
            PageError::Cursor(reason) => Self::new(
                problem(StatusCode::BAD_REQUEST, "cursor-invalid", "This cursor does not lead anywhere")
                    .detail(format!("{reason}; start again without `cursor`")),
            ),
            PageError::Query { parameter, reason } => Self::new(
                problem(StatusCode::BAD_REQUEST, "query-invalid", "This cannot be asked")
                    .detail(reason.clone())
                    .with("path", *parameter),
            ),
            PageError::Card(reason) => Self::new(
                problem(StatusCode::BAD_REQUEST, "card-invalid", "This card is not known").detail(reason.to_string()),
            ),
            PageError::TitleNotFound { id } => Self::new(
                problem(StatusCode::NOT_FOUND, "title-not-found", "There is no such title")
                    .detail(format!("no title has the id `{id}`")),
            ),
            PageError::CardGone => Self::new(problem(
                StatusCode::NOT_FOUND,
                "title-not-found",
                "The title of this card is not there any more",
            )),
            PageError::NotProfiles => {
                Self::new(problem(StatusCode::FORBIDDEN, "service-only", "Only profiles may ask for this"))
            }
            PageError::ProfileRequired => Self::new(
                problem(StatusCode::FORBIDDEN, "profile-required", "Choose who is watching first")
                    .detail("This operation is a profile's; exchange the token for one of a profile."),
            ),
            PageError::TooManyImpressions { count, max } => Self::new(
                problem(StatusCode::BAD_REQUEST, "too-many-impressions", "Too many impressions at once")
                    .detail(format!("{count} were sent, {max} are taken at a time")),
            ),
            PageError::NothingKnown => Self::new(
                problem(StatusCode::SERVICE_UNAVAILABLE, "home-not-ready", "The home page is not ready yet")
                    .detail("The catalog has not told its titles yet; try again in a second."),
            )
            .with_retry_after_s(1),
            PageError::Store(_) => Self::unavailable(error),
        }
    }
}
