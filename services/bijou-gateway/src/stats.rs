//! Counters of the data path: one set per worker, written by that worker alone, summed when somebody asks.
//!
//! A counter has one writer, so it is bumped by a plain load and store: no locked instruction, no cache line that moves
//! between cores. Readers may see a request counted a moment before its duration; a scrape does not care.

mod edges;
mod histogram;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bijou_telemetry::SlowLimit;
use http::StatusCode;

use crate::balance::zones::Locality;
use histogram::{Histogram, write_histogram};

/// A number that only one thread writes.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    /// Adds; only ever called by the worker that owns it.
    pub fn add(&self, amount: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(amount), Relaxed);
    }

    /// Takes away; for numbers that go up and down.
    pub fn sub(&self, amount: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_sub(amount), Relaxed);
    }

    /// What it stands at.
    pub fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// What one worker knows about one route.
#[derive(Debug, Default)]
pub struct RouteStats {
    /// Requests by status from 100 to 599, a count for each that occurs.
    statuses: StatusCounts,
    pub duration: Histogram,
    /// What is slow here.
    pub usual: SlowLimit,
    /// Until the origin's head arrived, all attempts together.
    pub origin: Histogram,
    pub in_flight: Count,
    pub request_bytes: Count,
    pub response_bytes: Count,
    pub retries: Count,
    /// Attempts with instances, those that a fault answered in their place among them, and how many of all were not
    /// answered, or with 500 and above.
    pub attempts: Count,
    pub attempts_failed: Count,
    /// Attempts by the instance's [`Locality`], where the gateway has a zone.
    pub attempts_by_zone: [Count; Locality::ALL.len()],
    pub rate_limited: Count,
}

/// Counts by status code without a map: codes that services really send have a slot, the rest share one per class.
#[derive(Debug)]
struct StatusCounts([Count; STATUSES.len() + 5]);

const STATUSES: [u16; 27] = [
    101, 200, 201, 202, 204, 206, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 409, 412, 413, 422, 429, 499,
    500, 502, 503, 504,
];

impl Default for StatusCounts {
    fn default() -> Self {
        Self(std::array::from_fn(|_| Count::default()))
    }
}

impl StatusCounts {
    fn add(&self, status: u16) {
        let class = usize::from((status / 100).clamp(1, 5)) - 1;
        let slot = STATUSES.binary_search(&status).unwrap_or(STATUSES.len() + class);
        self.0[slot].add(1);
    }
}

impl RouteStats {
    /// Counts a finished request.
    pub fn finished(&self, status: StatusCode, took: Duration) {
        self.statuses.add(status.as_u16());
        self.duration.observe(took);
    }

    /// Counts a request whose client went away first.
    pub fn abandoned(&self, took: Duration) {
        self.statuses.add(499);
        self.duration.observe(took);
    }

    /// Requests finished so far.
    pub fn requests(&self) -> u64 {
        self.statuses.0.iter().map(Count::get).sum()
    }
}

/// What one worker knows about one filter.
#[derive(Debug, Default)]
pub struct FilterStats {
    /// Runs that were timed: all that waited, a sample of the rest.
    pub timed: Count,
    pub timed_ns: Count,
    /// Requests it answered itself.
    pub answered: Count,
    /// Requests refused because too many waited in it.
    pub overloaded: Count,
}

/// What one worker knows about itself.
#[derive(Debug, Default)]
pub struct WorkerStats {
    pub connections: Count,
    pub connections_opened: Count,
    pub connections_refused_heads: Count,
    pub connections_timed_out: Count,
    pub upstream_opened: Count,
    pub upstream_reused: Count,
    pub upstream_idle: Count,
    pub in_flight: Count,
    pub tunnels: Count,
    pub access_log_lines: Count,
    pub tokens_verified: Count,
    pub tokens_cached: Count,
    pub passports_signed: Count,
    /// Requests telemetry tells nothing of.
    pub traces_left_out: Count,
}

