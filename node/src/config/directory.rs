//! The directory of a node: what lies where, and who may hold it.
//!
//! `node.toml` is the operator's, `node.db` the truth, `index/` derived from it. The private keys lie
//! outside the database, readable by their owner alone, so that a copied database signs nothing.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use engagement_protocol::key::SigningKey;
use engagement_protocol::seal::SealSecret;
use engagement_protocol::time::Timestamp;

/// Where the files of a node lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory(PathBuf);

/// A file that belongs into a backup.
#[derive(Debug)]
pub struct Kept {
    /// Its name.
    pub name: String,
    /// What it holds; keys among them, so the bytes are wiped.
    pub bytes: zeroize::Zeroizing<Vec<u8>>,
}

/// Held while a process signs and indexes for this directory; given back when it ends, however it ends.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why a directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DirectoryError {
    /// Another process runs on it.
    #[error(
        "Auf {0} läuft bereits ein Knoten. Beenden Sie ihn zuerst, oder wählen Sie ein anderes Verzeichnis."
    )]
    InUse(String),
    /// There is no node in it.
    #[error(
        "In {0} gibt es keinen Knoten. Legen Sie ihn an: engagement-node init --dir {0} --id … --name … --listen …"
    )]
    NoNode(String),
    /// There is a node in it already.
    #[error(
        "In {0} gibt es bereits einen Knoten (node.toml oder node.key). Nichts wurde verändert."
    )]
    Exists(String),
    /// A key file is not there.
    #[error(
        "{0} fehlt. Spielen Sie die Datei aus der Sicherung zurück; gibt es keine, legt `engagement-node rotate-key --lost` eine neue an."
    )]
    NoKey(String),
    /// A key file is damaged.
    #[error(
        "{path} ist keine Schlüsseldatei ({reason}). Spielen Sie die Datei aus der Sicherung zurück."
    )]
    Key {
        /// Which file.
        path: String,
        /// What is wrong.
        reason: String,
    },
    /// The system refuses.
    #[error("{path}: {error}. Prüfen Sie Pfad, Rechte und freien Speicherplatz.")]
    Io {
        /// Which file.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
}

impl Directory {
    /// Names a directory; nothing is touched.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Returns the directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Returns where the configuration lies.
    #[must_use]
    pub fn config(&self) -> PathBuf {
        self.0.join("node.toml")
    }

