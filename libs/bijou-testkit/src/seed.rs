//! Where made-up data begins.

/// The seed of `BIJOU_TEST_SEED`, else another one each time. A test that uses it names it when it fails, and
/// `cargo xtask test` runs what failed once more with the same.
///
/// # Panics
///
/// When the variable is no number.
pub fn seed() -> u64 {
    match bijou_config::variable("BIJOU_TEST_SEED") {
        Some(text) => text.parse().expect("BIJOU_TEST_SEED is a number"),
        None => std::time::UNIX_EPOCH.elapsed().map_or(0, |since| since.as_nanos() as u64),
    }
}
