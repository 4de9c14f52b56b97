//! The passport: the signed identity that travels inside the platform, in the header `bijou-passport`.
//!
//! A client's own token stops at the gateway. What services see is a passport: a compact EdDSA JWT that lives a minute,
//! names the account (or nobody, or a service) and names in `aud` the few services that may accept it. Each signer
//! makes its key pair at start, keeps it in memory only and publishes the public half at [`KEYS_PATH`]; receivers find
//! the publishers in the registry. So there is no shared secret to distribute, and a stolen passport opens one door for
//! a minute.
//!
//! Two rules make the trust explicit ([`Claims::issuer_rule`]): `service:<role>` is believed only when signed by that
//! role's own application, everything else only when signed by the gateway.
//!
//! Own JWS instead of a general JWT library: one algorithm, one `typ`, the clock is an argument, `verify_strict`. The
//! tests read our tokens with `jsonwebtoken`, so that "compact EdDSA JWT" stays a fact. Deliberately absent: any other
//! algorithm, revocation (a minute is the answer), encryption (nothing in it is secret inside the platform).

mod cache;
mod claims;
mod error;
mod jws;
mod keys;
mod ring;
mod signer;
mod verifier;

use std::time::Duration;

pub use claims::{Claims, Passport};
pub use error::{KeySourceError, VerifyError};
pub use keys::{KeyFuture, KeySource, PublicKey, StaticKeys};
pub use signer::Signer;
pub use verifier::Verifier;

/// The header a passport travels in.
pub const HEADER: &str = "bijou-passport";

/// Where a signer publishes its public keys as a JSON Web Key Set.
pub const KEYS_PATH: &str = "/.well-known/passport-keys";

/// How long a passport is valid from its issue.
pub const LIFETIME: Duration = Duration::from_mins(1);

/// How far two clocks may be apart.
pub const LEEWAY: Duration = Duration::from_secs(5);

/// The application whose signature is believed about people.
pub const GATEWAY: &str = "GATEWAY";

/// The subject of a request nobody has signed in for.
pub const ANONYMOUS: &str = "anonymous";

/// What the subject of a calling service begins with.
pub const SERVICE_PREFIX: &str = "service:";
