//! Laws of the register: whatever registers say, nobody speaks beyond his prefix, and absence deletes nobody.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engagement_protocol::id::NodeId;
use engagement_protocol::key::SigningKey;
use engagement_protocol::limits::MISSING_KEPT;
use engagement_protocol::register::belief::Belief;
use engagement_protocol::register::settle::{
    Authority, Feed, Local, Settled, Standing, Stated, settle,
};
use engagement_protocol::register::{Row, Status, may_list};
use engagement_protocol::time::Timestamp;
use proptest::prelude::*;

use crate::corpus::NOW;

const IDS: [&str; 9] = [
    "05",
    "055",
    "05558",
    "05558004",
    "05558012",
    "05558012.caritas",
    "05334",
    "05334002",
    "05.land",
];

fn id(at: usize) -> NodeId {
    IDS[at % IDS.len()].parse().unwrap()
}

fn key(id: &NodeId, seed: u8) -> SigningKey {
    SigningKey::from_seed(id.clone(), &[seed; 32])
}

/// A row: which node, which key, which status, whether a register.
type Said = (usize, u8, u8, bool);

fn row((at, seed, status, register): Said) -> Row {
    let id = id(at);
    let status = [Status::Active, Status::Suspended, Status::Left][usize::from(status % 3)];
    let keys = vec![key(&id, seed % 2).verifier().clone()];
    Row { name: "Knoten".to_owned(), keys, url: None, status, register, successor: None, id }
}

fn feed(register: usize, seq: u64, signer: u8, rows: &[Said]) -> (NodeId, Feed) {
    let node = id(register);
    let index = engagement_protocol::hash::Hash::of(b"");
    let (issued, expires) = (NOW, NOW);
    let feed = engagement_protocol::id::Feed::Members;
    let head = engagement_protocol::head::Head { node, feed, seq, index, issued, expires };
    let node = head.node.clone();
    let head = head.sign(&key(&node, signer % 2)).bytes().to_vec();
    let rows: BTreeMap<NodeId, Row> = rows.iter().map(|said| (row(*said).id, row(*said))).collect();
    (node, Feed { head, seq, rows: rows.into_values().collect() })
}

/// One reader over time: what it has written down stays the same, what registers say changes.
struct Reader {
    own: NodeId,
    anchors: Vec<Stated>,
    pins: Vec<Stated>,
    blocks: BTreeSet<NodeId>,
    memory: BTreeMap<NodeId, Belief>,
}

impl Reader {
    fn new(anchors: &[usize], pins: &[usize], blocks: &[usize]) -> Self {
        let stated = |at: &usize| {
            let id = id(*at);
            Stated { keys: vec![key(&id, 0).verifier().clone()], url: None, id }
        };
        Self {
            own: "05558016".parse().unwrap(),
            anchors: anchors.iter().map(stated).collect(),
            pins: pins.iter().map(stated).collect(),
            blocks: blocks.iter().map(|at| id(*at)).collect(),
            memory: BTreeMap::new(),
        }
    }

    fn settle(&mut self, feeds: &BTreeMap<NodeId, Feed>, now: Timestamp) -> Settled {
        let (anchors, pins) = (&self.anchors[..], &self.pins[..]);
        let local = Local { own: &self.own, anchors, pins, blocks: &self.blocks };
        let settled = settle(local, feeds, &self.memory, &BTreeMap::new(), now);
        self.memory.clone_from(&settled.beliefs);
        settled
    }
}

fn rows() -> impl Strategy<Value = Vec<Said>> {
    prop::collection::vec((0..IDS.len(), any::<u8>(), any::<u8>(), any::<bool>()), 0..8)
}

fn feeds() -> impl Strategy<Value = Vec<(usize, u64, u8, Vec<Said>)>> {
    prop::collection::vec((0..IDS.len(), 1..4u64, any::<u8>(), rows()), 0..6)
}

fn held(said: &[(usize, u64, u8, Vec<Said>)]) -> BTreeMap<NodeId, Feed> {
    said.iter().map(|(register, seq, signer, rows)| feed(*register, *seq, *signer, rows)).collect()
}

proptest! {
    #[test]
    fn nobody_speaks_beyond_his_prefix_and_local_words_go_first(
        anchors in prop::collection::vec(0..IDS.len(), 0..3),
        pins in prop::collection::vec(0..IDS.len(), 0..2),
        blocks in prop::collection::vec(0..IDS.len(), 0..2),
        steps in prop::collection::vec(feeds(), 1..4),
    ) {
        let mut reader = Reader::new(&anchors, &pins, &blocks);
        for (day, said) in (0u32..).zip(&steps) {
            let feeds = held(said);
            let now = NOW.plus(Duration::from_secs(24 * 3600) * day);
            let settled = reader.settle(&feeds, now);
            for (id, member) in &settled.members {
                match &member.authority {
                    Authority::Block => {
                        prop_assert!(reader.blocks.contains(id));
                        prop_assert!(member.standing == Standing::Blocked && !member.register);
                    }
                    Authority::Pin => prop_assert!(reader.pins.iter().any(|pin| pin.id == *id)),
                    Authority::Anchor => {
                        prop_assert!(reader.anchors.iter().any(|anchor| anchor.id == *id));
                    }
                    Authority::Register(register) => {
                        prop_assert!(may_list(register, id), "{register} lists {id}");
                        prop_assert!(!reader.blocks.contains(register), "{register} is blocked");
                        // Whoever is followed is listed by somebody who is believed himself.
                        let by = settled.members.get(register);
                        let anchor = reader.anchors.iter().any(|anchor| anchor.id == *register);
                        prop_assert!(
                            !matches!(member.standing, Standing::Followed)
                                || anchor || by.is_some_and(|by| by.register)
                        );
                    }
                }
                prop_assert!(member.keys.iter().all(|key| key.node() == id));
                prop_assert!(!(member.register && id.is_carrier()));
            }
            prop_assert!(!settled.members.contains_key(&reader.own));
            // Settling again at the same moment changes nothing.
            prop_assert_eq!(&reader.settle(&feeds, now), &settled);
        }
    }

    #[test]
    fn absence_alone_ends_nobody_within_a_fortnight(
        anchors in prop::collection::vec(0..IDS.len(), 1..3),
        said in feeds(),
        hours in 0..(14 * 24u64),
    ) {
        let mut reader = Reader::new(&anchors, &[], &[]);
        let before = reader.settle(&held(&said), NOW);
        let after = reader.settle(&BTreeMap::new(), NOW);
        let later = NOW.plus(Duration::from_secs(3600 * hours));
        prop_assert!(later < NOW.plus(MISSING_KEPT));
        let later = reader.settle(&BTreeMap::new(), later);
        // Of whom one register says that he takes part and another that he does not, the other's word counts
        // when the first one's goes missing: that is no absence alone.
        let agreed = |of: &NodeId| {
            let mut rows = said.iter().flat_map(|(_, _, _, rows)| rows.iter().map(|said| row(*said)));
            rows.all(|row| row.id != *of || row.status == Status::Active)
        };
        let followed = before.members.iter().filter(|(_, m)| m.standing == Standing::Followed);
        for (id, member) in followed.filter(|(id, _)| agreed(id)) {
            for settled in [&after, &later] {
                let now = settled.members.get(id);
                prop_assert!(now.is_some_and(|now| now.keys == member.keys), "{id}");
                let standing = now.map(|now| now.standing);
                prop_assert!(matches!(
                    standing,
                    Some(Standing::Followed | Standing::Missing { .. })
                ), "{id}: {standing:?}");
            }
        }
    }
}
