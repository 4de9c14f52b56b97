//! *Bijou Originals*: filter graphs for ffmpeg, from the recipes in `originals.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::domain::ladder::Size;

/// Pictures a second of every Original.
pub const FRAME_RATE: (u32, u32) = (24, 1);

const FADE_IN_S: f64 = 1.2;
const FADE_OUT_S: f64 = 1.5;

/// Sound is computed at this rate: nothing in it is higher than four kilohertz.
const SYNTHESIS_RATE: u32 = 8_000;

/// A bell's second partial, as a multiple of its tone.
const PARTIAL: f64 = 2.756;

/// One film's recipe.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Original {
    /// Id of the film, or of the episode.
    pub id: String,
    pub seconds: u32,
    pad: Vec<f64>,
    bells: Vec<f64>,
    beat_s: f64,
    surf: f64,
    picture: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Recipes {
    palettes: BTreeMap<String, String>,
    pieces: BTreeMap<String, String>,
    film: Vec<Original>,
}

static RECIPES: LazyLock<Recipes> =
    LazyLock::new(|| toml::from_str(include_str!("originals.toml")).expect("the recipes are checked by a test"));

/// All Originals, the one to be made first at the head.
pub fn all() -> &'static [Original] {
    &RECIPES.film
}

/// The Original of this id.
pub fn find(id: &str) -> Option<&'static Original> {
    all().iter().find(|film| film.id == id)
}

impl Original {
    /// The show this is an episode of.
    pub fn show(&self) -> Option<&str> {
        let (season, _) =
            self.id.rsplit_once('e').filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))?;
        season
            .rsplit_once("-s")
            .filter(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()))
            .map(|(show, _)| show)
    }

    /// The graph that draws the film at `size` and ends in `[v]`.
    pub fn picture(&self, size: Size) -> String {
        let mut graph: String = self.picture.lines().map(str::trim).collect();
        // Palettes and pieces use lengths and times themselves, so they go first.
        for (name, text) in RECIPES.palettes.iter().chain(&RECIPES.pieces) {
            graph = graph.replace(&format!("{{{name}}}"), text);
        }
        let graph = graph
            .replace("{w}", &size.width.to_string())
            .replace("{h}", &size.height.to_string())
            .replace("{d}", &self.seconds.to_string())
            .replace("{fps}", &FRAME_RATE.0.to_string());
        let graph = with_lengths(&graph, f64::from(size.height) / 360.0);
        let fade_out = f64::from(self.seconds) - FADE_OUT_S;
        let drawn = graph.strip_suffix("[v]").unwrap_or(&graph);
        format!("{drawn},fade=t=in:st=0:d={FADE_IN_S},fade=t=out:st={fade_out}:d={FADE_OUT_S}[v]")
    }

    /// The graph that makes the sound and ends in `[a]`.
    pub fn sound(&self) -> String {
        let seconds = self.seconds;
        let fade_out = f64::from(seconds) - FADE_OUT_S;
        let round = self.round_s();
        let samples = (round * f64::from(SYNTHESIS_RATE)).round();
        // One round of the bells is computed and then repeated.
        let mut graph = format!(
            "aevalsrc=exprs='{}':s={SYNTHESIS_RATE}:d={seconds}[pad];\
             aevalsrc=exprs='{}':s={SYNTHESIS_RATE}:d={round},aloop=loop=-1:size={samples},atrim=0:{seconds}[bells];",
            self.pad(),
            self.bells()
        );
        if self.surf > 0.0 {
            let level = self.surf * 0.5;
            let _ = write!(
                graph,
                "anoisesrc=c=brown:r={SYNTHESIS_RATE}:d={seconds}:a={level:.3}:seed=7,lowpass=f=520,tremolo=f=0.13:d=0.7[surf];\
                 [pad][bells][surf]amix=inputs=3:duration=first:normalize=0[dry];"
            );
        } else {
            graph.push_str("[pad][bells]amix=inputs=2:duration=first:normalize=0[dry];");
        }
        // A room: two echoes, and the sides a few milliseconds apart.
        let _ = write!(
            graph,
            "[dry]aresample=48000,volume=2,aecho=0.8:0.7:370|810:0.35|0.22,asplit[left][late];[late]adelay=17[right];\
             [left][right]join=inputs=2:channel_layout=stereo,alimiter=limit=0.85,\
             afade=t=in:st=0:d={FADE_IN_S},afade=t=out:st={fade_out}:d={FADE_OUT_S}[a]"
        );
        graph
    }

    /// How long until the first bell rings again.
    fn round_s(&self) -> f64 {
        self.beat_s * self.bells.len() as f64
    }

    /// A held chord that breathes.
    fn pad(&self) -> String {
        let mut sum = String::from("0");
        let level = 0.20 / self.pad.len() as f64;
        for (index, hertz) in self.pad.iter().enumerate() {
            let (slow, detuned) = (0.17 + 0.06 * index as f64, hertz * 1.0035);
            let _ = write!(
                sum,
                "+{level:.4}*(0.6+0.4*sin({slow:.2}*t+{index}))*(sin(2*PI*{hertz}*t)+0.6*sin(2*PI*{detuned:.3}*t)+0.25*sin(4*PI*{hertz}*t))"
            );
        }
        sum
    }

    /// Bells that ring one after the other, each counted from its own stroke, so that a round joins the next without a click.
    fn bells(&self) -> String {
        let mut sum = String::from("0");
        let round = self.round_s();
        for (index, hertz) in self.bells.iter().enumerate() {
            let since = format!("mod(t+{:.3},{round:.3})", round - self.beat_s * index as f64);
            let partial = hertz * PARTIAL;
            let _ = write!(
                sum,
                "+0.13*(1-exp(-90*{since}))*exp(-2.6*{since})*(sin(2*PI*{hertz}*{since})+0.22*sin(2*PI*{partial:.3}*{since}))"
            );
        }
        sum
    }
}

