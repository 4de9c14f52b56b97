//! Turning a schema out of the middle of a document into one that stands alone.

use serde_json::{Value, json};

/// The schema with the document's components beside it, so that its references still point somewhere.
pub(crate) fn standing_alone(document: &Value, schema: &Value) -> Value {
    let mut alone = json!({ "allOf": [schema] });
    if let Some(components) = document.get("components") {
        alone["components"] = components.clone();
    }
    alone
}
