//! Places, reports, ceilings and erasures, on both databases.

use bijou_playback_api::PlaybackState;
use bijou_playback_api::events::{PLAYBACK_STARTED, PLAYBACK_STOPPED};
use bijou_store::outbox;
use bijou_testkit::databases;

use super::*;
use crate::closings::Closings;
use crate::domain::streams::Closing;

const LEASE_MS: i64 = 90_000;
const PLACES: usize = 4;
const NOW: i64 = 1_800_000_000_000;

async fn stores() -> Vec<(Store, bijou_testkit::TestDatabase)> {
    let mut stores = Vec::new();
    for database in databases().await {
        stores.push((Store::open(&database.url).await.expect("opens"), database));
    }
    stores
}

fn session(number: u32, profile: Option<&str>) -> Session {
    Session {
        id: uuid::Uuid::from_u128(u128::from(number)).simple().to_string(),
        account_id: "home".to_owned(),
        profile_id: profile.map(str::to_owned),
        asset_id: "asset".to_owned(),
        playable: Playable { title_id: "film".to_owned(), episode_id: None },
        duration_ms: 60_000,
        expires_ms: NOW + 3_600_000,
        device_name: format!("device {number}"),
        certification_age: 12,
    }
}

async fn begin(store: &Store, number: u32, profile: Option<&str>, take_over: Option<u32>, now_ms: i64) -> Beginning {
    let taken = take_over.map(|number| session(number, None).id);
    let place = Place { places: PLACES, lease_ms: LEASE_MS, take_over: taken.as_deref() };
    store.begin_session(&session(number, profile), place, now_ms).await.expect("answered")
}

async fn report(store: &Store, number: u32, profile: Option<&str>, state: PlaybackState, now_ms: i64) -> Reported {
    let id = session(number, None).id;
    let report = Report {
        session_id: &id,
        account_id: "home",
        profile_id: profile,
        state,
        position_ms: now_ms - NOW,
        lease_ms: LEASE_MS,
    };
    store.report(report, now_ms).await.expect("answered")
}

#[track_caller]
fn assert_begun(begun: &Beginning, closed: &[(u32, Closing)]) {
    let Beginning::Begun(ended) = begun else { panic!("{begun:?}") };
    let ended: Vec<_> = ended.iter().map(|each| (each.id.clone(), each.why)).collect();
    let closed: Vec<_> = closed.iter().map(|(number, why)| (session(*number, None).id, *why)).collect();
    assert_eq!(ended, closed);
}

#[tokio::test]
async fn of_ten_beginnings_at_the_same_time_as_many_get_in_as_there_are_places() {
    for (store, database) in stores().await {
        // Two instances, so that no lock of one process helps.
        let other = Store::open(&database.url).await.expect("opens");
        let beginnings = (0..10).map(|number| {
            let store = if number % 2 == 0 { store.clone() } else { other.clone() };
            tokio::spawn(async move { begin(&store, number, None, None, NOW).await })
        });
        let mut full = Vec::new();
        let mut begun = 0;
        for outcome in futures_util::future::join_all(beginnings).await {
            match outcome.expect("no panic") {
                Beginning::Begun(closed) => {
                    assert_eq!(closed, []);
                    begun += 1;
                }
                Beginning::Full(live) => full.push(live.len()),
                Beginning::ProfileGone => panic!("no profile was deleted"),
            }
        }
        assert_eq!((begun, full), (PLACES, vec![PLACES; 6]), "{}", database.engine);
    }
}