/// `{4.5u}` becomes 4.5 times `unit`, `{4i}` the same as a whole number of at least one.
fn with_lengths(graph: &str, unit: f64) -> String {
    let mut out = String::with_capacity(graph.len());
    let mut rest = graph;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((inside, behind)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let length = |letter: char| inside.strip_suffix(letter).and_then(|number| number.parse::<f64>().ok());
        if let Some(value) = length('u') {
            let _ = write!(out, "{}", (value * unit * 100.0).round() / 100.0);
        } else if let Some(value) = length('i') {
            let _ = write!(out, "{}", (value * unit).round().max(1.0));
        } else {
            let _ = write!(out, "{{{inside}}}");
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_recipe_is_complete_at_every_size() {
        assert_eq!(all().len(), 15);
        assert_eq!(all()[0].id, "bo-lanterns");
        for film in all() {
            for size in [Size { width: 640, height: 360 }, Size { width: 1280, height: 720 }] {
                let picture = film.picture(size);
                assert!(!picture.contains(['{', '}', '\n']), "{}: {picture}", film.id);
                assert!(picture.ends_with("[v]"), "{}", film.id);
            }
            assert!(film.sound().ends_with("[a]"), "{}", film.id);
            assert!((15..=40).contains(&film.seconds), "{}", film.id);
            assert!(film.bells.iter().all(|hertz| hertz * PARTIAL < f64::from(SYNTHESIS_RATE) / 2.0), "{}", film.id);
            assert!(!film.pad.is_empty() && !film.bells.is_empty(), "{}", film.id);
        }
    }

    #[test]
    fn episodes_know_their_show() {
        assert_eq!(find("bo-short-circuits-s1e2").and_then(Original::show), Some("bo-short-circuits"));
        assert_eq!(find("bo-lanterns").and_then(Original::show), None);
        assert_eq!(find("bo-encore").and_then(Original::show), None);
    }

    #[test]
    fn lengths_follow_the_height() {
        assert_eq!(with_lengths("a={4.5u}:b={3i}:c={0.2i}", 2.0), "a=9:b=6:c=1");
        assert_eq!(with_lengths("{unknown}{", 2.0), "{unknown}{");
    }
}
