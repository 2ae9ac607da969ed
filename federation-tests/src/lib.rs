//! Real nodes against each other, against liars and against `kill -9`.
//!
//! Real HTTP on this machine, real databases, and nothing that waits for time to pass: in one process the
//! clock is stepped, between processes an event is waited for. [`cluster::Cluster::check`] proves after
//! every step, from stored bytes alone, that each node holds only what its origins signed.
//!
//! These parts serve tests: what cannot work here ends the test with an `expect` that says why.

pub mod cluster;
pub mod http;
pub mod liar;
pub mod origin;
pub mod process;
pub mod records;
pub mod sim;
