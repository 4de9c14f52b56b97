//! Putting documents together from fragments, exactly as Eureka lays them out.

use bijou_eureka::{Instance, LeaseInfo, json, xml};

use super::{Contents, Form};
use crate::leases::{Listed, Record};

/// A list with its version and hash code.
pub fn applications(form: Form, contents: &Contents) -> Vec<u8> {
    let Contents { version_text, hash_code, applications } = contents;
    let mut out = Vec::with_capacity(256 + bytes_of(form, applications));
    match form {
        Form::Json => {
            put(&mut out, &[r#"{"applications":{"versions__delta":""#, version_text]);
            put(&mut out, &[r#"","apps__hashcode":""#, hash_code, r#"","application":"#]);
            applications_array(&mut out, form, applications);
            put(&mut out, &["}}"]);
        }
        // The compact form says version and hash code last.
        Form::JsonCompact => {
            put(&mut out, &[r#"{"applications":{"application":"#]);
            applications_array(&mut out, form, applications);
            put(&mut out, &[r#","versions__delta":""#, version_text, r#"","apps__hashcode":""#, hash_code, r#""}}"#]);
        }
        Form::Xml => {
            put(&mut out, &["<applications>\n  <versions__delta>", version_text]);
            put(&mut out, &["</versions__delta>\n  <apps__hashcode>", hash_code, "</apps__hashcode>\n"]);
            for listed in applications {
                put(&mut out, &["  <application>\n    <name>"]);
                xml::write_text(&mut out, &listed.name);
                put(&mut out, &["</name>\n"]);
                for record in &listed.records {
                    out.extend_from_slice(record.xml());
                    out.push(b'\n');
                }
                put(&mut out, &["  </application>\n"]);
            }
            put(&mut out, &["</applications>"]);
        }
        Form::XmlCompact => {
            put(&mut out, &["<applications>"]);
            for listed in applications {
                compact_application(&mut out, listed);
            }
            put(&mut out, &["<versions__delta>", version_text, "</versions__delta><apps__hashcode>", hash_code]);
            put(&mut out, &["</apps__hashcode></applications>"]);
        }
    }
    out
}

/// One application as a document of its own.
pub fn application(form: Form, listed: &Listed) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + bytes_of(form, std::slice::from_ref(listed)));
    match form {
        Form::Json | Form::JsonCompact => {
            put(&mut out, &[r#"{"application":"#]);
            json_application(&mut out, form, listed);
            put(&mut out, &["}"]);
        }
        Form::Xml => {
            put(&mut out, &["<application>\n  <name>"]);
            xml::write_text(&mut out, &listed.name);
            put(&mut out, &["</name>"]);
            for record in &listed.records {
                xml::write_instance(&mut out, &record.instance, 1);
            }
            put(&mut out, &["\n</application>"]);
        }
        Form::XmlCompact => compact_application(&mut out, listed),
    }
    out
}

/// One instance as a document of its own, with its lease as it stands. There is no compact form of it.
pub fn instance(form: Form, instance: &Instance, lease: &LeaseInfo) -> Vec<u8> {
    let mut out = Vec::with_capacity(1536);
    match form {
        Form::Json | Form::JsonCompact => json::write_instance_document_with(&mut out, instance, lease),
        Form::Xml | Form::XmlCompact => xml::write_instance_with(&mut out, instance, lease, 0),
    }
    out
}

/// The JSON array of applications that stands inside a list, and inside a snapshot of the watch.
pub fn applications_array(out: &mut Vec<u8>, form: Form, applications: &[Listed]) {
    out.push(b'[');
    for (at, listed) in applications.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        json_application(out, form, listed);
    }
    out.push(b']');
}

fn json_application(out: &mut Vec<u8>, form: Form, listed: &Listed) {
    put(out, &[r#"{"name":"#]);
    json::write_text(out, &listed.name);
    put(out, &[r#","instance":["#]);
    for (at, record) in listed.records.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        out.extend_from_slice(fragment(form, record));
    }
    put(out, &["]}"]);
}

fn compact_application(out: &mut Vec<u8>, listed: &Listed) {
    put(out, &["<application><name>"]);
    xml::write_text(out, &listed.name);
    put(out, &["</name>"]);
    for record in &listed.records {
        out.extend_from_slice(record.xml_compact());
    }
    put(out, &["</application>"]);
}

fn fragment(form: Form, record: &Record) -> &[u8] {
    match form {
        Form::Json => record.json(),
        Form::JsonCompact => record.json_compact(),
        Form::Xml => record.xml(),
        Form::XmlCompact => record.xml_compact(),
    }
}

fn bytes_of(form: Form, applications: &[Listed]) -> usize {
    let records = applications.iter().flat_map(|listed| &listed.records);
    records.map(|record| fragment(form, record).len() + 1).sum::<usize>() + applications.len() * 96
}

fn put(out: &mut Vec<u8>, parts: &[&str]) {
    for part in parts {
        out.extend_from_slice(part.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn empty(form: Form) -> String {
        let contents = Contents { version_text: "1".to_owned(), hash_code: String::new(), applications: Vec::new() };
        String::from_utf8(applications(form, &contents)).expect("text")
    }

    #[test]
    fn an_empty_registry_looks_like_eurekas() {
        assert_eq!(
            empty(Form::Json),
            r#"{"applications":{"versions__delta":"1","apps__hashcode":"","application":[]}}"#
        );
        assert_eq!(
            empty(Form::Xml),
            "<applications>\n  <versions__delta>1</versions__delta>\n  <apps__hashcode></apps__hashcode>\n</applications>"
        );
        assert_eq!(
            empty(Form::JsonCompact),
            r#"{"applications":{"application":[],"versions__delta":"1","apps__hashcode":""}}"#
        );
        assert_eq!(
            empty(Form::XmlCompact),
            "<applications><versions__delta>1</versions__delta><apps__hashcode></apps__hashcode></applications>"
        );
    }
}
