//! What can go wrong in the catalog, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::StatusCode;

use crate::domain::cursor::CursorError;
use crate::images::ImageError;
use crate::search::SearchError;

/// An error of one request.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    #[error("{what} `{id}` not found")]
    NotFound { what: Noun, id: String },
    #[error("parameter `{parameter}`: {reason}")]
    Query { parameter: &'static str, reason: String },
    #[error("cursor refused")]
    Cursor(#[from] CursorError),
    #[error("picture refused")]
    Picture(#[source] ImageError),
    #[error("failed to print an image of `{id}`")]
    Print {
        id: String,
        #[source]
        source: ImageError,
    },
    #[error("too many images are being printed")]
    ImagesBusy,
    #[error("failed to search")]
    Search(#[from] SearchError),
    #[error("failed to use the catalog's store")]
    Store(#[from] StoreError),
}

/// What was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    Title,
    Show,
    Season,
    Episode,
    Person,
    Image,
}

impl std::fmt::Display for Noun {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Noun {
    fn as_str(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Show => "show",
            Self::Season => "season",
            Self::Episode => "episode",
            Self::Person => "person",
            Self::Image => "image",
        }
    }

    fn code(self) -> &'static str {
        match self {
            Self::Title => "title-not-found",
            Self::Show => "show-not-found",
            Self::Season => "season-not-found",
            Self::Episode => "episode-not-found",
            Self::Person => "person-not-found",
            Self::Image => "image-not-found",
        }
    }
}

impl CatalogError {
    /// A parameter that is not accepted.
    pub fn query(parameter: &'static str, reason: impl Into<String>) -> Self {
        Self::Query { parameter, reason: reason.into() }
    }

    /// Nothing of that id.
    pub fn not_found(what: Noun, id: impl Into<String>) -> Self {
        Self::NotFound { what, id: id.into() }
    }

    fn problem(&self) -> Problem {
        match self {
            Self::NotFound { what, id } => Problem::new(StatusCode::NOT_FOUND, what.code())
                .title(format!("There is no such {what}"))
                .detail(format!("the catalog has no {what} `{id}`")),
            Self::Query { parameter, reason } => Problem::new(StatusCode::BAD_REQUEST, "query-invalid")
                .title("A query parameter is not accepted")
                .detail(format!("`{parameter}`: {reason}"))
                .with("parameter", *parameter),
            Self::Cursor(error) => Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid")
                .title("This cursor does not lead anywhere")
                .detail(format!("{error}; start again without `cursor`")),
            Self::Picture(error) => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "picture-invalid")
                .title("The picture is not accepted")
                .detail(error.to_string()),
            Self::Print { .. } => Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal-error")
                .title("Something went wrong on our side"),
            Self::ImagesBusy => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "images-busy")
                .title("Too many images are being printed at the moment"),
            Self::Search(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "search-away")
                .title("Search is away for a moment; everything else is there"),
            Self::Store(_) => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
                .title("The catalog cannot read its store at the moment"),
        }
    }
}

impl From<CatalogError> for Reject {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::Store(source) if !source.is_passing() => Self::internal(source),
            CatalogError::Search(source @ SearchError::GivenUp) => Self::internal(source),
            CatalogError::Print { .. } => Self::new(error.problem()).because(error),
            CatalogError::Store(_) | CatalogError::ImagesBusy | CatalogError::Search(_) => {
                Self::new(error.problem()).with_retry_after_s(1).because(error)
            }
            refused => Self::new(refused.problem()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: CatalogError, status: u16, code: &str, detail: Option<&str>) {
        let reject = Reject::from(error);
        let problem = reject.problem();
        assert_eq!((problem.status.as_u16(), problem.code.as_ref()), (status, code));
        assert_eq!(problem.detail.as_deref(), detail);
    }

    #[test]
    fn the_readers_mistakes_are_named() {
        check(CatalogError::not_found(Noun::Title, "x"), 404, "title-not-found", Some("the catalog has no title `x`"));
        check(CatalogError::query("limit", "at most 100"), 400, "query-invalid", Some("`limit`: at most 100"));
        check(
            CursorError::NotOurs.into(),
            400,
            "cursor-invalid",
            Some("it was not made by this catalog, or was changed on the way; start again without `cursor`"),
        );
    }

    #[test]
    fn our_own_mistakes_are_not_explained() {
        check(
            StoreError::InMemory.into(),
            500,
            "internal-error",
            Some("The request may be tried again; name its request id when you report it."),
        );
        check(CatalogError::ImagesBusy, 503, "images-busy", None);
    }
}
