//! The head of an HTTP/1 request, checked line by line as it arrives.
//!
//! Strict where leniency lets two parsers disagree: every line ends in CRLF, no folding, no space before a colon, no
//! control characters, one valid `Host`, one way of saying how long the body is (RFC 9112, sections 2.2, 3, 5 and 6).

use memchr::memchr;

/// How large a head may be.
#[expect(clippy::struct_field_names, reason = "bounds come last in names, and these are all bounds")]
#[derive(Debug, Clone, Copy)]
pub struct HeadLimits {
    /// Bytes of the whole head.
    pub bytes_max: usize,
    /// Number of header fields.
    pub fields_max: usize,
    /// Bytes of the request target.
    pub target_bytes_max: usize,
}

impl Default for HeadLimits {
    fn default() -> Self {
        Self { bytes_max: 32 * 1024, fields_max: 100, target_bytes_max: 8 * 1024 }
    }
}

/// Why a request was refused before it was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// More bytes than a head may have.
    HeadTooLarge,
    /// More fields than a head may have.
    TooManyFields,
    /// A request target longer than allowed.
    TargetTooLong,
    /// The head did not arrive in time.
    HeadTooSlow,
    /// The first line is not `METHOD target HTTP/1.x`.
    RequestLine,
    /// Neither HTTP/1.0 nor HTTP/1.1.
    Version,
    /// A line ends in LF without CR.
    BareLineFeed,
    /// A line begins with a blank (obsolete folding).
    Folded,
    /// A field has no name, or one with characters that names cannot have (a blank before the colon, too).
    FieldName,
    /// A field value has control characters.
    FieldValue,
    /// Both `Content-Length` and `Transfer-Encoding`.
    TwoLengths,
    /// `Content-Length` more than once.
    RepeatedLength,
    /// A `Content-Length` that is not a plain number.
    Length,
    /// A `Transfer-Encoding` other than exactly `chunked`.
    TransferEncoding,
    /// `Transfer-Encoding` in HTTP/1.0.
    TransferEncodingOld,
    /// HTTP/1.1 without `Host`.
    NoHost,
    /// `Host` more than once.
    RepeatedHost,
    /// A `Host` that is no host name, address or port.
    Host,
}

impl Refusal {
    /// What is wrong, for people.
    pub fn detail(self) -> &'static str {
        match self {
            Self::HeadTooLarge => "the request head is larger than this gateway accepts",
            Self::TooManyFields => "the request has more header fields than this gateway accepts",
            Self::TargetTooLong => "the request target is longer than this gateway accepts",
            Self::HeadTooSlow => "the request head did not arrive in time",
            Self::RequestLine => "the request line is malformed",
            Self::Version => "only HTTP/1.0, HTTP/1.1 and HTTP/2 are spoken here",
            Self::BareLineFeed => "a line of the head ends in LF without CR",
            Self::Folded => "a header field is folded over several lines",
            Self::FieldName => "a header field has an invalid name",
            Self::FieldValue => "a header field has control characters in its value",
            Self::TwoLengths => "Content-Length and Transfer-Encoding must not be sent together",
            Self::RepeatedLength => "Content-Length is sent more than once",
            Self::Length => "Content-Length is not a number",
            Self::TransferEncoding => "the only transfer coding understood is `chunked`, once",
            Self::TransferEncodingOld => "Transfer-Encoding does not exist in HTTP/1.0",
            Self::NoHost => "the Host header field is missing",
            Self::RepeatedHost => "the Host header field is sent more than once",
            Self::Host => "the Host header field is not a valid host",
        }
    }
}

/// How the body behind a head is delimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BodyFraming {
    Length(u64),
    Chunked,
    /// No body; a change of protocol is asked for.
    Upgrade,
}

/// What the lines so far said. Lines are looked at once, however slowly they arrive.
#[derive(Debug, Default)]
pub(super) struct HeadCheck {
    /// Where the first line that is not complete begins.
    line_start: usize,
    in_fields: bool,
    http_10: bool,
    fields: usize,
    hosts: usize,
    length: Option<u64>,
    chunked: bool,
    connection_upgrade: bool,
    upgrade_websocket: bool,
}

impl HeadCheck {
    /// Checks the complete lines of `bytes`, which begin where the head begins.
    ///
    /// `Some` with the head's length when it is complete.
    pub(super) fn advance(
        &mut self,
        bytes: &[u8],
        limits: &HeadLimits,
    ) -> Result<Option<(usize, BodyFraming)>, Refusal> {
        while let Some(at) = memchr(b'\n', &bytes[self.line_start..]) {
            let end = self.line_start + at;
            let line = &bytes[self.line_start..end];
            if end >= limits.bytes_max {
                return Err(if self.in_fields { Refusal::HeadTooLarge } else { Refusal::TargetTooLong });
            }
            let Some((b'\r', line)) = line.split_last() else {
                return Err(Refusal::BareLineFeed);
            };
            self.line_start = end + 1;
            if !self.in_fields {
                self.request_line(line, limits)?;
                self.in_fields = true;
            } else if line.is_empty() {
                return self.framing().map(|framing| Some((self.line_start, framing)));
            } else {
                self.fields += 1;
                if self.fields > limits.fields_max {
                    return Err(Refusal::TooManyFields);
                }
                self.field(line)?;
            }
        }
        if bytes.len() > limits.bytes_max {
            return Err(if self.in_fields { Refusal::HeadTooLarge } else { Refusal::TargetTooLong });
        }
        Ok(None)
    }

