//! Full text, place and facets over everything this node holds.
//!
//! The index is derived from the store and can be thrown away at any time: it carries the number of the last
//! change it holds, and whoever serves replays what is newer. It answers with rows of the store and holds no
//! text that could be read back; what is removed is gone from its files after a purge.

pub mod analysis;
pub mod answer;
pub mod entry;
pub mod index;
pub mod query;

mod bare;
mod bits;
mod cells;
mod columns;
mod counts;
mod coverage;
mod directory;
mod facets;
mod filter;
mod fit;
mod likeness;
mod pass;
mod place;
mod pool;
mod schema;
mod scores;
mod segment;
mod snapshot;
mod snapshots;
mod spelling;
mod time;
mod towns;
mod twins;
mod weights;
mod window;
mod writer;

#[cfg(test)]
mod check;
