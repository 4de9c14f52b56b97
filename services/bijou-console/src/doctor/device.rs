//! Whether a device decodes a stream, by the names RFC 6381 gives codecs.
//!
//! For H.264 (`avc1.PPCCLL`) a device that decodes a profile and level decodes what asks for less of both. For anything
//! else a device's name must be the stream's, or its beginning up to a dot.

/// What a device decodes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Device {
    codecs: Vec<String>,
}

impl Device {
    /// Reads `avc1.640028,mp4a.40.2`; `None` when a part of it is no name of a codec.
    pub fn parse(text: &str) -> Option<Self> {
        let codecs: Vec<String> = text.split(',').map(|codec| codec.trim().to_owned()).collect();
        let is_name = |codec: &String| {
            (1..=40).contains(&codec.len())
                && codec.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte))
        };
        codecs.iter().all(is_name).then_some(Self { codecs })
    }

    /// Whether it decodes this codec.
    pub fn decodes(&self, codec: &str) -> bool {
        self.codecs.iter().any(|own| covers(own, codec))
    }
}

fn covers(own: &str, wanted: &str) -> bool {
    if let (Some(own), Some(wanted)) = (h264(own), h264(wanted)) {
        return own.0 >= wanted.0 && own.1 >= wanted.1;
    }
    let (own, wanted) = (own.to_ascii_lowercase(), wanted.to_ascii_lowercase());
    wanted.strip_prefix(&own).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// How much of H.264: the rank of the profile, and the level in tenths.
fn h264(codec: &str) -> Option<(u8, u8)> {
    let parameters = codec.strip_prefix("avc1.").or_else(|| codec.strip_prefix("avc3."))?;
    if parameters.len() != 6 || !parameters.is_ascii() {
        return None;
    }
    let byte = |at: usize| u8::from_str_radix(&parameters[at..at + 2], 16).ok();
    let rank = match byte(0)? {
        0x42 => 0,
        0x4d => 1,
        0x64 => 2,
        _ => return None,
    };
    Some((rank, byte(4)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(device: &str, codec: &str, expected: bool) {
        assert_eq!(Device::parse(device).expect("a device").decodes(codec), expected, "{device} {codec}");
    }

    #[test]
    fn a_device_decodes_what_asks_for_less() {
        check("avc1.640028,mp4a.40.2", "avc1.64001e", true);
        check("avc1.640028,mp4a.40.2", "avc1.4d401f", true);
        check("avc1.64001f,mp4a.40.2", "avc1.640028", false);
        check("avc1.42e01e", "avc1.64001e", false);
        check("avc1", "avc1.640028", true);
        check("mp4a", "mp4a.40.2", true);
        check("mp4a.40.2", "mp4a.40.29", false);
        check("hvc1,ec-3", "avc1.640028", false);
    }

    #[test]
    fn what_is_no_codec_is_no_device() {
        for text in ["", "avc1,,mp4a", "a television", "avc1;DROP"] {
            assert_eq!(Device::parse(text), None, "{text}");
        }
    }
}
