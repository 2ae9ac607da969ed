//! Who is followed, case by case: each takes one way to reach beyond what is one's own.

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
