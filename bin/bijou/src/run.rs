//! `bijou run ROLE`: one role in this process, until a signal or the end of its supervisor.

use std::io::Read;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use bijou_chassis::{Bootstrap, Reload};
use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use crate::cli::{RunArgs, SettingsArgs};
use crate::config::{self, Override};
use crate::roles::{self, Entry, Threads};

/// How long a role may take to stop once its supervisor is gone, before it is ended the hard way.
const ORPHAN_GRACE: Duration = Duration::from_secs(5);

pub fn run(args: &SettingsArgs, options: &RunArgs) -> Result<()> {
    let entry = roles::find(&options.role)?;
    let listen: Vec<Override> =
        options.listen.iter().map(|addr| (format!("{}.listen", entry.name), addr.to_string())).collect();
    let settings = config::load(args, &listen)?;
    config::check(&settings)?;
    bijou_telemetry::install(&settings.section("log")?)?;
    raise_file_limit();
    let shutdown = CancellationToken::new();
    if options.supervised {
        stop_with_supervisor(shutdown.clone());
    }
    let reload = {
        let args = args.clone();
        Reload { files: args.config.clone(), load: Box::new(move || config::load(&args, &listen)) }
    };
    let mut bootstrap = Bootstrap::new(entry.name, options.slot, settings, shutdown.clone())?.with_reload(reload);
    if options.supervised {
        bootstrap = bootstrap.under_a_supervisor();
    }
    let runtime = runtime(entry, &bootstrap)?;
    runtime.block_on(async move {
        tokio::spawn(async move {
            // The gateway reads its routes again on a hangup. Whoever runs without a terminal is never hung up on.
            stop_signals(entry.name != "gateway").await;
            shutdown.cancel();
        });
        (entry.run)(bootstrap).await
    })?;
    // What still runs on blocking threads (a directory read, a hash) must not hold up the end.
    runtime.shutdown_timeout(Duration::from_secs(1));
    Ok(())
}

/// The runtime of one role. Every thread of it speaks for the role.
pub fn runtime(entry: &Entry, bootstrap: &Bootstrap) -> Result<Runtime> {
    let mut builder = match entry.threads {
        Threads::Own => Builder::new_current_thread(),
        Threads::Pool => Builder::new_multi_thread(),
    };
    let role = bootstrap.telemetry.clone();
    role.bind_thread();
    builder
        .enable_all()
        .thread_name(entry.name)
        .on_thread_start(move || role.bind_thread())
        .build()
        .context("failed to start the async runtime")
}

/// Completes at the first request to stop.
pub async fn signals() {
    stop_signals(true).await;
}

async fn stop_signals(hangup_stops: bool) {
    use tokio::signal::unix::{SignalKind, signal};
    let listen = |kind| signal(kind).expect("signal handlers can be installed inside a runtime");
    let mut interrupt = listen(SignalKind::interrupt());
    let mut terminate = listen(SignalKind::terminate());
    let mut hangup = listen(SignalKind::hangup());
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv(), if hangup_stops => {}
    }
}

/// The supervisor holds the other end of our stdin. However it ends, kill -9 included, the kernel closes it.
fn stop_with_supervisor(shutdown: CancellationToken) {
    let watch = move || {
        let mut stdin = std::io::stdin().lock();
        let mut ignored = [0; 64];
        while matches!(stdin.read(&mut ignored), Ok(1..)) {}
        shutdown.cancel();
        thread::sleep(ORPHAN_GRACE);
        // Reached only when the graceful stop hangs; nobody is left to end us.
        std::process::exit(1);
    };
    // A thread that cannot start means a machine without memory: the role would not get far either.
    let _ = thread::Builder::new().name("supervisor-watch".into()).spawn(watch);
}

/// As many open files as the machine allows us: a gateway with ten thousand proxied connections needs twice as many.
pub fn raise_file_limit() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    if let Ok((soft, hard)) = getrlimit(Resource::RLIMIT_NOFILE)
        && soft < hard
    {
        let _ = setrlimit(Resource::RLIMIT_NOFILE, hard, hard);
    }
}
