//! Sign-ins as operators follow them: one log line each, for whoever asks why somebody could not get in, or was put out.
//!
//! Lines carry `enduser.id` and `sign_in.way`; the console makes one moment of a session's story of each and its request.
//! No line names an address or a profile, or has anything that opens something.

use tracing::{info, warn};

use crate::store::sessions::Session;

/// How somebody comes in or goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Password,
    DeviceCode,
    RefreshToken,
    /// The choice of a profile, or of none.
    Profile,
}

impl Way {
    /// As `sign_in.way` has it.
    fn name(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::DeviceCode => "device-code",
            Self::RefreshToken => "refresh-token",
            Self::Profile => "profile",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Password => "signed in by password",
            Self::DeviceCode => "signed in by a code",
            Self::RefreshToken => "stayed signed in",
            Self::Profile => "chose who watches",
        }
    }

    fn not_done(self) -> &'static str {
        match self {
            Self::Password => "could not sign in by password",
            Self::DeviceCode => "could not sign in by a code",
            Self::RefreshToken => "could not stay signed in",
            Self::Profile => "could not choose who watches",
        }
    }
}

/// Tells that somebody came in or went on.
pub(crate) fn succeeded(way: Way, session: &Session) {
    // Whoever watches refreshes every ten minutes, and nothing is news about it: one line where somebody may look.
    if way == Way::RefreshToken && !bijou_telemetry::current().is_some_and(|trace| trace.sampled) {
        return;
    }
    let device = session.device_name.as_deref();
    info!(
        enduser.id = session.account_id,
        session.id = session.id,
        sign_in.way = way.name(),
        sign_in.outcome = "succeeded",
        device.name = device,
        "{}{}",
        way.done(),
        on(device)
    );
}

/// Tells that an account was refused. `device` is how that calls itself, where it is known.
pub(crate) fn refused(way: Way, account: &str, device: Option<&str>, why: &str) {
    info!(
        enduser.id = account,
        sign_in.way = way.name(),
        sign_in.outcome = "refused",
        device.name = device,
        "{}{}: {why}",
        way.not_done(),
        on(device)
    );
}

/// Tells that a session was ended because its refresh token was used twice: somebody else has it.
pub(crate) fn ended(session: &Session) {
    warn!(
        enduser.id = session.account_id,
        session.id = session.id,
        sign_in.way = Way::RefreshToken.name(),
        sign_in.outcome = "refused",
        device.name = session.device_name.as_deref(),
        "a refresh token was used twice: session `{}` was ended",
        session.id
    );
}

/// Tells what was decided about a device that waits with a code.
pub(crate) fn decided(account: &str, device: Option<&str>, is_approved: bool) {
    let decision = if is_approved { "let a device sign in" } else { "did not let a device sign in" };
    info!(
        enduser.id = account,
        sign_in.way = "decision",
        sign_in.outcome = "succeeded",
        device.name = device,
        "{decision}{}",
        named(device)
    );
}

/// Tells that a session was ended by its account: the one at hand, or another.
pub(crate) fn signed_out(account: &str, session: &str, is_own: bool) {
    let words = if is_own { "signed out" } else { "signed out elsewhere" };
    info!(
        enduser.id = account,
        session.id = session,
        sign_in.way = "sign-out",
        sign_in.outcome = "succeeded",
        "{words}"
    );
}

fn on(device: Option<&str>) -> String {
    device.map(|name| format!(" on `{name}`")).unwrap_or_default()
}

fn named(device: Option<&str>) -> String {
    device.map(|name| format!(": `{name}`")).unwrap_or_default()
}
