//! What the owners' facts mean: the checks in the order in which a viewer would run into them.

use bijou_catalog_api::{Terms, Territory, TitleDiagnosis, Viewer};
use bijou_playback_api::{Preparation, TitleDiagnosis as Playing};
use bijou_profiles_api::ProfileDiagnosis;
use bijou_recommendations_api::TitleDiagnosis as Taste;
use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::case::Case;
use super::device::Device;

/// What an owner said.
#[derive(Debug, Clone)]
pub enum Told<T> {
    Known(T),
    /// There is no such thing.
    Absent,
    /// No answer, and why.
    Away(String),
}

/// All owners' parts.
#[derive(Debug)]
pub struct Facts {
    pub title: Told<TitleDiagnosis>,
    pub playback: Told<Playing>,
    pub taste: Told<Taste>,
    /// `None` when no profile was named.
    pub profile: Option<Told<ProfileDiagnosis>>,
}

/// Whether something stands between a viewer and the title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsoleDoctorVerdict)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    Ok,
    Blocks,
    /// Its owner did not say.
    Unknown,
}

/// What a check is about: without the first nobody can watch, without the second they only do not come across it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConsoleDoctorConcern)]
#[serde(rename_all = "lowercase")]
pub enum Concern {
    Watching,
    Finding,
}

/// One question and its answer.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = ConsoleDoctorCheck)]
pub struct Check {
    /// `catalog`, `offer`, `maturity`, `playable`, `device`, `heard`, `search`, `recommendations`, `taste`.
    pub id: &'static str,
    /// The role that answered or did not.
    pub owner: &'static str,
    pub concern: Concern,
    pub verdict: Verdict,
    pub words: String,
    /// The facts it rests on.
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    pub evidence: Value,
}

/// What it comes to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsoleDiagnosis)]
pub struct Diagnosis {
    pub title_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// Whether it can be watched: what the checks of that concern come to.
    pub verdict: Verdict,
    /// The first thing in the way, or that there is none.
    pub words: String,
    /// In the order in which a viewer would run into them.
    pub checks: Vec<Check>,
}

/// Draws the conclusions.
pub fn diagnose(title_id: &str, case: &Case, facts: &Facts) -> Diagnosis {
    let mut checks = vec![catalog(facts), offer(case, facts), maturity(case, facts), playable(facts)];
    checks.extend(case.device.as_ref().map(|device| decodes(device, facts)));
    checks.extend([heard(facts), search(facts), candidate(facts)]);
    checks.extend(facts.profile.is_some().then(|| taste(facts)));

    let watching = || checks.iter().filter(|check| check.concern == Concern::Watching);
    let first = |verdict| watching().find(|check| check.verdict == verdict);
    let (verdict, words) = match (first(Verdict::Blocks), first(Verdict::Unknown)) {
        (Some(check), _) => (Verdict::Blocks, check.words.clone()),
        (None, Some(check)) => (Verdict::Unknown, check.words.clone()),
        (None, None) => (Verdict::Ok, "Nothing stands in the way of watching it.".to_owned()),
    };
    let name = match &facts.title {
        Told::Known(title) => Some(title.name.clone()),
        Told::Absent | Told::Away(_) => None,
    };
    Diagnosis { title_id: title_id.to_owned(), name, verdict, words, checks }
}

fn check(id: &'static str, owner: &'static str, concern: Concern, answer: Answer) -> Check {
    let Answer { verdict, words, evidence } = answer;
    Check { id, owner, concern, verdict, words, evidence }
}

struct Answer {
    verdict: Verdict,
    words: String,
    evidence: Value,
}

impl Answer {
    fn of(is_ok: bool, words: impl Into<String>, evidence: Value) -> Self {
        Self { verdict: if is_ok { Verdict::Ok } else { Verdict::Blocks }, words: words.into(), evidence }
    }

    fn unknown(words: impl Into<String>, evidence: Value) -> Self {
        Self { verdict: Verdict::Unknown, words: words.into(), evidence }
    }

    fn away(owner: &str, why: &str) -> Self {
        Self::unknown(format!("{owner} does not answer, so nobody can say."), json!({ "reason": why }))
    }
}

/// The answer that a title's facts give, or why there is none.
fn by_title(facts: &Facts, answer: impl FnOnce(&TitleDiagnosis) -> Answer) -> Answer {
    match &facts.title {
        Told::Known(title) => answer(title),
        Told::Absent => Answer::unknown("There is no such title to look at.", json!({})),
        Told::Away(why) => Answer::away("The catalog", why),
    }
}

