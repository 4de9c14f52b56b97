//! The envelope: compact JWS (RFC 7515) with exactly one algorithm, EdDSA over Ed25519 (RFC 8037).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

use crate::{Claims, VerifyError};

/// `typ` of a passport, so that no other JWT of ours can be passed off as one (RFC 8725, 3.11).
pub(crate) const TYPE: &str = "passport+jwt";
pub(crate) const ALGORITHM: &str = "EdDSA";

/// Longest token looked at. Ours have about 600 bytes.
const TOKEN_BYTES_MAX: usize = 8 * 1024;

#[derive(Serialize)]
struct Header<'a> {
    alg: &'a str,
    typ: &'a str,
    kid: &'a str,
}

#[derive(Deserialize)]
struct ReceivedHeader {
    alg: String,
    typ: String,
    kid: String,
    /// Extensions that must be understood; we understand none.
    crit: Option<serde::de::IgnoredAny>,
}

/// A token taken apart, nothing of it believed yet.
pub(crate) struct Envelope<'a> {
    pub kid: String,
    pub claims: Claims,
    signed: &'a str,
    signature: Signature,
}

/// The head of every token of one key: it does not change, so it is encoded once.
pub(crate) fn encoded_header(kid: &str) -> String {
    encode_json(&Header { alg: ALGORITHM, typ: TYPE, kid })
}

pub(crate) fn sign(encoded_header: &str, claims: &Claims, key: &SigningKey) -> String {
    let mut token = format!("{encoded_header}.{}", encode_json(claims));
    let signature = key.sign(token.as_bytes());
    token.push('.');
    URL_SAFE_NO_PAD.encode_string(signature.to_bytes(), &mut token);
    token
}

impl<'a> Envelope<'a> {
    pub(crate) fn open(token: &'a str) -> Result<Self, VerifyError> {
        if token.len() > TOKEN_BYTES_MAX {
            return Err(VerifyError::Malformed("longer than any passport"));
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(VerifyError::Malformed("not three parts"))?;
        let (header, claims) = signed.split_once('.').ok_or(VerifyError::Malformed("not three parts"))?;
        let header: ReceivedHeader = decode_json(header, "its header does not read")?;
        if header.alg != ALGORITHM || header.typ != TYPE || header.crit.is_some() {
            return Err(VerifyError::Malformed("its header is not a passport's"));
        }
        let signature =
            URL_SAFE_NO_PAD.decode(signature).map_err(|_| VerifyError::Malformed("its signature does not read"))?;
        let signature =
            Signature::from_slice(&signature).map_err(|_| VerifyError::Malformed("its signature is no signature"))?;
        let claims = decode_json(claims, "its claims do not read")?;
        Ok(Self { kid: header.kid, claims, signed, signature })
    }

    pub(crate) fn is_signed_by(&self, key: &VerifyingKey) -> bool {
        key.verify_strict(self.signed.as_bytes(), &self.signature).is_ok()
    }
}

fn encode_json(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).expect("strings and numbers serialise"))
}

fn decode_json<T: serde::de::DeserializeOwned>(part: &str, otherwise: &'static str) -> Result<T, VerifyError> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| VerifyError::Malformed(otherwise))?;
    serde_json::from_slice(&bytes).map_err(|_| VerifyError::Malformed(otherwise))
}
