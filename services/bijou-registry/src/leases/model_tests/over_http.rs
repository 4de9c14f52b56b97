//! The whole registry against the model: every step is a request, in JSON or XML, under either prefix, by a client; what
//! is compared is what readers are answered.

use std::time::Duration;

use bijou_eureka::{json, xml};
use http::{Method, StatusCode};

use super::*;
use crate::{
    in_process::{Answer, InProcess},
    settings::{SelfPreservation, Settings},
};

const JSON: (&str, &str) = ("accept", "application/json");
const XML: (&str, &str) = ("accept", "application/xml");

/// Makes a step a request. What it finds, by its status; `None` where that says nothing.
async fn make(site: &InProcess, step: &Step, prefix: &str, by_xml: bool) -> Result<Option<bool>, StatusCode> {
    let at = |app: u8, id: u8, rest: &str| {
        let (app, id) = names(app, id);
        format!("{prefix}/apps/{app}/{id}{rest}")
    };
    let (method, path) = match *step {
        Step::Register { app, id, duration_s, version, status } => {
            let instance = instance(app, id, duration_s, version, status);
            let mut body = Vec::new();
            let media_type = if by_xml {
                xml::write_instance(&mut body, &instance, 0);
                "application/xml"
            } else {
                json::write_instance_document(&mut body, &instance);
                "application/json"
            };
            let path = format!("{prefix}/apps/{}", names(app, id).0);
            let answer = site.ask(Method::POST, &path, &[("content-type", media_type)], &body).await;
            return if answer.status == StatusCode::NO_CONTENT { Ok(None) } else { Err(answer.status) };
        }
        Step::Renew { app, id } => (Method::PUT, at(app, id, "?status=UP")),
        Step::Cancel { app, id } => (Method::DELETE, at(app, id, "")),
        Step::Override { app, id, status } => (Method::PUT, at(app, id, &format!("/status?value={status}"))),
        Step::RemoveOverride { app, id } => (Method::DELETE, at(app, id, "/status?value=UNKNOWN")),
        Step::Wait { ms } => {
            tokio::time::advance(Duration::from_millis(ms)).await;
            site.registry().sweep();
            return Ok(None);
        }
    };
    match site.ask(method, &path, &[], b"{}").await.status {
        StatusCode::OK => Ok(Some(true)),
        StatusCode::NOT_FOUND => Ok(Some(false)),
        other => Err(other),
    }
}

fn said(list: &Applications) -> BTreeMap<(String, String), Status> {
    let instances = list.applications.iter().flat_map(|application| &application.instances);
    instances.map(|instance| ((instance.app.clone(), instance.id().to_owned()), instance.status)).collect()
}

fn list(answer: &Answer) -> Applications {
    assert_eq!(answer.status, StatusCode::OK);
    if answer.body.starts_with(b"<") {
        xml::read_applications(&answer.body)
    } else {
        json::read_applications(&answer.body)
    }
    .expect("a list")
}

/// What every reader is told, against the model.
async fn compare(site: &InProcess, model: &Model, polled: &mut BTreeMap<(String, String), Status>) {
    let expected = model.statuses();
    let hash_code = Applications::hash_code_of(expected.values().copied());
    for headers in
        [&[JSON][..], &[XML], &[JSON, ("x-eureka-accept", "compact")], &[XML, ("x-eureka-accept", "compact")]]
    {
        let told = list(&site.ask(Method::GET, "/eureka/apps", headers, b"").await);
        assert_eq!((said(&told), told.hash_code), (expected.clone(), hash_code.clone()), "{headers:?}");
    }
    let delta = list(&site.ask(Method::GET, "/eureka/v2/apps/delta", &[JSON], b"").await);
    for instance in delta.applications.iter().flat_map(|application| &application.instances) {
        let key = (instance.app.clone(), instance.id().to_owned());
        match instance.action {
            Some(ActionType::Deleted) => drop(polled.remove(&key)),
            _ => drop(polled.insert(key, instance.status)),
        }
    }
    assert_eq!((&*polled, &delta.hash_code), (&expected, &hash_code), "who applies deltas");
    for app in ["APP0", "APP1"] {
        let of_app = expected.iter().filter(|((name, _), _)| name == app);
        let of_app = of_app.map(|(key, status)| (key.clone(), *status)).collect::<BTreeMap<_, _>>();
        let vip = format!("/eureka/vips/{}", app.to_lowercase());
        assert_eq!(said(&list(&site.ask(Method::GET, &vip, &[XML], b"").await)), of_app, "{vip}");
        let answer = site.ask(Method::GET, &format!("/eureka/apps/{app}"), &[JSON], b"").await;
        assert_eq!(answer.status == StatusCode::OK, !of_app.is_empty(), "{app}");
        for id in 0..4_u8 {
            let key = (app.to_owned(), format!("i{id}"));
            let answer = site.ask(Method::GET, &format!("/eureka/apps/{app}/i{id}"), &[JSON], b"").await;
            let told =
                (answer.status == StatusCode::OK).then(|| json::read_instance(&answer.body).expect("readable").status);
            assert_eq!(told, expected.get(&key).copied(), "{key:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_registry_answers_what_the_model_says(
        steps in proptest::collection::vec((step(), any::<bool>(), any::<bool>()), 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        runtime.expect("a runtime").block_on(async {
            // The model keeps nobody beyond a lease.
            let self_preservation = SelfPreservation { enabled: false, ..SelfPreservation::default() };
            let site = InProcess::start(&Settings { self_preservation, ..Settings::default() });
            let mut model = Model::default();
            let mut polled = BTreeMap::new();
            for (step, is_v2, by_xml) in steps {
                let found = make(&site, &step, if is_v2 { "/eureka/v2" } else { "/eureka" }, by_xml).await;
                let expected = model.take(&step, site.registry().now().mono_ms);
                assert_eq!(found, Ok(expected), "{step:?}");
                compare(&site, &model, &mut polled).await;
            }
        });
    }
}
