//! Eureka's JSON: lenient in what it reads, exact in what it writes.
//!
//! Written by hand rather than derived, because strict readers (Spring's) reject any surplus member, want arrays to
//! stay arrays and strings to stay strings, and Netflix's own order is kept so that answers compare byte by byte.
//! Exchanges that show each quirk are in `contracts/eureka`.

mod members;
mod read;
mod replication;
mod value;
mod write;

pub use read::{WatchEvent, read_application, read_applications, read_instance, read_watch_event, with_instance};
pub use replication::{
    ReplicationAction, ReplicationItem, ReplicationReply, read_replication, read_replies, write_replication,
    write_replication_item, write_replies,
};
pub(crate) use write::COMPACT_AMAZON_KEYS;
pub use write::{
    write_instance, write_instance_compact, write_instance_document, write_instance_document_with, write_text,
};
