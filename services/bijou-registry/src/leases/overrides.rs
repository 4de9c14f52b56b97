//! An operator's word on a status, which counts more than the instance's own until it is taken back.
//!
//! Operators may say different things at nodes that cannot reach each other. Each word has a time ([`Word`]), and the later
//! one counts at every node, whatever order they hear of them in; that there is no override any more is a word too. A node
//! that is told the time takes it over, and gives its own next word a later one, also when its clock is behind. Eureka's
//! servers and clients tell no time: what they say counts from when it is heard, as among themselves.

use bijou_eureka::{ActionType, Hearsay, PackedInstance, Status};

use super::{Lease, Leases, Origin, Word, rules, rules::Previous};
use crate::clock::Moment;

impl Leases {
    /// An operator's override. The lease is renewed. A status that is already so is not made an override, as in
    /// Eureka. `false` when there is no such instance.
    ///
    /// Eureka takes over the version that is told with it. Here a version comes with a registration alone: whoever had one
    /// without what the instance says in it would never be told that.
    pub fn override_status(&mut self, app: &str, id: &str, status: Status, now: Moment) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let is_change = lease.record.instance.status != status;
        if is_change {
            lease.say_word(Some(status), now);
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if is_change {
            self.change_status(app, id, status, now);
        }
        true
    }

    /// Says why an override was set.
    pub fn explain_override(&mut self, app: &str, id: &str, reason: &str) {
        if let Some(lease) = self.lease_mut(app, id).filter(|lease| lease.overridden.is_some()) {
            lease.override_reason = Some(reason.into());
        }
    }

    /// Takes an override back. From then on counts `status`, or without one what the instance last said of itself; where
    /// that is not known either it is UNKNOWN, and the next heartbeat is answered so that the instance registers again.
    /// Nothing but the lease changes when there was no override. `false` when there is no such instance.
    pub fn remove_override(&mut self, app: &str, id: &str, status: Option<Status>, now: Moment) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let was_overridden = lease.overridden.is_some();
        let status = status.or(lease.own_status).unwrap_or(Status::Unknown);
        if was_overridden {
            lease.say_word(None, now);
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if was_overridden {
            self.change_status(app, id, status, now);
        }
        true
    }

    /// Takes over a word that was given elsewhere, if it is later than the one that counts here. `status` is how the
    /// instance's version `dirty_ms` stands there since. The client was heard of at `heard`, which is all that counts of a
    /// word that is no news. `false` when there is no such instance.
    pub fn take_word(
        &mut self,
        app: &str,
        id: &str,
        told: Word,
        (status, dirty_ms): (Status, Option<u64>),
        heard: Moment,
        now: Moment,
    ) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let known = &lease.record.instance;
        // A version that is not known there has its own word below the override; so has one whose own word only is known
        // here.
        let stands_otherwise = dirty_ms.is_some_and(|dirty_ms| dirty_ms < known.last_dirty_ms);
        let status =
            if stands_otherwise || status == Status::Unknown { lease.status_under(told.status) } else { status };
        let is_later = told > lease.word();
        let is_change = is_later && (lease.overridden, known.status) != (told.status, status);
        if is_later {
            lease.take_word(told);
        }
        self.extend(app, id, heard);
        if is_change {
            self.change_status(app, id, status, now);
        }
        true
    }

    pub(super) fn change_status(&mut self, app: &str, id: &str, status: Status, now: Moment) {
        let Some(place) = self.table.place(app, id) else { return };
        let lease = self.table.at(place);
        let overridden = lease.overridden.unwrap_or_default();
        let mut instance = lease.record.instance.clone();
        instance.status = status;
        instance.overridden_status = overridden;
        instance.lease.last_renewal_ms = lease.renewed.unix_ms;
        if status == Status::Up && instance.lease.service_up_ms == 0 {
            instance.lease.service_up_ms = now.unix_ms;
        }
        self.replace(place, instance, ActionType::Modified, now);
    }
}

impl Lease {
    /// The operator's word that counts.
    pub(super) fn word(&self) -> Word {
        Word { at_ms: self.overridden_ms, status: self.overridden }
    }

