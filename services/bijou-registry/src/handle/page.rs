//! The page for people: one document, one style sheet, one script, compiled in. Everything it shows it asks of the same
//! REST interface as everybody else, with the rights of whoever looks at it.

use http::{HeaderValue, StatusCode, header};

use crate::{
    answer::{self, Answer},
    path::Part,
};

/// Nothing from elsewhere, nothing inline: a name that is markup in disguise has nothing to run.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

pub fn answer(part: Part) -> Answer {
    let (kind, text) = match part {
        Part::Document => ("text/html; charset=utf-8", include_str!("../page/registry.html")),
        Part::Style => ("text/css; charset=utf-8", include_str!("../page/registry.css")),
        Part::Script => ("text/javascript; charset=utf-8", include_str!("../page/registry.js")),
    };
    [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        // It is small, and must never be older than the registry it talks to.
        (header::CACHE_CONTROL, "no-cache"),
    ]
    .into_iter()
    .fold(answer::whole(StatusCode::OK, kind, text), |answer, (name, value)| {
        answer.with(name, HeaderValue::from_static(value))
    })
}

pub fn redirect() -> Answer {
    answer::empty(StatusCode::FOUND).with(header::LOCATION, HeaderValue::from_static("/"))
}
