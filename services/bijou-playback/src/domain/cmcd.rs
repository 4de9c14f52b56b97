//! What a player says with each request: Common Media Client Data, CTA-5004 version 1.
//!
//! Comma-separated `key=value`, strings in quotes, a key alone is true; sent in four headers or as the query parameter
//! `CMCD`. Unknown keys are let through unread (they may be a vendor's), and a broken value is nobody's error: a player
//! must never lose a segment over what it says about it.

use http::HeaderMap;

/// The headers keys may come in. Which key belongs into which matters for caches, not for us.
const HEADERS: [&str; 4] = ["cmcd-object", "cmcd-request", "cmcd-status", "cmcd-session"];

/// Bytes that are read of one header; the largest sensible one has about 200.
const READ_MAX: usize = 1024;

/// Characters kept of a text.
const TEXT_MAX: usize = 64;

/// What was said, as far as it is of use.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cmcd {
    /// `br`
    pub bitrate_kbps: Option<u64>,
    /// `tb`
    pub top_bitrate_kbps: Option<u64>,
    /// `bl`
    pub buffer_ms: Option<u64>,
    /// `mtp`
    pub throughput_kbps: Option<u64>,
    /// `d`
    pub duration_ms: Option<u64>,
    /// `bs`: the buffer ran dry before this request.
    pub is_starved: bool,
    /// `su`: needed at once, to begin or after a stall.
    pub is_startup: bool,
    /// `ot`
    pub object_type: Option<String>,
    /// `sid`
    pub session: Option<String>,
    /// `cid`
    pub content: Option<String>,
    /// `sf`
    pub format: Option<String>,
    /// `st`
    pub stream_type: Option<String>,
}

impl Cmcd {
    /// Reads the four headers.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut cmcd = Self::default();
        for value in HEADERS.iter().filter_map(|name| headers.get(*name)?.to_str().ok()) {
            cmcd.read(value);
        }
        cmcd
    }

    fn read(&mut self, text: &str) {
        if text.len() > READ_MAX {
            return;
        }
        for (key, value) in pairs(text) {
            let number = || value.parse::<u64>().ok();
            let words = || Some(value.trim_matches('"').chars().filter(|c| !c.is_control()).take(TEXT_MAX).collect());
            match key {
                "br" => self.bitrate_kbps = number(),
                "tb" => self.top_bitrate_kbps = number(),
                "bl" => self.buffer_ms = number(),
                "mtp" => self.throughput_kbps = number(),
                "d" => self.duration_ms = number(),
                "bs" => self.is_starved = value.is_empty() || value == "true",
                "su" => self.is_startup = value.is_empty() || value == "true",
                "ot" => self.object_type = words(),
                "sid" => self.session = words(),
                "cid" => self.content = words(),
                "sf" => self.format = words(),
                "st" => self.stream_type = words(),
                _ => {}
            }
        }
    }
}

/// Keys and values; commas in quotes separate nothing.
fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut is_quoted = false;
    text.split(move |letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    })
    .map(|pair| pair.trim().split_once('=').unwrap_or((pair.trim(), "")))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Cmcd {
        let mut cmcd = Cmcd::default();
        cmcd.read(text);
        cmcd
    }

    #[test]
    fn the_example_of_the_specification_reads() {
        let mut headers = HeaderMap::new();
        headers.insert("cmcd-request", HeaderValue::from_static("bl=21300,dl=18500,mtp=48100,nor=\"../3.m4v\",su"));
        headers.insert("cmcd-object", HeaderValue::from_static("br=3200,d=4004,ot=v,tb=6000"));
        headers.insert("cmcd-status", HeaderValue::from_static("bs,rtp=12000"));
        headers.insert("cmcd-session", HeaderValue::from_static("cid=\"faec5fc2,ac30\",sf=h,sid=\"6e2f\",st=v"));
        let expected = Cmcd {
            bitrate_kbps: Some(3200),
            top_bitrate_kbps: Some(6000),
            buffer_ms: Some(21_300),
            throughput_kbps: Some(48_100),
            duration_ms: Some(4004),
            is_starved: true,
            is_startup: true,
            object_type: Some("v".to_owned()),
            session: Some("6e2f".to_owned()),
            content: Some("faec5fc2,ac30".to_owned()),
            format: Some("h".to_owned()),
            stream_type: Some("v".to_owned()),
        };
        assert_eq!(Cmcd::of(&headers), expected);
    }

    #[test]
    fn what_is_broken_is_left_out() {
        assert_eq!(read("br=fast,bl=-3,,=,com.example-x=7,\"bs"), Cmcd::default());
        assert_eq!(read(&"br=1,".repeat(500)), Cmcd::default());
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(text in ".{0,200}") {
            let cmcd = read(&text);
            prop_assert!(cmcd.session.is_none_or(|text| text.chars().count() <= TEXT_MAX));
        }
    }
}
