//! The proxies of `bench gateway`, each configured to do the same work, and the origins behind them.

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::token::Key;
use super::{Proxy, Running, SIZES, find, on_core, wait_for};

/// Two origins: one nginx that listens twice.
pub struct Origins {
    ports: [u16; 2],
    _nginx: Running,
}

type Start = fn(&Path, &Path, &Origins, &Key) -> Result<Proxy>;

/// Every proxy, in the order of the table.
pub fn all() -> [Start; 4] {
    [nginx, haproxy, bijou_anonymous, bijou_signed_in]
}

/// Answers of each size and the key set, on two ports, on core 1.
pub fn origins(folder: &Path, jwks: &Value) -> Result<Origins> {
    let files = folder.join("files/api");
    fs::create_dir_all(&files)?;
    for (_, path, bytes) in SIZES {
        fs::write(folder.join("files").join(&path[1..]), "x".repeat(bytes))?;
    }
    fs::create_dir_all(folder.join("files/.well-known"))?;
    fs::write(folder.join("files/.well-known/jwks.json"), jwks.to_string())?;
    let ports = [free_port()?, free_port()?];
    let config = format!(
        "daemon off; worker_processes 1; pid {place}/origin.pid; error_log {place}/origin.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/octet-stream;\n\
         server {{ listen 127.0.0.1:{} backlog=4096; listen 127.0.0.1:{} backlog=4096; root {place}/files; {} }} }}\n",
        ports[0],
        ports[1],
        temporary_folders(folder, "origin")?,
        place = folder.display(),
    );
    let file = folder.join("origin.conf");
    fs::write(&file, config)?;
    let nginx = on_core(1, &find("nginx"), &["-p", &text(folder), "-c", &text(&file)], folder, "origin.out")?;
    wait_for(ports[0], SIZES[0].1, None)?;
    Ok(Origins { ports, _nginx: nginx })
}

fn nginx(folder: &Path, _: &Path, origins: &Origins, _: &Key) -> Result<Proxy> {
    let port = free_port()?;
    let config = format!(
        "daemon off; worker_processes 1; pid {place}/nginx.pid; error_log {place}/nginx.log;\n\
         events {{ worker_connections 4096; }}\n\
         http {{ access_log off; keepalive_requests 1000000000; {}\n\
         upstream api {{ server 127.0.0.1:{}; server 127.0.0.1:{}; keepalive 128; keepalive_requests 1000000000; }}\n\
         server {{ listen 127.0.0.1:{port} backlog=4096;\n\
         location /api {{ proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection \"\"; proxy_set_header Host $host;\n\
         proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme; }} }} }}\n",
        temporary_folders(folder, "nginx")?,
        origins.ports[0],
        origins.ports[1],
        place = folder.display(),
    );
    let file = folder.join("nginx.conf");
    fs::write(&file, config)?;
    let child = on_core(0, &find("nginx"), &["-p", &text(folder), "-c", &text(&file)], folder, "nginx.out")?;
    started("nginx", port, None, child)
}

fn haproxy(folder: &Path, _: &Path, origins: &Origins, _: &Key) -> Result<Proxy> {
    let port = free_port()?;
    let config = format!(
        "global\n  nbthread 1\n  maxconn 4096\n\
         defaults\n  mode http\n  timeout connect 5s\n  timeout client 60s\n  timeout server 60s\n  http-reuse always\n\
         frontend front\n  bind 127.0.0.1:{port}\n  http-request set-header X-Forwarded-For %[src]\n  http-request set-header X-Forwarded-Proto http\n\
         \n  use_backend api if {{ path_beg /api }}\n\
         backend api\n  balance roundrobin\n  server one 127.0.0.1:{}\n  server two 127.0.0.1:{}\n",
        origins.ports[0], origins.ports[1],
    );
    let file = folder.join("haproxy.cfg");
    fs::write(&file, config)?;
    let child = on_core(0, &find("haproxy"), &["-f", &text(&file), "-db"], folder, "haproxy.out")?;
    started("HAProxy", port, None, child)
}

fn bijou_anonymous(folder: &Path, executable: &Path, origins: &Origins, _: &Key) -> Result<Proxy> {
    bijou("bijou, all default filters", folder, executable, origins, None)
}

fn bijou_signed_in(folder: &Path, executable: &Path, origins: &Origins, key: &Key) -> Result<Proxy> {
    bijou("bijou, with access token", folder, executable, origins, Some(key.token(folder)?))
}

