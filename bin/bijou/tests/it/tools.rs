//! The tools: they need no running platform, and do no harm to one.

use crate::platform::{bijou, output};

#[test]
fn the_configuration_is_printed_with_origins_and_without_secrets() {
    let mut command = bijou();
    command.args(["config", "print", "--log", "debug"]).env("BIJOU_CONSOLE__OPERATOR_TOKEN", "very-secret");
    let (output, errors) = output(&mut command);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("level = \"debug\"  # flag"), "{text}");
    assert!(text.contains("BIJOU_CONSOLE__OPERATOR_TOKEN"), "{text}");
    assert!(!text.contains("very-secret"), "{text}");
}

#[test]
fn doctor_looks_at_everything_and_says_what_is_broken() {
    let folder = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut command = bijou();
    command.args(["doctor", "--data"]).arg(folder.path());
    command.env("BIJOU_GATEWAY__LISTEN", "127.0.0.1:0");
    command.env("BIJOU_REGISTRY__LISTEN", taken.local_addr().unwrap().to_string());
    command.env("BIJOU_CONSOLE__OPERATOR_LISTEN", "127.0.0.1:0");
    let (output, errors) = output(&mut command);
    let text = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{text}{errors}");
    assert_eq!(text.lines().filter(|line| line.starts_with("broken")).count(), 1, "{text}");
    assert!(text.contains("ffmpeg") && text.contains("open files"), "{text}");
}

#[test]
fn every_service_prints_its_document() {
    for role in ["identity", "catalog", "recommendations", "playback", "console", "console-operator"] {
        let mut command = bijou();
        let (output, errors) = output(command.args(["openapi", role]));
        assert!(output.status.success(), "{role}: {errors}");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["openapi"], "3.1.0", "{role}");
    }
}