#[tokio::test]
async fn a_place_is_held_by_reporting_given_up_by_stopping_and_lost_by_silence_when_it_is_wanted() {
    for (store, _database) in stores().await {
        for number in 0..4 {
            assert_begun(&begin(&store, number, None, None, NOW).await, &[]);
        }
        let Beginning::Full(live) = begin(&store, 9, None, None, NOW + LEASE_MS - 1).await else { panic!("let in") };
        assert_eq!(
            live.iter().map(|one| one.device_name.as_str()).collect::<Vec<_>>(),
            ["device 0", "device 1", "device 2", "device 3"]
        );
        // All but one report; that one gives way, but only now that somebody wants its place.
        for number in [0, 1, 3] {
            assert!(matches!(
                report(&store, number, None, PlaybackState::Progress, NOW + 60_000).await,
                Reported::Taken(_)
            ));
        }
        let later = NOW + LEASE_MS + 1;
        assert_begun(&begin(&store, 4, None, None, later).await, &[(2, Closing::Displaced)]);
        assert_eq!(report(&store, 2, None, PlaybackState::Progress, later).await, Reported::Closed(Closing::Displaced));
        // Stopping frees a place at once, and "once more" takes it back while nobody has it.
        assert!(matches!(report(&store, 0, None, PlaybackState::Stopped, later).await, Reported::Taken(_)));
        assert!(matches!(report(&store, 0, None, PlaybackState::Progress, later + 1).await, Reported::Taken(_)));
        assert!(matches!(begin(&store, 5, None, None, later + 2).await, Beginning::Full(_)));
        assert!(matches!(report(&store, 0, None, PlaybackState::Stopped, later + 3).await, Reported::Taken(_)));
        assert_begun(&begin(&store, 5, None, None, later + 4).await, &[(0, Closing::Displaced)]);
        // Another account has places of its own.
        let stranger = Session { account_id: "other".to_owned(), ..session(6, None) };
        let place = Place { places: PLACES, lease_ms: LEASE_MS, take_over: None };
        let begun = store.begin_session(&stranger, place, later + 5).await.expect("answered");
        assert_begun(&begun, &[]);
    }
}

#[tokio::test]
async fn who_is_taken_over_hears_it_and_every_instance_knows() {
    for (store, _database) in stores().await {
        let elsewhere = Closings::default();
        for number in 0..4 {
            begin(&store, number, None, None, NOW).await;
        }
        elsewhere.refresh(&store, NOW).await.expect("read");
        assert_eq!(elsewhere.count(), 0);
        assert_begun(&begin(&store, 4, None, Some(1), NOW + 10).await, &[(1, Closing::TakenOver)]);
        assert_eq!(
            report(&store, 1, None, PlaybackState::Progress, NOW + 20).await,
            Reported::Closed(Closing::TakenOver)
        );
        // How far its viewer got is still heard.
        assert!(matches!(report(&store, 1, None, PlaybackState::Stopped, NOW + 30).await, Reported::Taken(_)));
        assert_eq!(
            report(&store, 1, None, PlaybackState::Progress, NOW + 40).await,
            Reported::Closed(Closing::TakenOver)
        );
        elsewhere.refresh(&store, NOW + 50).await.expect("read");
        assert_eq!(elsewhere.of(uuid::Uuid::from_u128(1)), Some(Closing::TakenOver));
        assert_eq!(elsewhere.of(uuid::Uuid::from_u128(2)), None);
        // Until no token can name it.
        elsewhere.refresh(&store, NOW + 3_600_001).await.expect("read");
        assert_eq!(elsewhere.count(), 0);
        // Taking over what is over, or somebody else's, is a beginning like any other.
        assert!(matches!(begin(&store, 5, None, Some(1), NOW + 60).await, Beginning::Full(_)));
    }
}

#[tokio::test]
async fn a_session_is_its_profiles_alone_and_events_name_the_profile() {
    for (store, _database) in stores().await {
        begin(&store, 0, Some("kim"), None, NOW).await;
        assert_eq!(report(&store, 0, None, PlaybackState::Started, NOW + 1).await, Reported::NotFound);
        assert_eq!(report(&store, 0, Some("ada"), PlaybackState::Started, NOW + 1).await, Reported::NotFound);
        assert!(matches!(report(&store, 0, Some("kim"), PlaybackState::Started, NOW + 1).await, Reported::Taken(_)));
        let events = outbox::read_after(store.database(), 0, 10).await.expect("read");
        assert_eq!(events.len(), 1);
        assert_eq!(
            (events[0].type_.as_str(), &events[0].data["profile_id"]),
            (PLAYBACK_STARTED, &serde_json::json!("kim"))
        );
    }
}

