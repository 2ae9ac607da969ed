//! Tests of the node as a whole.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod house_rules;
mod importing;
mod index;
mod interface;
mod lexicon;
mod relevance;
mod understand;
