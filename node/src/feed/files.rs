//! A feed as plain files, which any web server can serve: objects first, the index next, the head last.
//!
//! Whoever reads the folder while it is being written sees the old state or the new one, both whole: objects
//! of the state before stay until the next time, all older ones are deleted. A write that fails leaves the
//! old head, and with it the old state.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use engagement_protocol::hash::Hash;
use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::Feed;
use engagement_protocol::index::{Index, IndexError};
use engagement_protocol::key::SigningKey;
use engagement_protocol::publisher::{PublishError, Publisher};
use engagement_protocol::slice::{self, Line, SliceError};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use crate::store::{ReadTx, StoreError};

/// Why a folder was not written, or cannot be gone on from.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The system refuses.
    #[error("{path}: {error}. Prüfen Sie Pfad, Rechte und freien Speicherplatz.")]
    Io {
        /// Which file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An object of our own state is not there.
    #[error("Dem eigenen Stand fehlt das Objekt {0}. Prüfen Sie ihn: engagement-node check")]
    Missing(Hash),
    /// The head in the folder is not ours.
    #[error(
        "Der Kopf im Zielordner gilt nicht unter diesem Schlüssel ({0}). Nehmen Sie einen leeren Ordner."
    )]
    Head(#[from] HeadError),
    /// The index in the folder is damaged.
    #[error("Das Verzeichnis im Zielordner ist beschädigt ({0}). Nehmen Sie einen leeren Ordner.")]
    Index(#[from] IndexError),
    /// A slice in the folder is damaged.
    #[error("Ein Abschnitt im Zielordner ist beschädigt ({0}). Nehmen Sie einen leeren Ordner.")]
    Slice(#[from] SliceError),
    /// The state cannot be signed.
    #[error("Der Feed lässt sich nicht unterschreiben: {0}")]
    Publish(#[from] PublishError),
}

/// What was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// The number of the state.
    pub seq: u64,
    /// Objects that were not there.
    pub objects: usize,
    /// Objects that were deleted.
    pub deleted: usize,
    /// When readers begin to doubt it: another state or signature has to be there by then.
    pub expires: Timestamp,
}

/// Writes our own state of a feed to `folder`; nothing if we do not publish it.
///
/// # Errors
///
/// [`FilesError`].
pub fn export(
    tx: &ReadTx<'_>,
    node: &engagement_protocol::id::NodeId,
    feed: Feed,
    folder: &Path,
) -> Result<Option<Written>, FilesError> {
    let Some(held) = tx.feed(node, feed)? else { return Ok(None) };
    let head = Head::peek(&held.head)?;
    let index = Index::verify(&held.index, head.index)?;
    let mut slices = BTreeMap::new();
    for slice in index.slices().iter().filter(|slice| !slice.is_empty()) {
        let bytes = tx.object(slice.hash)?.ok_or(FilesError::Missing(slice.hash))?;
        slices.insert(slice.hash, bytes);
    }
    write(folder, &head, &held.head, &index, &slices).map(Some)
}

/// Signs exactly `lines` as the next state of the feed in `folder`, and writes it there.
///
/// # Errors
///
/// [`FilesError`]; what is in the folder stays then.
pub fn sign(
    folder: &Path,
    feed: Feed,
    lines: Vec<Line>,
    key: &SigningKey,
    now: Timestamp,
) -> Result<Written, FilesError> {
    let last = read(folder, feed, key)?;
    let next: BTreeMap<Hash, Line> = lines.into_iter().map(|line| (line.place(), line)).collect();
    let publisher = match &last {
        Some((head, index, _)) => Publisher::resume(head.clone(), index.clone()),
        None => Publisher::new(key.verifier().node().clone(), feed),
    };
    let before = last.as_ref().map(|(_, _, lines)| lines);
    let (head, index) = match (&last, before) {
        (Some((_, index, _)), Some(before)) if same(before, &next) => {
            let head = publisher.resign(now, key)?;
            (head.unwrap_or_else(|| unreachable!("there is a last state")), index.clone())
        }
        _ => {
            let old = before.into_iter().flat_map(|lines| lines.keys());
            let changed: BTreeSet<Hash> = old.chain(next.keys()).copied().collect();
            let plan = publisher.plan(u64::try_from(next.len()).unwrap_or(u64::MAX), &changed)?;
            let cut = |position| cut(&next, plan.k(), position);
            let slices = plan.positions().iter().map(|at| (*at, cut(*at))).collect();
            let edition = publisher.publish(&plan, slices, now, key)?;
            (edition.head, edition.index)
        }
    };
    let mut slices = BTreeMap::new();
    for (position, slice) in (0u16..).zip(index.slices()).filter(|(_, slice)| !slice.is_empty()) {
        slices.insert(slice.hash, cut(&next, index.k(), position));
    }
    write(folder, &head, head.bytes(), &index, &slices)
}

/// Writes a note, so that whoever reads sees the old one or the new one.
///
/// # Errors
///
/// [`FilesError::Io`].
pub fn write_note(folder: &Path, path: &str, bytes: &[u8]) -> Result<(), FilesError> {
    put(&folder.join(path), bytes)
}

fn same(before: &BTreeMap<Hash, Line>, next: &BTreeMap<Hash, Line>) -> bool {
    let hashes = |lines: &BTreeMap<Hash, Line>| -> Vec<(Hash, Hash)> {
        lines.iter().map(|(place, line)| (*place, line.hash())).collect()
    };
    hashes(before) == hashes(next)
}

fn cut(lines: &BTreeMap<Hash, Line>, k: u8, position: u16) -> Vec<u8> {
    let inside = lines.values().filter(|line| line.place().prefix(k) == position);
    slice::write(inside.map(Line::bytes))
}

type State = (Verified<Head>, Index, BTreeMap<Hash, Line>);

/// Reads the state that the folder holds, as strictly as any reader.
fn read(folder: &Path, feed: Feed, key: &SigningKey) -> Result<Option<State>, FilesError> {
    let path = folder.join(format!("f/{feed}/head"));
    let note = match std::fs::read(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        read => read.map_err(|error| io(&path, error))?,
    };
    let node = key.verifier().node();
    let head = Head::verify_held(&note, node, feed, &key.verifiers())?;
    let object = |hash: Hash| {
        let path = folder.join(format!("o/{hash}"));
        std::fs::read(&path).map_err(|error| io(&path, error))
    };
    let index = Index::verify(&object(head.index)?, head.index)?;
    let mut lines = BTreeMap::new();
    for (position, named) in (0u16..).zip(index.slices()).filter(|(_, slice)| !slice.is_empty()) {
        let read = slice::verify(&object(named.hash)?, *named, index.k(), position)?;
        lines.extend(read.into_iter().map(|line| (line.place(), line)));
    }
    Ok(Some((head, index, lines)))
}

fn write(
    folder: &Path,
    head: &Head,
    note: &[u8],
    index: &Index,
    slices: &BTreeMap<Hash, Vec<u8>>,
) -> Result<Written, FilesError> {
    // What any feed in the folder names now may be on its way to somebody.
    let mut kept = named(folder)?;
    let mut objects = 0;
    let list = (head.index, index.to_bytes());
    let all = slices.iter().map(|(hash, bytes)| (*hash, bytes)).chain([(list.0, &list.1)]);
    for (hash, bytes) in all {
        kept.insert(hash);
        let path = folder.join(format!("o/{hash}"));
        // An object that is there is only believed if it is what its name says.
        if std::fs::read(&path).is_ok_and(|there| Hash::of(&there) == hash) {
            continue;
        }
        put(&path, bytes)?;
        objects += 1;
    }
    put(&folder.join(format!("f/{}/head", head.feed)), note)?;
    let deleted = sweep(folder, &kept)?;
    Ok(Written { seq: head.seq, objects, deleted, expires: head.expires })
}

/// Returns the objects that the heads in the folder name.
fn named(folder: &Path) -> Result<BTreeSet<Hash>, FilesError> {
    let mut named = BTreeSet::new();
    for feed in [Feed::Offers, Feed::Members, Feed::Heads] {
        let Ok(note) = std::fs::read(folder.join(format!("f/{feed}/head"))) else { continue };
        let Ok(head) = Head::peek(&note) else { continue };
        named.insert(head.index);
        let index = std::fs::read(folder.join(format!("o/{}", head.index)));
        if let Ok(index) = index.map(|bytes| Index::verify(&bytes, head.index)) {
            named.extend(index?.slices().iter().map(|slice| slice.hash));
        }
    }
    Ok(named)
}

/// Deletes objects that no state names any more, so that what was erased is erased here, too.
fn sweep(folder: &Path, kept: &BTreeSet<Hash>) -> Result<usize, FilesError> {
    let objects = folder.join("o");
    let entries = std::fs::read_dir(&objects).map_err(|error| io(&objects, error))?;
    let mut deleted = 0;
    for entry in entries {
        let entry = entry.map_err(|error| io(&objects, error))?;
        let hash = entry.file_name().to_str().and_then(|name| name.parse::<Hash>().ok());
        // Other people's files are not ours to delete.
        if hash.is_some_and(|hash| !kept.contains(&hash)) {
            std::fs::remove_file(entry.path()).map_err(|error| io(&entry.path(), error))?;
            deleted += 1;
        }
    }
    Ok(deleted)
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), FilesError> {
    let next: PathBuf = path.with_extension("new");
    let write = || {
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let mut file = std::fs::File::create(&next)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&next, path)
    };
    write().map_err(|error| io(path, error))
}

fn io(path: &Path, error: std::io::Error) -> FilesError {
    FilesError::Io { path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);

    fn lines(ids: &[&str]) -> Vec<Line> {
        let line = |id: &&str| Line::read(format!("{{\"id\":\"{id}\"}}").as_bytes()).unwrap();
        ids.iter().map(line).collect()
    }

    #[test]
    fn goes_on_from_what_the_folder_holds_and_erases_what_no_state_names() {
        let folder = tempfile::tempdir().unwrap();
        let key = SigningKey::from_seed("05558012".parse().unwrap(), &[1; 32]);
        let sign = |ids: &[&str], now| sign(folder.path(), Feed::Offers, lines(ids), &key, now);
        let texts = || -> String {
            let files = std::fs::read_dir(folder.path().join("o")).unwrap();
            files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap()).collect()
        };
        let first = sign(&["a", "secret"], NOW).unwrap();
        // The same records: signed again, under the same number.
        let later = NOW.plus(Duration::from_secs(3600));
        let again = sign(&["a", "secret"], later).unwrap();
        assert_eq!((again.seq, again.objects), (first.seq, 0));
        assert!(again.expires > first.expires);
        let next = sign(&["a", "b"], later).unwrap();
        assert!(next.seq > first.seq);
        assert!(texts().contains("secret"), "the state before stays for whoever is reading it");
        assert!(sign(&["a", "b"], later).unwrap().deleted > 0);
        assert!(!texts().contains("secret"), "and then it is gone");
        let (_, _, held) = read(folder.path(), Feed::Offers, &key).unwrap().unwrap();
        assert_eq!(held.into_values().collect::<Vec<_>>().len(), 2);
    }

    #[test]
    fn does_not_go_on_from_a_state_of_somebody_else() {
        let folder = tempfile::tempdir().unwrap();
        let key = |seed| SigningKey::from_seed("05558012".parse().unwrap(), &[seed; 32]);
        sign(folder.path(), Feed::Offers, lines(&["a"]), &key(1), NOW).unwrap();
        let refused = sign(folder.path(), Feed::Offers, lines(&["b"]), &key(2), NOW);
        assert!(matches!(refused, Err(FilesError::Head(_))));
    }
}
