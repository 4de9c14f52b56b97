//! `bijou media ingest|scan`: playback's library, with progress for people.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};
use bijou_catalog_api::{Catalog, Kind, TitleFilter, TitleSummary};
use bijou_client::{CallContext, Client, ClientConfig};
use bijou_config::Layered;
use bijou_playback::ingest::{self, IngestRequest, Progress, Published, Step};
use bijou_playback::library::Library;
use bijou_playback::scan::{self, KnownEpisode, KnownTitle, Match};

use super::meter::Meter;
use crate::cli::IngestArgs;
use crate::{config, terminal};

/// Titles per request when all are read.
const PAGE: u32 = 100;

pub async fn ingest(settings: &Layered, options: IngestArgs) -> Result<()> {
    let library = Library::open(settings).await?;
    let file = fs::canonicalize(&options.file).with_context(|| format!("cannot read `{}`", options.file.display()))?;
    let meter = Meter::new(&file.file_name().unwrap_or_default().to_string_lossy());
    let request = IngestRequest {
        file,
        title_id: options.title.clone(),
        episode_id: options.episode.clone(),
        subtitles: options.subtitles.into_iter().map(|named| (named.language, named.file)).collect(),
        attribution: options.attribution,
    };
    let published = ingest::ingest(&library, request, |progress| show(&meter, progress)).await;
    meter.end();
    library.close().await;
    let published = published?;
    let id = options.episode.as_ref().unwrap_or(&options.title);
    terminal::say(&format!("`{id}` can be played: {}", describe(&published)));
    Ok(())
}

pub async fn scan(settings: &Layered, folder: &Path, apply: bool) -> Result<()> {
    let titles = titles(settings).await?;
    let rows = scan::preview(folder, &titles)?;
    if rows.is_empty() {
        bail!("no film in `{}`", folder.display());
    }
    terminal::say(scan::table(&rows, folder).trim_end());
    let found = rows.iter().filter(|row| matches!(row.found, Match::Found { .. })).count();
    if !apply {
        terminal::say(&format!("\n{found} of {} would be imported: run it again with --apply.", rows.len()));
        return Ok(());
    }
    let library = Library::open(settings).await?;
    let meter = Meter::new("import");
    let on_progress = |row: &scan::Row, progress: Progress| {
        let name = row.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        meter.show(progress.fraction, &format!("{name}, {}", doing(progress.step)));
    };
    let published = scan::import(&library, &rows, on_progress, |row, outcome| {
        meter.end();
        let name = row.file.display();
        match outcome {
            Ok(published) => terminal::say(&format!("{name}: {}", describe(published))),
            Err(error) => terminal::complain(&format!("{name}: {:#}", chain(error))),
        }
    })
    .await;
    library.close().await;
    if published < found {
        bail!("{} of {found} films could not be imported; the reasons are above", found - published);
    }
    terminal::say(&format!("{published} films can be played."));
    Ok(())
}

fn show(meter: &Meter, progress: Progress) {
    meter.show(progress.fraction, doing(progress.step));
}

fn doing(step: Step) -> &'static str {
    match step {
        Step::Probing => "looking at it",
        Step::Encoding => "encoding",
        Step::Packaging => "packaging",
        Step::Publishing => "publishing",
    }
}

fn describe(published: &Published) -> String {
    let sizes: Vec<_> = published.renditions.iter().map(|(width, height)| format!("{width}x{height}")).collect();
    format!("{:.0} s, {}", published.duration_s, sizes.join(" "))
}

/// An error with everything behind it, as `anyhow` shows it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Every title of the running catalog, asked for through the gateway as anybody could.
async fn titles(settings: &Layered) -> Result<Vec<KnownTitle>> {
    let base = gateway(settings)?;
    let client = Client::standalone(ClientConfig::default(), None, "bijou");
    let catalog = Catalog::at(client.to_url("CATALOG", &base)?);
    let call = CallContext::default();
    let mut known = Vec::new();
    let mut filter = TitleFilter { limit: Some(PAGE), ..TitleFilter::default() };
    loop {
        let page = catalog
            .titles(&filter, &call)
            .await
            .with_context(|| format!("the catalog cannot be asked for its titles at {base}: start `bijou up` first"))?;
        for title in page.items {
            known.push(with_episodes(&catalog, &call, title).await?);
        }
        match page.next {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(known),
        }
    }
}

async fn with_episodes(catalog: &Catalog, call: &CallContext, title: TitleSummary) -> Result<KnownTitle> {
    let mut episodes = Vec::new();
    if title.kind == Kind::Show {
        for season in catalog.seasons(&title.id, None, call).await?.unwrap_or_default() {
            let found = catalog.episodes(&season.id, None, call).await?.map(|page| page.items).unwrap_or_default();
            let number = season.number;
            episodes.extend(found.into_iter().map(|e| KnownEpisode { id: e.id, season: number, number: e.number }));
        }
    }
    Ok(KnownTitle { id: title.id, name: title.name, year: u16::try_from(title.year).ok(), episodes })
}

/// Where the platform of this data folder listens: what its supervisor wrote down, else the setting.
fn gateway(settings: &Layered) -> Result<String> {
    let dir: String = settings.section("data.dir")?;
    let state = fs::read(Path::new(&dir).join("run.json")).ok();
    let state: Option<serde_json::Value> = state.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(url) = state.as_ref().and_then(|state| state["gateway"].as_str()) {
        return Ok(url.to_owned());
    }
    Ok(format!("http://{}", config::address(settings, "gateway.listen")?))
}
