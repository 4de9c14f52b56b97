//! Making exports: one at a time, part by part, under a lease that another instance takes over when it ends.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bijou_chassis::BoxError;
use bijou_client::{CallContext, segment};
use bijou_resilience::Deadline;
use bijou_store::StoreError;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::domain::cursor::Place;
use crate::store::exports::Export;
use crate::store::profiles::Profile;
use crate::zip::{TooLarge, Zip};
use crate::{Profiles, time};

/// Files of what is kept here, besides the one that explains them all. Each service that is asked adds one.
pub(crate) const OWN_PARTS: i64 = 6;

/// How often to look for one whose worker fell silent, or that another instance was told of.
const LOOK_EVERY: Duration = Duration::from_secs(15);
/// Longer than any part takes.
const LEASE_MS: i64 = 60_000;
/// How long the part of another service may take.
const PATIENCE: Duration = Duration::from_secs(20);
/// Thousands of titles and a month of cards.
const RECORD_BYTES_MAX: usize = 64 << 20;
/// Records read at a time.
const STEP: u32 = 1_000;

const README: &str = "Everything Bijou knows about this profile, as JSON.

profile.json      name, face, language, ceiling, and what was hidden from Continue watching
preferences.json  autoplay, languages, captions
history.json      what was watched, and when
positions.json    where it was stopped last
list.json         my list
thumbs.json       verdicts, and the titles picked at the start

What other services keep is in a file of each:

recommendations.json
                  what suggestions are made from, and which were shown
playback.json     what was played of late, and on which devices
identity.json     sign-ins that are this profile's

Times are UTC. Titles are named by their ids in the catalog. A PIN is kept as a hash only and is not in here.
Of an entry that was deleted from the history a note is kept for a month, so that no late report of a player brings
it back; notes are not in here either.
";

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    #[error("failed to write a part as JSON")]
    Json(#[from] serde_json::Error),
    #[error("the profile is gone")]
    Gone,
}

