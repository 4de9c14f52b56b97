//! Who is to run, and with which settings beyond the common ones. Pure, but for looking whether a named build is there.

use std::path::PathBuf;
use std::str::FromStr;

use super::Choices;
use crate::config::{AskedWrongly, Override};
use crate::roles::{self, Entry, ROLES};

/// More on one machine is a mistake in typing.
const INSTANCES_MAX: u16 = 16;

/// `catalog=2`.
#[derive(Clone, Debug)]
pub struct Count {
    role: &'static str,
    count: u16,
}

impl FromStr for Count {
    type Err = AskedWrongly;

    fn from_str(text: &str) -> Result<Self, AskedWrongly> {
        let (name, count) = text
            .split_once('=')
            .ok_or_else(|| AskedWrongly(format!("`{text}` is not of the form role=number, such as catalog=2")))?;
        let role = roles::find(name)?.name;
        let count = count
            .parse()
            .ok()
            .filter(|count| (1..=INSTANCES_MAX).contains(count))
            .ok_or_else(|| AskedWrongly(format!("`{count}` instances: choose 1 to {INSTANCES_MAX}")))?;
        if count > 1 && matches!(role, "registry" | "console") {
            return Err(AskedWrongly(format!("there is one {role}: it keeps its state in memory, on a fixed address")));
        }
        Ok(Self { role, count })
    }
}

/// `catalog=/opt/bijou-next`: another build for one role, to try it beside the others.
#[derive(Clone, Debug)]
pub struct Other {
    role: &'static str,
    executable: PathBuf,
}

impl FromStr for Other {
    type Err = AskedWrongly;

    fn from_str(text: &str) -> Result<Self, AskedWrongly> {
        let (name, file) = text.split_once('=').ok_or_else(|| {
            AskedWrongly(format!("`{text}` is not of the form role=file, such as catalog=/opt/bijou"))
        })?;
        let role = roles::find(name)?.name;
        // Children may run elsewhere one day; and a mistake is better told before anything starts.
        let executable = std::fs::canonicalize(file)
            .map_err(|error| AskedWrongly(format!("`{file}` for {role} cannot be found: {error}")))?;
        Ok(Self { role, executable })
    }
}

/// One instance of a role.
#[derive(Clone, Debug)]
pub struct Member {
    pub entry: &'static Entry,
    /// Another build than this one.
    pub executable: Option<PathBuf>,
    pub slot: u16,
    /// `catalog`, or `catalog.1` when there are several.
    pub label: String,
    /// For telling rows apart by colour.
    pub index: usize,
    pub overrides: Vec<Override>,
}

/// Everybody, in the order of starting.
#[derive(Debug)]
pub struct Plan {
    pub members: Vec<Member>,
    pub demo: bool,
}

impl Plan {
    pub(super) fn new(choices: &Choices) -> Self {
        let mut members = Vec::new();
        for entry in ROLES {
            let count = choices.instances.iter().rev().find(|count| count.role == entry.name).map_or(1, |c| c.count);
            let other = choices.executables.iter().rev().find(|other| other.role == entry.name);
            for slot in 0..count {
                let label = if count > 1 { format!("{}.{slot}", entry.name) } else { entry.name.to_owned() };
                let overrides = overrides(choices, entry.name, slot);
                let executable = other.map(|other| other.executable.clone());
                members.push(Member { entry, executable, slot, label, index: members.len(), overrides });
            }
        }
        Self { members, demo: choices.demo }
    }
}

