//! Whom to follow, under which keys: local statements and registers, settled in one pure step.
//!
//! A register can only list longer ids than its own, so whoever is settled in the order of length needs no
//! word that is not settled yet, and no circle of registers can vouch for itself.

use std::collections::{BTreeMap, BTreeSet};

use super::belief::{Belief, Condition, Offered, Remembered, Shrink};
use super::{Row, Status, may_list};
use crate::head::Head;
use crate::id::{self, NodeId};
use crate::key::VerifierKey;
use crate::time::Timestamp;

/// What the local operator has written down.
#[derive(Debug, Clone, Copy)]
pub struct Local<'a> {
    /// This node.
    pub own: &'a NodeId,
    /// Registers that are believed, the first before the second.
    pub anchors: &'a [Stated],
    /// Nodes whose key was given by hand.
    pub pins: &'a [Stated],
    /// Nodes that are never followed.
    pub blocks: &'a BTreeSet<NodeId>,
}

/// A node whose key somebody has written down here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Which node.
    pub id: NodeId,
    /// Its keys now.
    pub keys: Vec<VerifierKey>,
    /// Where it lives.
    pub url: Option<String>,
}

/// By whose word a node stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Authority {
    /// The local operator's, who blocks it.
    Block,
    /// The local operator's, who has pinned its key.
    Pin,
    /// The local operator's, who believes it as a register.
    Anchor,
    /// This register's.
    Register(NodeId),
}

/// How a node stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is followed.
    Followed,
    /// It is followed for now: its register lists it no longer.
    Missing {
        /// Since when.
        since: Timestamp,
    },
    /// It is followed for some days more: it takes part no longer.
    Leaving {
        /// Since when.
        since: Timestamp,
    },
    /// It is not asked, its rows are kept and not shown.
    Suspended {
        /// Since when.
        since: Timestamp,
    },
    /// It took part once: nothing of it is kept.
    Gone,
    /// The local operator wants nothing of it.
    Blocked,
}

/// A node that somebody speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name, if a register gives one.
    pub name: Option<String>,
    /// Its keys now.
    pub keys: Vec<VerifierKey>,
    /// Where it lives.
    pub url: Option<String>,
    /// By whose word.
    pub authority: Authority,
    /// How it stands.
    pub standing: Standing,
    /// Whether its `members` feed is believed for the ids that begin with its own.
    pub register: bool,
    /// The node that has taken its place.
    pub successor: Option<NodeId>,
}

/// A word that was passed over because another goes first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// About which node.
    pub id: NodeId,
    /// Whose word counts.
    pub kept: Authority,
    /// Whose register says otherwise.
    pub passed_over: NodeId,
}

/// What is held of a register's feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its head as received: it counts only under the keys that are settled for the register here.
    pub head: Vec<u8>,
    /// The number of the state.
    pub seq: u64,
    /// Its readable rows.
    pub rows: Vec<Row>,
}

/// The result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settled {
    /// All nodes that somebody speaks of, without this one.
    pub members: BTreeMap<NodeId, Member>,
    /// What a register says of this node itself.
    pub own: Option<Member>,
    /// What is to be remembered of each register.
    pub beliefs: BTreeMap<NodeId, Belief>,
    /// Registers whose newest state waits for a person.
    pub shrinks: BTreeMap<NodeId, Shrink>,
    /// Rows outside the authority of whoever lists them, as (register, node).
    pub strays: Vec<(NodeId, NodeId)>,
    /// Words that were passed over.
    pub conflicts: Vec<Conflict>,
}

/// Settles whom to follow at `now`.
///
/// `feeds` are the `members` feeds held, `memory` is what the last call returned as beliefs, `confirmed` are
/// the numbers of states that a person has confirmed. In a conflict blocks go first, then pins, then this
/// node's own register, then anchors in their order, then the register with the shorter id.
#[must_use]
pub fn settle(
    local: Local<'_>,
    feeds: &BTreeMap<NodeId, Feed>,
    memory: &BTreeMap<NodeId, Belief>,
    confirmed: &BTreeMap<NodeId, u64>,
    now: Timestamp,
) -> Settled {
    let mut settling = Settling { local, feeds, memory, confirmed, now, done: Settled::default() };
    // Our own register is the local operator's word: it goes before all anchors, and nobody has to sign it.
    settling.judge(local.own, &[]);
    for anchor in local.anchors.iter().filter(|anchor| !local.blocks.contains(&anchor.id)) {
        settling.judge(&anchor.id, &anchor.keys);
    }
    for (_, id) in settling.spoken_of() {
        let member = settling.member(&id);
        if feeds.contains_key(&id) || memory.contains_key(&id) {
            let register = member.as_ref().filter(|member| member.register);
            settling.judge(&id, register.map_or(&[], |register| &register.keys));
        }
        match member {
            Some(member) if id == *local.own => settling.done.own = Some(member),
            Some(member) => drop(settling.done.members.insert(id, member)),
            None => {}
        }
    }
    settling.done
}

struct Settling<'a> {
    local: Local<'a>,
    feeds: &'a BTreeMap<NodeId, Feed>,
    memory: &'a BTreeMap<NodeId, Belief>,
    confirmed: &'a BTreeMap<NodeId, u64>,
    now: Timestamp,
    done: Settled,
}

