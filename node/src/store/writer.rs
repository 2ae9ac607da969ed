//! The one connection that writes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use engagement_protocol::planted::{self, Bug};
use rusqlite::{Connection, ErrorCode, TransactionBehavior};
use tokio::sync::oneshot;

use super::{Durability, ReadTx, StoreError, Threading, WriteTx, connect_writer, residue};

type Job = Box<dyn FnOnce(&mut Held) + Send>;

/// Takes jobs one after another.
#[derive(Debug)]
pub(super) struct Writer {
    way: Way,
    /// How many jobs have ended: as long as that stays, the database does.
    ended: Arc<AtomicU64>,
}

/// Where jobs are done.
#[derive(Debug)]
enum Way {
    Thread(mpsc::SyncSender<Job>),
    Here(Box<Mutex<Held>>),
}

/// The connection, and how to get another.
#[derive(Debug)]
pub(super) struct Held {
    connection: Option<Connection>,
    path: PathBuf,
    /// Whether this is a simulation.
    simulated: bool,
    /// In a simulation: how much of the write-ahead log a power failure would leave, as soon as this life has seen
    /// to it. What lay there before belongs to whoever ended the life before.
    durable: Option<u64>,
}

/// Jobs that may wait for the writer; more make their senders wait.
const QUEUE: usize = 64;

impl Writer {
    pub(super) fn start(connection: Connection, path: PathBuf, threading: Threading) -> Self {
        let simulated = threading == Threading::Caller;
        let mut held = Held { connection: Some(connection), path, simulated, durable: None };
        let ended = Arc::default();
        if simulated {
            return Self { way: Way::Here(Box::new(Mutex::new(held))), ended };
        }
        let (jobs, queue) = mpsc::sync_channel::<Job>(QUEUE);
        let run = move || {
            for job in queue {
                job(&mut held);
            }
        };
        // A thread that cannot be started leaves a closed queue: every job then answers `Closed`.
        let _started = std::thread::Builder::new().name("store-writer".to_owned()).spawn(run);
        Self { way: Way::Thread(jobs), ended }
    }

    /// Returns how many jobs have ended.
    pub(super) fn ended(&self) -> u64 {
        self.ended.load(Ordering::Acquire)
    }

    pub(super) async fn run<T, E, F>(&self, durability: Durability, job: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: FnOnce(&WriteTx<'_>) -> Result<T, E> + Send + 'static,
    {
        self.with(move |held| held.write(durability, job))
            .await
            .unwrap_or_else(|error| Err(error.into()))
    }

    pub(super) async fn checkpoint(&self) -> Result<bool, StoreError> {
        self.with(Held::checkpoint).await?
    }

    /// Returns how much of the write-ahead log a power failure would leave; nothing outside of simulations, and
    /// before anything was forced onto the disk.
    pub(super) fn durable(&self) -> Option<u64> {
        match &self.way {
            Way::Here(held) => held.lock().unwrap_or_else(PoisonError::into_inner).durable,
            Way::Thread(_) => None,
        }
    }

    async fn with<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Held) -> T + Send + 'static,
    {
        let ended = Arc::clone(&self.ended);
        let job = move |held: &mut Held| {
            let done = job(held);
            // Before anybody is told.
            ended.fetch_add(1, Ordering::Release);
            done
        };
        match &self.way {
            Way::Here(held) => {
                let done = job(&mut held.lock().unwrap_or_else(PoisonError::into_inner));
                // Here a simulation may end the node: written, and nobody was told.
                tokio::task::yield_now().await;
                Ok(done)
            }
            Way::Thread(jobs) => {
                let (answer, done) = oneshot::channel();
                let boxed: Job = Box::new(move |held| drop(answer.send(job(held))));
                let mut waiting = boxed;
                // The queue is short and drained by a thread that never waits: a full one is rare.
                loop {
                    match jobs.try_send(waiting) {
                        Ok(()) => break,
                        Err(mpsc::TrySendError::Full(job)) => {
                            waiting = job;
                            tokio::task::yield_now().await;
                        }
                        Err(mpsc::TrySendError::Disconnected(_)) => return Err(StoreError::Closed),
                    }
                }
                done.await.map_err(|_| StoreError::Closed)
            }
        }
    }
}

impl Held {
    fn write<T, E, F>(&mut self, durability: Durability, job: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: FnOnce(&WriteTx<'_>) -> Result<T, E>,
    {
        let result = self.try_write(durability, job);
        if let Err(Failed::Store(error)) = &result
            && matches!(error.code(), Some(ErrorCode::SystemIoFailure | ErrorCode::DatabaseCorrupt))
        {
            // After a failed fsync the kernel may have dropped the pages: what this connection
            // remembers cannot be believed, and the write must not be tried again on it.
            self.connection = None;
        }
        result.map_err(|failed| match failed {
            Failed::Store(error) => E::from(error),
            Failed::Job(error) => error,
        })
    }

    fn try_write<T, E, F>(&mut self, durability: Durability, job: F) -> Result<T, Failed<E>>
    where
        F: FnOnce(&WriteTx<'_>) -> Result<T, E>,
    {
        let value = {
            let connection = self.connection()?;
            let synchronous = match durability {
                Durability::Process => "PRAGMA synchronous = NORMAL",
                Durability::Full if planted::has(Bug::Durable) => "PRAGMA synchronous = NORMAL",
                Durability::Full => "PRAGMA synchronous = FULL",
            };
            connection.execute_batch(synchronous).map_err(StoreError::from)?;
            let tx = connection
                .transaction_with_behavior(TransactionBehavior::Immediate)
                .map_err(StoreError::from)?;
            let tx = WriteTx { read: ReadTx { tx, since: None } };
            let value = job(&tx).map_err(Failed::Job)?;
            tx.read.tx.commit().map_err(StoreError::from)?;
            value
        };
        self.note_durable()?;
        Ok(value)
    }

    /// What was written so far survives from now on, if SQLite itself was told to see to it.
    fn note_durable(&mut self) -> Result<(), StoreError> {
        const FULL: i64 = 2;
        if let Some(connection) = self.connection.as_ref().filter(|_| self.simulated) {
            let told: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
            if told >= FULL {
                self.durable = Some(log_bytes(&self.path));
            }
        }
        Ok(())
    }

    fn checkpoint(&mut self) -> Result<bool, StoreError> {
        let connection = self.connection()?;
        residue::overwrite(connection)?;
        let busy: i64 =
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
        if self.simulated {
            self.durable = Some(log_bytes(&self.path));
        }
        Ok(busy == 0)
    }

    fn connection(&mut self) -> Result<&mut Connection, StoreError> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect_writer(&self.path)?,
        };
        Ok(self.connection.insert(connection))
    }
}

/// Returns the size of the write-ahead log of the database at `path`.
fn log_bytes(path: &Path) -> u64 {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    std::fs::metadata(PathBuf::from(name)).map_or(0, |log| log.len())
}

enum Failed<E> {
    Store(StoreError),
    Job(E),
}

impl<E> From<StoreError> for Failed<E> {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
