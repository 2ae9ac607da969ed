//! The index: takes changes of the store, answers queries, lets go of what was removed.
//!
//! One process owns it, and one call at a time changes it; searches read the newest state and never wait for
//! a change. A change is searchable when `apply` returns, and survives a crash from then on. What fails
//! leaves the last state; the same changes can be applied again, because every put replaces its row.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use engagement_protocol::opportunity::Opportunity;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, ReloadPolicy};

use crate::search::analysis::fold::fold;
use crate::search::analysis::reader::Reader;
use crate::search::analysis::steps::Without;
use crate::search::analysis::word::Word;
use crate::search::answer::Answer;
use crate::search::query::Query;

use super::directory::{self, Directory};
use super::entry::Weighted;
use super::pool::Pool;
use super::schema::{self, fields};
use super::snapshot::{Common, Snapshot};
use super::snapshots::Snapshots;
use super::writer;

/// What the store says has changed.
#[derive(Debug, Clone)]
pub enum Change {
    /// A record is there, new or in a new version.
    Put {
        /// The store's number of the record: stable, and never used again.
        row: u64,
        /// The store's number of the node that it comes from.
        origin: u64,
        /// Whether it comes from this node.
        local: bool,
        /// The record.
        record: Box<Opportunity>,
    },
    /// A record is gone.
    Remove {
        /// The store's number of the record.
        row: u64,
    },
}

/// Why the index cannot be opened, changed or read.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The directory cannot be read or written.
    #[error("the directory of the search index cannot be used: {0}")]
    Directory(#[from] std::io::Error),
    /// Another process has the index open.
    #[error("another process uses the search index")]
    InUse,
    /// The engine refused or failed.
    #[error("the search engine failed: {0}")]
    Engine(#[from] tantivy::TantivyError),
}

impl IndexError {
    /// Returns whether the files of the index are not there any more, so that it has to be begun anew.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        matches!(self, Self::Directory(error) if error.kind() == std::io::ErrorKind::NotFound)
    }

    /// Returns whether the same call may succeed later: a disk can be freed, a process can end.
    #[must_use]
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::Directory(_) | Self::InUse => true,
            Self::Engine(error) => matches!(
                error,
                tantivy::TantivyError::IoError(_)
                    | tantivy::TantivyError::OpenReadError(_)
                    | tantivy::TantivyError::OpenWriteError(_)
                    | tantivy::TantivyError::LockFailure(..)
                    | tantivy::TantivyError::ErrorInThread(_)
                    | tantivy::TantivyError::SystemError(_)
            ),
        }
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

/// The index.
pub struct Index {
    engine: tantivy::Index,
    reader: IndexReader,
    snapshots: Snapshots,
    /// Whose turn it is to change something.
    turn: Mutex<()>,
    /// What texts are read without.
    without: Without,
    common: Arc<Common>,
    /// Whether another version has written it: it can be read, and is not to be written.
    is_outdated: bool,
    /// None if it lives in memory only.
    directory: Option<Directory>,
    /// Of one that holds nothing: the number of the last change that it was told.
    told: Option<AtomicU64>,
}

impl Index {
    /// Opens the index in a directory.
    ///
    /// What is missing, damaged or of another version is begun anew and empty: [`Self::applied`] is 0 then,
    /// and the store's changes have to be applied from the first.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if the directory cannot be used, [`IndexError::InUse`] if another process
    /// has it.
    pub fn open(dir: &Path) -> Result<Self, IndexError> {
        Self::open_without(dir, Without::NOTHING)
    }

    /// Opens the index in a directory as [`Self::open`] does; texts are read without some steps. What is written and what
    /// is asked have to leave out the same ones.
    ///
    /// # Errors
    ///
    /// As of [`Self::open`].
    pub fn open_without(dir: &Path, without: Without) -> Result<Self, IndexError> {
        let directory = Directory::take(dir)?;
        let index = directory.open(|engine| Self::read(engine, without))?;
        directory.sweep(&index.engine)?;
        Ok(Self { directory: Some(directory), ..index })
    }

    /// Begins an empty index in memory, for simulations.
    ///
    /// # Errors
    ///
    /// [`IndexError::Engine`] if the engine cannot be started.
    pub fn in_memory() -> Result<Self, IndexError> {
        let engine = tantivy::Index::create_in_ram(fields().schema.clone());
        Ok(Self::read(engine, Without::NOTHING)?)
    }

