//! Every endpoint of the internal listener: where roles and other programs deliver their telemetry.

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use bijou_chassis::{Caller, Reject, read_body};
use bijou_problem::Problem;
use http::Request;
use opentelemetry_proto::tonic::collector::logs::v1::{ExportLogsServiceRequest, ExportLogsServiceResponse};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsPartialSuccess, ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::otlp::{self, Encoding};
use crate::state::Shared;

/// Router and document in one.
pub fn routes() -> OpenApiRouter<Shared> {
    OpenApiRouter::new().routes(routes!(export_traces)).routes(routes!(export_logs)).routes(routes!(export_metrics))
}

/// Deliver spans
///
/// OTLP/HTTP: an `ExportTraceServiceRequest`, as protobuf or JSON, gzip allowed. For services only.
#[utoipa::path(
    post, path = "/v1/traces", tag = "telemetry",
    request_body(content((Object = "application/x-protobuf"), (Object = "application/json"))),
    responses(
        (status = 200, description = "Taken; `partial_success` names what was not",
         content((Object = "application/x-protobuf"), (Object = "application/json"))),
        (status = 400, description = "Not the OTLP message", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a service", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn export_traces(
    State(shared): State<Shared>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Reject> {
    caller.require_service()?;
    let headers = request.headers().clone();
    let encoding = Encoding::of(&headers)?;
    let body = otlp::unpack(&headers, read_body(request).await?)?;
    let (spans, unusable) = otlp::spans(encoding.read::<ExportTraceServiceRequest>(&body)?);
    shared.take_spans(spans, unusable);
    let partial_success = (unusable > 0).then(|| ExportTracePartialSuccess {
        rejected_spans: unusable as i64,
        error_message: "trace or span id is not of the right length".to_owned(),
    });
    Ok(encoding.answer(&ExportTraceServiceResponse { partial_success }))
}

/// Deliver log lines
///
/// OTLP/HTTP: an `ExportLogsServiceRequest`, as protobuf or JSON, gzip allowed. For services only.
#[utoipa::path(
    post, path = "/v1/logs", tag = "telemetry",
    request_body(content((Object = "application/x-protobuf"), (Object = "application/json"))),
    responses(
        (status = 200, description = "Taken", content((Object = "application/x-protobuf"), (Object = "application/json"))),
        (status = 400, description = "Not the OTLP message", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a service", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn export_logs(State(shared): State<Shared>, caller: Caller, request: Request<Body>) -> Result<Response, Reject> {
    caller.require_service()?;
    let headers = request.headers().clone();
    let encoding = Encoding::of(&headers)?;
    let body = otlp::unpack(&headers, read_body(request).await?)?;
    shared.take_logs(otlp::logs(encoding.read::<ExportLogsServiceRequest>(&body)?));
    Ok(encoding.answer(&ExportLogsServiceResponse::default()))
}

/// Deliver metrics
///
/// OTLP/HTTP: an `ExportMetricsServiceRequest`, as protobuf or JSON, gzip allowed. For services only, and for those that are
/// not asked for `/metrics`. Sums and histograms have to be added up since the start (`cumulative`, which is every
/// exporter's default); summaries and exponential histograms are not taken.
#[utoipa::path(
    post, path = "/v1/metrics", tag = "telemetry",
    request_body(content((Object = "application/x-protobuf"), (Object = "application/json"))),
    responses(
        (status = 200, description = "Taken; `partial_success` names what was not",
         content((Object = "application/x-protobuf"), (Object = "application/json"))),
        (status = 400, description = "Not the OTLP message", body = Problem, content_type = "application/problem+json"),
        (status = 403, description = "Not a service", body = Problem, content_type = "application/problem+json"),
    )
)]
async fn export_metrics(
    State(shared): State<Shared>,
    caller: Caller,
    request: Request<Body>,
) -> Result<Response, Reject> {
    caller.require_service()?;
    let headers = request.headers().clone();
    let encoding = Encoding::of(&headers)?;
    let body = otlp::unpack(&headers, read_body(request).await?)?;
    let (told, unusable) = otlp::metrics(encoding.read::<ExportMetricsServiceRequest>(&body)?);
    let left_out = shared.take_metrics(told, unusable);
    let why = match (unusable, left_out) {
        (0, 0) => None,
        (0, _) => Some("there are too many series"),
        _ => Some("only gauges, and sums and histograms that are added up since the start, are taken"),
    };
    let partial_success = why.map(|why| ExportMetricsPartialSuccess {
        rejected_data_points: (unusable + left_out) as i64,
        error_message: why.to_owned(),
    });
    Ok(encoding.answer(&ExportMetricsServiceResponse { partial_success }))
}
