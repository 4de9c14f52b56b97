//! Putting documents together from fragments, exactly as Eureka lays them out.

use bijou_eureka::{LeaseInfo, PackedInstance, json, xml};

use super::{Contents, Form};
use crate::leases::{Listed, Record};

/// Where the encodings of instances come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encodings {
    /// They are kept for the next version of the list.
    Kept,
    /// The list is written once.
    Passing,
}

/// A list with its version and hash code.
pub fn applications(form: Form, encodings: Encodings, contents: &Contents) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + bytes_of(form, &contents.applications));
    out.extend_from_slice(&head(form, contents));
    some(&mut out, form, encodings, &contents.applications, true);
    out.extend_from_slice(&tail(form, contents));
    out
}

/// What stands before the applications.
pub fn head(form: Form, contents: &Contents) -> Vec<u8> {
    let Contents { version_text, hash_code, .. } = contents;
    let parts: &[&str] = match form {
        Form::Json => {
            let version = r#"{"applications":{"versions__delta":""#;
            &[version, version_text, r#"","apps__hashcode":""#, hash_code, r#"","application":["#]
        }
        // The compact form says version and hash code last.
        Form::JsonCompact => &[r#"{"applications":{"application":["#],
        Form::Xml => {
            let hash = "</versions__delta>\n  <apps__hashcode>";
            &["<applications>\n  <versions__delta>", version_text, hash, hash_code, "</apps__hashcode>\n"]
        }
        Form::XmlCompact => &["<applications>"],
    };
    parts.concat().into_bytes()
}

/// Some of the applications; `is_first` when none stand before them.
pub fn some(out: &mut Vec<u8>, form: Form, encodings: Encodings, applications: &[Listed], is_first: bool) {
    match form {
        Form::Json | Form::JsonCompact => json_applications(out, form, encodings, applications, is_first),
        Form::Xml => {
            for listed in applications {
                put(out, &["  <application>\n    <name>"]);
                xml::write_text(out, &listed.name);
                put(out, &["</name>\n"]);
                for record in &listed.records {
                    encodings.put(out, form, record);
                    out.push(b'\n');
                }
                put(out, &["  </application>\n"]);
            }
        }
        Form::XmlCompact => applications.iter().for_each(|listed| compact_application(out, encodings, listed)),
    }
}

/// What stands after the applications.
pub fn tail(form: Form, contents: &Contents) -> Vec<u8> {
    let Contents { version_text, hash_code, .. } = contents;
    let parts: &[&str] = match form {
        Form::Json => &["]}}"],
        Form::JsonCompact => {
            &[r#"],"versions__delta":""#, version_text, r#"","apps__hashcode":""#, hash_code, r#""}}"#]
        }
        Form::Xml => &["</applications>"],
        Form::XmlCompact => {
            let hash = "</versions__delta><apps__hashcode>";
            &["<versions__delta>", version_text, hash, hash_code, "</apps__hashcode></applications>"]
        }
    };
    parts.concat().into_bytes()
}

/// One application as a document of its own.
pub fn application(form: Form, listed: &Listed) -> Vec<u8> {
    let mut out = Vec::with_capacity(256 + bytes_of(form, std::slice::from_ref(listed)));
    match form {
        Form::Json | Form::JsonCompact => {
            put(&mut out, &[r#"{"application":"#]);
            json_application(&mut out, form, Encodings::Passing, listed);
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
        Form::XmlCompact => compact_application(&mut out, Encodings::Passing, listed),
    }
    out
}

/// One instance as a document of its own, with its lease as it stands. There is no compact form of it.
pub fn instance(form: Form, instance: &PackedInstance, lease: &LeaseInfo) -> Vec<u8> {
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
    json_applications(out, form, Encodings::Passing, applications, true);
    out.push(b']');
}

fn json_applications(out: &mut Vec<u8>, form: Form, encodings: Encodings, applications: &[Listed], is_first: bool) {
    for (at, listed) in applications.iter().enumerate() {
        if at > 0 || !is_first {
            out.push(b',');
        }
        json_application(out, form, encodings, listed);
    }
}

fn json_application(out: &mut Vec<u8>, form: Form, encodings: Encodings, listed: &Listed) {
    put(out, &[r#"{"name":"#]);
    json::write_text(out, &listed.name);
    put(out, &[r#","instance":["#]);
    for (at, record) in listed.records.iter().enumerate() {
        if at > 0 {
            out.push(b',');
        }
        encodings.put(out, form, record);
    }
    put(out, &["]}"]);
}

fn compact_application(out: &mut Vec<u8>, encodings: Encodings, listed: &Listed) {
    put(out, &["<application><name>"]);
    xml::write_text(out, &listed.name);
    put(out, &["</name>"]);
    for record in &listed.records {
        encodings.put(out, Form::XmlCompact, record);
    }
    put(out, &["</application>"]);
}

impl Encodings {
    fn put(self, out: &mut Vec<u8>, form: Form, record: &Record) {
        match self {
            Encodings::Kept => out.extend_from_slice(&record.kept(form)),
            Encodings::Passing => record.write(out, form),
        }
    }
}

/// About how long a list will be: what instances say, and the forms' own words.
fn bytes_of(form: Form, applications: &[Listed]) -> usize {
    let words = match form {
        Form::Json => 740,
        Form::JsonCompact => 420,
        Form::Xml => 1_380,
        Form::XmlCompact => 500,
    };
    let records = applications.iter().flat_map(|listed| &listed.records);
    records.map(|record| words + record.instance.said_bytes()).sum::<usize>() + applications.len() * 96
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
        String::from_utf8(applications(form, Encodings::Kept, &contents)).expect("text")
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