    /// Begins an index that takes note of changes and holds nothing: for simulations that judge everything but
    /// searches, where writing an index is most of the work.
    ///
    /// # Errors
    ///
    /// [`IndexError::Engine`] if the engine cannot be started.
    pub fn hollow() -> Result<Self, IndexError> {
        Ok(Self { told: Some(AtomicU64::new(0)), ..Self::in_memory()? })
    }

    fn read(engine: tantivy::Index, without: Without) -> tantivy::Result<Self> {
        engine.tokenizers().register(schema::ENTRIES, TextAnalyzer::from(Weighted));
        let reader = engine
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .doc_store_cache_num_blocks(0)
            .try_into()?;
        let state = directory::state(&engine)?;
        let (applied, is_outdated, codes) =
            state.map_or((0, false, None), |one| (one.applied, one.is_outdated, one.codes));
        let pool = Pool::default();
        let common = Arc::new(Common { reader: Reader::without(without), codes, pool });
        let first = Snapshot::read(reader.searcher(), applied, None, &common)?;
        let (snapshots, turn) = (Snapshots::new(first), Mutex::new(()));
        let (directory, told) = (None, None);
        Ok(Self { engine, reader, snapshots, turn, without, common, is_outdated, directory, told })
    }

    /// Returns the words that [`Self::search`] looks for if somebody types this, with the ways that it looks them up by:
    /// what [`Self::bare`] is to be measured with.
    ///
    /// # Errors
    ///
    /// [`IndexError::Engine`] if a file cannot be read.
    pub fn looked_up(&self, text: &str) -> Result<Vec<Word>, IndexError> {
        Ok(self.snapshots.newest().looked_up(text)?)
    }

    /// Returns how many of the best the bare engine finds for words, and how many there are in all: the limit that
    /// benchmarks measure [`Self::search`] against.
    ///
    /// # Errors
    ///
    /// [`IndexError::Engine`] if a file cannot be read.
    pub fn bare(&self, words: &[Word]) -> Result<(usize, usize), IndexError> {
        Ok(super::bare::search(&self.snapshots.newest(), words)?)
    }

    /// Returns how much each word of a query says and what it is looked up by, for the oracle.
    #[cfg(test)]
    pub(super) fn asked(&self, words: &str) -> Vec<(f32, super::snapshot::Looked)> {
        self.snapshots.newest().asked(words)
    }

    /// Returns the number of the last change that the index holds, as the last commit says.
    #[must_use]
    pub fn applied(&self) -> u64 {
        match &self.told {
            Some(told) => told.load(Ordering::Relaxed),
            None => self.snapshots.newest().applied,
        }
    }

