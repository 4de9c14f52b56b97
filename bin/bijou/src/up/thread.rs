//! One role on threads of this process, for `--one-process`. Same listeners, same registration, no short cuts.

use std::sync::Arc;
use std::thread;

use anyhow::{Result, anyhow};
use bijou_chassis::{Bootstrap, Reload};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::plan::Member;
use crate::cli::SettingsArgs;
use crate::{config, run};

/// Runs the role until it ends or `shutdown` is cancelled. A panic is an error like any other.
pub async fn run_on_thread(member: &Member, args: &Arc<SettingsArgs>, shutdown: CancellationToken) -> Result<()> {
    let (done, finished) = oneshot::channel();
    let (member, args) = (member.clone(), Arc::clone(args));
    let name = member.entry.name;
    thread::Builder::new().name(name.to_owned()).spawn(move || {
        let _ = done.send(run_here(&member, &args, shutdown));
    })?;
    finished.await.map_err(|_| anyhow!("`{name}` panicked"))?
}

fn run_here(member: &Member, args: &SettingsArgs, shutdown: CancellationToken) -> Result<()> {
    let settings = config::load(args, &member.overrides)?;
    let reload = {
        let (args, overrides) = (args.clone(), member.overrides.clone());
        Reload { files: args.config.clone(), load: Box::new(move || config::load(&args, &overrides)) }
    };
    let bootstrap = Bootstrap::new(member.entry.name, member.slot, settings, shutdown)?
        .in_one_process()
        .under_a_supervisor()
        .with_reload(reload);
    let runtime = run::runtime(member.entry, &bootstrap)?;
    runtime.block_on((member.entry.run)(bootstrap))?;
    Ok(())
}
