//! Making models by the clock: `bijou recommend train` as a process of its own, so that its memory and its end are its own.
//!
//! A young platform learns soon: the first model is tried for after some seconds, and the pauses double up to
//! `recommendations.train_every_s`. Whether there is anything to do the command decides itself (`--unless-younger-s`), so
//! a restart does not train again what is fresh. A training that fails or is killed leaves the model that was.

use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::sleep;

use super::child::executable;
use crate::cli::SettingsArgs;
use crate::terminal::Screen;

/// The demo's members have come by then, and its first film.
const FIRST_AFTER: Duration = Duration::from_secs(20);

/// Longest training that is waited for.
const LONGEST: Duration = Duration::from_hours(2);

const WHO: &str = "training";

/// Trains until the task is dropped, which ends a training under way. Never returns when `every` is zero.
pub async fn train_now_and_then(args: &SettingsArgs, every: Duration, screen: &Screen) {
    if every.is_zero() {
        return std::future::pending().await;
    }
    let mut pause = FIRST_AFTER.min(every);
    loop {
        sleep(pause).await;
        train(args, every / 2, screen).await;
        pause = (pause * 2).min(every);
    }
}

async fn train(args: &SettingsArgs, unless_younger: Duration, screen: &Screen) {
    let mut command = match executable() {
        Ok(executable) => Command::new(executable),
        Err(error) => return screen.note(WHO, &format!("cannot be started: {error}")),
    };
    command.args(["recommend", "train", "--unless-younger-s", &unless_younger.as_secs().to_string()]);
    for file in &args.config {
        command.arg("--config").arg(file);
    }
    if let Some(dir) = &args.data {
        command.arg("--data").arg(dir);
    }
    // Like the roles' processes: not in the way of a Ctrl-C meant for the supervisor, and gone with it.
    command.stdin(Stdio::null()).process_group(0).kill_on_drop(true);
    match tokio::time::timeout(LONGEST, command.output()).await {
        Ok(Ok(output)) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            if let Some(made) = text.lines().last().filter(|line| line.starts_with("Model ")) {
                screen.say(made);
            }
        }
        Ok(Ok(output)) => screen.note(WHO, String::from_utf8_lossy(&output.stderr).trim()),
        Ok(Err(error)) => screen.note(WHO, &format!("cannot be started: {error}")),
        Err(_) => screen.note(WHO, "did not end and was ended"),
    }
}
