//! What a request needs its caller to be allowed, resource by resource. The one table of access.

use std::fmt;

use super::{Verb, is_replicated};
use crate::{access::Caller, fields::Fields, path::Resource, settings::Right};

/// What must be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need<'a> {
    /// Probes, metrics, the page itself: nothing about instances is in them but numbers.
    Nothing,
    /// With some application; the answer holds no others, and what is done reaches no others.
    Some(Right),
    /// With this application.
    App(Right, &'a str),
}

pub fn of<'a>(resource: &'a Resource<'_>, verb: Verb, fields: Fields<'_>) -> Need<'a> {
    // Whoever speaks as a registry must be one, whatever it is about.
    let change = |right, app| Need::App(if is_replicated(fields) { Right::Replicate } else { right }, app);
    match resource {
        Resource::Applications
        | Resource::Delta
        | Resource::InstanceById { .. }
        | Resource::Vip { .. }
        | Resource::SecureVip { .. }
        | Resource::Watch
        | Resource::Leases
        | Resource::Lately
        | Resource::Status
        | Resource::StatusOverrides => Need::Some(Right::Read),
        Resource::Application { app } | Resource::Instance { app, .. } if verb == Verb::Get => {
            Need::App(Right::Read, app)
        }
        Resource::Application { app } | Resource::Instance { app, .. } | Resource::InstanceMetadata { app, .. } => {
            change(Right::Register, app)
        }
        Resource::InstanceStatus { app, .. } => change(Right::Override, app),
        Resource::Replication | Resource::Digests => Need::Some(Right::Replicate),
        Resource::Audit | Resource::AutoScalingGroup => Need::Some(Right::Override),
        Resource::Page(_)
        | Resource::ToPage
        | Resource::Info
        | Resource::Health
        | Resource::Ready
        | Resource::Metrics
        | Resource::PassportKeys => Need::Nothing,
    }
}

impl Need<'_> {
    pub fn is_met_by(self, caller: &Caller) -> bool {
        match self {
            Need::Nothing => true,
            Need::Some(right) => !caller.apps(right).is_none(),
            Need::App(right, app) => caller.may(right, app),
        }
    }
}

impl fmt::Display for Need<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = |right| match right {
            Right::Read => "read",
            Right::Register => "register",
            Right::Override => "override",
            Right::Replicate => "replicate",
        };
        match self {
            Need::Nothing => formatter.write_str("nothing"),
            Need::Some(right) => formatter.write_str(name(*right)),
            Need::App(right, app) => write!(formatter, "{} {app}", name(*right)),
        }
    }
}
