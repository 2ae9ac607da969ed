//! What happened, as one hash: the same seed gives the same, whatever the machine.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::executor::Owner;

/// Hashes what happens, and prints it if somebody wants to read it.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    hash: Sha256,
    steps: u64,
    printed: bool,
}

impl Trace {
    /// Begins; `printed` writes every line to the standard output.
    #[must_use]
    pub fn new(printed: bool) -> Self {
        Self { printed, ..Self::default() }
    }

    /// Notes that a future went on.
    pub fn step(&mut self, now: Duration, owner: Owner, task: u64) {
        self.steps += 1;
        self.hash.update(format!("{} {owner:?} {task}\n", now.as_millis()));
    }

    /// Notes something in words.
    pub fn note(&mut self, now: Duration, words: impl FnOnce() -> String) {
        let line = format!("{:>9.3} {}\n", now.as_secs_f64(), words());
        if self.printed {
            print!("{line}");
        }
        self.hash.update(line);
    }

    /// Returns how many steps there were.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// Returns the hash of everything so far.
    #[must_use]
    pub fn hash(&self) -> String {
        hex::encode(self.hash.clone().finalize())
    }
}
