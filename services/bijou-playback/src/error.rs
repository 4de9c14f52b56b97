//! What can go wrong in playback's answers, and the one table from there to status and code.

use bijou_chassis::Reject;
use bijou_playback_api::Stream;
use bijou_problem::Problem;
use bijou_store::StoreError;
use http::{HeaderValue, StatusCode, header};
use serde_json::json;

use crate::domain::marks::MarksError;
use crate::domain::streams::Closing;
use crate::domain::token::TokenError;
use crate::keyring::OpenError;
use crate::media::MediaError;

/// An error of one request.
#[derive(Debug, thiserror::Error)]
pub enum PlaybackError {
    #[error("`{id}` cannot be played")]
    NotPlayable { id: String },
    #[error("`{id}` is being prepared")]
    BeingPrepared { id: String, percent: i64 },
    #[error("preparing `{id}` failed")]
    PreparationFailed { id: String },
    #[error("`{id}` is a show")]
    EpisodeRequired { id: String },
    #[error("nobody says who may see `{id}`")]
    TermsUnknown { id: String },
    #[error("all {} places are held", streams.len())]
    TooManyStreams { streams: Vec<Stream> },
    #[error("playback `{id}` is over: {why:?}")]
    Closed { id: String, why: Closing },
    #[error("the profile has been deleted")]
    ProfileGone,
    #[error("marks refused")]
    Marks(#[source] MarksError),
    #[error("playback `{id}` not found")]
    SessionNotFound { id: String },
    #[error("position {0} is not a time in a film")]
    Position(f64),
    #[error("player events refused: {flaw}")]
    PlayerEvents { flaw: String },
    #[error("token refused")]
    Token(#[source] TokenError),
    #[error("the token is another account's")]
    OtherAccount,
    #[error("the token is another profile's")]
    OtherProfile,
    #[error("asset `{asset}` has no file `{file}`")]
    FileNotFound { asset: String, file: String },
    #[error("range outside of {length} bytes")]
    Range { length: u64 },
    #[error("failed to use playback's store")]
    Store(#[from] StoreError),
    #[error("failed to use the media store")]
    Media(#[from] MediaError),
    #[error("the description of asset `{asset}` is damaged")]
    Index {
        asset: String,
        #[source]
        source: serde_json::Error,
    },
}

impl From<OpenError> for PlaybackError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Token(error) => Self::Token(error),
            OpenError::Store(error) => Self::Store(error),
        }
    }
}

impl From<PlaybackError> for Reject {
    fn from(error: PlaybackError) -> Self {
        use PlaybackError as E;
        let (status, code, title) = match &error {
            E::NotPlayable { .. } => (StatusCode::NOT_FOUND, "title-not-playable", "This cannot be played"),
            E::BeingPrepared { .. } => (StatusCode::CONFLICT, "title-being-prepared", "This is being prepared"),
            E::PreparationFailed { .. } => {
                (StatusCode::CONFLICT, "title-preparation-failed", "This could not be prepared")
            }
            E::EpisodeRequired { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "episode-required", "Name an episode"),
            E::SessionNotFound { .. } => (StatusCode::NOT_FOUND, "playback-not-found", "There is no such playback"),
            E::Position(_) => {
                (StatusCode::UNPROCESSABLE_ENTITY, "position-invalid", "The position is not a time in a film")
            }
            E::PlayerEvents { .. } => {
                (StatusCode::UNPROCESSABLE_ENTITY, "player-events-invalid", "The player's events are not understood")
            }
            E::Token(TokenError::Expired(_)) => {
                (StatusCode::UNAUTHORIZED, "playback-token-expired", "This playback has expired")
            }
            E::Token(TokenError::OtherAsset) => {
                (StatusCode::FORBIDDEN, "playback-token-other-asset", "The token is for another film")
            }
            E::Token(_) => (StatusCode::UNAUTHORIZED, "playback-token-invalid", "The token is not valid"),
            E::OtherAccount => {
                (StatusCode::FORBIDDEN, "playback-token-other-account", "The token is another account's")
            }
            E::OtherProfile => {
                (StatusCode::FORBIDDEN, "playback-token-other-profile", "The token is another profile's")
            }
            E::TooManyStreams { .. } => {
                (StatusCode::CONFLICT, "too-many-streams", "The household watches on as many devices as it may")
            }
            E::Closed { why: Closing::TakenOver, .. } => {
                (StatusCode::CONFLICT, "taken-over", "Another device of the household went on instead")
            }
            E::Closed { .. } => (StatusCode::GONE, "playback-over", "This playback is over"),
            E::ProfileGone => (StatusCode::FORBIDDEN, "profile-deleted", "This profile has been deleted"),
            E::Marks(_) => (StatusCode::UNPROCESSABLE_ENTITY, "marks-invalid", "These are no marks of this film"),
            E::FileNotFound { .. } => (StatusCode::NOT_FOUND, "media-file-not-found", "There is no such file"),
            E::Range { .. } => {
                (StatusCode::RANGE_NOT_SATISFIABLE, "range-not-satisfiable", "The range lies outside of the file")
            }
            E::Store(_) | E::TermsUnknown { .. } => return Self::unavailable(error),
            E::Media(_) | E::Index { .. } => return Self::internal(error),
        };
        let problem = explain(&error, Problem::new(status, code).title(title));
        let mut reject = Self::new(problem);
        if let E::BeingPrepared { .. } = error {
            reject = reject.with_retry_after_s(3);
        }
        if let E::Range { length } = error {
            let value = HeaderValue::try_from(format!("bytes */{length}")).expect("digits are a header value");
            reject = reject.with_header(header::CONTENT_RANGE, value);
        }
        reject.because(error)
    }
}

/// Adds what happened this time, and what to do.
fn explain(error: &PlaybackError, problem: Problem) -> Problem {
    use PlaybackError as E;
    match error {
        E::NotPlayable { id } => problem.detail(format!("there is no film for `{id}`")),
        E::BeingPrepared { id, percent } => {
            problem.detail(format!("`{id}` is {percent} % done; try again soon")).with("percent", *percent)
        }
        E::PreparationFailed { id } => {
            problem.detail(format!("the film for `{id}` could not be encoded; an operator can see why"))
        }
        E::EpisodeRequired { id } => problem.detail(format!("`{id}` is a show: send `episode_id` too")),
        E::SessionNotFound { id } => problem.detail(format!("this account has no playback `{id}`")),
        E::Position(_) => {
            problem.detail("`position_s` is a number of seconds, zero or more").with("path", "position_s")
        }
        E::PlayerEvents { flaw } => problem.detail(flaw.clone()).with("path", "events"),
        E::Token(TokenError::Expired(_)) => problem.detail("ask for a new playback and go on where you were"),
        E::Token(_) => problem.detail("manifests and segments need the token that the playback was created with"),
        E::FileNotFound { file, .. } => problem.detail(format!("this film has no file `{file}`")),
        E::Range { length } => problem.detail(format!("the file has {length} bytes")).with("length", *length),
        E::TooManyStreams { streams } => problem
            .detail("name one of `streams` in `take_over` to end it and watch here")
            .with("streams", json!(streams)),
        E::Closed { why: Closing::TakenOver, .. } => {
            problem.detail("its place was wanted elsewhere; ask for a new playback to watch here again")
        }
        E::Closed { .. } => problem.detail("ask for a new playback and go on where you were"),
        E::ProfileGone => problem.detail("choose another profile"),
        E::Marks(why) => problem.detail(why.to_string()),
        E::OtherAccount | E::OtherProfile | E::Store(_) | E::TermsUnknown { .. } | E::Media(_) | E::Index { .. } => {
            problem
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(error: PlaybackError, status: u16, code: &str) {
        let reject = Reject::from(error);
        assert_eq!((reject.problem().status.as_u16(), reject.problem().code.as_ref()), (status, code));
    }

    #[test]
    fn a_token_that_is_none_is_401_and_one_for_something_else_403() {
        check(PlaybackError::Token(TokenError::Malformed), 401, "playback-token-invalid");
        check(PlaybackError::Token(TokenError::Forged), 401, "playback-token-invalid");
        check(PlaybackError::Token(TokenError::UnknownKey("k".to_owned())), 401, "playback-token-invalid");
        check(PlaybackError::Token(TokenError::Expired(5)), 401, "playback-token-expired");
        check(PlaybackError::Token(TokenError::OtherAsset), 403, "playback-token-other-asset");
        check(PlaybackError::OtherAccount, 403, "playback-token-other-account");
        check(PlaybackError::OtherProfile, 403, "playback-token-other-profile");
    }

    #[test]
    fn who_lost_the_place_to_somebody_hears_another_word_than_who_was_silent() {
        let closed = |why| PlaybackError::Closed { id: "p".to_owned(), why };
        check(closed(Closing::TakenOver), 409, "taken-over");
        for why in [Closing::Displaced, Closing::Restricted, Closing::Erased] {
            check(closed(why), 410, "playback-over");
        }
    }

    #[test]
    fn faults_of_ours_keep_their_reasons_to_themselves() {
        let reject = Reject::from(PlaybackError::Media(MediaError::Gone("assets/x".to_owned())));
        assert_eq!(reject.problem().status, 500);
        assert!(!reject.problem().to_string().contains("assets/x"));
    }
}
