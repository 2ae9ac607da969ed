//! One origin and one reader in memory: rows, objects and nothing else.
//!
//! What a store does in a transaction is here a map that is replaced.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::Feed;
use engagement_protocol::index::Index;
use engagement_protocol::limits::MAX_K;
use engagement_protocol::publisher::{Edition, Publisher};
use engagement_protocol::replica::{Applied, Decision, Replica, Source, Want};
use engagement_protocol::slice::{self, Line};
use engagement_protocol::time::Timestamp;

use crate::corpus;

/// Records by place.
pub(crate) type Rows = BTreeMap<Hash, Line>;

/// Returns the hashes of the slices of `rows`, cut by k.
pub(crate) fn cut(rows: &Rows, k: u8) -> Vec<Hash> {
    (0..1 << k).map(|position| Hash::of(&slice_of(rows, k, position))).collect()
}

/// Returns the bytes of one slice of `rows`.
pub(crate) fn slice_of(rows: &Rows, k: u8, position: u16) -> Vec<u8> {
    slice::write(rows.range(slice::range(k, position)).map(|(_, line)| line.bytes()))
}

/// Returns the rows that a reader has after it applied a state.
pub(crate) fn apply(held: &Rows, applied: &Applied) -> Rows {
    let mut rows = held.clone();
    for (position, lines) in &applied.slices {
        let range = slice::range(applied.index.k(), *position);
        rows.retain(|place, _| !range.contains(place));
        rows.extend(lines.iter().map(|line| (line.place(), line.clone())));
    }
    rows
}

/// A node that publishes.
pub(crate) struct Origin {
    pub(crate) rows: Rows,
    pub(crate) objects: BTreeMap<Hash, Vec<u8>>,
    pub(crate) last: Option<Edition>,
    publisher: Publisher,
}

impl Origin {
    pub(crate) fn new() -> Self {
        let publisher = Publisher::new(corpus::TOWN.parse().unwrap(), Feed::Offers);
        Self { rows: Rows::new(), objects: BTreeMap::new(), last: None, publisher }
    }

    /// Publishes `rows`, and forgets the objects that the edition no longer names.
    pub(crate) fn publish(&mut self, rows: Rows, now: Timestamp) {
        let before = std::mem::replace(&mut self.rows, rows);
        let places: BTreeSet<Hash> = before.keys().chain(self.rows.keys()).copied().collect();
        let changed =
            places.into_iter().filter(|place| before.get(place) != self.rows.get(place)).collect();
        let live = u64::try_from(self.rows.len()).unwrap();
        let plan = self.publisher.plan(live, &changed).unwrap();
        let slices = plan.positions().iter();
        let slices = slices.map(|at| (*at, slice_of(&self.rows, plan.k(), *at))).collect();
        let key = corpus::key("town");
        let edition = self.publisher.publish(&plan, slices, now, &key).unwrap();
        check_objects(&self.objects, &edition);
        self.objects.extend(edition.added.clone());
        self.objects.retain(|hash, _| !edition.replaced.contains(hash));
        self.publisher = Publisher::resume(edition.head.clone(), edition.index.clone());
        self.last = Some(edition);
        self.check();
    }

    /// Re-proves the whole state from what is served: the objects are those of the head and no others.
    fn check(&self) {
        let edition = self.last.as_ref().unwrap();
        let named = named(edition);
        assert!(self.objects.keys().eq(named.iter()), "served is exactly what is named");
        for (hash, bytes) in &self.objects {
            assert_eq!(Hash::of(bytes), *hash);
        }
        let k = edition.index.k();
        let hashes: Vec<_> = edition.index.slices().iter().map(|slice| slice.hash).collect();
        assert_eq!(hashes, cut(&self.rows, k), "the index is that of the rows");
    }
}

fn named(edition: &Edition) -> BTreeSet<Hash> {
    let slices = edition.index.slices().iter().filter(|slice| !slice.is_empty());
    slices.map(|slice| slice.hash).chain([edition.head.index]).collect()
}

/// Every object named is old or added, none is added without need, and what is replaced is not named.
fn check_objects(old: &BTreeMap<Hash, Vec<u8>>, edition: &Edition) {
    let named = named(edition);
    for hash in &named {
        assert!(old.contains_key(hash) != edition.added.contains_key(hash), "old or added");
    }
    assert!(edition.added.keys().all(|hash| named.contains(hash)), "nothing added in vain");
    assert!(edition.replaced.iter().all(|hash| old.contains_key(hash)), "only what was served");
    assert!(edition.replaced.is_disjoint(&named), "nothing named is replaced");
}

/// A node that reads.
#[derive(Default)]
pub(crate) struct Reader {
    pub(crate) rows: Rows,
    pub(crate) replica: Replica,
    /// Objects fetched so far.
    pub(crate) fetched: usize,
}

impl Reader {
    /// Follows the origin's head, and checks that the copy equals it.
    pub(crate) fn follow(&mut self, origin: &Origin, now: Timestamp) {
        let edition = origin.last.as_ref().unwrap();
        let keys = [corpus::key("town").verifier().clone()];
        let node = corpus::TOWN.parse().unwrap();
        let head = Head::verify(edition.head.bytes(), &node, Feed::Offers, &keys, now).unwrap();
        match self.replica.consider(&head, Source::Relay, now, &[]) {
            Decision::Fetch => {}
            Decision::Same => return,
            other => panic!("{other:?}"),
        }
        let mut transfer = self.replica.transfer(head);
        loop {
            match transfer.want() {
                Want::Index(hash) => {
                    transfer.index(&origin.objects[&hash]).unwrap();
                    self.fetched += 1;
                }
                Want::Recut { k } => transfer.recut(&cut(&self.rows, k)).unwrap(),
                Want::Slices(wanted) => {
                    for (at, slice) in wanted {
                        transfer.slice(at, &origin.objects[&slice.hash]).unwrap();
                        self.fetched += 1;
                    }
                }
                Want::Nothing => break,
            }
        }
        let applied = transfer.finish().unwrap();
        self.rows = apply(&self.rows, &applied);
        let index: Index = applied.index.clone();
        assert!(index.k() <= MAX_K);
        self.replica = Replica::resume(applied.head, index);
        self.check();
    }

    /// Re-proves the copy from its rows alone.
    fn check(&self) {
        let (head, index) = (self.replica.head().unwrap(), self.replica.index().unwrap());
        assert_eq!(Hash::of(&index.to_bytes()), head.index);
        let hashes: Vec<_> = index.slices().iter().map(|slice| slice.hash).collect();
        assert_eq!(hashes, cut(&self.rows, index.k()), "a replica equals its head");
    }
}