/// All counters of a gateway.
#[derive(Debug)]
pub struct Stats {
    workers: Arc<[WorkerStats]>,
    routes: Mutex<BTreeMap<Arc<str>, Arc<[RouteStats]>>>,
    filters: Mutex<BTreeMap<&'static str, Arc<[FilterStats]>>>,
    /// Failures the gateway answered with itself, by code; rare, so shared.
    failures: Mutex<BTreeMap<(&'static str, &'static str), u64>>,
    pub reloads: Mutex<Reloads>,
}

/// A number of `T` in the metrics: its name, kind, help, and how it is read.
type Number<T> = (&'static str, &'static str, &'static str, fn(&T) -> u64);

/// How configuration reloads went.
#[derive(Debug, Default, Clone)]
pub struct Reloads {
    pub accepted: u64,
    pub rejected: u64,
    /// Why the last file was not taken; `None` when it was.
    pub last_error: Option<String>,
}

impl Stats {
    /// Counters for so many workers.
    pub fn new(workers: usize) -> Self {
        Self {
            workers: per_worker(workers),
            routes: Mutex::default(),
            filters: Mutex::default(),
            failures: Mutex::default(),
            reloads: Mutex::default(),
        }
    }

    /// The counters of a route by id, the same ones as before a reload.
    pub fn route(&self, id: &Arc<str>) -> Arc<[RouteStats]> {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(routes.entry(Arc::clone(id)).or_insert_with(|| per_worker(self.workers.len())))
    }

    /// The counters of a filter by name.
    pub fn filter(&self, name: &'static str) -> Arc<[FilterStats]> {
        let mut filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(filters.entry(name).or_insert_with(|| per_worker(self.workers.len())))
    }

    /// The workers' own counters.
    pub fn workers(&self) -> &Arc<[WorkerStats]> {
        &self.workers
    }

    /// Counts a failure the gateway answered with itself.
    pub fn failed(&self, code: &'static str, category: &'static str) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        *failures.entry((code, category)).or_default() += 1;
    }

    /// Everything as OpenMetrics text, without the end mark.
    pub fn write(&self, out: &mut String) {
        self.write_routes(out)
            .and_then(|()| self.write_filters(out))
            .and_then(|()| self.write_workers(out))
            .expect("writing to a String cannot fail");
    }

    fn write_routes(&self, out: &mut String) -> std::fmt::Result {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        writeln!(
            out,
            "# HELP http_server_request_duration_seconds Time from a request's head to the last byte of its answer."
        )?;
        writeln!(out, "# TYPE http_server_request_duration_seconds histogram")?;
        writeln!(out, "# UNIT http_server_request_duration_seconds seconds")?;
        for (id, workers) in &routes {
            write_histogram(
                out,
                "http_server_request_duration_seconds",
                &format!("http_route=\"{id}\""),
                workers.iter().map(|one| &one.duration),
            )?;
        }
        writeln!(
            out,
            "# HELP http_client_request_duration_seconds Time until the origin's head arrived, all attempts together."
        )?;
        writeln!(out, "# TYPE http_client_request_duration_seconds histogram")?;
        writeln!(out, "# UNIT http_client_request_duration_seconds seconds")?;
        for (id, workers) in &routes {
            write_histogram(
                out,
                "http_client_request_duration_seconds",
                &format!("http_route=\"{id}\""),
                workers.iter().map(|one| &one.origin),
            )?;
        }
        writeln!(out, "# HELP bijou_gateway_requests Requests by route and status.")?;
        writeln!(out, "# TYPE bijou_gateway_requests counter")?;
        for (id, workers) in &routes {
            for slot in 0..STATUSES.len() + 5 {
                let total: u64 = workers.iter().map(|one| one.statuses.0[slot].get()).sum();
                if total > 0 {
                    let status =
                        STATUSES.get(slot).map_or_else(|| format!("{}xx", slot - STATUSES.len() + 1), u16::to_string);
                    writeln!(
                        out,
                        "bijou_gateway_requests_total{{http_route=\"{id}\",http_response_status_code=\"{status}\"}} {total}"
                    )?;
                }
            }
        }
        let numbers: [Number<RouteStats>; 5] = [
            ("http_server_active_requests", "gauge", "Requests being carried.", |one| one.in_flight.get()),
            ("bijou_gateway_request_bytes", "counter", "Bytes of request bodies.", |one| one.request_bytes.get()),
            ("bijou_gateway_response_bytes", "counter", "Bytes of answers' bodies as sent.", |one| {
                one.response_bytes.get()
            }),
            ("bijou_gateway_retries", "counter", "Attempts beyond the first.", |one| one.retries.get()),
            ("bijou_gateway_rate_limited", "counter", "Requests over their limit.", |one| one.rate_limited.get()),
        ];
        for (name, kind, help, read) in numbers {
            header(out, name, kind, help)?;
            for (id, workers) in &routes {
                let total = workers.iter().map(read).fold(0_u64, u64::wrapping_add);
                writeln!(out, "{name}{}{{http_route=\"{id}\"}} {total}", suffix(kind))?;
            }
        }
        header(out, "bijou_gateway_failures", "counter", "Answers that are the gateway's own problems, by code.")?;
        for ((code, category), total) in self.failures.lock().unwrap_or_else(PoisonError::into_inner).iter() {
            writeln!(out, "bijou_gateway_failures_total{{code=\"{code}\",category=\"{category}\"}} {total}")?;
        }
        Ok(())
    }

    fn write_filters(&self, out: &mut String) -> std::fmt::Result {
        let filters = self.filters.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let numbers: [Number<FilterStats>; 3] = [
            ("bijou_gateway_filter_timed_runs", "counter", "Runs of a filter that were timed.", |one| one.timed.get()),
            ("bijou_gateway_filter_answers", "counter", "Requests a filter answered itself.", |one| one.answered.get()),
            (
                "bijou_gateway_filter_overloads",
                "counter",
                "Requests refused because too many waited in a filter.",
                |one| one.overloaded.get(),
            ),
        ];
        for (name, kind, help, read) in numbers {
            header(out, name, kind, help)?;
            for (filter, workers) in &filters {
                writeln!(
                    out,
                    "{name}{}{{filter=\"{filter}\"}} {}",
                    suffix(kind),
                    workers.iter().map(read).sum::<u64>()
                )?;
            }
        }
        header(out, "bijou_gateway_filter_timed_seconds", "counter", "Time spent in the timed runs of a filter.")?;
        for (filter, workers) in &filters {
            let seconds = workers.iter().map(|one| one.timed_ns.get()).sum::<u64>() as f64 / 1e9;
            writeln!(out, "bijou_gateway_filter_timed_seconds_total{{filter=\"{filter}\"}} {seconds}")?;
        }
        Ok(())
    }

    fn write_workers(&self, out: &mut String) -> std::fmt::Result {
        let numbers: [Number<WorkerStats>; 14] = [
            ("bijou_gateway_connections", "gauge", "Open client connections.", |one| one.connections.get()),
            ("bijou_gateway_connections_opened", "counter", "Client connections accepted.", |one| {
                one.connections_opened.get()
            }),
            ("bijou_gateway_refused_heads", "counter", "Requests refused for their framing.", |one| {
                one.connections_refused_heads.get()
            }),
            (
                "bijou_gateway_connections_timed_out",
                "counter",
                "Client connections closed for slowness or idleness.",
                |one| one.connections_timed_out.get(),
            ),
            ("bijou_gateway_upstream_opened", "counter", "Connections opened to instances.", |one| {
                one.upstream_opened.get()
            }),
            ("bijou_gateway_upstream_reused", "counter", "Attempts that found an open connection.", |one| {
                one.upstream_reused.get()
            }),
            ("http_client_open_connections", "gauge", "Idle connections to instances.", |one| one.upstream_idle.get()),
            ("bijou_gateway_in_flight", "gauge", "Requests being carried.", |one| one.in_flight.get()),
            ("bijou_gateway_tunnels", "gauge", "Open WebSocket tunnels.", |one| one.tunnels.get()),
            ("bijou_gateway_access_log_lines", "counter", "Lines of the access log.", |one| one.access_log_lines.get()),
            ("bijou_gateway_tokens_verified", "counter", "Access tokens whose signature was checked.", |one| {
                one.tokens_verified.get()
            }),
            ("bijou_gateway_tokens_cached", "counter", "Access tokens that were known.", |one| one.tokens_cached.get()),
            ("bijou_gateway_passports_signed", "counter", "Passports signed.", |one| one.passports_signed.get()),
            (
                "bijou_gateway_traces_left_out",
                "counter",
                "Requests that were not sampled, did not fail and were not slow, or were too many of those.",
                |one| one.traces_left_out.get(),
            ),
        ];
        for (name, kind, help, read) in numbers {
            header(out, name, kind, help)?;
            for (worker, one) in self.workers.iter().enumerate() {
                writeln!(out, "{name}{}{{worker=\"{worker}\"}} {}", suffix(kind), read(one))?;
            }
        }
        let reloads = self.reloads.lock().unwrap_or_else(PoisonError::into_inner).clone();
        header(out, "bijou_gateway_config_reloads", "counter", "Configuration reloads by outcome.")?;
        writeln!(out, "bijou_gateway_config_reloads_total{{outcome=\"accepted\"}} {}", reloads.accepted)?;
        writeln!(out, "bijou_gateway_config_reloads_total{{outcome=\"rejected\"}} {}", reloads.rejected)?;
        header(
            out,
            "bijou_gateway_config_stale",
            "gauge",
            "1 while the configuration in use is older than a rejected file.",
        )?;
        writeln!(out, "bijou_gateway_config_stale {}", u8::from(reloads.last_error.is_some()))
    }
}

