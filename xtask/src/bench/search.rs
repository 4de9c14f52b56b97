//! `bench search`: the catalog's search over 36,000 titles. The measuring is the catalog's own example, which knows it.
//!
//! Bars: 10 ms at the 99th of a hundred, and a known title with one typo among the first three in 95 % of all queries,
//! where the titles come from a file. It fails when one is missed.

use std::path::PathBuf;

use anyhow::Result;

use super::machine;
use crate::process::{cargo, shown};
use crate::report::say;

/// `file`: JSON lines to search in, instead of titles that are made up.
pub fn run(file: Option<PathBuf>) -> Result<()> {
    say(&format!("{}\n", machine()));
    let mut example = cargo();
    example.args(["run", "--release", "--quiet", "-p", "bijou-catalog", "--example", "search-bench", "--"]);
    // The example runs in the repository's folder.
    example.args(file.map(|file| std::path::absolute(&file).unwrap_or(file)));
    shown(&mut example)
}
