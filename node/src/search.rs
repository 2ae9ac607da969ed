//! Full text, place and facets over everything this node holds.
//!
//! The index is derived from the store and can be thrown away at any time: it carries the number of the last
//! change it holds, and whoever serves replays what is newer. Nothing in it can be read back as text.

pub mod analysis;
