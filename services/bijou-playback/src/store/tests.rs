//! Jobs, publishing and clearing up, on both databases.

use bijou_playback_api::Marks;
use bijou_playback_api::events::{ASSET_READY, ASSET_WITHDRAWN};
use bijou_store::outbox;
use bijou_testkit::databases;

use super::*;

const LEASE_MS: i64 = 1000;

fn claim(owner: &str, now_ms: i64) -> Claim<'_> {
    Claim { owner, now_ms, lease_ms: LEASE_MS }
}

fn job(id: &str, priority: i64) -> NewJob {
    NewJob { id: id.to_owned(), playable_id: "film".to_owned(), work: "{}".to_owned(), priority }
}

fn asset(id: &str) -> Asset {
    Asset {
        id: id.to_owned(),
        playable: Playable { title_id: "film".to_owned(), episode_id: None },
        duration_ms: 3000,
        height_max: 480,
        attribution: None,
        audio_languages: vec!["de".to_owned()],
        subtitles: Vec::new(),
        stills: vec!["still-1.jpg".to_owned()],
        marks: Marks::default(),
    }
}

async fn begin(store: &Store, asset_id: &str, job_id: &str, now_ms: i64) {
    let playable = asset(asset_id).playable;
    let new = NewAsset { id: asset_id, playable: &playable, job_id, attribution: None };
    store.begin_asset(&new, now_ms).await.expect("begun");
}

async fn stores() -> Vec<(Store, bijou_testkit::TestDatabase)> {
    let mut stores = Vec::new();
    for database in databases().await {
        stores.push((Store::open(&database.url).await.expect("opens"), database));
    }
    stores
}

#[tokio::test]
async fn jobs_go_out_by_priority_and_to_one_owner_each() {
    for (store, _database) in stores().await {
        assert!(store.queue_once("seed", &[job("late", 9), job("first", 1)], 0).await.expect("queued"));
        assert!(!store.queue_once("seed", &[job("again", 0)], 0).await.expect("asked"));
        let (one, other) = tokio::join!(store.claim_job(claim("a", 10)), store.claim_job(claim("b", 10)));
        let mut ids: Vec<_> =
            [one, other].into_iter().filter_map(|claimed| claimed.expect("asked")).map(|job| job.id).collect();
        ids.sort();
        assert_eq!(ids, ["first", "late"]);
        assert_eq!(store.claim_job(claim("c", 10)).await.expect("asked"), None);
    }
}

#[tokio::test]
async fn nobody_goes_home_empty_while_there_are_jobs() {
    const OWNERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
    for (store, _database) in stores().await {
        let jobs: Vec<_> = OWNERS.iter().map(|owner| job(owner, 1)).collect();
        store.queue_once("seed", &jobs, 0).await.expect("queued");
        let claims = OWNERS.map(|owner| store.claim_job(claim(owner, 10)));
        let claimed = futures_util::future::join_all(claims).await;
        let mut ids: Vec<_> = claimed.into_iter().map(|job| job.expect("asked").expect("a job").id).collect();
        ids.sort();
        assert_eq!(ids, OWNERS);
    }
}

#[tokio::test]
async fn a_job_whose_process_was_killed_is_retaken_and_its_late_work_refused() {
    for (store, _database) in stores().await {
        store.queue_once("seed", &[job("j", 0)], 0).await.expect("queued");
        store.claim_job(claim("a", 10)).await.expect("asked").expect("a job");
        begin(&store, "old", "j", 10).await;
        assert!(store.renew_job("j", claim("a", 500), 300).await.expect("renewed"));
        assert_eq!(store.unfinished_job("film").await.expect("read"), Some(JobState::Running(300)));
        assert_eq!(store.claim_job(claim("b", 1400)).await.expect("asked"), None);

        let retaken = store.claim_job(claim("b", 1501)).await.expect("asked").expect("the lease is over");
        assert_eq!(retaken.attempt, 2);
        assert!(!store.renew_job("j", claim("a", 1502), 900).await.expect("asked"));
        assert!(!store.publish(&asset("old"), "j", "a", 1502).await.expect("asked"));
        assert_eq!(store.published("film").await.expect("read"), None);

        begin(&store, "new", "j", 1510).await;
        assert!(store.publish(&asset("new"), "j", "b", 1600).await.expect("published"));
        assert_eq!(store.published("film").await.expect("read").map(|asset| asset.id).as_deref(), Some("new"));
        assert_eq!(store.unfinished_job("film").await.expect("read"), None);
        let events = outbox::read_after(store.database(), 0, 10).await.expect("read");
        assert_eq!(events.iter().map(|event| event.type_.as_str()).collect::<Vec<_>>(), [ASSET_READY]);
        // The half-made one is cleared away, the published one is not.
        assert_eq!(store.condemn_assets(0, 1700).await.expect("condemned"), ["old"]);
    }
}

