//! Which parts of a film may be skipped: read from its chapters or from a file beside it, checked against its length.
//!
//! Left out: finding them in the picture. What nobody marked is not skipped.

use bijou_playback_api::{CreditsMark, IntroMark, Marks};
use serde::Deserialize;

/// Longest file of marks that is looked at, in bytes.
pub const FILE_MAX: u64 = 4096;

/// Shorter parts are not worth a button, in seconds.
const PART_S_MIN: f64 = 1.0;

/// Names chapters have in files people have; compared without case, spaces and punctuation.
const INTRO_NAMES: [&str; 6] = ["intro", "introduction", "opening", "openingcredits", "titlesequence", "vorspann"];
const CREDITS_NAMES: [&str; 7] =
    ["credits", "endcredits", "endingcredits", "closingcredits", "ending", "outro", "abspann"];

/// A chapter of a media file, in seconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Chapter {
    pub title: String,
    pub start_s: f64,
    pub end_s: f64,
}

/// Why marks make no sense.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MarksError {
    #[error("it is no TOML with `intro = [start, end]` and `credits = start`: {0}")]
    Text(String),
    #[error("the intro has to end after it begins, within the film")]
    Intro,
    #[error("the credits have to begin within the film")]
    Credits,
    #[error("the credits have to begin after the intro")]
    Order,
}

/// The file beside a film: `intro = [12.0, 40.5]`, `credits = 1320`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sidecar {
    intro: Option<[f64; 2]>,
    credits: Option<f64>,
}

/// Reads the text of a file of marks.
pub fn parse(text: &str) -> Result<Marks, MarksError> {
    let sidecar: Sidecar = toml::from_str(text).map_err(|error| MarksError::Text(error.message().to_owned()))?;
    Ok(Marks {
        intro: sidecar.intro.map(|[start_s, end_s]| IntroMark { start_s, end_s }),
        credits: sidecar.credits.map(|start_s| CreditsMark { start_s }),
    })
}

/// Marks of the chapters that call themselves intro or credits; of several credits the last.
pub fn of_chapters(chapters: &[Chapter], duration_s: f64) -> Marks {
    let is_one_of = |chapter: &&Chapter, names: &[&str]| names.contains(&plain(&chapter.title).as_str());
    let intro = chapters.iter().find(|chapter| is_one_of(chapter, &INTRO_NAMES));
    let credits = chapters.iter().rev().find(|chapter| is_one_of(chapter, &CREDITS_NAMES));
    let marks = Marks {
        intro: intro.map(|chapter| IntroMark { start_s: chapter.start_s, end_s: chapter.end_s }),
        credits: credits.map(|chapter| CreditsMark { start_s: chapter.start_s }),
    };
    // What a file says of itself is taken as far as it makes sense.
    let alone = [Marks { credits: None, ..marks }, Marks { intro: None, ..marks }];
    std::iter::once(marks).chain(alone).find(|marks| check(marks, duration_s).is_ok()).unwrap_or_default()
}

/// Whether these are marks of a film of this length.
pub fn check(marks: &Marks, duration_s: f64) -> Result<(), MarksError> {
    if let Some(intro) = marks.intro
        && !(intro.start_s >= 0.0 && intro.end_s - intro.start_s >= PART_S_MIN && intro.end_s <= duration_s)
    {
        return Err(MarksError::Intro);
    }
    if let Some(credits) = marks.credits
        && !(credits.start_s > 0.0 && duration_s - credits.start_s >= PART_S_MIN)
    {
        return Err(MarksError::Credits);
    }
    match (marks.intro, marks.credits) {
        (Some(intro), Some(credits)) if credits.start_s < intro.end_s => Err(MarksError::Order),
        _ => Ok(()),
    }
}

fn plain(title: &str) -> String {
    title.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(intro: Option<(f64, f64)>, credits: Option<f64>) -> Marks {
        Marks {
            intro: intro.map(|(start_s, end_s)| IntroMark { start_s, end_s }),
            credits: credits.map(|start_s| CreditsMark { start_s }),
        }
    }

    fn chapter(title: &str, start_s: f64, end_s: f64) -> Chapter {
        Chapter { title: title.to_owned(), start_s, end_s }
    }

    #[test]
    fn a_file_of_marks_is_read() {
        assert_eq!(parse("intro = [12.0, 40.5]\ncredits = 1320\n"), Ok(marks(Some((12.0, 40.5)), Some(1320.0))));
        assert_eq!(parse(""), Ok(Marks::default()));
        for text in ["intro = 3", "intro = [1]", "outro = 5", "credits = \"late\"", "{"] {
            assert!(matches!(parse(text), Err(MarksError::Text(_))), "{text}");
        }
    }

    #[track_caller]
    fn check_marks(intro: Option<(f64, f64)>, credits: Option<f64>, expected: Result<(), MarksError>) {
        assert_eq!(check(&marks(intro, credits), 100.0), expected, "{intro:?} {credits:?}");
    }

    #[test]
    fn parts_lie_within_the_film_and_in_order() {
        check_marks(None, None, Ok(()));
        check_marks(Some((0.0, 20.0)), Some(90.0), Ok(()));
        check_marks(Some((-1.0, 20.0)), None, Err(MarksError::Intro));
        check_marks(Some((20.0, 20.5)), None, Err(MarksError::Intro));
        check_marks(Some((20.0, 100.5)), None, Err(MarksError::Intro));
        check_marks(Some((0.0, f64::NAN)), None, Err(MarksError::Intro));
        check_marks(None, Some(0.0), Err(MarksError::Credits));
        check_marks(None, Some(99.5), Err(MarksError::Credits));
        check_marks(None, Some(f64::NAN), Err(MarksError::Credits));
        check_marks(Some((0.0, 20.0)), Some(19.0), Err(MarksError::Order));
    }

    #[test]
    fn chapters_that_say_what_they_are_become_marks() {
        let chapters =
            [chapter("Prologue", 0.0, 5.0), chapter("Intro", 5.0, 15.0), chapter("End Credits", 90.0, 100.0)];
        assert_eq!(of_chapters(&chapters, 100.0), marks(Some((5.0, 15.0)), Some(90.0)));
        assert_eq!(of_chapters(&[chapter("Chapter 1", 0.0, 50.0)], 100.0), Marks::default());
        // Half of it makes sense.
        let odd = [chapter("Opening", 5.0, 500.0), chapter("Abspann", 90.0, 100.0)];
        assert_eq!(of_chapters(&odd, 100.0), marks(None, Some(90.0)));
    }
}
