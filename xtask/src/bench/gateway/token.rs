//! An access token and the key set that makes it good, by `openssl`: this crate has no cryptography of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// An Ed25519 key pair in a file.
pub struct Key {
    file: PathBuf,
    public: Vec<u8>,
}

impl Key {
    pub fn generate(folder: &Path) -> Result<Self> {
        let file = folder.join("token-key.pem");
        openssl(&["genpkey", "-algorithm", "ed25519", "-out", &file.display().to_string()])?;
        let der = openssl(&["pkey", "-in", &file.display().to_string(), "-pubout", "-outform", "DER"])?;
        // The key itself is the last 32 bytes of its SubjectPublicKeyInfo (RFC 8410).
        let public = der.get(der.len().saturating_sub(32)..).context("a public key has 32 bytes")?.to_vec();
        Ok(Self { file, public })
    }

    pub fn jwks(&self) -> Value {
        json!({ "keys": [{ "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": "bench", "x": base64url(&self.public) }] })
    }

    /// A token like identity's, good for an hour.
    pub fn token(&self, folder: &Path) -> Result<String> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": "bench" });
        let claims = json!({
            "iss": "bijou", "aud": "bijou", "sub": "acc-0123456789abcdef", "sid": "ses-0123456789abcdef",
            "scope": "viewer", "iat": now, "exp": now + 3600,
        });
        let signed =
            format!("{}.{}", base64url(header.to_string().as_bytes()), base64url(claims.to_string().as_bytes()));
        let input = folder.join("to-sign");
        fs::write(&input, &signed)?;
        let signature = openssl(&[
            "pkeyutl",
            "-sign",
            "-rawin",
            "-inkey",
            &self.file.display().to_string(),
            "-in",
            &input.display().to_string(),
        ])?;
        Ok(format!("{signed}.{}", base64url(&signature)))
    }
}

fn openssl(arguments: &[&str]) -> Result<Vec<u8>> {
    let output =
        Command::new("openssl").args(arguments).stdin(Stdio::null()).output().context("openssl cannot be started")?;
    if !output.status.success() {
        bail!("openssl {}: {}", arguments[0], String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits =
            three.iter().enumerate().fold(0_u32, |bits, (index, byte)| bits | (u32::from(*byte) << (16 - 8 * index)));
        for index in 0..=three.len() {
            text.push(char::from(LETTERS[(bits >> (18 - 6 * index)) as usize & 63]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64url_is_the_one_of_the_rfc() {
        for (bytes, text) in
            [("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy"), ("\u{ff}", "w78")]
        {
            assert_eq!(base64url(bytes.as_bytes()), text);
        }
    }
}
