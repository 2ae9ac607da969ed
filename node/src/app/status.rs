//! What an operator wants to know: our own state, and each peer's.

use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::signing::Hold;
use serde::{Deserialize, Serialize};

use super::receipts::{self, Receipts};
use super::trust;
use crate::config::Config;
use crate::feed::permit::Held;
use crate::store::contact::Contact;
use crate::store::{ReadTx, StoreError};
use crate::sync::trust::Trust;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::time::Timestamp;

/// The state of this node and of what it follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// This node.
    pub node: NodeId,
    /// The number of the state published last; nothing before the first.
    pub seq: Option<u64>,
    /// The hash of its index.
    pub index: Option<String>,
    /// Opportunities in it.
    pub live: u64,
    /// Changes that are not published yet.
    pub pending: usize,
    /// The nodes followed.
    pub peers: Vec<PeerStatus>,
    /// What publishing waits for after a start, without anybody having to do something.
    #[serde(default)]
    pub waiting: Option<String>,
    /// Own opportunities in which a restored backup and the published state differ.
    #[serde(default)]
    pub differences: usize,
    /// How far the newest own state has got.
    #[serde(default)]
    pub receipts: Receipts,
    /// What somebody has to look at; empty if nothing.
    pub alarms: Vec<String>,
    /// What is worth knowing: words of registers that were passed over, keys that passed on.
    #[serde(default)]
    pub notes: Vec<String>,
    /// Whether the node is running.
    pub serving: bool,
}

/// The state of one followed node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeerStatus {
    /// Which node.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// `active`, `suspended`, `left` or `missing`.
    #[serde(default)]
    pub standing: String,
    /// Its address, if it has one.
    pub url: Option<String>,
    /// The number of the state held; nothing if none is.
    pub seq: Option<u64>,
    /// The hash of its index.
    pub index: Option<String>,
    /// Opportunities in it that can be shown.
    pub live: u64,
    /// Records that are kept and relayed, but not shown.
    pub hidden: u64,
    /// Seconds since a source last confirmed the state held.
    pub age_s: Option<u64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
}

impl Status {
    /// Reads the state; `contacts` is newer than the database where the node runs.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn read(
        tx: &ReadTx<'_>,
        (config, own_keys): (&Config, &[VerifierKey]),
        contacts: Option<&std::collections::BTreeMap<NodeId, Contact>>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let stored = tx.contacts(Feed::Offers)?;
        let contacts = contacts.unwrap_or(&stored);
        let trust = Trust::read(tx, config, now)?;
        let followed = trust.followed(config);
        let own = tx.feed(&followed.own, Feed::Offers)?;
        let (mut peers, mut mistaken) = (Vec::new(), Vec::new());
        for (id, peer) in &followed.peers {
            let state = tx.feed(id, Feed::Offers)?;
            let counts = tx.counts(id, Feed::Offers)?;
            let contact = contacts.get(id);
            mistaken.extend(
                contact
                    .filter(|contact| contact.needs_operator)
                    .and_then(|contact| contact.error.as_ref())
                    .map(|error| match error.starts_with(&format!("{id}:")) {
                        true => error.clone(),
                        false => format!("{id}: {error}"),
                    }),
            );
            let reached = contact.and_then(|contact| contact.reached_at);
            let reached = reached.or(state.as_ref().map(|state| state.applied_at));
            peers.push(PeerStatus {
                id: id.clone(),
                name: trust::name(&trust, id),
                standing: trust
                    .settled
                    .members
                    .get(id)
                    .map_or("active", |member| trust::standing(member.standing))
                    .to_owned(),
                url: peer.url.clone(),
                seq: state.as_ref().map(|state| state.seq),
                index: state.as_ref().map(|state| Hash::of(&state.index).to_string()),
                live: counts.opportunities,
                hidden: counts.unknown + counts.unreadable,
                age_s: reached.filter(|_| state.is_some()).map(|at| now.since(at).as_secs()),
                last_error: contact.and_then(|contact| contact.error.clone()),
            });
        }
        let reachable: Vec<NodeId> = followed
            .peers
            .iter()
            .filter(|(_, peer)| peer.url.is_some())
            .map(|(id, _)| id.clone())
            .collect();
        let caught = tx.equivocations(now)?.into_iter().map(|(node, seq)| format!("{node} hat zwei verschiedene Stände unter der Nummer {seq} unterschrieben; der Beweis liegt im Ordner proofs. Alarm beenden: engagement-node alarms seen {node}"));
        let mut alarms: Vec<_> =
            trust::alarms(&trust, own_keys).into_iter().chain(caught).chain(mistaken).collect();
        if let Some((feed, seq)) = tx.elsewhere()? {
            alarms.push(Held(Hold::Elsewhere { feed, seq }).to_string());
        }
        Ok(Self {
            node: followed.own.clone(),
            seq: own.as_ref().map(|state| state.seq),
            index: own.as_ref().map(|state| Hash::of(&state.index).to_string()),
            live: tx.counts(&followed.own, Feed::Offers)?.opportunities,
            pending: tx.pending_drafts()?.len(),
            peers,
            waiting: None,
            differences: tx.differences()?.len(),
            receipts: receipts::read(tx, &followed.own, &reachable)?,
            alarms,
            notes: trust::notes(&trust),
            serving: false,
        })
    }
}
