//! OTLP out of the platform into an OpenTelemetry collector: one request is one trace there, across services.
//!
//! The collector is the project's own, built by Go from its modules with the OTLP receiver and the debug exporter
//! (`conformance/otel`). It prints what it took; what it refused it would have said to the platform, which counts it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Checks;
use super::http;
use super::stage::{Running, free_port, wait_for};
use super::toolchains;
use crate::platform::Platform;
use crate::process::root;

/// A cold debug build on two busy cores.
const READY_MAX: Duration = Duration::from_mins(2);

pub fn run(checks: &mut Checks, executable: &Path) -> Result<()> {
    let collector = toolchains::otel_collector()?;
    // The platform's own folder is emptied when it starts.
    let folder = root().join("target/xtask/conformance-collector");
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let port = free_port()?;
    let config = folder.join("collector.yaml");
    fs::write(&config, collector_settings(port))?;
    let mut command = Command::new(collector);
    command.arg("--config").arg(&config);
    let mut collector = Running::start(&mut command, "collector", &folder)?;
    wait_for("the collector listens", || {
        collector.must_run()?;
        // A GET is not what it is there for, but shows that it is there.
        Ok(http::get(&format!("http://127.0.0.1:{port}/v1/traces"))?.status == 405)
    })?;

    let config = folder.join("bijou.toml");
    let both = format!("[demo]\nfetch_films = false\n[telemetry]\notlp = \"console,http://127.0.0.1:{port}\"\n");
    fs::write(&config, both)?;
    let config = config.to_str().context("the folder's name is text")?;
    let mut platform = Platform::start_patient(executable, "conformance-otlp", &["--config", config])?;
    platform.wait_until_ready(READY_MAX)?;
    let home = http::get(&format!("{}/v1/home", platform.url("gateway")?))?.expect(200)?;
    // The gateway names requests from outside itself.
    let request_id = home.header("x-request-id").context("the answer names no request")?;

    let printed = || -> Result<Printed> { Ok(Printed::read(&fs::read_to_string(folder.join("collector.log"))?)) };
    checks.run("OpenTelemetry collector: spans of the gateway and of services are one trace", || {
        wait_for("the trace has its services", || {
            let printed = printed()?;
            let services = printed.services_of(request_id).context("no span with the request's id")?;
            ensure!(services.contains("gateway") && services.len() > 1, "only of {services:?}");
            Ok(true)
        })
    });
    checks.run("OpenTelemetry collector: log lines of several roles came", || {
        wait_for("log lines are there", || Ok(printed()?.logging.len() > 1))
    });
    checks.run("OpenTelemetry collector: metrics of several roles came, with a trace for an example", || {
        wait_for("metrics are there", || {
            let printed = printed()?;
            let counting = printed.counting.get("http_server_request_duration_seconds").map_or(0, BTreeSet::len);
            Ok(counting > 1 && printed.has_example)
        })
    });
    Ok(())
}

fn collector_settings(port: u16) -> String {
    format!(
        "receivers:\n  otlp:\n    protocols:\n      http:\n        endpoint: 127.0.0.1:{port}\n\
         exporters:\n  debug:\n    verbosity: detailed\n    use_internal_logger: false\n\
         service:\n  pipelines:\n    traces:\n      receivers: [otlp]\n      exporters: [debug]\n    \
         logs:\n      receivers: [otlp]\n      exporters: [debug]\n    \
         metrics:\n      receivers: [otlp]\n      exporters: [debug]\n"
    )
}

/// What the debug exporter printed, as far as it is looked at.
#[derive(Debug, Default, PartialEq, Eq)]
struct Printed {
    /// Who has spans in a trace, by its id.
    traces: BTreeMap<String, BTreeSet<String>>,
    /// In which trace a request was.
    requests: BTreeMap<String, String>,
    /// Who has log lines.
    logging: BTreeSet<String>,
    /// Who has which metric.
    counting: BTreeMap<String, BTreeSet<String>>,
    /// Some histogram names a trace.
    has_example: bool,
}

/// What kind of records lines are about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Signal {
    Spans,
    Logs,
    Metrics,
}

impl Printed {
    fn read(text: &str) -> Self {
        let mut printed = Self::default();
        let (mut signal, mut service, mut trace) = (Signal::Spans, String::new(), String::new());
        for line in text.lines().map(str::trim) {
            let value = |name: &str| Some(line.strip_prefix(name)?.trim().strip_prefix(':')?.trim().to_owned());
            let attribute =
                |name: &str| line.strip_prefix("-> ")?.strip_prefix(name)?.strip_prefix(": Str(")?.strip_suffix(')');
            let begins = [
                ("ResourceSpans #", Signal::Spans),
                ("ResourceLog #", Signal::Logs),
                ("ResourceMetrics #", Signal::Metrics),
            ];
            if let Some((_, begun)) = begins.into_iter().find(|(word, _)| line.starts_with(word)) {
                signal = begun;
            } else if let Some(name) = attribute("service.name") {
                name.clone_into(&mut service);
                if signal == Signal::Logs {
                    printed.logging.insert(service.clone());
                }
            } else if let Some(id) = value("Trace ID").filter(|_| signal == Signal::Spans) {
                printed.traces.entry(id.clone()).or_default().insert(service.clone());
                trace = id;
            } else if let Some(id) = attribute("bijou.request_id").filter(|_| signal == Signal::Spans) {
                printed.requests.insert(id.to_owned(), trace.clone());
            } else if let Some(name) = line.strip_prefix("-> Name: ").filter(|_| signal == Signal::Metrics) {
                printed.counting.entry(name.to_owned()).or_default().insert(service.clone());
            } else if signal == Signal::Metrics && line.starts_with("-> Trace ID: ") {
                printed.has_example = true;
            }
        }
        printed
    }

    fn services_of(&self, request_id: &str) -> Option<&BTreeSet<String>> {
        self.traces.get(self.requests.get(request_id)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_debug_exporter_prints_is_read() {
        let text = "ResourceSpans #0\nResource SchemaURL: \nResource attributes:\n     -> service.name: Str(gateway)\n\
                    ScopeSpans #0\nSpan #0\n    Trace ID       : 0af7\n    Parent ID      : \n    Name           : GET\n\
                    Attributes:\n     -> bijou.request_id: Str(r-1)\n\
                    ResourceSpans #1\nResource attributes:\n     -> service.name: Str(catalog)\n\
                    Span #0\n    Trace ID       : 0af7\n\
                    ResourceLog #0\nResource attributes:\n     -> service.name: Str(identity)\n\
                    LogRecord #0\nTrace ID: 0bbb\n\
                    ResourceMetrics #0\nResource attributes:\n     -> service.name: Str(catalog)\n\
                    Metric #0\nDescriptor:\n     -> Name: held\n     -> Unit: \n";
        let printed = Printed::read(text);
        let both = BTreeSet::from(["catalog".to_owned(), "gateway".to_owned()]);
        assert_eq!(printed.services_of("r-1"), Some(&both));
        assert_eq!(printed.logging, BTreeSet::from(["identity".to_owned()]));
        assert_eq!(printed.traces.len(), 1, "the trace of a log line is not a span's");
        assert_eq!(printed.services_of("r-2"), None);
        assert_eq!(printed.counting["held"], BTreeSet::from(["catalog".to_owned()]));
    }
}
