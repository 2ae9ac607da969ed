//! The database: all SQL of the node, and the only place that knows there is SQLite.
//!
//! One connection writes, on a thread of its own; a few others read. [`Store::read`] and
//! [`Store::write`] hand out two types, and only the second can change a row. The database is the truth;
//! the search index is derived from it. What is published or acknowledged to a peer is committed with
//! [`Durability::Full`]: SQLite in WAL mode may lose the last transactions at a power failure otherwise.
//!
//! When things break: a full disk or a locked file is transient and changes nothing; after an I/O error
//! the writing connection is dropped and opened anew, because pages that failed to reach the disk must not
//! be believed; a database of a newer version is refused with a sentence that says so.

pub mod audit;
pub mod backup;
pub mod change;
pub mod contact;
pub mod difference;
pub mod draft;
pub mod feed;
pub mod job;
mod migrate;
pub mod receipt;
pub mod record;
pub mod register;
pub mod replica;
mod residue;
pub mod signed;
mod writer;

use std::ops::Deref;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use engagement_protocol::hash::Hash;
use rusqlite::config::DbConfig;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};
use tokio::sync::Semaphore;

use writer::Writer;

/// Connections that read at a time.
const READERS: usize = 4;

/// Why the database did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite refused; the sentence holds its words, so that they are no cause of their own.
    #[error("{}", sqlite(.0))]
    Sqlite(rusqlite::Error),
    /// A newer program has written this database.
    #[error(
        "Die Datenbank hat Version {found}, dieses Programm kennt Version {known}. Installieren Sie die neuere Fassung des Programms; die Daten bleiben unverändert."
    )]
    Newer {
        /// The database's version.
        found: i64,
        /// The newest version this program knows.
        known: i64,
    },
    /// The database is another node's.
    #[error(
        "Die Datenbank gehört zum Knoten {found}, in node.toml steht {expected}. Tragen Sie die richtige Kennung ein oder wählen Sie das richtige Verzeichnis."
    )]
    OtherNode {
        /// Whose it is.
        found: String,
        /// Whose it should be.
        expected: String,
    },
    /// The file is a database, but no backup.
    #[error("{0} ist keine Sicherung, wie `engagement-node backup` sie schreibt")]
    NoBackup(String),
    /// A row does not have the hash that was kept beside it, or cannot be read.
    #[error(
        "In der Datenbank ist {0} beschädigt. Prüfen Sie den Datenträger und führen Sie `engagement-node check` aus."
    )]
    Damaged(String),
    /// The directory cannot be used.
    #[error("{path}: {error}. Prüfen Sie Pfad, Rechte und freien Speicherplatz.")]
    Io {
        /// Which path.
        path: String,
        /// What the system said.
        error: std::io::Error,
    },
    /// The writing thread has ended: the node is stopping.
    #[error("Die Datenbank ist geschlossen.")]
    Closed,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl StoreError {
    /// Returns whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(
            self.code(),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull)
        )
    }

    /// Returns whether the disk is full.
    #[must_use]
    pub fn is_disk_full(&self) -> bool {
        self.code() == Some(ErrorCode::DiskFull)
    }

    fn code(&self) -> Option<ErrorCode> {
        match self {
            Self::Sqlite(error) => error.sqlite_error_code(),
            _ => None,
        }
    }
}

/// What has to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Survives the end of the process; after a power failure a copy is fetched again.
    Process,
    /// Survives a power failure: what was published, acknowledged or signed.
    Full,
}

/// Where the work is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Threading {
    /// On threads of its own, so that nothing waits.
    Own,
    /// On the caller's thread, so that a simulation is replayed step by step.
    Caller,
}

/// An open database.
#[derive(Debug, Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    threading: Threading,
    readers: Mutex<Vec<Connection>>,
    permits: Arc<Semaphore>,
    writer: Writer,
}

/// A transaction that reads one state of the database.
#[derive(Debug)]
pub struct ReadTx<'a> {
    tx: rusqlite::Transaction<'a>,
    /// How many jobs of the writer had ended when it began; nothing within one of them.
    since: Option<u64>,
}

/// A transaction that may change rows; committed if its closure returns `Ok`.
#[derive(Debug)]
pub struct WriteTx<'a> {
    read: ReadTx<'a>,
}

impl<'a> Deref for WriteTx<'a> {
    type Target = ReadTx<'a>;

    fn deref(&self) -> &ReadTx<'a> {
        &self.read
    }
}

impl ReadTx<'_> {
    /// Returns a number that two transactions of this process have in common only if nothing was written between them;
    /// nothing if this one writes.
    pub(crate) const fn since(&self) -> Option<u64> {
        self.since
    }
}

