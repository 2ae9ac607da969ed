//! The directory of the index: who owns it, whether what lies in it can be used, and what must not stay.
//!
//! Nothing here is worth an error that a person must clear up: what cannot be read is removed and built anew
//! from the store. What was written by another version answers as well as it can until a new one is complete, which is built
//! in a folder beside it and takes its place at the next start. Only files that the engine names so are ever removed, so that a wrong path in a
//! configuration costs nothing.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::facets::{Translation, layout};
use super::index::IndexError;
use super::schema::{fields, is_version, version, words_in};

/// Held for as long as the index is open: two writers would remove each other's segments.
const LOCK: &str = "index.lock";
/// The folder in which a new index is built while the old one answers.
const BESIDE: &str = "next";
/// The file that says that it is complete.
const COMPLETE: &str = "complete";

/// A directory that this process alone uses.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    /// Shared with the one that is built beside it: both belong to one owner.
    lock: Arc<File>,
}

/// Why what lies in a directory cannot be used.
#[derive(Debug, thiserror::Error)]
enum Unusable {
    #[error("there is none")]
    Missing,
    #[error("it is of another version")]
    Version,
    #[error("{0} files are damaged")]
    Damaged(usize),
    #[error("the engine stumbled over it")]
    Panicked,
    #[error(transparent)]
    Engine(#[from] tantivy::TantivyError),
}

impl Directory {
    /// Takes the directory, creating it if need be.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if it cannot be written, [`IndexError::InUse`] if somebody else has it.
    pub(super) fn take(path: &Path) -> Result<Self, IndexError> {
        fs::create_dir_all(path)?;
        let lock =
            File::options().create(true).truncate(false).write(true).open(path.join(LOCK))?;
        match lock.try_lock() {
            Ok(()) => {
                let taken = Self { path: path.to_owned(), lock: Arc::new(lock) };
                taken.take_over()?;
                Ok(taken)
            }
            Err(TryLockError::WouldBlock) => Err(IndexError::InUse),
            Err(TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// Opens what lies in it if `reads` can read it, else begins an empty index.
    pub(super) fn open<T>(
        &self,
        reads: impl Fn(tantivy::Index) -> Result<T, tantivy::TantivyError>,
    ) -> Result<T, IndexError> {
        // A wrong number in a file that has no checksum can make the engine panic; that is damage, too.
        let found = catch_unwind(AssertUnwindSafe(|| {
            self.check().and_then(|index| reads(index).map_err(Unusable::from))
        }));
        let opened = match found.unwrap_or(Err(Unusable::Panicked)) {
            Ok(opened) => opened,
            Err(reason) => {
                tracing::info!(%reason, "the search index begins anew");
                self.clear()?;
                reads(tantivy::Index::create_in_dir(&self.path, fields().schema.clone())?)?
            }
        };
        Ok(opened)
    }

    /// Returns an empty directory inside of this one, to build an index in while this one answers.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if it cannot be written.
    pub(super) fn beside(&self) -> Result<Self, IndexError> {
        let path = self.path.join(BESIDE);
        fs::create_dir_all(&path)?;
        let beside = Self { path, lock: Arc::clone(&self.lock) };
        beside.clear()?;
        match fs::remove_file(beside.path.join(COMPLETE)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            _ => Ok(beside),
        }
    }

    /// Notes that what was built beside another one is complete, so that the next start takes it.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if that cannot be written.
    pub(super) fn complete(&self) -> Result<(), IndexError> {
        Ok(File::create(self.path.join(COMPLETE))?.sync_all()?)
    }

    /// Puts what was built beside in this one's place if it is complete, and removes it if not.
    fn take_over(&self) -> Result<(), IndexError> {
        let path = self.path.join(BESIDE);
        if !path.is_dir() {
            return Ok(());
        }
        let beside = Self { path, lock: Arc::clone(&self.lock) };
        let marker = beside.path.join(COMPLETE);
        if marker.exists() {
            self.clear()?;
            // Interrupted here, it goes on at the next start: the marker goes last.
            for entry in fs::read_dir(&beside.path)? {
                let entry = entry?;
                if entry.file_name().to_str().is_some_and(is_ours) {
                    fs::rename(entry.path(), self.path.join(entry.file_name()))?;
                }
            }
            fs::remove_file(&marker)?;
        }
        beside.clear()?;
        // Whatever else lies in there is not ours.
        let _kept = fs::remove_dir(&beside.path);
        Ok(())
    }

    fn check(&self) -> Result<tantivy::Index, Unusable> {
        if !self.path.join("meta.json").exists() {
            return Err(Unusable::Missing);
        }
        let index = tantivy::Index::open_in_dir(&self.path)?;
        let state = state(&index)?.ok_or(Unusable::Version)?;
        let is_readable = words_in(&index.schema()).is_some();
        if !is_readable || (!state.is_outdated && index.schema() != fields().schema) {
            return Err(Unusable::Version);
        }
        // The engine finds a file cut short by itself, a flipped bit only so.
        match index.validate_checksum()?.len() {
            0 => Ok(index),
            damaged => Err(Unusable::Damaged(damaged)),
        }
    }

    /// Removes what the engine has written.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if something stays.
    pub(super) fn clear(&self) -> Result<(), IndexError> {
        self.remove(|_| true)
    }

    /// Removes the segments that do not belong to `index`, whatever interrupted their removal.
    ///
    /// # Errors
    ///
    /// [`IndexError`] if one stays.
    pub(super) fn sweep(&self, index: &tantivy::Index) -> Result<(), IndexError> {
        let living: HashSet<PathBuf> = index.load_metas()?.list_segment_files();
        self.remove(|name| {
            let kept = name == "meta.json" || name.starts_with(".managed") || is_lock(name);
            !kept && !living.contains(Path::new(name))
        })
    }

    /// Makes sure that the files are still there: they are derived, so anybody may have deleted them.
    ///
    /// # Errors
    ///
    /// [`IndexError::Directory`] if they are not; the engine alone would begin an empty index and say nothing.
    pub(super) fn expect_present(&self) -> Result<(), IndexError> {
        fs::metadata(self.path.join("meta.json"))?;
        Ok(())
    }

    fn remove(&self, which: impl Fn(&str) -> bool) -> Result<(), IndexError> {
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            let name = entry.file_name();
            let name = name.to_str().filter(|name| is_ours(name) && which(name));
            if name.is_some() && entry.file_type()?.is_file() {
                match fs::remove_file(entry.path()) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }
}

/// What an index says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct State {
    /// The number of the last change in it, 0 if it never got any.
    pub(super) applied: u64,
    /// Whether another version has written it: it can be read, and is not to be written.
    pub(super) is_outdated: bool,
    /// What its codes mean, if it is of another version.
    pub(super) codes: Option<Translation>,
}

/// Returns what an index says of itself, if it says so as every version does.
pub(super) fn state(index: &tantivy::Index) -> tantivy::Result<Option<State>> {
    let metas = index.load_metas()?;
    let Some(payload) = metas.payload.as_deref() else {
        let empty = State { applied: 0, is_outdated: false, codes: None };
        return Ok(metas.segments.is_empty().then_some(empty));
    };
    let mut said = payload.split(' ');
    let (Some(found), Some(applied)) = (said.next(), said.next()) else { return Ok(None) };
    let Some(applied) = is_version(found).then(|| applied.parse().ok()).flatten() else {
        return Ok(None);
    };
    let is_outdated = found != version();
    let codes = is_outdated.then(|| Translation::of(said.next().unwrap_or_default()));
    Ok(Some(State { applied, is_outdated, codes }))
}

/// Returns what a commit says of itself.
pub(super) fn payload(applied: u64) -> String {
    format!("{} {applied} {}", version(), layout().names())
}

/// Returns whether the engine names its files so.
fn is_ours(name: &str) -> bool {
    let segment = || {
        let (stem, end) = name.split_once('.')?;
        Some(stem.len() == 32 && stem.bytes().all(|b| b.is_ascii_hexdigit()) && !end.is_empty())
    };
    let temporary = name.starts_with(".tmp") && Path::new(name).extension().is_none();
    matches!(name, "meta.json" | ".managed.json")
        || is_lock(name)
        || temporary
        || segment() == Some(true)
}

fn is_lock(name: &str) -> bool {
    name.starts_with(".tantivy-") && Path::new(name).extension() == Some(OsStr::new("lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tantivy::schema::{FAST, IndexRecordOption, Schema, TextFieldIndexing, TextOptions};
    use tantivy::tokenizer::TextAnalyzer;
    use tantivy::{IndexWriter, doc};

    use crate::search::analysis::stem::stem;
    use crate::search::check::{put, record, today, words};
    use crate::search::entry::Weighted;
    use crate::search::index::Index;
    use crate::search::query::{Near, Query};
    use crate::search::schema::ENTRIES;

    fn filled(dir: &Path) {
        let index = Index::open(dir).unwrap();
        index.apply(vec![put(1, record("Garten")), put(2, record("Garten"))], 9).unwrap();
    }

    fn files(dir: &Path) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into()).collect();
        files.sort();
        files
    }

    type Damage = (&'static str, fn(&mut Vec<u8>));

    #[test]
    fn any_damage_to_any_file_begins_anew_or_does_no_harm() {
        let damages: [Damage; 4] = [
            ("cut short", |bytes| bytes.truncate(bytes.len() / 2)),
            ("garbage", |bytes| bytes.fill(b'x')),
            ("one bit", |bytes| bytes.iter_mut().skip(3).take(1).for_each(|byte| *byte ^= 1)),
            // No checksum guards the numbers in `meta.json`.
            ("numbers", |bytes| bytes.iter_mut().filter(|b| **b == b'2').for_each(|b| *b = b'9')),
        ];
        let model = tempfile::tempdir().unwrap();
        filled(model.path());
        let names = files(model.path());
        let mut anew = 0;
        for (damaged, (damage, act)) in
            names.iter().flat_map(|name| damages.iter().map(move |damage| (name, damage)))
        {
            let dir = tempfile::tempdir().unwrap();
            for name in &names {
                let mut bytes = fs::read(model.path().join(name)).unwrap();
                if name == damaged {
                    act(&mut bytes);
                }
                fs::write(dir.path().join(name), bytes).unwrap();
            }
            let index = Index::open(dir.path()).unwrap();
            let state = (index.applied(), index.len());
            assert!(matches!(state, (0, 0) | (9, 2)), "{damage} {damaged:?}: {state:?}");
            let total = index.search(&words("Garten")).unwrap().total;
            assert_eq!(total, state.1, "{damage} {damaged:?}");
            anew += usize::from(state == (0, 0));
        }
        assert!(anew > 20, "{anew}");
    }

    #[test]
    fn a_missing_segment_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        let segment =
            files(dir.path()).into_iter().find(|path| path.extension() == Some(OsStr::new("term")));
        fs::remove_file(dir.path().join(segment.unwrap())).unwrap();
        assert_eq!(Index::open(dir.path()).unwrap().applied(), 0);
    }

    #[test]
    fn what_says_nothing_of_its_version_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        let meta = dir.path().join("meta.json");
        let text = fs::read_to_string(&meta).unwrap();
        fs::write(&meta, text.replace(version(), "neu")).unwrap();
        assert_eq!(Index::open(dir.path()).unwrap().applied(), 0);
    }

    /// An index as another version could have written it: other columns in another order, other numbers for codes.
    fn of_another_layout(dir: &Path) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(ENTRIES)
            .set_index_option(IndexRecordOption::WithFreqs);
        let words = TextOptions::default().set_indexing_options(indexing);
        let words = schema.add_text_field("words", words);
        let [end, row, codes, colour] =
            ["end", "row", "codes_low", "colour"].map(|name| schema.add_u64_field(name, FAST));
        let engine = tantivy::Index::create_in_dir(dir, schema.build()).unwrap();
        engine.tokenizers().register(ENTRIES, TextAnalyzer::from(Weighted));
        let mut writer: IndexWriter = engine.writer_with_num_threads(1, 15_000_000).unwrap();
        let entry = format!("6{}\n", stem("garten"));
        for number in 1..=3u64 {
            let day = u64::from(today().number()) + 30;
            let document = doc!(
                words => entry.as_str(), end => day, row => number, codes => 1u64 << (number % 2), colour => 7u64);
            writer.add_document(document).unwrap();
        }
        let mut commit = writer.prepare_commit().unwrap();
        commit.set_payload("3-0123456789ab.0-0123456789ab 9 field/sport,direction/offer");
        commit.commit().unwrap();
    }

    #[test]
    fn what_another_layout_wrote_answers_as_well_as_it_can_until_a_new_one_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        of_another_layout(dir.path());
        let old = Index::open(dir.path()).unwrap();
        assert_eq!((old.applied(), old.len(), old.is_outdated()), (9, 3, true));
        let answer = old.search(&words("Garten")).unwrap();
        assert_eq!(answer.total, 3);
        let count = |facet: &str| answer.facets.0[facet][0].clone();
        assert_eq!((count("field").code, count("field").count), ("sport", 1));
        assert_eq!((count("direction").code, count("direction").count), ("offer", 2));
        let near = Some(Near { lat: 51.9, lon: 7.2, ags: None });
        let around = Query { near, radius_km: Some(10.0), ..words("Garten") };
        assert_eq!(old.search(&around).unwrap().total, 0, "nobody knows where they are");
        let new = old.beside().unwrap();
        new.apply(vec![put(1, record("Garten"))], 10).unwrap();
        assert_eq!(old.search(&words("Garten")).unwrap().total, 3, "the old one still answers");
        new.complete().unwrap();
        old.retire().unwrap();
        drop((old, new));
        let again = Index::open(dir.path()).unwrap();
        assert_eq!((again.applied(), again.len(), again.is_outdated()), (10, 1, false));
        assert_eq!(again.search(&around).unwrap().total, 1);
    }

