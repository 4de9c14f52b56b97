//! Wire types and client of the catalog.
//!
//! What `GET /v1/titles` and its neighbours answer, shared by the service that writes it and the services that read
//! it. Readers ignore members they do not know, so the catalog may add some; nothing here validates or computes.
//!
//! Left out on purpose: the import format (a file, not an API) and images (bytes behind the URLs in [`Image`]).

mod client;
mod title;

pub mod events;

pub use client::{APPLICATION, Catalog, IDS_MAX, TitleFilter};
pub use title::{
    Artwork, Credit, CreditRole, Episode, Episodes, Facet, Facets, Genre, Genres, Image, Kind, License, Person,
    PersonCredit, PersonRef, Season, Seasons, Title, TitlePage, TitleSummary,
};
