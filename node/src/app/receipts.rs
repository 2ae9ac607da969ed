//! Receipts: which nodes say that they have applied our newest state.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::verify::Verified;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use serde::{Deserialize, Serialize};

use super::App;
use super::coverage::called;
use crate::store::receipt::Receipt;
use crate::store::{Durability, ReadTx, StoreError};

/// Pauses between two rounds of questions after a publication; then every hour until all have answered.
const PAUSES: [u64; 6] = [12, 12, 30, 120, 600, 1800];
const HOUR: Duration = Duration::from_secs(3600);
/// Peers asked at a time.
const AT_A_TIME: usize = 8;

/// When the peers are asked for receipts.
#[derive(Debug, Default)]
pub(super) struct Asking(Mutex<Turn>);

#[derive(Debug, Default)]
struct Turn {
    next: Duration,
    tries: usize,
    busy: bool,
}

/// How far our newest state has got.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipts {
    /// The number of the newest own state; nothing before the first.
    pub seq: Option<u64>,
    /// Nodes that can be asked.
    pub nodes: usize,
    /// Of these, how many say that they have applied it.
    pub arrived: usize,
    /// The names of the others.
    pub missing: Vec<String>,
}

/// Returns how far the newest state of `node` has got among `peers`.
pub(super) fn read(
    tx: &ReadTx<'_>,
    node: &NodeId,
    peers: &[NodeId],
) -> Result<Receipts, StoreError> {
    let seq = tx.feed(node, Feed::Offers)?.map(|state| state.seq);
    let held = tx.receipts(Feed::Offers)?;
    let lacks =
        |peer: &&NodeId| seq.is_none() || held.get(*peer).and_then(|receipt| receipt.seq) < seq;
    let missing = peers.iter().filter(lacks).map(|peer| called(tx, peer));
    let missing = missing.collect::<Result<Vec<String>, _>>()?;
    Ok(Receipts { seq, nodes: peers.len(), arrived: peers.len() - missing.len(), missing })
}

impl Receipts {
    /// Says it in a sentence for the operator, about the newest `what`: a state, a deletion.
    #[must_use]
    pub fn sentence(&self, what: &str) -> String {
        let arrived = format!("{what} angekommen bei {} von {} Knoten", self.arrived, self.nodes);
        if self.missing.is_empty() {
            format!("{arrived}.")
        } else {
            format!("{arrived}; es fehlen: {}.", self.missing.join(", "))
        }
    }
}

impl App {
    /// Returns whether peers are to be asked for receipts now, and marks that as begun.
    #[must_use]
    pub fn receipts_due(&self) -> bool {
        let now = self.inner.clock.monotonic();
        let mut turn = self.asking();
        let due = !turn.busy && turn.next <= now;
        turn.busy |= due;
        due
    }

    /// Asks soon, because something was published.
    pub(super) fn expect_receipts(&self) {
        let now = self.inner.clock.monotonic();
        let mut turn = self.asking();
        (turn.next, turn.tries) = (now + Duration::from_secs(PAUSES[0]), 0);
    }

    /// Asks every peer that has not said that it holds our newest state.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn collect_receipts(&self) -> Result<Receipts, StoreError> {
        let asked = self.ask_for_receipts().await;
        let receipts = self.receipts().await;
        let now = self.inner.clock.monotonic();
        {
            let mut turn = self.asking();
            turn.tries += 1;
            let pause = PAUSES.get(turn.tries).map_or(HOUR, |secs| Duration::from_secs(*secs));
            let all = receipts.as_ref().is_ok_and(|receipts| receipts.missing.is_empty());
            (turn.next, turn.busy) = (now + if all { HOUR } else { pause }, false);
        }
        asked?;
        receipts
    }

    async fn ask_for_receipts(&self) -> Result<(), StoreError> {
        let (node, feed) = (self.node().clone(), Feed::Offers);
        let read = self
            .inner
            .store
            .read(move |tx| Ok::<_, StoreError>((tx.feed(&node, feed)?, tx.receipts(feed)?)));
        let (Some(own), held) = read.await? else { return Ok(()) };
        let lacking = self.inner.sync.witnesses().into_iter().map(|via| via.peer);
        let mut lacking =
            lacking.filter(|peer| held.get(peer).and_then(|receipt| receipt.seq) < Some(own.seq));
        let ask = |peer: NodeId| async move {
            let answer = self.inner.sync.receipt(&peer, feed).await;
            (peer, answer)
        };
        let mut answers = FuturesUnordered::new();
        answers.extend(lacking.by_ref().take(AT_A_TIME).map(ask));
        while let Some((peer, answer)) = answers.next().await {
            answers.extend(lacking.next().map(ask));
            match answer {
                Ok(row) => {
                    let keys = self.signer().key.verifiers();
                    let own = self.node();
                    let head =
                        row.and_then(|row| Head::verify_held(&row.note, own, feed, &keys).ok());
                    if let Some(head) = &head {
                        self.hear_own(head, Some(&peer)).await?;
                    }
                    self.note_receipt(&peer, feed, head.as_ref()).await?;
                }
                Err(error) => tracing::debug!(%peer, %error, "receipt"),
            }
        }
        Ok(())
    }

    /// Writes down what a peer says it holds of an own feed. A state that a key before has signed is none of ours.
    pub(super) async fn note_receipt(
        &self,
        peer: &NodeId,
        feed: Feed,
        head: Option<&Verified<Head>>,
    ) -> Result<(), StoreError> {
        let _alone = self.inner.keying.lock().await;
        let seq = head.filter(|head| self.is_own(head)).map(|head| head.seq);
        let (peer, receipt) = (peer.clone(), Receipt { seq, at: self.inner.clock.now() });
        let written = self
            .inner
            .store
            .write(Durability::Process, move |tx| tx.set_receipt(&peer, feed, receipt));
        written.await
    }

    /// Returns how far our newest state has got.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn receipts(&self) -> Result<Receipts, StoreError> {
        let peers: Vec<NodeId> =
            self.inner.sync.witnesses().into_iter().map(|via| via.peer).collect();
        let node = self.node().clone();
        self.inner.store.read(move |tx| read(tx, &node, &peers)).await
    }

    fn asking(&self) -> std::sync::MutexGuard<'_, Turn> {
        self.inner.asking.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
