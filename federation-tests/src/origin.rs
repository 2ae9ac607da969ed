//! An origin that signs whatever a test wants: foreign kinds, broken records, two states with one number.
//!
//! It uses the protocol's own publisher, so that what it serves differs from an honest feed only where
//! the test says so.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use engagement_protocol::hash::Hash;
use engagement_protocol::head::Head;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::index::Index;
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::limits::HEAD_LIFE;
use engagement_protocol::publisher::Publisher;
use engagement_protocol::slice::{self, Line};
use engagement_protocol::time::Timestamp;
use engagement_protocol::verify::Verified;

/// What a web server serves: bytes by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A key, and the states it signed.
#[derive(Debug)]
pub struct Origin {
    feed: Feed,
    key: SigningKey,
    last: Option<(Verified<Head>, Index)>,
    lines: BTreeMap<Hash, Line>,
}

impl Origin {
    /// Makes an origin with the key of `seed`.
    #[must_use]
    pub fn new(id: &str, seed: u8) -> Self {
        let id: NodeId = id.parse().expect("a node id");
        let key = SigningKey::from_seed(id, &[seed; 32]);
        Self::with_key(key)
    }

    /// Makes an origin that signs with this key.
    #[must_use]
    pub const fn with_key(key: SigningKey) -> Self {
        Self { feed: Feed::Offers, key, last: None, lines: BTreeMap::new() }
    }

    /// Makes the register of whoever has this key.
    #[must_use]
    pub fn of_members(key: SigningKey) -> Self {
        Self { feed: Feed::Members, ..Self::with_key(key) }
    }

    /// Returns the key it signs with, with its secret.
    #[must_use]
    pub const fn signing_key(&self) -> &SigningKey {
        &self.key
    }

    /// Returns whose feed this is.
    #[must_use]
    pub const fn id(&self) -> &NodeId {
        self.key.verifier().node()
    }

    /// Returns the key it signs with.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// Signs the state that holds exactly `lines`; returns the files of it.
    pub fn publish<'a>(
        &mut self,
        lines: impl IntoIterator<Item = &'a [u8]>,
        now: Timestamp,
    ) -> Files {
        let read = |bytes| Line::read(bytes).expect("begins with its id");
        let next: BTreeMap<Hash, Line> =
            lines.into_iter().map(|bytes| (read(bytes).place(), read(bytes))).collect();
        let changed: BTreeSet<Hash> = self.lines.keys().chain(next.keys()).copied().collect();
        self.lines = next;
        let publisher = match self.last.clone() {
            Some((head, index)) => Publisher::resume(head, index),
            None => Publisher::new(self.id().clone(), self.feed),
        };
        let live = u64::try_from(self.lines.len()).unwrap_or(u64::MAX);
        let plan = publisher.plan(live, &changed).expect("not too many records");
        let slices = plan
            .positions()
            .iter()
            .map(|position| (*position, self.slice(plan.k(), *position)))
            .collect();
        let edition = publisher.publish(&plan, slices, now, &self.key).expect("it can be signed");
        self.last = Some((edition.head, edition.index));
        self.files()
    }

    /// Returns the files of the state signed last.
    #[must_use]
    pub fn files(&self) -> Files {
        let Some((head, index)) = &self.last else { return Files::new() };
        let mut files = Files::from([
            (format!("/f/{}/head", self.feed), head.bytes().to_vec()),
            (format!("/n/{}/{}/head", self.id(), self.feed), head.bytes().to_vec()),
            (format!("/o/{}", head.index), index.to_bytes()),
        ]);
        for (position, slice) in (0u16..).zip(index.slices()).filter(|(_, slice)| !slice.is_empty())
        {
            files.insert(format!("/o/{}", slice.hash), self.slice(index.k(), position));
        }
        files
    }

    /// Returns the head signed last.
    #[must_use]
    pub fn head(&self) -> &Verified<Head> {
        &self.last.as_ref().expect("something was published").0
    }

    /// Signs a head of any number for any index, as if at `issued`.
    #[must_use]
    pub fn sign(&self, seq: u64, index: Hash, issued: Timestamp, life: Duration) -> Vec<u8> {
        let head = Head {
            node: self.id().clone(),
            feed: self.feed,
            seq,
            index,
            issued,
            expires: issued.plus(life.min(HEAD_LIFE)),
        };
        head.sign(&self.key).bytes().to_vec()
    }

    /// Signs any objects as the state `seq`: what they say is not looked at.
    #[must_use]
    pub fn sign_objects(
        &self,
        seq: u64,
        index: &[u8],
        slices: &[Vec<u8>],
        now: Timestamp,
    ) -> Files {
        let head = self.sign(seq, Hash::of(index), now, HEAD_LIFE);
        let objects = slices.iter().map(Vec::as_slice).chain([index]);
        let mut files: Files =
            objects.map(|bytes| (format!("/o/{}", Hash::of(bytes)), bytes.to_vec())).collect();
        files.insert("/f/offers/head".to_owned(), head.clone());
        files.insert(format!("/n/{}/offers/head", self.id()), head);
        files
    }

    fn slice(&self, k: u8, position: u16) -> Vec<u8> {
        let inside = self.lines.values().filter(|line| line.place().prefix(k) == position);
        slice::write(inside.map(Line::bytes))
    }
}
