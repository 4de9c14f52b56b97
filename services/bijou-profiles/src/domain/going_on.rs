//! What to go on with.
//!
//! Of each title the playable that was watched last speaks. Between 2 and 95 percent it is gone on with where it was
//! left; at more the next episode follows, if there is one; at less it was only looked at. What its owner has hidden
//! stays hidden until it is played again.

use std::collections::{HashMap, HashSet};

/// Watched so far, of 1000.
const BEGUN: i64 = 20;
const FINISHED: i64 = 950;

/// Cards of the row.
pub(crate) const CONTINUE_MAX: usize = 20;

/// Where somebody stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Stopped {
    pub(crate) title_id: String,
    pub(crate) episode_id: Option<String>,
    pub(crate) position_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) at_ms: i64,
}

/// What comes after an episode, as far as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    Episode(String),
    None,
}

/// Something to go on with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GoingOn {
    pub(crate) title_id: String,
    pub(crate) episode_id: Option<String>,
    pub(crate) position_ms: i64,
    pub(crate) duration_ms: i64,
    pub(crate) at_ms: i64,
    pub(crate) is_next: bool,
}

impl Stopped {
    pub(crate) fn is_finished(&self) -> bool {
        self.position_ms * 1000 >= self.duration_ms * FINISHED && self.duration_ms > 0
    }

    fn is_begun(&self) -> bool {
        self.position_ms * 1000 >= self.duration_ms * BEGUN && self.position_ms > 0
    }
}

/// Share of the whole, 0 to 1.
pub(crate) fn fraction(position_ms: i64, duration_ms: i64) -> f64 {
    if duration_ms <= 0 { 0.0 } else { (position_ms as f64 / duration_ms as f64).clamp(0.0, 1.0) }
}

/// What was stopped last of each title that is not hidden, the newest first. `hidden` says when a title was hidden.
pub(crate) fn last_of_titles(mut stopped: Vec<Stopped>, hidden: &HashMap<String, i64>) -> Vec<Stopped> {
    stopped.sort_by(|a, b| b.at_ms.cmp(&a.at_ms).then_with(|| a.title_id.cmp(&b.title_id)));
    let mut titles = HashSet::new();
    stopped.retain(|one| {
        let is_first = titles.insert(one.title_id.clone());
        is_first && hidden.get(&one.title_id).is_none_or(|at_ms| *at_ms < one.at_ms)
    });
    stopped
}

/// The episodes of which has to be known what comes next.
pub(crate) fn finished_episodes(last_of_titles: &[Stopped]) -> Vec<String> {
    let finished = last_of_titles.iter().filter(|one| one.is_finished());
    finished.filter_map(|one| one.episode_id.clone()).take(CONTINUE_MAX).collect()
}

/// The row.
pub(crate) fn going_on(last_of_titles: Vec<Stopped>, next: &HashMap<String, Next>) -> Vec<GoingOn> {
    let mut row = Vec::new();
    for one in last_of_titles {
        if row.len() == CONTINUE_MAX {
            break;
        }
        if one.is_finished() {
            let follows = one.episode_id.as_ref().and_then(|episode| next.get(episode));
            if let Some(Next::Episode(episode)) = follows {
                row.push(GoingOn {
                    title_id: one.title_id,
                    episode_id: Some(episode.clone()),
                    position_ms: 0,
                    duration_ms: 0,
                    at_ms: one.at_ms,
                    is_next: true,
                });
            }
        } else if one.is_begun() {
            row.push(GoingOn {
                title_id: one.title_id,
                episode_id: one.episode_id,
                position_ms: one.position_ms,
                duration_ms: one.duration_ms,
                at_ms: one.at_ms,
                is_next: false,
            });
        }
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stopped(title: &str, episode: Option<&str>, percent: i64, at_ms: i64) -> Stopped {
        Stopped {
            title_id: title.to_owned(),
            episode_id: episode.map(str::to_owned),
            position_ms: percent * 1000,
            duration_ms: 100_000,
            at_ms,
        }
    }

    #[track_caller]
    fn check(stopped: Vec<Stopped>, expected: &[(&str, Option<&str>, bool)]) {
        let hidden = HashMap::from([("hidden".to_owned(), 50)]);
        let next = HashMap::from([("e1".to_owned(), Next::Episode("e2".to_owned())), ("last".to_owned(), Next::None)]);
        let row = going_on(last_of_titles(stopped, &hidden), &next);
        let row: Vec<_> =
            row.iter().map(|one| (one.title_id.as_str(), one.episode_id.as_deref(), one.is_next)).collect();
        assert_eq!(row, expected);
    }

    #[test]
    fn what_is_between_begun_and_finished_is_gone_on_with() {
        check(vec![stopped("a", None, 1, 1)], &[]);
        check(vec![stopped("a", None, 2, 1)], &[("a", None, false)]);
        check(vec![stopped("a", None, 94, 1)], &[("a", None, false)]);
        check(vec![stopped("a", None, 95, 1)], &[]);
    }

    #[test]
    fn after_an_episode_comes_the_next_if_there_is_one() {
        check(vec![stopped("show", Some("e1"), 97, 1)], &[("show", Some("e2"), true)]);
        check(vec![stopped("show", Some("last"), 97, 1)], &[]);
        check(vec![stopped("show", Some("not asked yet"), 97, 1)], &[]);
    }

    #[test]
    fn the_episode_watched_last_speaks_for_its_show() {
        let both = vec![stopped("show", Some("e1"), 97, 1), stopped("show", Some("e9"), 30, 2)];
        check(both, &[("show", Some("e9"), false)]);
    }

    #[test]
    fn what_is_hidden_comes_back_when_it_is_played_again() {
        check(vec![stopped("hidden", None, 40, 50)], &[]);
        check(vec![stopped("hidden", None, 41, 51)], &[("hidden", None, false)]);
    }

    #[test]
    fn the_newest_is_first_and_the_row_ends() {
        let many = (0..40).map(|n| stopped(&format!("t{n:02}"), None, 50, n)).collect();
        let row = going_on(last_of_titles(many, &HashMap::new()), &HashMap::new());
        assert_eq!(row.len(), CONTINUE_MAX);
        assert_eq!(row[0].title_id, "t39");
    }

    #[test]
    fn a_film_of_no_length_is_neither_begun_nor_finished() {
        let odd = Stopped { position_ms: 0, duration_ms: 0, ..stopped("odd", None, 0, 1) };
        check(vec![odd], &[]);
    }
}
