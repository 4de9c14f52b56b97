//! Which zone a request stays in: the own one while its instances can carry its share, the others for the rest.
//!
//! An instance gets at most [`HEADROOM`] times its even share of all requests from the gateways of its own zone. Every
//! gateway is taken to carry as much as the next, so all that is needed is how many of them, and how much of the
//! instances' capacity, are in the zone: both are in the registry's picture, and nobody is asked. What is beyond that goes
//! to the other zones, a little more with each instance that fails, all of it when none is left. And whoever was chosen
//! is looked at beside one of the other side, which gets the request where the first is much busier: numbers of instances
//! do not tell that a whole zone has become slow.
//!
//! Left out: which of the other zones is nearer, and what the network between them costs.

use bijou_eureka::Snapshot;
use rand::{Rng, RngExt};

use super::{Choice, choose};

/// A platform that stands the loss of one zone of three has instances that can carry half as much again.
const HEADROOM: f32 = 1.5;

/// How much worse than one of the other side the chosen one may be.
const SCORES_APART_MAX: f32 = 4.0;

/// Where an instance is, seen from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Locality {
    Same,
    Other,
    /// It does not say.
    Unknown,
}

impl Locality {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Same, Self::Other, Self::Unknown];

    /// Where an instance of the zone `theirs` is for those of `own`.
    pub fn of(own: &str, theirs: Option<&str>) -> Self {
        match theirs {
            Some(theirs) if theirs == own => Self::Same,
            Some(_) => Self::Other,
            None => Self::Unknown,
        }
    }

    /// As written in stories, explanations and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Same => "same-zone",
            Self::Other => "other-zone",
            Self::Unknown => "unknown-zone",
        }
    }
}

/// One that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// Lower is better.
    pub score: f32,
    /// What it can carry: 1 for a sound one, less for one that failed lately, above 0.
    pub capacity: f32,
    /// In the own zone.
    pub is_near: bool,
}

/// Which part of all gateways is in `zone`, this one included, above 0. One that does not say its zone is elsewhere.
pub fn gateways_near(snapshot: &Snapshot, zone: &str) -> f32 {
    let gateways = snapshot.instances(bijou_passport::GATEWAY);
    let near = gateways.iter().filter(|one| one.zone.as_deref() == Some(zone)).count();
    // Who asks is there, even if the registry has not heard of it yet.
    let (near, all) = if near == 0 { (1, gateways.len() + 1) } else { (near, gateways.len()) };
    near as f32 / all as f32
}

/// The part of the requests of this zone's gateways that its own instances get, from 0 to 1. `near` and `far` are what the
/// instances here and elsewhere can carry.
pub fn share_near(near: f32, far: f32, gateways_near: f32) -> f32 {
    if near <= 0.0 {
        return 0.0;
    }
    if far <= 0.0 {
        return 1.0;
    }
    (HEADROOM * near / ((near + far) * gateways_near)).min(1.0)
}

/// As [`choose`], with the own zone's share in it. `seen` is `None` for those that must not be chosen.
pub fn choose_by_zone(
    len: usize,
    seen: impl Fn(usize) -> Option<Seen>,
    gateways_near: f32,
    rng: &mut impl Rng,
) -> Option<Choice> {
    let (mut near, mut far, mut candidates) = (0.0, 0.0, 0);
    for one in (0..len).filter_map(&seen) {
        candidates += 1;
        *(if one.is_near { &mut near } else { &mut far }) += one.capacity;
    }
    if near <= 0.0 || far <= 0.0 {
        return choose(len, |index| seen(index).map(|one| one.score), rng);
    }
    let stays = rng.random::<f32>() < share_near(near, far, gateways_near);
    let on = |is_near: bool| {
        let seen = &seen;
        move |index: usize| seen(index).filter(|one| one.is_near == is_near).map(|one| one.score)
    };
    let chosen = choose(len, on(stays), rng)?;
    let (other, score) = one_of(len, on(!stays), rng)?;
    if chosen.score > SCORES_APART_MAX * score {
        return Some(Choice { index: other, score, loser: Some((chosen.index, chosen.score)), candidates });
    }
    Some(Choice { loser: chosen.loser.or(Some((other, score))), candidates, ..chosen })
}

/// One of those that have a score, each equally likely.
fn one_of(len: usize, score: impl Fn(usize) -> Option<f32>, rng: &mut impl Rng) -> Option<(usize, f32)> {
    let scored = || (0..len).filter_map(|index| score(index).map(|score| (index, score)));
    let count = scored().count();
    if count == 0 { None } else { scored().nth(rng.random_range(0..count)) }
}

#[cfg(test)]
#[path = "zones_tests.rs"]
mod tests;
