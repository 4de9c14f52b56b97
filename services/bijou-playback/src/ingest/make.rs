//! The making itself: decide, encode, package, describe, publish.

use std::path::{Path, PathBuf};

use bijou_playback_api::{Marks, SubtitleOption};
use bytes::Bytes;
use uuid::Uuid;

use super::{IngestError, Progress, Published, Step, marks, sidecar};
use crate::clock::now_ms;
use crate::cmaf::boxes::Kind;
use crate::demo::{open_films, originals};
use crate::domain::ladder::{Rung, Size, ladder};
use crate::domain::language::{self, NO_LANGUAGE};
use crate::fetch;
use crate::ffmpeg::encode::{self, AudioOutput, Effort, Plan, Source, StillOutput, VideoOutput};
use crate::ffmpeg::{Priority, Tools, probe, run};
use crate::library::Library;
use crate::manifests::hls::unique_name;
use crate::packager;
use crate::presentation::{AudioRendition, INDEX_FILE, Presentation, Still, VideoRendition};
use crate::store::{Asset, NewAsset};
use crate::work::{SubtitleFile, Tier, Work, WorkSource};

/// Share of the whole that encoding takes, for progress.
const ENCODING_SHARE: f64 = 0.93;

/// A film may end this much before the length its container claims: the last frames of one stream.
const MISSING_SHARE_MAX: f64 = 0.03;
const MISSING_S_MAX: f64 = 2.0;

/// Where stills are taken, as shares of the whole.
const STILL_PLACES: [f64; 3] = [0.3, 0.55, 0.75];

/// Size Originals are drawn at for each tier.
const FIRST_SIZE: Size = Size { width: 640, height: 360 };
const FULL_SIZE: Size = Size { width: 1280, height: 720 };

/// What is known about a source before it is encoded.
struct Prepared {
    source: Source,
    frame_rate: (u32, u32),
    duration_s: f64,
    audio: Vec<Sound>,
    rungs: Vec<Rung>,
    effort: Effort,
    /// Language and WebVTT text.
    subtitles: Vec<(String, String)>,
    /// What the source says may be skipped.
    marks: Marks,
}

struct Sound {
    index: usize,
    language: String,
    name: String,
}

type OnProgress<'a> = &'a (dyn Fn(Progress) + Send + Sync);

/// Runs one job to its end; on failure nothing of it stays.
pub(super) async fn make_and_publish(
    library: &Library,
    tools: &Tools,
    job_id: &str,
    owner: &str,
    work: &Work,
    priority: Priority,
    on_progress: OnProgress<'_>,
) -> Result<Published, IngestError> {
    let playable = work.playable();
    let asset_id = Uuid::now_v7().simple().to_string();
    let new = NewAsset { id: &asset_id, playable: &playable, job_id, attribution: work.attribution.as_deref() };
    library.store.begin_asset(&new, now_ms()).await?;
    let folder = library.work_dir.join(&asset_id);
    let outcome = async {
        tokio::fs::create_dir_all(&folder).await.map_err(IngestError::WorkFolder)?;
        let presentation = make(library, tools, work, &asset_id, &folder, priority, on_progress).await?;
        on_progress(Progress { step: Step::Publishing, fraction: 0.99 });
        let asset = Asset {
            id: asset_id.clone(),
            playable,
            duration_ms: presentation.duration_ms as i64,
            height_max: presentation.video.iter().map(|rendition| rendition.height).max().unwrap_or(0),
            attribution: work.attribution.clone(),
            audio_languages: presentation.audio.iter().map(|rendition| rendition.language.clone()).collect(),
            subtitles: presentation
                .subtitles
                .iter()
                .map(|track| SubtitleOption { language: track.language.clone(), name: track.name.clone() })
                .collect(),
            stills: presentation.stills.iter().map(|still| still.file.clone()).collect(),
            marks: presentation.marks,
        };
        if !library.store.publish(&asset, job_id, owner, now_ms()).await? {
            return Err(IngestError::JobLost);
        }
        Ok(Published {
            asset_id: asset.id,
            duration_s: presentation.seconds(),
            renditions: presentation.video.iter().map(|rendition| (rendition.width, rendition.height)).collect(),
            audio_languages: asset.audio_languages,
            subtitle_languages: asset.subtitles.into_iter().map(|track| track.language).collect(),
        })
    }
    .await;
    remove_folder(&folder).await;
    if outcome.is_err() {
        discard(library, &asset_id).await;
    }
    outcome
}