    /// Returns how many records it holds, shown or not.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.snapshots.newest().len()
    }

    /// Returns whether it holds no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns whether files still hold something of removed records, so that [`Self::purge`] has work.
    #[must_use]
    pub fn has_deleted(&self) -> bool {
        self.snapshots.newest().has_deleted()
    }

    /// Answers a query on the newest state, or a later page on the state of the first one if it is kept.
    ///
    /// # Errors
    ///
    /// [`IndexError::Engine`] if a file cannot be read.
    pub fn search(&self, query: &Query) -> Result<Answer, IndexError> {
        Ok(self.snapshots.of(query).search(query)?)
    }

    /// Returns at most so many words that records hold and that begin so, the most frequent first.
    ///
    /// If none does, words that begin nearly so. Two letters are needed.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if a file cannot be read.
    pub fn completions(&self, begun: &str, most: usize) -> Result<Vec<String>, IndexError> {
        Ok(self.snapshots.newest().vocabulary().completions(&fold(begun), most)?)
    }

    /// Applies changes in one commit; `up_to` is the number of the last of them.
    ///
    /// Searches see them when this returns. A later change of a row replaces an earlier one.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if they could not be written: then none is applied, or, if only the news of it was
    /// lost, all are. [`Self::applied`] says which.
    pub fn apply(&self, changes: Vec<Change>, up_to: u64) -> Result<(), IndexError> {
        let _turn = self.turn();
        if up_to < self.applied() || (changes.is_empty() && up_to == self.applied()) {
            return Ok(());
        }
        if let Some(told) = &self.told {
            told.store(up_to, Ordering::Relaxed);
            return Ok(());
        }
        if let Some(directory) = &self.directory {
            directory.expect_present()?;
        }
        let done = writer::write(&self.engine, changes, up_to, self.without);
        // Whatever the engine said, what is in the directory is what counts.
        self.refresh()?;
        Ok(done?)
    }

    /// Rewrites what still holds removed records, so that no file knows a word of theirs.
    ///
    /// Returns whether something was rewritten. Pages go on in the newest state afterwards: the older ones,
    /// which knew the removed records, are let go of.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if something could not be rewritten or removed; it is to be called again then.
    pub fn purge(&self) -> Result<bool, IndexError> {
        let _turn = self.turn();
        let rewritten = writer::rewrite_deleted(&self.engine)?;
        if rewritten {
            self.refresh()?;
        }
        self.snapshots.forget();
        if let Some(directory) = &self.directory {
            directory.sweep(&self.engine)?;
        }
        Ok(rewritten)
    }

    /// Returns whether another version has written it, so that [`Self::beside`] has to take its place.
    #[must_use]
    pub const fn is_outdated(&self) -> bool {
        self.is_outdated
    }

    /// Begins an empty index beside this one, which answers until the other one is [complete](Self::complete).
    ///
    /// # Errors
    ///
    /// [`IndexError`] if it cannot be written.
    pub fn beside(&self) -> Result<Self, IndexError> {
        let Some(directory) = &self.directory else { return Self::in_memory() };
        let directory = directory.beside()?;
        let index = directory.open(|engine| Self::read(engine, self.without))?;
        Ok(Self { directory: Some(directory), ..index })
    }

    /// Notes that an index that was built beside another one holds everything: the next start takes it.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if that cannot be written.
    pub fn complete(&self) -> Result<(), IndexError> {
        self.directory.as_ref().map_or(Ok(()), Directory::complete)
    }

    /// Removes the files of an index that another one has taken the place of: they may know what was removed since.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if one stays; the next start removes it.
    pub fn retire(&self) -> Result<(), IndexError> {
        self.directory.as_ref().map_or(Ok(()), Directory::clear)
    }

    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns how many states are held, for tests.
    #[cfg(test)]
    fn states(&self) -> usize {
        self.snapshots.len()
    }

    fn refresh(&self) -> Result<(), IndexError> {
        self.reader.reload()?;
        let applied = directory::state(&self.engine)?.map_or(0, |state| state.applied);
        let next = {
            let newest = self.snapshots.newest();
            Snapshot::read(self.reader.searcher(), applied, Some(&newest), &self.common)?
        };
        self.snapshots.push(next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;

    use super::*;
    use crate::search::check::{put, record, words};

    fn rows(index: &Index, query: &Query) -> Vec<u64> {
        index.search(query).unwrap().hits.iter().map(|hit| hit.row).collect()
    }

    /// Every term of every text field in the files, found by reading them with nothing of this module.
    fn terms_on_disk(dir: &Path) -> BTreeSet<String> {
        let engine = tantivy::Index::open_in_dir(dir).unwrap();
        let mut terms = BTreeSet::new();
        for segment in engine.reader().unwrap().searcher().segment_readers() {
            for (field, _) in
                engine.schema().fields().filter(|(_, field)| field.field_type().is_str())
            {
                let inverted = segment.inverted_index(field).unwrap();
                let mut stream = inverted.terms().stream().unwrap();
                while let Some((term, _)) = stream.next() {
                    terms.insert(String::from_utf8(term.to_vec()).unwrap());
                }
            }
        }
        terms
    }

    #[test]
    fn what_was_removed_is_in_no_file_after_a_purge() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path()).unwrap();
        let (marker, stem) = ("Zyxwvutinnen", "zyxwvut");
        let mut with_marker = record(&format!("Lesen mit {marker}"));
        with_marker.description = format!("Beschreibung {marker}");
        index.apply(vec![put(1, with_marker.clone()), put(2, record("Lesen"))], 1).unwrap();
        index.apply(vec![put(3, with_marker), put(4, record("Garten"))], 2).unwrap();
        assert_eq!(rows(&index, &words(marker)), [1, 3]);
        let next = index.search(&Query { limit: 1, ..words(marker) }).unwrap().next;

        // A new version without the word removes it just as well.
        index.apply(vec![Change::Remove { row: 1 }, put(3, record("Lesen"))], 3).unwrap();
        assert!(index.has_deleted());
        assert!(terms_on_disk(dir.path()).contains(stem), "the engine keeps what is removed");

        assert!(index.purge().unwrap());
        assert!(!index.has_deleted());
        assert!(!terms_on_disk(dir.path()).iter().any(|term| term.contains(stem)));
        let living = tantivy::Index::open_in_dir(dir.path()).unwrap().load_metas().unwrap();
        let living = living.list_segment_files();
        for entry in fs::read_dir(dir.path()).unwrap() {
            let (name, path) = (entry.as_ref().unwrap().file_name(), entry.unwrap().path());
            if path.extension().is_some_and(|end| end != "json" && end != "lock") {
                assert!(living.contains(Path::new(&name)), "{name:?} is of no segment");
            }
            let bytes = fs::read(path).unwrap().to_ascii_lowercase();
            let backwards: Vec<u8> = bytes.iter().rev().copied().collect();
            for text in [&bytes, &backwards] {
                assert!(!text.windows(stem.len()).any(|part| part == stem.as_bytes()), "{name:?}");
            }
        }
        assert_eq!((index.len(), index.applied()), (3, 3));
        // The state that still knew it is let go of.
        let page = index.search(&Query { after: next, ..words(marker) }).unwrap();
        assert_eq!((page.total, page.hits.len()), (0, 0));
        assert!(!index.purge().unwrap());
    }

    #[test]
    fn goes_on_where_the_last_commit_ended() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path()).unwrap();
        assert_eq!((index.applied(), index.len()), (0, 0));
        index.apply(vec![put(7, record("Müll sammeln"))], 41).unwrap();
        index.apply(vec![], 42).unwrap();
        drop(index);
        let index = Index::open(dir.path()).unwrap();
        assert_eq!((index.applied(), index.len()), (42, 1));
        assert_eq!(rows(&index, &words("Muell")), [7]);
        index.apply(vec![Change::Remove { row: 7 }], 43).unwrap();
        assert!(index.is_empty());
    }

    #[test]
    fn a_state_is_kept_only_while_pages_go_on_in_it() {
        let index = Index::in_memory().unwrap();
        for row in 1..=6 {
            index.apply(vec![put(row, record("Garten"))], row).unwrap();
            let whole = index.search(&words("Garten")).unwrap();
            assert_eq!((whole.next, index.states()), (None, 1), "{row}");
        }
        let next = index.search(&Query { limit: 4, ..words("Garten") }).unwrap().next;
        let more = (7..=9).map(|row| put(row, record("Garten"))).collect();
        index.apply(more, 9).unwrap();
        assert_eq!(index.states(), 2);
        let page = index.search(&Query { after: next, ..words("Garten") }).unwrap();
        assert_eq!((page.total, page.hits.len()), (6, 2), "the page goes on where it began");
        for row in 10..30 {
            index.apply(vec![put(row, record("Garten"))], row).unwrap();
            let _page = index.search(&Query { limit: 1, ..words("Garten") }).unwrap();
        }
        assert_eq!(index.states(), 8, "the oldest goes when there are too many");
    }

    #[test]
    fn the_last_change_of_a_row_counts() {
        let index = Index::in_memory().unwrap();
        let changes = vec![
            put(1, record("alt")),
            put(1, record("neu")),
            put(2, record("da")),
            Change::Remove { row: 2 },
        ];
        index.apply(changes.clone(), 4).unwrap();
        index.apply(changes, 4).unwrap();
        assert_eq!(index.len(), 1);
        assert_eq!(rows(&index, &words("neu")), [1]);
        assert!(rows(&index, &words("alt")).is_empty());
    }

    #[test]
    fn many_small_commits_leave_few_segments_and_no_stray_files() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path()).unwrap();
        for row in 1..20 {
            index.apply(vec![put(row, record("Garten"))], row).unwrap();
        }
        let files = fs::read_dir(dir.path()).unwrap().count();
        assert!(files < 60, "{files}");
        assert_eq!(index.len(), 19);
        assert_eq!(index.search(&Query { limit: 0, ..words("Garten") }).unwrap().total, 19);
    }
}