/// Makes exports until `shutdown`.
pub(crate) async fn work(profiles: Arc<Profiles>, shutdown: CancellationToken) -> Result<(), BoxError> {
    loop {
        if shutdown.is_cancelled() {
            return Ok(());
        }
        match make_next(&profiles).await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => warn!(error = &error as &dyn std::error::Error, "failed to look for exports, trying again"),
        }
        tokio::select! {
            () = shutdown.cancelled() => return Ok(()),
            () = profiles.exports_wanted.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

/// `false` when there is none to make.
async fn make_next(profiles: &Profiles) -> Result<bool, StoreError> {
    let now_ms = profiles.clock.now_ms();
    let Some(export) = profiles.store.take_export(now_ms + LEASE_MS, now_ms).await? else { return Ok(false) };
    match make(profiles, &export).await {
        Ok(Made { archive, missing }) => {
            profiles.store.finish_export(&export.id, &archive, &missing).await?;
            profiles.counts.export_ended(if missing.is_empty() { "ready" } else { "partial" });
            info!(export.id = %export.id, bytes = archive.len(), missing = %missing.join(" "), "an export is ready");
        }
        Err(error) => {
            warn!(export.id = %export.id, error = &error as &dyn std::error::Error, "failed to make an export");
            profiles.store.fail_export(&export.id).await?;
            profiles.counts.export_ended("failed");
        }
    }
    Ok(true)
}

/// An archive, and whose part is not in it.
struct Made {
    archive: Vec<u8>,
    missing: Vec<String>,
}

async fn make(profiles: &Profiles, export: &Export) -> Result<Made, ExportError> {
    let profile = profiles.store.profile(&export.account_id, &export.profile_id).await?.ok_or(ExportError::Gone)?;
    profiles.positions.flush_profile(&profile.id).await?;
    let mut zip = Zip::default();
    let mut done = 0;
    let own = [
        ("profile.json", self::profile(profiles, &profile).await?),
        ("preferences.json", serde_json::to_value(&profile.preferences)?),
        ("history.json", history(profiles, &profile.id).await?),
        ("positions.json", positions(profiles, &profile.id).await?),
        ("list.json", list(profiles, &profile.id).await?),
        ("thumbs.json", thumbs(profiles, &profile).await?),
    ];
    for (name, part) in own {
        zip.add(name, &serde_json::to_vec_pretty(&part)?)?;
        done += 1;
        profiles.store.export_progress(&export.id, done, profiles.clock.now_ms() + LEASE_MS).await?;
    }
    let mut missing = Vec::new();
    for application in &profiles.config.erasure_services {
        let role = application.to_ascii_lowercase();
        match record(profiles, application, &profile.id).await {
            Some(record) => zip.add(&format!("{role}.json"), &serde_json::to_vec_pretty(&record)?)?,
            None => missing.push(role),
        }
        done += 1;
        profiles.store.export_progress(&export.id, done, profiles.clock.now_ms() + LEASE_MS).await?;
    }
    let away = missing.iter().map(|role| {
        format!("\n{role}.json is NOT in here: {role} did not answer when this was made. Ask for another export.\n")
    });
    zip.add("README.txt", format!("{README}{}", away.collect::<String>()).as_bytes())?;
    Ok(Made { archive: zip.finish()?, missing })
}

async fn profile(profiles: &Profiles, profile: &Profile) -> Result<Value, StoreError> {
    let hidden = profiles.store.hidden(&profile.id).await?.into_iter();
    let hidden: Vec<Value> = hidden.map(|(id, at_ms)| json!({ "title_id": id, "at": time::at(at_ms) })).collect();
    Ok(json!({
        "id": profile.id,
        "account_id": profile.account_id,
        "name": profile.name,
        "avatar": profile.avatar,
        "language": profile.language,
        "maturity": profile.maturity,
        "kids": profile.kids,
        "has_pin": profile.pin_hash.is_some(),
        "created_at": time::at(profile.created_ms),
        "exported_at": time::at(profiles.clock.now_ms()),
        "hidden": hidden,
    }))
}

/// What another application keeps, `None` when it does not answer: an archive without it says so and beats none.
async fn record(profiles: &Profiles, application: &str, profile: &str) -> Option<Value> {
    let deadline = Deadline::after(Instant::now(), PATIENCE);
    let call = CallContext { deadline: Some(deadline), ..CallContext::service() };
    let path = format!("/v1/records/{}", segment(profile));
    let asked = profiles.client.to(application).get(&path).context(&call).body_bytes_max(RECORD_BYTES_MAX);
    let record = asked.send_json().await;
    record.inspect_err(|error| warn!(error = %error, "an export goes without what {application} keeps")).ok()
}

async fn history(profiles: &Profiles, profile: &str) -> Result<Value, StoreError> {
    let (mut all, mut place) = (Vec::new(), None);
    loop {
        let entries = profiles.store.history(profile, place.as_ref(), STEP).await?;
        let Some(last) = entries.last() else { return Ok(Value::Array(all)) };
        place = Some(Place { at_ms: last.started_ms, id: last.id.clone() });
        all.extend(entries.into_iter().map(|entry| {
            json!({
                "title_id": entry.title_id,
                "episode_id": entry.episode_id,
                "started_at": time::at(entry.started_ms),
                "last_at": time::at(entry.last_ms),
                "position_s": time::seconds(entry.position_ms),
                "duration_s": time::seconds(entry.duration_ms),
            })
        }));
    }
}

async fn positions(profiles: &Profiles, profile: &str) -> Result<Value, StoreError> {
    let all = profiles.store.positions(profile, i64::MAX).await?.into_iter().map(|report| {
        json!({
            "title_id": report.title_id,
            "episode_id": report.episode_id,
            "position_s": time::seconds(report.position_ms),
            "duration_s": time::seconds(report.duration_ms),
            "at": time::at(report.at_ms),
        })
    });
    Ok(Value::Array(all.collect()))
}

async fn list(profiles: &Profiles, profile: &str) -> Result<Value, StoreError> {
    let (mut all, mut place) = (Vec::new(), None);
    loop {
        let titles = profiles.store.list(profile, place.as_ref(), STEP).await?;
        let Some((id, at_ms)) = titles.last() else { return Ok(Value::Array(all)) };
        place = Some(Place { at_ms: *at_ms, id: id.clone() });
        all.extend(titles.into_iter().map(|(id, at_ms)| json!({ "title_id": id, "added_at": time::at(at_ms) })));
    }
}

async fn thumbs(profiles: &Profiles, profile: &Profile) -> Result<Value, StoreError> {
    let (mut all, mut place) = (Vec::new(), None);
    loop {
        let thumbs = profiles.store.thumbs(&profile.id, place.as_ref(), STEP).await?;
        let Some((id, _, at_ms)) = thumbs.last() else { break };
        place = Some(Place { at_ms: *at_ms, id: id.clone() });
        let thumbs = thumbs.into_iter();
        all.extend(thumbs.map(|(id, value, at_ms)| json!({ "title_id": id, "value": value, "at": time::at(at_ms) })));
    }
    Ok(json!({ "thumbs": all, "picks": profile.picks }))
}
