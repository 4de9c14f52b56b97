//! Parts of a page, their size and their speed.

use std::collections::HashSet;
use std::io::Write;
use std::time::Instant;

use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use serde_json::{Value, json};

use super::*;

const NOW: i64 = 1_800_000_000_000;
const ALL_HEARD: Heard = Heard { catalog: true, playback: true };

/// A library as long as told, with texts about as surprising as real ones.
fn library(count: usize, seed: u64) -> Arc<Vec<TitleSummary>> {
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
    Arc::new((0..count).map(title).collect())
}

fn all_parts(snapshot: &Snapshot) -> Vec<Value> {
    let mut parts = vec![serde_json::from_slice(&snapshot.first().expect("there are titles").json).expect("JSON")];
    while let Some(cursor) = parts.last().and_then(|part: &Value| part["next"].as_str()) {
        let seen = Seen::decode(cursor).expect("own cursor");
        parts.push(serde_json::to_value(snapshot.part(&seen)).expect("serialises"));
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
    let snapshot = Snapshot::make(library(400, 1), &HashMap::new(), ALL_HEARD, NOW);
    let parts = all_parts(&snapshot);
    assert!(parts.len() >= 3, "{} parts", parts.len());
    assert!(parts[1].get("hero").is_none());
    let ids = ids(&parts);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn a_page_that_changes_between_two_parts_still_shows_no_title_twice() {
    let titles = library(400, 2);
    let before = Snapshot::make(Arc::clone(&titles), &HashMap::new(), ALL_HEARD, NOW);
    let first: Value = serde_json::from_slice(&before.first().expect("there are titles").json).expect("JSON");
    // Everything is reshuffled: every third title became a favourite.
    let mut rng = StdRng::seed_from_u64(3);
    let plays = titles.iter().step_by(3).map(|title| {
        let weight = crate::domain::plays::Weight { amount: rng.random_range(1.0..50.0), at_ms: NOW };
        (title.id.clone(), PlayCounts { weight, people: 5, people_week: 5 })
    });
    let after = Snapshot::make(Arc::clone(&titles), &plays.collect(), ALL_HEARD, NOW);
    let seen = Seen::decode(first["next"].as_str().expect("there is more")).expect("own cursor");
    let second = serde_json::to_value(after.part(&seen)).expect("serialises");
    assert!(!second["rows"].as_array().expect("rows").is_empty());
    let ids = ids(&[first, second]);
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len());
}

#[test]
fn every_part_fits_into_25_kilobytes_compressed() {
    for seed in 0..3 {
        let snapshot = Snapshot::make(library(2_000, seed), &HashMap::new(), ALL_HEARD, NOW);
        for part in all_parts(&snapshot) {
            let mut writer = brotli::CompressorWriter::new(Vec::new(), 4096, 4, 20);
            writer.write_all(part.to_string().as_bytes()).expect("in memory");
            let bytes = writer.into_inner().len();
            assert!(bytes <= 25_000, "{bytes} bytes");
        }
    }
}

#[test]
fn ten_thousand_titles_make_a_page_in_well_under_a_second() {
    let titles = library(10_000, 4);
    let started = Instant::now();
    let snapshot = Snapshot::make(titles, &HashMap::new(), ALL_HEARD, NOW);
    assert!(snapshot.first().is_some());
    assert!(started.elapsed().as_millis() < 1_000, "{:?}", started.elapsed());
}

#[test]
fn while_somebody_is_away_rows_say_what_they_are_made_of() {
    let titles = library(100, 5);
    let fallbacks = |heard: Heard| -> Vec<Option<&'static str>> {
        let snapshot = Snapshot::make(Arc::clone(&titles), &HashMap::new(), heard, NOW);
        snapshot.layout.rows.iter().take(3).map(|row| row.fallback.map(Fallback::name)).collect()
    };
    assert_eq!(fallbacks(ALL_HEARD), [Some("few-plays"), None, None]);
    let catalog_away = fallbacks(Heard { catalog: false, playback: true });
    assert_eq!(catalog_away, [Some("few-plays"), Some("last-known-titles"), Some("last-known-titles")]);
    assert_eq!(fallbacks(Heard { catalog: true, playback: false })[1..], [None, None]);
}

#[test]
fn nothing_heard_is_told_from_an_empty_catalog() {
    let nothing = Snapshot::make(Arc::default(), &HashMap::new(), Heard { catalog: false, playback: false }, NOW);
    assert!(nothing.first().is_none());
    let empty = Snapshot::make(Arc::default(), &HashMap::new(), ALL_HEARD, NOW);
    assert_eq!(empty.first().expect("a page").json.as_ref(), br#"{"rows":[]}"#);
}
