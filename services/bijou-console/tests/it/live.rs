//! The live stream.

use std::time::Duration;

use bijou_testkit::PATIENCE;
use prost::Message as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::support::{Console, TOKEN, crossing};

/// A reader of the stream that keeps all it has read.
pub struct Reader {
    stream: TcpStream,
    pub read: String,
}

impl Reader {
    async fn open(console: &Console) -> Self {
        Self::open_at(console, "/api/live").await
    }

    pub async fn open_at(console: &Console, path: &str) -> Self {
        let target = console.operator_url.trim_start_matches("http://");
        let mut stream = TcpStream::connect(target).await.expect("it listens");
        let head = format!("GET {path} HTTP/1.1\r\nhost: {target}\r\nauthorization: Bearer {TOKEN}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.expect("it reads");
        let mut reader = Self { stream, read: String::new() };
        reader.until("event: hello").await;
        reader
    }

    pub async fn until(&mut self, part: &str) {
        let reading = async {
            let mut buffer = [0; 4096];
            while !self.read.contains(part) {
                let count = self.stream.read(&mut buffer).await.expect("readable");
                assert!(count > 0, "the stream ended before `{part}`: {}", self.read);
                self.read.push_str(&String::from_utf8_lossy(&buffer[..count]));
            }
        };
        assert!(timeout(PATIENCE, reading).await.is_ok(), "`{part}` never came: {}", self.read);
    }

    async fn until_its_end(mut self) -> bool {
        let mut rest = Vec::new();
        timeout(Duration::from_secs(10), self.stream.read_to_end(&mut rest)).await.is_ok()
    }
}

#[tokio::test]
async fn a_request_is_seen_as_it_finishes_and_again_when_it_grows() {
    let console = Console::start().await;
    let mut reader = Reader::open(&console).await;
    assert!(reader.read.contains("content-type: text/event-stream"), "{}", reader.read);
    let [gateway, catalog] = crossing(9, 200);
    let role = console.service.service("gateway");
    role.post("/v1/traces").body("application/x-protobuf", gateway.encode_to_vec()).send().await.expect(200);
    reader.until("\"revision\":1").await;
    assert!(reader.read.contains("event: request") && reader.read.contains("/v1/titles/9"), "{}", reader.read);
    role.post("/v1/traces").body("application/x-protobuf", catalog.encode_to_vec()).send().await.expect(200);
    reader.until("\"revision\":2").await;
}

#[tokio::test]
async fn a_change_of_the_registrys_picture_is_told() {
    let console = Console::start().await;
    let mut reader = Reader::open(&console).await;
    console.service.add_peer("CATALOG", ([127, 0, 0, 1], 9).into());
    reader.until("event: instances").await;
}

#[tokio::test]
async fn a_stop_ends_the_stream() {
    let console = Console::start().await;
    let reader = Reader::open(&console).await;
    console.service.stop().await;
    assert!(reader.until_its_end().await);
}