impl Store {
    /// Opens the database of `node`, or begins one.
    ///
    /// # Errors
    ///
    /// [`StoreError::Newer`], [`StoreError::OtherNode`], [`StoreError::Io`], [`StoreError::Sqlite`].
    pub fn open(path: &Path, node: &str, threading: Threading) -> Result<Self, StoreError> {
        if let Some(parent) = path.parent()
            && !parent.is_dir()
        {
            let error = std::io::Error::from(std::io::ErrorKind::NotFound);
            return Err(StoreError::Io { path: parent.display().to_string(), error });
        }
        let mut connection = connect_writer(path)?;
        migrate::run(&mut connection, node)?;
        let writer = Writer::start(connection, path.to_owned(), threading);
        Ok(Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                threading,
                readers: Mutex::default(),
                permits: Arc::new(Semaphore::new(READERS)),
                writer,
            }),
        })
    }

    /// Runs `job` on one consistent state of the database.
    ///
    /// # Errors
    ///
    /// What `job` returns, or [`StoreError`].
    pub async fn read<T, E, F>(&self, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&ReadTx<'_>) -> Result<T, E> + Send + 'static,
    {
        if self.inner.threading == Threading::Caller {
            tokio::task::yield_now().await;
            return self.read_here(job);
        }
        let permit = Arc::clone(&self.inner.permits).acquire_owned().await;
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            store.read_here(job)
        });
        done.await.unwrap_or_else(|_| Err(StoreError::Closed.into()))
    }

    /// Runs `job` like [`Store::read`], on this thread: for commands and for threads that may wait.
    ///
    /// # Errors
    ///
    /// What `job` returns, or [`StoreError`].
    pub fn read_here<T, E, F>(&self, job: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&ReadTx<'_>) -> Result<T, E>,
    {
        let pooled = self.readers().pop();
        let mut connection = match pooled {
            Some(connection) => connection,
            None => connect_reader(&self.inner.path)?,
        };
        // Before the transaction sees anything.
        let since = Some(self.inner.writer.ended());
        let result = connection
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .map_err(|error| E::from(StoreError::from(error)))
            .and_then(|tx| job(&ReadTx { tx, since }));
        let mut readers = self.readers();
        if readers.len() < READERS {
            readers.push(connection);
        }
        result
    }

    /// Runs `job` alone, and commits if it returns `Ok`; otherwise nothing has happened.
    ///
    /// # Errors
    ///
    /// What `job` returns, or [`StoreError`].
    pub async fn write<T, E, F>(&self, durability: Durability, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.inner.writer.run(durability, job).await
    }

    /// Overwrites what moved rows have left behind, moves what was written into the database file and empties the
    /// write-ahead log, so that nothing removed is left in either. Returns whether that was complete: a reader may stand in the way.
    ///
    /// # Errors
    ///
    /// [`StoreError::Sqlite`].
    pub async fn checkpoint(&self) -> Result<bool, StoreError> {
        self.inner.writer.checkpoint().await
    }

    /// Returns how much of the write-ahead log a power failure would leave, for a simulation to cut it there.
    ///
    /// Nothing where the database works on threads of its own: there the system knows, and nobody asks. And nothing
    /// before this life has forced anything onto the disk: what lay there when it began is as safe as it was.
    #[must_use]
    pub fn durable_log_bytes(&self) -> Option<u64> {
        self.inner.writer.durable()
    }

    fn readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.inner.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says what an operator can do where the disk is to blame.
fn sqlite(error: &rusqlite::Error) -> String {
    match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => format!(
            "Der Datenträger ist voll ({error}). Schaffen Sie Platz und versuchen Sie es noch einmal; was vorher gespeichert war, ist unversehrt."
        ),
        Some(ErrorCode::SystemIoFailure) => format!(
            "Der Datenträger nimmt nichts an oder gibt nichts heraus ({error}). Prüfen Sie freien Speicherplatz, Rechte und den Datenträger selbst; was vorher gespeichert war, ist unversehrt."
        ),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => format!(
            "Die Datenbank node.db ist beschädigt ({error}). Beenden Sie den Knoten, heben Sie die Datei auf, prüfen Sie den Datenträger, und spielen Sie eine Sicherung zurück: engagement-node restore. Gibt es keine, baut engagement-node recover den Knoten aus den Kopien der anderen wieder auf."
        ),
        _ => format!("Datenbank: {error}"),
    }
}

fn connect_writer(path: &Path) -> Result<Connection, StoreError> {
    // Its owner's alone, drafts are in it; SQLite gives the files beside it the same rights.
    let private =
        std::fs::OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(path);
    drop(private);
    let connection = Connection::open(path)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // secure_delete overwrites removed rows; `checkpoint` overwrites what moved rows have left, and empties the WAL.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = -4096; PRAGMA trusted_schema = OFF;",
    )?;
    residue::expect(&connection)?;
    keep_prepared(&connection)?;
    Ok(connection)
}

fn connect_reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    connection.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2048;")?;
    keep_prepared(&connection)?;
    Ok(connection)
}

/// Keeps statements as they were prepared.
fn keep_prepared(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(64);
    // Else SQLite plans a statement anew for each value that is bound to it: it was a third of what finding a row cost.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// A hash as a column; lives here because both types are foreign to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct HashColumn(pub(crate) Hash);

impl ToSql for HashColumn {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Blob(self.0.as_bytes())))
    }
}

impl FromSql for HashColumn {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let bytes = value.as_blob()?.try_into().map_err(|_| FromSqlError::InvalidType)?;
        Ok(Self(Hash::from_bytes(bytes)))
    }
}

/// Reads a column whose text must parse; what does not is damage.
fn parsed<T: std::str::FromStr>(text: &str, what: &str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Damaged(what.to_owned()))
}

/// A protocol number (below 2^53) as SQLite's signed integer.
fn integer(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// SQLite's signed integer as a protocol number.
fn number(integer: i64) -> u64 {
    u64::try_from(integer).unwrap_or(0)
}

#[cfg(test)]
mod tests;
