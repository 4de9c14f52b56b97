//! When signing keys are made, used and forgotten.
//!
//! A verifier that fetched the key set a moment ago must know the key of the next token, and one that fetches it now
//! must still find the key of a token signed ten minutes ago. So a key is published long before it signs, and stays for
//! a while after.
//!
//! ```text
//! key 1  |== signs ===================|-- overlap --|
//! key 2                 |- published -|== signs ===================|-- overlap --|
//! ```

/// The periods of rotation.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_field_names, reason = "units go last")]
pub(crate) struct Schedule {
    pub(crate) rotate_ms: i64,
    pub(crate) publish_ahead_ms: i64,
    pub(crate) overlap_ms: i64,
}

/// A key's place in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct KeyTimes {
    /// Counted from 1, without gaps; two instances that both want to make the next key mean the same number.
    pub(crate) generation: i64,
    pub(crate) active_from_ms: i64,
}

/// What is to be done at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Generation that signs now; `None` until the first is made.
    pub(crate) signing: Option<i64>,
    /// The key to make.
    pub(crate) create: Option<KeyTimes>,
    /// Generations nobody needs any more.
    pub(crate) forget: Vec<i64>,
}

/// Plans from the keys there are, in any order.
pub(crate) fn plan(keys: &[KeyTimes], now_ms: i64, schedule: &Schedule) -> Plan {
    let mut keys = keys.to_vec();
    keys.sort_by_key(|key| key.generation);
    let Some(last) = keys.last().copied() else {
        // Nobody has fetched a key set yet: the first key signs at once.
        let first = KeyTimes { generation: 1, active_from_ms: now_ms };
        return Plan { signing: None, create: Some(first), forget: Vec::new() };
    };
    let signing = keys.iter().rfind(|key| key.active_from_ms <= now_ms).or(keys.first()).map(|key| key.generation);
    let due_ms = last.active_from_ms + schedule.rotate_ms;
    let create = (now_ms >= due_ms - schedule.publish_ahead_ms).then(|| KeyTimes {
        generation: last.generation + 1,
        // After a long pause the date is past: it is still published ahead.
        active_from_ms: due_ms.max(now_ms + schedule.publish_ahead_ms),
    });
    let forget = keys
        .windows(2)
        .filter(|pair| pair[1].active_from_ms + schedule.overlap_ms <= now_ms)
        .map(|pair| pair[0].generation)
        .collect();
    Plan { signing, create, forget }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: i64 = 3_600_000;
    const SCHEDULE: Schedule =
        Schedule { rotate_ms: 720 * HOUR, publish_ahead_ms: 24 * HOUR, overlap_ms: HOUR + 600_000 };

    fn key(generation: i64, active_from_h: i64) -> KeyTimes {
        KeyTimes { generation, active_from_ms: active_from_h * HOUR }
    }

    #[track_caller]
    fn check(keys: &[KeyTimes], now_h: i64, signing: Option<i64>, create: Option<KeyTimes>, forget: &[i64]) {
        let expected = Plan { signing, create, forget: forget.to_vec() };
        assert_eq!(plan(keys, now_h * HOUR, &SCHEDULE), expected, "at {now_h} h");
    }

    #[test]
    fn a_key_is_published_a_day_before_it_signs_and_kept_an_hour_after() {
        check(&[], 0, None, Some(key(1, 0)), &[]);
        check(&[key(1, 0)], 695, Some(1), None, &[]);
        check(&[key(1, 0)], 696, Some(1), Some(key(2, 720)), &[]);
        check(&[key(1, 0), key(2, 720)], 719, Some(1), None, &[]);
        check(&[key(1, 0), key(2, 720)], 720, Some(2), None, &[]);
        check(&[key(1, 0), key(2, 720)], 721, Some(2), None, &[]);
        check(&[key(1, 0), key(2, 720)], 722, Some(2), None, &[1]);
    }

    #[test]
    fn after_a_long_pause_the_next_key_is_still_published_ahead() {
        check(&[key(1, 0)], 5_000, Some(1), Some(key(2, 5_024)), &[]);
    }

    proptest! {
        /// Whatever the moments at which anybody looks, a token signed at one look verifies by the keys published at
        /// every look before it (since the previous rotation) and for ten minutes after.
        #[test]
        fn a_token_is_always_signed_by_a_published_key(steps in prop::collection::vec(1_i64..60, 1..200)) {
            let (mut keys, mut now_ms, mut published_since) = (Vec::<KeyTimes>::new(), 0, std::collections::HashMap::new());
            for minutes in steps.into_iter().map(|step| step * step) {
                now_ms += minutes * 60_000;
                let plan = plan(&keys, now_ms, &SCHEDULE);
                let last_signed_by = |generation: i64| keys.iter().find(|key| key.generation == generation + 1).map(|next| next.active_from_ms);
                for generation in &plan.forget {
                    let until = last_signed_by(*generation).expect("the last key is never forgotten");
                    prop_assert!(until + 600_000 <= now_ms, "tokens of key {} are alive", generation);
                }
                if let Some(signing) = plan.signing {
                    prop_assert!(!plan.forget.contains(&signing));
                    let since: i64 = published_since[&signing];
                    let first = signing == 1;
                    prop_assert!(first || now_ms - since >= SCHEDULE.publish_ahead_ms, "key {} signs too early", signing);
                }
                keys.retain(|key| !plan.forget.contains(&key.generation));
                if let Some(new) = plan.create {
                    prop_assert!(keys.iter().all(|key| key.generation < new.generation));
                    published_since.insert(new.generation, now_ms);
                    keys.push(new);
                }
                prop_assert!(!keys.is_empty() && keys.len() <= 4);
            }
        }
    }
}