impl Settling<'_> {
    /// All ids that anybody speaks of, the shorter first.
    fn spoken_of(&self) -> BTreeSet<(usize, NodeId)> {
        let stated = self.local.anchors.iter().chain(self.local.pins).map(|stated| &stated.id);
        let listed = self.feeds.values().flat_map(|feed| feed.rows.iter().map(|row| &row.id));
        let known = self.memory.values().flat_map(|belief| belief.rows.keys());
        let registers = self.feeds.keys().chain(self.memory.keys());
        let ids = stated.chain(self.local.blocks).chain(listed).chain(known).chain(registers);
        ids.map(|id| (id.as_str().len(), id.clone())).collect()
    }

    /// Judges what is held of a register, once; without keys it is none.
    fn judge(&mut self, register: &NodeId, keys: &[VerifierKey]) {
        if self.done.beliefs.contains_key(register) {
            return;
        }
        let mut offered = None;
        let verifies = |feed: &&Feed| {
            if register == self.local.own {
                return true;
            }
            Head::verify_held(&feed.head, register, id::Feed::Members, keys)
                .is_ok_and(|head| head.seq == feed.seq)
        };
        if let Some(feed) = self.feeds.get(register).filter(verifies) {
            let (rows, strays): (Vec<_>, Vec<_>) =
                feed.rows.iter().cloned().partition(|row| may_list(register, &row.id));
            let stray = |row: Row| (register.clone(), row.id);
            self.done.strays.extend(strays.into_iter().map(stray));
            offered = Some(Offered { seq: feed.seq, rows });
        }
        let before = self.memory.get(register).cloned().unwrap_or_default();
        let confirmed = self.confirmed.get(register).copied();
        let (belief, shrink) = before.judge(offered.as_ref(), confirmed, self.now);
        if let Some(shrink) = shrink {
            self.done.shrinks.insert(register.clone(), shrink);
        }
        if belief != Belief::default() {
            self.done.beliefs.insert(register.clone(), belief);
        }
    }

    fn member(&mut self, id: &NodeId) -> Option<Member> {
        let claims = self.claims(id);
        let best = claims.first().cloned();
        let stated = |list: &[Stated]| list.iter().find(|stated| stated.id == *id).cloned();
        let named = |stated: Option<Stated>, authority, standing, register| {
            let row = best.as_ref().map(|(_, known)| &known.row);
            Member {
                name: row.map(|row| row.name.clone()),
                keys: stated.as_ref().map_or_else(Vec::new, |stated| stated.keys.clone()),
                url: stated.and_then(|s| s.url).or_else(|| row.and_then(|row| row.url.clone())),
                authority,
                standing,
                register,
                successor: row.and_then(|row| row.successor.clone()),
            }
        };
        if *id != *self.local.own {
            if self.local.blocks.contains(id) {
                return Some(named(None, Authority::Block, Standing::Blocked, false));
            }
            let listed = best.as_ref().is_some_and(|(_, known)| {
                known.row.register && known.condition == Condition::Active && !id.is_carrier()
            });
            let local = if let Some(pin) = stated(self.local.pins) {
                let anchor = stated(self.local.anchors).is_some() && !id.is_carrier();
                Some(named(Some(pin), Authority::Pin, Standing::Followed, listed || anchor))
            } else {
                let anchor = stated(self.local.anchors);
                anchor.map(|a| {
                    named(Some(a), Authority::Anchor, Standing::Followed, !id.is_carrier())
                })
            };
            if let Some(member) = local {
                self.note_conflicts(id, &member, &claims);
                return Some(member);
            }
        }
        let (register, known) = best?;
        let standing = match known.condition {
            condition if condition.is_over(self.now) => Standing::Gone,
            Condition::Active => Standing::Followed,
            Condition::Missing { since } => Standing::Missing { since },
            Condition::Left { since } => Standing::Leaving { since },
            Condition::Suspended { since } => Standing::Suspended { since },
        };
        let valid = matches!(standing, Standing::Followed | Standing::Missing { .. });
        let member = Member {
            name: Some(known.row.name.clone()),
            keys: known.row.keys.clone(),
            url: known.row.url.clone(),
            authority: Authority::Register(register),
            standing,
            register: known.row.register && valid && !id.is_carrier(),
            successor: known.row.successor.clone(),
        };
        self.note_conflicts(id, &member, claims.get(1..).unwrap_or_default());
        Some(member)
    }

    /// What registers say of a node, the word that counts first.
    fn claims(&self, id: &NodeId) -> Vec<(NodeId, Remembered)> {
        let mut claims: Vec<_> = self
            .done
            .beliefs
            .iter()
            .filter_map(|(register, belief)| Some((register.clone(), belief.rows.get(id)?.clone())))
            .collect();
        let rank = |(register, known): &(NodeId, Remembered)| {
            let own = (register == self.local.own).then_some(0);
            let at = self.local.anchors.iter().position(|anchor| anchor.id == *register);
            let anchor = own.or(at.map(|at| at + 1));
            let missing = matches!(known.condition, Condition::Missing { .. });
            let length = register.as_str().len();
            (missing, anchor.unwrap_or(usize::MAX), length, register.clone())
        };
        claims.sort_by_key(rank);
        claims
    }

    fn note_conflicts(&mut self, id: &NodeId, member: &Member, others: &[(NodeId, Remembered)]) {
        let status = match member.standing {
            Standing::Suspended { .. } => Status::Suspended,
            Standing::Leaving { .. } | Standing::Gone => Status::Left,
            _ => Status::Active,
        };
        for (register, known) in others {
            let missing = matches!(known.condition, Condition::Missing { .. });
            let same = known.row.status == status && known.row.keys == member.keys;
            if !missing && !same {
                self.done.conflicts.push(Conflict {
                    id: id.clone(),
                    kept: member.authority.clone(),
                    passed_over: register.clone(),
                });
            }
        }
    }
}

#[cfg(test)]
mod tests;
