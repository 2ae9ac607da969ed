//! How the search index follows the database: change after change, anew where it has to be, never in the way of a
//! search. What cannot be written now is written at the next call.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use engagement_protocol::planted::{self, Bug};

use super::{App, OpenError};
use crate::config::directory::Directory;
use crate::search::index::{Change, Index, IndexError};
use crate::store::change::Changes;
use crate::store::{Durability, Store};

/// Records that the index takes in one step.
const INDEX_BATCH: u32 = 2_000;

impl App {
    /// Brings the search index up to the last change of the database.
    ///
    /// An index whose files were deleted is begun anew; the old one answers until the new one is complete.
    /// One that cannot be written for another reason, a full disk above all, is left as it is.
    ///
    /// # Errors
    ///
    /// [`OpenError::Store`] or [`OpenError::Index`].
    pub async fn catch_up_index(&self) -> Result<(), OpenError> {
        let result = self.try_catch_up().await;
        self.inner.stuck.store(result.is_err(), Ordering::Relaxed);
        result
    }

    /// Returns whether the last attempt to bring the index up failed.
    #[must_use]
    pub fn index_is_stuck(&self) -> bool {
        self.inner.stuck.load(Ordering::Relaxed)
    }

    async fn try_catch_up(&self) -> Result<(), OpenError> {
        // One at a time: a slower one would put back what a faster one has removed since.
        let _alone = self.inner.catching_up.lock().await;
        let mut index = self.index();
        if index.is_outdated() {
            tracing::info!("the search index is built anew; the old one answers meanwhile");
            let next = Arc::new(index.beside()?);
            self.fill(&next).await?;
            next.complete()?;
            *self.inner.index.write().unwrap_or_else(PoisonError::into_inner) = Arc::clone(&next);
            index.retire()?;
            index = next;
        }
        match self.fill(&index).await {
            Err(OpenError::Index(error)) if error.is_gone() => {
                tracing::warn!(%error, "the search index is begun anew");
                index = self.begin_index()?;
                self.fill(&index).await?;
                *self.inner.index.write().unwrap_or_else(PoisonError::into_inner) =
                    Arc::clone(&index);
            }
            other => other?,
        }
        let applied = index.applied();
        let store = &self.inner.store;
        if store.read(|tx| tx.has_removals()).await? {
            store.write(Durability::Process, move |tx| tx.forget_removals(applied)).await?;
        }
        Ok(())
    }

    async fn fill(&self, index: &Arc<Index>) -> Result<(), OpenError> {
        loop {
            let index = Arc::clone(index);
            let more = self.inner.store.read(move |tx| {
                let after = index.applied();
                let changes = tx.changes(after, INDEX_BATCH)?;
                if changes.up_to <= after {
                    return Ok(false);
                }
                let up_to = changes.up_to;
                index.apply(index_changes(changes), up_to)?;
                Ok::<_, OpenError>(true)
            });
            if !more.await? {
                return Ok(());
            }
            // Whatever was changed, its old words are still in some file.
            self.purge_soon();
        }
    }

    fn begin_index(&self) -> Result<Arc<Index>, OpenError> {
        Ok(Arc::new(begin_index(&self.inner.directory)?))
    }
}

/// Opens the index, anew if it knows changes that the database does not: one that was played back from a
/// backup, or lost its last writes with the power, gives their numbers to other changes from now on.
pub(super) fn open_index(directory: &Directory, store: &Store) -> Result<Index, OpenError> {
    let index = Index::open(&directory.index())?;
    let last = store.read_here(|tx| tx.last_change())?;
    if index.applied() <= last {
        return Ok(index);
    }
    tracing::warn!(applied = index.applied(), last, "the search index is ahead: begun anew");
    drop(index);
    Ok(begin_index(directory)?)
}

fn begin_index(directory: &Directory) -> Result<Index, IndexError> {
    let path = directory.index();
    match std::fs::remove_dir_all(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(IndexError::Directory(error))
        }
        _ => Index::open(&path),
    }
}

/// What the index is told about changes: records that can be shown are put, all others are taken out.
fn index_changes(changes: Changes) -> Vec<Change> {
    use engagement_protocol::opportunity::Record;
    use engagement_protocol::slice::Line;
    let put = changes.put.into_iter().map(|changed| {
        let read = Line::read(&changed.line).map(|line| Record::read(&line));
        match read {
            Ok(Record::Opportunity(record)) => Change::Put {
                row: changed.row,
                origin: changed.origin,
                local: changed.local,
                record,
            },
            _ => Change::Remove { row: changed.row },
        }
    });
    let removed = changes.removed.into_iter().filter(|_| !planted::has(Bug::Unindexed));
    put.chain(removed.map(|row| Change::Remove { row })).collect()
}
