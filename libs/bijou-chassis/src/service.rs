//! What a service hands to the chassis: its routes, and what runs beside them.

use std::future::Future;
use std::pin::Pin;

use axum::response::Response;
use bijou_problem::Problem;
use bijou_store::Database;
use utoipa_axum::router::OpenApiRouter;

use crate::BoxError;

/// A service ready to be served.
#[must_use = "a service does nothing until the chassis runs it"]
pub struct Service {
    pub(crate) routes: OpenApiRouter,
    pub(crate) events: Option<Database>,
    pub(crate) tasks: Vec<BackgroundTask>,
    pub(crate) closers: Vec<Closer>,
    pub(crate) error_forms: Vec<ErrorForm>,
    pub(crate) untraced: Vec<&'static str>,
}

/// Work that goes on beside the requests, until `Context::shutdown` is cancelled.
pub(crate) struct BackgroundTask {
    pub(crate) name: &'static str,
    pub(crate) future: Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send>>,
}

/// The last step of a stop.
pub(crate) type Closer = Pin<Box<dyn Future<Output = ()> + Send>>;

/// How problems look below a path whose clients expect another form.
#[derive(Clone)]
pub(crate) struct ErrorForm {
    pub(crate) prefix: &'static str,
    pub(crate) render: fn(&Problem) -> Response,
}

impl Service {
    /// A service of these routes, with their state applied.
    pub fn new(routes: OpenApiRouter) -> Self {
        Self {
            routes,
            events: None,
            tasks: Vec::new(),
            closers: Vec::new(),
            error_forms: Vec::new(),
            untraced: Vec::new(),
        }
    }

    /// Serves this database's outbox at `GET /events`, for service passports only.
    pub fn with_events(mut self, database: Database) -> Self {
        self.events = Some(database);
        self
    }

    /// Runs a task beside the requests. It has to end soon after `Context::shutdown` is cancelled; when it fails before
    /// that, the role stops with its error, because a role that quietly stopped doing half its work is worse than one
    /// that is started again.
    pub fn with_task(
        mut self,
        name: &'static str,
        task: impl Future<Output = Result<(), BoxError>> + Send + 'static,
    ) -> Self {
        self.tasks.push(BackgroundTask { name, future: Box::pin(task) });
        self
    }

    /// Runs last on the way down, when nothing uses the service's resources any more: closing a database.
    pub fn with_closing(mut self, close: impl Future<Output = ()> + Send + 'static) -> Self {
        self.closers.push(Box::pin(close));
        self
    }

    /// Answers every error below `prefix` in another form than problem details, those of the chassis included.
    pub fn with_error_form(mut self, prefix: &'static str, render: fn(&Problem) -> Response) -> Self {
        self.error_forms.push(ErrorForm { prefix, render });
        self
    }

    /// Keeps requests below `prefix` out of traces and log lines: who receives telemetry must not make more of it.
    pub fn without_traces(mut self, prefix: &'static str) -> Self {
        self.untraced.push(prefix);
        self
    }
}
