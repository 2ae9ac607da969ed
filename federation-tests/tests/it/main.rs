//! Everything that needs two nodes, or a node and a liar.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

mod ageing;
mod answers;
mod asking;
mod cloning;
mod commands;
mod converging;
mod costs;
mod crashing;
mod erasing;
mod joining;
mod keys;
mod lying;
mod mending;
mod misbehaving;
mod pings;
mod played_back;
mod private;
mod receipts;
mod register;
mod relaying;
mod removing;
mod replacing;
mod restoring;
mod rotating;
mod running;
mod simulated;
mod static_files;
mod typing;
mod unknown;
