//! `bijou registry watch`: changes as they happen, over restarts of the registry and from one of its nodes to the next.
//!
//! What broke is gone on with by the number of the last event; a registry that cannot go on from there (another node, or
//! one that began anew) tells everything, and what that changes is printed like any other change.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use bijou_eureka::{Instance, RegistryClient, RegistryError, json::WatchEvent};
use tokio::time::sleep;

use super::{explained, text};
use crate::terminal;

/// The pause before the registry is asked again.
const PAUSE: Duration = Duration::from_millis(500);

/// Prints until it is interrupted. An error only where it could not begin, or is not wanted any more.
pub async fn run(client: &RegistryClient, app: Option<String>) -> Result<()> {
    let app = app.map(|app| app.to_uppercase());
    let mut seen = Seen::default();
    let mut is_told = false;
    loop {
        match follow(client, app.as_deref(), &mut seen, &mut is_told).await {
            Err(error) if seen.epoch.is_none() || is_final(&error) => return Err(explained(error)),
            ended if !is_told => {
                let why = ended.err().map(|error| format!(": {:#}", anyhow::Error::from(error))).unwrap_or_default();
                terminal::complain(&format!("the watch broke{why}; it goes on when the registry answers"));
                is_told = true;
            }
            _ => {}
        }
        sleep(PAUSE).await;
    }
}

/// One stream, to its end.
async fn follow(
    client: &RegistryClient,
    app: Option<&str>,
    seen: &mut Seen,
    is_told: &mut bool,
) -> Result<(), RegistryError> {
    let mut watch = client.watch(app, seen.cursor().as_deref()).await?;
    while let Some(event) = watch.next().await? {
        if std::mem::take(is_told) {
            terminal::complain("the watch goes on");
        }
        for line in seen.take(event) {
            match line {
                Line::Note(note) => terminal::complain(&note),
                Line::Change(change) => terminal::say(&change),
            }
        }
    }
    Ok(())
}

/// What another attempt would not change. A registry that starts refuses readers (403) for a moment.
fn is_final(error: &RegistryError) -> bool {
    matches!(error, RegistryError::Refused { status, .. } if matches!(status.as_u16(), 400 | 401 | 404))
}

/// What was told so far.
#[derive(Debug, Default)]
struct Seen {
    epoch: Option<String>,
    revision: u64,
    instances: BTreeMap<(String, String), Instance>,
}

#[derive(Debug, PartialEq, Eq)]
enum Line {
    Note(String),
    Change(String),
}

impl Seen {
    /// Where to go on.
    fn cursor(&self) -> Option<String> {
        self.epoch.as_ref().map(|epoch| format!("{epoch}:{}", self.revision))
    }

    /// What an event is to be told as.
    fn take(&mut self, event: WatchEvent) -> Vec<Line> {
        match event {
            WatchEvent::Snapshot { epoch, revision, applications, .. } => {
                let is_first = self.epoch.is_none();
                let listed = applications.into_iter().flat_map(|application| application.instances);
                let listed: BTreeMap<_, _> = listed.map(|instance| (key(&instance), instance)).collect();
                let before = std::mem::replace(&mut self.instances, listed);
                (self.epoch, self.revision) = (Some(epoch), revision);
                let count = self.instances.len();
                if is_first {
                    let note = format!("revision {revision}, {count} instances; changes follow, end with Ctrl-C");
                    return vec![Line::Note(note)];
                }
                let note = format!("revision {revision}, {count} instances, told anew: what that changes follows");
                let gone = before.iter().filter(|(key, _)| !self.instances.contains_key(*key));
                let gone = gone.map(|(_, instance)| text::change(revision, true, instance));
                let changed = self.instances.iter().filter(|(key, instance)| {
                    before
                        .get(*key)
                        .is_none_or(|before| text::change(0, false, before) != text::change(0, false, instance))
                });
                let changed = changed.map(|(_, instance)| text::change(revision, false, instance));
                std::iter::once(Line::Note(note)).chain(gone.chain(changed).map(Line::Change)).collect()
            }
            WatchEvent::Change { revision, is_removal, instance } => {
                self.revision = revision;
                let line = text::change(revision, is_removal, &instance);
                if is_removal {
                    self.instances.remove(&key(&instance));
                } else {
                    self.instances.insert(key(&instance), *instance);
                }
                vec![Line::Change(line)]
            }
        }
    }
}

fn key(instance: &Instance) -> (String, String) {
    (instance.app.clone(), instance.id().to_owned())
}

#[cfg(test)]
mod tests {
    use bijou_eureka::{Application, Status};

    use super::*;

    fn orders(id: &str, status: Status) -> Instance {
        Instance { status, ..Instance::new("orders", id, "n7", "10.4.0.7", 8080) }
    }

    fn snapshot(epoch: &str, revision: u64, instances: Vec<Instance>) -> WatchEvent {
        let applications = vec![Application { name: "ORDERS".to_owned(), instances }];
        WatchEvent::Snapshot { epoch: epoch.to_owned(), revision, applications, is_filtered: false }
    }

    #[test]
    fn a_registry_that_tells_everything_anew_changes_only_what_is_new() {
        let mut seen = Seen::default();
        assert_eq!(seen.cursor(), None);
        let up = |id| orders(id, Status::Up);
        assert_eq!(seen.take(snapshot("one", 3, vec![up("a"), up("b")])).len(), 1);
        let change = WatchEvent::Change { revision: 4, is_removal: false, instance: Box::new(up("c")) };
        assert!(matches!(&seen.take(change)[..], [Line::Change(line)] if line.contains("ORDERS  c")));
        assert_eq!(seen.cursor().as_deref(), Some("one:4"));

        let anew = vec![up("a"), orders("c", Status::Down), up("d")];
        let lines = seen.take(snapshot("two", 9, anew));
        let [Line::Note(_), Line::Change(gone), Line::Change(down), Line::Change(new)] = &lines[..] else {
            panic!("{lines:?}")
        };
        assert!(gone.contains("gone") && gone.contains("ORDERS  b"), "{gone}");
        assert!(down.contains("DOWN") && down.contains("ORDERS  c"), "{down}");
        assert!(new.contains("UP") && new.contains("ORDERS  d"), "{new}");
        assert_eq!(seen.cursor().as_deref(), Some("two:9"));
    }
}
