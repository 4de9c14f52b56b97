//! The demo library: films made on the spot, one open film fetched, and members who never lived.
//!
//! All of it is data and pure functions here; making and fetching is the worker's. Everything is named as what it is:
//! the films say who made them, the members' events say that they are synthetic.

pub mod members;
pub mod open_films;
pub mod originals;
pub mod seed;
