//! The process environment, read here and nowhere else.
//!
//! `BIJOU_CATALOG__LIMITS__IN_FLIGHT_MAX` sets `catalog.limits.in_flight_max`: two underscores separate levels, one is
//! part of a name. A `BIJOU_` variable without a double underscore is no setting (tools and tests have some), except
//! for the few short names listed here that people type often.

/// What every variable of ours begins with.
pub const PREFIX: &str = "BIJOU_";

/// Short names for settings that are typed often.
const SHORT_NAMES: [(&str, &str); 2] = [("BIJOU_DATA_DIR", "data.dir"), ("BIJOU_LOG", "log.level")];

/// Our variables of this process. One that is not UTF-8 is passed over: no setting can hold it.
pub fn process_environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, _)| name.starts_with(PREFIX))
}

/// One variable by name, for what is no setting (a browser to test with, a test database). Empty counts as unset.
#[expect(clippy::disallowed_methods, reason = "this is the crate that may")]
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The dotted path a variable sets, `None` when it is no setting.
pub(crate) fn path_of(name: &str) -> Option<String> {
    if let Some((_, path)) = SHORT_NAMES.iter().find(|(short, _)| *short == name) {
        return Some((*path).to_owned());
    }
    let rest = name.strip_prefix(PREFIX)?;
    rest.contains("__").then(|| rest.to_ascii_lowercase().replace("__", "."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expected: Option<&str>) {
        assert_eq!(path_of(name).as_deref(), expected);
    }

    #[test]
    fn two_underscores_separate_levels() {
        check("BIJOU_CATALOG__LIMITS__IN_FLIGHT_MAX", Some("catalog.limits.in_flight_max"));
        check("BIJOU_DATA_DIR", Some("data.dir"));
        check("BIJOU_CHROMIUM", None);
        check("BIJOU_TEST_POSTGRES_URL", None);
        check("PATH", None);
    }
}
