//! A PostgreSQL server for the tests of one process, when nobody names one.
//!
//! It is started under a shell that waits on its standard input, a pipe this process holds. However the process ends,
//! the pipe closes, and the shell stops the server and removes its files: no destructor has to run.

use std::net::TcpListener;
use std::os::unix::fs::MetadataExt as _;
use std::process::{Child, Command, Stdio};

use bijou_store::sqlx::{AnyConnection, Connection as _};
use tokio::sync::OnceCell;

use crate::wait_until;

/// Makes a cluster in a folder of the server's own user, runs it until standard input ends, and cleans up.
/// `$1` is the folder of the programs, `$2` the port. Durability is off: the data does not outlive the test.
const SCRIPT: &str = r#"
folder=$(mktemp -d "${TMPDIR:-/tmp}/bijou-postgres-XXXXXX") || exit 1
"$1/initdb" -D "$folder/data" -U postgres -A trust -E UTF8 --no-locale --no-sync >"$folder/log" 2>&1 &&
  "$1/postgres" -D "$folder/data" -k "$folder" -h 127.0.0.1 -p "$2" \
    -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 >>"$folder/log" 2>&1 &
server=$!
cat >/dev/null
kill -INT $(head -1 "$folder/data/postmaster.pid" 2>/dev/null || echo "$server")
wait "$server"
rm -rf "$folder"
"#;

static SERVER: OnceCell<Server> = OnceCell::const_new();

struct Server {
    url: String,
    /// Never waited for: its standard input closing is the signal.
    _shell: Option<Child>,
}

/// The URL of a server where databases may be created.
pub(crate) async fn server_url() -> String {
    SERVER.get_or_init(start).await.url.clone()
}

async fn start() -> Server {
    if let Some(url) = bijou_config::variable("BIJOU_TEST_POSTGRES_URL") {
        return Server { url, _shell: None };
    }
    let programs = programs();
    // Taken and given back: the server cannot be handed a socket. Somebody may grab the port in between; the wait
    // below would then fail and say so.
    let port = TcpListener::bind("127.0.0.1:0").and_then(|socket| socket.local_addr()).expect("any port").port();
    let mut command = shell_command();
    let shell = command
        .args(["-c", SCRIPT, "bijou-postgres", &programs, &port.to_string()])
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("a shell");
    let url = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    bijou_store::sqlx::any::install_default_drivers();
    wait_until("PostgreSQL to take connections", async || AnyConnection::connect(&url).await.is_ok()).await;
    Server { url, _shell: Some(shell) }
}

/// PostgreSQL refuses to run as root: there its own user does.
fn shell_command() -> Command {
    let is_root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !is_root {
        return Command::new("sh");
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--", "sh"]);
    command
}

/// The folder of the newest installed version, where Debian and Ubuntu put it.
fn programs() -> String {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .map(|version| version.path().join("bin"))
        .filter(|programs| programs.join("initdb").exists())
        .max_by_key(|programs| {
            let version = programs.parent().and_then(|path| path.file_name()?.to_str()?.parse::<u32>().ok());
            version.unwrap_or_default()
        });
    let newest =
        newest.expect("no PostgreSQL to test on: `apt-get install postgresql`, or set BIJOU_TEST_POSTGRES_URL");
    newest.to_string_lossy().into_owned()
}
