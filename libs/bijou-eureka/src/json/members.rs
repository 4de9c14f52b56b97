//! The members of an instance, each in a place of its own, from where it is moved into the instance without a search or a
//! copy. (In time it makes no difference to searching for each: 2.5 us for a kilobyte.)

use super::value::{Member, Value};

macro_rules! members {
    ($($field:ident: $name:literal,)*) => {
        /// What stands in a document under each name; `Value::Null` where nothing does.
        #[derive(Default)]
        pub(super) struct Members<'a> {
            $(pub(super) $field: Value<'a>,)*
        }

        impl<'a> Members<'a> {
            /// Sorts members. The last of a name counts, as in every map; unknown ones are left out.
            pub(super) fn of(members: Vec<Member<'a>>) -> Self {
                let mut sorted = Members::default();
                for (name, value) in members {
                    match &*name {
                        $($name => sorted.$field = value,)*
                        _ => {}
                    }
                }
                sorted
            }
        }
    };
}

members! {
    instance_id: "instanceId",
    host_name: "hostName",
    app: "app",
    ip_addr: "ipAddr",
    sid: "sid",
    status: "status",
    overridden_status: "overriddenStatus",
    overridden_status_in_xml: "overriddenstatus",
    port: "port",
    secure_port: "securePort",
    country_id: "countryId",
    data_center: "dataCenterInfo",
    lease: "leaseInfo",
    metadata: "metadata",
    app_group_name: "appGroupName",
    home_page_url: "homePageUrl",
    status_page_url: "statusPageUrl",
    health_check_url: "healthCheckUrl",
    secure_health_check_url: "secureHealthCheckUrl",
    vip_address: "vipAddress",
    secure_vip_address: "secureVipAddress",
    is_coordinating: "isCoordinatingDiscoveryServer",
    last_updated: "lastUpdatedTimestamp",
    last_dirty: "lastDirtyTimestamp",
    action: "actionType",
    asg_name: "asgName",
}
