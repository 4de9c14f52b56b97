//! The way of this role's spans and log lines to a collector: CONSOLE found in the registry, or an address.

use std::time::Duration;

use bijou_client::{CallContext, CallError, Client};
use bijou_telemetry::{Otlp, TelemetrySettings, Transport};
use bytes::Bytes;
use tokio_util::sync::CancellationToken;

use crate::{Bootstrap, Context};

/// Longest wait for the collector to take a batch.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Exports until `stop`, then once more.
pub(crate) fn export(
    context: &Context,
    bootstrap: &Bootstrap,
    stop: CancellationToken,
) -> impl Future<Output = ()> + Send + use<> {
    let (role, client) = (bootstrap.telemetry.clone(), context.client.clone());
    let otlp = bootstrap.settings.section::<TelemetrySettings>("telemetry").map_or(Otlp::Off, |settings| settings.otlp);
    async move { bijou_telemetry::export(role, to_collector(client, otlp), stop.cancelled_owned()).await }
}

/// A transport over the platform's own client. Also for roles that do not run on the chassis.
pub fn to_collector(client: Client, otlp: Otlp) -> impl Transport {
    move |path, body| {
        let (client, otlp) = (client.clone(), otlp.clone());
        async move { send(&client, &otlp, path, body).await.map_err(Into::into) }
    }
}

async fn send(client: &Client, otlp: &Otlp, path: &'static str, body: Bytes) -> Result<(), CallError> {
    let target = match otlp {
        Otlp::Console => client.to("CONSOLE"),
        Otlp::Url(base) => client.to_url("OTLP", base)?,
        Otlp::Off => return Ok(()),
    };
    let request = target.post(path).context(&CallContext::service()).attempt_timeout(TIMEOUT);
    request.body("application/x-protobuf", body).send().await?.success()?;
    Ok(())
}
