//! Parts of a page, their size and their speed.

use std::collections::HashSet;
use std::io::Write;
use std::sync::LazyLock;
use std::time::Instant;

use bijou_catalog_api::TitleSummary;
use bijou_ease::SparseRows;
use proptest::prelude::*;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::*;
use crate::domain::row::Progress;
use crate::model::Model;
use crate::store::ModelFacts;

pub(super) const NOW: i64 = 1_800_000_000_000;
pub(super) const ALL_HEARD: Heard = Heard { catalog: true, playback: true };

/// A library as long as told, with texts about as surprising as real ones.
pub(super) fn library(count: usize, seed: u64) -> Arc<Library> {
    const GENRES: [&str; 14] = [
        "Animation",
        "Adventure",
        "Comedy",
        "Crime",
        "Documentary",
        "Drama",
        "Family",
        "Fantasy",
        "History",
        "Horror",
        "Music",
        "Mystery",
        "Romance",
        "Science Fiction",
    ];
    const SYLLABLES: [&str; 40] = [
        "ba", "ken", "dor", "shi", "mar", "lo", "ti", "ver", "sun", "ga", "pel", "rin", "to", "cha", "wex", "ul",
        "fra", "no", "dex", "mi", "os", "tra", "quin", "be", "lar", "fo", "ny", "sk", "ard", "ine", "qu", "el", "za",
        "hum", "ple", "ro", "st", "ov", "ith", "ca",
    ];
    let rng = &mut StdRng::seed_from_u64(seed);
    let word = |rng: &mut StdRng| -> String {
        let count = rng.random_range(1..4);
        (0..count).map(|_| *SYLLABLES.choose(rng).expect("not empty")).collect()
    };
    let words = |rng: &mut StdRng, count: usize| (0..count).map(|_| word(rng)).collect::<Vec<_>>().join(" ");
    let title = |n: usize| {
        let id = words(rng, 2).replace(' ', "-") + &format!("-{n}");
        let image = |role: &str, rng: &mut StdRng| {
            json!({
                "url": format!("/img/{id}/{role}/w480/{:016x}.jpg", rng.random::<u64>()),
                "width": 480, "height": 720, "tint": format!("#{:06x}", rng.random_range(0..0x40_4040)),
            })
        };
        let (poster, backdrop) = (image("poster", rng), image("backdrop", rng));
        let genres: HashSet<&str> = (0..2).map(|_| *GENRES.choose(rng).expect("not empty")).collect();
        let length = rng.random_range(12..24);
        let name = words(rng, 3);
        let summary = json!({
            "id": id, "kind": "movie", "name": name, "year": rng.random_range(1920..2027),
            "genres": genres.iter().map(|name| json!({ "id": name.to_lowercase().replace(' ', "-"), "name": name })).collect::<Vec<_>>(),
            "certification_age": rng.random_range(0..18), "runtime_s": rng.random_range(300..9000),
            "synopsis_short": words(rng, length), "playable": rng.random_bool(0.8),
            "artwork": { "poster": poster, "backdrop": backdrop }, "added_at": "2027-01-10T00:00:00Z",
        });
        serde_json::from_value::<TitleSummary>(summary).expect("a title")
    };
    Arc::new(Library::of((0..count).map(title).collect()))
}

static NOBODY: LazyLock<Signer> = LazyLock::new(|| Signer::new(b"secret", ""));

fn make(library: Arc<Library>, plays: &HashMap<String, PlayCounts>, heard: Heard) -> Snapshot {
    Snapshot::make(library, plays, None, heard, NOW)
}

fn view(snapshot: &Snapshot) -> Arc<View> {
    snapshot.view(&Viewer::default(), NOW)
}

/// The first part of the common page.
fn first_part(snapshot: &Snapshot) -> Part {
    snapshot.common(&view(snapshot), &NOBODY, NOW).first.clone()
}

fn layout(snapshot: &Snapshot) -> Layout {
    snapshot.common(&view(snapshot), &NOBODY, NOW).layout.clone()
}

fn first(snapshot: &Snapshot) -> Value {
    serde_json::from_slice(&first_part(snapshot).json).expect("JSON")
}

fn part_after(snapshot: &Snapshot, before: &Value) -> Value {
    let seen = Seen::decode(before["next"].as_str().expect("there is more")).expect("own cursor");
    let signature = Signature { signer: &NOBODY, known_ms: 0 };
    serde_json::to_value(snapshot.part(&layout(snapshot), &seen, &signature, &[])).expect("serialises")
}

fn all_parts(snapshot: &Snapshot) -> Vec<Value> {
    let mut parts = vec![first(snapshot)];
    while let Some(last) = parts.last().filter(|part| part.get("next").is_some()) {
        parts.push(part_after(snapshot, last));
        assert!(parts.len() < 20, "the page has no end");
    }
    parts
}

