//! An origin that breaks every rule it can with a key that is its own.
//!
//! It signs two states with one number, goes back to older ones, breaks the shape of index and slices, puts
//! poison into records, and empties its feed. In between it behaves, so that there is something to lose.

use std::time::Duration;

use engagement_node::sync::transport::Reply;
use engagement_protocol::id::NodeId;
use engagement_protocol::index::{Index, SliceRef};
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::limits::{RECORD_BYTES, SEQ_AHEAD};
use engagement_protocol::register::{Row, Status};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Timestamp;

use super::network::Network;
use super::rng::Rng;
use crate::origin::{Files, Origin};
use crate::records::record;

/// A hostile origin.
#[derive(Debug)]
pub struct Villain {
    number: usize,
    origin: Origin,
    rng: Rng,
    /// Its ordinary records.
    lines: Vec<Vec<u8>>,
    /// What it serves to those with an even number, and to the others.
    faces: [Files; 2],
    /// What it served before.
    past: Vec<Files>,
    count: u64,
    /// The highest number that it has signed ahead of the time.
    ahead: u64,
    /// The register that it keeps: rows that nobody is to believe.
    register: Files,
}

/// What a villain does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// It publishes as everybody does.
    Publish,
    /// It signs two states with one number and shows one to each half of the others.
    TwoFaces,
    /// It serves what it served before.
    GoBack,
    /// It signs objects that break a rule of the protocol.
    BreakRule,
    /// It publishes records that nobody can understand, or that are made to hurt.
    Poison,
    /// It publishes an empty feed.
    Empty,
    /// It signs a number of the day after tomorrow.
    Hurry,
    /// It signs the highest number that anybody believes today.
    Ahead,
    /// It serves nothing at all.
    Hide,
}

impl Deed {
    /// All deeds.
    pub const ALL: [Self; 9] = [
        Self::Publish,
        Self::TwoFaces,
        Self::GoBack,
        Self::BreakRule,
        Self::Poison,
        Self::Empty,
        Self::Hurry,
        Self::Ahead,
        Self::Hide,
    ];
}

impl Villain {
    /// Makes a villain that is host `number`.
    #[must_use]
    pub fn new(id: &str, number: usize, rng: Rng) -> Self {
        let seed = u8::try_from(200 + number % 50).unwrap_or(u8::MAX);
        Self {
            number,
            origin: Origin::new(id, seed),
            rng,
            lines: Vec::new(),
            faces: [Files::new(), Files::new()],
            past: Vec::new(),
            count: 0,
            ahead: 0,
            register: Files::new(),
        }
    }

    /// Makes somebody who has the key of another, and answers as host `number`.
    #[must_use]
    pub fn thief(key: SigningKey, number: usize, rng: Rng) -> Self {
        let origin = Origin::with_key(key);
        Self { origin, ..Self::new("05900", number, rng) }
    }

    /// Keeps a register that lists whom it must not: one with a shorter id, one beside it, itself.
    pub fn list_strangers(&mut self, now: Timestamp) {
        let line = |id: &str| {
            let row = Row {
                id: id.parse().expect("an id"),
                name: "Fremd".to_owned(),
                keys: vec![Origin::new(id, 5).key().clone()],
                url: Some(Network::url(self.number)),
                status: Status::Active,
                register: true,
                successor: None,
            };
            row.to_line().expect("a row that can be read").bytes().to_vec()
        };
        let rows = ["05", "05111777", self.id().as_str()].map(line);
        let mut register = Origin::of_members(self.origin.signing_key().clone());
        self.register = register.publish(rows.iter().map(Vec::as_slice), now);
    }

    /// Returns whose feed it serves.
    #[must_use]
    pub const fn id(&self) -> &NodeId {
        self.origin.id()
    }

    /// Returns its key.
    #[must_use]
    pub const fn key(&self) -> &VerifierKey {
        self.origin.key()
    }

