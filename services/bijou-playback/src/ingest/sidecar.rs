//! Subtitles for an asset: files that came beside the film, and text streams inside it.

use std::path::Path;

use bytes::Bytes;

use super::IngestError;
use crate::domain::webvtt;
use crate::ffmpeg::probe::Probe;
use crate::ffmpeg::{Priority, Tools, encode, run};
use crate::library::Library;
use crate::manifests::hls::unique_name;
use crate::presentation::SubtitleTrack;
use crate::work::SubtitleFile;

/// Checks all subtitle files before an hour of encoding is spent: WebVTT text and language for each.
pub async fn read_files(files: &[SubtitleFile]) -> Result<Vec<(String, String)>, IngestError> {
    let mut texts = Vec::new();
    for file in files {
        let path = file.path.display().to_string();
        let failed = |source| IngestError::File { path: path.clone(), source };
        if tokio::fs::metadata(&file.path).await.map_err(failed)?.len() > webvtt::FILE_MAX {
            return Err(IngestError::SubtitlesTooLarge { path, max: webvtt::FILE_MAX });
        }
        let bytes = tokio::fs::read(&file.path).await.map_err(failed)?;
        let text = webvtt::normalize(&bytes).map_err(|source| IngestError::Subtitles { path: path.clone(), source })?;
        texts.push((file.language.clone(), text));
    }
    Ok(texts)
}

/// Text streams inside the film, for languages no file was given for. One that ffmpeg cannot read is left out: a film
/// without its third subtitle is better than no film.
pub async fn extract(
    tools: &Tools,
    source: &Path,
    probe: &Probe,
    folder: &Path,
    given: &[(String, String)],
    priority: Priority,
) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for stream in &probe.subtitles {
        if given.iter().any(|(language, _)| *language == stream.language) {
            continue;
        }
        let out = folder.join(format!("embedded-{}.vtt", stream.index));
        let mut command = tools.ffmpeg(priority);
        command.args(encode::subtitle_arguments(source, stream.index, &out));
        let text = match run::run(command, |_| ()).await {
            Ok(()) => tokio::fs::read(&out).await.ok().and_then(|bytes| webvtt::normalize(&bytes).ok()),
            Err(_) => None,
        };
        if let Some(text) = text {
            texts.push((stream.language.clone(), text));
        } else {
            tracing::warn!(
                subtitle.index = stream.index,
                "left out a subtitle stream that cannot be turned into WebVTT"
            );
        }
    }
    texts
}

/// Stores the texts as tracks of an asset.
pub async fn store(
    library: &Library,
    asset: &str,
    texts: Vec<(String, String)>,
) -> Result<Vec<SubtitleTrack>, IngestError> {
    let mut tracks: Vec<SubtitleTrack> = Vec::new();
    for (index, (language, text)) in texts.into_iter().enumerate() {
        let file = format!("s{}-{language}.vtt", index + 1);
        let name = unique_name(&language, None, tracks.iter().map(|track| track.name.as_str()));
        let size = text.len() as u64;
        library.media.put(asset, &file, Bytes::from(text)).await?;
        tracks.push(SubtitleTrack { file, language, name, size });
    }
    Ok(tracks)
}
