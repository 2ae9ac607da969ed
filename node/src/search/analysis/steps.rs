//! Steps of the analysis that an evaluation leaves out, to see what each of them is worth.
//!
//! They are a property of the process, because documents and queries have to be read alike: whoever leaves one out
//! says so once, before anything is read, and nothing but `eval-search` ever does.

use std::sync::OnceLock;

/// Steps that are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Without {
    /// Compounds are not taken apart.
    pub parts: bool,
    /// Gender spellings are read as the letters they are.
    pub gender: bool,
    /// No similar words are looked for.
    pub synonyms: bool,
}

static WITHOUT: OnceLock<Without> = OnceLock::new();

/// Leaves steps out from now on; returns whether that was still possible.
#[must_use]
pub fn leave_out(without: Without) -> bool {
    *WITHOUT.get_or_init(|| without) == without
}

/// Returns what is left out: nothing, if nobody said so before the first text was read.
pub(super) fn without() -> Without {
    *WITHOUT.get_or_init(Without::default)
}