async fn make(
    library: &Library,
    tools: &Tools,
    work: &Work,
    asset: &str,
    folder: &Path,
    priority: Priority,
    on_progress: OnProgress<'_>,
) -> Result<Presentation, IngestError> {
    on_progress(Progress { step: Step::Probing, fraction: 0.0 });
    let prepared = prepare(tools, work, folder, priority).await?;
    let plan = Plan {
        source: prepared.source,
        frame_rate: prepared.frame_rate,
        duration_s: prepared.duration_s,
        video: prepared
            .rungs
            .iter()
            .map(|rung| VideoOutput { path: folder.join(video_file(rung)), rung: *rung })
            .collect(),
        audio: prepared
            .audio
            .iter()
            .enumerate()
            .map(|(number, sound)| AudioOutput { path: folder.join(audio_file(number, sound)), index: sound.index })
            .collect(),
        stills: STILL_PLACES
            .iter()
            .enumerate()
            .map(|(index, place)| StillOutput {
                path: folder.join(still_file(index)),
                at_s: prepared.duration_s * place,
            })
            .collect(),
        effort: prepared.effort,
    };
    on_progress(Progress { step: Step::Encoding, fraction: 0.0 });
    let mut command = tools.ffmpeg(priority);
    command.args(encode::arguments(&plan));
    let whole = prepared.duration_s.max(0.1);
    run::run(command, |seconds| {
        on_progress(Progress { step: Step::Encoding, fraction: (seconds / whole).min(1.0) * ENCODING_SHARE });
    })
    .await
    .map_err(IngestError::Encode)?;

    on_progress(Progress { step: Step::Packaging, fraction: ENCODING_SHARE });
    let mut video = Vec::new();
    for rung in &prepared.rungs {
        video.push(video_rendition(library, asset, folder, rung, prepared.frame_rate).await?);
    }
    let mut audio = Vec::new();
    for (number, sound) in prepared.audio.iter().enumerate() {
        audio.push(audio_rendition(library, asset, folder, number, sound).await?);
    }
    let duration_s = video.iter().map(|rendition: &VideoRendition| rendition.media.duration()).fold(0.0, f64::max);
    let missing = prepared.duration_s - duration_s;
    if missing > MISSING_S_MAX && missing / prepared.duration_s > MISSING_SHARE_MAX {
        return Err(IngestError::EndsEarly { claimed_s: prepared.duration_s, got_s: duration_s });
    }
    let presentation = Presentation {
        duration_ms: (duration_s * 1000.0).round() as u64,
        subtitles: sidecar::store(library, asset, prepared.subtitles).await?,
        stills: stills(library, asset, &plan).await?,
        marks: prepared.marks,
        video,
        audio,
    };
    let index = serde_json::to_vec(&presentation).expect("a presentation is plain data");
    library.media.put(asset, INDEX_FILE, Bytes::from(index)).await?;
    Ok(presentation)
}

async fn prepare(tools: &Tools, work: &Work, folder: &Path, priority: Priority) -> Result<Prepared, IngestError> {
    match &work.source {
        WorkSource::File { path, subtitles } => prepare_file(tools, path, subtitles, folder, priority).await,
        WorkSource::OpenFilm { film } => {
            let film = open_films::find(film).ok_or_else(|| IngestError::UnknownFilm(film.clone()))?;
            let path = fetch::fetch(film, folder).await?;
            prepare_file(tools, &path, &[], folder, priority).await
        }
        WorkSource::Original { film, tier } => {
            let film = originals::find(film).ok_or_else(|| IngestError::UnknownFilm(film.clone()))?;
            let (size, effort) = match tier {
                Tier::First => (FIRST_SIZE, Effort::Quick),
                Tier::Full => (FULL_SIZE, Effort::Usual),
            };
            let sound =
                Sound { index: 0, language: NO_LANGUAGE.to_owned(), name: language::name(NO_LANGUAGE).to_owned() };
            Ok(Prepared {
                source: Source::Graph { picture: film.picture(size), sound: film.sound() },
                frame_rate: originals::FRAME_RATE,
                duration_s: f64::from(film.seconds),
                audio: vec![sound],
                rungs: ladder(size),
                effort,
                subtitles: Vec::new(),
                marks: Marks::default(),
            })
        }
    }
}

