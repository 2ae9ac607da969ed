//! Whose feeds are followed, under which key, from where.

use std::collections::BTreeMap;
use std::time::Duration;

use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::replica::Source;
use engagement_protocol::time::Timestamp;

use crate::config::Config;
use crate::store::audit::Actor;
use crate::store::{StoreError, WriteTx};

/// Whose feeds are followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// This node.
    pub own: NodeId,
    /// The others.
    pub peers: BTreeMap<NodeId, Peer>,
    /// The pause between two rounds.
    pub interval: Duration,
}

/// A node that is followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// The key its feed is signed with now.
    pub key: VerifierKey,
    /// Where it lives, if it can be asked itself.
    pub url: Option<String>,
    /// Whether its copies of other feeds may be used.
    pub relay: bool,
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
        Self { own, peers: BTreeMap::new(), interval: Duration::from_secs(60) }
    }

    /// Follows whom the configuration names.
    #[must_use]
    pub fn from_config(config: &Config) -> Self {
        let peers = config
            .peers
            .iter()
            .map(|peer| {
                let followed =
                    Peer { key: peer.key.clone(), url: peer.url.clone(), relay: peer.relay };
                (peer.id.clone(), followed)
            })
            .collect();
        Self {
            own: config.id.clone(),
            peers,
            interval: Duration::from_secs(config.sync.interval_s),
        }
    }

    /// Returns the servers to ask for the feed of `node`: itself first, then the relays.
    #[must_use]
    pub fn sources(&self, node: &NodeId) -> Vec<Via> {
        let via = |peer: &NodeId, url: &Option<String>, source| {
            url.clone().map(|base| Via { peer: peer.clone(), base, source })
        };
        let origin = self.peers.get(node).and_then(|peer| via(node, &peer.url, Source::Origin));
        let relays = self
            .peers
            .iter()
            .filter(|(id, peer)| peer.relay && *id != node)
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

/// Deletes copies of nodes that are not followed, or that do not verify under the key that is valid now.
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
        let verifies = followed.peers.get(&state.node).is_some_and(|peer| {
            let keys = [peer.key.clone()];
            Head::verify_held(&state.head, &state.node, state.feed, &keys).is_ok()
        });
        if !verifies {
            tx.drop_replica(&state.node, state.feed, &Actor::Operator, now)?;
            dropped = true;
        }
    }
    Ok(dropped)
}
