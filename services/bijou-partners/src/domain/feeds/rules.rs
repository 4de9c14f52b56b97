//! Rules for XML forms: which elements, in which order, how often.
//!
//! For forms where a schema may not be copied here, or needs a validator that is larger than all our feeds. It is what
//! readers of these forms are known to be strict about and no more: values are not looked at.

use quick_xml::Reader;
use quick_xml::events::Event;

/// How often a child may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Times {
    Once,
    Maybe,
    Some,
    Any,
}

/// An element and its children in their order. An element without a rule has no children.
pub(super) type Rule = (&'static str, &'static [(&'static str, Times)]);

/// What is wrong with a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Mistake {
    #[error("it is not well-formed XML")]
    NotXml,
    #[error("it is not JSON")]
    NotJson,
    #[error("`{place}` is not {expected}")]
    Value { place: String, expected: String },
    #[error("`{child}` has no place in `{parent}`")]
    Unknown { parent: String, child: String },
    #[error("`{child}` comes too late in `{parent}`")]
    OutOfOrder { parent: String, child: String },
    #[error("`{child}` comes more than once in `{parent}`")]
    TooOften { parent: String, child: String },
    #[error("`{child}` is missing in `{parent}`")]
    Missing { parent: String, child: String },
}

/// An element that is not closed yet.
struct Frame {
    name: String,
    children: &'static [(&'static str, Times)],
    seen: Vec<usize>,
}

impl Frame {
    fn of(name: &str, rules: &[Rule]) -> Self {
        let children = rules.iter().find(|(parent, _)| *parent == name).map_or(&[][..], |(_, children)| *children);
        Self { name: name.to_owned(), children, seen: vec![0; children.len()] }
    }

    fn takes(&mut self, child: &str) -> Result<(), Mistake> {
        let (parent, child_name) = (self.name.clone(), child.to_owned());
        let Some(at) = self.children.iter().position(|(name, _)| *name == child) else {
            return Err(Mistake::Unknown { parent, child: child_name });
        };
        if self.seen[at + 1..].iter().any(|seen| *seen > 0) {
            return Err(Mistake::OutOfOrder { parent, child: child_name });
        }
        self.seen[at] += 1;
        if self.seen[at] > 1 && matches!(self.children[at].1, Times::Once | Times::Maybe) {
            return Err(Mistake::TooOften { parent, child: child_name });
        }
        Ok(())
    }

    fn is_whole(&self) -> Result<(), Mistake> {
        let missing =
            |((_, times), seen): &(&(&str, Times), &usize)| matches!(times, Times::Once | Times::Some) && **seen == 0;
        match self.children.iter().zip(&self.seen).find(missing) {
            Some(((child, _), _)) => Err(Mistake::Missing { parent: self.name.clone(), child: (*child).to_owned() }),
            None => Ok(()),
        }
    }
}

/// Whether a document keeps the rules.
pub(super) fn check(document: &str, root: &'static str, rules: &[Rule]) -> Result<(), Mistake> {
    let top: &'static [(&'static str, Times)] = &[];
    let mut frames = vec![Frame { name: "the document".to_owned(), children: top, seen: Vec::new() }];
    let mut reader = Reader::from_str(document);
    loop {
        let event = reader.read_event().map_err(|_| Mistake::NotXml)?;
        let (name, is_empty) = match &event {
            Event::Start(start) => (start.name(), false),
            Event::Empty(start) => (start.name(), true),
            Event::End(_) => {
                frames.pop().ok_or(Mistake::NotXml)?.is_whole()?;
                continue;
            }
            Event::Eof if frames.len() == 1 => return Ok(()),
            Event::Eof => return Err(Mistake::NotXml),
            _ => continue,
        };
        let name = name.as_ref().to_owned();
        let is_root = frames.len() == 1 && name == root;
        let parent = frames.last_mut().ok_or(Mistake::NotXml)?;
        if !is_root {
            parent.takes(&name)?;
        }
        let frame = Frame::of(&name, rules);
        if is_empty {
            frame.is_whole()?;
        } else {
            frames.push(frame);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: &[Rule] =
        &[("a", &[("b", Times::Once), ("c", Times::Maybe), ("d", Times::Any)]), ("d", &[("e", Times::Some)])];

    #[track_caller]
    fn check_text(document: &str, expected: Result<(), &str>) {
        let found = check(document, "a", RULES).map_err(|mistake| mistake.to_string());
        assert_eq!(found.as_ref().copied().map_err(String::as_str), expected, "{document}");
    }

    #[test]
    fn order_and_number_are_held() {
        check_text("<a><b/></a>", Ok(()));
        check_text("<a x='1'><b>text</b><c/><d><e/><e/></d><d><e/></d></a>", Ok(()));
        check_text("<a><c/></a>", Err("`b` is missing in `a`"));
        check_text("<a/>", Err("`b` is missing in `a`"));
        check_text("<a><c/><b/></a>", Err("`b` comes too late in `a`"));
        check_text("<a><b/><b/></a>", Err("`b` comes more than once in `a`"));
        check_text("<a><b/><d/></a>", Err("`e` is missing in `d`"));
        check_text("<a><b><c/></b></a>", Err("`c` has no place in `b`"));
        check_text("<z/>", Err("`z` has no place in `the document`"));
    }

    #[test]
    fn what_is_no_xml_is_no_feed() {
        for document in ["<a><b/>", "<a><b></a>", "<a"] {
            check_text(document, Err("it is not well-formed XML"));
        }
    }
}
