//! Which jobs an empty library begins with, and in which order.

use super::{open_films, originals};
use crate::store::NewJob;
use crate::work::{Tier, Work, WorkSource};

/// Marks the store as seeded.
pub const MILESTONE: &str = "demo-films";

/// One film at once and alone; then all of them small, an open film, and all of them again as they deserve.
pub fn jobs(with_open_films: bool) -> Vec<NewJob> {
    let mut jobs = Vec::new();
    for (index, film) in (0..).zip(originals::all()) {
        jobs.push(original(film, Tier::First, index, index == 0));
        jobs.push(original(film, Tier::Full, 1000 + index, false));
    }
    if with_open_films {
        jobs.extend((500..).zip(&open_films::ALL).map(|(priority, film)| {
            let work = Work {
                title_id: film.id.to_owned(),
                episode_id: None,
                source: WorkSource::OpenFilm { film: film.id.to_owned() },
                attribution: Some(film.attribution.to_owned()),
                is_urgent: false,
            };
            job(format!("demo:{}", film.id), &work, priority)
        }));
    }
    jobs
}

fn original(film: &originals::Original, tier: Tier, priority: i64, is_urgent: bool) -> NewJob {
    let (title_id, episode_id) = match film.show() {
        Some(show) => (show.to_owned(), Some(film.id.clone())),
        None => (film.id.clone(), None),
    };
    let source = WorkSource::Original { film: film.id.clone(), tier };
    let name = match tier {
        Tier::First => "first",
        Tier::Full => "full",
    };
    job(
        format!("demo:{}:{name}", film.id),
        &Work { title_id, episode_id, source, attribution: None, is_urgent },
        priority,
    )
}

fn job(id: String, work: &Work, priority: i64) -> NewJob {
    let playable_id = work.playable().id().to_owned();
    NewJob { id, playable_id, work: serde_json::to_string(work).expect("work is plain data"), priority }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_job_is_one_small_film_that_somebody_waits_for() {
        let mut jobs = jobs(true);
        jobs.sort_by_key(|job| job.priority);
        let work: Work = serde_json::from_str(&jobs[0].work).expect("reads");
        assert_eq!(work.title_id, "bo-lanterns");
        assert_eq!(work.source, WorkSource::Original { film: "bo-lanterns".to_owned(), tier: Tier::First });
        assert!(work.is_urgent);
        let urgent = jobs.iter().filter(|job| job.work.contains("\"is_urgent\":true")).count();
        assert_eq!(urgent, 1);
    }

    #[test]
    fn open_films_come_after_every_small_original_and_only_when_wanted() {
        let place = |with| jobs(with).iter().find(|job| job.id == "demo:big-buck-bunny").map(|job| job.priority);
        assert_eq!(place(false), None);
        assert!(place(true).is_some_and(|priority| priority > 15 && priority < 1000));
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = jobs(true).into_iter().map(|job| job.id).collect();
        let count = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
