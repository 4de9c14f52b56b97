//! Facts, and what they come to.

use bijou_catalog_api::{Kind, Offer};
use bijou_playback_api::{AssetDiagnosis, AudioDiagnosis, VideoDiagnosis};
use bijou_recommendations_api::Done;

use super::*;

fn title() -> TitleDiagnosis {
    TitleDiagnosis {
        title_id: "t".to_owned(),
        kind: Kind::Movie,
        name: "A Film".to_owned(),
        certification_age: 12,
        offers: Vec::new(),
        offered: true,
        opens_at: None,
        ends_at: None,
        playable: true,
        indexed: Some(true),
    }
}

fn playing() -> Playing {
    let rung = |height, codec: &str| VideoDiagnosis { width: 640, height, codec: codec.to_owned(), bitrate_kbps: 900 };
    Playing {
        title_id: "t".to_owned(),
        state: Preparation::Ready,
        percent: None,
        failure: None,
        episodes_ready: 0,
        asset: Some(AssetDiagnosis {
            id: "a".to_owned(),
            episode_id: None,
            duration_s: 60.0,
            complete: true,
            video: vec![rung(360, "avc1.64001e"), rung(1080, "avc1.640028")],
            audio: vec![AudioDiagnosis { language: "en".to_owned(), codec: "mp4a.40.2".to_owned(), channels: 2 }],
            subtitle_languages: Vec::new(),
        }),
    }
}

fn facts() -> Facts {
    let taste = Taste { candidate: true, playable: true, modeled: true, ..Taste::default() };
    Facts { title: Told::Known(title()), playback: Told::Known(playing()), taste: Told::Known(taste), profile: None }
}

fn profile(maturity: Option<u8>, kids: bool) -> Told<ProfileDiagnosis> {
    let (profile_id, account_id) = ("p".to_owned(), "a".to_owned());
    Told::Known(ProfileDiagnosis { profile_id, account_id, maturity, kids })
}

#[track_caller]
fn check_one(case: &Case, facts: &Facts, id: &str, verdict: Verdict, words: &str) {
    let told = diagnose("t", case, facts);
    let found = told.checks.iter().find(|check| check.id == id).expect("the check");
    assert_eq!(found.verdict, verdict, "{found:?}");
    assert!(found.words.contains(words), "{found:?}");
}

#[test]
fn a_title_with_nothing_in_its_way_passes_every_check() {
    let told = diagnose("t", &Case::default(), &facts());
    assert!(told.checks.iter().all(|check| check.verdict == Verdict::Ok), "{told:?}");
    assert_eq!((told.verdict, told.name.as_deref()), (Verdict::Ok, Some("A Film")));
    let ids: Vec<&str> = told.checks.iter().map(|check| check.id).collect();
    assert_eq!(ids, ["catalog", "offer", "maturity", "playable", "heard", "search", "recommendations"]);
}

#[test]
fn the_first_thing_in_the_way_is_the_answer() {
    let offer = Offer { territory: "DE".to_owned(), from: None, until: None };
    let opens_at = Some("2030-12-01T00:00:00Z".parse().expect("a time"));
    let closed = TitleDiagnosis { offers: vec![offer], offered: false, opens_at, ..title() };
    let absent = Playing { state: Preparation::Absent, asset: None, ..playing() };
    let facts = Facts { title: Told::Known(closed), playback: Told::Known(absent), ..facts() };
    let case = Case { territory: Some("DE".to_owned()), ..Case::default() };
    let told = diagnose("t", &case, &facts);
    assert_eq!(told.verdict, Verdict::Blocks);
    assert_eq!(told.words, "It is not offered in DE yet: its window opens at 2030-12-01T00:00:00Z.");
    check_one(&case, &facts, "playable", Verdict::Blocks, "Nobody has brought a file");
}

#[test]
fn a_ceiling_below_the_age_blocks() {
    let with = |profile| Facts { profile: Some(profile), ..facts() };
    let case = Case::default();
    check_one(&case, &with(profile(Some(12), false)), "maturity", Verdict::Ok, "up to 12");
    check_one(&case, &with(profile(Some(6), true)), "maturity", Verdict::Blocks, "only up to 6");
    check_one(&case, &with(profile(None, true)), "maturity", Verdict::Blocks, "only up to 0");
    check_one(&case, &with(profile(None, false)), "maturity", Verdict::Ok, "no ceiling");
    check_one(&case, &with(Told::Absent), "maturity", Verdict::Blocks, "no such profile");
    let elsewhere = Case { account: Some("b".to_owned()), ..Case::default() };
    check_one(&elsewhere, &with(profile(None, false)), "maturity", Verdict::Blocks, "another account");
}

#[test]
fn a_device_plays_what_it_decodes() {
    let case = |device| Case { device: Device::parse(device), ..Case::default() };
    check_one(&case("avc1.64001f,mp4a"), &facts(), "device", Verdict::Ok, "1 of 2 renditions");
    check_one(&case("vp09,mp4a"), &facts(), "device", Verdict::Blocks, "none of its pictures");
    check_one(&case("avc1,opus"), &facts(), "device", Verdict::Blocks, "none of its sounds");
}

#[test]
fn an_owner_that_is_away_leaves_its_part_unknown_and_the_rest_is_told() {
    let away = || "no instance".to_owned();
    let facts = Facts { title: Told::Away(away()), taste: Told::Away(away()), ..facts() };
    let told = diagnose("t", &Case::default(), &facts);
    assert_eq!(told.verdict, Verdict::Unknown);
    for check in &told.checks {
        let expected = if check.id == "playable" { Verdict::Ok } else { Verdict::Unknown };
        assert_eq!(check.verdict, expected, "{check:?}");
    }
}

#[test]
fn what_a_profile_did_keeps_a_title_from_being_found_but_not_from_being_watched() {
    let did = |thumb: &str, seen| {
        let done = Done { plays: 1, seen, thumb: thumb.to_owned() };
        let taste = Taste { candidate: true, playable: true, profile: Some(done), ..Taste::default() };
        Facts { taste: Told::Known(taste), profile: Some(profile(None, false)), ..facts() }
    };
    let case = Case::default();
    check_one(&case, &did("down", false), "taste", Verdict::Blocks, "thumb down");
    check_one(&case, &did("up", true), "taste", Verdict::Blocks, "to its end");
    check_one(&case, &did("up", false), "taste", Verdict::Ok, "nothing");
    check_one(&case, &did("up", false), "recommendations", Verdict::Ok, "the model says nothing");
    assert_eq!(diagnose("t", &case, &did("down", false)).verdict, Verdict::Ok);
}
