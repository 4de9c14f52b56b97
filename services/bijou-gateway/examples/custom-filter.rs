//! A filter of one's own: `cargo run -p bijou-gateway --example custom-filter`, then the two lines it prints.
//!
//! It turns away whoever says to be a robot, and signs every answer. All else is the gateway as it comes.

use bijou_gateway::config::Config;
use bijou_gateway::filter::{Filters, InboundFilter, OutStep, OutboundFilter, Position, Step};
use bijou_gateway::{DEFAULT_SETTINGS, Gateway, Reply, Setup, Transit};
use http::{HeaderValue, StatusCode, header};

struct NoRobots;

impl InboundFilter for NoRobots {
    fn name(&self) -> &'static str {
        "no-robots"
    }

    fn inbound<'a>(&'a self, transit: &'a mut Transit) -> Step<'a> {
        let agent = transit.headers().get(header::USER_AGENT).and_then(|value| value.to_str().ok());
        if agent.is_some_and(|agent| agent.contains("robot")) {
            transit.note("no-robots", "turned away");
            return Step::answer(Reply::with_body(StatusCode::FORBIDDEN, "text/plain", "people only\n"));
        }
        Step::CONTINUE
    }
}

struct Signature;

impl OutboundFilter for Signature {
    fn name(&self) -> &'static str {
        "signature"
    }

    fn outbound<'a>(&'a self, _: &'a mut Transit, reply: &'a mut Reply) -> OutStep<'a> {
        reply.headers.insert("x-signed-by", HeaderValue::from_static("custom-filter"));
        OutStep::Done
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut config: Config = bijou_config::Layered::from_defaults(DEFAULT_SETTINGS)?.section("gateway")?;
    config.listen = ([127, 0, 0, 1], 0).into();
    let mut setup = Setup::new(config);
    setup.filters = Filters::new().inbound(Position::Before("route"), NoRobots).outbound(Position::Last, Signature);
    let gateway = Gateway::start(setup).await?;
    bijou_telemetry::install(&bijou_telemetry::LogSettings {
        level: "info".into(),
        format: bijou_telemetry::Format::Human,
        color: bijou_telemetry::Color::Auto,
    })?;
    tracing::info!("filters: {}", gateway.order().inbound.join(" -> "));
    tracing::info!("try: curl -i http://{}/healthz", gateway.addr());
    tracing::info!("and: curl -i -A robot http://{}/healthz", gateway.addr());
    tokio::signal::ctrl_c().await?;
    gateway.stop().await;
    Ok(())
}