    /// Does something.
    pub fn act(&mut self, deed: Deed, now: Timestamp) {
        match deed {
            Deed::Publish => {
                self.change();
                self.publish(&[], now);
            }
            Deed::TwoFaces => self.two_faces(now),
            Deed::GoBack => {
                if let Some(files) = self.past.first().cloned() {
                    self.faces = [files.clone(), files];
                }
            }
            Deed::BreakRule => self.break_rule(now),
            Deed::Poison => {
                let poison = poison(&format!("gift-{}-{}", self.number, self.count));
                self.count += 1;
                self.publish(&poison, now);
            }
            Deed::Empty => {
                self.lines.clear();
                self.publish(&[], now);
            }
            Deed::Hurry => {
                let later = now.plus(Duration::from_secs(49 * 3600));
                let index = Index::new(vec![SliceRef::to(b"")]).expect("one empty slice");
                let seq = later.as_ms();
                self.serve(self.origin.sign_objects(seq, &index.to_bytes(), &[], now));
            }
            Deed::Ahead => {
                self.change();
                let slice = sorted(&self.lines).concat();
                let index = Index::new(vec![SliceRef::to(&slice)]).expect("one slice");
                let seq = now.plus(SEQ_AHEAD - Duration::from_secs(3600)).as_ms();
                self.ahead = seq;
                self.serve(self.origin.sign_objects(seq, &index.to_bytes(), &[slice], now));
            }
            Deed::Hide => self.serve(Files::new()),
        }
    }

    /// Behaves from now on: a newer state than all before, the same for everybody.
    pub fn repent(&mut self, now: Timestamp) {
        self.change();
        if self.ahead < now.as_ms() {
            return self.publish(&[], now);
        }
        // Its own number has to be overtaken.
        let slice = sorted(&self.lines).concat();
        let index = Index::new(vec![SliceRef::to(&slice)]).expect("one slice");
        self.ahead += 1;
        self.serve(self.origin.sign_objects(self.ahead, &index.to_bytes(), &[slice], now));
    }

    /// Returns the head that it serves to those with an even number.
    #[must_use]
    pub fn head(&self) -> Vec<u8> {
        let [even, _] = &self.faces;
        even.get("/f/offers/head").cloned().unwrap_or_default()
    }

    /// Answers.
    pub(super) fn answer(&mut self, asker: usize, path: &str, now: Timestamp) -> Reply {
        let found = self.faces.get(asker % 2).and_then(|files| files.get(path));
        let found = found.or_else(|| self.register.get(path));
        let (status, body) = match found {
            Some(body) => (200, body.clone()),
            None if path == "/ping" => (202, b"{\"seq\":null}".to_vec()),
            None => (404, Vec::new()),
        };
        Reply { status, etag: None, date: Some(now), body }
    }

    fn change(&mut self) {
        for _ in 0..self.rng.range(1..4) {
            let (id, title) = (
                format!("v{}-{}", self.number, self.count),
                format!("Angebot {} von {}", self.count, self.number),
            );
            self.count += 1;
            let line = record(&id, &title).to_line().expect("a valid record");
            self.lines.push(line.bytes().to_vec());
        }
        if self.lines.len() > 6 {
            self.lines.remove(self.rng.below(self.lines.len()));
        }
    }

    fn publish(&mut self, more: &[Vec<u8>], now: Timestamp) {
        let lines = self.lines.iter().chain(more).map(Vec::as_slice);
        let files = self.origin.publish(lines, now);
        self.serve(files);
    }

    fn serve(&mut self, files: Files) {
        let before = std::mem::replace(&mut self.faces, [files.clone(), files]);
        let [before, _] = before;
        if !before.is_empty() && self.past.len() < 8 {
            self.past.push(before);
        }
    }

