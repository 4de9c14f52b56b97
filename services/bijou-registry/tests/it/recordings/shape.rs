//! A body taken apart, JSON and XML alike: names, their order, kinds of values. What may differ from run to run is put
//! away: times and versions become kinds, applications and instances are sorted.

use std::{collections::HashMap, fmt};

use quick_xml::{Reader, events::Event};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    Null,
    Flag(bool),
    Number(String),
    Text(String),
    List(Vec<Shape>),
    /// In the order in which they were written. XML's attributes are called `@name`.
    Members(Vec<(String, Shape)>),
}

/// By instance id, the version that its client sent last.
pub type Versions = HashMap<String, String>;

/// Client times of requests made by hand begin so.
const OF_CLIENTS: &str = "1790000000";

impl Shape {
    /// A body of JSON or XML, by its first character.
    pub fn of(body: &str) -> Shape {
        let mut shape = if body.starts_with('<') { xml(body) } else { json(body) };
        shape.settle("");
        shape
    }

    pub fn member(&mut self, name: &str) -> Option<&mut Shape> {
        let Shape::Members(members) = self else { return None };
        members.iter_mut().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// Calls with every member there is, its name first, the outer ones before the inner.
    pub fn each(&mut self, found: &mut impl FnMut(&str, &mut Shape)) {
        match self {
            Shape::List(items) => items.iter_mut().for_each(|item| item.each(found)),
            Shape::Members(members) => {
                for (name, value) in members {
                    found(name, value);
                    value.each(found);
                }
            }
            _ => {}
        }
    }

    /// Where another one differs, one line each.
    pub fn unlike(&self, other: &Shape, at: &str, found: &mut Vec<String>) {
        match (self, other) {
            (Shape::List(ours), Shape::List(theirs)) if ours.len() == theirs.len() => {
                for (number, (ours, theirs)) in ours.iter().zip(theirs).enumerate() {
                    ours.unlike(theirs, &format!("{at}[{number}]"), found);
                }
            }
            (Shape::Members(ours), Shape::Members(theirs))
                if ours.iter().map(|(name, _)| name).eq(theirs.iter().map(|(name, _)| name)) =>
            {
                for ((name, ours), (_, theirs)) in ours.iter().zip(theirs) {
                    ours.unlike(theirs, &format!("{at}.{name}"), found);
                }
            }
            _ if self != other => found.push(format!("{at}: {self:?}\n     and not {other:?}")),
            _ => {}
        }
    }

    /// Notes the version of every instance that a request registers; none where a client leaves that to the server.
    pub fn note_versions(&mut self, sent: &mut Versions) {
        self.each_instance(&mut |instance| {
            let Some(id) = instance.text("instanceId") else { return };
            match instance.text("lastDirtyTimestamp") {
                Some(version) => sent.insert(id, version),
                None => sent.remove(&id),
            };
        });
    }

    /// Of each instance in an answer the version that its client sent, where the recording has let go of it; the kind,
    /// where it is a time of the server's own.
    pub fn settle_versions(&mut self, sent: &Versions) {
        self.each_instance(&mut |instance| {
            let id = instance.text("instanceId");
            let of_client = id.and_then(|id| sent.get(&id));
            let Some(Shape::Text(version) | Shape::Number(version)) = instance.member("lastDirtyTimestamp") else {
                return;
            };
            match of_client {
                Some(of_client) if version == "{time}" => version.clone_from(of_client),
                None if !version.starts_with(OF_CLIENTS) => "{time}".clone_into(version),
                _ => {}
            }
        });
    }

    fn each_instance(&mut self, found: &mut impl FnMut(&mut Shape)) {
        if self.member("instanceId").is_some() {
            return found(self);
        }
        match self {
            Shape::List(items) => items.iter_mut().for_each(|item| item.each_instance(found)),
            Shape::Members(members) => members.iter_mut().for_each(|(_, value)| value.each_instance(found)),
            _ => {}
        }
    }

    fn text(&mut self, name: &str) -> Option<String> {
        match self.member(name)? {
            Shape::Text(text) | Shape::Number(text) => Some(text.clone()),
            _ => None,
        }
    }

    fn settle(&mut self, name: &str) {
        match self {
            Shape::List(items) => {
                for item in items.iter_mut() {
                    item.settle(name);
                }
                items.sort_by_cached_key(Shape::own_name);
            }
            Shape::Members(members) => {
                for (name, value) in members.iter_mut() {
                    value.settle(name);
                }
                if name == "metadata" {
                    members.sort_by_cached_key(|(name, _)| name.clone());
                }
                // XML's lists are elements of one name after each other.
                for listed in ["application", "instance"] {
                    let at = |members: &[(String, Shape)]| members.iter().position(|(name, _)| name == listed);
                    let Some(first) = at(members) else { continue };
                    let count = members.iter().filter(|(name, _)| name == listed).count();
                    members[first..first + count].sort_by_cached_key(|(_, value)| value.own_name());
                }
            }
            Shape::Number(text) | Shape::Text(text) => {
                let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
                let is_time = is_number && text.len() == 13 || text == "{time}";
                // What a client sent is told back to it: see `settle_versions`.
                if is_time && name != "lastDirtyTimestamp" {
                    "{time}".clone_into(text);
                } else if is_number && name == "versions__delta" {
                    "{version}".clone_into(text);
                }
            }
            Shape::Null | Shape::Flag(_) => {}
        }
    }

    fn own_name(&self) -> String {
        let Shape::Members(members) = self else { return String::new() };
        let named = |name: &str| members.iter().find(|(key, _)| key == name);
        match named("instanceId").or_else(|| named("name")).or_else(|| named("hostName")) {
            Some((_, Shape::Text(text))) => text.clone(),
            _ => String::new(),
        }
    }
}

fn json(body: &str) -> Shape {
    // A time without its quotes is no JSON.
    let quoted = body.replace("\"{time}\"", "\u{1}").replace("{time}", "1000000000000").replace('\u{1}', "\"{time}\"");
    serde_json::from_str(&quoted).unwrap_or_else(|error| panic!("{error} in {body}"))
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Shape;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("JSON")
            }
            fn visit_unit<E>(self) -> Result<Shape, E> {
                Ok(Shape::Null)
            }
            fn visit_bool<E>(self, value: bool) -> Result<Shape, E> {
                Ok(Shape::Flag(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Shape, E> {
                Ok(Shape::Number(value.to_string()))
            }
            fn visit_u64<E>(self, value: u64) -> Result<Shape, E> {
                Ok(Shape::Number(value.to_string()))
            }
            fn visit_f64<E>(self, value: f64) -> Result<Shape, E> {
                Ok(Shape::Number(value.to_string()))
            }
            fn visit_str<E>(self, value: &str) -> Result<Shape, E> {
                Ok(Shape::Text(value.to_owned()))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Shape, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Shape::List(list))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Shape, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = entries.next_entry()? {
                    members.push(entry);
                }
                Ok(Shape::Members(members))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// An element that is open: its name, attributes and children, and its text.
type Open = (String, Vec<(String, Shape)>, String);

fn xml(body: &str) -> Shape {
    let mut reader = Reader::from_str(body);
    let mut open: Vec<Open> = vec![(String::new(), Vec::new(), String::new())];
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {body}")) {
            Event::Start(start) => open.push(opened(&start)),
            Event::Empty(start) => {
                let (name, members, text) = opened(&start);
                open.last_mut().unwrap().1.push((name, closed(members, &text)));
            }
            Event::End(_) => {
                let (name, members, text) = open.pop().unwrap();
                open.last_mut().unwrap().1.push((name, closed(members, &text)));
            }
            Event::Text(text) => open.last_mut().unwrap().2.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let name = reference.xml10_content();
                open.last_mut().unwrap().2.extend(["&", &*name, ";"]);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    Shape::Members(open.pop().unwrap().1)
}

fn opened(start: &quick_xml::events::BytesStart<'_>) -> Open {
    let attributes = start.attributes().map(Result::unwrap);
    let members = attributes.map(|it| (format!("@{}", it.key.0), Shape::Text(it.value.to_string())));
    (start.name().0.to_owned(), members.collect(), String::new())
}

fn closed(mut members: Vec<(String, Shape)>, text: &str) -> Shape {
    if members.is_empty() {
        return Shape::Text(text.to_owned());
    }
    if !text.trim().is_empty() {
        members.push(("$".to_owned(), Shape::Text(text.to_owned())));
    }
    Shape::Members(members)
}
