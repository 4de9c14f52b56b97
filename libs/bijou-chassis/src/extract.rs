//! Extractors for handlers: as axum's, but every failure is a problem that names what is wrong and where.
//!
//! The names are axum's on purpose, so that `utoipa::path` reads the same things out of a handler's signature.

pub(crate) mod body;
mod caller;
mod context;
mod form;
mod json;
mod path;
mod query;

pub use body::read_body;
pub use caller::Caller;
pub use context::RequestContext;
pub use form::Form;
pub use json::Json;
pub use path::Path;
pub use query::Query;
