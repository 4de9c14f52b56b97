//! `bijou logs`, `bijou trace`, `bijou top` and `bijou explain`: what the console knows, in a terminal, by the REST its pages use.
//!
//! The console of this data folder is asked (or the one `--console` names), with the operator's token of the settings, else
//! the one `bijou up` or the console keeps in the folder.

mod explain;
mod text;

use std::fs;
use std::io::IsTerminal as _;
use std::net::IpAddr;
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, bail};
use bijou_client::{CallError, Client, ClientConfig, RequestBuilder, Target};
use bijou_config::Layered;
use clap::Args;
use serde_json::Value;

use crate::cli::SettingsArgs;
use crate::config;
use crate::terminal;

/// How often the table is drawn anew.
const REDRAW_EVERY: Duration = Duration::from_secs(2);

/// What the table is about, and the step its numbers come in.
const MINUTE: Duration = Duration::from_mins(1);
const STEP: Duration = Duration::from_secs(10);

/// How long the first numbers of a platform that has just started are waited for.
const FIRST_NUMBERS_MAX: Duration = Duration::from_secs(20);

/// The console sends a comment every five seconds; a stream without one for longer is dead.
const IDLE_MAX: Duration = Duration::from_secs(20);

/// Longest a whole search may take.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug, Args)]
pub struct ConsoleArgs {
    /// The console's address [default: that of this data folder, or the setting `console.operator_listen`]
    #[arg(long, value_name = "URL")]
    console: Option<String>,
}

#[derive(Debug, Args)]
pub struct LogsArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    /// Goes on with lines as they come
    #[arg(short, long)]
    follow: bool,
    /// Only lines of this service
    #[arg(long, value_name = "ROLE")]
    service: Option<String>,
    /// Only lines at least this serious: trace, debug, info, warn or error
    #[arg(long, value_name = "LEVEL")]
    level: Option<String>,
    /// How many of the lines there are
    #[arg(short = 'n', long, default_value_t = 50)]
    lines: usize,
    /// Only lines with all of these words
    text: Vec<String>,
}

#[derive(Debug, Args)]
pub struct TraceArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    /// A trace id, or the request id of an answer
    id: String,
}

#[derive(Debug, Args)]
pub struct TopArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    /// Once, instead of again and again
    #[arg(long)]
    once: bool,
}

#[derive(Debug, Args)]
pub struct ExplainArgs {
    #[command(flatten)]
    console: ConsoleArgs,
    /// The method, such as GET
    method: String,
    /// A path with its query, or a whole address when the host matters
    url: String,
    /// Who asks: nobody, viewer, operator, partner, or the id of an account that watches
    #[arg(long = "as", value_name = "WHO", default_value = "nobody")]
    who: String,
    /// The client's address, for rate limits [default: this machine's]
    #[arg(long, value_name = "ADDRESS")]
    client: Option<IpAddr>,
    /// The whole answer as JSON
    #[arg(long)]
    json: bool,
}

pub async fn logs(args: &SettingsArgs, options: LogsArgs) -> Result<()> {
    let console = Console::of(args, &options.console)?;
    let ask = |path: &str| {
        let words = options.text.join(" ");
        let ask = console.ask(path).query_if("service", options.service.as_deref());
        ask.query_if("level", options.level.as_deref()).query_if("q", Some(words).filter(|words| !words.is_empty()))
    };
    // Followed first and searched then: what comes between is told twice rather than never.
    let followed = if options.follow { Some(ask("/api/logs/tail").send_stream().await?) } else { None };
    let page: Value = console.answer(ask("/api/logs").query("limit", options.lines.max(1))).await?;
    let lines = page["items"].as_array().into_iter().flatten().rev();
    lines.for_each(|line| terminal::say(&text::line(line)));
    let Some(mut stream) = followed else { return Ok(()) };
    if !stream.status.is_success() {
        bail!("the console answered {}", stream.status);
    }
    let mut waiting = String::new();
    while let Some(chunk) = stream.chunk(IDLE_MAX).await? {
        waiting.push_str(&String::from_utf8_lossy(&chunk));
        while let Some((event, rest)) = waiting.split_once("\n\n") {
            if let Some(said) = text::event(event) {
                terminal::say(&said);
            }
            waiting = rest.to_owned();
        }
    }
    bail!("the console ended the stream")
}

