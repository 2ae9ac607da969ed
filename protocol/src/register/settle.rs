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
mod tests {
    use super::*;
    use crate::key::SigningKey;
    use std::time::Duration;

    const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);
    const DAY: Duration = Duration::from_secs(24 * 3600);

    fn id(text: &str) -> NodeId {
        text.parse().unwrap()
    }

    fn key(text: &str, seed: u8) -> VerifierKey {
        SigningKey::from_seed(id(text), &[seed; 32]).verifier().clone()
    }

    fn row(text: &str, seed: u8, status: Status) -> Row {
        Row {
            id: id(text),
            name: format!("Knoten {text}"),
            keys: vec![key(text, seed)],
            url: None,
            status,
            register: text.len() <= 5,
            successor: None,
        }
    }

    fn active(text: &str, seed: u8) -> Row {
        row(text, seed, Status::Active)
    }

    fn stated(text: &str, seed: u8) -> Stated {
        Stated { id: id(text), keys: vec![key(text, seed)], url: None }
    }

    #[derive(Default)]
    struct Node {
        anchors: Vec<Stated>,
        pins: Vec<Stated>,
        blocks: BTreeSet<NodeId>,
        feeds: BTreeMap<NodeId, Feed>,
        memory: BTreeMap<NodeId, Belief>,
        confirmed: BTreeMap<NodeId, u64>,
    }

    impl Node {
        fn below(anchor: &str) -> Self {
            Self { anchors: vec![stated(anchor, 0)], ..Self::default() }
        }

        /// Holds a feed that all keys of these tests have signed.
        fn hold(&mut self, register: &str, seq: u64, rows: impl IntoIterator<Item = Row>) {
            self.hold_signed(register, seq, rows, 0..10);
        }

        fn hold_signed(
            &mut self,
            register: &str,
            seq: u64,
            rows: impl IntoIterator<Item = Row>,
            seeds: std::ops::Range<u8>,
        ) {
            let index = crate::hash::Hash::of(b"");
            let body = format!(
                r#"{{"node":"{register}","feed":"members","seq":{seq},"index":"{index}","issued":1,"expires":2}}"#
            );
            let keys: Vec<_> =
                seeds.map(|seed| SigningKey::from_seed(id(register), &[seed; 32])).collect();
            let keys: Vec<_> = keys.iter().collect();
            let head = crate::note::sign(crate::head::TYPE, &body, &keys);
            let feed = Feed { head, seq, rows: rows.into_iter().collect() };
            self.feeds.insert(id(register), feed);
        }

        fn settle(&mut self, now: Timestamp) -> Settled {
            let own = id("05558016");
            let local =
                Local { own: &own, anchors: &self.anchors, pins: &self.pins, blocks: &self.blocks };
            let settled = settle(local, &self.feeds, &self.memory, &self.confirmed, now);
            self.memory.clone_from(&settled.beliefs);
            settled
        }
    }

    fn standing(settled: &Settled, text: &str) -> Option<Standing> {
        settled.members.get(&id(text)).map(|member| member.standing)
    }

    fn seed_of(settled: &Settled, text: &str) -> Option<u8> {
        let keys = &settled.members.get(&id(text))?.keys;
        (0..10).find(|seed| keys.contains(&key(text, *seed)))
    }

    #[test]
    fn follows_whom_anchors_and_their_registers_list() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558", 1), active("05334002", 1)]);
        node.hold("05558", 1, [active("05558012", 1), active("05558016", 1)]);
        let settled = node.settle(NOW);
        for member in ["05", "05558", "05334002", "05558012"] {
            assert_eq!(standing(&settled, member), Some(Standing::Followed), "{member}");
        }
        assert!(settled.members[&id("05558")].register);
        assert!(!settled.members[&id("05334002")].register);
        assert_eq!(standing(&settled, "05558016"), None, "nobody follows himself");
        assert_eq!(settled.own.unwrap().authority, Authority::Register(id("05558")));
    }

    #[test]
    fn a_foreign_prefix_an_own_id_and_a_shorter_one_are_passed_over() {
        let mut node = Node::below("05558");
        let rows = ["05334002", "05558", "05"].map(|text| active(text, 6));
        node.hold("05558", 1, rows.into_iter().chain([active("05558012", 1)]));
        let settled = node.settle(NOW);
        assert_eq!(standing(&settled, "05334002"), None);
        assert_eq!(standing(&settled, "05"), None);
        assert_eq!(seed_of(&settled, "05558"), Some(0), "its key is the one written down here");
        assert_eq!(standing(&settled, "05558012"), Some(Standing::Followed));
        assert_eq!(settled.strays.len(), 3);
    }

    #[test]
    fn a_feed_counts_only_under_the_key_that_is_the_registers_now() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558", 1)]);
        node.hold_signed("05558", 1, [active("05558012", 1)], 2..3);
        assert_eq!(standing(&node.settle(NOW), "05558012"), None, "signed by a thief's key");
        node.hold_signed("05558", 1, [active("05558012", 1)], 1..2);
        assert_eq!(standing(&node.settle(NOW), "05558012"), Some(Standing::Followed));
        // The Land gives the Kreis another key: what the old one signed is missing from now on.
        node.hold("05", 2, [active("05558", 3)]);
        let missing = Some(Standing::Missing { since: NOW });
        assert_eq!(standing(&node.settle(NOW), "05558012"), missing);
    }

    #[test]
    fn nobody_is_a_register_by_his_own_word() {
        let mut node = Node::below("05");
        node.hold("05", 1, [Row { register: false, ..active("05558", 1) }]);
        node.hold("05558", 1, [active("05558012", 1)]);
        node.hold("05334", 1, [active("05334002", 1)]);
        let settled = node.settle(NOW);
        assert_eq!(standing(&settled, "05558012"), None);
        assert_eq!(standing(&settled, "05334002"), None);
    }

    #[test]
    fn blocks_then_pins_then_anchors_in_order_then_the_shorter_register() {
        let town = "05558012";
        let mut node = Node::below("05558");
        node.anchors.push(stated("05", 0));
        node.hold("05558", 1, [active(town, 1)]);
        node.hold("05", 1, [active(town, 2), active("055", 1)]);
        node.hold("055", 1, [active(town, 3)]);
        let settled = node.settle(NOW);
        assert_eq!(seed_of(&settled, town), Some(1), "the first anchor");
        let passed: Vec<_> = settled.conflicts.iter().map(|c| c.passed_over.as_str()).collect();
        assert_eq!(passed, ["05", "055"]);
        node.anchors.reverse();
        assert_eq!(seed_of(&node.settle(NOW), town), Some(2), "the order decides");
        node.pins.push(stated(town, 4));
        let settled = node.settle(NOW);
        assert_eq!(seed_of(&settled, town), Some(4), "a pin goes first");
        assert_eq!(settled.conflicts.len(), 3);
        node.blocks.insert(id(town));
        assert_eq!(standing(&node.settle(NOW), town), Some(Standing::Blocked));
        // Among registers that are no anchors, the shorter id.
        let mut node = Node::below("05");
        node.hold("05", 1, [active("055", 1), active("05558", 1)]);
        node.hold("05558", 1, [active(town, 1)]);
        node.hold("055", 1, [active(town, 3)]);
        assert_eq!(seed_of(&node.settle(NOW), town), Some(3));
    }

    #[test]
    fn a_suspended_node_is_hidden_and_what_it_lists_goes_missing() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558", 1)]);
        node.hold("05558", 1, [active("05558012", 1)]);
        assert_eq!(standing(&node.settle(NOW), "05558012"), Some(Standing::Followed));
        node.hold("05", 2, [row("05558", 1, Status::Suspended)]);
        let settled = node.settle(NOW.plus(DAY));
        let since = NOW.plus(DAY);
        assert_eq!(standing(&settled, "05558"), Some(Standing::Suspended { since }));
        assert!(!settled.members[&id("05558")].register);
        assert_eq!(standing(&settled, "05558012"), Some(Standing::Missing { since }));
        let settled = node.settle(since.plus(DAY * 14));
        let left = Standing::Leaving { since: since.plus(DAY * 14) };
        assert_eq!(standing(&settled, "05558012"), Some(left));
        let settled = node.settle(since.plus(DAY * 44));
        assert_eq!(standing(&settled, "05558012"), None, "nothing of it is kept");
        assert_eq!(standing(&settled, "05558"), Some(Standing::Suspended { since }), "evidence");
    }

    #[test]
    fn a_register_that_is_gone_keeps_its_towns_for_a_fortnight() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558", 1)]);
        node.hold("05558", 1, [active("05558012", 1)]);
        node.settle(NOW);
        // Its row is left out, and its feed is not held any more.
        node.hold("05", 2, []);
        node.feeds.remove(&id("05558"));
        let settled = node.settle(NOW);
        assert_eq!(standing(&settled, "05558"), Some(Standing::Missing { since: NOW }));
        assert_eq!(standing(&settled, "05558012"), Some(Standing::Missing { since: NOW }));
        // Its node is left after fourteen days, gone after forty-four; a town's row ages beside it.
        let settled = node.settle(NOW.plus(DAY * 44));
        assert_eq!(standing(&settled, "05558"), None);
        assert_eq!(standing(&settled, "05558012"), None);
        assert_eq!(node.memory[&id("05")].rows.len(), 0);
    }

    #[test]
    fn a_left_row_ends_after_thirty_days_and_stays_over() {
        let mut node = Node::below("05");
        let successor = Some(id("05558016"));
        let left = Row { successor: successor.clone(), ..row("05558012", 1, Status::Left) };
        node.hold("05", 1, [left]);
        let settled = node.settle(NOW);
        assert_eq!(standing(&settled, "05558012"), Some(Standing::Leaving { since: NOW }));
        assert_eq!(settled.members[&id("05558012")].successor, successor);
        for days in [30, 31, 400] {
            let settled = node.settle(NOW.plus(DAY * days));
            assert_eq!(standing(&settled, "05558012"), Some(Standing::Gone), "{days}");
        }
    }

    #[test]
    fn our_own_register_goes_before_the_anchors() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558016.verein", 1), active("05558016", 1)]);
        node.hold_signed("05558016", 1, [active("05558016.verein", 2)], 7..8);
        assert_eq!(seed_of(&node.settle(NOW), "05558016.verein"), Some(2));
    }

    #[test]
    fn a_blocked_anchor_is_none() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558012", 1)]);
        node.blocks.insert(id("05"));
        let settled = node.settle(NOW);
        assert_eq!(standing(&settled, "05"), Some(Standing::Blocked));
        assert_eq!(standing(&settled, "05558012"), None);
    }

    #[test]
    fn half_a_register_waits_for_a_person() {
        let towns = ["05558004", "05558008", "05558012", "05558020"];
        let mut node = Node::below("05558");
        node.hold("05558", 1, towns.map(|town| active(town, 1)));
        node.settle(NOW);
        node.hold("05558", 2, [active(towns[0], 9)]);
        let settled = node.settle(NOW);
        assert_eq!(settled.shrinks[&id("05558")], Shrink { seq: 2, from: 4, to: 1 });
        assert!(towns.iter().all(|town| standing(&settled, town) == Some(Standing::Followed)));
        assert_eq!(seed_of(&settled, towns[0]), Some(1), "none of its word is taken");
        node.confirmed.insert(id("05558"), 2);
        let settled = node.settle(NOW);
        assert!(settled.shrinks.is_empty());
        assert_eq!(standing(&settled, towns[1]), Some(Standing::Missing { since: NOW }));
        assert_eq!(seed_of(&settled, towns[0]), Some(9));
    }

    #[test]
    fn settling_again_changes_nothing() {
        let mut node = Node::below("05");
        node.hold("05", 1, [active("05558", 1), row("05334002", 1, Status::Suspended)]);
        node.hold("05558", 1, [active("05558012", 1), row("05558024", 1, Status::Left)]);
        let first = node.settle(NOW);
        assert_eq!(node.settle(NOW), first);
        assert_eq!(node.settle(NOW.plus(DAY)).members, first.members);
    }
}
