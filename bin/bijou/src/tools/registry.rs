//! `bijou registry ls|watch|show|override|drain`: an operator's hands on a registry, over the same REST as everybody's.
//!
//! Works against any registry of Bijou that can be reached, with the rights of the credentials in its address
//! (`http://name:secret@host:8761/eureka`), or of a certificate where that is `https://`. Left out: registering and
//! cancelling, which are the instances' own business.

mod text;
mod watch;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use bijou_eureka::{LeaseReport, LeaseView, RegistryClient, RegistryError, Status};
use clap::{Args, Subcommand};

use crate::cli::SettingsArgs;
use crate::config::{self, AskedWrongly, Override};
use crate::terminal;

#[derive(Debug, Args)]
pub struct RegistryArgs {
    /// The registry's address, with name and secret where it asks for them; of several with commas between them the first
    /// that answers is asked [default: the setting `registry.url`]
    #[arg(long, value_name = "URL", global = true)]
    url: Option<String>,
    /// Authorities the registry's certificate has to be from, in PEM, where its address is https:// [default: the setting
    /// `registry.client.ca`; those this machine trusts where that is empty]
    #[arg(long, value_name = "FILE", global = true)]
    ca: Option<PathBuf>,
    /// The certificate to show where the registry asks for one, in PEM [default: the setting `registry.client.certificate`]
    #[arg(long, value_name = "FILE", global = true)]
    certificate: Option<PathBuf>,
    /// Its key, in PEM [default: the setting `registry.client.key`]
    #[arg(long, value_name = "FILE", global = true)]
    key: Option<PathBuf>,
    #[command(subcommand)]
    command: RegistryCommand,
}

#[derive(Debug, Subcommand)]
enum RegistryCommand {
    /// Lists applications, or the instances of one
    Ls {
        /// The application whose instances are listed
        app: Option<String>,
        /// Everything the registry tells of its leases, as JSON
        #[arg(long)]
        json: bool,
    },
    /// Prints changes as they happen, over restarts of the registry
    Watch {
        /// Only those of one application
        app: Option<String>,
    },
    /// Shows everything about one instance, or about an application
    Show { app: String, instance: Option<String> },
    /// Sets an instance's status over what it says itself, or takes that back
    Override(OverrideArgs),
    /// Takes instances out of traffic and leaves them running
    Drain(DrainArgs),
}

