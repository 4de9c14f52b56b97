//! `/oauth`: RFC 6749, 7009, 8628 and 8693. Unknown parameters are ignored, repeated ones refused, errors have their own form.

pub(crate) mod device;
pub(crate) mod device_authorization;
pub(crate) mod exchange;
pub(crate) mod revoke;
pub(crate) mod token;

use bijou_chassis::Form;
use percent_encoding::percent_decode_str;

use crate::oauth_error::OauthError;

/// The parameters of a request, none of them twice.
#[derive(Debug)]
pub(crate) struct Parameters(Vec<(String, String)>);

/// The body as the chassis reads it.
pub(crate) type Fields = Form<Vec<(String, String)>>;

impl Parameters {
    /// RFC 6749, 3.2: a parameter must not come more than once, and one without a value counts as left out.
    pub(crate) fn read(fields: Vec<(String, String)>) -> Result<Self, OauthError> {
        let mut names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        if names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(OauthError::InvalidRequest("a parameter comes more than once"));
        }
        Ok(Self(fields.into_iter().filter(|(_, value)| !value.is_empty()).collect()))
    }

    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Id and secret out of `Authorization: Basic` (RFC 6749, 2.3.1: both are form-encoded first).
pub(crate) fn basic(headers: &http::HeaderMap) -> Result<Option<(String, String)>, OauthError> {
    use base64::Engine;
    let Some(value) = headers.get(http::header::AUTHORIZATION) else {
        return Ok(None);
    };
    let readable = || {
        let (scheme, encoded) = value.to_str().ok()?.split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("basic") {
            return None;
        }
        let decoded = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
        let (id, secret) = std::str::from_utf8(&decoded).ok()?.split_once(':')?;
        let unescape = |text: &str| percent_decode_str(&text.replace('+', " ")).decode_utf8().ok().map(Into::into);
        Some((unescape(id)?, unescape(secret)?))
    };
    readable().map(Some).ok_or(OauthError::InvalidClient)
}
