//! The known setting somebody probably meant.

use toml::Table;

/// Below this likeness a suggestion only confuses.
const LIKENESS_MIN: f64 = 0.82;

/// The most similar dotted path among all settings.
pub(crate) fn nearest(known: &Table, path: &str) -> Option<String> {
    let mut candidates = Vec::new();
    collect(known, "", &mut candidates);
    let last = |path: &str| path.rsplit('.').next().unwrap_or_default().to_owned();
    candidates
        .into_iter()
        .map(|candidate| {
            // A right name in the wrong table is as likely as a mistyped name in the right one.
            let whole = strsim::jaro_winkler(&candidate, path);
            let name = strsim::jaro_winkler(&last(&candidate), &last(path));
            (0.5 * whole + 0.5 * name, candidate)
        })
        .filter(|(likeness, _)| *likeness >= LIKENESS_MIN)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

fn collect(table: &Table, prefix: &str, into: &mut Vec<String>) {
    for (key, value) in table {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        if let Some(inner) = value.as_table() {
            collect(inner, &path, into);
        }
        into.push(path);
    }
}
