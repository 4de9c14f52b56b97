//! For tests: random histories, of which each is told by its seed alone.

/// Lives through the histories of some seeds, each on a runtime of its own. Which of two timers that are due at once comes
/// first depends on how long a runtime's clock has run: a seed would tell one thing alone and another behind others.
pub fn live_through(seeds: impl IntoIterator<Item = u64>, history: impl AsyncFn(u64)) {
    for seed in seeds {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("time needs nothing").block_on(history(seed));
    }
}
