//! The problem's schema for OpenAPI documents.
//!
//! Written by hand because the document is serialised by hand. The name `Problem` is the one schema name all services
//! share, and its schema is the same in each: merging documents may keep any of them.

use utoipa::openapi::schema::{AdditionalProperties, Object, ObjectBuilder, Schema, Type};
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use crate::Problem;

fn text(description: &str) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).description(Some(description))
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        let status = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .description(Some("The response's status."));
        let problem: Object = ObjectBuilder::new()
            .description(Some("Problem details (RFC 9457)."))
            .property("type", text("`/problems/<code>`."))
            .property("title", text("One short sentence, the same for every occurrence of the code."))
            .property("status", status)
            .property("detail", text("What happened this time and what to do."))
            .property("code", text("Stable name of the kind of problem: branch on this."))
            .property("request_id", text("Id of the request that failed."))
            .required("type")
            .required("title")
            .required("status")
            .required("code")
            .additional_properties(Some(AdditionalProperties::<Schema>::FreeForm(true)))
            .build();
        RefOr::T(Schema::Object(problem))
    }
}

impl ToSchema for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_called_problem() {
        assert_eq!(Problem::name(), "Problem");
    }
}