    /// Makes an index look as if a version with another analysis had written it.
    fn outdate(dir: &Path) {
        let meta = dir.join("meta.json");
        let (layout, _) = version().split_once('.').unwrap();
        let text = fs::read_to_string(&meta).unwrap();
        fs::write(&meta, text.replace(version(), &format!("{layout}.0-0123456789ab"))).unwrap();
    }

    #[test]
    fn what_another_analysis_wrote_answers_until_a_new_one_is_complete() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        outdate(dir.path());
        let old = Index::open(dir.path()).unwrap();
        assert!(old.is_outdated() && old.search(&words("Garten")).unwrap().total == 2);
        let new = old.beside().unwrap();
        assert!(!new.is_outdated() && new.is_empty());
        new.apply(vec![put(1, record("Wald"))], 10).unwrap();
        assert_eq!(old.search(&words("Garten")).unwrap().total, 2, "the old one still answers");
        new.complete().unwrap();
        old.retire().unwrap();
        drop(old);
        // It goes on where it is, and the next start puts it where it belongs.
        assert!(matches!(Index::open(dir.path()).err(), Some(IndexError::InUse)));
        new.apply(vec![put(2, record("Wald"))], 11).unwrap();
        drop(new);
        let again = Index::open(dir.path()).unwrap();
        assert_eq!((again.applied(), again.len(), again.is_outdated()), (11, 2, false));
        assert!(!dir.path().join(BESIDE).exists());
    }

