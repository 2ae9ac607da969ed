//! Signed feeds of many towns in one node, applied as the ones that arrive are, without the way through the network.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::{Ags, Feed, NodeId};
use engagement_protocol::index::Index;
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::publisher::Publisher;
use engagement_protocol::replica::{Replica, Want};
use engagement_protocol::slice::{self, Line};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

use crate::store::{Durability, Store};

/// A town that publishes.
#[derive(Debug)]
pub(super) struct Origin {
    key: SigningKey,
    last: Option<(Verified<Head>, Index)>,
    lines: BTreeMap<Hash, Line>,
}

impl Origin {
    /// Begins a town's feed.
    ///
    /// # Errors
    ///
    /// If the key is that of no node.
    pub(super) fn new(ags: &Ags) -> anyhow::Result<Self> {
        let node: NodeId = ags.as_str().parse()?;
        let seed = Hash::of(node.as_str().as_bytes());
        let key = SigningKey::from_seed(node, seed.as_bytes());
        Ok(Self { key, last: None, lines: BTreeMap::new() })
    }

    /// Returns the key it signs with.
    pub(super) const fn key(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Publishes these records besides those it has, and applies the state to a store.
    ///
    /// # Errors
    ///
    /// If a bound of the protocol is passed or the database refuses.
    pub(super) async fn publish(
        &mut self,
        lines: Vec<Line>,
        store: &Store,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let changed: BTreeSet<Hash> = lines.iter().map(Line::place).collect();
        self.lines.extend(lines.into_iter().map(|line| (line.place(), line)));
        let before = self.last.take();
        let based_on = before.as_ref().map(|(head, _)| head.seq);
        let publisher = match before.clone() {
            Some((head, index)) => Publisher::resume(head, index),
            None => Publisher::new(self.key().node().clone(), Feed::Offers),
        };
        let plan = publisher.plan(u64::try_from(self.lines.len())?, &changed)?;
        let slices: BTreeMap<u16, Vec<u8>> = plan
            .positions()
            .iter()
            .map(|position| (*position, self.slice(plan.k(), *position)))
            .collect();
        let edition = publisher.publish(&plan, slices.clone(), now, &self.key)?;
        let replica = match before {
            Some((head, index)) => Replica::resume(head, index),
            None => Replica::empty(),
        };
        let mut transfer = replica.transfer(edition.head.clone());
        loop {
            match transfer.want() {
                Want::Index { .. } => transfer.index(&edition.index.to_bytes())?,
                Want::Recut { .. } => anyhow::bail!("the feed was cut anew"),
                Want::Slices(wanted) => {
                    for (position, _) in wanted {
                        let bytes = slices.get(&position).context("a slice that nobody cut")?;
                        transfer.slice(position, bytes)?;
                    }
                }
                Want::Nothing => break,
            }
        }
        let applied = transfer.finish()?;
        store.write(Durability::Process, move |tx| tx.apply(&applied, based_on, now)).await?;
        self.last = Some((edition.head, edition.index));
        Ok(())
    }

    fn slice(&self, k: u8, position: u16) -> Vec<u8> {
        slice::write(self.lines.range(slice::range(k, position)).map(|(_, line)| line.bytes()))
    }
}
