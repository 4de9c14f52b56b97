//! A JSON document as it was read: texts borrowed from the bytes, members in their order.
//!
//! An instance has some sixty names and values, of which a third is kept. A map of owned texts for it cost more than
//! everything else a registration does.

use std::{borrow::Cow, fmt};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

#[derive(Debug, Default)]
pub(super) enum Value<'a> {
    #[default]
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Vec<Member<'a>>),
}

pub(super) type Member<'a> = (Cow<'a, str>, Value<'a>);

impl<'a> Value<'a> {
    /// A member of an object.
    pub(super) fn get(&self, name: &str) -> Option<&Value<'a>> {
        member(self.as_object()?, name)
    }

    /// Takes a member out of an object.
    pub(super) fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let Value::Object(members) = self else { return None };
        members.iter_mut().rev().find(|(known, _)| known == name).map(|(_, value)| std::mem::take(value))
    }

    pub(super) fn as_object(&self) -> Option<&[Member<'a>]> {
        if let Value::Object(members) = self { Some(members) } else { None }
    }

    pub(super) fn as_str(&self) -> Option<&str> {
        if let Value::Text(text) = self { Some(text) } else { None }
    }

    /// Any scalar counts as text where text is meant.
    pub(super) fn become_text(&mut self) {
        match self {
            Value::Number(number) => *self = Value::Text(number.to_string().into()),
            Value::Bool(flag) => *self = Value::Text(flag.to_string().into()),
            Value::Text(_) | Value::Null | Value::Array(_) | Value::Object(_) => {}
        }
    }

    pub(super) fn as_u64(&self) -> Option<u64> {
        if let Value::Number(number) = self { number.as_u64() } else { None }
    }

    pub(super) fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(flag) = self { Some(*flag) } else { None }
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub(super) fn is_object(&self) -> bool {
        matches!(self, Value::Object(_))
    }

    pub(super) fn is_array(&self) -> bool {
        matches!(self, Value::Array(_))
    }
}

/// The last member of that name counts, as in every map.
pub(super) fn member<'m, 'a>(members: &'m [Member<'a>], name: &str) -> Option<&'m Value<'a>> {
    members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value)
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Value<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Self::Value, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Ok(Value::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(number).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Value::Text(Cow::Borrowed(text)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = sequence.next_element()? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some((Name(name), value)) = map.next_entry()? {
            members.push((name, value));
        }
        Ok(Value::Object(members))
    }
}

/// A name, borrowed where it has no escapes. (A plain `Cow` is always read as an owned text.)
pub(super) struct Name<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(NameReader)
    }
}

struct NameReader;

impl<'de> Visitor<'de> for NameReader {
    type Value = Name<'de>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a name")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Owned(text.to_owned())))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Name(Cow::Borrowed(text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_borrowed_unless_they_have_escapes() {
        let json = br#"{"plain":"a","esc\u0061ped":"\n","list":[1,-2,0.5,true,null],"plain":"b"}"#;
        let value: Value<'_> = serde_json::from_slice(json).expect("JSON");
        let members = value.as_object().expect("an object");
        assert!(matches!(members[0], (Cow::Borrowed("plain"), Value::Text(Cow::Borrowed("a")))));
        assert!(matches!(members[1], (Cow::Owned(_), Value::Text(Cow::Owned(_)))));
        assert_eq!(value.get("escaped").and_then(Value::as_str), Some("\n"));
        assert_eq!(value.get("plain").and_then(Value::as_str), Some("b"), "the last one counts");
        let Some(Value::Array(list)) = value.get("list") else { panic!("an array") };
        assert_eq!((list[0].as_u64(), list[1].as_u64(), list[3].as_bool()), (Some(1), None, Some(true)));
        assert!(list[4].is_null() && value.get("none").is_none());
    }
}