fn header(out: &mut String, name: &str, kind: &str, help: &str) -> std::fmt::Result {
    writeln!(out, "# HELP {name} {help}")?;
    writeln!(out, "# TYPE {name} {kind}")
}

fn suffix(kind: &str) -> &'static str {
    if kind == "counter" { "_total" } else { "" }
}

fn per_worker<T: Default>(workers: usize) -> Arc<[T]> {
    (0..workers).map(|_| T::default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_are_summed_and_routes_outlive_a_reload() {
        let stats = Stats::new(2);
        let id: Arc<str> = "catalog".into();
        stats.route(&id)[0].finished(StatusCode::OK, Duration::from_micros(300));
        stats.route(&id)[1].finished(StatusCode::OK, Duration::from_millis(6));
        stats.route(&id)[1].finished(StatusCode::IM_A_TEAPOT, Duration::from_secs(61));
        let mut text = String::new();
        stats.write(&mut text);
        for line in [
            "bijou_gateway_requests_total{http_route=\"catalog\",http_response_status_code=\"200\"} 2",
            "bijou_gateway_requests_total{http_route=\"catalog\",http_response_status_code=\"4xx\"} 1",
            "http_server_request_duration_seconds_bucket{http_route=\"catalog\",le=\"0.0005\"} 1",
            "http_server_request_duration_seconds_bucket{http_route=\"catalog\",le=\"0.01\"} 2",
            "http_server_request_duration_seconds_bucket{http_route=\"catalog\",le=\"+Inf\"} 3",
            "http_server_request_duration_seconds_count{http_route=\"catalog\"} 3",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is missing in\n{text}");
        }
    }

    #[test]
    fn the_list_of_statuses_can_be_searched() {
        assert!(STATUSES.is_sorted());
    }
}