    /// Lets a word count that was given before, here or elsewhere.
    pub(super) fn take_word(&mut self, word: Word) {
        if self.overridden != word.status {
            self.override_reason = None;
        }
        (self.overridden, self.overridden_ms) = (word.status, word.at_ms);
    }

    /// Lets a word count from now on: later than the one before also when the wall clock went back meanwhile, or the
    /// peers would take what was before for the newer.
    pub(super) fn say_word(&mut self, status: Option<Status>, now: Moment) {
        self.take_word(self.word().followed_by(status, now));
    }

    /// The status that counts once the override is another one.
    fn status_under(&self, overridden: Option<Status>) -> Status {
        let status = self.record.instance.status;
        if overridden == self.overridden {
            return status;
        }
        // What is not the override's status is the instance's own.
        match (self.own_status.or((self.overridden != Some(status)).then_some(status)), overridden) {
            (Some(own), _) => rules::status_of_renewal(own, overridden),
            (None, overridden) => overridden.unwrap_or_default(),
        }
    }
}

impl Word {
    /// The next one, given at `now`.
    pub(super) fn followed_by(self, status: Option<Status>, now: Moment) -> Word {
        Word { at_ms: now.unix_ms.max(self.at_ms.saturating_add(1)), status }
    }
}

/// How an instance stands once a registration of it is taken.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) word: Word,
    pub(super) status: Status,
    /// What the instance says of itself, where that is known.
    pub(super) own_status: Option<Status>,
    /// It is of a newer version than what is known, or the first.
    pub(super) is_news: bool,
    /// It is of an older one: what is known stays.
    pub(super) is_older: bool,
}

/// Weighs a registration against what is known of the instance, if it is; or was until it was cancelled, which ended its
/// override at `ended_ms`.
pub(super) fn judge_registration(
    known: Option<&Lease>,
    ended_ms: Option<u64>,
    instance: &PackedInstance,
    hearsay: Option<Hearsay>,
    origin: Origin,
    now: Moment,
) -> Judged {
    let known_dirty_ms = known.map(|lease| lease.record.instance.last_dirty_ms);
    let is_news = known_dirty_ms.is_none_or(|known_ms| instance.last_dirty_ms > known_ms);
    let is_older = known_dirty_ms.is_some_and(|known_ms| instance.last_dirty_ms < known_ms);
    let known_own = known.and_then(|lease| lease.own_status);
    let told = (instance.overridden_status != Status::Unknown).then_some(instance.overridden_status);
    // An override ends with its lease: that is the last word on an instance that was cancelled. Every node noted the end by
    // its own clock, so what a peer dates itself, and is none either, is left as it is.
    let ended_ms = ended_ms.filter(|_| origin == Origin::Client || told.is_some());
    let known_word = known.map_or(Word { at_ms: ended_ms.unwrap_or_default(), status: None }, Lease::word);
    let told_word = hearsay.and_then(|hearsay| hearsay.overridden_ms).map(|at_ms| Word { at_ms, status: told });
    // A peer tells the status that counts there. Where that is the override's, what the instance itself says is not known.
    let is_hidden = origin == Origin::Peer && told == Some(instance.status);
    let own_status = match known {
        Some(known) if is_older => known.own_status,
        _ if is_hidden => known_own.filter(|_| !is_news),
        _ => Some(instance.status),
    };
    let word = match told_word {
        Some(told_word) => known_word.max(told_word),
        None if known_word.status.is_none() && told.is_some() && !is_older => known_word.followed_by(told, now),
        None => known_word,
    };
    let is_overruled = told_word.is_some_and(|told_word| told_word < known_word);
    let status = match known {
        // What is known stands, under the word that counts now; and of one version what was said of it last.
        Some(known) if told_word.is_some() && (is_older || (is_overruled && !is_news)) => {
            known.status_under(word.status)
        }
        _ if is_overruled && is_hidden && told != word.status => word.status.unwrap_or_default(),
        _ => {
            let status = known.filter(|_| is_older).map_or(instance.status, |known| known.record.instance.status);
            let is_newer_now = is_news;
            let previous = known.map(|known| Previous { status: known.record.instance.status, is_newer_now });
            rules::status_of_registration(status, word.status, previous, origin)
        }
    };
    Judged { word, status, own_status, is_news, is_older }
}
