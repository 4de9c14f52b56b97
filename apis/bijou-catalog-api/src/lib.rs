//! Wire types and client of the catalog.