    fn request_line(&mut self, line: &[u8], limits: &HeadLimits) -> Result<(), Refusal> {
        let method_end = memchr(b' ', line).ok_or(Refusal::RequestLine)?;
        let (method, rest) = (&line[..method_end], &line[method_end + 1..]);
        let target_end = memchr(b' ', rest).ok_or(Refusal::RequestLine)?;
        let (target, version) = (&rest[..target_end], &rest[target_end + 1..]);
        if target.len() > limits.target_bytes_max {
            return Err(Refusal::TargetTooLong);
        }
        if method.is_empty() || !method.iter().all(|&byte| is_token(byte)) || target.is_empty() {
            return Err(Refusal::RequestLine);
        }
        // Fragments never travel; bytes beyond ASCII must be percent-encoded.
        if !target.iter().all(|&byte| byte > b' ' && byte < 0x7f && byte != b'#') {
            return Err(Refusal::RequestLine);
        }
        self.http_10 = match version {
            b"HTTP/1.1" => false,
            b"HTTP/1.0" => true,
            _ if version.starts_with(b"HTTP/") && memchr(b' ', version).is_none() => return Err(Refusal::Version),
            _ => return Err(Refusal::RequestLine),
        };
        Ok(())
    }

    fn field(&mut self, line: &[u8]) -> Result<(), Refusal> {
        if matches!(line[0], b' ' | b'\t') {
            return Err(Refusal::Folded);
        }
        let colon = memchr(b':', line).ok_or(Refusal::FieldName)?;
        let (name, value) = (&line[..colon], &line[colon + 1..]);
        if name.is_empty() || !name.iter().all(|&byte| is_token(byte)) {
            return Err(Refusal::FieldName);
        }
        // Counted rather than searched for: without an early exit the compiler looks at many bytes at once.
        if value.iter().filter(|&&byte| is_control(byte)).count() > 0 {
            return Err(Refusal::FieldValue);
        }
        match name.len() {
            4 if name.eq_ignore_ascii_case(b"host") => {
                self.hosts += 1;
                if self.hosts > 1 {
                    return Err(Refusal::RepeatedHost);
                }
                if !is_host(value.trim_ascii()) {
                    return Err(Refusal::Host);
                }
            }
            7 if name.eq_ignore_ascii_case(b"upgrade") => {
                self.upgrade_websocket |= value.trim_ascii().eq_ignore_ascii_case(b"websocket");
            }
            10 if name.eq_ignore_ascii_case(b"connection") => {
                self.connection_upgrade |= value
                    .split(|&byte| byte == b',')
                    .any(|option| option.trim_ascii().eq_ignore_ascii_case(b"upgrade"));
            }
            14 if name.eq_ignore_ascii_case(b"content-length") => {
                if self.length.is_some() {
                    return Err(Refusal::RepeatedLength);
                }
                self.length = Some(length(value.trim_ascii()).ok_or(Refusal::Length)?);
            }
            17 if name.eq_ignore_ascii_case(b"transfer-encoding") => {
                if self.chunked || !value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                    return Err(Refusal::TransferEncoding);
                }
                self.chunked = true;
            }
            _ => {}
        }
        Ok(())
    }

    fn framing(&self) -> Result<BodyFraming, Refusal> {
        if self.chunked && self.http_10 {
            return Err(Refusal::TransferEncodingOld);
        }
        if self.chunked && self.length.is_some() {
            return Err(Refusal::TwoLengths);
        }
        if self.hosts == 0 && !self.http_10 {
            return Err(Refusal::NoHost);
        }
        Ok(match (self.chunked, self.length) {
            (true, _) => BodyFraming::Chunked,
            (false, Some(length)) if length > 0 => BodyFraming::Length(length),
            _ if self.connection_upgrade && self.upgrade_websocket && !self.http_10 => BodyFraming::Upgrade,
            _ => BodyFraming::Length(0),
        })
    }
}

fn is_control(byte: u8) -> bool {
    (byte < b' ' && byte != b'\t') || byte == 0x7f
}

/// Digits only: no sign, no list, no overflow (19 digits always fit 64 bits).
fn length(value: &[u8]) -> Option<u64> {
    if value.is_empty() || value.len() > 19 || !value.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// `host`, `host:port` or `[v6]:port`. User information and anything that could start a path is not a host.
pub(crate) fn is_host(value: &[u8]) -> bool {
    let (host, port) = if value.first() == Some(&b'[') {
        let Some(end) = memchr(b']', value) else { return false };
        if std::str::from_utf8(&value[1..end]).ok().and_then(|text| text.parse::<std::net::Ipv6Addr>().ok()).is_none() {
            return false;
        }
        (&value[..=end], &value[end + 1..])
    } else {
        let end = memchr(b':', value).unwrap_or(value.len());
        let host = &value[..end];
        if !host.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_')) {
            return false;
        }
        (host, &value[end..])
    };
    let port_is_right = match port {
        [] => true,
        [b':', digits @ ..] => !digits.is_empty() && digits.len() <= 5 && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    };
    !host.is_empty() && host.len() <= 255 && port_is_right
}

/// A character of a method or field name (RFC 9110, 5.6.2).
pub(super) fn is_token(byte: u8) -> bool {
    const TABLE: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0_u8;
        loop {
            table[byte as usize] = byte.is_ascii_alphanumeric()
                || matches!(
                    byte,
                    b'!' | b'#'
                        | b'$'
                        | b'%'
                        | b'&'
                        | b'\''
                        | b'*'
                        | b'+'
                        | b'-'
                        | b'.'
                        | b'^'
                        | b'_'
                        | b'`'
                        | b'|'
                        | b'~'
                );
            if byte == u8::MAX {
                break table;
            }
            byte += 1;
        }
    };
    TABLE[byte as usize]
}
