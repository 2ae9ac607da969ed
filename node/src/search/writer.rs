//! Writes changes: one commit, then as few segments as searches like and a purge can bear.
//!
//! A writer lives for one call. Idle it would keep threads and megabytes, and one that failed would carry
//! half a change into the next commit. It merges nothing by itself: what is merged is asked for and waited
//! for here, so that nothing goes on when a call has returned.

use std::num::NonZero;
use std::thread::ScopedJoinHandle;

use tantivy::index::SegmentId;
use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::{LogMergePolicy, MergePolicy, NoMergePolicy};
use tantivy::{Index, IndexWriter, Result, SegmentMeta, TantivyDocument};

use crate::search::analysis::document::Memo;
use crate::search::analysis::steps::Without;
use crate::search::index::Change;

use super::directory::payload;
use super::schema::fields;

/// So many segments of about one size become one.
const MERGED_AT_ONCE: usize = 4;
/// With more changes at once nobody waits for one of them: the index is built, or a town's first copy taken.
const MANY: usize = 1_000;
/// So many changes are read before they are written: each is held in memory until then.
const PREPARED: usize = 256;
/// Most threads that read words.
const THREADS: usize = 2;
/// Segments with fewer records count as of one size.
const SMALL: u32 = 512;
/// Segments with more records stay as they are, so that letting go of one record rewrites few others.
const LARGE: usize = 30_000;

/// Commits the changes, of which `up_to` is the last, and keeps segments few.
///
/// # Errors
///
/// Of the engine. The commit may be there nevertheless: only the directory knows.
pub(super) fn write(
    index: &Index,
    changes: Vec<Change>,
    up_to: u64,
    without: Without,
) -> Result<()> {
    let mut writer = open(index)?;
    let threads = if changes.len() > MANY { threads() } else { 1 };
    let mut memos = vec![Memo::without(without); threads];
    let mut changes = changes.into_iter();
    loop {
        // What has been written is let go of before the next is read.
        let some: Vec<Change> = changes.by_ref().take(PREPARED).collect();
        if some.is_empty() {
            break;
        }
        let each = some.len().div_ceil(threads);
        for prepared in prepare(some.chunks(each), &mut memos)? {
            for (row, document) in prepared {
                writer.delete_term(fields().term(row));
                if let Some(document) = document {
                    writer.add_document(document)?;
                }
            }
        }
    }
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&payload(up_to));
    commit.commit()?;
    merge(index, &mut writer)
}

/// A row of the store, and what stands there now.
type Prepared = (u64, Option<TantivyDocument>);

/// Reads the words of changes, one chunk on each thread, and returns them in their order.
fn prepare<'a>(
    chunks: impl ExactSizeIterator<Item = &'a [Change]>,
    memos: &mut [Memo],
) -> Result<Vec<Vec<Prepared>>> {
    let read = |changes: &[Change], memo: &mut Memo| -> Vec<Prepared> {
        let read = |change: &Change| match change {
            Change::Put { row, origin, local, record } => {
                (*row, Some(fields().document(*row, *origin, *local, record, memo)))
            }
            Change::Remove { row } => (*row, None),
        };
        changes.iter().map(read).collect()
    };
    let mut shares: Vec<_> = chunks.zip(memos).collect();
    let own = shares.pop();
    std::thread::scope(|scope| {
        let others: Vec<_> = shares
            .into_iter()
            .map(|(changes, memo)| {
                std::thread::Builder::new().spawn_scoped(scope, move || read(changes, memo))
            })
            .collect::<std::io::Result<_>>()?;
        // This thread does its share, too.
        let own = own.map(|(changes, memo)| read(changes, memo));
        let joined = |thread: ScopedJoinHandle<'_, Vec<Prepared>>| {
            thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        Ok(others.into_iter().map(joined).chain(own).collect())
    })
}

/// How many threads read words. On a machine with two cores both are busy for as long as a batch takes.
fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get).min(THREADS)
}

/// Rewrites every segment that still holds removed records; returns whether there was one.
///
/// # Errors
///
/// Of the engine. Segments that were rewritten before it stay so.
pub(super) fn rewrite_deleted(index: &Index) -> Result<bool> {
    let holding = segments(index, |segments| {
        let holding = segments.iter().filter(|segment| segment.has_deletes());
        holding.map(SegmentMeta::id).collect::<Vec<SegmentId>>()
    })?;
    if holding.is_empty() {
        return Ok(false);
    }
    let mut writer = open(index)?;
    // One at a time: little memory, and an interruption loses little.
    for segment in holding {
        writer.merge(&[segment]).wait()?;
    }
    Ok(true)
}

fn open(index: &Index) -> Result<IndexWriter> {
    // One thread and the least memory that the engine works with, unless said otherwise.
    let options = IndexWriterOptions::builder().num_merge_threads(1).build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    Ok(writer)
}

fn merge(index: &Index, writer: &mut IndexWriter) -> Result<()> {
    let mut policy = LogMergePolicy::default();
    policy.set_min_num_segments(MERGED_AT_ONCE);
    policy.set_min_layer_size(SMALL);
    policy.set_max_docs_before_merge(LARGE);
    loop {
        let groups = segments(index, |segments| policy.compute_merge_candidates(segments))?;
        if groups.is_empty() {
            return Ok(());
        }
        for group in groups {
            writer.merge(&group.0).wait()?;
        }
    }
}

/// Looks at the segments, and lets go of them: the engine keeps the files of all that somebody holds.
fn segments<T>(index: &Index, look: impl FnOnce(&[SegmentMeta]) -> T) -> Result<T> {
    Ok(look(&index.load_metas()?.segments))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::check::{put, record};

    #[test]
    fn changes_stay_in_their_order_whichever_thread_reads_them() {
        let mut changes: Vec<Change> = (0..9).map(|row| put(row, record("Garten"))).collect();
        // The same row again, in the share of another thread.
        let again = [Change::Remove { row: 1 }, put(1, record("Kochen")), put(7, record("Tafel"))];
        changes.extend(again);
        let order = |threads: usize| -> Vec<(u64, bool)> {
            let mut memos = vec![Memo::without(Without::NOTHING); threads];
            let each = changes.len().div_ceil(threads);
            let prepared = prepare(changes.chunks(each), &mut memos).unwrap();
            assert_eq!(prepared.len(), threads);
            let all = prepared.into_iter().flatten();
            all.map(|(row, document)| (row, document.is_some())).collect()
        };
        let expected: Vec<(u64, bool)> =
            (0..9).map(|row| (row, true)).chain([(1, false), (1, true), (7, true)]).collect();
        for threads in 1..=3 {
            assert_eq!(order(threads), expected, "{threads}");
        }
    }
}
