//! What every file has, and what no file may have.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::root;

/// Files known to git, and those about to be.
fn files() -> Vec<PathBuf> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git is there");
    let listed = String::from_utf8(output.stdout).expect("paths are UTF-8");
    let files: Vec<_> = listed.lines().map(PathBuf::from).filter(|path| root().join(path).is_file()).collect();
    assert!(files.len() > 50, "only {} files: not a clone?", files.len());
    files
}

fn texts() -> impl Iterator<Item = (PathBuf, String)> {
    files().into_iter().filter_map(|path| {
        let text = fs::read_to_string(root().join(&path)).ok()?;
        Some((path, text))
    })
}

fn rust() -> impl Iterator<Item = (PathBuf, String)> {
    texts().filter(|(path, _)| path.extension().is_some_and(|extension| extension == "rs"))
}

#[test]
fn every_rust_file_says_what_it_is_for() {
    let silent: Vec<_> = rust().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path).collect();
    assert!(silent.is_empty(), "no `//!` header: {silent:?}");
}

#[test]
fn modules_are_not_called_mod() {
    let found: Vec<_> = files().into_iter().filter(|path| path.ends_with("mod.rs")).collect();
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn no_lint_is_allowed_and_no_test_ignored() {
    // Put together here, so that this file does not find itself.
    let banned = [["#[al", "low("], ["#![al", "low("], ["#[ign", "ore"]].map(|parts| parts.concat());
    for (path, text) in rust() {
        for word in &banned {
            assert!(!text.contains(word), "{}: `{word}`: use expect with a reason, or mend the test", path.display());
        }
    }
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    let banned =
        [["/wo", "rk/"], ["/ro", "ot/"], ["/ho", "me/"], ["/t", "mp/"], [".cargo/", "registry"], ["../sha", "red/"]]
            .map(|parts| parts.concat());
    for (path, text) in texts() {
        // Lock files name public registries, and that is their job.
        if path.ends_with("package-lock.json") {
            continue;
        }
        for (number, line) in text.lines().enumerate() {
            let found =
                banned.iter().find(|word| line.match_indices(word.as_str()).any(|(at, _)| begins_path(line, at)));
            assert!(found.is_none(), "{}:{}: {line}", path.display(), number + 1);
        }
    }
}

/// What somebody else wrote is text: nothing on a page is made of markup that is put together.
#[test]
fn no_page_is_made_of_markup_that_somebody_wrote() {
    let banned = [
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "createContextualFragment",
        "DOMParser",
        "srcdoc",
        "setHTML",
        "javascript:",
    ];
    let is_of_a_page = |path: &PathBuf| {
        let is_test = path.to_string_lossy().contains(".test.") || path.starts_with("web/packages/mock-api");
        !is_test
            && path.extension().is_some_and(|end| ["ts", "tsx", "js", "mjs", "html", "svg"].iter().any(|of| end == *of))
    };
    let pages: Vec<_> = texts().filter(|(path, _)| is_of_a_page(path)).collect();
    assert!(pages.len() > 100, "only {} files of pages", pages.len());
    for (path, text) in pages {
        for word in banned {
            assert!(!text.contains(word), "{}: `{word}`: make an element and give it text", path.display());
        }
    }
}

/// `./home/Home.tsx` and `/v1/home/` are no places on a machine.
fn begins_path(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|before: char| before.is_alphanumeric() || "._-@}*>".contains(before))
}

#[test]
fn lock_files_name_public_registries_only() {
    let lock = fs::read_to_string(root().join("web/package-lock.json")).expect("the web's lock file");
    for line in lock.lines().filter(|line| line.contains("\"resolved\"") && line.contains("://")) {
        assert!(line.contains("https://registry.npmjs.org/"), "{line}");
    }
}

/// A document that is not beside the others is compared with nothing, and nobody notices what it breaks.
#[test]
fn every_contract_is_compared_with_the_one_last_released() {
    let documents = |folder: &str| -> Vec<String> {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        let mut names: Vec<String> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name.ends_with(".openapi.json"));
        names.sort();
        names
    };
    assert_eq!(documents("contracts/released"), documents("contracts"));
}