fn catalog(facts: &Facts) -> Check {
    let answer = match &facts.title {
        Told::Absent => {
            Answer::of(false, "The catalog has no title of this id: never imported, or taken out.", json!({}))
        }
        _ => by_title(facts, |title| {
            let evidence = json!({ "name": title.name, "kind": title.kind });
            Answer::of(true, "It is in the catalog; what is in it is published.", evidence)
        }),
    };
    check("catalog", "catalog", Concern::Watching, answer)
}

fn offer(case: &Case, facts: &Facts) -> Check {
    let answer = by_title(facts, |title| {
        let place = case.territory.as_deref().map_or("a place nobody knows".to_owned(), str::to_owned);
        let evidence = json!({
            "territory": case.territory, "at": case.at.map(|at| at.to_string()), "offers": title.offers,
            "opens_at": title.opens_at, "ends_at": title.ends_at,
        });
        let words = match (title.offered, title.opens_at, title.ends_at) {
            (true, ..) if title.offers.is_empty() => "It is offered everywhere and always.".to_owned(),
            (true, _, Some(ends)) => format!("It is offered in {place} until {ends}."),
            (true, _, None) => format!("It is offered in {place}, without an end."),
            (false, Some(opens), _) => format!("It is not offered in {place} yet: its window opens at {opens}."),
            (false, None, _) if case.territory.is_none() => {
                "It is offered in some countries only, and nobody says where the viewer is.".to_owned()
            }
            (false, None, _) => format!("It is not offered in {place}, and no later window is known."),
        };
        Answer::of(title.offered, words, evidence)
    });
    check("offer", "catalog", Concern::Watching, answer)
}

fn maturity(case: &Case, facts: &Facts) -> Check {
    let answer = match &facts.profile {
        None => by_title(facts, |title| {
            let age = title.certification_age;
            let words = format!("It is for ages {age} and up; no profile was named, so no ceiling is held against it.");
            Answer::of(true, words, json!({ "certification_age": age }))
        }),
        Some(Told::Absent) => Answer::of(false, "There is no such profile.", json!({ "profile": case.profile })),
        Some(Told::Away(why)) => Answer::away("Profiles", why),
        Some(Told::Known(profile)) if case.account.as_ref().is_some_and(|id| *id != profile.account_id) => {
            let words = "The profile is another account's.";
            Answer::of(false, words, json!({ "profile": case.profile, "account": profile.account_id }))
        }
        Some(Told::Known(profile)) => by_title(facts, |title| ceiling(profile, title)),
    };
    check("maturity", "profiles", Concern::Watching, answer)
}

fn ceiling(profile: &ProfileDiagnosis, title: &TitleDiagnosis) -> Answer {
    let age = title.certification_age;
    // As everywhere: a child's profile without a ceiling sees what is for all.
    let maturity = profile.maturity.or(profile.kids.then_some(0));
    let viewer = Viewer { maturity, territory: Territory::Everywhere };
    // Any time does: there are no offers in it.
    let fits = viewer.may_see(Terms { certification_age: age, offers: &[] }, Timestamp::UNIX_EPOCH);
    let words = match maturity {
        None => format!("The profile has no ceiling; the title is for ages {age} and up."),
        Some(most) if fits => format!("The title is for ages {age} and up, the profile sees up to {most}."),
        Some(most) => format!("The title is for ages {age} and up, but the profile sees only up to {most}."),
    };
    Answer::of(fits, words, json!({ "certification_age": age, "ceiling": maturity, "kids": profile.kids }))
}

fn playable(facts: &Facts) -> Check {
    let answer = match &facts.playback {
        Told::Absent => Answer::of(false, "Playback has nothing to play for it.", json!({})),
        Told::Away(why) => Answer::away("Playback", why),
        Told::Known(playing) => {
            let is_complete = playing.asset.as_ref().is_some_and(|asset| asset.complete);
            let words = match playing.state {
                Preparation::Ready if !is_complete => "It is published, but its files are not there.".to_owned(),
                Preparation::Ready => ladder_words(playing),
                Preparation::Queued => "Its file waits to be encoded.".to_owned(),
                Preparation::Running => {
                    format!("Its file is being encoded, {} % are done.", playing.percent.unwrap_or(0))
                }
                Preparation::Failed => {
                    let why = playing.failure.as_deref().unwrap_or("no reason was kept");
                    format!("Its file could not be encoded: {why}")
                }
                Preparation::Absent => "Nobody has brought a file for it.".to_owned(),
            };
            Answer::of(playing.state == Preparation::Ready && is_complete, words, json!(playing))
        }
    };
    check("playable", "playback", Concern::Watching, answer)
}

