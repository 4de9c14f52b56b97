//! How well and how fast the trainer does, on interactions that were written down before: one line of JSON a file.
//!
//! `evaluate quality LAMBDA KEPT FILE..` reads splits (`T` lines: a training user's items; `H` lines: a held-out user's
//! known items, `|`, the hidden ones) and gives recall and NDCG of all weights, and of the largest KEPT of each item.
//! `evaluate speed LAMBDA KEPT FILE` reads users only, trains once, and gives seconds and the highest memory.

#![expect(clippy::print_stdout, reason = "a tool whose answer is its output")]

use std::error::Error;
use std::fs;
use std::time::Instant;

use bijou_ease::{Interactions, SparseRows, memory_bytes, train};

type Outcome<T> = Result<T, Box<dyn Error>>;

struct Split {
    taken: Interactions,
    /// Known items and hidden ones of each held-out user.
    held_out: Vec<(Vec<u32>, Vec<u32>)>,
}

/// Recall at 20 and 50, NDCG at 100.
type Quality = [f64; 3];

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (lambda, kept) = (number(&arguments, 1)?, number(&arguments, 2)?);
    let files = arguments.get(3..).unwrap_or_default();
    match arguments.first().map(String::as_str) {
        Some("quality") => quality(files, lambda, kept as usize),
        Some("speed") => speed(files.first().ok_or("no file")?, lambda, kept as usize),
        _ => Err("`quality` or `speed`, then LAMBDA KEPT FILE..".into()),
    }
}

fn number(arguments: &[String], at: usize) -> Outcome<f32> {
    Ok(arguments.get(at).ok_or("LAMBDA and KEPT are missing")?.parse()?)
}

fn quality(files: &[String], lambda: f32, kept: usize) -> Outcome<()> {
    for file in files {
        let split = read(file)?;
        let dense = train(&split.taken, lambda, 0)?;
        let all = dense.largest(split.taken.item_count());
        let largest = dense.largest(kept);
        let [r20, r50, ndcg] = measure(&split, &all);
        let [kept_r20, kept_r50, kept_ndcg] = measure(&split, &largest);
        println!(
            "{{\"dense\":[{r20:.6},{r50:.6},{ndcg:.6}],\"largest\":[{kept_r20:.6},{kept_r50:.6},{kept_ndcg:.6}]}}"
        );
    }
    Ok(())
}

fn speed(file: &str, lambda: f32, kept: usize) -> Outcome<()> {
    let taken = read(file)?.taken;
    let started = Instant::now();
    let rows = train(&taken, lambda, 0)?.largest(kept);
    let seconds = started.elapsed().as_secs_f64();
    let status = fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("0 kB").trim();
    let peak_kb: u64 = peak.trim_end_matches(" kB").parse()?;
    let estimate = memory_bytes(taken.item_count(), taken.len(), kept);
    println!(
        "{{\"seconds\":{seconds:.2},\"peak_bytes\":{},\"estimated_bytes\":{estimate},\"weights\":{}}}",
        peak_kb * 1024,
        rows.len()
    );
    Ok(())
}

fn read(file: &str) -> Outcome<Split> {
    let text = fs::read_to_string(file)?;
    let mut lines = text.lines();
    let item_count = lines.next().ok_or("the file is empty")?.trim().parse()?;
    let mut split = Split { taken: Interactions::new(item_count), held_out: Vec::new() };
    for line in lines {
        match line.split_at(1) {
            ("T", items) => split.taken.push(numbers(items)?.into_iter().map(|item| (item, 1.0))),
            ("H", user) => {
                let (known, hidden) = user.split_once('|').ok_or("a held-out user without hidden items")?;
                split.held_out.push((numbers(known)?, numbers(hidden)?));
            }
            _ => return Err(format!("`{line}` is no user").into()),
        }
    }
    Ok(split)
}

fn numbers(text: &str) -> Outcome<Vec<u32>> {
    Ok(text.split_ascii_whitespace().map(str::parse).collect::<Result<_, _>>()?)
}

fn measure(split: &Split, rows: &SparseRows) -> Quality {
    let mut sums = [0.0; 3];
    for (known, hidden) in &split.held_out {
        let mut scores = vec![0.0_f32; split.taken.item_count()];
        let history: Vec<(u32, f32)> = known.iter().map(|item| (*item, 1.0)).collect();
        rows.add_scores(&history, &mut scores);
        for item in known {
            scores[*item as usize] = f32::NEG_INFINITY;
        }
        let mut order: Vec<u32> = (0..).take(scores.len()).collect();
        order.sort_by(|a, b| scores[*b as usize].total_cmp(&scores[*a as usize]).then_with(|| a.cmp(b)));
        let user = [recall(&order, hidden, 20), recall(&order, hidden, 50), ndcg(&order, hidden, 100)];
        for (sum, value) in sums.iter_mut().zip(user) {
            *sum += value;
        }
    }
    sums.map(|sum| sum / split.held_out.len() as f64)
}

/// The share of hidden items among the first `k`, of as many as could be there.
fn recall(order: &[u32], hidden: &[u32], k: usize) -> f64 {
    let found = order.iter().take(k).filter(|item| hidden.contains(item)).count();
    found as f64 / hidden.len().min(k) as f64
}

fn ndcg(order: &[u32], hidden: &[u32], k: usize) -> f64 {
    let gain = |place: usize| 1.0 / (place as f64 + 2.0).log2();
    let places = order.iter().take(k).enumerate().filter(|(_, item)| hidden.contains(item));
    let got: f64 = places.map(|(place, _)| gain(place)).sum();
    got / (0..hidden.len().min(k)).map(gain).sum::<f64>()
}
