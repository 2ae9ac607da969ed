//! Everything that needs two nodes, or a node and a liar.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod ageing;
mod commands;
mod converging;
mod costs;
mod crashing;
mod keys;
mod lying;
mod misbehaving;
mod pings;
mod removing;
mod running;
mod typing;
mod unknown;
