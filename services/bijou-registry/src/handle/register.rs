//! Registering: Eureka's checks in Eureka's order, and limits that Eureka does not have.

use std::{borrow::Cow, io::Read};

use bijou_eureka::{DecodeError, InstanceRef, PackedInstance, Status, json, xml};
use http::StatusCode;
use tracing::warn;

use super::{Asked, Refused};
use crate::{
    answer::{self, Answer},
    fields::Fields,
    leases::Origin,
    negotiate,
    settings::{Limits, Right},
};

pub fn register(asked: &Asked<'_>, app: &str, body: &[u8]) -> Answer {
    let taken = |said: &InstanceRef<'_>| {
        checked(said, app)?;
        within(asked, asked.origin(), said)?;
        Ok(without_foreign_override(asked, said.into()))
    };
    let mut instance = match look_at_instance(asked, body, taken) {
        Ok(instance) => instance,
        Err(refused) => {
            asked.registry().telemetry.registrations_refused.inc();
            return asked.refuse("a registration", app, refused);
        }
    };
    // Only our own entry coordinates, and it does not come this way.
    instance.is_coordinating = false;
    asked.registry().register(instance, asked.origin());
    // 204 and nothing else: the Java client compares.
    answer::empty(StatusCode::NO_CONTENT)
}

/// Eureka's checks in Eureka's order.
pub fn checked(instance: &InstanceRef<'_>, app: &str) -> Result<(), Refused> {
    let missing = |what: &str| Err(Refused::bad(format!("Missing {what}")));
    if instance.id().is_empty() {
        return missing("instanceId");
    }
    if instance.host_name.is_empty() {
        return missing("hostname");
    }
    if instance.ip_addr.is_empty() {
        return missing("ip address");
    }
    if instance.app.is_empty() {
        return missing("appName");
    }
    if instance.app != app {
        return Err(Refused::bad(format!("Mismatched appName, expecting {app} but was {}", instance.app)));
    }
    if instance.data_center.is_none() {
        return missing("dataCenterInfo");
    }
    Ok(())
}

/// Limits on what one client may put in. A peer's word was limited where it came from; but whoever shows nothing may call
/// themselves a peer.
pub fn within(asked: &Asked<'_>, origin: Origin, instance: &InstanceRef<'_>) -> Result<(), Refused> {
    if origin == Origin::Peer && !asked.caller.is_anonymous() {
        return Ok(());
    }
    metadata_within(&asked.site.limits, instance.metadata.iter())?;
    let max = asked.site.limits.instances_per_app_max;
    if !asked.registry().has_room(instance.app, instance.id(), max) {
        let reason = format!("{} has {max} instances, which is as many as an application may have", instance.app);
        return Err(Refused::new(StatusCode::FORBIDDEN, reason));
    }
    Ok(())
}

/// A registration may carry an override, from those who may set one.
fn without_foreign_override(asked: &Asked<'_>, mut instance: PackedInstance) -> PackedInstance {
    let told = instance.overridden_status;
    if told == Status::Unknown || asked.origin() == Origin::Peer || asked.caller.may(Right::Override, instance.app()) {
        return instance;
    }
    warn!(
        registry.app = instance.app(), instance.id = instance.id(), access.caller = %asked.caller.name,
        "the override to {told} in a registration is not taken: no rule lets `{}` override `{}`",
        asked.caller.name, instance.app()
    );
    instance.overridden_status = Status::Unknown;
    instance
}

pub fn metadata_within<'a>(limits: &Limits, metadata: impl Iterator<Item = (&'a str, &'a str)>) -> Result<(), Refused> {
    let (entries, bytes) =
        metadata.fold((0, 0), |(entries, bytes), (key, value)| (entries + 1, bytes + key.len() + value.len()));
    let too_large = |reason| Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, reason));
    if entries > limits.metadata_entries_max {
        return too_large(format!("metadata has {entries} entries, {} are allowed", limits.metadata_entries_max));
    }
    if bytes > limits.metadata_bytes_max {
        return too_large(format!("metadata has {bytes} bytes, {} are allowed", limits.metadata_bytes_max));
    }
    Ok(())
}

fn look_at_instance<T>(
    asked: &Asked<'_>,
    body: &[u8],
    look: impl FnOnce(&InstanceRef<'_>) -> Result<T, Refused>,
) -> Result<T, Refused> {
    let (is_json, bytes) = read_text(asked.fields, body, asked.site.limits.body_bytes_max)?;
    let looked = if is_json {
        json::with_instance(&bytes, look)
    } else {
        xml::read_instance(&bytes).map(|instance| look(&InstanceRef::from(&instance)))
    };
    looked.map_err(|error: DecodeError| Refused::bad(error.to_string()))?
}

/// A body as UTF-8, and whether it is JSON.
pub fn read_text<'a>(fields: Fields<'_>, body: &'a [u8], bytes_max: usize) -> Result<(bool, Cow<'a, [u8]>), Refused> {
    let unsupported = |reason: &str| Refused::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason);
    let form = negotiate::body_form(fields)
        .ok_or_else(|| unsupported("a registration is application/json or application/xml"))?;
    let is_gzip = negotiate::is_gzip_body(fields).map_err(|()| unsupported("the only content coding is gzip"))?;
    let mut bytes = Cow::Borrowed(body);
    if is_gzip {
        let mut plain = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(body).take(bytes_max as u64 + 1);
        decoder.read_to_end(&mut plain).map_err(|_| Refused::bad("the body is not gzip"))?;
        if plain.len() > bytes_max {
            return Err(Refused::new(StatusCode::PAYLOAD_TOO_LARGE, "the body is too long"));
        }
        bytes = Cow::Owned(plain);
    }
    if form.is_latin1 {
        bytes = Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes());
    }
    Ok((form.is_json, bytes))
}
