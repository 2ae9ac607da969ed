//! Every size and time bound of the protocol, in one place, each with the attack it stops.
//!
//! Whatever a node accepts from its own forms, every peer must accept from its feed: so these bounds
//! serve publishers and replicas alike. `SPEC.md` section 2 repeats them; they change only together.

use std::time::Duration;

use crate::planted::{self, Bug};

/// Largest head note, in bytes. Stops endless bytes from a source that is asked every minute.
pub const HEAD_BYTES: usize = 4 * 1024;
/// Largest node document, in bytes. Stops the same on `/node`.
pub const DOCUMENT_BYTES: usize = 16 * 1024;
/// Largest note of any other type, in bytes.
pub const NOTE_BYTES: usize = 16 * 1024;
/// Most signature lines on one note. Stops thousands of lines that each cost a verification.
pub const NOTE_SIGNATURES: usize = 16;
/// Longest record line, in bytes, without its line feed. Stops one record that fills a slice.
pub const RECORD_BYTES: usize = 32 * 1024;
/// Deepest nesting of JSON. Stops stack exhaustion in parsers.
pub const JSON_DEPTH: usize = 16;
/// Largest slice, in bytes. Stops a reader from being made to hold a whole feed in memory.
pub const SLICE_BYTES: u32 = 4 * 1024 * 1024;
/// Largest index, in bytes: 2^12 lines of at most 73 bytes fit in it.
pub const INDEX_BYTES: usize = 320 * 1024;
/// Largest k: a feed is cut into at most 2^12 slices. Stops an index that is all overhead.
pub const MAX_K: u8 = 12;
/// Largest feed, in bytes of all slices together. Stops one node from filling everybody's disk.
pub const FEED_BYTES: u64 = 64 * 1024 * 1024;
/// Most records in one feed. Stops the same with short lines.
pub const FEED_RECORDS: u64 = 20_000;
/// Most bytes that one feed may move to a reader in a day; beyond that it is read once a day.
/// Stops a peer that rewrites everything every minute.
pub const FEED_BYTES_PER_DAY: u64 = 256 * 1024 * 1024;
/// Most changed records that one feed may move to a reader in a day. Stops the same with few bytes.
pub const FEED_CHANGES_PER_DAY: u64 = 50_000;
/// Largest integer in a note: 2^53 - 1, the largest that every JSON parser reads exactly.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

/// How far a head's `seq` may lie ahead of the reader's clock. Stops a thief from burning the numbers
/// for longer than a day.
pub const SEQ_AHEAD: Duration = Duration::from_secs(24 * 3600);
/// How far a note's `issued` may lie ahead of the reader's clock. Stops notes that stay newest for ever.
pub const ISSUED_AHEAD: Duration = Duration::from_secs(3600);
/// Longest life of a head: `expires` lies at most this after `issued`. Stops a freeze: a source that
/// goes on serving an old state is seen through within two days.
pub const HEAD_LIFE: Duration = Duration::from_secs(48 * 3600);
/// A publisher signs its state again after this long without a change.
pub const RESIGN_AFTER: Duration = Duration::from_secs(12 * 3600);
/// A publisher does not sign while its clock is further than this off what most of its peers say.
pub const CLOCK_SKEW: Duration = Duration::from_secs(600);
/// Objects that were replaced are still served for this long, so that nobody's transfer tears.
/// No longer: erased means erased.
pub const OBJECT_KEPT: Duration = Duration::from_secs(600);

/// Most keys of one node at a moment, in a register or an anchor note: the present one, the one before it,
/// and room for a mistake. Stops rows that let many keys sign for one node.
pub const MEMBER_KEYS: usize = 4;
/// How long the key before is valid beside the present one after a planned rotation.
pub const KEY_OVERLAP: Duration = Duration::from_secs(7 * 24 * 3600);
/// How long a node is kept whose register does not list it any more. Stops a mistake, or whoever stole a
/// register's key, from emptying everybody's search.
pub const MISSING_KEPT: Duration = Duration::from_secs(14 * 24 * 3600);
/// How long the copies of a node are kept that has left.
pub const LEFT_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// From this many active nodes on, a register that shrinks by half waits for a person. Stops the same.
pub const SHRINK_FROM: usize = 4;

/// Deadline for a head, a node document or a ping. Stops drip feeding.
pub const HEAD_DEADLINE: Duration = Duration::from_secs(10);
/// Deadline for an object: this much, and one second for each [`OBJECT_BYTES_PER_SECOND`] of its length.
pub const OBJECT_DEADLINE: Duration = Duration::from_secs(20);
/// The slowest transfer of an object that is waited for, in bytes per second. Stops drip feeding.
pub const OBJECT_BYTES_PER_SECOND: u64 = 20_000;
/// Fetches at a time from one peer. Stops us from being somebody's load.
pub const FETCHES_PER_PEER: usize = 4;
/// Fetches at a time from all peers. Stops slow peers from eating the sockets.
pub const FETCHES: usize = 16;
/// Of [`FETCHES`], how many peers that were slow lately may share. Stops them from starving the others.
pub const FETCHES_SLOW: usize = 4;
/// How often a head is read again in one round when an object of it has gone meanwhile.
pub const HEAD_RETRIES: usize = 3;

/// Returns the deadline for an object of `length` bytes.
///
/// ```
/// # use engagement_protocol::limits::object_deadline;
/// assert_eq!(object_deadline(200_000).as_secs(), 30);
/// ```
#[must_use]
pub fn object_deadline(length: u32) -> Duration {
    if planted::has(Bug::Deadline) {
        return Duration::from_secs(365 * 24 * 3600);
    }
    OBJECT_DEADLINE + Duration::from_secs(u64::from(length) / OBJECT_BYTES_PER_SECOND)
}
