//! For whom a title is looked at, read from a query.

use jiff::Timestamp;

use super::device::Device;

/// Whose view is looked at. What is absent does not narrow anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Case {
    /// ISO 3166-1 alpha-2, in capitals.
    pub territory: Option<String>,
    pub profile: Option<String>,
    pub account: Option<String>,
    /// Now when absent.
    pub at: Option<Timestamp>,
    pub device: Option<Device>,
}

/// What is wrong with a query, by its parameter.
#[derive(Debug, PartialEq, Eq)]
pub struct CaseError {
    pub parameter: &'static str,
    pub reason: String,
}

impl Case {
    /// Reads the parameters; empty ones are as good as absent.
    pub fn read(
        territory: Option<String>,
        profile: Option<String>,
        account: Option<String>,
        at: Option<&str>,
        device: Option<&str>,
    ) -> Result<Self, CaseError> {
        let territory = given(territory);
        if let Some(country) = territory.as_deref().filter(|country| !is_country(country)) {
            let reason = format!("`{country}` is no country of two capital letters (ISO 3166-1), such as `DE`");
            return Err(CaseError { parameter: "territory", reason });
        }
        let at = at.map(str::trim).filter(|at| !at.is_empty()).map(|at| {
            at.parse().map_err(|_| CaseError {
                parameter: "at",
                reason: format!("`{at}` is no time of RFC 3339, such as `2026-12-24T18:00:00Z`"),
            })
        });
        let device = device.map(str::trim).filter(|device| !device.is_empty()).map(|device| {
            Device::parse(device).ok_or_else(|| CaseError {
                parameter: "device",
                reason: "a device is what it decodes, by RFC 6381: `avc1.640028,mp4a.40.2`".to_owned(),
            })
        });
        Ok(Self {
            territory,
            profile: given(profile),
            account: given(account),
            at: at.transpose()?,
            device: device.transpose()?,
        })
    }
}

fn given(value: Option<String>) -> Option<String> {
    value.map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_wrong(territory: Option<&str>, at: Option<&str>, device: Option<&str>, parameter: &str) {
        let read = Case::read(territory.map(str::to_owned), None, None, at, device);
        assert_eq!(read.map_err(|error| error.parameter), Err(parameter));
    }

    #[test]
    fn what_is_empty_is_absent_and_what_is_wrong_is_named() {
        let empty = || Some(" ".to_owned());
        assert_eq!(Case::read(empty(), empty(), empty(), Some(""), Some(" ")), Ok(Case::default()));
        check_wrong(Some("de"), None, None, "territory");
        check_wrong(None, Some("noon"), None, "at");
        check_wrong(None, None, Some("a television"), "device");
    }
}
