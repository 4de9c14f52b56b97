//! Server-sent events, the reading side (WHATWG HTML, "Server-sent events", section 9.2.6).
//!
//! Bytes in, events out, in whatever pieces the network delivers. Reconnection and `retry` are the caller's business.

/// One dispatched event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// `message` when the stream named none.
    pub name: String,
    pub data: String,
    /// The last id the stream gave, kept over later events without one, as the standard says.
    pub id: Option<String>,
}

/// An event, or one of its lines, is longer than the parser was told to hold.
#[derive(Debug, thiserror::Error)]
#[error("an event is longer than {bytes_max} bytes")]
pub struct EventTooLong {
    pub bytes_max: usize,
}

/// Collects bytes into events.
#[derive(Debug)]
pub struct Parser {
    bytes_max: usize,
    line: Vec<u8>,
    /// The last byte was a carriage return: a line feed right after it belongs to the same line end.
    after_return: bool,
    at_start: bool,
    name: String,
    data: Vec<u8>,
    has_data: bool,
    id: Option<String>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Parser {
    /// `bytes_max` bounds what one event may hold.
    pub fn new(bytes_max: usize) -> Self {
        Parser {
            bytes_max,
            line: Vec::new(),
            after_return: false,
            at_start: true,
            name: String::new(),
            data: Vec::new(),
            has_data: false,
            id: None,
        }
    }

    /// Takes the next piece of the stream and returns the events it completed. An event at the end of a stream without
    /// its empty line is not one, by the standard.
    pub fn feed(&mut self, mut bytes: &[u8]) -> Result<Vec<Event>, EventTooLong> {
        let mut events = Vec::new();
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_return) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let Some(end) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.line.extend_from_slice(bytes);
                self.check_length()?;
                break;
            };
            self.line.extend_from_slice(&bytes[..end]);
            self.check_length()?;
            self.after_return = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            events.extend(self.end_line());
            self.check_length()?;
        }
        Ok(events)
    }

    fn check_length(&self) -> Result<(), EventTooLong> {
        if self.line.len() + self.data.len() > self.bytes_max {
            return Err(EventTooLong { bytes_max: self.bytes_max });
        }
        Ok(())
    }

    fn end_line(&mut self) -> Option<Event> {
        let line = std::mem::take(&mut self.line);
        let mut rest = line.as_slice();
        if std::mem::take(&mut self.at_start) {
            rest = rest.strip_prefix(BYTE_ORDER_MARK).unwrap_or(rest);
        }
        if rest.is_empty() {
            return self.dispatch();
        }
        let (field, value) = match rest.iter().position(|byte| *byte == b':') {
            Some(0) => return None,
            Some(colon) => {
                let value = &rest[colon + 1..];
                (&rest[..colon], value.strip_prefix(b" ").unwrap_or(value))
            }
            None => (rest, &b""[..]),
        };
        match field {
            b"event" => self.name = String::from_utf8_lossy(value).into_owned(),
            b"data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.data.push(b'\n');
                }
                self.data.extend_from_slice(value);
            }
            b"id" if !value.contains(&0) => self.id = Some(String::from_utf8_lossy(value).into_owned()),
            _ => {}
        }
        None
    }

    fn dispatch(&mut self) -> Option<Event> {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if !std::mem::take(&mut self.has_data) {
            return None;
        }
        Some(Event {
            name: if name.is_empty() { "message".to_owned() } else { name },
            data: String::from_utf8(data)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
            id: self.id.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_in_pieces(text: &[u8], piece: usize) -> Vec<(String, String)> {
        let mut parser = Parser::new(1024);
        text.chunks(piece)
            .flat_map(|bytes| parser.feed(bytes).expect("short enough"))
            .map(|event| (event.name, event.data))
            .collect()
    }

    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        for piece in 1..=text.len().max(1) {
            let events = parse_in_pieces(text.as_bytes(), piece);
            let events = events.iter().map(|(name, data)| (name.as_str(), data.as_str())).collect::<Vec<_>>();
            assert_eq!(events, expected, "in pieces of {piece}");
        }
    }

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        check("data: a\n\ndata: b\r\n\r\ndata: c\r\r", &[("message", "a"), ("message", "b"), ("message", "c")]);
    }

    #[test]
    fn several_data_lines_become_one_text() {
        check("event: change\ndata: a\ndata:b\ndata\n\n", &[("change", "a\nb\n")]);
    }

    #[test]
    fn comments_unknown_fields_and_events_without_data_are_nothing() {
        check(": ping\n\nevent: x\n\nretry: 10\nfoo: bar\ndata: a\n\n", &[("message", "a")]);
    }

    #[test]
    fn only_one_leading_space_is_taken_off() {
        check("data:  a\n\n", &[("message", " a")]);
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        check("\u{feff}data: a\n\n", &[("message", "a")]);
    }

    #[test]
    fn an_unfinished_event_is_never_told() {
        check("data: a\n\ndata: b\n", &[("message", "a")]);
    }

    #[test]
    fn the_last_id_stays() {
        let events = Parser::new(64).feed(b"id: 1\ndata: a\n\ndata: b\n\n").expect("short enough");
        assert_eq!(events[1].id.as_deref(), Some("1"));
    }

    #[test]
    fn what_is_too_long_is_refused_whether_it_ends_or_not() {
        assert!(Parser::new(16).feed(b"data: aaaaaaaaaaaaaaaaaaaa").is_err());
        assert!(Parser::new(16).feed(b"data: aaaaaaaa\ndata: aaaaaaaaa\n").is_err());
    }
}
