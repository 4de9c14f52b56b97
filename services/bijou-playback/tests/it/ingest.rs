//! Taking files in: good ones, replaced ones, and every kind of broken one.

use std::path::Path;
use std::sync::Mutex;

use bijou_playback::ingest::{IngestRequest, Progress, Step, ingest};
use bijou_testkit::{TestDatabase, databases, sqlite_database};
use tempfile::TempDir;

use crate::clip::{clip, ingest_clip, ingest_file, library_at, make, small_clip};

async fn empty_library() -> (bijou_playback::library::Library, TempDir, TestDatabase) {
    let (folder, database) = (tempfile::tempdir().unwrap(), sqlite_database());
    (library_at(folder.path(), &database.url).await, folder, database)
}

/// Names of all files below a folder.
fn files_below(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            found.extend(files_below(&entry.path()));
        } else {
            found.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    found.sort();
    found
}

#[tokio::test]
async fn a_film_becomes_renditions_sound_subtitles_and_stills_on_both_databases() {
    for database in databases().await {
        let folder = tempfile::tempdir().unwrap();
        let library = library_at(folder.path(), &database.url).await;
        let published = ingest_clip(&library, "film").await;
        assert_eq!(published.renditions, [(640, 360), (854, 480)], "{}", database.engine);
        assert_eq!(published.audio_languages, ["de", "en"]);
        assert_eq!(published.subtitle_languages, ["de"]);
        assert!((published.duration_s - 3.0).abs() < 0.05, "{}", published.duration_s);
        assert_eq!(
            files_below(&folder.path().join("media")),
            [
                "a1-de.mp4",
                "a2-en.mp4",
                "index.json",
                "s1-de.vtt",
                "still-1.jpg",
                "still-2.jpg",
                "still-3.jpg",
                "v360.mp4",
                "v480.mp4"
            ]
        );
        assert!(files_below(&folder.path().join("media-work")).is_empty());
    }
}

#[tokio::test]
async fn progress_is_told_and_only_grows() {
    let (library, _folder, _database) = empty_library().await;
    let told: Mutex<Vec<Progress>> = Mutex::default();
    let request = IngestRequest {
        file: small_clip().to_owned(),
        title_id: "film".to_owned(),
        episode_id: None,
        subtitles: Vec::new(),
        attribution: None,
    };
    ingest(&library, request, |progress| told.lock().unwrap().push(progress)).await.unwrap();
    let told = told.into_inner().unwrap();
    assert!(told.iter().any(|progress| progress.step == Step::Encoding && progress.fraction > 0.0), "{told:?}");
    assert_eq!(told.last().map(|progress| progress.step), Some(Step::Publishing));
    assert!(told.is_sorted_by(|a, b| a.fraction <= b.fraction), "{told:?}");
}

/// The file is refused with words that name the reason, and nothing of it stays.
#[track_caller]
fn assert_refused(
    outcome: Result<bijou_playback::ingest::Published, bijou_playback::ingest::IngestError>,
    folder: &TempDir,
    words: &str,
) {
    let error = outcome.expect_err("refused");
    let mut told = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(inner) = source {
        told = format!("{told}: {inner}");
        source = inner.source();
    }
    assert!(told.contains(words), "`{told}` does not say `{words}`");
    assert!(!error.is_worth_retrying(), "{told}");
    assert_eq!(files_below(&folder.path().join("media")), Vec::<String>::new());
    assert_eq!(files_below(&folder.path().join("media-work")), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_no_film_is_refused_with_the_reason() {
    let (library, folder, _database) = empty_library().await;
    let file = folder.path().join("letter.mp4");
    std::fs::write(&file, "Dear sir or madam,").unwrap();
    assert_refused(
        ingest_file(&library, &file, "film", Vec::new()).await,
        &folder,
        "not a media file ffmpeg can read: ",
    );

    let missing = folder.path().join("missing.mp4");
    assert_refused(ingest_file(&library, &missing, "film", Vec::new()).await, &folder, "cannot read");

    let sound = folder.path().join("sound.m4a");
    make(&sound, &["-vn", "-c:a", "aac"]);
    assert_refused(ingest_file(&library, &sound, "film", Vec::new()).await, &folder, "has no picture");

    let cut = folder.path().join("cut.mkv");
    let whole = std::fs::read(clip()).unwrap();
    std::fs::write(&cut, &whole[..whole.len() / 4]).unwrap();
    assert_refused(ingest_file(&library, &cut, "film", Vec::new()).await, &folder, "cut short or damaged");
}

#[tokio::test]
async fn subtitles_are_checked_before_anything_is_encoded() {
    let (library, folder, _database) = empty_library().await;
    let subtitles = folder.path().join("broken.vtt");
    std::fs::write(&subtitles, "WEBVTT\n\n1 --> 2\nHello\n").unwrap();
    let broken = vec![("de".to_owned(), subtitles.clone())];
    assert_refused(
        ingest_file(&library, clip(), "film", broken).await,
        &folder,
        "line 3: `1 --> 2` is not a cue's timing",
    );
    let unknown = vec![("german".to_owned(), subtitles)];
    assert_refused(ingest_file(&library, clip(), "film", unknown).await, &folder, "`german` is no language tag");
}
