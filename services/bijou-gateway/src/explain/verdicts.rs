//! What each filter would say, without asking it.

use bijou_client::{FaultOrder, Spot};

use super::{Case, FilterVerdict, Verdict};
use crate::config::{Access, TokenUse};
use crate::failure::Failure;
use crate::filters::{Asking, Found, decide};
use crate::routes::Route;

/// What a filter would say, and why.
enum Said {
    Passes(String),
    Refuses(Failure, String),
    Depends(String),
}

impl Said {
    fn passes(why: &str) -> Self {
        Self::Passes(why.to_owned())
    }

    fn depends(why: &str) -> Self {
        Self::Depends(why.to_owned())
    }

    /// Refuses, in the failure's own words.
    fn refuses(failure: &Failure) -> Self {
        let problem = failure.problem();
        Self::Refuses(failure.clone(), problem.detail.unwrap_or_else(|| problem.title.into_owned()))
    }
}

impl Case<'_> {
    /// What each filter would say, in their order; and the refusal, if there is one.
    pub(super) fn verdicts(&self) -> (Vec<FilterVerdict>, Option<Failure>) {
        let mut refusal = None;
        let mut verdicts = Vec::new();
        for filter in self.shared.chain.order().inbound {
            if refusal.is_some() {
                verdicts.push(FilterVerdict { filter, verdict: Verdict::NotReached, why: None });
                continue;
            }
            let (verdict, why) = match self.ask(filter) {
                Said::Passes(why) => (Verdict::Passes, why),
                Said::Depends(why) => (Verdict::Depends, why),
                Said::Refuses(failure, why) => {
                    refusal = Some(failure);
                    (Verdict::Refuses, why)
                }
            };
            verdicts.push(FilterVerdict { filter, verdict, why: Some(why) });
        }
        (verdicts, refusal)
    }

    fn ask(&self, filter: &str) -> Said {
        match (filter, self.route()) {
            ("normalise-path", _) => match &self.path {
                Ok(path) => Said::Passes(format!("the path is `{path}`")),
                Err(failure) => Said::refuses(failure),
            },
            ("strip-headers", _) => Said::passes("what only the gateway may say is taken off"),
            ("trace", _) => Said::passes("request id and trace are begun, or the client's trace continued"),
            ("preflight", _) => Said::passes("not a browser's question whether another page may call"),
            ("route", _) => match &self.found {
                Ok(Found::Own) => Said::passes("a page of the gateway's own"),
                Ok(Found::Route(route)) => Said::Passes(format!("route `{}`", route.id)),
                Ok(Found::File) => Said::passes("a file of the viewer app"),
                Ok(Found::Page) => {
                    Said::depends("no route: browsers get the viewer app, everybody else 404 `no-route`")
                }
                Err(failure) => Said::refuses(failure),
            },
            ("authenticate" | "authorise" | "rate-limit" | "limits" | "passport" | "authorizer" | "faults", None) => {
                Said::passes("there is no route to look at")
            }
            ("authenticate", Some(route)) if route.token == TokenUse::Ignore => {
                Said::passes("this route looks at no token")
            }
            ("authenticate", _) => Said::Passes(format!("asked as {}", self.question.who)),
            ("authorise", Some(route)) => self.authorise(route),
            ("rate-limit", Some(route)) => self.rate_limit(route),
            ("limits", Some(route)) => Said::Passes(format!("a body of at most {} bytes", route.body_bytes_max)),
            ("passport", Some(route)) if route.audience.is_empty() => Said::passes("none for a foreign service"),
            ("passport", Some(route)) => Said::Passes(format!("a passport for {}", route.audience.join(", "))),
            ("authorizer", Some(route)) => match &route.config.authorizer {
                Some(authorizer) => Said::Depends(format!("`{authorizer}` would be asked")),
                None => Said::passes("the route has none"),
            },
            ("faults", Some(route)) => self.faults(route),
            _ => Said::depends("only the filter itself knows"),
        }
    }

    fn authorise(&self, route: &Route) -> Said {
        let asking = self.asking(route);
        let asking = asking.map(|one| Asking { has_account: one.has_account, scopes: &one.scopes });
        match decide(route.access, &route.scopes, asking) {
            Ok(()) => Said::passes(match route.access {
                Access::Public => "everybody may",
                Access::SignedIn => "whoever has an account may",
                Access::Operator => "operators may",
                Access::Partner => "partners may",
            }),
            Err(failure) => Said::refuses(&failure),
        }
    }

    fn rate_limit(&self, route: &Route) -> Said {
        if !self.settings.config.rate_limiting {
            return Said::passes("rate limits are off");
        }
        let Some(policy) = &route.rate_limit else { return Said::passes("the route has none") };
        let subject = self.asking(route).map(|one| one.subject);
        match self.shared.limiter.peek(policy, subject, self.question.client, self.now) {
            Ok(spare) => Said::Passes(format!("`{}`: {} left after this one", policy.name, spare.remaining)),
            Err(retry_after) => {
                let why = format!("`{}` is used up for {} ms", policy.name, retry_after.as_millis());
                Said::Refuses(Failure::RateLimited { retry_after }, why)
            }
        }
    }

    fn faults(&self, route: &Route) -> Said {
        let account = self.asking(route).and_then(|one| one.account);
        let spot = Spot { route: Some(&route.id), from: "gateway", to: route.target.name(), account };
        let met = self.shared.faults.covering(spot, self.now);
        if met.is_empty() {
            return Said::passes("none is put in here");
        }
        let told = |fault: &FaultOrder| format!("{} `{}` strikes {} %", fault.does.name(), fault.id, fault.percent);
        Said::Depends(met.iter().map(told).collect::<Vec<_>>().join("; "))
    }

    /// Who asks, as this route sees it.
    fn asking(&self, route: &Route) -> Option<&Somebody<'_>> {
        self.somebody.as_ref().filter(|_| route.token != TokenUse::Ignore)
    }
}

/// Who asks.
pub(super) struct Somebody<'a> {
    /// Whose requests are counted together. Somebody of whom only the kind is given has asked for nothing yet.
    subject: &'a str,
    has_account: bool,
    /// Its id, if that is known.
    account: Option<&'a str>,
    scopes: Vec<String>,
}

impl<'a> Somebody<'a> {
    /// `None` for nobody.
    pub(super) fn named(who: &'a str) -> Option<Self> {
        let scopes: &[&str] = match who {
            "nobody" => return None,
            "operator" => &["viewer", "operator"],
            "partner" => &["partner"],
            _ => &["viewer"],
        };
        Some(Self {
            subject: who,
            has_account: who != "partner",
            account: (!matches!(who, "viewer" | "operator" | "partner")).then_some(who),
            scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        })
    }
}
