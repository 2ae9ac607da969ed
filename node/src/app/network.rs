//! The network as this node sees it: which nodes are complete, late, unreachable, or caught lying.

use std::collections::BTreeSet;
use std::time::Duration;

use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::time::Timestamp;
use serde::Serialize;

use super::App;
use super::coverage::called;
use crate::store::StoreError;
use crate::store::contact::Contact;
use crate::store::feed::FeedState;

/// A node that could not be asked for this long counts as unreachable, although its copy is good.
const SILENT: Duration = Duration::from_secs(1800);

/// How a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// It signed two states with one number.
    Lying,
    /// A register has suspended it: nothing of it is shown.
    Suspended,
    /// Nothing was ever received of it.
    Never,
    /// It cannot be reached; what is shown is its last state.
    Unreachable,
    /// A newer state is known and not here yet.
    Late,
    /// Its newest known state is here.
    Complete,
}

/// A node as it is seen from here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Node {
    /// Which node.
    pub id: NodeId,
    /// Its name.
    pub name: String,
    /// How it is.
    pub state: State,
    /// The number of the state held; nothing if none is.
    pub seq: Option<u64>,
    /// Opportunities of it that can be shown.
    pub live: u64,
    /// Seconds since a source last confirmed the state held.
    pub age_s: Option<u64>,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// The node that last confirmed or brought the state: itself, or a relay.
    pub source: Option<NodeId>,
}

impl App {
    /// Returns this node and all that it follows, by id.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub async fn network(&self) -> Result<Vec<Node>, StoreError> {
        let (followed, now) = (self.inner.sync.followed(), self.inner.clock.now());
        let (contacts, sources) =
            (self.inner.sync.contacts(Feed::Offers), self.inner.sync.sources_of(Feed::Offers));
        let stopped =
            matches!(self.hold(), Some(engagement_protocol::signing::Hold::Elsewhere { .. }));
        let (trouble, own_name) = (self.trouble(), self.config().name.clone());
        self.inner
            .store
            .read(move |tx| {
                let lying: BTreeSet<String> =
                    tx.equivocations(now)?.into_iter().map(|(node, _)| node).collect();
                let own = std::iter::once(&followed.own);
                let mut nodes = Vec::new();
                for id in own.chain(followed.peers.keys()) {
                    let held = tx.feed(id, Feed::Offers)?;
                    let is_own = *id == followed.own;
                    let contact = contacts.get(id);
                    let state = if is_own {
                        if stopped { State::Lying } else { State::Complete }
                    } else if followed.peers.get(id).is_some_and(|peer| peer.hidden) {
                        State::Suspended
                    } else {
                        state(lying.contains(id.as_str()), held.as_ref(), contact, now)
                    };
                    let reached = contact.and_then(|contact| contact.reached_at);
                    let reached = reached.or(held.as_ref().map(|held| held.applied_at));
                    let age = reached.filter(|_| held.is_some()).map(|at| now.since(at).as_secs());
                    nodes.push(Node {
                        id: id.clone(),
                        name: if is_own { own_name.clone() } else { called(tx, id)? },
                        state,
                        seq: held.as_ref().map(|held| held.seq),
                        live: tx.counts(id, Feed::Offers)?.opportunities,
                        age_s: if is_own { Some(0) } else { age },
                        last_error: match is_own {
                            true => trouble.clone(),
                            false => contact.and_then(|contact| contact.error.clone()),
                        },
                        source: if is_own { Some(id.clone()) } else { sources.get(id).cloned() },
                    });
                }
                nodes.sort_by(|one, other| one.id.cmp(&other.id));
                Ok::<_, StoreError>(nodes)
            })
            .await
    }
}

/// Decides how a node is, the gravest first.
fn state(
    lying: bool,
    held: Option<&FeedState>,
    contact: Option<&Contact>,
    now: Timestamp,
) -> State {
    let Some(held) = held else { return if lying { State::Lying } else { State::Never } };
    let newest = contact.and_then(|contact| contact.newest);
    let reached = contact.and_then(|contact| contact.reached_at).unwrap_or(held.applied_at);
    let failing = contact.is_some_and(|contact| contact.error.is_some());
    match () {
        () if lying => State::Lying,
        () if now >= held.expires || (failing && now.since(reached) >= SILENT) => {
            State::Unreachable
        }
        () if newest > Some(held.seq) => State::Late,
        () => State::Complete,
    }
}