fn overrides(choices: &Choices, role: &str, slot: u16) -> Vec<Override> {
    let ports = &choices.ports;
    let mut overrides: Vec<Override> = vec![
        ("registry.url".into(), format!("http://{}/eureka", ports.registry)),
        ("demo.enabled".into(), choices.demo.to_string()),
    ];
    if !choices.one_process {
        overrides.push(("log.format".into(), choices.format.into()));
        overrides.push(("log.color".into(), choices.color.into()));
    }
    match role {
        "registry" => overrides.push(("registry.listen".into(), ports.registry.to_string())),
        "gateway" => {
            // Only the first can have the address that people know.
            let listen = if slot == 0 { ports.gateway.to_string() } else { format!("{}:0", ports.gateway.ip()) };
            overrides.push(("gateway.listen".into(), listen));
            let waited_for: Vec<_> =
                ROLES.iter().map(|entry| entry.name).filter(|name| !matches!(*name, "gateway" | "registry")).collect();
            overrides.push(("gateway.ready_roles".into(), waited_for.join(",")));
        }
        "identity" if choices.demo => {
            overrides.push(("identity.demo_password".into(), choices.secrets.demo_password.clone()));
        }
        "console" => {
            overrides.push(("console.operator_listen".into(), ports.operator.to_string()));
            overrides.push(("console.operator_token".into(), choices.secrets.operator_token.clone()));
        }
        _ => {}
    }
    overrides
}

#[cfg(test)]
mod tests {
    use super::super::data_folder::Secrets;
    use super::super::ports::Ports;
    use super::*;

    fn plan(instances: &[&str], demo: bool) -> Plan {
        let instances = instances.iter().map(|text| text.parse().expect("well formed")).collect();
        let secrets = Secrets { demo_password: "cinema".into(), operator_token: "key".into() };
        let at = |port: u16| ([127, 0, 0, 1], port).into();
        let ports = Ports { gateway: at(1), registry: at(2), operator: at(3) };
        Plan::new(&Choices {
            instances,
            executables: vec!["catalog=/bin/sh".parse().expect("well formed")],
            demo,
            one_process: false,
            ports,
            secrets,
            format: "human",
            color: "never",
        })
    }

    fn setting<'a>(plan: &'a Plan, label: &str, path: &str) -> Option<&'a str> {
        let member = plan.members.iter().find(|member| member.label == label).expect("this member");
        member.overrides.iter().find(|(known, _)| known == path).map(|(_, value)| value.as_str())
    }

    #[track_caller]
    fn refused(text: &str, expected: &str) {
        let error = text.parse::<Count>().expect_err("refused").to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn every_role_runs_once_unless_told_otherwise() {
        let labels: Vec<_> = plan(&["catalog=2"], true).members.into_iter().map(|member| member.label).collect();
        let expected =
            "registry console identity profiles catalog.0 catalog.1 playback recommendations partners gateway";
        assert_eq!(labels.join(" "), expected);
    }

    #[test]
    fn a_second_gateway_takes_a_port_of_the_systems() {
        let plan = plan(&["gateway=2"], true);
        assert_eq!(setting(&plan, "gateway.0", "gateway.listen"), Some("127.0.0.1:1"));
        assert_eq!(setting(&plan, "gateway.1", "gateway.listen"), Some("127.0.0.1:0"));
    }

    #[test]
    fn secrets_go_to_the_one_role_that_needs_them() {
        let plan = plan(&[], true);
        assert_eq!(setting(&plan, "identity", "identity.demo_password"), Some("cinema"));
        assert_eq!(setting(&plan, "catalog", "identity.demo_password"), None);
        assert_eq!(setting(&plan, "gateway", "console.operator_token"), None);
    }

    #[test]
    fn without_a_demo_there_is_no_demo_password() {
        let plan = plan(&[], false);
        assert_eq!(setting(&plan, "identity", "identity.demo_password"), None);
        assert_eq!(setting(&plan, "identity", "demo.enabled"), Some("false"));
    }

    #[test]
    fn one_role_may_come_from_another_build() {
        let others = plan(&["catalog=2"], true).members.into_iter().filter(|member| member.executable.is_some());
        assert_eq!(others.map(|member| member.label).collect::<Vec<_>>(), ["catalog.0", "catalog.1"]);
        let error = "catalog=/no/such/file".parse::<Other>().expect_err("refused").to_string();
        assert!(error.contains("/no/such/file"), "{error}");
    }

    #[test]
    fn wrong_counts_are_refused_with_a_hint() {
        refused("catalog", "role=number");
        refused("catalogue=2", "there is no role `catalogue`");
        refused("catalog=0", "choose 1 to 16");
        refused("registry=2", "there is one registry");
    }
}
