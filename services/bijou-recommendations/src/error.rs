//! What can go wrong with a request, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use http::StatusCode;

use crate::domain::cursor::InvalidCursor;

#[derive(Debug, thiserror::Error)]
pub(crate) enum HomeError {
    #[error("cursor refused")]
    Cursor(#[from] InvalidCursor),
    /// The catalog was never heard, and nothing is known from before.
    #[error("no title is known yet")]
    NothingKnown,
}

impl From<HomeError> for Reject {
    fn from(error: HomeError) -> Self {
        match &error {
            HomeError::Cursor(reason) => Self::new(
                Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid")
                    .title("This cursor does not lead anywhere")
                    .detail(format!("{reason}; start again without `cursor`")),
            ),
            HomeError::NothingKnown => Self::new(
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "home-not-ready")
                    .title("The home page is not ready yet")
                    .detail("The catalog has not told its titles yet; try again in a second."),
            )
            .with_retry_after_s(1),
        }
    }
}
