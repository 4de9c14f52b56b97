//! What goes to each application: the edges of the console's map, under the names every role has for its calls.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, PoisonError};

use super::histogram::write_histogram;
use super::{Number, RouteStats, Stats, header};
use crate::balance::zones::Locality;

impl Stats {
    /// What goes to each application, under the names every role has for its calls; `apps` says whose a route is.
    pub fn write_edges(&self, out: &mut String, apps: &BTreeMap<Arc<str>, Arc<str>>) -> std::fmt::Result {
        let routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut by_app: BTreeMap<String, Vec<Arc<[RouteStats]>>> = BTreeMap::new();
        for (id, workers) in routes {
            if let Some(app) = apps.get(&id) {
                by_app.entry(app.to_ascii_lowercase()).or_default().push(workers);
            }
        }
        let numbers: [Number<RouteStats>; 3] = [
            ("bijou_edge_attempts", "counter", "Attempts at calls to a role.", |one| one.attempts.get()),
            ("bijou_edge_failures", "counter", "Attempts that were not answered, or with 500 and above.", |one| {
                one.attempts_failed.get()
            }),
            ("bijou_edge_retries", "counter", "Attempts behind the first.", |one| one.retries.get()),
        ];
        for (name, kind, help, read) in numbers {
            header(out, name, kind, help)?;
            for (app, routes) in &by_app {
                let total: u64 = routes.iter().flat_map(|workers| workers.iter()).map(read).sum();
                writeln!(out, "{name}_total{{to=\"{app}\"}} {total}")?;
            }
        }
        header(out, "bijou_edge_zone_attempts", "counter", "Attempts by where the instance is, seen from here.")?;
        for (app, routes) in &by_app {
            let workers = || routes.iter().flat_map(|workers| workers.iter());
            let totals =
                Locality::ALL.map(|at| workers().map(|one| one.attempts_by_zone[at as usize].get()).sum::<u64>());
            // Without a zone there is nothing to tell.
            for (locality, total) in Locality::ALL.iter().zip(totals).filter(|_| totals != [0; 3]) {
                writeln!(out, "bijou_edge_zone_attempts_total{{to=\"{app}\",zone=\"{}\"}} {total}", locality.name())?;
            }
        }
        header(out, "bijou_edge_seconds", "histogram", "Time until an answer's head, all attempts together.")?;
        writeln!(out, "# UNIT bijou_edge_seconds seconds")?;
        for (app, routes) in &by_app {
            let parts = routes.iter().flat_map(|workers| workers.iter()).map(|one| &one.origin);
            write_histogram(out, "bijou_edge_seconds", &format!("to=\"{app}\""), parts)?;
        }
        Ok(())
    }
}