fn ladder_words(playing: &Playing) -> String {
    let lines: Vec<String> =
        playing.asset.iter().flat_map(|asset| &asset.video).map(|rung| format!("{}p", rung.height)).collect();
    match playing.episodes_ready {
        0 => format!("It can be played in {}.", lines.join(", ")),
        count => format!("{count} of its episodes can be played, the first of them in {}.", lines.join(", ")),
    }
}

fn decodes(device: &Device, facts: &Facts) -> Check {
    let answer = match &facts.playback {
        Told::Away(why) => Answer::away("Playback", why),
        Told::Known(Playing { asset: Some(asset), .. }) => {
            let video: Vec<&str> = asset.video.iter().map(|rung| rung.codec.as_str()).collect();
            let audio: Vec<&str> = asset.audio.iter().map(|sound| sound.codec.as_str()).collect();
            let rungs = video.iter().filter(|codec| device.decodes(codec)).count();
            let hears = audio.is_empty() || audio.iter().any(|codec| device.decodes(codec));
            let words = match (rungs, hears) {
                (0, _) => "The device decodes none of its pictures.".to_owned(),
                (_, false) => "The device decodes none of its sounds.".to_owned(),
                (rungs, true) => format!("The device decodes {rungs} of {} renditions and the sound.", video.len()),
            };
            Answer::of(rungs > 0 && hears, words, json!({ "video": video, "audio": audio }))
        }
        Told::Known(_) | Told::Absent => Answer::unknown("There is nothing to decode.", json!({})),
    };
    check("device", "playback", Concern::Watching, answer)
}

fn heard(facts: &Facts) -> Check {
    let answer = by_title(facts, |title| {
        let words = if title.playable {
            "The catalog shows it as playable."
        } else {
            "The catalog does not show it as playable: there is nothing to play, or it has not heard yet."
        };
        Answer::of(title.playable, words, json!({ "playable": title.playable }))
    });
    check("heard", "catalog", Concern::Finding, answer)
}

fn search(facts: &Facts) -> Check {
    let answer = by_title(facts, |title| match title.indexed {
        Some(true) => Answer::of(true, "The search index has it.", json!({})),
        Some(false) => Answer::of(false, "The search index does not have it (yet).", json!({})),
        None => Answer::unknown("The search index is being built.", json!({})),
    });
    check("search", "catalog", Concern::Finding, answer)
}

/// The answer that recommendations' facts give, or why there is none.
fn by_taste(facts: &Facts, answer: impl FnOnce(&Taste) -> Answer) -> Answer {
    match &facts.taste {
        Told::Known(taste) => answer(taste),
        Told::Absent => Answer::unknown("Recommendations cannot be asked about it.", json!({})),
        Told::Away(why) => Answer::away("Recommendations", why),
    }
}

fn candidate(facts: &Facts) -> Check {
    let answer = by_taste(facts, |taste| {
        let words = match (taste.candidate, taste.playable, taste.modeled) {
            (false, ..) => "Recommendations do not know it.",
            (true, false, _) => "Recommendations know it as one that cannot be played.",
            (true, true, false) => {
                "It may be in any row, but the model says nothing about it: it comes by plays, genre or age alone."
            }
            (true, true, true) => "It may be in any row, and the model knows it.",
        };
        let evidence = json!({
            "candidate": taste.candidate, "playable": taste.playable, "modeled": taste.modeled, "model": taste.model,
            "plays_week": taste.plays_week, "plays": taste.plays,
        });
        Answer::of(taste.candidate && taste.playable, words, evidence)
    });
    check("recommendations", "recommendations", Concern::Finding, answer)
}

fn taste(facts: &Facts) -> Check {
    let answer = by_taste(facts, |taste| {
        let done = taste.profile.clone().unwrap_or_default();
        let words = match (done.thumb.as_str(), done.seen) {
            ("down", _) => "The profile gave it a thumb down: it is in none of its rows.",
            (_, true) => "The profile has watched it to its end: it is in none of its rows for new titles.",
            _ => "The profile has done nothing that keeps it out of its rows.",
        };
        Answer::of(done.thumb != "down" && !done.seen, words, json!(done))
    });
    check("taste", "recommendations", Concern::Finding, answer)
}

#[cfg(test)]
mod tests;