    /// Returns where the database lies.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.0.join("node.db")
    }

    /// Returns where the search index lies.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.0.join("index")
    }

    /// Returns where the newest own states are kept outside the database.
    #[must_use]
    pub fn fence(&self) -> PathBuf {
        self.0.join("fence.json")
    }

    /// Returns where proofs lie that nodes signed two states with one number.
    #[must_use]
    pub fn proofs(&self) -> PathBuf {
        self.0.join("proofs")
    }

    /// Returns where commands reach the running node.
    #[must_use]
    pub fn socket(&self) -> PathBuf {
        self.0.join("node.sock")
    }

    /// Makes sure that there is a node.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::NoNode`].
    pub fn expect_node(&self) -> Result<(), DirectoryError> {
        if self.config().is_file() { Ok(()) } else { Err(DirectoryError::NoNode(self.name())) }
    }

    /// Removes what a new node was begun with, after [`Self::expect_empty`] has said that nothing was there.
    pub fn discard_begun(&self) {
        let database = self.database();
        let beside = ["-wal", "-shm"].map(|end| {
            let mut name = database.clone().into_os_string();
            name.push(end);
            PathBuf::from(name)
        });
        for path in
            [self.config(), self.key_path(), self.seal_path(), database].iter().chain(&beside)
        {
            // What is not there, or cannot be removed either, is named when `init` is tried again.
            let _removed = std::fs::remove_file(path);
        }
    }

    /// Makes sure that there is no node, and creates the directory.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Exists`] or [`DirectoryError::Io`].
    pub fn expect_empty(&self) -> Result<(), DirectoryError> {
        std::fs::create_dir_all(&self.0).map_err(|error| io(&self.0, error))?;
        let taken = [self.config(), self.key_path(), self.seal_path(), self.database()];
        if taken.iter().any(|path| path.exists()) {
            return Err(DirectoryError::Exists(self.name()));
        }
        Ok(())
    }

    /// Takes the directory for this process.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::InUse`] or [`DirectoryError::Io`].
    pub fn lock(&self) -> Result<Lock, DirectoryError> {
        let path = self.0.join("lock");
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(|error| io(&path, error))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DirectoryError::InUse(self.name())),
            Err(TryLockError::Error(error)) => Err(io(&path, error)),
        }
    }

    /// Writes a file that its owner alone can read; refuses to replace one.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn write_keys(&self, key: &SigningKey, seal: &SealSecret) -> Result<(), DirectoryError> {
        write_secret(&self.key_path(), &key.to_secret_text())?;
        self.write_seal(seal)
    }

    /// Reads both keys.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Key`] or [`DirectoryError::Io`].
    pub fn read_keys(&self) -> Result<(SigningKey, SealSecret), DirectoryError> {
        let (key_path, seal_path) = (self.key_path(), self.seal_path());
        let (key, _) = read_signing(&key_path)?;
        let seal = SealSecret::from_secret_text(read_secret(&seal_path)?.trim())
            .map_err(|error| key_error(&seal_path, &error))?;
        Ok((key, seal))
    }

    /// Returns whether the signing key is there.
    #[must_use]
    pub fn has_key(&self) -> bool {
        self.key_path().is_file()
    }

    /// Returns whether the key that opens messages is there.
    #[must_use]
    pub fn has_seal(&self) -> bool {
        self.seal_path().is_file()
    }

    /// Writes the key that opens messages; refuses to replace one.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn write_seal(&self, seal: &SealSecret) -> Result<(), DirectoryError> {
        write_secret(&self.seal_path(), &seal.to_secret_text())
    }

    /// Reads a signing key from a file anywhere, and until when the one before it signs beside it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Key`] or [`DirectoryError::Io`].
    pub fn read_signing_key(
        path: &Path,
    ) -> Result<(SigningKey, Option<Timestamp>), DirectoryError> {
        read_signing(path)
    }

    /// Returns until when the key before the present one signs beside it.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Key`] or [`DirectoryError::Io`].
    pub fn key_until(&self) -> Result<Option<Timestamp>, DirectoryError> {
        Ok(read_signing(&self.key_path())?.1)
    }

    /// Puts another signing key in the place of the present one, so that a crash leaves one or the other. The
    /// key before it goes into a second line, with the time until which both sign.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn replace_key(
        &self,
        key: &SigningKey,
        until: Option<Timestamp>,
    ) -> Result<(), DirectoryError> {
        let (path, next) = (self.key_path(), self.0.join("node.key.new"));
        let mut text = key.to_secret_text();
        if let (Some(before), Some(until)) = (key.before(), until) {
            let before = before.to_secret_text();
            // Room first: a text that grows leaves its old bytes behind.
            let mut both = zeroize::Zeroizing::new(String::with_capacity(1024));
            both.push_str(&text);
            both.push('\n');
            both.push_str(&before);
            both.push_str(&format!(" {}", until.as_ms()));
            text = both;
        }
        match std::fs::remove_file(&next) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(io(&next, error));
            }
            _ => {}
        }
        write_secret(&next, &text)?;
        std::fs::rename(&next, &path).map_err(|error| io(&path, error))?;
        let directory = File::open(&self.0).and_then(|directory| directory.sync_all());
        directory.map_err(|error| io(&self.0, error))
    }

    /// Returns the files that belong into a backup beside the database: the configuration and every key.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn kept_files(&self) -> Result<Vec<Kept>, DirectoryError> {
        let read = || {
            let mut files = Vec::new();
            for entry in std::fs::read_dir(&self.0)? {
                let entry = entry?;
                let Ok(name) = entry.file_name().into_string() else { continue };
                if name == "node.toml" || name.ends_with(".key") {
                    let bytes = zeroize::Zeroizing::new(std::fs::read(entry.path())?);
                    files.push(Kept { name, bytes });
                }
            }
            files.sort_by(|one, other| one.name.cmp(&other.name));
            Ok(files)
        };
        read().map_err(|error| io(&self.0, error))
    }

    /// Writes a file from a backup, readable by its owner alone, unless it is there. Returns whether it was
    /// written; a name that is not that of such a file is passed over.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn put_missing(&self, name: &str, bytes: &[u8]) -> Result<bool, DirectoryError> {
        let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte));
        let expected = name == "node.toml" || name.ends_with(".key");
        let path = self.0.join(name);
        if !plain || !expected || path.exists() {
            return Ok(false);
        }
        write_private(&path, &[bytes]).map(|()| true)
    }

    /// Changes the configuration: one editor at a time, and a crash leaves the old text or the new one.
    ///
    /// Whoever comes second waits, and is given what the first has written.
    ///
    /// # Errors
    ///
    /// What `edit` returns: nothing has changed then; or [`DirectoryError::Io`].
    pub fn edit_config<E: From<DirectoryError>>(
        &self,
        edit: impl FnOnce(&str) -> Result<String, E>,
    ) -> Result<(), E> {
        let (path, turn) = (self.config(), self.0.join("node.toml.lock"));
        let locked = File::create(&turn).and_then(|file| file.lock().map(|()| file));
        let _turn = locked.map_err(|error| io(&turn, error))?;
        let text = std::fs::read_to_string(&path).map_err(|error| io(&path, error))?;
        Ok(self.write_config(&edit(&text)?)?)
    }

    /// Writes a whole configuration, as `init` does.
    ///
    /// # Errors
    ///
    /// [`DirectoryError::Io`].
    pub fn write_config(&self, text: &str) -> Result<(), DirectoryError> {
        let (path, next) = (self.config(), self.0.join("node.toml.new"));
        let write = || {
            let mut file = File::create(&next)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&next, &path)?;
            File::open(&self.0)?.sync_all()
        };
        write().map_err(|error| io(&path, error))
    }

    fn key_path(&self) -> PathBuf {
        self.0.join("node.key")
    }

    fn seal_path(&self) -> PathBuf {
        self.0.join("seal.key")
    }

    fn name(&self) -> String {
        self.0.display().to_string()
    }
}

