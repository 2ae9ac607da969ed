//! Objects of one state: the index, then the slices that differ, from whichever source has them.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::index::SliceRef;
use engagement_protocol::limits::{FETCHES_PER_PEER, INDEX_BYTES, object_deadline};
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::replica::{Applied, Replica, Transfer, TransferError, Want};
use engagement_protocol::verify::Verified;
use futures_util::StreamExt as _;

use super::error::SyncError;
use super::followed::Via;
use super::round::Round;
use super::transport::Get;
use crate::store::feed::FeedState;
use crate::store::{Durability, StoreError};

/// Verified slices are written down each time this many are together, so that an attempt that is broken
/// off does not begin again from nothing.
const STAGE_EVERY: usize = 64;
/// The same in bytes: few large slices of a slow peer are progress too.
const STAGE_BYTES: usize = 1 << 20;

/// Fetches one state; remembers how much was moved.
pub(super) struct Fetching<'a> {
    round: &'a Round<'a>,
    sources: Vec<&'a Via>,
    staged: BTreeMap<Hash, Vec<u8>>,
    pub(super) bytes: u64,
}

impl<'a> Fetching<'a> {
    /// `first` has just shown the head, so it is asked first; the origin comes last, to be spared.
    pub(super) fn new(round: &'a Round<'a>, first: &'a Via, all: &'a [Via]) -> Self {
        let rest = all.iter().rev().filter(|via| via.peer != first.peer);
        Self {
            round,
            sources: std::iter::once(first).chain(rest).collect(),
            staged: BTreeMap::new(),
            bytes: 0,
        }
    }

    /// Returns the complete state of `head`, or why it could not be had from anybody.
    pub(super) async fn state(
        &mut self,
        replica: &Replica,
        held: Option<&FeedState>,
        head: Verified<Head>,
    ) -> Result<Applied, SyncError> {
        let mut transfer = replica.transfer(head);
        let result = self.drive(&mut transfer, held).await;
        if result.is_err() {
            self.write_staged().await?;
        }
        result?;
        Ok(transfer.finish()?)
    }

    async fn drive(
        &mut self,
        transfer: &mut Transfer,
        held: Option<&FeedState>,
    ) -> Result<(), SyncError> {
        loop {
            match transfer.want() {
                Want::Nothing => return Ok(()),
                Want::Index(hash) => {
                    let limit = u32::try_from(INDEX_BYTES).unwrap_or(u32::MAX);
                    self.ask_anybody(hash, limit, |bytes| transfer.index(bytes)).await?;
                }
                Want::Recut { k } => {
                    let held = held.cloned().ok_or(TransferError::NotWanted)?;
                    let store = &self.round.sync.store;
                    let mine = store.read(move |tx| tx.recut_feed(&held, k)).await?;
                    transfer.recut(&mine)?;
                }
                Want::Slices(wanted) => self.slices(transfer, wanted).await?,
            }
        }
    }

    async fn slices(
        &mut self,
        transfer: &mut Transfer,
        wanted: Vec<(u16, SliceRef)>,
    ) -> Result<(), SyncError> {
        let mut missing = self.take_staged(transfer, wanted).await?;
        let Some(first) = self.sources.first().copied() else { return Err(SyncError::NoSource) };
        let round = self.round;
        let fetches =
            std::mem::take(&mut missing).into_iter().map(|(position, slice)| async move {
                (position, slice, fetch(round, first, slice.hash, slice.length).await)
            });
        let mut answers = futures_util::stream::iter(fetches).buffer_unordered(FETCHES_PER_PEER);
        let mut given_up = false;
        while let Some((position, slice, answer)) = answers.next().await {
            let accepted = match answer {
                Ok(bytes) => self.accept(transfer, position, slice, bytes)?,
                // One deadline is enough: what is left is asked of the others.
                Err(error) => {
                    given_up |= error.is_hopeless();
                    false
                }
            };
            if !accepted {
                missing.push((position, slice));
            }
            let staged_bytes: usize = self.staged.values().map(Vec::len).sum();
            if self.staged.len() >= STAGE_EVERY || staged_bytes >= STAGE_BYTES {
                self.write_staged().await?;
            }
            if given_up {
                break;
            }
        }
        drop(answers);
        let Want::Slices(left) = transfer.want() else { return Ok(()) };
        if given_up {
            missing = left;
        }
        // Whoever let one deadline pass is not waited for again, slice after slice.
        if given_up && self.sources.len() > 1 {
            self.sources.remove(0);
        }
        for (position, slice) in missing {
            let bytes = self.slice_from_others(position, slice, transfer).await?;
            self.staged.insert(slice.hash, bytes);
        }
        Ok(())
    }

