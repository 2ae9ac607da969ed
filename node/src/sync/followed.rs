//! Whose feeds are followed, under which key, from where.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engagement_protocol::document::Document;
use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::register::may_list;
use engagement_protocol::register::settle::{Member, Settled, Standing};
use engagement_protocol::replica::Source;
use engagement_protocol::time::Timestamp;

use crate::config::Config;
use crate::store::audit::Actor;
use crate::store::{StoreError, WriteTx};

/// Relays that are chosen where nobody has chosen one.
const RELAYS: usize = 2;

/// Whose feeds are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// This node.
    pub own: NodeId,
    /// The others.
    pub peers: BTreeMap<NodeId, Peer>,
    /// The pause between two rounds.
    pub interval: Duration,
    /// Whether others read through this node: then it asks everybody itself.
    pub is_relay: bool,
}

/// A node that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The keys its feeds may be signed with now, the present one first; several while it passes from one to
    /// the other, none while an anchor's are not known yet.
    pub keys: Vec<VerifierKey>,
    /// Which of its feeds are read.
    pub feeds: BTreeSet<Feed>,
    /// Where it lives, if it can be asked itself.
    pub url: Option<String>,
    /// Whether its copies of other feeds may be used.
    pub relay: bool,
    /// It is suspended: its copies are kept, it is not asked, and nothing of it is shown or served.
    pub hidden: bool,
    /// The offline key that says which keys it signs with, if it is an anchor that has one.
    pub recovery: Option<VerifierKey>,
}

/// A server that may have a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Via {
    /// Whose server.
    pub peer: NodeId,
    /// Its base address.
    pub base: String,
    /// What it is to the feed.
    pub source: Source,
}

impl Followed {
    /// Follows nobody.
    #[must_use]
    pub const fn nobody(own: NodeId) -> Self {
        Self { own, peers: BTreeMap::new(), interval: Duration::from_secs(60), is_relay: false }
    }

    /// Follows whom configuration and registers name, as they were settled. Where nobody has chosen a relay,
    /// the nearest two above this node do of those that are `willing`.
    #[must_use]
    pub fn of(config: &Config, settled: &Settled, willing: &BTreeSet<NodeId>) -> Self {
        let chosen = |id: &NodeId| {
            config.peer(id).is_some_and(|pin| pin.relay)
                || config.anchor(id).is_some_and(|a| a.relay)
        };
        let asked =
            |member: &Member| matches!(member.standing, Standing::Followed) && member.url.is_some();
        let by_hand = settled.members.keys().any(chosen);
        // Whoever may list a node may as well tell it the news: nobody else becomes its relay unasked.
        let mut above: Vec<&NodeId> = settled
            .members
            .iter()
            .filter(|(id, member)| {
                may_list(id, &config.id) && willing.contains(*id) && asked(member)
            })
            .map(|(id, _)| id)
            .collect();
        above.sort_by_key(|id| std::cmp::Reverse(id.as_str().len()));
        above.truncate(if by_hand { 0 } else { RELAYS });
        let peers = settled.members.iter().filter_map(|(id, member)| {
            let hidden = match member.standing {
                Standing::Blocked | Standing::Gone => return None,
                Standing::Suspended { .. } => true,
                Standing::Followed | Standing::Missing { .. } | Standing::Leaving { .. } => false,
            };
            let anchor = config.anchor(id);
            let register = member.register.then_some(Feed::Members);
            let relay = chosen(id) || above.contains(&id);
            // A relay tells what changes elsewhere.
            let heads = (relay && member.url.is_some()).then_some(Feed::Heads);
            let followed = Peer {
                keys: member.keys.clone(),
                feeds: register.into_iter().chain(heads).chain([Feed::Offers]).collect(),
                url: member.url.clone(),
                relay,
                hidden,
                recovery: anchor.and_then(|anchor| anchor.recovery.clone()),
            };
            Some((id.clone(), followed))
        });
        Self {
            own: config.id.clone(),
            peers: peers.collect(),
            interval: Duration::from_secs(config.sync.interval_s),
            is_relay: config.sync.relay,
        }
    }

    /// Returns every feed that is read, by node.
    pub fn feeds(&self) -> impl Iterator<Item = ((NodeId, Feed), &Peer)> {
        self.peers
            .iter()
            .filter(|(_, peer)| !peer.hidden && !peer.keys.is_empty())
            .flat_map(|(id, peer)| peer.feeds.iter().map(move |feed| ((id.clone(), *feed), peer)))
    }

    /// Returns the keys under which a feed of `node` is accepted now; none if it is not read.
    #[must_use]
    pub fn keys(&self, node: &NodeId, feed: Feed) -> &[VerifierKey] {
        match self.peers.get(node) {
            Some(peer) if !peer.hidden => self.kept_keys(node, feed),
            _ => &[],
        }
    }

    /// Returns the keys under which a copy is kept: also that of a suspended node, as evidence.
    #[must_use]
    pub fn kept_keys(&self, node: &NodeId, feed: Feed) -> &[VerifierKey] {
        let peer = self.peers.get(node).filter(|peer| peer.feeds.contains(&feed));
        peer.map_or(&[], |peer| peer.keys.as_slice())
    }

    /// Returns the servers to ask for the feeds of `node`: itself first, then the relays.
    #[must_use]
    pub fn sources(&self, node: &NodeId) -> Vec<Via> {
        let via = |peer: &NodeId, url: &Option<String>, source| {
            url.clone().map(|base| Via { peer: peer.clone(), base, source })
        };
        let origin = self.peers.get(node).and_then(|peer| via(node, &peer.url, Source::Origin));
        let relays = self
            .peers
            .iter()
            .filter(|(id, peer)| peer.relay && !peer.hidden && *id != node)
            .filter_map(|(id, peer)| via(id, &peer.url, Source::Relay));
        origin.into_iter().chain(relays).collect()
    }
}

impl Via {
    /// Returns the path of the feed's head on this server.
    #[must_use]
    pub fn head_path(&self, node: &NodeId, feed: Feed) -> String {
        match self.source {
            Source::Origin => format!("/f/{feed}/head"),
            Source::Relay => format!("/n/{node}/{feed}/head"),
        }
    }
}

/// Deletes copies of feeds that are not read, and whatever does not verify under the keys valid now.
/// Returns whether anything went.
pub(super) fn drop_strangers(
    tx: &WriteTx<'_>,
    followed: &Followed,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut dropped = false;
    for state in tx.feeds()? {
        if state.node == followed.own {
            continue;
        }
        let keys = followed.kept_keys(&state.node, state.feed);
        let verified = Head::verify_held(&state.head, &state.node, state.feed, keys).is_ok();
        if !verified && !planted::has(Bug::StaleKeys) {
            tx.drop_replica(&state.node, state.feed, &Actor::Operator, now)?;
            dropped = true;
        }
    }
    dropped |= tx.forget_strangers(|node, feed| !followed.keys(node, feed).is_empty())?;
    for (node, note) in tx.documents()? {
        let keys = followed.peers.get(&node).map_or(&[][..], |peer| &peer.keys);
        let then = Document::peek(&note).map_or(now, |document| document.issued);
        if Document::verify(&note, &node, keys, then).is_err() {
            tx.drop_document(&node)?;
            dropped = true;
        }
    }
    Ok(dropped)
}
