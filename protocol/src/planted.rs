//! Bugs that the simulator plants, to prove that it would find them.
//!
//! Each takes one guard away. Without the feature `planted` none can be chosen, and asking costs nothing:
//! the answer is known when the program is compiled. The node program refuses to be built with it.

/// A guard that can be taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bug {
    /// The hash of a slice is not checked.
    SliceHash,
    /// A second state under the number held is taken.
    EqualSeq,
    /// A lower number is taken.
    LowerSeq,
    /// Nobody's signature is checked.
    Signature,
    /// Keys that are not a node's any more still count.
    StaleKeys,
    /// A register is believed outside its prefix.
    Prefix,
    /// What is suspended is shown.
    Suspended,
    /// Nothing is flushed to the disk.
    Durable,
    /// Answers are waited for without end.
    Deadline,
    /// Answers may be of any size.
    Size,
    /// Signing does not wait for what the peers know.
    Restored,
    /// What only a restored backup has is published again.
    Withheld,
    /// Somebody else with the same key is not noticed.
    Elsewhere,
    /// What was removed stays in the search index.
    Purge,
    /// What was removed stays in the write-ahead log.
    Log,
    /// Records are shown after their last day.
    Expired,
    /// A record that a replica holds is not indexed when it changes.
    Unindexed,
    /// Replaced objects are served for ever.
    Objects,
}

impl Bug {
    /// All of them.
    pub const ALL: [Self; 18] = [
        Self::SliceHash,
        Self::EqualSeq,
        Self::LowerSeq,
        Self::Signature,
        Self::StaleKeys,
        Self::Prefix,
        Self::Suspended,
        Self::Durable,
        Self::Deadline,
        Self::Size,
        Self::Restored,
        Self::Withheld,
        Self::Elsewhere,
        Self::Purge,
        Self::Log,
        Self::Expired,
        Self::Unindexed,
        Self::Objects,
    ];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SliceHash => "slice-hash",
            Self::EqualSeq => "equal-seq",
            Self::LowerSeq => "lower-seq",
            Self::Signature => "signature",
            Self::StaleKeys => "stale-keys",
            Self::Prefix => "prefix",
            Self::Suspended => "suspended",
            Self::Durable => "durable",
            Self::Deadline => "deadline",
            Self::Size => "size",
            Self::Restored => "restored",
            Self::Withheld => "withheld",
            Self::Elsewhere => "elsewhere",
            Self::Purge => "purge",
            Self::Log => "log",
            Self::Expired => "expired",
            Self::Unindexed => "unindexed",
            Self::Objects => "objects",
        }
    }
}

/// Returns whether `bug` is planted.
#[cfg(not(feature = "planted"))]
#[must_use]
pub const fn has(_bug: Bug) -> bool {
    false
}

#[cfg(feature = "planted")]
pub use chosen::{has, plant};

#[cfg(feature = "planted")]
mod chosen {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Bug;

    /// One more than the place in [`Bug::ALL`]; 0 while nothing is planted.
    static PLANTED: AtomicUsize = AtomicUsize::new(0);

    /// Returns whether `bug` is planted.
    #[must_use]
    pub fn has(bug: Bug) -> bool {
        PLANTED.load(Ordering::Relaxed) == place(bug)
    }

    /// Plants a bug in place of the one before, or none.
    pub fn plant(bug: Option<Bug>) {
        PLANTED.store(bug.map_or(0, place), Ordering::Relaxed);
    }

    fn place(bug: Bug) -> usize {
        Bug::ALL.iter().position(|other| *other == bug).map_or(0, |at| at + 1)
    }
}
