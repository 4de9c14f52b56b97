//! Reading how many tests passed out of what test runners print.

use crate::report::Counts;

/// Adds a line of libtest: `test result: ok. 15 passed; 0 failed; ..`.
pub fn libtest(line: &str, counts: &mut Counts) {
    if let Some(rest) = line.trim().strip_prefix("test result: ") {
        counts.add(Counts { passed: before(rest, " passed"), failed: before(rest, " failed") });
    }
}

/// The name in a line of libtest that says a test failed: `test area::name ... FAILED`.
pub fn libtest_failed(line: &str) -> Option<&str> {
    let name = line.strip_prefix("test ")?.strip_suffix(" ... FAILED")?;
    Some(name.strip_suffix(" - should panic").unwrap_or(name))
}

/// Adds a line of Vitest: `Tests  2 failed | 40 passed (42)`, with colours or without.
pub fn vitest(line: &str, counts: &mut Counts) {
    let plain = without_colors(line);
    if let Some(rest) = plain.trim().strip_prefix("Tests ") {
        counts.add(Counts { passed: before(rest, " passed"), failed: before(rest, " failed") });
    }
}

/// The number that stands directly before a word.
fn before(text: &str, word: &str) -> u64 {
    let Some((head, _)) = text.split_once(word) else { return 0 };
    let digits = head.rsplit(|c: char| !c.is_ascii_digit()).next().unwrap_or_default();
    digits.parse().unwrap_or(0)
}

fn without_colors(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some((head, tail)) = rest.split_once('\u{1b}') {
        plain.push_str(head);
        rest = tail.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(read: fn(&str, &mut Counts), line: &str, passed: u64, failed: u64) {
        let mut counts = Counts::default();
        read(line, &mut counts);
        assert_eq!(counts, Counts { passed, failed }, "{line}");
    }

    #[test]
    fn libtests_result_lines_are_counted_and_others_are_not() {
        check(libtest, "test result: ok. 15 passed; 0 failed; 0 ignored; 0 measured; 2 filtered out", 15, 0);
        check(libtest, "test result: FAILED. 3 passed; 12 failed; 0 ignored", 3, 12);
        check(libtest, "test line::tests::15 passed ... ok", 0, 0);
    }

    #[test]
    fn the_failed_test_is_named_and_the_passed_one_is_not() {
        assert_eq!(libtest_failed("test area::it_holds ... FAILED"), Some("area::it_holds"));
        assert_eq!(libtest_failed("test it_panics - should panic ... FAILED"), Some("it_panics"));
        assert_eq!(libtest_failed("test area::it_holds ... ok"), None);
        assert_eq!(libtest_failed("test result: FAILED. 3 passed; 12 failed; 0 ignored"), None);
    }

    #[test]
    fn vitests_summary_is_counted_with_colours_and_without() {
        check(vitest, "      Tests  2 failed | 40 passed (42)", 40, 2);
        check(vitest, "\u{1b}[2m      Tests \u{1b}[22m \u{1b}[1m\u{1b}[32m7 passed\u{1b}[39m\u{1b}[22m (7)", 7, 0);
        check(vitest, " Test Files  3 passed (3)", 0, 0);
    }
}
