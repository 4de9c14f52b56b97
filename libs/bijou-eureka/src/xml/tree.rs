//! A small XML tree: elements, attributes, text. Enough for documents of a known, flat shape.
//!
//! Depth is bounded, document types are refused, entities other than XML's own five are an error.

use quick_xml::{
    Reader,
    escape::resolve_predefined_entity,
    events::{BytesStart, Event},
};

use crate::DecodeError;

/// A list nests six deep; nothing honest nests deeper than this.
const DEPTH_MAX: usize = 16;

#[derive(Debug, Default)]
pub(super) struct Element {
    /// As written, still escaped.
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    pub(super) text: String,
    pub(super) children: Vec<Element>,
}

impl Element {
    pub(super) fn parse(bytes: &[u8]) -> Result<Element, DecodeError> {
        let text = std::str::from_utf8(bytes).map_err(malformed)?;
        let mut reader = Reader::from_str(text);
        let mut open: Vec<Element> = Vec::new();
        loop {
            let finished = match reader.read_event().map_err(malformed)? {
                Event::Start(start) => {
                    if open.len() == DEPTH_MAX {
                        return Err(malformed(format!("nests deeper than {DEPTH_MAX}")));
                    }
                    open.push(Element::of(&start)?);
                    None
                }
                Event::Empty(start) => Some(Element::of(&start)?),
                // The reader has checked that it ends what is open.
                Event::End(_) => open.pop(),
                Event::Text(text) => {
                    append(&mut open, &text.xml10_content());
                    None
                }
                Event::CData(text) => {
                    append(&mut open, &text.xml10_content());
                    None
                }
                Event::GeneralRef(reference) => {
                    let name = reference.xml10_content();
                    match reference.resolve_char_ref().map_err(malformed)? {
                        Some(character) => append(&mut open, character.encode_utf8(&mut [0; 4])),
                        None => append(
                            &mut open,
                            resolve_predefined_entity(&name).ok_or_else(|| malformed(format!("entity `{name}`")))?,
                        ),
                    }
                    None
                }
                Event::DocType(_) => return Err(malformed("a document type is not accepted")),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => None,
                Event::Eof => return Err(malformed("ends before its root does")),
            };
            let Some(element) = finished else { continue };
            match open.last_mut() {
                Some(parent) => parent.children.push(element),
                None => return Ok(element),
            }
        }
    }

    fn of(start: &BytesStart<'_>) -> Result<Element, DecodeError> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(malformed)?;
            let value = quick_xml::escape::unescape(&attribute.value).map_err(malformed)?.into_owned();
            attributes.push((attribute.key.0.to_owned(), value));
        }
        Ok(Element { name: start.name().0.to_owned(), attributes, ..Element::default() })
    }

    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Text outside the root can only be white space, which the parser has already checked as far as it matters.
fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn malformed(reason: impl std::fmt::Display) -> DecodeError {
    DecodeError::Malformed { reason: reason.to_string() }
}