#[derive(Debug, Args)]
struct OverrideArgs {
    app: String,
    instance: String,
    /// UP, DOWN, OUT_OF_SERVICE or STARTING
    #[arg(required_unless_present = "remove")]
    status: Option<String>,
    /// Takes the override back: the instance's own word counts again
    #[arg(long, conflicts_with = "status")]
    remove: bool,
    /// For whoever reads it next
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

#[derive(Debug, Args)]
struct DrainArgs {
    app: String,
    /// One instance; otherwise all of the application
    instance: Option<String>,
    /// Only those of this zone
    #[arg(long)]
    zone: Option<String>,
    /// Puts them back
    #[arg(long)]
    undo: bool,
    /// For whoever reads it next
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

pub async fn run(args: &SettingsArgs, options: RegistryArgs) -> Result<()> {
    let client = connect(args, &options)?;
    match options.command {
        RegistryCommand::Ls { app, json } => list(&client, app, json).await,
        RegistryCommand::Watch { app } => watch::run(&client, app).await,
        RegistryCommand::Show { app, instance } => show(&client, &app, instance.as_deref()).await,
        RegistryCommand::Override(options) => set_override(&client, &options).await,
        RegistryCommand::Drain(options) => drain(&client, &options).await,
    }
}

/// A client by the settings, over which flags win.
fn connect(args: &SettingsArgs, options: &RegistryArgs) -> Result<RegistryClient> {
    let url = options.url.iter().map(|url| ("registry.url", url.clone()));
    let files = [
        ("registry.client.ca", &options.ca),
        ("registry.client.certificate", &options.certificate),
        ("registry.client.key", &options.key),
    ];
    let files = files.into_iter().filter_map(|(path, file)| Some((path, file.as_ref()?.display().to_string())));
    let flags = url.chain(files).map(|(path, value)| (path.to_owned(), value)).collect::<Vec<Override>>();
    let settings = config::load(args, &flags)?;
    let url = settings.section::<String>("registry.url")?;
    let dial = bijou_chassis::registry_dial(&settings);
    let dial = dial.map_err(|error| AskedWrongly(format!("{:#}", anyhow::Error::from(error))))?;
    Ok(RegistryClient::new_over(&url, &dial).map_err(|error| AskedWrongly(error.to_string()))?)
}

async fn list(client: &RegistryClient, app: Option<String>, json: bool) -> Result<()> {
    let mut report = report(client).await?;
    if let Some(app) = &app {
        report.leases = of_application(report.leases, app)?;
    }
    if json {
        terminal::say(&serde_json::to_string_pretty(&report)?);
    } else if app.is_some() {
        terminal::say(&text::instances(&report.leases));
    } else {
        terminal::say(&text::applications(&report));
    }
    Ok(())
}

async fn show(client: &RegistryClient, app: &str, instance: Option<&str>) -> Result<()> {
    let report = report(client).await?;
    let leases = of_application(report.leases.clone(), app)?;
    match instance {
        None => terminal::say(&text::application(&report, &leases)),
        Some(id) => {
            let lease = leases.iter().find(|lease| lease.instance_id == id);
            terminal::say(&text::instance(lease.with_context(|| format!("`{app}` has no instance `{id}`"))?));
        }
    }
    Ok(())
}

async fn set_override(client: &RegistryClient, options: &OverrideArgs) -> Result<()> {
    let OverrideArgs { app, instance, status, reason, .. } = options;
    let app = app.to_uppercase();
    let asked = status.as_ref().map(|status| status.to_uppercase().parse::<Status>()).transpose();
    let asked = asked.map_err(|error| AskedWrongly(error.to_string()))?;
    let is_found = match asked {
        Some(status) => client.override_status(&app, instance, status, reason).await,
        None => client.remove_override(&app, instance, reason).await,
    };
    if !is_found.map_err(explained)? {
        bail!("`{app}` has no instance `{instance}`");
    }
    say_outcomes(client, &[(app, instance.clone())], asked).await
}

async fn drain(client: &RegistryClient, options: &DrainArgs) -> Result<()> {
    let mut leases = of_application(report(client).await?.leases, &options.app)?;
    leases.retain(|lease| {
        options.instance.as_ref().is_none_or(|id| *id == lease.instance_id)
            && options.zone.as_ref().is_none_or(|zone| lease.zone.as_ref() == Some(zone))
            // Who was not taken out is not put back.
            && (!options.undo || lease.overridden_status.is_some())
    });
    if leases.is_empty() {
        bail!("no instance of `{}` is meant by that", options.app);
    }
    let mut meant = Vec::new();
    for LeaseView { app, instance_id, .. } in leases {
        let is_found = if options.undo {
            client.remove_override(&app, &instance_id, &options.reason).await
        } else {
            client.override_status(&app, &instance_id, Status::OutOfService, &options.reason).await
        };
        // Who is gone meanwhile is told of below.
        is_found.map_err(explained)?;
        meant.push((app, instance_id));
    }
    say_outcomes(client, &meant, (!options.undo).then_some(Status::OutOfService)).await
}

/// Says how things stand now, which is not always what was asked for.
async fn say_outcomes(client: &RegistryClient, meant: &[(String, String)], asked: Option<Status>) -> Result<()> {
    let leases = report(client).await?.leases;
    for (app, id) in meant {
        let lease = leases.iter().find(|lease| lease.app == *app && lease.instance_id == *id);
        let outcome = lease.map_or("is gone by itself".to_owned(), |lease| text::outcome(lease, asked));
        terminal::say(&format!("`{app}` instance `{id}` {outcome}"));
    }
    Ok(())
}

async fn report(client: &RegistryClient) -> Result<LeaseReport> {
    client.leases().await.map_err(explained)
}

fn of_application(leases: Vec<LeaseView>, app: &str) -> Result<Vec<LeaseView>> {
    let name = app.to_uppercase();
    let leases = leases.into_iter().filter(|lease| lease.app == name).collect::<Vec<_>>();
    if leases.is_empty() {
        bail!("there is no application `{name}`");
    }
    Ok(leases)
}

/// Says what to do where that is known.
fn explained(error: RegistryError) -> anyhow::Error {
    let hint = match &error {
        RegistryError::Refused { status, .. } if status.as_u16() == 401 => {
            "it wants a name and a secret: --url http://name:secret@host:8761/eureka"
        }
        RegistryError::Refused { status, .. } if status.as_u16() == 403 => "no rule of the registry allows that",
        RegistryError::Refused { status, .. } if status.as_u16() == 404 => "is it a registry of Bijou?",
        _ if error.is_about_tls() => {
            "--ca, --certificate and --key name files for this command, `registry.client` for all"
        }
        RegistryError::Connection(_) => "is the registry running? --url says where it is",
        _ => return error.into(),
    };
    anyhow::Error::from(error).context(hint)
}
