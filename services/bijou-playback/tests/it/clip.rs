//! A small film for all tests: three seconds, two languages, made once.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use bijou_playback::Config;
use bijou_playback::ingest::{IngestError, IngestRequest, Published, ingest};
use bijou_playback::library::Library;
use bijou_testkit::{TestDatabase, TestService};
use tempfile::TempDir;

static CLIP: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
static SMALL_CLIP: OnceLock<(TempDir, PathBuf)> = OnceLock::new();

/// German subtitles for it.
pub const SUBTITLES: &str = "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nGuten Abend\n";

/// 854x480, 25 pictures a second, sound in German and English.
pub fn clip() -> &'static Path {
    let (_, path) = CLIP.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("clip.mkv");
        make(
            &path,
            &[
                "-metadata:s:a:0",
                "language=ger",
                "-metadata:s:a:1",
                "language=eng",
                "-c:v",
                "libx264",
                "-preset",
                "ultrafast",
                "-c:a",
                "aac",
            ],
        );
        (folder, path)
    });
    path
}

/// 160x90 and one sound: a single rendition, for tests that are not about renditions.
pub fn small_clip() -> &'static Path {
    let (_, path) = SMALL_CLIP.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("small.mp4");
        make(&path, &["-s", "160x90", "-map", "-2", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "aac"]);
        (folder, path)
    });
    path
}

/// Runs ffmpeg with three generated streams: picture, sound, sound.
pub fn make(path: &Path, arguments: &[&str]) {
    let sources = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=s=854x480:r=25:d=3",
        "-f",
        "lavfi",
        "-i",
        "sine=f=440:d=3",
        "-f",
        "lavfi",
        "-i",
        "sine=f=660:d=3",
    ];
    let status = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y"])
        .args(sources)
        .args(["-map", "0", "-map", "1", "-map", "2"])
        .args(arguments)
        .arg(path)
        .status()
        .expect("the tests need ffmpeg: apt-get install ffmpeg");
    assert!(status.success());
}

/// The small clip with one chapter of this name, in seconds.
pub fn with_chapter(path: &Path, title: &str, start_s: u32, end_s: u32) {
    let text = path.with_extension("txt");
    let chapter = format!("[CHAPTER]\nTIMEBASE=1/1\nSTART={start_s}\nEND={end_s}\ntitle={title}\n");
    std::fs::write(&text, format!(";FFMETADATA1\n{chapter}")).unwrap();
    let status = Command::new("ffmpeg")
        .args(["-loglevel", "error", "-y", "-i"])
        .arg(small_clip())
        .arg("-i")
        .arg(&text)
        .args(["-map_metadata", "1", "-map_chapters", "1", "-map", "0", "-c", "copy"])
        .arg(path)
        .status()
        .unwrap();
    assert!(status.success());
}

/// The library of a running service.
pub async fn library_of(service: &TestService, database: &TestDatabase) -> Library {
    library_at(service.data_dir(), &database.url).await
}

/// A library in a folder, on a database.
pub async fn library_at(folder: &Path, url: &str) -> Library {
    Library::open_at(url, folder, &Config::default()).await.unwrap()
}

/// Takes the clip in as the film of `title`.
pub async fn ingest_clip(library: &Library, title: &str) -> Published {
    let folder = tempfile::tempdir().unwrap();
    let subtitles = folder.path().join("clip.vtt");
    std::fs::write(&subtitles, SUBTITLES).unwrap();
    ingest_file(library, clip(), title, vec![("ger".to_owned(), subtitles)]).await.unwrap()
}

/// Takes the small clip in as the film of `title`.
pub async fn ingest_small(library: &Library, title: &str) -> Published {
    ingest_file(library, small_clip(), title, Vec::new()).await.unwrap()
}

/// Takes the small clip in as an episode of a show.
pub async fn ingest_episode(library: &Library, show: &str, episode: &str) -> Published {
    let request = IngestRequest {
        file: small_clip().to_owned(),
        title_id: show.to_owned(),
        episode_id: Some(episode.to_owned()),
        subtitles: Vec::new(),
        attribution: None,
    };
    ingest(library, request, |_| ()).await.unwrap()
}

/// Takes any file in.
pub async fn ingest_file(
    library: &Library,
    file: &Path,
    title: &str,
    subtitles: Vec<(String, PathBuf)>,
) -> Result<Published, IngestError> {
    let request = IngestRequest {
        file: file.to_owned(),
        title_id: title.to_owned(),
        episode_id: None,
        subtitles,
        attribution: Some("made by a test".to_owned()),
    };
    ingest(library, request, |_| ()).await
}