    fn two_faces(&mut self, now: Timestamp) {
        self.change();
        let mut sets: [Vec<Vec<u8>>; 2] = [self.lines.clone(), self.lines.clone()];
        let [_, other] = &mut sets;
        other.pop();
        self.faces = sets.map(|lines| {
            let slice = sorted(&lines).concat();
            let index = Index::new(vec![SliceRef::to(&slice)]).expect("one slice");
            self.origin.sign_objects(now.as_ms(), &index.to_bytes(), &[slice], now)
        });
    }

    fn break_rule(&mut self, now: Timestamp) {
        self.change();
        let good = sorted(&self.lines);
        let slice = good.concat();
        let one = |slice: &[u8]| Index::new(vec![SliceRef::to(slice)]).expect("one").to_bytes();
        let broken = match self.rng.range(0..8) {
            0 => good.iter().rev().cloned().collect::<Vec<_>>().concat(),
            1 => [good.concat(), good.concat()].concat(),
            2 => b"{\"title\":\"kein Schl\xc3\xbcssel\",\"id\":\"a\"}\n".to_vec(),
            3 => slice.strip_suffix(b"\n").unwrap_or(b"").to_vec(),
            4 => [b"{\"id\":\"a\",\"x\":\"".to_vec(), vec![b'x'; RECORD_BYTES], b"\"}\n".to_vec()]
                .concat(),
            _ => slice.clone(),
        };
        let index = match self.rng.range(0..4) {
            // A length that is not the slice's, three slices, or no index at all: with a good slice.
            0 if broken == slice => {
                let text = String::from_utf8(one(&slice)).expect("an index is text");
                text.replace('\n', "0\n").into_bytes()
            }
            1 if broken == slice => [one(&slice), one(b""), one(b"")].concat(),
            2 if broken == slice => b"kein Verzeichnis\n".to_vec(),
            3 if broken == slice => {
                // Every record in the slice that is not its own.
                let (zero, one): (Vec<_>, Vec<_>) = good.iter().cloned().partition(|line| {
                    Line::read(line.strip_suffix(b"\n").unwrap_or(line))
                        .is_ok_and(|line| line.place().prefix(1) == 0)
                });
                let refs = vec![SliceRef::to(&one.concat()), SliceRef::to(&zero.concat())];
                let index = Index::new(refs).expect("two slices").to_bytes();
                let slices = [one.concat(), zero.concat()];
                return self.serve(self.origin.sign_objects(now.as_ms(), &index, &slices, now));
            }
            _ => one(&broken),
        };
        self.serve(self.origin.sign_objects(now.as_ms(), &index, &[broken], now));
    }
}

/// Returns the lines of a slice in the order of the protocol, each with its end.
fn sorted(lines: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut read: Vec<_> =
        lines.iter().map(|line| Line::read(line).expect("begins with its id")).collect();
    read.sort_by_key(Line::place);
    read.iter().map(|line| [line.bytes(), b"\n"].concat()).collect()
}

/// Lines whose bytes are in order and whose meaning is not.
fn poison(id: &str) -> Vec<Vec<u8>> {
    let deep = format!("{}1{}", "[".repeat(40), "]".repeat(40));
    let marks = "\\u0301".repeat(2000);
    [
        format!("{{\"id\":\"{id}-1\",\"kind\":\"opportunity\",\"seats\":1e400}}"),
        format!("{{\"id\":\"{id}-2\",\"title\":\"\\u0000\"}}"),
        format!("{{\"id\":\"{id}-3\",\"kind\":\"spaceship\",\"title\":\"Fremde Art\"}}"),
        format!("{{\"id\":\"{id}-4\",\"x\":{deep}}}"),
        format!("{{\"id\":\"{id}-5\",\"title\":\"{marks}\"}}"),
        format!("{{\"id\":\"{id}-6\" das ist kein JSON"),
        format!("{{\"id\":\"{id}-7\",\"title\":\"a\",\"title\":\"b\"}}"),
        format!("{{\"id\":\"{id}-8\",\"valid_until\":\"9999-99-99\"}}"),
    ]
    .map(String::into_bytes)
    .to_vec()
}
