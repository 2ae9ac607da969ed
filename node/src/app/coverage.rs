//! Complete or honest: over how many nodes a search went, and which are missing since when.
//!
//! Every answer says so, and to find out asks the database about every node: what was found is good for the next
//! answer too, unless something was written, heard of a peer or taken into the index since, or the clock has gone on.

use std::sync::{Mutex, PoisonError};

use engagement_protocol::document::Document;
use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::time::Timestamp;

use super::App;
use crate::domain::gazetteer::Gazetteer;
use crate::store::{ReadTx, StoreError};

/// Over how many nodes a search went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Nodes that a search here covers, this one included.
    pub nodes: usize,
    /// Of these, how many are held in their newest known state.
    pub complete: usize,
    /// The others.
    pub missing: Vec<Missing>,
    /// When the newest state of the oldest complete copy was confirmed; nothing if this node is alone.
    pub as_of: Option<Timestamp>,
}

/// A node whose newest state is not held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// Which node.
    pub node: NodeId,
    /// Its name.
    pub name: String,
    /// Why.
    pub reason: Reason,
    /// When the state held was signed; nothing if none is held.
    pub as_of: Option<Timestamp>,
}

/// Why a node counts as missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// Nothing was ever received.
    Never,
    /// A newer state is known and not here yet.
    Behind,
    /// The head has expired: there may be a newer state.
    Expired,
    /// It is held, and the search index could not take it in yet: a full disk, for one.
    Unsearched,
}

impl Reason {
    /// Returns the word in JSON.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Behind => "behind",
            Self::Expired => "expired",
            Self::Unsearched => "unsearched",
        }
    }
}

/// The last coverage that was found out, and what it stands on.
#[derive(Debug, Default)]
pub(super) struct Last(Mutex<Option<(Standing, Coverage)>>);

/// What a coverage stands on: as long as it is the same, so is the coverage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Standing {
    written: u64,
    heard: u64,
    indexed: u64,
    /// Heads expire by the second.
    second: u64,
}

impl Last {
    fn of(&self, standing: Standing) -> Option<Coverage> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().filter(|last| last.0 == standing).map(|last| last.1.clone())
    }

    fn keep(&self, standing: Standing, coverage: &Coverage) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((standing, coverage.clone()));
    }
}

impl App {
    /// Returns over how many nodes a search goes now.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn coverage(&self) -> Result<Coverage, StoreError> {
        let app = self.clone();
        self.store().read(move |tx| app.coverage_in(tx)).await
    }

    /// Returns the same as [`Self::coverage`], within a transaction that is open anyway.
    pub(super) fn coverage_in(&self, tx: &ReadTx<'_>) -> Result<Coverage, StoreError> {
        let (now, indexed) = (self.clock().now(), self.index().applied());
        let standing = tx.since().map(|written| Standing {
            written,
            heard: self.sync().changes(),
            indexed,
            second: now.as_ms() / 1000,
        });
        if let Some(known) = standing.and_then(|standing| self.inner.coverage.of(standing)) {
            return Ok(known);
        }
        let coverage = self.find_coverage(tx, now, indexed)?;
        if let Some(standing) = standing {
            self.inner.coverage.keep(standing, &coverage);
        }
        Ok(coverage)
    }

    fn find_coverage(
        &self,
        tx: &ReadTx<'_>,
        now: Timestamp,
        indexed: u64,
    ) -> Result<Coverage, StoreError> {
        let (held, unsearched) = (tx.searched()?, tx.unsearched(indexed)?);
        let contacts = self.sync().contacts(Feed::Offers);
        let mut coverage = Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None };
        let missing = |node: &NodeId, reason, as_of| {
            let name =
                if node == self.node() { self.config().name.clone() } else { called(tx, node)? };
            Ok::<_, StoreError>(Missing { node: node.clone(), name, reason, as_of })
        };
        if unsearched.contains(self.node()) {
            coverage.complete = 0;
            coverage.missing.push(missing(self.node(), Reason::Unsearched, None)?);
        }
        for (node, contact) in &contacts {
            coverage.nodes += 1;
            let state = held.get(node);
            let reason = match state {
                None => Some(Reason::Never),
                Some(state) if contact.newest > Some(state.seq) => Some(Reason::Behind),
                Some(state) if now >= state.expires => Some(Reason::Expired),
                Some(_) if unsearched.contains(node) => Some(Reason::Unsearched),
                Some(_) => None,
            };
            match reason {
                Some(reason) => {
                    let state = tx.feed(node, Feed::Offers)?;
                    let head = state.and_then(|state| Head::peek(&state.head).ok());
                    coverage.missing.push(missing(node, reason, head.map(|head| head.issued))?);
                }
                None => {
                    coverage.complete += 1;
                    let reached = contact.reached_at.or(state.map(|state| state.applied_at));
                    coverage.as_of = match (coverage.as_of, reached) {
                        (Some(oldest), Some(reached)) => Some(oldest.min(reached)),
                        (oldest, reached) => oldest.or(reached),
                    };
                }
            }
        }
        Ok(coverage)
    }
}

/// Returns what a node calls itself, by the document of it that is held; else what people call its area.
///
/// # Errors
///
/// [`StoreError`].
pub(super) fn called(tx: &ReadTx<'_>, node: &NodeId) -> Result<String, StoreError> {
    // Verified when it was stored, and deleted with the key it was verified under.
    let document = tx.document(node)?.and_then(|note| Document::peek(&note).ok());
    Ok(document.map_or_else(|| name_of(node), |document| document.name))
}

/// Returns what people call a node's area, or its id.
#[must_use]
pub fn name_of(node: &NodeId) -> String {
    let name = Gazetteer::embedded().name_of(&node.ags());
    match name {
        Some(name) if node.is_carrier() => format!("{name} ({node})"),
        Some(name) => name,
        None => node.to_string(),
    }
}
