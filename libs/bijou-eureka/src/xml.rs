//! Eureka's XML, as XStream writes it: two spaces of indentation, no declaration, escaped element names.
//! See [`crate::json`] for the principles both codecs share.
//!
//! Reading knows no document types, no entities but the five of XML itself, and no types to instantiate: all that
//! the history of XStream's vulnerabilities is made of is simply not there.

mod names;
mod read;
mod tree;
mod write;

pub use read::{read_application, read_applications, read_instance};
pub use write::{write_instance, write_instance_as, write_instance_compact, write_instance_with, write_text};
