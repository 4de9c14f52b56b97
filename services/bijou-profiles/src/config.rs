//! Section `[profiles]`, besides what all roles have.

use serde::Deserialize;

/// The service's own settings.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How long positions of films that are playing wait in memory before they are written, in seconds.
    pub positions_write_s: u64,
    /// Positions that may wait; more are written at once.
    pub positions_waiting_max: usize,
    /// Wrong PINs before the next one is not looked at, and for how long.
    pub pin_tries_max: u32,
    pub pin_locked_s: u32,
    /// Applications that keep something about profiles: an export asks each for `/v1/records/{profile}`, and a deletion is
    /// done when each has said that nothing is left.
    pub erasure_services: Vec<String>,
}

/// A setting that makes no sense.
#[derive(Debug, thiserror::Error)]
#[error("`profiles.{key}`: {reason}")]
pub struct ConfigMistake {
    key: &'static str,
    reason: &'static str,
}

impl Config {
    /// Checks what types cannot say.
    pub fn check(&self) -> Result<(), ConfigMistake> {
        if !(1..=60).contains(&self.positions_write_s) {
            return Err(ConfigMistake { key: "positions_write_s", reason: "must be 1 to 60" });
        }
        if self.pin_tries_max == 0 {
            return Err(ConfigMistake { key: "pin_tries_max", reason: "must be at least 1" });
        }
        if self.erasure_services.iter().any(|name| name.is_empty() || name.contains(char::is_whitespace)) {
            return Err(ConfigMistake {
                key: "erasure_services",
                reason: "are names of applications, such as `PLAYBACK`",
            });
        }
        Ok(())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            positions_write_s: 60,
            positions_waiting_max: 50_000,
            pin_tries_max: 5,
            pin_locked_s: 900,
            erasure_services: ["RECOMMENDATIONS", "PLAYBACK", "IDENTITY"].map(str::to_owned).to_vec(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kill_never_costs_more_than_a_minute_whatever_is_set() {
        let check = |positions_write_s| Config { positions_write_s, ..Config::default() }.check();
        assert!(Config::default().check().is_ok());
        assert!(check(1).is_ok() && check(60).is_ok());
        for wrong in [0, 61] {
            let mistake = check(wrong).expect_err("refused").to_string();
            assert_eq!(mistake, "`profiles.positions_write_s`: must be 1 to 60");
        }
    }
}
