//! What can go wrong with a call, sorted by the three questions its caller has.

use std::error::Error;
use std::time::Duration;

use bijou_problem::Problem;
use http::StatusCode;

type Source = Box<dyn Error + Send + Sync>;

/// Why there is no usable answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The request could not even be built.
    #[error("request to `{app}` cannot be built: {reason}")]
    Unbuildable {
        /// Called application.
        app: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The registry shows no live instance.
    #[error("no instance of `{app}` is up")]
    NoInstance {
        /// Called application.
        app: String,
    },
    /// There are instances, all of which stopped answering a moment ago.
    #[error("no instance of `{app}` answers at the moment")]
    AllShut {
        /// Called application.
        app: String,
    },
    /// No connection.
    #[error("failed to connect to `{app}` at {instance}")]
    Connect {
        /// Called application.
        app: String,
        /// Instance id or address.
        instance: String,
        /// What the system said.
        #[source]
        source: Source,
    },
    /// The instance did not answer within the time for one attempt.
    #[error("`{app}` at {instance} did not answer within {} ms", after.as_millis())]
    TimedOut {
        /// Called application.
        app: String,
        /// Instance id or address.
        instance: String,
        /// Time waited.
        after: Duration,
        /// Whether the request may be repeated.
        idempotent: bool,
    },
    /// The caller's own deadline passed.
    #[error("deadline passed before `{app}` answered")]
    DeadlinePassed {
        /// Called application.
        app: String,
        /// Whether a request was on its way by then.
        sent: bool,
        /// Whether the request may be repeated.
        idempotent: bool,
    },
    /// The connection broke before the answer was complete.
    #[error("connection to `{app}` at {instance} broke before the answer was complete")]
    Broken {
        /// Called application.
        app: String,
        /// Instance id or address.
        instance: String,
        /// What was seen.
        #[source]
        source: Source,
        /// Whether the request may be repeated.
        idempotent: bool,
    },
    /// The answer is longer than this client reads.
    #[error("answer of `{app}` is longer than {bytes_max} bytes")]
    BodyTooLarge {
        /// Called application.
        app: String,
        /// The bound.
        bytes_max: usize,
    },
    /// An answer that is not a success.
    #[error("`{app}` answered {problem}")]
    Problem {
        /// Called application.
        app: String,
        /// Status of the answer.
        status: StatusCode,
        /// The problem document, or one made up from the status when the body was none.
        problem: Box<Problem>,
        /// Whether the request may be repeated.
        idempotent: bool,
    },
    /// A success whose body is not what the contract says.
    #[error("answer of `{app}` does not read as its contract says")]
    Unreadable {
        /// Called application.
        app: String,
        /// Where it deviates.
        #[source]
        source: Source,
    },
}

/// Whose fault a failed call is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Ours: the request is wrong, and will be wrong again.
    Caller,
    /// The called service's.
    Callee,
    /// The way between, or an instance that is gone.
    Network,
    /// The time our own caller gave us was too short.
    Deadline,
}

/// Whether the other side may have seen the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// Certainly not: nothing happened there.
    No,
    /// Perhaps: it may have been acted on.
    Maybe,
    /// Certainly: it answered.
    Yes,
}

impl CallError {
    /// The called application.
    pub fn app(&self) -> &str {
        match self {
            Self::Unbuildable { app, .. }
            | Self::NoInstance { app }
            | Self::AllShut { app }
            | Self::Connect { app, .. }
            | Self::TimedOut { app, .. }
            | Self::DeadlinePassed { app, .. }
            | Self::Broken { app, .. }
            | Self::BodyTooLarge { app, .. }
            | Self::Problem { app, .. }
            | Self::Unreadable { app, .. } => app,
        }
    }

    /// Whose fault it is.
    pub fn fault(&self) -> Fault {
        match self {
            Self::Unbuildable { .. } => Fault::Caller,
            Self::Problem { status, .. } if status.is_client_error() => Fault::Caller,
            Self::Problem { .. } | Self::Unreadable { .. } | Self::BodyTooLarge { .. } | Self::TimedOut { .. } => {
                Fault::Callee
            }
            Self::NoInstance { .. } | Self::AllShut { .. } | Self::Connect { .. } | Self::Broken { .. } => {
                Fault::Network
            }
            Self::DeadlinePassed { .. } => Fault::Deadline,
        }
    }

    /// Whether anything was sent.
    pub fn sent(&self) -> Sent {
        match self {
            Self::Unbuildable { .. }
            | Self::NoInstance { .. }
            | Self::AllShut { .. }
            | Self::Connect { .. }
            | Self::DeadlinePassed { sent: false, .. } => Sent::No,
            Self::DeadlinePassed { sent: true, .. } | Self::TimedOut { .. } | Self::Broken { .. } => Sent::Maybe,
            Self::BodyTooLarge { .. } | Self::Problem { .. } | Self::Unreadable { .. } => Sent::Yes,
        }
    }

    /// Whether the same request may be sent again, later or elsewhere, without doing something twice.
    pub fn may_retry(&self) -> bool {
        match self {
            Self::NoInstance { .. } | Self::AllShut { .. } | Self::Connect { .. } => true,
            Self::TimedOut { idempotent, .. } | Self::Broken { idempotent, .. } => *idempotent,
            Self::DeadlinePassed { sent, idempotent, .. } => !sent || *idempotent,
            Self::Problem { status, idempotent, .. } => *idempotent && is_passing(*status),
            Self::Unbuildable { .. } | Self::BodyTooLarge { .. } | Self::Unreadable { .. } => false,
        }
    }

    /// Whether the called service said that the thing asked for does not exist.
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Problem { status, .. } if *status == StatusCode::NOT_FOUND)
    }

    /// The called service's problem, to be passed on to a caller who can do something about it.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem { problem, .. } => Some(problem),
            _ => None,
        }
    }
}

/// Statuses by which an instance says "not now, not here": another one may well serve.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status, StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT)
}