#[tokio::test]
async fn a_job_that_keeps_losing_its_process_is_given_up() {
    for (store, _database) in stores().await {
        store.queue_once("seed", &[job("j", 0)], 0).await.expect("queued");
        let mut now = 10;
        while store.claim_job(claim("a", now)).await.expect("asked").is_some() {
            now += LEASE_MS + 1;
            assert!(now < 20 * LEASE_MS, "never given up");
        }
        assert_eq!(store.give_up_jobs(now).await.expect("done"), 1);
        assert!(
            matches!(store.unfinished_job("film").await.expect("read"), Some(JobState::Failed(why)) if why.contains("died"))
        );
    }
}

#[tokio::test]
async fn an_unlucky_job_waits_before_it_is_tried_again() {
    for (store, _database) in stores().await {
        store.queue_once("seed", &[job("j", 0)], 0).await.expect("queued");
        store.claim_job(claim("a", 10)).await.expect("asked").expect("a job");
        store.retry_job("j", "a", "no network", 5000, 20).await.expect("given back");
        assert_eq!(store.claim_job(claim("a", 4999)).await.expect("asked"), None);
        assert!(store.claim_job(claim("a", 5001)).await.expect("asked").is_some());
        // Stopping gives it back at once, and is no attempt.
        store.release_job("j", "a", 5002).await.expect("released");
        assert_eq!(store.claim_job(claim("b", 5003)).await.expect("asked").map(|job| job.attempt), Some(2));
        assert_eq!(store.release_jobs_of("b", 5004).await.expect("released"), 1);
    }
}

#[tokio::test]
async fn a_replaced_asset_stays_until_its_viewers_are_gone() {
    for (store, _database) in stores().await {
        store.queue_once("seed", &[job("j1", 0), job("j2", 1)], 0).await.expect("queued");
        for (job_id, asset_id, now) in [("j1", "one", 100), ("j2", "two", 200)] {
            store.claim_job(claim("a", now)).await.expect("asked").expect("a job");
            begin(&store, asset_id, job_id, now).await;
            assert!(store.publish(&asset(asset_id), job_id, "a", now).await.expect("published"));
        }
        assert!(store.condemn_assets(200, 0).await.expect("asked").is_empty());
        assert_eq!(store.condemn_assets(201, 0).await.expect("asked"), ["one"]);
        // Until its files are really gone it is named again.
        assert_eq!(store.condemn_assets(0, 0).await.expect("asked"), ["one"]);
        store.forget_asset("one").await.expect("forgotten");
        assert!(store.condemn_assets(i64::MAX, i64::MAX).await.expect("asked").is_empty());

        let withdrawn = store.withdraw("film", 300).await.expect("withdrawn").expect("was there");
        assert_eq!(withdrawn.id, "two");
        assert_eq!(store.count_playable_titles().await.expect("counted"), 0);
        let events = outbox::read_after(store.database(), 0, 10).await.expect("read");
        assert_eq!(events.last().map(|event| event.type_.as_str()), Some(ASSET_WITHDRAWN));
    }
}

#[tokio::test]
async fn two_instances_agree_on_one_key() {
    use crate::domain::token::Key;
    for (store, _database) in stores().await {
        let key = |id: &str| Key { id: id.to_owned(), secret: [1; 32] };
        let (one, two) = (key("one"), key("two"));
        let (first, second) = tokio::join!(store.add_token_key(&one, 100, 50), store.add_token_key(&two, 100, 50));
        assert_eq!(u8::from(first.expect("asked")) + u8::from(second.expect("asked")), 1);
        assert_eq!(store.token_keys(0).await.expect("read").len(), 1);
    }
}
