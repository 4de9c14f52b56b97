//! Instances coming and going, told apart: a start, a stop, another process in the same slot, and a version that is new to
//! its role, which is what a deploy looks like from here.
//!
//! An instance that is gone for a moment (it restarts, or the registry did) has not stopped: a stop is told once it stayed
//! away, with the moment it went. What was told before the console itself started is remembered, so that its own restart
//! makes nobody else's.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

/// How long one has to be away to have stopped, in milliseconds: a restart takes less.
pub const AWAY_MS: i64 = 15_000;

/// What happened to an instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Start,
    Stop,
    Restart,
    /// Its version is another one than its role's was.
    Deploy,
}

/// An instance that came or went.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coming {
    /// Milliseconds since 1970.
    pub at_ms: i64,
    pub kind: Kind,
    pub role: String,
    pub instance_id: String,
    /// As [`Seen`] has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub born_ms: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Of a deploy: the version before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
}

/// An instance that is there now.
#[derive(Debug, Clone)]
pub struct Seen {
    pub role: String,
    pub instance_id: String,
    /// When it began to serve, in milliseconds since 1970: another process in the same slot has another moment. Of one that
    /// does not say, no restart can be seen.
    pub born_ms: Option<i64>,
    pub version: Option<String>,
}

/// Who is known.
#[derive(Debug, Default)]
pub struct Roll {
    known: HashMap<String, Known>,
    /// The version of each role that came last.
    versions: HashMap<String, String>,
}

#[derive(Debug)]
struct Known {
    seen: Seen,
    whereabouts: Whereabouts,
}

#[derive(Debug)]
enum Whereabouts {
    /// Told of before this console started, and not seen since.
    Remembered,
    There,
    /// Since this moment.
    Away(i64),
}

impl Roll {
    /// As it was left, by what was told then, oldest first.
    pub fn of(told: &[Coming]) -> Self {
        let mut roll = Self::default();
        for Coming { kind, role, instance_id, born_ms, version, .. } in told {
            if let Some(version) = version {
                roll.versions.insert(role.clone(), version.clone());
            }
            match kind {
                Kind::Stop => drop(roll.known.remove(instance_id)),
                Kind::Start | Kind::Restart | Kind::Deploy => {
                    let (role, instance_id, version) = (role.clone(), instance_id.clone(), version.clone());
                    let seen = Seen { role, instance_id: instance_id.clone(), born_ms: *born_ms, version };
                    roll.known.insert(instance_id, Known { seen, whereabouts: Whereabouts::Remembered });
                }
            }
        }
        roll
    }

    /// Looks at who is there at a moment; what is news.
    pub fn look(&mut self, there: Vec<Seen>, at_ms: i64) -> Vec<Coming> {
        let mut news = Vec::new();
        let here: HashSet<String> = there.iter().map(|seen| seen.instance_id.clone()).collect();
        for seen in there {
            let before = self.known.get(&seen.instance_id).map(|known| known.seen.born_ms);
            if before != Some(seen.born_ms) {
                let kind = if before.is_some() { Kind::Restart } else { Kind::Start };
                // It was there before anybody looked; a clock that is ahead is not believed.
                let came_ms = seen.born_ms.map_or(at_ms, |born_ms| born_ms.min(at_ms));
                news.push(coming(kind, &seen, came_ms));
                news.extend(self.deployed(&seen, came_ms));
            }
            self.known.insert(seen.instance_id.clone(), Known { seen, whereabouts: Whereabouts::There });
        }
        self.known.retain(|instance_id, known| {
            match known.whereabouts {
                Whereabouts::There if !here.contains(instance_id) => known.whereabouts = Whereabouts::Away(at_ms),
                Whereabouts::Away(since_ms) if at_ms - since_ms >= AWAY_MS => {
                    news.push(coming(Kind::Stop, &known.seen, since_ms));
                    return false;
                }
                _ => {}
            }
            true
        });
        news.sort_by_key(|coming| coming.at_ms);
        news
    }

    /// Whether somebody is away who may yet have stopped.
    pub fn misses_somebody(&self) -> bool {
        self.known.values().any(|known| matches!(known.whereabouts, Whereabouts::Away(_)))
    }

