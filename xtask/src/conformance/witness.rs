//! A service of the test's own: it remembers with which headers it was called, and registers by hand.
//!
//! So what a service under test sends on can be looked at, and a passport of the gateway can be had.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::json;

use super::http::{self, Extra};

pub const APP: &str = "WITNESS";

type Headers = HashMap<String, String>;

#[derive(Debug)]
pub struct Witness {
    pub port: u16,
    heard: Arc<Mutex<Vec<Headers>>>,
    is_over: Arc<AtomicBool>,
}

impl Witness {
    /// Listens, and stays registered until dropped, also with a registry that forgot everything.
    pub fn start(registry: &str) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        let is_over = Arc::new(AtomicBool::new(false));
        register(registry, port)?;
        let ears = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let ears = Arc::clone(&ears);
                thread::spawn(move || answer(&stream, &ears));
            }
        });
        let (registry, over) = (registry.to_owned(), Arc::clone(&is_over));
        thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                let beat = http::send("PUT", &format!("{registry}/apps/{APP}/{}", id(port)), &Extra::default());
                if beat.is_ok_and(|answer| answer.status == 404) {
                    let _ = register(&registry, port);
                }
                thread::sleep(Duration::from_secs(1));
            }
        });
        Ok(Self { port, heard, is_over })
    }

    /// Headers of the last call, names in lower case.
    pub fn last(&self) -> Result<Headers> {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).last().cloned().context("nobody called")
    }
}

impl Drop for Witness {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::Relaxed);
    }
}

pub fn id(port: u16) -> String {
    format!("127.0.0.1:witness:{port}")
}

/// Registers an instance of the witness at a port, whether or not somebody listens there.
pub fn register(registry: &str, port: u16) -> Result<()> {
    let instance = json!({ "instance": {
        "instanceId": id(port), "hostName": "127.0.0.1", "app": APP, "ipAddr": "127.0.0.1", "status": "UP",
        "port": { "$": port, "@enabled": "true" }, "vipAddress": "witness", "secureVipAddress": "witness",
        "dataCenterInfo": { "@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn" },
        "metadata": { "colour": "white" },
    } });
    let extra = Extra { body: Some(instance.to_string()), ..Extra::default() };
    http::send("POST", &format!("{registry}/apps/{APP}"), &extra)?.expect(204).map(drop)
}

fn answer(stream: &TcpStream, ears: &Mutex<Vec<Headers>>) {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let request = lines.next().unwrap_or_default();
    let headers: Headers = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())))
        .collect();
    // Whoever tries ports on this machine is not heard.
    if request.contains("/hello") {
        ears.lock().unwrap_or_else(PoisonError::into_inner).push(headers);
    }
    let body = r#"{"language":"witness"}"#;
    let mut stream = stream;
    let _ = write!(
        stream,
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
}
