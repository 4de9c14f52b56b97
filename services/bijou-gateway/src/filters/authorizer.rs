//! An outside opinion: a route may name an HTTP service that is asked before every request.
//!
//! It gets a GET with the passport, the request id and, in `x-original-method`, `-host` and `-path`, exactly the strings
//! the gateway itself matched and will forward; never the body. 2xx lets the request pass, and fields of that answer
//! that begin with `bijou-auth-` go to the service. 401 and 403 refuse it, in the authoriser's own words when they are a
//! problem document. Anything else, and no answer, refuses with 503 unless the route says `authorizer_optional`.

use std::rc::Rc;
use std::time::{Duration, Instant};

use bijou_problem::Problem;
use bijou_resilience::Deadline;
use http::header::{self, HeaderMap, HeaderName, HeaderValue};
use http::{Request, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};

use crate::balance::choose;
use crate::body::RequestBody;
use crate::failure::Failure;
use crate::filter::{InboundFilter, Step, Verdict};
use crate::forward::{DEADLINE, common};
use crate::routes::Authorizer;
use crate::transit::Transit;
use crate::upstream::{Answer, Exchange};

const ORIGINAL_METHOD: HeaderName = HeaderName::from_static("x-original-method");
const ORIGINAL_HOST: HeaderName = HeaderName::from_static("x-original-host");
const ORIGINAL_PATH: HeaderName = HeaderName::from_static("x-original-path");
const ORIGINAL_QUERY: HeaderName = HeaderName::from_static("x-original-query");
/// Fields the authoriser may add to the request.
const GRANTED_PREFIX: &str = "bijou-auth-";
/// It decides about every request: it has to be quick.
const TIME_MAX: Duration = Duration::from_secs(2);
const PROBLEM_BYTES_MAX: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct AskAuthorizer;

impl InboundFilter for AskAuthorizer {
    fn name(&self) -> &'static str {
        "authorizer"
    }

    fn waiting_max(&self) -> u32 {
        1_000
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let active = Rc::clone(&transit.active);
        let Some(index) = transit.route else { return Step::CONTINUE };
        if active.table().routes()[index].authorizer.is_none() {
            return Step::CONTINUE;
        }
        Step::Wait(Box::pin(async move {
            let Some(authorizer) = &active.table().routes()[index].authorizer else { return Verdict::Continue };
            match ask(transit, authorizer).await {
                Ok(granted) => {
                    transit.headers_mut().extend(granted);
                    Verdict::Continue
                }
                Err(Failure::AuthorizerUnavailable) if authorizer.optional => {
                    transit.note("authorizer", "could not be asked, the route lets requests pass");
                    Verdict::Continue
                }
                Err(failure) => Verdict::answer(failure),
            }
        }))
    }
}

async fn ask(transit: &mut Transit, authorizer: &Authorizer) -> Result<HeaderMap, Failure> {
    let now = Instant::now();
    let deadline = transit.deadline.earlier(Deadline::after(now, TIME_MAX));
    let worker = Rc::clone(&transit.worker);
    let instances = worker.directory.instances(&authorizer.target);
    let moment = worker.clock.now();
    let choice =
        choose(instances.len(), |index| Some(instances[index].health.score(moment)), &mut *worker.rng.borrow_mut());
    let Some(instance) = choice.map(|choice| &instances[choice.index]) else {
        return Err(Failure::AuthorizerUnavailable);
    };

    let mut request = Request::new(RequestBody::Empty);
    *request.uri_mut() = authorizer.path.parse::<Uri>().unwrap_or_default();
    common(transit, request.headers_mut());
    let headers = request.headers_mut();
    headers
        .insert(header::HOST, HeaderValue::try_from(instance.addr.to_string()).expect("an address is a header value"));
    headers.insert(DEADLINE, HeaderValue::from(deadline.remaining(now).as_millis() as u64));
    for (name, value) in [
        (ORIGINAL_METHOD, transit.method().as_str()),
        (ORIGINAL_HOST, transit.host()),
        (ORIGINAL_PATH, transit.path()),
        (ORIGINAL_QUERY, transit.query().unwrap_or_default()),
    ] {
        headers.insert(name, HeaderValue::from_str(value).map_err(|_| Failure::AuthorizerUnavailable)?);
    }
    let asked = tokio::time::timeout_at(deadline.instant().into(), answer_of(&worker, instance, request)).await;
    if let Ok(Ok(answer)) = asked {
        instance.health.answered();
        return answer;
    }
    instance.health.failed(moment);
    Err(Failure::AuthorizerUnavailable)
}

/// The authoriser's decision; `Err(())` when there is none.
async fn answer_of(
    worker: &crate::worker::Worker,
    instance: &Rc<crate::upstream::Instance>,
    request: Request<RequestBody>,
) -> Result<Result<HeaderMap, Failure>, ()> {
    let Ok(Answer::Response(response)) = worker.exchange.exchange(instance, request).await else { return Err(()) };
    let (parts, body) = response.into_parts();
    match parts.status {
        status if status.is_success() => {
            // Read to its end, so that the connection can be used again.
            let _ = Limited::new(body, PROBLEM_BYTES_MAX).collect().await;
            let granted = parts.headers.iter().filter(|(name, _)| name.as_str().starts_with(GRANTED_PREFIX));
            Ok(Ok(granted.map(|(name, value)| (name.clone(), value.clone())).collect()))
        }
        status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN) => {
            let problem = Limited::new(body, PROBLEM_BYTES_MAX).collect().await.ok();
            let problem = problem.and_then(|body| Problem::parse(status, &body.to_bytes()));
            Ok(Err(Failure::Denied { status, problem: problem.map(Box::new) }))
        }
        _ => Err(()),
    }
}