/// Reads the signing key, and the one before it with the time until which both sign.
fn read_signing(path: &Path) -> Result<(SigningKey, Option<Timestamp>), DirectoryError> {
    let text = read_secret(path)?;
    let mut lines = text.lines();
    let read = |text: &str| {
        SigningKey::from_secret_text(text.trim()).map_err(|error| key_error(path, &error))
    };
    let key = read(lines.next().unwrap_or_default())?;
    let Some((before, until)) = lines.next().and_then(|line| line.rsplit_once(' ')) else {
        return Ok((key, None));
    };
    let until = until.parse().map(Timestamp::from_ms).map_err(|error| key_error(path, &error))?;
    let key = key.after(read(before)?).map_err(|error| key_error(path, &error))?;
    Ok((key, Some(until)))
}

fn write_secret(path: &Path, text: &str) -> Result<(), DirectoryError> {
    write_private(path, &[text.as_bytes(), b"\n"])
}

fn write_private(path: &Path, parts: &[&[u8]]) -> Result<(), DirectoryError> {
    let mut file = OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| io(path, error))?;
    let mut write = || {
        parts.iter().try_for_each(|part| file.write_all(part))?;
        file.sync_all()
    };
    write().map_err(|error| {
        // On a full disk an empty file is left, which would look like a key that must not be replaced.
        let _removed = std::fs::remove_file(path);
        io(path, error)
    })
}

fn read_secret(path: &Path) -> Result<zeroize::Zeroizing<String>, DirectoryError> {
    let read = std::fs::read_to_string(path).map(zeroize::Zeroizing::new);
    read.map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => DirectoryError::NoKey(path.display().to_string()),
        std::io::ErrorKind::InvalidData => key_error(path, &"kein Text"),
        _ => io(path, error),
    })
}

fn key_error(path: &Path, reason: &dyn std::fmt::Display) -> DirectoryError {
    DirectoryError::Key { path: path.display().to_string(), reason: reason.to_string() }
}

fn io(path: &Path, error: std::io::Error) -> DirectoryError {
    DirectoryError::Io { path: path.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn keys_are_readable_by_their_owner_alone_and_never_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::new(dir.path());
        let key = SigningKey::from_seed("05".parse().unwrap(), &[1; 32]);
        let seal = SealSecret::from_seed([2; 32]);
        directory.write_keys(&key, &seal).unwrap();
        for name in ["node.key", "seal.key"] {
            let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert!(directory.write_keys(&key, &seal).is_err());
        assert!(matches!(directory.expect_empty(), Err(DirectoryError::Exists(_))));
    }

    #[test]
    fn a_replaced_key_stays_with_its_owner_and_keeps_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::new(dir.path());
        let key = |seed| SigningKey::from_seed("05".parse().unwrap(), &[seed; 32]);
        directory.write_keys(&key(1), &SealSecret::from_seed([2; 32])).unwrap();
        assert_eq!(directory.key_until().unwrap(), None);
        let until = Timestamp::from_ms(1_767_312_000_000);
        let both = key(3).after(key(1)).unwrap();
        directory.replace_key(&both, Some(until)).unwrap();
        assert_eq!(directory.read_keys().unwrap().0.verifiers(), both.verifiers());
        assert_eq!(directory.key_until().unwrap(), Some(until));
        let mode = std::fs::metadata(dir.path().join("node.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        directory.replace_key(&key(3), None).unwrap();
        assert_eq!(directory.read_keys().unwrap().0.verifiers().len(), 1);
        assert!(!dir.path().join("node.key.new").exists());
    }

    #[test]
    fn no_change_of_the_configuration_is_lost_to_another() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::new(dir.path());
        directory.write_config("").unwrap();
        std::thread::scope(|scope| {
            for editor in 0..8 {
                let directory = &directory;
                scope.spawn(move || {
                    for _ in 0..10 {
                        let add = |text: &str| Ok::<_, DirectoryError>(format!("{text}{editor}\n"));
                        directory.edit_config(add).unwrap();
                    }
                });
            }
        });
        let text = std::fs::read_to_string(directory.config()).unwrap();
        assert_eq!(text.lines().count(), 80);
    }

    #[test]
    fn one_process_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let directory = Directory::new(dir.path());
        let held = directory.lock().unwrap();
        assert!(matches!(directory.lock(), Err(DirectoryError::InUse(_))));
        drop(held);
        assert!(directory.lock().is_ok());
    }
}
