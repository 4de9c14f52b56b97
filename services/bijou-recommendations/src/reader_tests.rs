//! From a shelf and from events to what is known of a reader.

use serde_json::json;

use super::*;

fn shelf() -> Shelf {
    let shelf = json!({
        "version": "1", "profile": { "id": "p", "name": "Ada", "kids": false, "language": "en" },
        "recent": [
            { "title_id": "new", "at": "2026-11-02T00:00:00Z", "fraction": 0.9 },
            { "title_id": "tried", "at": "2026-11-01T00:00:00Z", "fraction": 0.03 },
        ],
        "continue": [{
            "title_id": "begun", "episode_id": "e", "position_s": 5.0, "duration_s": 20.0, "fraction": 0.25,
            "at": "2026-11-01T00:00:00Z", "next": false,
        }],
        "list": [{ "title_id": "listed", "added_at": "2026-11-01T00:00:00Z" }],
        "thumbs": [{ "title_id": "bad", "value": "down" }],
        "picks": ["picked"],
    });
    serde_json::from_value(shelf).expect("a shelf")
}

fn played(id: &str, finished: i64, at: &str) -> Interaction {
    let last_ms = at.parse::<jiff::Timestamp>().expect("a time").as_millisecond();
    Interaction { title_id: id.to_owned(), plays: 1, finished, thumb: Thumb::None, last_ms }
}

fn titles(reading: &Reading) -> Vec<&str> {
    reading.recent.iter().map(|play| play.title.as_str()).collect()
}

#[test]
fn a_shelf_says_what_was_seen_and_events_add_what_it_does_not_reach() {
    let reading =
        Reading::told(&shelf(), &[played("old", 1, "2020-01-01T00:00:00Z"), played("half", 0, "2020-01-01T00:00:00Z")]);
    assert_eq!(titles(&reading), ["new", "tried"]);
    assert_eq!(reading.seen, ["new", "old"], "looked into is not seen");
    assert!(reading.is_current);
}

#[test]
fn thumbs_down_that_are_older_than_a_shelf_reaches_are_still_refusals() {
    let thumbed = |id: &str, thumb| Interaction { plays: 0, thumb, ..played(id, 0, "2020-01-01T00:00:00Z") };
    let events = [thumbed("long-ago", Thumb::Down), thumbed("liked", Thumb::Up), thumbed("bad", Thumb::Up)];
    let full = Shelf { more_thumbs: true, ..shelf() };
    let expected = [("bad".to_owned(), Thumb::Down), ("long-ago".to_owned(), Thumb::Down)];
    assert_eq!(Reading::told(&full, &events).thumbs, expected, "the shelf's own word counts");
    // All thumbs are on this one: what it does not hold was taken back, whatever events still say.
    assert_eq!(Reading::told(&shelf(), &events).thumbs, expected[..1]);
}

#[test]
fn with_profiles_away_newer_events_come_before_the_last_shelf() {
    let events = [played("newest", 1, "2026-11-03T00:00:00Z"), played("new", 1, "2026-10-01T00:00:00Z")];
    let reading = Reading::remembered(Some(&shelf()), &events);
    assert_eq!(titles(&reading), ["newest", "new", "tried"]);
    assert_eq!((reading.list.as_slice(), reading.is_current), (["listed".to_owned()].as_slice(), false));
    assert_eq!(titles(&Reading::remembered(None, &events)), ["newest", "new"]);
}

#[test]
fn titles_nobody_knows_are_left_out_and_thumbs_down_refuse() {
    let person =
        Reading::told(&shelf(), &[]).person(|id| ["new", "bad", "begun"].iter().position(|known| *known == id));
    assert_eq!((person.seen, person.refused, person.list), (vec![0], vec![1], vec![]));
    assert_eq!(person.begun[0].0, 2);
    assert_eq!(person.signals.len(), 1);
}

#[test]
fn what_is_played_later_is_not_known_earlier() {
    let shelf = shelf();
    let reading = Reading::told(&shelf, &[]);
    let before = shelf.recent[1].at.as_millisecond();
    assert_eq!(reading.known_ms(), shelf.recent[0].at.as_millisecond());
    assert_eq!(titles(&reading.known_until(before)), ["tried"]);
}
