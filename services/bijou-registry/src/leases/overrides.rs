//! An operator's word on a status, which counts more than the instance's own until it is taken back.

use bijou_eureka::{ActionType, Status};

use super::Leases;
use crate::clock::Moment;

impl Leases {
    /// An operator's override. The lease is renewed. A status that is already so is not made an override, as in
    /// Eureka. `false` when there is no such instance.
    pub fn override_status(&mut self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>, now: Moment) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let is_change = lease.record.instance.status != status;
        if is_change {
            lease.overridden = Some(status);
            lease.stamp_override(now);
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if is_change {
            self.change_status(app, id, status, dirty_ms, now);
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
    pub fn remove_override(
        &mut self,
        app: &str,
        id: &str,
        status: Option<Status>,
        dirty_ms: Option<u64>,
        now: Moment,
    ) -> bool {
        let Some(lease) = self.lease_mut(app, id) else { return false };
        let was_overridden = lease.overridden.take().is_some();
        let status = status.or(lease.own_status).unwrap_or(Status::Unknown);
        if was_overridden {
            lease.stamp_override(now);
            lease.override_reason = None;
        }
        self.extend(app, id, now);
        if was_overridden {
            self.change_status(app, id, status, dirty_ms, now);
        }
        true
    }

    pub(super) fn change_status(&mut self, app: &str, id: &str, status: Status, dirty_ms: Option<u64>, now: Moment) {
        let Some(key) = self.key(app, id) else { return };
        let Some(lease) = self.lease_mut(app, id) else { return };
        let overridden = lease.overridden.unwrap_or_default();
        let mut instance = lease.record.instance.clone();
        instance.status = status;
        instance.overridden_status = overridden;
        instance.last_dirty_ms =
            dirty_ms.map_or(instance.last_dirty_ms, |dirty_ms| dirty_ms.max(instance.last_dirty_ms));
        instance.lease.last_renewal_ms = now.unix_ms;
        if status == Status::Up && instance.lease.service_up_ms == 0 {
            instance.lease.service_up_ms = now.unix_ms;
        }
        self.record_change(key, instance, ActionType::Modified, now);
    }
}
