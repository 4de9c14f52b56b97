//! Wire types and client of the catalog.
//!
//! What `GET /v1/titles` and its neighbours answer, shared by the service that writes it and the services that read
//! it. Readers ignore members they do not know, so the catalog may add some; nothing here validates or computes, but for
//! one rule that all of them must apply alike: who may see a title ([`Viewer::may_see`]).
//!
//! Left out on purpose: the import format (a file, not an API) and images (bytes behind the URLs in [`Image`]).

mod client;
mod diagnosis;
mod search;
mod title;
mod viewing;

pub mod events;

pub use client::{APPLICATION, Catalog, IDS_MAX, TitleFilter};
pub use diagnosis::TitleDiagnosis;
pub use search::{Matched, Miss, Misses, SearchHit, SearchPage, Suggestion, SuggestionKind, Suggestions};
pub use title::{
    Artwork, Credit, CreditRole, Episode, EpisodeDetail, Episodes, Facet, Facets, Genre, Genres, Image, Kind, License,
    NextEpisode, Person, PersonCredit, PersonRef, Season, Seasons, Title, TitlePage, TitleSummary,
};
pub use viewing::{Offer, Terms, Territory, Viewer};
