//! Webhooks as Standard Webhooks describes them: what is signed, and when it is tried again.
//!
//! `webhook-signature: v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body` with the secret's bytes
//! (standardwebhooks.com, specification). A receiver checks the timestamp itself against replays.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rand::{Rng, RngExt};
use sha2::Sha256;

/// Between tries: quick at first, then for days. In seconds.
const WAITS_S: [i64; 9] = [5, 60, 300, 1_800, 7_200, 18_000, 36_000, 86_400, 172_800];

/// A receiver that does not answer is tried again after at most so long, whatever it is to be sent.
const REST_S_MAX: i64 = 1_800;
/// A receiver that has not answered for so long is given up.
const SILENCE_S_MAX: i64 = 4 * 86_400;

/// A share of the wait that is added at random, so that many deliveries do not come back together.
const JITTER: f64 = 0.2;

const SECRET_PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// Signs what one webhook is sent.
pub(crate) struct Secret(Vec<u8>);

impl Secret {
    /// A new one, as its owner gets it.
    pub(crate) fn make(random: &mut impl Rng) -> String {
        let bytes: [u8; SECRET_BYTES] = random.random();
        format!("{SECRET_PREFIX}{}", STANDARD.encode(bytes))
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        STANDARD.decode(text.strip_prefix(SECRET_PREFIX)?).ok().filter(|bytes| !bytes.is_empty()).map(Self)
    }

    /// The field `webhook-signature`.
    pub(crate) fn sign(&self, message_id: &str, timestamp_s: i64, body: &str) -> String {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("any length is a key");
        mac.update(format!("{message_id}.{timestamp_s}.{body}").as_bytes());
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

/// When to try again after `tries` failures, in milliseconds from now; `None`: it has been tried long enough.
pub(crate) fn next_try_ms(tries: i64, random: &mut impl Rng) -> Option<i64> {
    let wait = WAITS_S.get(usize::try_from(tries).ok()?.checked_sub(1)?)?;
    Some((*wait as f64 * 1_000.0 * (1.0 + random.random_range(0.0..=JITTER))) as i64)
}

/// How long a receiver wants to be left alone, in milliseconds: `Retry-After` in seconds or as a date of HTTP (RFC 9110, 10.2.3),
/// at most as long as the longest wait of our own. `None`: it does not say, or what nobody can read, or a time that is over.
pub(crate) fn asked_wait_ms(retry_after: &str, now_ms: i64) -> Option<i64> {
    const MAX_MS: i64 = WAITS_S[WAITS_S.len() - 1] * 1_000;
    let text = retry_after.trim();
    let wait_ms = if text.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than a number has are a long wait too.
        text.parse::<i64>()
            .map_or((!text.is_empty()).then_some(MAX_MS), |seconds| Some(seconds.saturating_mul(1_000)))?
    } else {
        let until: SystemTime = httpdate::parse_http_date(text).ok()?;
        let until_ms = until.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
        i64::try_from(until_ms).unwrap_or(i64::MAX).saturating_sub(now_ms)
    };
    (wait_ms > 0).then_some(wait_ms.min(MAX_MS))
}

/// How long a webhook whose receiver does not answer rests as a whole after `silent_tries` such tries, in milliseconds;
/// `None`: it has been silent since `silent_ms` ago, which is long enough.
pub(crate) fn rest_ms(silent_tries: i64, silent_ms: i64, random: &mut impl Rng) -> Option<i64> {
    if silent_ms >= SILENCE_S_MAX * 1_000 {
        return None;
    }
    let at = usize::try_from(silent_tries - 1).unwrap_or(0);
    let wait = WAITS_S.get(at).copied().unwrap_or(REST_S_MAX).min(REST_S_MAX);
    Some((wait as f64 * 1_000.0 * (1.0 + random.random_range(0.0..=JITTER))) as i64)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;

    /// The example of the specification's reference libraries.
    #[test]
    fn the_signature_is_the_specifications() {
        let secret = Secret::parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signature = secret.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, "{\"test\": 2432232314}");
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn a_new_secret_can_be_read_back() {
        let mut random = StdRng::seed_from_u64(1);
        assert!(Secret::parse(&Secret::make(&mut random)).is_some());
        assert!(Secret::parse("whsec_").is_none() && Secret::parse("secret").is_none());
    }

    #[test]
    fn a_receiver_says_how_long_to_wait_in_seconds_or_by_a_date() {
        // 2027-01-15T08:00:00Z.
        let now_ms = 1_800_000_000_000;
        for (said, expected) in [
            ("120", Some(120_000)),
            (" 0 ", None),
            ("Fri, 15 Jan 2027 08:10:00 GMT", Some(600_000)),
            ("Friday, 15-Jan-27 08:10:00 GMT", Some(600_000)),
            ("Fri Jan 15 08:10:00 2027", Some(600_000)),
            ("Fri, 15 Jan 2027 07:59:59 GMT", None),
            ("Tue, 15 Jan 2999 08:00:00 GMT", Some(172_800_000)),
            ("99999999999999999999", Some(172_800_000)),
            ("-5", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(asked_wait_ms(said, now_ms), expected, "`{said}`");
        }
    }

    #[test]
    fn silence_is_met_with_rests_that_end_and_then_with_giving_up() {
        let mut random = StdRng::seed_from_u64(3);
        let rests: Vec<_> = [1, 2, 3, 4, 400].map(|tries| rest_ms(tries, 0, &mut random)).into();
        assert!(rests[0].is_some_and(|rest| (5_000..=6_000).contains(&rest)), "{rests:?}");
        assert!(rests[..4].is_sorted(), "{rests:?}");
        assert!(rests[4].is_some_and(|rest| (1_800_000..=2_160_000).contains(&rest)), "{rests:?}");
        assert_eq!(rest_ms(9, SILENCE_S_MAX * 1_000, &mut random), None);
    }

    #[test]
    fn tries_grow_apart_for_days_and_end() {
        let mut random = StdRng::seed_from_u64(2);
        let waits: Vec<_> = (1..).map_while(|tries| next_try_ms(tries, &mut random)).collect();
        assert_eq!(waits.len(), WAITS_S.len());
        assert!(waits.is_sorted(), "{waits:?}");
        assert!(waits.iter().sum::<i64>() > 3 * 86_400_000, "{waits:?}");
        assert_eq!(next_try_ms(0, &mut random), None);
    }
}
