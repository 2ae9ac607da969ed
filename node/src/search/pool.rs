//! Arrays that searches collect in, kept from one search to the next: to make them anew would cost more than to fill them.
//!
//! An index has one pool. It keeps [`KEPT`] sets of arrays, twelve bytes for each record that a search found; who finds
//! none makes one.

use std::sync::{Mutex, PoisonError};

use super::scores::Sums;
use super::window::Window;

/// Most sets that are kept: more searches than that are seldom under way at once.
const KEPT: usize = 4;

/// The arrays that no search uses now.
#[derive(Debug, Default)]
pub(super) struct Pool(Mutex<Vec<Scratch>>);

/// The arrays of one search.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    /// For the records at hand, whatever segment they are in.
    pub(super) window: Window,
    /// For each segment.
    pub(super) sums: Vec<Sums>,
}

impl Pool {
    /// Returns arrays for a search over so many segments.
    pub(super) fn take(&self, segments: usize) -> Scratch {
        let mut scratch = self.with(Vec::pop).unwrap_or_default();
        scratch.sums.resize_with(segments, Sums::default);
        scratch
    }

    /// Keeps arrays for the next search. What a search that failed held is not given back, and lost.
    pub(super) fn put_back(&self, scratch: Scratch) {
        self.with(|kept| {
            if kept.len() < KEPT {
                kept.push(scratch);
            }
        });
    }

    fn with<T>(&self, act: impl FnOnce(&mut Vec<Scratch>) -> T) -> T {
        // Nothing in here panics half-way, so a poisoned lock guards a sound list.
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
