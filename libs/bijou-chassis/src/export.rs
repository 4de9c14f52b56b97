//! The way of this role's spans, log lines and metrics to collectors: CONSOLE found in the registry, and addresses outside.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use bijou_client::{CallContext, CallError, Client, Outside};
use bijou_telemetry::{Answer, Collector, Destination, Role, Transport};
use bytes::Bytes;
use http::header::RETRY_AFTER;
use http::{HeaderMap, StatusCode};
use tokio_util::sync::CancellationToken;

use crate::{Bootstrap, BoxError, Context};

/// Longest wait for the collector to take a batch.
const TIMEOUT: Duration = Duration::from_secs(3);
/// Answers of OTLP are a few words.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
const PROTOBUF: &str = "application/x-protobuf";

/// Exports until `stop`, then once more.
pub(crate) fn export(
    context: &Context,
    bootstrap: &Bootstrap,
    stop: CancellationToken,
) -> impl Future<Output = ()> + Send + use<> {
    let (role, client, metrics) = (bootstrap.telemetry.clone(), context.client.clone(), context.metrics.clone());
    async move { export_all(role, client, move || metrics.encode(), stop).await }
}

/// Everything a role tells, until `stop`: spans, log lines, and `metrics` as `/metrics` shows them. Also for roles that do not
/// run on the chassis.
pub async fn export_all(role: Role, client: Client, metrics: impl Fn() -> String + Send, stop: CancellationToken) {
    let records = bijou_telemetry::export(role.clone(), to_collector(client.clone()), stop.clone().cancelled_owned());
    tokio::join!(records, bijou_telemetry::export_metrics(role, metrics, to_collector(client), stop.cancelled_owned()));
}

/// A transport over the platform's own client to the console, and over one that knows nothing of it to anybody else.
fn to_collector(client: Client) -> impl Transport {
    let outside = Arc::new(OnceLock::new());
    move |to, path, body| {
        let (client, outside) = (client.clone(), Arc::clone(&outside));
        async move {
            match to {
                Destination::Console => to_console(&client, path, body).await.map_err(Into::into),
                Destination::Collector(collector) => to_outside(&outside, &collector, path, body).await,
            }
        }
    }
}

async fn to_console(client: &Client, path: &'static str, body: Bytes) -> Result<Answer, CallError> {
    let request = client.to("CONSOLE").post(path).context(&CallContext::service()).attempt_timeout(TIMEOUT);
    let answer = request.body(PROTOBUF, body).send().await?;
    // 401: this process has just begun and the console does not know its key yet, which says nothing of the batch.
    let answer = if answer.status == StatusCode::UNAUTHORIZED { answer.success()? } else { answer };
    Ok(Answer { status: answer.status.as_u16(), retry_after: retry_after(&answer.headers), body: answer.body })
}

/// `outside` is made by whoever needs it first: most platforms have no outside collector and need no certificates.
async fn to_outside(
    outside: &OnceLock<Outside>,
    to: &Collector,
    path: &'static str,
    body: Bytes,
) -> Result<Answer, BoxError> {
    let outside = if let Some(outside) = outside.get() {
        outside
    } else {
        let made = Outside::new(TIMEOUT)?;
        outside.get_or_init(|| made)
    };
    let url = format!("{}{path}", to.url);
    let answer = outside.post(&url, PROTOBUF, to.headers.pairs(), body, TIMEOUT, ANSWER_BYTES_MAX).await?;
    Ok(Answer { status: answer.status.as_u16(), retry_after: retry_after(&answer.headers), body: answer.body })
}

/// Seconds only: with a date instead, the exporter's own pauses apply.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse().ok().map(Duration::from_secs)
}
