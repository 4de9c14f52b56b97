//! Reading: lists, one application, one instance, by VIP address.

use http::{HeaderValue, StatusCode};
use tokio::{sync::broadcast::error::RecvError, time::timeout};

use super::{Asked, not_acceptable};
use crate::{
    answer::{self, Answer},
    documents::{self, Form, List},
    leases::Current,
    negotiate,
    registry::Reader,
    settings::Right,
};

pub async fn all(asked: &Asked<'_>) -> Answer {
    list(asked, List::All).await
}

pub async fn delta(asked: &Asked<'_>) -> Answer {
    list(asked, List::Delta).await
}

/// A list. Who names the version it has (`If-None-Match`) is told when there is no newer one, and may have us wait for
/// one (`Prefer: wait=20`).
async fn list(asked: &Asked<'_>, list: List) -> Answer {
    let registry = asked.registry();
    let Some(form) = negotiate::answer_form(asked.fields) else { return not_acceptable() };
    let reader = Reader::new(asked.caller, asked.query_value("regions").as_deref());
    if !registry.are_ready(&reader) {
        return answer::refused(StatusCode::FORBIDDEN, "another region was not read yet");
    }
    if let Some(known) = asked.fields.text("if-none-match") {
        if let Some(wait) = negotiate::wait(asked.fields) {
            let mut changes = registry.changes();
            let mut elsewhere = registry.regions.changes();
            let changed = async {
                // Whatever ends the wait, the version is looked at again below.
                while known == registry.tag(&reader, list) {
                    tokio::select! {
                        told = changes.recv() => if matches!(told, Err(RecvError::Closed)) { return },
                        told = elsewhere.changed() => if told.is_err() { return },
                    }
                }
            };
            tokio::select! {
                _ = timeout(wait, changed) => {}
                () = asked.site.shutdown.cancelled() => {}
            }
        }
        let now = registry.tag(&reader, list);
        if known == now {
            return answer::not_modified(text(now));
        }
    }
    let (tag, document) = registry.document(&reader, list, form);
    let is_gzip = negotiate::takes_gzip(asked.fields);
    let body = document.body(is_gzip, asked.takes_files).await;
    answer::list(form, body, is_gzip, tag)
}

pub async fn application(asked: &Asked<'_>, app: &str) -> Answer {
    let Some(form) = negotiate::answer_form(asked.fields) else { return not_acceptable() };
    let Some(listed) = asked.registry().application(app) else { return answer::empty(StatusCode::NOT_FOUND) };
    passing(asked, form, documents::application(form, &listed)).await
}

pub async fn vip(asked: &Asked<'_>, address: &str, is_secure: bool) -> Answer {
    let Some(form) = negotiate::answer_form(asked.fields) else { return not_acceptable() };
    let contents = asked.registry().vip(address, is_secure, asked.caller.apps(Right::Read));
    passing(asked, form, documents::passing(form, &contents)).await
}

/// A list that nobody keeps. It has a tag by what is in it, so that asking again costs no bytes.
async fn passing(asked: &Asked<'_>, form: Form, body: Vec<u8>) -> Answer {
    let tag = format!("W/\"{:016x}\"", documents::fingerprint(&body));
    if asked.fields.text("if-none-match").is_some_and(|known| known == tag) {
        return answer::not_modified(text(tag));
    }
    let is_gzip = negotiate::takes_gzip(asked.fields);
    let body = if is_gzip { documents::compressed(body.into()).await } else { body.into() };
    answer::list(form, body, is_gzip, text(tag))
}

fn text(tag: String) -> HeaderValue {
    HeaderValue::try_from(tag).expect("letters and digits may stand in a header")
}

pub fn one(asked: &Asked<'_>, found: Option<Current>) -> Answer {
    let Some(form) = negotiate::answer_form(asked.fields) else { return not_acceptable() };
    let Some(Current { record, lease }) = found else { return answer::empty(StatusCode::NOT_FOUND) };
    answer::instance(form, documents::instance(form, &record.instance, &lease))
}
