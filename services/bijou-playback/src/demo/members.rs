//! Invented members, so that recommendations have something to learn from on the first day.
//!
//! Each has one profile and belongs to a circle of taste: mostly watches what the circle likes, to the end, and now and
//! then something else, not for long. That taste is planted: a model that does not find it is broken. The same numbers
//! everywhere: the generator is seeded. Every event says that it is synthetic, and no account of these names can sign in.

use bijou_playback_api::events::{PLAYBACK_STARTED, PLAYBACK_STOPPED, PlaybackEvent};
use bijou_store::outbox::NewEvent;
use serde_json::json;

use super::originals;

/// Marks the store as having them.
pub const MILESTONE: &str = "demo-members";

/// How many members there are.
const MEMBERS: u64 = 300;

/// Over how many days their viewing is spread.
const DAYS: i64 = 28;

/// Events written in one transaction: few enough that nobody waits for the database.
pub const BATCH: usize = 400;

/// Circles of taste; a circle's first titles are its favourites.
const CIRCLES: [&[&str]; 4] = [
    &["bo-lanterns", "bo-small-hours", "bo-northbound", "bo-penumbra", "bo-tidal"],
    &["bo-rule-110", "bo-sierpinski-street", "bo-short-circuits", "bo-long-zoom", "bo-carousel"],
    &["bo-gardener", "bo-static-bloom", "bo-tidal", "bo-carousel", "bo-northbound"],
    &["bo-encore", "bo-carousel", "bo-lanterns", "bo-short-circuits", "bo-small-hours"],
];

/// Out of a hundred views, how many are within the circle.
const LOYALTY: u64 = 86;

/// Everything the members watched in the weeks before `now_ms`, oldest first.
pub fn events(now_ms: i64) -> Vec<NewEvent> {
    events_by(Dice(0xB170_0000), now_ms)
}

fn events_by(mut dice: Dice, now_ms: i64) -> Vec<NewEvent> {
    let mut events = Vec::new();
    for member in 0..MEMBERS {
        let who = Member {
            account: format!("synthetic-member-{member:03}"),
            profile: format!("synthetic-profile-{member:03}"),
        };
        let circle = (member % CIRCLES.len() as u64) as usize;
        let mut seen: Vec<&str> = Vec::new();
        for view in 0..5 + dice.below(6) {
            let is_loyal = dice.below(100) < LOYALTY;
            let titles = if is_loyal { CIRCLES[circle] } else { CIRCLES[dice.below(4) as usize] };
            // The smaller of two throws: favourites come up more often.
            let title = titles[dice.below(titles.len() as u64).min(dice.below(titles.len() as u64)) as usize];
            if seen.contains(&title) {
                continue;
            }
            seen.push(title);
            let share = if is_loyal { 0.75 + 0.25 * dice.unit() } else { 0.05 + 0.4 * dice.unit() };
            let started_ms = now_ms - 60_000 - (dice.unit() * (DAYS * 86_400_000) as f64) as i64;
            watch(&mut events, &who, &format!("synthetic-{member:03}-{view}"), title, share, started_ms, &mut dice);
        }
    }
    events.sort_by(|a, b| (a.time_ms, &a.subject).cmp(&(b.time_ms, &b.subject)));
    events
}

/// An invented member.
struct Member {
    account: String,
    profile: String,
}

fn watch(
    events: &mut Vec<NewEvent>,
    who: &Member,
    playback: &str,
    title: &str,
    share: f64,
    started_ms: i64,
    dice: &mut Dice,
) {
    let films: Vec<_> = originals::all().iter().filter(|film| film.id == title || film.show() == Some(title)).collect();
    let Some(film) = films.get(dice.below(films.len().max(1) as u64) as usize) else {
        return;
    };
    let duration_s = f64::from(film.seconds);
    let stopped_s = (duration_s * share * 10.0).round() / 10.0;
    for (type_, position_s) in [(PLAYBACK_STARTED, 0.0), (PLAYBACK_STOPPED, stopped_s)] {
        let data = PlaybackEvent {
            playback_id: playback.to_owned(),
            account_id: who.account.clone(),
            profile_id: Some(who.profile.clone()),
            title_id: title.to_owned(),
            episode_id: film.show().map(|_| film.id.clone()),
            position_s,
            duration_s,
            synthetic: true,
        };
        events.push(NewEvent {
            type_: type_.to_owned(),
            subject: title.to_owned(),
            time_ms: started_ms + (position_s * 1000.0) as i64,
            data: json!(data),
        });
    }
}

/// SplitMix64: small, and the same on every machine and in every version.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    const NOW: i64 = 1_800_000_000_000;

    fn plays() -> Vec<PlaybackEvent> {
        stops(events(NOW))
    }

    fn stops(events: Vec<NewEvent>) -> Vec<PlaybackEvent> {
        events
            .into_iter()
            .filter(|event| event.type_ == PLAYBACK_STOPPED)
            .map(|event| serde_json::from_value(event.data).expect("reads"))
            .collect()
    }

    #[test]
    fn every_event_says_that_it_is_invented_and_lies_in_the_past() {
        let events = events(NOW);
        assert!((1500..6000).contains(&events.len()), "{}", events.len());
        assert!(events.iter().all(|event| event.data["synthetic"] == true));
        assert!(
            events
                .iter()
                .all(|event| event.data["account_id"].as_str().is_some_and(|id| id.starts_with("synthetic-member-")))
        );
        assert!(events.iter().all(|event| event.time_ms < NOW && event.time_ms > NOW - (DAYS + 1) * 86_400_000));
        assert!(events.is_sorted_by_key(|event| event.time_ms));
    }

    #[test]
    fn members_of_one_circle_watch_alike() {
        let mut together: BTreeMap<bool, u32> = BTreeMap::new();
        for play in plays() {
            let member: usize = play.account_id["synthetic-member-".len()..].parse().expect("a number");
            *together.entry(CIRCLES[member % 4].contains(&play.title_id.as_str())).or_default() += 1;
        }
        assert!(together[&true] > 5 * together[&false], "{together:?}");
    }

    #[test]
    fn whatever_the_seed_titles_of_one_circle_are_watched_by_the_same_profiles() {
        for seed in 0..20 {
            let mut watchers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for play in stops(events_by(Dice(seed), NOW)) {
                let profile = play.profile_id.expect("each member has one");
                watchers.entry(play.title_id).or_default().insert(profile);
            }
            // Cosine of two titles' watchers: the plainest thing a model could learn.
            let alike = |one: &str, other: &str| {
                let (one, other) = (&watchers[one], &watchers[other]);
                one.intersection(other).count() as f64 / ((one.len() * other.len()) as f64).sqrt()
            };
            let within = alike("bo-lanterns", "bo-penumbra").min(alike("bo-rule-110", "bo-sierpinski-street"));
            let across = alike("bo-lanterns", "bo-rule-110").max(alike("bo-penumbra", "bo-sierpinski-street"));
            assert!(within > 1.5 * across, "seed {seed}: {within:.2} within, {across:.2} across");
        }
    }

    #[test]
    fn every_original_is_watched() {
        let watched: Vec<_> = plays().into_iter().map(|play| play.title_id).collect();
        for film in originals::all() {
            let title = film.show().unwrap_or(&film.id);
            assert!(watched.iter().any(|id| id == title), "{title}");
        }
    }

    #[test]
    fn the_same_numbers_come_up_every_time() {
        let twice = [events(NOW), events(NOW)]
            .map(|events| events.iter().map(|event| event.data.to_string()).collect::<Vec<_>>());
        assert_eq!(twice[0], twice[1]);
    }
}