pub async fn trace(args: &SettingsArgs, options: TraceArgs) -> Result<()> {
    let console = Console::of(args, &options.console)?;
    let path = format!("/api/requests/{}", bijou_client::segment(&options.id));
    terminal::say(&text::story(&console.answer(console.ask(&path)).await?));
    Ok(())
}

pub async fn top(args: &SettingsArgs, options: TopArgs) -> Result<()> {
    let console = Console::of(args, &options.console)?;
    let is_redrawn = !options.once && std::io::stdout().is_terminal();
    let begun = Instant::now();
    loop {
        // The step that is not over yet too: whoever has just started the platform wants to see the first seconds.
        let now = SystemTime::now();
        let ask = console.ask("/api/overview").query("step_s", STEP.as_secs());
        let ask = ask.query("since", rfc3339(now - MINUTE)?).query("until", rfc3339(now + STEP)?);
        let table = text::top(&console.answer(ask).await?);
        if is_redrawn {
            terminal::say("\x1b[H\x1b[2J");
        }
        if options.once && table.is_none() && begun.elapsed() < FIRST_NUMBERS_MAX {
            tokio::time::sleep(REDRAW_EVERY).await;
            continue;
        }
        terminal::say(&table.unwrap_or_else(|| "no numbers yet: instances are asked every ten seconds".to_owned()));
        if options.once {
            return Ok(());
        }
        tokio::time::sleep(REDRAW_EVERY).await;
    }
}

fn rfc3339(at: SystemTime) -> Result<String> {
    Ok(jiff::Timestamp::try_from(at).context("the clock shows a time that cannot be written")?.to_string())
}

pub async fn explain(args: &SettingsArgs, options: ExplainArgs) -> Result<()> {
    let console = Console::of(args, &options.console)?;
    let ask = console.ask("/api/explain").query("method", &options.method).query("url", &options.url);
    let ask = ask.query("as", &options.who).query_if("client", options.client);
    let told: Value = console.answer(ask).await?;
    terminal::say(&if options.json { serde_json::to_string_pretty(&told)? } else { explain::text(&told) });
    Ok(())
}

/// A console that can be asked.
struct Console {
    target: Target,
    url: String,
    token: String,
}

impl Console {
    fn of(args: &SettingsArgs, options: &ConsoleArgs) -> Result<Self> {
        let settings = config::load(args, &[])?;
        let dir: String = settings.section("data.dir")?;
        let url = match &options.console {
            Some(url) => url.trim_end_matches('/').to_owned(),
            None => url_of(&settings, Path::new(&dir))?,
        };
        let token = token_of(&settings, Path::new(&dir))?;
        let target = Client::standalone(ClientConfig::default(), None, "bijou").to_url("CONSOLE", &url)?;
        Ok(Self { target, url, token })
    }

    fn ask(&self, path: &str) -> RequestBuilder {
        self.target.get(path).header("authorization", &format!("Bearer {}", self.token)).attempt_timeout(PATIENCE)
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Value> {
        request.send_json().await.map_err(|error| self.explained(error))
    }

    fn explained(&self, error: CallError) -> anyhow::Error {
        match error.problem() {
            Some(problem) => anyhow::anyhow!("{}", text::problem(&serde_json::json!(problem))),
            None => anyhow::Error::new(error)
                .context(format!("the console cannot be asked at {}: start `bijou up` first", self.url)),
        }
    }
}

/// What the supervisor wrote down, else the setting.
fn url_of(settings: &Layered, dir: &Path) -> Result<String> {
    let state = fs::read(dir.join("run.json")).ok();
    let state: Option<Value> = state.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    if let Some(url) = state.as_ref().and_then(|state| state["operator"].as_str()) {
        return Ok(url.to_owned());
    }
    Ok(format!("http://{}", config::address(settings, "console.operator_listen")?))
}

/// The setting, else what `bijou up` made, else what a console that runs alone made.
fn token_of(settings: &Layered, dir: &Path) -> Result<String> {
    let set: String = settings.section("console.operator_token")?;
    if !set.is_empty() {
        return Ok(set);
    }
    let made = fs::read_to_string(dir.join("secrets.toml")).ok().and_then(|text| text.parse::<toml::Table>().ok());
    if let Some(token) = made.as_ref().and_then(|secrets| secrets.get("operator_token")?.as_str()) {
        return Ok(token.to_owned());
    }
    let own = fs::read_to_string(dir.join("operator-token"));
    let own = own
        .with_context(|| format!("no operator's token is set, and {} has none: name it with --data", dir.display()))?;
    Ok(own.trim().to_owned())
}