    fn accept(
        &mut self,
        transfer: &mut Transfer,
        position: u16,
        slice: SliceRef,
        bytes: Vec<u8>,
    ) -> Result<bool, SyncError> {
        self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
        match transfer.slice(position, &bytes) {
            Ok(()) => {
                self.staged.insert(slice.hash, bytes);
                Ok(true)
            }
            Err(error) if error.is_carriers_fault() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    async fn slice_from_others(
        &mut self,
        position: u16,
        slice: SliceRef,
        transfer: &mut Transfer,
    ) -> Result<Vec<u8>, SyncError> {
        let mut kept = Vec::new();
        self.ask_anybody(slice.hash, slice.length, |bytes| {
            kept = bytes.to_vec();
            transfer.slice(position, bytes)
        })
        .await?;
        Ok(kept)
    }

    /// Asks one source after another until `accept` takes what came.
    async fn ask_anybody(
        &mut self,
        hash: Hash,
        length: u32,
        mut accept: impl FnMut(&[u8]) -> Result<(), TransferError>,
    ) -> Result<(), SyncError> {
        let mut last = SyncError::NoSource;
        for via in &self.sources {
            let bytes = match fetch(self.round, via, hash, length).await {
                Ok(bytes) => bytes,
                Err(error) => {
                    last = error;
                    continue;
                }
            };
            self.bytes += u64::try_from(bytes.len()).unwrap_or(0);
            match accept(&bytes) {
                Ok(()) => return Ok(()),
                Err(error) if error.is_carriers_fault() => {
                    last = SyncError::Damaged { via: via.peer.clone(), error };
                }
                Err(error) => return Err(error.into()),
            }
        }
        Err(last)
    }

    /// Uses what an earlier attempt verified; returns what is still missing.
    async fn take_staged(
        &self,
        transfer: &mut Transfer,
        wanted: Vec<(u16, SliceRef)>,
    ) -> Result<Vec<(u16, SliceRef)>, SyncError> {
        let hashes: BTreeSet<Hash> = wanted.iter().map(|(_, slice)| slice.hash).collect();
        let (node, feed) = (self.round.node.clone(), self.round.feed);
        let store = &self.round.sync.store;
        let wanted_now = hashes.clone();
        let staged = store.read(move |tx| tx.staged(&node, feed, &hashes)).await?;
        // What an earlier attempt at another state left is of no use: an origin that withholds one slice of
        // ever new states would fill the disk with it.
        let (node, feed) = (self.round.node.clone(), self.round.feed);
        let pruned: Result<_, StoreError> = self
            .round
            .write(Durability::Process, move |tx| tx.prune_staged(&node, feed, &wanted_now))
            .await;
        pruned?;
        let taken = |transfer: &mut Transfer, position, slice: &SliceRef| {
            staged.get(&slice.hash).is_some_and(|bytes| transfer.slice(position, bytes).is_ok())
        };
        Ok(wanted.into_iter().filter(|(at, slice)| !taken(transfer, *at, slice)).collect())
    }

    async fn write_staged(&mut self) -> Result<(), StoreError> {
        let staged = std::mem::take(&mut self.staged);
        if staged.is_empty() {
            return Ok(());
        }
        let (node, feed) = (self.round.node.clone(), self.round.feed);
        let stage = self.round.write(Durability::Process, move |tx| tx.stage(&node, feed, &staged));
        stage.await.map(drop)
    }
}

async fn fetch(
    round: &Round<'_>,
    via: &Via,
    hash: Hash,
    length: u32,
) -> Result<Vec<u8>, SyncError> {
    let limit = match usize::try_from(length) {
        Ok(limit) if !planted::has(Bug::Size) => limit,
        _ => usize::MAX,
    };
    let get = Get {
        base: via.base.clone(),
        path: format!("/o/{hash}"),
        etag: None,
        limit,
        deadline: object_deadline(length),
    };
    let reply = round
        .sync
        .transport
        .get(get)
        .await
        .map_err(|error| SyncError::Transport { via: via.peer.clone(), error })?;
    match reply.status {
        200 => Ok(reply.body),
        404 | 410 => Err(SyncError::Gone { via: via.peer.clone() }),
        status => Err(SyncError::Status { via: via.peer.clone(), status }),
    }
}
