//! The members of an instance, each in a place of its own, where it is looked at without a search or a copy. A registration is
//! read straight into them ([`Document`]); an instance within a longer document is sorted into them.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::value::{Member, Name, Value};

macro_rules! members {
    (texts { $($text:ident: $text_name:literal,)* } others { $($field:ident: $name:literal,)* }) => {
        /// What stands in a document under each name; `Value::Null` where nothing does.
        #[derive(Default)]
        pub(super) struct Members<'a> {
            $(pub(super) $text: Value<'a>,)*
            $(pub(super) $field: Value<'a>,)*
        }

        impl<'a> Members<'a> {
            /// Sorts members. The last of a name counts, as in every map; unknown ones are left out.
            pub(super) fn of(members: Vec<Member<'a>>) -> Self {
                let mut sorted = Members::default();
                for (name, value) in members {
                    sorted.put(&name, value);
                }
                sorted
            }

            fn put(&mut self, name: &str, value: Value<'a>) {
                match name {
                    $($text_name => self.$text = value,)*
                    $($name => self.$field = value,)*
                    _ => {}
                }
            }

            /// Makes texts of those that are meant to be.
            pub(super) fn become_text(&mut self) {
                $(self.$text.become_text();)*
            }
        }
    };
}

members! {
    texts {
        instance_id: "instanceId",
        host_name: "hostName",
        app: "app",
        ip_addr: "ipAddr",
        sid: "sid",
        app_group_name: "appGroupName",
        home_page_url: "homePageUrl",
        status_page_url: "statusPageUrl",
        health_check_url: "healthCheckUrl",
        secure_health_check_url: "secureHealthCheckUrl",
        vip_address: "vipAddress",
        secure_vip_address: "secureVipAddress",
        is_coordinating: "isCoordinatingDiscoveryServer",
        action: "actionType",
        asg_name: "asgName",
    }
    others {
        status: "status",
        overridden_status: "overriddenStatus",
        overridden_status_in_xml: "overriddenstatus",
        port: "port",
        secure_port: "securePort",
        country_id: "countryId",
        data_center: "dataCenterInfo",
        lease: "leaseInfo",
        metadata: "metadata",
        last_updated: "lastUpdatedTimestamp",
        last_dirty: "lastDirtyTimestamp",
    }
}

/// Reads a document that is an instance, or has one as its member `instance`, into its members. `None` where it is no object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Document {
    pub(super) may_have_root: bool,
}

impl<'de> DeserializeSeed<'de> for Document {
    type Value = Option<Members<'de>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Document {
    type Value = Option<Members<'de>>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut members, mut rooted) = (Members::default(), None);
        while let Some(Name(name)) = map.next_key()? {
            if self.may_have_root && name == "instance" {
                rooted = map.next_value_seed(Document { may_have_root: false })?;
            } else {
                members.put(&name, map.next_value()?);
            }
        }
        Ok(Some(rooted.unwrap_or(members)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        while sequence.next_element::<Value<'_>>()?.is_some() {}
        Ok(None)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self::Value, E> {
        Ok(None)
    }
}
