//! Files that TLS cannot begin with: each is said by its setting, with what to do.

use std::{error::Error, fs};

use rcgen::Certificate;
use tempfile::TempDir;

use super::*;

/// A folder with `NAME.pem` and `NAME.key.pem` of two who have nothing to do with each other, and with what is neither.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for name in ["ours", "other"] {
        let certificate = rcgen::generate_simple_self_signed([format!("{name}.test")]).expect("signed by itself");
        write(&folder, name, &certificate);
    }
    fs::write(folder.path().join("der"), [0x30, 0x82, 0x01, 0x0a]).expect("written");
    fs::write(folder.path().join("broken"), "-----BEGIN CERTIFICATE-----\nAAAA").expect("written");
    folder
}

fn write(folder: &TempDir, name: &str, certificate: &Certificate) {
    let pem = certificate.serialize_pem().expect("signed by itself");
    fs::write(folder.path().join(format!("{name}.pem")), pem).expect("written");
    fs::write(folder.path().join(format!("{name}.key.pem")), certificate.serialize_private_key_pem()).expect("written");
}

fn files(folder: &TempDir, ca: &str, certificate: &str, key: &str) -> TlsFiles {
    let path = |file: &str| if file.is_empty() { PathBuf::new() } else { folder.path().join(file) };
    TlsFiles { ca: path(ca), certificate: path(certificate), key: path(key) }
}

#[track_caller]
fn check([ca, certificate, key]: [&str; 3], expected: &[&str]) {
    let folder = folder();
    let error = Secure::new("registry.client", &files(&folder, ca, certificate, key)).expect_err("refused");
    let source = error.source().map(ToString::to_string).unwrap_or_default();
    let text = format!("{error}: {source}");
    for part in expected {
        assert!(text.contains(part), "`{part}` is missing in: {text}");
    }
}

#[test]
fn good_files_are_taken_and_no_certificate_is_no_fault() {
    let folder = folder();
    for (certificate, key) in [("", ""), ("ours.pem", "ours.key.pem")] {
        Secure::new("registry.client", &files(&folder, "other.pem", certificate, key)).expect("good files");
    }
}

#[test]
fn a_file_that_is_not_there_is_named_with_its_setting() {
    check(["none.pem", "", ""], &["none.pem", "`registry.client.ca`", "No such file"]);
    check(["ours.pem", "none.pem", "ours.key.pem"], &["none.pem", "`registry.client.certificate`"]);
    check(["ours.pem", "ours.pem", "none.pem"], &["none.pem", "`registry.client.key`"]);
}

#[test]
fn what_is_not_pem_or_pem_of_something_else_is_said() {
    check(["der", "", ""], &["der", "`registry.client.ca`", "no certificate in PEM"]);
    check(["ours.key.pem", "", ""], &["ours.key.pem", "no certificate in PEM"]);
    check(["broken", "", ""], &["broken", "`registry.client.ca`"]);
    check(
        ["ours.pem", "ours.pem", "ours.pem"],
        &["`registry.client.key`", "no private key without a passphrase in PEM"],
    );
}

#[test]
fn a_certificate_and_its_key_go_together() {
    check(["ours.pem", "ours.pem", ""], &["`registry.client.key` is needed"]);
    check(["ours.pem", "", "ours.key.pem"], &["`registry.client.certificate` is needed"]);
    check(["ours.pem", "ours.pem", "other.key.pem"], &["other.key.pem", "ours.pem", "go together"]);
}
