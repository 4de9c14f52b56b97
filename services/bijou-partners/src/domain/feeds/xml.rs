//! Writing XML into memory, which does not fail.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

/// A document on its way.
pub(super) struct Xml(Writer<Vec<u8>>);

impl Xml {
    pub(super) fn new() -> Self {
        let mut xml = Self(Writer::new(Vec::new()));
        xml.write(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml
    }

    pub(super) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    pub(super) fn close(&mut self, name: &str) {
        self.write(Event::End(BytesEnd::new(name)));
    }

    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.write(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], value: &str) {
        self.open(name, attributes);
        self.write(Event::Text(BytesText::new(value)));
        self.close(name);
    }

    pub(super) fn done(self) -> String {
        String::from_utf8(self.0.into_inner()).expect("text goes in, text comes out")
    }

    fn write(&mut self, event: Event<'_>) {
        self.0.write_event(event).expect("a vector takes every byte");
    }
}
