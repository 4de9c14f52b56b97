//! The tools: they need no running platform, and do no harm to one.

use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::http::get;
use crate::platform::{Platform, bijou, output, wait_for};

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
    for role in
        ["identity", "profiles", "catalog", "recommendations", "playback", "partners", "console", "console-operator"]
    {
        let mut command = bijou();
        let (output, errors) = output(command.args(["openapi", role]));
        assert!(output.status.success(), "{role}: {errors}");
        let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["openapi"], "3.1.0", "{role}");
    }
}

#[test]
fn an_import_shows_then_applies_and_a_faulty_file_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let file = folder.path().join("titles.jsonl");
    let good =
        r#"{"id": "metropolis", "name": "Metropolis", "year": 1927, "genres": ["Drama"], "certification": "FSK 12"}"#;
    let import = |flags: &[&str]| {
        let mut command = bijou();
        command.args(["catalog", "import"]).arg(&file).args(flags).arg("--data").arg(&data);
        let (output, errors) = output(&mut command);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    };

    fs::write(&file, format!("{good}\n{{\"id\": \"broken\", \"year\": \"soon\"}}\n")).unwrap();
    let (code, text) = import(&["--apply"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(":2:") || text.contains("line 2"), "{text}");

    fs::write(&file, format!("{good}\n")).unwrap();
    let (code, text) = import(&[]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("metropolis") && text.contains("--apply"), "{text}");
    assert_eq!(import(&["--apply"]).0, Some(0));
    let (code, text) = import(&["--apply"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(!text.contains("--apply"), "nothing is left to do: {text}");
}

#[test]
fn a_film_taken_in_beside_a_running_platform_can_be_played() {
    let platform = Platform::start(&["--no-demo"]);
    let folder = tempfile::tempdir().unwrap();
    let titles = folder.path().join("titles.jsonl");
    fs::write(&titles, r#"{"id": "test-card", "name": "Test Card", "year": 1967, "certification": "0"}"#).unwrap();
    let tool = |command: &mut Command| {
        let (output, errors) = output(command.arg("--data").arg(platform.folder()));
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &errors;
        assert!(output.status.success(), "{text}");
        text
    };
    tool(bijou().args(["catalog", "import", "--apply"]).arg(&titles));
    let film = folder.path().join("Test Card (1967).mp4");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "lavfi", "-i", "testsrc=duration=4:size=320x180:rate=24"])
        .args(["-f", "lavfi", "-i", "sine=duration=4", "-pix_fmt", "yuv420p"])
        .arg(&film)
        .status()
        .unwrap();
    assert!(made.success());

    let preview = tool(bijou().args(["media", "scan"]).arg(folder.path()));
    assert!(preview.contains("test-card") && preview.contains("--apply"), "{preview}");
    tool(bijou().args(["media", "ingest", "--title", "test-card"]).arg(&film));
    wait_for("the catalog to know", Duration::from_secs(20), || {
        get(&platform.gateway(), "/v1/titles/test-card").send().expect(200).json()["playable"] == true
    });
}

#[test]
fn nothing_is_learned_from_nothing_and_the_command_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let recommend = |arguments: &[&str]| {
        let mut command = bijou();
        command.arg("recommend").args(arguments).arg("--data").arg(folder.path());
        let (output, errors) = output(&mut command);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned() + &errors)
    };
    let (code, text) = recommend(&["list"]);
    assert!(code == Some(0) && text.contains("bijou recommend train"), "{text}");
    let (code, text) = recommend(&["train"]);
    assert!(code == Some(1) && text.contains("no title is known yet"), "{text}");
    // A file is where the folder would be: told at once, before anything is looked at or learned.
    let taken = folder.path().join("taken");
    fs::write(&taken, "no folder").unwrap();
    let mut command = bijou();
    command.args(["recommend", "train", "--data"]).arg(folder.path());
    let (refused, errors) = output(command.env("BIJOU_RECOMMENDATIONS__MODELS_DIR", &taken));
    let told: Vec<_> = errors.lines().filter(|line| line.contains("recommendations.models_dir")).collect();
    assert_eq!((refused.status.code(), told.len()), (Some(1), 1), "{errors}");
    assert!(told[0].contains(&taken.display().to_string()) && told[0].contains("name another one"), "{errors}");
    // Whoever comes by the clock comes again.
    let (code, text) = recommend(&["train", "--unless-younger-s", "60"]);
    assert!(code == Some(0) && text.contains("nothing to learn from yet"), "{text}");
    let (code, text) = recommend(&["activate", "no-such"]);
    assert!(code == Some(1) && text.contains("bijou recommend list"), "{text}");
    let (code, text) = recommend(&["rollback"]);
    assert!(code == Some(1) && text.contains("before"), "{text}");
}
