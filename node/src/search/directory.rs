//! The directory of the index: who owns it, whether what lies in it can be used, and what must not stay.
//!
//! Nothing here is worth an error that a person must clear up: what cannot be read is removed and built anew
//! from the store. Only files that the engine names so are ever removed, so that a wrong path in a
//! configuration costs nothing.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::{self, File, TryLockError};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use super::index::IndexError;
use super::schema::{fields, version};

/// Held for as long as the index is open: two writers would remove each other's segments.
const LOCK: &str = "index.lock";

/// A directory that this process alone uses.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
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
            Ok(()) => Ok(Self { path: path.to_owned(), _lock: lock }),
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

    fn check(&self) -> Result<tantivy::Index, Unusable> {
        if !self.path.join("meta.json").exists() {
            return Err(Unusable::Missing);
        }
        let index = tantivy::Index::open_in_dir(&self.path)?;
        if index.schema() != fields().schema || applied(&index)?.is_none() {
            return Err(Unusable::Version);
        }
        // The engine finds a file cut short by itself, a flipped bit only so.
        match index.validate_checksum()?.len() {
            0 => Ok(index),
            damaged => Err(Unusable::Damaged(damaged)),
        }
    }

    /// Removes what the engine has written.
    fn clear(&self) -> Result<(), IndexError> {
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

/// Returns the number of the last change in an index of this version, 0 in one that never got any.
pub(super) fn applied(index: &tantivy::Index) -> tantivy::Result<Option<u64>> {
    let metas = index.load_metas()?;
    Ok(match metas.payload.as_deref() {
        None => metas.segments.is_empty().then_some(0),
        Some(payload) => payload
            .split_once(' ')
            .filter(|(found, _)| *found == version())
            .and_then(|(_, applied)| applied.parse().ok()),
    })
}

/// Returns what a commit says of itself.
pub(super) fn payload(applied: u64) -> String {
    format!("{} {applied}", version())
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
    use crate::search::check::{put, record, words};
    use crate::search::index::Index;

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
    fn another_version_begins_anew() {
        let dir = tempfile::tempdir().unwrap();
        filled(dir.path());
        let meta = dir.path().join("meta.json");
        let text = fs::read_to_string(&meta).unwrap();
        fs::write(&meta, text.replace(version(), "0-0123456789abcdef")).unwrap();
        assert_eq!(Index::open(dir.path()).unwrap().applied(), 0);
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
