//! Whatever the protocol promises, asked from outside: test vectors, laws, and hostile bytes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(clippy::indexing_slicing, reason = "its inputs are its own")]

mod corpus;
mod laws;
mod trust;
mod vectors;
mod world;
