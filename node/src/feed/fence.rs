//! The fence file: the newest own state of each feed, outside the database.
//!
//! A database that was restored alone does not know what was signed since; this file does. It is replaced
//! whole and flushed to the disk inside the transaction that signs, so **before** anybody can read the head:
//! a number that may have been seen is never forgotten. It can be ahead of the database by one state that
//! nobody has seen, after a crash between the two; then the node waits for its peers' word.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use engagement_protocol::hash::Hash;
use engagement_protocol::id::Feed;
use serde::{Deserialize, Serialize};

/// The newest own states.
pub type Newest = BTreeMap<Feed, (u64, Hash)>;

/// The fence file of one node.
#[derive(Debug, Clone)]
pub struct Fence {
    path: PathBuf,
    /// What it says; nothing if it cannot be read.
    newest: Arc<Mutex<Option<Newest>>>,
}

/// Why the fence file cannot be written: nothing is signed then.
#[derive(Debug, thiserror::Error)]
#[error(
    "{path}: {error}. Prüfen Sie Rechte und freien Speicherplatz; bis dahin wird nichts unterschrieben."
)]
pub struct FenceError {
    path: String,
    error: std::io::Error,
}

#[derive(Serialize, Deserialize)]
struct State {
    seq: u64,
    index: String,
}

impl Fence {
    /// Reads the file at `path`; one that is missing says nothing was ever signed.
    #[must_use]
    pub fn open(path: PathBuf) -> Self {
        let newest = read(&path);
        Self { path, newest: Arc::new(Mutex::new(newest)) }
    }

    /// Returns what the file says; nothing if it is damaged.
    #[must_use]
    pub fn newest(&self) -> Option<Newest> {
        self.newest.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Writes that this state is about to be signed, or was adopted.
    ///
    /// # Errors
    ///
    /// [`FenceError`]; the file says what it said before, or already this.
    pub fn raise(&self, feed: Feed, seq: u64, index: Hash) -> Result<(), FenceError> {
        let mut held = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next = held.clone().unwrap_or_default();
        next.insert(feed, (seq, index));
        self.write(&next)
            .map_err(|error| FenceError { path: self.path.display().to_string(), error })?;
        *held = Some(next);
        Ok(())
    }

    fn write(&self, newest: &Newest) -> std::io::Result<()> {
        let states: BTreeMap<&str, State> = newest
            .iter()
            .map(|(feed, (seq, index))| {
                (feed.as_str(), State { seq: *seq, index: index.to_string() })
            })
            .collect();
        let mut text = serde_json::to_vec(&states).map_err(std::io::Error::other)?;
        text.push(b'\n');
        let next = self.path.with_extension("new");
        let mut file = File::create(&next)?;
        file.write_all(&text)?;
        file.sync_all()?;
        std::fs::rename(&next, &self.path)?;
        match self.path.parent() {
            Some(parent) => File::open(parent)?.sync_all(),
            None => Ok(()),
        }
    }
}

fn read(path: &Path) -> Option<Newest> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Some(Newest::new()),
        Err(_) => return None,
    };
    let states: BTreeMap<String, State> = serde_json::from_str(&text).ok()?;
    states
        .into_iter()
        .map(|(feed, state)| Some((feed.parse().ok()?, (state.seq, state.index.parse().ok()?))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_after_a_restart_what_was_raised_last() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fence.json");
        let fence = Fence::open(path.clone());
        assert_eq!(fence.newest(), Some(Newest::new()), "nothing was ever signed");
        fence.raise(Feed::Offers, 7, Hash::of(b"a")).unwrap();
        fence.raise(Feed::Members, 3, Hash::of(b"m")).unwrap();
        fence.raise(Feed::Offers, 8, Hash::of(b"b")).unwrap();
        let expected = Newest::from([
            (Feed::Offers, (8, Hash::of(b"b"))),
            (Feed::Members, (3, Hash::of(b"m"))),
        ]);
        assert_eq!(Fence::open(path).newest(), Some(expected));
    }

    #[test]
    fn a_damaged_file_is_not_taken_for_an_empty_one() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fence.json");
        for text in
            ["", "{", "[]", r#"{"offers":{"seq":1}}"#, r#"{"gifts":{"seq":1,"index":"00"}}"#]
        {
            std::fs::write(&path, text).unwrap();
            assert_eq!(Fence::open(path.clone()).newest(), None, "{text}");
        }
    }

    #[test]
    fn a_directory_that_takes_nothing_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let fence = Fence::open(dir.path().join("gone").join("fence.json"));
        assert!(fence.raise(Feed::Offers, 7, Hash::of(b"a")).is_err());
        assert_eq!(fence.newest(), Some(Newest::new()), "it says what the disk says");
    }
}