    fn deployed(&mut self, seen: &Seen, at_ms: i64) -> Option<Coming> {
        let version = seen.version.clone()?;
        let before = self.versions.insert(seen.role.clone(), version.clone())?;
        (before != version).then(|| Coming { before: Some(before), ..coming(Kind::Deploy, seen, at_ms) })
    }
}

fn coming(kind: Kind, seen: &Seen, at_ms: i64) -> Coming {
    let Seen { role, instance_id, born_ms, version } = seen.clone();
    Coming { at_ms, kind, role, instance_id, born_ms, version, before: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(slot: u8, born_ms: i64, version: &str) -> Seen {
        let version = Some(version.to_owned());
        let instance_id = format!("host:catalog:{slot}");
        Seen { role: "catalog".to_owned(), instance_id, born_ms: Some(born_ms), version }
    }

    fn short(news: &[Coming]) -> Vec<(i64, Kind, &str)> {
        news.iter().map(|coming| (coming.at_ms, coming.kind, &coming.instance_id[13..])).collect()
    }

    #[test]
    fn a_start_a_restart_and_a_stop_are_told_apart_with_the_moment_of_each() {
        let mut roll = Roll::default();
        let started = roll.look(vec![seen(0, 900, "1"), seen(1, 2_000, "1")], 1_000);
        assert_eq!(short(&started), [(900, Kind::Start, "0"), (1_000, Kind::Start, "1")]);
        assert_eq!(short(&roll.look(vec![seen(0, 900, "1")], 2_000)), []);
        assert!(roll.misses_somebody());
        let restarted = roll.look(vec![seen(0, 900, "1"), seen(1, 8_000, "1")], 9_000);
        assert_eq!(short(&restarted), [(8_000, Kind::Restart, "1")]);
        assert!(!roll.misses_somebody());
        roll.look(vec![seen(0, 900, "1")], 20_000);
        assert_eq!(short(&roll.look(vec![seen(0, 900, "1")], 35_000)), [(20_000, Kind::Stop, "1")]);
        let again = roll.look(vec![seen(0, 900, "1"), seen(1, 39_000, "1")], 40_000);
        assert_eq!(short(&again), [(39_000, Kind::Start, "1")]);
    }

    #[test]
    fn the_same_process_seen_again_after_a_moment_is_no_news() {
        let mut roll = Roll::default();
        roll.look(vec![seen(0, 1, "1")], 1_000);
        assert_eq!(short(&roll.look(Vec::new(), 2_000)), []);
        assert_eq!(short(&roll.look(vec![seen(0, 1, "1")], 14_000)), []);
        assert_eq!(short(&roll.look(vec![seen(0, 1, "1")], 60_000)), []);
    }

    #[test]
    fn a_version_that_is_new_to_its_role_is_a_deploy_once() {
        let mut roll = Roll::default();
        roll.look(vec![seen(0, 1, "1"), seen(1, 1, "1")], 1_000);
        let news = roll.look(vec![seen(0, 4_000, "2"), seen(1, 5_000, "2")], 6_000);
        assert_eq!(
            short(&news),
            [(4_000, Kind::Restart, "0"), (4_000, Kind::Deploy, "0"), (5_000, Kind::Restart, "1")]
        );
        assert_eq!((news[1].before.as_deref(), news[1].version.as_deref()), (Some("1"), Some("2")));
    }

    #[test]
    fn the_consoles_own_restart_makes_nobody_elses() {
        let mut roll = Roll::default();
        let mut told = roll.look(vec![seen(0, 1, "1"), seen(1, 1, "1"), seen(2, 1, "1")], 1_000);
        roll.look(vec![seen(0, 1, "1"), seen(1, 1, "1")], 2_000);
        told.extend(roll.look(vec![seen(0, 1, "1"), seen(1, 1, "1")], 20_000));

        let mut roll = Roll::of(&told);
        assert_eq!(short(&roll.look(Vec::new(), 30_000)), [], "nobody has been seen yet");
        assert_eq!(short(&roll.look(Vec::new(), 90_000)), []);
        let news = roll.look(vec![seen(0, 1, "1"), seen(1, 92_000, "2"), seen(2, 93_000, "2")], 95_000);
        assert_eq!(
            short(&news),
            [(92_000, Kind::Restart, "1"), (92_000, Kind::Deploy, "1"), (93_000, Kind::Start, "2")]
        );
    }
}
