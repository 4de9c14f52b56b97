//! File names as people and release groups write them.

use proptest::prelude::*;

use super::*;

fn film(id: &str, name: &str, year: u16) -> KnownTitle {
    KnownTitle { id: id.to_owned(), name: name.to_owned(), year: Some(year), episodes: Vec::new() }
}

fn library() -> Vec<KnownTitle> {
    let episodes = [1, 2].map(|number| KnownEpisode { id: format!("show-s1e{number}"), season: 1, number }).to_vec();
    vec![
        film("sintel", "Sintel", 2010),
        film("bbb", "Big Buck Bunny", 2008),
        film("nosferatu-1922", "Nosferatu", 1922),
        film("nosferatu-2024", "Nosferatu", 2024),
        film("general", "The General", 1926),
        film("2012", "2012", 2009),
        film("blade", "Blade Runner 2049", 2017),
        film("amelie", "Le Fabuleux Destin d'Amélie Poulain", 2001),
        KnownTitle { id: "show".to_owned(), name: "Short Circuits".to_owned(), year: Some(2026), episodes },
    ]
}

#[track_caller]
fn check(file: &str, expected: &str) {
    let found = match find(file, &library()) {
        Match::Found { title_id, episode_id, .. } => episode_id.unwrap_or(title_id),
        Match::Ambiguous(rivals) => format!("one of {}", rivals.join(", ")),
        Match::NoSuchEpisode { title_id, season, number } => format!("{title_id} lacks {season}x{number}"),
        Match::Nothing => "nothing".to_owned(),
    };
    assert_eq!(found, expected, "{file}");
}

#[test]
fn names_are_found_through_dots_tags_and_typos() {
    check("Sintel.2010.1080p.BluRay.x264.mkv", "sintel");
    check("big_buck_bunny.mp4", "bbb");
    check("Big Buck Buny (2008) [720p].mp4", "bbb");
    check("General, The.mkv", "general");
    check("general 1926.avi", "general");
    check("Le.fabuleux.destin.d'Amelie.Poulain.2001.mkv", "amelie");
}

#[test]
fn the_year_decides_between_remakes() {
    check("Nosferatu (1922).mkv", "nosferatu-1922");
    check("Nosferatu.2024.mkv", "nosferatu-2024");
    check("Nosferatu.mkv", "one of nosferatu-1922, nosferatu-2024");
    check("Nosferatu.1979.mkv", "nothing");
}

#[test]
fn a_year_may_be_part_of_the_name() {
    check("2012.2009.mkv", "2012");
    check("2012.mkv", "2012");
    check("Blade.Runner.2049.2017.mkv", "blade");
}

#[test]
fn episodes_are_found_by_season_and_number() {
    check("Short.Circuits.S01E02.1080p.mkv", "show-s1e2");
    check("short circuits 1x01.mkv", "show-s1e1");
    check("Short.Circuits.S02E01.mkv", "show lacks 2x1");
    check("Short.Circuits.mkv", "nothing");
}

#[test]
fn what_is_unknown_stays_unknown() {
    check("holiday_2019.mp4", "nothing");
    check(".mp4", "nothing");
    check("", "nothing");
}

proptest! {
    #[test]
    fn any_name_has_an_answer(name in ".{0,60}") {
        let _ = find(&name, &library());
    }

    #[test]
    fn separators_and_case_do_not_matter(separator in "[ ._-]", upper: bool) {
        let name = ["big", "buck", "bunny", "2008"].join(&separator);
        let name = if upper { name.to_uppercase() } else { name };
        let is_found = matches!(find(&name, &library()), Match::Found { title_id, .. } if title_id == "bbb");
        prop_assert!(is_found, "{}", name);
    }
}