fn bijou(
    name: &'static str,
    folder: &Path,
    executable: &Path,
    origins: &Origins,
    token: Option<String>,
) -> Result<Proxy> {
    let gateway = Gateway::configure(folder, "off", 0)?;
    let helpers = gateway.helpers(executable, origins)?;
    let child = gateway.role(0, executable, "gateway")?;
    let mut proxy = started(name, gateway.port, token, child)?;
    for helper in helpers {
        proxy.keep(helper);
    }
    Ok(proxy)
}

/// Our gateway as it is shipped, but for one worker and no rate limit: the load is one client.
pub struct Gateway {
    pub place: PathBuf,
    pub port: u16,
    registry_port: u16,
    otlp: &'static str,
}

impl Gateway {
    /// Writes its configuration; `otlp` is `off` or `console`.
    pub fn configure(place: &Path, otlp: &'static str, sample_per_second: u32) -> Result<Self> {
        let (port, registry_port, operator_port) = (free_port()?, free_port()?, free_port()?);
        let config = format!(
            "[data]\ndir = \"{place}/data\"\n[log]\nlevel = \"warn\"\n\
             [telemetry]\notlp = \"{otlp}\"\nsample_per_second = {sample_per_second}\n\
             [registry]\nlisten = \"127.0.0.1:{registry_port}\"\nurl = \"http://127.0.0.1:{registry_port}/eureka\"\n\
             [console]\noperator_listen = \"127.0.0.1:{operator_port}\"\n\
             [gateway]\nlisten = \"127.0.0.1:{port}\"\nworkers = 1\nrate_limiting = false\n\
             [[gateway.routes]]\nid = \"api\"\npaths = [\"/api\"]\napp = \"BENCH\"\n\
             [[gateway.routes]]\nid = \"other\"\npaths = [\"/v1/titles\"]\napp = \"CATALOG\"\n",
            place = place.display(),
        );
        fs::write(place.join("bijou.toml"), config)?;
        Ok(Self { place: place.to_owned(), port, registry_port, otlp })
    }

    /// What has to run beside it, on core 1: the registry with both origins in it, and the console when spans go there.
    pub fn helpers(&self, executable: &Path, origins: &Origins) -> Result<Vec<Running>> {
        let mut helpers = vec![self.role(1, executable, "registry")?];
        register(self.registry_port, "BENCH", "one", origins.ports[0])?;
        register(self.registry_port, "BENCH", "two", origins.ports[1])?;
        register(self.registry_port, "IDENTITY", "identity", origins.ports[0])?;
        if self.otlp == "console" {
            helpers.push(self.role(1, executable, "console")?);
        }
        Ok(helpers)
    }

    pub fn role(&self, core: u8, executable: &Path, role: &str) -> Result<Running> {
        let arguments = self.arguments(role);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        on_core(core, executable, &arguments, &self.place, &format!("{role}.out"))
    }

    /// Of our executable, to run a role of it.
    pub fn arguments(&self, role: &str) -> Vec<String> {
        ["--config", &text(&self.place.join("bijou.toml")), "run", role].map(str::to_owned).to_vec()
    }
}

/// A proxy that answers.
pub fn started(name: &'static str, port: u16, token: Option<String>, child: Running) -> Result<Proxy> {
    wait_for(port, SIZES[0].1, token.as_deref())?;
    Ok(Proxy { name, port, pids: child.pids(), token, children: vec![child] })
}

/// Registers an origin by Eureka's REST, with a lease that outlives the run.
fn register(registry_port: u16, app: &str, id: &str, port: u16) -> Result<()> {
    let instance = json!({ "instance": {
        "instanceId": id, "hostName": "127.0.0.1", "app": app, "ipAddr": "127.0.0.1", "status": "UP",
        "port": { "$": port, "@enabled": "true" },
        "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
        "leaseInfo": { "renewalIntervalInSecs": 3600, "durationInSecs": 36000 },
    }})
    .to_string();
    for _ in 0..100 {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", registry_port)) {
            write!(
                stream,
                "POST /eureka/apps/{app} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{instance}",
                instance.len()
            )?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer)?;
            if answer.starts_with("HTTP/1.1 204") {
                return Ok(());
            }
            bail!("the registry did not take {app}: {answer}");
        }
        thread::sleep(Duration::from_millis(100));
    }
    bail!("the registry did not start")
}

/// nginx wants folders for what it buffers, and by default where only root may write.
fn temporary_folders(folder: &Path, name: &str) -> Result<String> {
    let mut settings = String::new();
    for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"] {
        let place = folder.join(format!("{name}-{kind}"));
        fs::create_dir_all(&place)?;
        write!(settings, "{kind}_temp_path {}; ", place.display())?;
    }
    Ok(settings)
}

/// A port nobody uses now.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0").context("no free port")?.local_addr()?.port())
}

fn text(path: &Path) -> String {
    path.display().to_string()
}
