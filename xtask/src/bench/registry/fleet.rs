//! The instances everything is measured with: applications of equal size, as Spring services register.

use std::time::Duration;

use anyhow::{Result, bail};
use serde_json::json;

use super::load::{self, Pace};
use super::process::Server;

/// When everybody registered first, in milliseconds since 1970.
const BEGINNING_MS: u64 = 1_790_000_000_000;

/// So many applications of so many instances each.
#[derive(Clone, Copy, Debug)]
pub struct Fleet {
    pub applications: u64,
    pub each: u64,
}

impl Fleet {
    pub fn len(self) -> u64 {
        self.applications * self.each
    }

    /// Name of the application and id of the n-th instance, the applications in turn.
    pub fn name(self, number: u64) -> (String, String) {
        let number = number % self.len();
        let (app, one) = (number % self.applications, number / self.applications);
        (format!("SERVICE-{app}"), format!("host-{app}-{one}.example:service-{app}:8080"))
    }

    /// The registration of an instance, changed by its client so many milliseconds after the beginning. `build`: what it says
    /// of itself besides.
    pub fn body(self, number: u64, changed_ms: u64, build: u64) -> String {
        let (app, id) = self.name(number);
        let host = id.split(':').next().unwrap_or_default();
        let (name, dirty) = (app.to_lowercase(), BEGINNING_MS + changed_ms);
        json!({ "instance": {
            "instanceId": id, "hostName": host, "app": app, "ipAddr": "10.20.30.40", "status": "UP",
            "overriddenStatus": "UNKNOWN", "port": { "$": 8080, "@enabled": "true" },
            "securePort": { "$": 443, "@enabled": "false" }, "countryId": 1,
            "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
            "leaseInfo": { "renewalIntervalInSecs": 30, "durationInSecs": 1800 },
            "metadata": { "management.port": "8081", "zone": "zone-a", "version": format!("1.4.{build:013}") },
            "homePageUrl": format!("http://{host}:8080/"), "statusPageUrl": format!("http://{host}:8081/actuator/info"),
            "healthCheckUrl": format!("http://{host}:8081/actuator/health"), "vipAddress": name,
            "secureVipAddress": name, "isCoordinatingDiscoveryServer": "false",
            "lastUpdatedTimestamp": dirty.to_string(), "lastDirtyTimestamp": dirty.to_string(),
        } })
        .to_string()
    }

    /// POST of a registration.
    pub fn register(self, number: u64, changed_ms: u64, build: u64) -> Vec<u8> {
        let body = self.body(number, changed_ms, build);
        let path = format!("/eureka/apps/{}", self.name(number).0);
        let length = body.len();
        format!(
            "POST {path} HTTP/1.1\r\nhost: registry\r\naccept: application/json\r\ncontent-type: application/json\r\n\
             content-length: {length}\r\n\r\n{body}"
        )
        .into_bytes()
    }

    /// Everybody's registration, made beforehand.
    pub fn registrations(self) -> Registrations {
        Registrations((0..self.len()).map(|number| Prepared::new(self.register(number, 0, 0))).collect())
    }

    /// A heartbeat as Java clients send it. The time is that of the first registration.
    pub fn heartbeat(self, number: u64) -> Vec<u8> {
        let (app, id) = self.name(number);
        format!(
            "PUT /eureka/apps/{app}/{id}?status=UP&lastDirtyTimestamp=1790000000000 HTTP/1.1\r\nhost: registry\r\n\
             accept: application/json\r\ncontent-length: 0\r\n\r\n"
        )
        .into_bytes()
    }

    /// A look-up of one instance.
    pub fn look_up(self, number: u64) -> Vec<u8> {
        let (app, id) = self.name(number);
        get(&format!("/eureka/apps/{app}/{id}"), "application/json", "")
    }

    /// Registers everybody, once.
    pub fn arrive(self, server: &Server) -> Result<()> {
        let mut number = 0;
        while number < self.len() {
            // In rounds, so that a slow server is waited for.
            let from = number;
            let tally = load::run(server.address, 16, Pace::AsAnswered, Duration::from_secs(2), |asked| {
                number = number.max(from + asked + 1);
                self.register(from + asked, 0, 0)
            })?;
            if tally.completed == 0 || tally.refused > 0 {
                bail!("{} of {} registrations were refused by {}", tally.refused, tally.completed, server.name);
            }
        }
        Ok(())
    }
}

/// Registrations of which only times and builds are to be filled in. To make each on the spot takes the one thread that asks
/// longer than it takes a registry to answer, which then sleeps and is woken for every single request: that would be measured.
#[derive(Debug, Default)]
pub struct Registrations(Vec<Prepared>);

#[derive(Debug)]
struct Prepared {
    request: Vec<u8>,
    times_at: Vec<usize>,
    build_at: Vec<usize>,
}

impl Registrations {
    /// As [`Fleet::register`] makes it.
    pub fn nth(&self, number: u64, changed_ms: u64, build: u64) -> Vec<u8> {
        let Prepared { request, times_at, build_at } = &self.0[number as usize % self.0.len()];
        let mut request = request.clone();
        let mut put = |at: &usize, text: &str| request[*at..at + text.len()].copy_from_slice(text.as_bytes());
        let (time, build) = ((BEGINNING_MS + changed_ms).to_string(), format!("{build:013}"));
        for at in times_at {
            put(at, &time);
        }
        for at in build_at {
            put(at, &build);
        }
        request
    }
}

impl Prepared {
    fn new(request: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&request);
        let places = |of: String| text.match_indices(&of).map(|(at, _)| at).collect::<Vec<_>>();
        let times_at = places(BEGINNING_MS.to_string());
        let build_at = places(format!("{:013}", 0));
        Prepared { request, times_at, build_at }
    }
}

/// GET of a path, with an `Accept` and further header lines.
pub fn get(path: &str, accept: &str, headers: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: registry\r\naccept: {accept}\r\n{headers}\r\n").into_bytes()
}
