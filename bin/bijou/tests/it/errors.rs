//! What is wrong is said in one line, with what to do, before anything starts.

use std::fs;
use std::net::TcpListener;

use crate::platform::{Platform, bijou, output, up};

#[test]
fn a_port_in_use_is_named_with_the_setting_to_change() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    let mut command = up(folder.path());
    let (output, errors) = output(command.env("BIJOU_REGISTRY__LISTEN", &addr));
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(&format!("{addr} is in use")) && errors.contains("BIJOU_REGISTRY__LISTEN"), "{errors}");
    assert_eq!(errors.trim().lines().count(), 1, "{errors}");
    assert!(!folder.path().join("run.json").exists(), "nothing was started");
}

#[test]
fn one_role_alone_says_the_same_of_its_port() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let addr = taken.local_addr().unwrap().to_string();
    for role in ["catalog", "gateway", "registry"] {
        let mut command = bijou();
        let (output, errors) = output(command.args(["run", role, "--listen", &addr, "--data"]).arg(folder.path()));
        assert_eq!(output.status.code(), Some(1), "{role}: {errors}");
        assert!(errors.contains(&addr) && errors.contains(&format!("`{role}.listen`")), "{role}: {errors}");
    }
}

#[test]
fn an_unknown_setting_is_named_with_its_file_line_and_the_nearest_known_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("mine.toml");
    fs::write(&file, "[gateway]\nlistne = \"127.0.0.1:1\"\n").unwrap();
    let mut command = up(folder.path());
    let (output, errors) = output(command.arg("--config").arg(&file));
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("gateway.listne") && errors.contains("mine.toml:2"), "{errors}");
    assert!(errors.contains("did you mean `gateway.listen`?"), "{errors}");
}

#[test]
fn a_data_folder_in_use_names_who_has_it() {
    let first = Platform::start(&["--no-demo"]);
    let (output, errors) = output(&mut up(first.folder()));
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(&format!("process {}", first.supervisor_pid())), "{errors}");
}

#[test]
fn a_data_folder_that_cannot_be_made_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data");
    fs::write(&file, b"").unwrap();
    let (output, errors) = output(&mut up(&file));
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("--data DIR"), "{errors}");
}

#[test]
fn an_unknown_role_is_told_which_there_are() {
    let mut command = bijou();
    let (output, errors) = output(command.args(["run", "catalogue"]));
    assert_eq!(output.status.code(), Some(2), "{errors}");
    assert!(errors.contains("catalog, playback"), "{errors}");
}
