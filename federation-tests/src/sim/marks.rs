//! Marks: states worth reaching. A batch that never reaches one has proved nothing about it, and fails.

use std::collections::BTreeMap;

/// Every mark there is; a name that is not here does not compile.
pub const ALL: &[&str] = &[
    "a clock jumped",
    "a clone was noticed",
    "a copy was carried by relays alone",
    "a feed was cut anew",
    "a fresh node caught up",
    "a head was unchanged",
    "a key passed on",
    "a machine slept",
    "a node was killed",
    "a ping was taken",
    "a power failure took commits",
    "a relay lied",
    "a relay was asked",
    "a round was cut off by a crash",
    "a relay was chosen by itself",
    "a secret draft ended unpublished",
    "a state was refused for good",
    "a state was signed again",
    "a stolen key was replaced",
    "a suspended node was hidden",
    "a text was erased at once",
    "a week passed",
    "an edit was cut off by a crash",
    "an emptied feed was followed",
    "an equivocation was proved",
    "an erased word was looked for",
    "an expired record was hidden",
    "an object was gone",
    "an outage was told",
    "everybody gave a receipt",
    "news arrived beside villains",
    "publishing was put on hold",
    "something was withheld",
    "the index knows living words",
];

/// How often each mark was reached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks(BTreeMap<&'static str, u64>);

impl Marks {
    /// Notes that a mark was reached.
    pub fn hit(&mut self, mark: &'static str) {
        *self.0.entry(mark).or_default() += 1;
    }

    /// Adds what another seed has reached.
    pub fn add(&mut self, other: &Self) {
        for (mark, count) in &other.0 {
            *self.0.entry(mark).or_default() += count;
        }
    }

    /// Returns how often a mark was reached.
    #[must_use]
    pub fn count(&self, mark: &str) -> u64 {
        self.0.get(mark).copied().unwrap_or(0)
    }

    /// Returns the marks that were never reached.
    #[must_use]
    pub fn missed(&self) -> Vec<&'static str> {
        ALL.iter().copied().filter(|mark| self.count(mark) == 0).collect()
    }
}

/// Returns whether a mark is in the list; asked while compiling.
#[must_use]
pub const fn is_known(mark: &str) -> bool {
    let mut rest = ALL;
    while let [first, others @ ..] = rest {
        if is_same(first.as_bytes(), mark.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

const fn is_same(mut a: &[u8], mut b: &[u8]) -> bool {
    while let ([x, more_a @ ..], [y, more_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (more_a, more_b);
    }
    a.is_empty() && b.is_empty()
}

/// Marks that a state was reached, if a condition holds: `sometimes!(marks, lines.is_empty(), "…")`.
#[macro_export]
macro_rules! sometimes {
    ($marks:expr, $reached:expr, $mark:literal) => {{
        const { assert!($crate::sim::marks::is_known($mark), "add it to marks::ALL") };
        if $reached {
            $marks.hit($mark);
        }
    }};
}