    #[test]
    fn what_was_not_completed_beside_is_removed_at_the_next_start() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        outdate(dir.path());
        let old = Index::open(dir.path()).unwrap();
        let new = old.beside().unwrap();
        new.apply(vec![put(1, record("Wald"))], 10).unwrap();
        drop((old, new));
        let again = Index::open(dir.path()).unwrap();
        assert_eq!((again.applied(), again.is_outdated()), (9, true));
        assert!(!dir.path().join(BESIDE).exists());
    }

    #[test]
    fn only_the_engines_own_files_are_ever_removed() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        let foreign =
            ["node.toml", "engagement.db", ".tmp.toml", "0123456789abcdef.term", "notes.json"];
        for name in foreign {
            fs::write(dir.path().join(name), "mine").unwrap();
        }
        let stray = dir.path().join("0123456789abcdef0123456789abcdef.term");
        fs::write(&stray, "left behind by a crash").unwrap();
        drop(Index::open(dir.path()).unwrap());
        assert!(!stray.exists());
        fs::write(dir.path().join("meta.json"), "{").unwrap();
        drop(Index::open(dir.path()).unwrap());
        for name in foreign {
            assert_eq!(fs::read_to_string(dir.path().join(name)).unwrap(), "mine", "{name}");
        }
    }

    #[test]
    fn two_owners_and_a_path_that_is_no_directory_are_errors() {
        let dir = tempfile::tempdir().unwrap();
        let index = Index::open(dir.path()).unwrap();
        assert!(matches!(Index::open(dir.path()).err(), Some(IndexError::InUse)));
        drop(index);
        assert!(Index::open(dir.path()).is_ok());
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(matches!(Index::open(&file).err(), Some(IndexError::Directory(_))));
    }
}
