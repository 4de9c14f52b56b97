//! Paths as logs and spans may show them: without the credentials that some of them carry, and without who somebody is.
//!
//! A playback token stands in the path so that caches and players need no header for it. Who can read telemetry could
//! otherwise watch on somebody else's ticket. The rule knows no route: whatever is longer than any id is taken for a
//! credential, so that a new route is covered before anybody thinks of it.
//!
//! A profile's id in telemetry would outlive the profile, whose deletion everybody acknowledges.

use std::borrow::Cow;

/// Longest segment shown whole. Ids of ours have at most 36 characters, tokens never fewer than 80.
const SEGMENT_MAX: usize = 40;
/// What is left of a longer one: enough to tell two apart.
const KEPT: usize = 4;
/// What ids of persons come after (a profile, and what is kept of it), and the least characters of one: names of things
/// below are shorter.
const PERSONS: [&str; 2] = ["profiles", "records"];
const ID_MIN: usize = 20;

/// The path with overlong segments and ids of persons cut; borrowed when there is none, which is nearly always.
pub fn shown_path(path: &str) -> Cow<'_, str> {
    let befores = std::iter::once("").chain(path.split('/'));
    let is_cut = |(segment, before): (&str, &str)| {
        segment.len() > SEGMENT_MAX || (PERSONS.contains(&before) && segment.len() >= ID_MIN)
    };
    if !path.split('/').zip(befores.clone()).any(is_cut) {
        return Cow::Borrowed(path);
    }
    let shown = path.split('/').zip(befores).map(|(segment, before)| match segment.char_indices().nth(KEPT) {
        Some((end, _)) if is_cut((segment, before)) => Cow::Owned(format!("{}…", &segment[..end])),
        _ => Cow::Borrowed(segment),
    });
    Cow::Owned(shown.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, expected: &str) {
        assert_eq!(shown_path(path), expected);
    }

    #[test]
    fn ids_and_names_are_shown() {
        check("/", "/");
        check(
            "/v1/playbacks/01a2076304e370479b959093ff444331/events",
            "/v1/playbacks/01a2076304e370479b959093ff444331/events",
        );
        check(
            "/img/the-great-train-robbery/poster/w640/22c9bb3807e01b77.jpg",
            "/img/the-great-train-robbery/poster/w640/22c9bb3807e01b77.jpg",
        );
    }

    #[test]
    fn a_profile_is_not_named() {
        check("/v1/profiles/01a20763-04e3-7047-9b95-9093ff444331/pin", "/v1/profiles/01a2…/pin");
        check("/v1/diagnoses/profiles/01a2076304e370479b959093ff444331", "/v1/diagnoses/profiles/01a2…");
        check("/v1/records/01a20763-04e3-7047-9b95-9093ff444331", "/v1/records/01a2…");
        check("/v1/profiles", "/v1/profiles");
        check("/v1/profiles/mine/preferences", "/v1/profiles/mine/preferences");
    }

    #[test]
    fn a_token_is_cut_wherever_it_stands() {
        let token = format!("k1.{}.{}", "b".repeat(60), "c".repeat(43));
        check(&format!("/s/01a2/{token}/v360.mp4"), "/s/01a2/k1.b…/v360.mp4");
        check(&format!("/{token}"), "/k1.b…");
    }

    #[test]
    fn a_long_segment_of_other_letters_is_cut_between_characters() {
        check(&format!("/{}", "é".repeat(30)), "/éééé…");
    }
}