#[tokio::test]
async fn a_lower_ceiling_ends_what_lies_above_it() {
    for (store, _database) in stores().await {
        begin(&store, 0, Some("kim"), None, NOW).await;
        begin(&store, 1, Some("ada"), None, NOW).await;
        let ceiling = |maturity| ProfileChange::Ceiling { profile_id: "kim".to_owned(), maturity };
        store.apply_profile_changes("profiles", (0, 1), &[ceiling(12)], NOW).await.expect("applied");
        assert!(matches!(report(&store, 0, Some("kim"), PlaybackState::Started, NOW + 1).await, Reported::Taken(_)));
        store.apply_profile_changes("profiles", (1, 2), &[ceiling(7)], NOW + 2).await.expect("applied");
        let told = report(&store, 0, Some("kim"), PlaybackState::Progress, NOW + 3).await;
        assert_eq!(told, Reported::Closed(Closing::Restricted));
        assert!(matches!(report(&store, 1, Some("ada"), PlaybackState::Started, NOW + 3).await, Reported::Taken(_)));
    }
}

#[tokio::test]
async fn of_a_deleted_profile_nothing_stays_but_that_its_tokens_are_refused() {
    for (store, _database) in stores().await {
        for (number, profile) in [(0, Some("kim")), (1, Some("ada")), (2, Some("kim"))] {
            begin(&store, number, profile, None, NOW).await;
            report(&store, number, profile, PlaybackState::Started, NOW + 1).await;
            report(&store, number, profile, PlaybackState::Stopped, NOW + 2).await;
        }
        let deleted = ProfileChange::Deleted { profile_id: "kim".to_owned(), erasure_id: "e1".to_owned() };
        store
            .apply_profile_changes("profiles", (0, 5), std::slice::from_ref(&deleted), NOW + 3)
            .await
            .expect("applied");
        // Another instance was as quick.
        store.apply_profile_changes("profiles", (0, 5), &[deleted], NOW + 3).await.expect("applied");
        assert_eq!(store.cursor("profiles").await.expect("read"), 5);

        let open = store.open_erasures().await.expect("read");
        assert_eq!(open.iter().map(|one| (one.erasure_id.as_str(), one.removed)).collect::<Vec<_>>(), [("e1", 2)]);
        assert_eq!(store.scrub_events("kim").await.expect("scrubbed"), 4);
        assert_eq!(store.scrub_events("kim").await.expect("scrubbed"), 0);
        store.finish_erasure("kim", NOW + 4).await.expect("noted");
        assert_eq!(store.open_erasures().await.expect("read"), []);

        let events = outbox::read_after(store.database(), 0, 100).await.expect("read");
        assert_eq!(events.len(), 6, "that something was watched stays");
        for event in &events {
            let text = event.data.to_string();
            let is_ada = event.data["profile_id"] == "ada";
            assert!(!text.contains("kim") && text.contains("home") == is_ada, "{text}");
        }
        assert_eq!(events.iter().filter(|event| event.type_ == PLAYBACK_STOPPED).count(), 3);
        let rows = sqlx::query(
            "SELECT id FROM playback_sessions WHERE profile_id = 'kim' OR (account_id = 'home' AND profile_id <> 'ada')",
        )
        .fetch_all(store.database().pool())
        .await
        .expect("read");
        assert_eq!(rows.len(), 0);
        let closings = Closings::default();
        closings.refresh(&store, NOW + 5).await.expect("read");
        assert_eq!(closings.of(uuid::Uuid::from_u128(2)), Some(Closing::Erased));
        // A token of the profile may live on for minutes: it begins nothing.
        assert_eq!(begin(&store, 7, Some("kim"), None, NOW + 6).await, Beginning::ProfileGone);
        store.forget_sessions(NOW + 5).await.expect("forgotten");
        assert!(matches!(begin(&store, 7, Some("kim"), None, NOW + 7).await, Beginning::Begun(_)));
    }
}
