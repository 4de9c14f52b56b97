//! The first minute: who is there, who is missing, and then where to go.
//!
//! Presence is read from the registry, the way every other role does it; the last word has the gateway's `/readyz`.

use std::time::{Duration, Instant};

use anyhow::Result;
use bijou_client::{Client, ClientConfig};
use bijou_eureka::{Discovery, Snapshot};
use serde::Deserialize;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::data_folder::{DataFolder, Secrets};
use super::plan::Plan;
use super::ports::Ports;
use crate::terminal::Screen;

const ASK_EVERY: Duration = Duration::from_millis(150);
/// After so long people want to know what it is that takes so long, and again each time.
const EXPLAIN_EVERY: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub struct Watcher<'a> {
    pub plan: &'a Plan,
    pub ports: &'a Ports,
    pub folder: &'a DataFolder,
    pub screen: &'a Screen,
    pub started: Instant,
    pub secrets: &'a Secrets,
}

/// What we read of the gateway's answer; more may be in it.
#[derive(Debug, Default, Deserialize)]
struct Readiness {
    #[serde(default)]
    checks: Vec<Check>,
}

#[derive(Debug, Deserialize)]
struct Check {
    name: String,
    ready: bool,
    #[serde(default)]
    informational: bool,
    reason: Option<String>,
}

impl Watcher<'_> {
    /// Shows the way to readiness, then where to go, and then never returns.
    pub async fn watch(&self) -> Result<()> {
        let following = CancellationToken::new();
        let discovery = Discovery::start(&format!("http://{}/eureka", self.ports.registry), following.clone())?;
        let client = Client::standalone(ClientConfig::default(), None, "supervisor");
        let mut present = Vec::new();
        let mut explain_at = EXPLAIN_EVERY;
        let mut blink = 0_usize;
        loop {
            let snapshot = discovery.snapshot();
            let missing = self.greet(&snapshot, &mut present);
            let waits_for = if missing.is_empty() { self.ask(&client).await } else { Some(some_of(&missing)) };
            let Some(waits_for) = waits_for else { break };
            let elapsed = self.started.elapsed();
            let share = present.len() * 5 / self.plan.members.len().max(1);
            blink += 1;
            let text = format!("{:.0} s, waiting for {waits_for}", elapsed.as_secs_f64());
            self.screen.progress((share + blink % 2).min(5), &text);
            if elapsed >= explain_at {
                explain_at += EXPLAIN_EVERY;
                if !self.screen.is_live() {
                    self.screen.say(&format!("{} still waiting for {waits_for}", self.screen.bulbs(share)));
                }
            }
            sleep(ASK_EVERY).await;
        }
        following.cancel();
        self.screen.end_progress();
        self.welcome();
        std::future::pending().await
    }

    /// Says who has arrived, and returns who has not.
    fn greet(&self, snapshot: &Snapshot, present: &mut Vec<String>) -> Vec<String> {
        let mut missing = Vec::new();
        for member in &self.plan.members {
            let role = member.entry.name;
            let there = snapshot.instances(&role.to_ascii_uppercase()).len() > usize::from(member.slot);
            if !there {
                missing.push(member.label.clone());
            } else if !present.contains(&member.label) {
                present.push(member.label.clone());
                let lit = present.len() * 5 / self.plan.members.len();
                let seconds = self.started.elapsed().as_secs_f64();
                self.screen.say(&format!("{} {} is there ({seconds:.1} s)", self.screen.bulbs(lit), member.label));
            }
        }
        missing
    }

    /// `None` when the platform is ready, else what it waits for.
    async fn ask(&self, client: &Client) -> Option<String> {
        let base = format!("http://{}", self.ports.gateway);
        let Ok(target) = client.to_url("GATEWAY", &base) else { return Some("the gateway".into()) };
        // Asked again below anyway: a retry inside the client would only ask in bursts.
        match target.get("/readyz").idempotent(false).attempt_timeout(Duration::from_secs(1)).send().await {
            Ok(answer) if answer.status.is_success() => None,
            Ok(answer) => {
                let readiness: Readiness = answer.json().unwrap_or_default();
                let unmet = readiness.checks.into_iter().filter(|check| !check.ready && !check.informational);
                let reasons: Vec<String> = unmet.map(|check| check.reason.unwrap_or(check.name)).collect();
                Some(if reasons.is_empty() { "the gateway".into() } else { reasons.join(", ") })
            }
            Err(_) => Some("the gateway".into()),
        }
    }

    fn welcome(&self) {
        let Ports { gateway, registry, operator } = self.ports;
        let seconds = self.started.elapsed().as_secs_f64();
        let sign_in = if self.plan.demo {
            format!("\n  Sign in   demo@bijou.example, password {}", self.secrets.demo_password)
        } else {
            "\n  Sign in   make an account there".to_owned()
        };
        self.screen.say(&format!(
            "\n{} Bijou is open ({seconds:.1} s).\n\n  Watch     http://{gateway}{sign_in}\n  Operate   \
             http://{operator}/#token={token}\n            or with an account listed in identity.operators\n  Registry  http://{registry}/eureka/apps\n  Data      {folder}\n\n\
             Ctrl-C stops everything.\n",
            self.screen.bulbs(5),
            token = self.secrets.operator_token,
            folder = self.folder.path().display(),
        ));
    }
}

/// One line has to hold it.
fn some_of(labels: &[String]) -> String {
    match labels {
        [first, second, third, rest @ ..] if !rest.is_empty() => {
            format!("{first}, {second}, {third} and {} more", rest.len())
        }
        few => few.join(", "),
    }
}