async fn prepare_file(
    tools: &Tools,
    path: &Path,
    subtitles: &[SubtitleFile],
    folder: &Path,
    priority: Priority,
) -> Result<Prepared, IngestError> {
    let shown = || path.display().to_string();
    // A clearer word than ffprobe's for the commonest mistake.
    tokio::fs::metadata(path).await.map_err(|source| IngestError::File { path: shown(), source })?;
    let mut texts = sidecar::read_files(subtitles).await?;
    let probe = probe::probe(tools, path).await.map_err(|source| IngestError::Probe { path: shown(), source })?;
    let video = probe.video.ok_or_else(|| IngestError::NoPicture(shown()))?;
    if probe.duration_s <= 0.0 {
        return Err(IngestError::NoLength(shown()));
    }
    let rungs = ladder(video.size);
    if rungs.is_empty() {
        return Err(IngestError::NoPicture(shown()));
    }
    let marks = marks::read(path, &probe.chapters, probe.duration_s).await?;
    texts.extend(sidecar::extract(tools, path, &probe, folder, &texts, priority).await);
    let mut audio: Vec<Sound> = Vec::new();
    for stream in &probe.audio {
        let name =
            unique_name(&stream.language, stream.title.as_deref(), audio.iter().map(|sound| sound.name.as_str()));
        audio.push(Sound { index: stream.index, language: stream.language.clone(), name });
    }
    Ok(Prepared {
        source: Source::File { path: path.to_owned(), video_index: video.index },
        frame_rate: video.frame_rate,
        duration_s: probe.duration_s,
        audio,
        rungs,
        effort: Effort::Usual,
        subtitles: texts,
        marks,
    })
}

async fn video_rendition(
    library: &Library,
    asset: &str,
    folder: &Path,
    rung: &Rung,
    frame_rate: (u32, u32),
) -> Result<VideoRendition, IngestError> {
    let packaged = package(library, asset, folder, video_file(rung)).await?;
    let (width, height) = match packaged.kind {
        Kind::Video { width, height } => (width, height),
        Kind::Audio { .. } => (rung.size.width, rung.size.height),
    };
    Ok(VideoRendition { media: packaged.media, width, height, frame_rate, key_frames: packaged.key_frames })
}

async fn audio_rendition(
    library: &Library,
    asset: &str,
    folder: &Path,
    number: usize,
    sound: &Sound,
) -> Result<AudioRendition, IngestError> {
    let packaged = package(library, asset, folder, audio_file(number, sound)).await?;
    let (channels, sample_rate) = match packaged.kind {
        Kind::Audio { channels, sample_rate } => (channels, sample_rate),
        Kind::Video { .. } => (2, 48_000),
    };
    Ok(AudioRendition {
        media: packaged.media,
        language: sound.language.clone(),
        name: sound.name.clone(),
        channels,
        sample_rate,
    })
}

async fn package(
    library: &Library,
    asset: &str,
    folder: &Path,
    file: String,
) -> Result<packager::Packaged, IngestError> {
    packager::package(&library.media, asset, &file, &folder.join(&file))
        .await
        .map_err(|source| IngestError::Package { file, source: Box::new(source) })
}

/// Frames for the catalog, the most detailed one first: the largest JPEG is rarely the black one. A film without a still
/// is still a film: the catalog prints something.
async fn stills(library: &Library, asset: &str, plan: &Plan) -> Result<Vec<Still>, IngestError> {
    let Some(largest) = plan.video.last().map(|output| output.rung.size) else {
        return Ok(Vec::new());
    };
    let mut taken: Vec<(usize, Bytes, Still)> = Vec::new();
    for (index, output) in plan.stills.iter().enumerate() {
        let Ok(bytes) = tokio::fs::read(&output.path).await else {
            continue;
        };
        let (file, at_ms) = (still_file(index), (output.at_s * 1000.0) as u64);
        taken.push((
            bytes.len(),
            Bytes::from(bytes),
            Still { file, width: largest.width, height: largest.height, at_ms },
        ));
    }
    taken.sort_by_key(|(size, _, _)| std::cmp::Reverse(*size));
    let mut stills = Vec::new();
    for (size, bytes, still) in taken {
        if size > 0 {
            library.media.put(asset, &still.file, bytes).await?;
            stills.push(still);
        }
    }
    Ok(stills)
}

fn still_file(index: usize) -> String {
    format!("still-{}.jpg", index + 1)
}

fn video_file(rung: &Rung) -> String {
    format!("v{}.mp4", rung.size.height)
}

fn audio_file(number: usize, sound: &Sound) -> String {
    format!("a{}-{}.mp4", number + 1, sound.language)
}

async fn remove_folder(folder: &PathBuf) {
    match tokio::fs::remove_dir_all(folder).await {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(folder = %folder.display(), error = %error, "could not remove the work folder `{}`", folder.display());
        }
        _ => {}
    }
}

/// Removes what a failed ingest has stored. What cannot be removed now is found by the next clean-up.
async fn discard(library: &Library, asset: &str) {
    let removed = async {
        library.media.delete_asset(asset).await?;
        library.store.forget_asset(asset).await?;
        Ok::<(), IngestError>(())
    };
    if let Err(error) = removed.await {
        tracing::warn!(asset.id = asset, error = %error, "could not remove the unfinished asset `{asset}`; the next clean-up will");
    }
}
