//! `GET {prefix}/status`: what Netflix's server tells of itself, for tools that read it. Its own JSON is broken and its
//! XML comes from a library's habits; here both say the same four things.

use std::fmt::Write as _;

use bijou_eureka::{PeerView, xml};
use http::{Response, StatusCode};

use crate::{
    answer::{self, Body},
    documents::Form,
    registry::Registry,
};

pub fn answer(form: Form, registry: &Registry, version: &str) -> Response<Body> {
    let now = registry.now();
    let peers = registry.peers.views(now.mono_ms);
    let general =
        [("environment", "bijou".to_owned()), ("version", version.to_owned()), ("server-uptime", uptime(now.mono_ms))];
    let of_state = |is_meant: &dyn Fn(&PeerView) -> bool| {
        // Each ends with a comma, as in Java.
        peers.iter().filter(|peer| peer.state != "self" && is_meant(peer)).fold(String::new(), |mut list, peer| {
            write!(list, "{},", peer.url).expect("a string takes every character");
            list
        })
    };
    let application = [
        ("registered-replicas", of_state(&|_| true)),
        ("available-replicas", of_state(&|peer| peer.state == "up")),
        ("unavailable-replicas", of_state(&|peer| peer.state != "up")),
    ];
    let body = match form {
        Form::Json | Form::JsonCompact => {
            let object = |entries: &[(&str, String)]| {
                entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into())).collect()
            };
            let status = serde_json::json!({
                "generalStats": serde_json::Value::Object(object(&general)),
                "applicationStats": serde_json::Value::Object(object(&application)),
                "healthy": registry.is_open(),
            });
            status.to_string().into_bytes()
        }
        Form::Xml | Form::XmlCompact => {
            let mut out = b"<com.netflix.eureka.util.StatusInfo>\n".to_vec();
            for (name, entries) in [("generalStats", general.as_slice()), ("applicationStats", &application)] {
                out.extend_from_slice(format!("  <{name}>\n").as_bytes());
                for (key, value) in entries {
                    out.extend_from_slice(format!("    <{key}>").as_bytes());
                    xml::write_text(&mut out, value);
                    out.extend_from_slice(format!("</{key}>\n").as_bytes());
                }
                out.extend_from_slice(format!("  </{name}>\n").as_bytes());
            }
            let healthy = registry.is_open();
            out.extend_from_slice(
                format!("  <healthy>{healthy}</healthy>\n</com.netflix.eureka.util.StatusInfo>").as_bytes(),
            );
            out
        }
    };
    answer::whole(StatusCode::OK, form.media_type(), body)
}

/// In days, hours and minutes, as `01:02:03` of Java's server.
fn uptime(up_ms: u64) -> String {
    let minutes = up_ms / 60_000;
    format!("{:02}:{:02}:{:02}", minutes / 1440, minutes / 60 % 24, minutes % 60)
}