fn ids(parts: &[Value]) -> Vec<String> {
    let cards = parts.iter().flat_map(|part| {
        let rows = part["rows"].as_array().expect("rows").iter();
        let hero = part.get("hero").into_iter();
        hero.chain(rows.flat_map(|row| row["items"].as_array().expect("items")))
    });
    cards.map(|card| card["title_id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn all_parts_together_show_no_title_twice() {
    let snapshot = make(library(400, 1), &HashMap::new(), ALL_HEARD);
    let parts = all_parts(&snapshot);
    assert!(parts.len() >= 3, "{} parts", parts.len());
    assert!(parts[1].get("hero").is_none());
    let ids = ids(&parts);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn a_page_that_changes_between_two_parts_still_shows_no_title_twice() {
    let titles = library(400, 2);
    let first = first(&make(Arc::clone(&titles), &HashMap::new(), ALL_HEARD));
    // Everything is reshuffled: every third title became a favourite.
    let mut rng = StdRng::seed_from_u64(3);
    let plays = titles.titles().iter().step_by(3).map(|title| {
        let weight = crate::domain::plays::Weight { amount: rng.random_range(1.0..50.0), at_ms: NOW };
        (title.id.clone(), PlayCounts { weight, people: 5, people_week: 5 })
    });
    let after = make(Arc::clone(&titles), &plays.collect(), ALL_HEARD);
    let second = part_after(&after, &first);
    assert!(!second["rows"].as_array().expect("rows").is_empty());
    let ids = ids(&[first, second]);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn every_part_fits_into_25_kilobytes_compressed() {
    for seed in 0..3 {
        let snapshot = make(library(2_000, seed), &HashMap::new(), ALL_HEARD);
        for part in all_parts(&snapshot) {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 4, 20);
            writer.write_all(part.to_string().as_bytes()).expect("in memory");
            let bytes = writer.into_inner().len();
            assert!(bytes <= 25_000, "{bytes} bytes");
        }
    }
}

#[test]
fn ten_thousand_titles_make_a_page_and_not_a_pause() {
    let titles = library(10_000, 4);
    let started = Instant::now();
    let snapshot = make(titles, &HashMap::new(), ALL_HEARD);
    assert!(!first_part(&snapshot).json.is_empty());
    assert!(started.elapsed().as_millis() < 20_000, "{:?}", started.elapsed());
}

#[test]
fn while_somebody_is_away_rows_say_what_they_are_made_of() {
    let titles = library(100, 5);
    let fallbacks = |heard: Heard| -> Vec<Option<&'static str>> {
        let snapshot = make(Arc::clone(&titles), &HashMap::new(), heard);
        layout(&snapshot).rows.iter().take(3).map(|row| row.fallback.map(Fallback::name)).collect()
    };
    assert_eq!(fallbacks(ALL_HEARD), [Some("few-plays"), None, None]);
    let catalog_away = fallbacks(Heard { catalog: false, playback: true });
    assert_eq!(catalog_away, [Some("few-plays"), Some("last-known-titles"), Some("last-known-titles")]);
    assert_eq!(fallbacks(Heard { catalog: true, playback: false })[1..], [None, None]);
}

#[test]
fn nothing_heard_is_told_from_an_empty_catalog() {
    let nothing = make(Arc::default(), &HashMap::new(), Heard::default());
    assert!(!nothing.is_ready());
    let empty = make(Arc::default(), &HashMap::new(), ALL_HEARD);
    assert!(empty.is_ready());
    assert_eq!(first_part(&empty).json.as_ref(), br#"{"rows":[]}"#);
}

#[test]
fn a_page_ends_with_the_first_offer_that_does() {
    let mut offered: Vec<TitleSummary> = library(8, 6).titles().to_vec();
    let at = |ms: i64| jiff::Timestamp::from_millisecond(ms).expect("a time");
    let offer = |from: Option<i64>, until: Option<i64>| bijou_catalog_api::Offer {
        territory: "DE".to_owned(),
        from: from.map(at),
        until: until.map(at),
    };
    offered[0].offers = vec![offer(None, Some(NOW + 5_000))];
    offered[1].offers = vec![offer(Some(NOW + 9_000), None)];
    let snapshot = make(Arc::new(Library::of(offered)), &HashMap::new(), ALL_HEARD);
    let german = Viewer::new(None, Some("DE"));
    let allowed = |now_ms: i64| snapshot.view(&german, now_ms).allowed[..2].to_vec();
    assert_eq!(allowed(NOW), [true, false]);
    assert_eq!(allowed(NOW + 4_999), [true, false]);
    assert_eq!(allowed(NOW + 5_000), [false, false]);
    assert_eq!(allowed(NOW + 9_000), [false, true]);
}

/// A model in which each title speaks for the twenty after it.
fn learned(library: &Library) -> Arc<Learned> {
    let titles: Vec<String> = library.titles().iter().map(|title| title.id.clone()).collect();
    let count = titles.len() as u32;
    let (mut viewing, mut likeness) = (SparseRows::default(), SparseRows::default());
    for number in 0..count {
        viewing.push((1..20).map(|step| ((number + step) % count, 1.0 / step as f32)));
        likeness.push([]);
    }
    let (version, facts) = ("m".to_owned(), ModelFacts::default());
    Arc::new(Learned::of(Arc::new(Model { version, made_ms: NOW, facts, titles, viewing, likeness }), library))
}

/// Every third title is offered in Germany only, some of them not yet or not any more.
fn offered(mut titles: Vec<TitleSummary>, rng: &mut StdRng) -> Vec<TitleSummary> {
    let at = |ms: i64| jiff::Timestamp::from_millisecond(ms).expect("a time");
    for title in titles.iter_mut().step_by(3) {
        let begins = rng.random_range(-2_i64..2) * 1_000;
        title.offers = vec![bijou_catalog_api::Offer {
            territory: "DE".to_owned(),
            from: rng.random_bool(0.7).then(|| at(NOW + begins)),
            until: rng.random_bool(0.7).then(|| at(NOW + begins + 1_000)),
        }];
    }
    titles
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_above_the_ceiling_and_nothing_unavailable_is_shown(
        seed: u64, ceiling in prop::option::of(0_u8..19), territory in prop::option::of(prop::sample::select(vec!["DE", "FR"])),
    ) {
        let rng = &mut StdRng::seed_from_u64(seed);
        let titles = offered(library(150, seed).titles().to_vec(), rng);
        let library = Arc::new(Library::of(titles));
        let learned = rng.random_bool(0.8).then(|| learned(&library));
        let plays = library.titles().iter().step_by(2).map(|title| {
            let weight = crate::domain::plays::Weight { amount: rng.random_range(0.0..9.0), at_ms: NOW };
            (title.id.clone(), PlayCounts { weight, people: 5, people_week: rng.random_range(0..5) })
        });
        let plays: HashMap<String, PlayCounts> = plays.collect();
        let snapshot = Snapshot::make(Arc::clone(&library), &plays, learned, ALL_HEARD, NOW);
        let viewer = Viewer::new(ceiling, territory);
        let view = snapshot.view(&viewer, NOW);
        let some = |rng: &mut StdRng| -> Vec<usize> { (0..9).map(|_| rng.random_range(0..150)).collect() };
        let progress = Progress { episode_id: None, position_s: 1.0, duration_s: 9.0, is_next: false };
        let person = Person {
            signals: some(rng).into_iter().map(|at| crate::domain::scores::tests::watched(at, 1.0)).collect(),
            begun: some(rng).into_iter().map(|at| (at, progress.clone())).collect(),
            list: some(rng), seen: some(rng), refused: some(rng), is_current: true, name: None,
        };
        let now = jiff::Timestamp::from_millisecond(NOW).expect("a time");
        let is_allowed = |at: usize| viewer.may_see(library.titles()[at].terms(), now);
        let page = snapshot.page_of(&person, &view, NOW);
        let similar: Vec<Row> = some(rng).into_iter().filter_map(|at| snapshot.similar(at, Some(&person), &view)).collect();
        let common = snapshot.common(&view, &NOBODY, NOW).layout.clone();
        let shown = page.hero.iter().chain(page.rows.iter().chain(&similar).flat_map(|row| &row.items));
        for placed in shown.chain(common.rows.iter().flat_map(|row| &row.items)) {
            prop_assert!(is_allowed(placed.candidate), "{:?}", library.titles()[placed.candidate]);
        }
        let unique: HashSet<usize> = page.hero.iter().chain(page.rows.iter().flat_map(|row| &row.items)).map(|placed| placed.candidate).collect();
        prop_assert_eq!(unique.len(), page.hero.iter().count() + page.rows.iter().map(|row| row.items.len()).sum::<usize>());
    }
}

#[test]
fn a_profiles_page_of_36_000_titles_is_made_in_some_milliseconds() {
    let library = library(36_000, 11);
    let snapshot = Snapshot::make(Arc::clone(&library), &HashMap::new(), Some(learned(&library)), ALL_HEARD, NOW);
    let view = view(&snapshot);
    let signals = (0..50).map(|n| crate::domain::scores::tests::watched(n * 700, 1.0)).collect();
    let person = Person { signals, is_current: true, ..Person::default() };
    let signature = Signature { signer: &NOBODY, known_ms: 0 };
    let started = Instant::now();
    for _ in 0..10 {
        let page = snapshot.page_of(&person, &view, NOW);
        assert!(!Part::of(&snapshot.part(&page, &Seen::default(), &signature, &[])).json.is_empty());
    }
    // Unoptimised and beside other tests; `cargo xtask bench home` measures.
    assert!(started.elapsed().as_millis() < 10 * 2_500, "{:?} for ten", started.elapsed());
}
