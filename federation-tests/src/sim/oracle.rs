//! The oracle: judges every step from stored bytes and from what went over the wire.
//!
//! It has its own connections, its own reader of notes and its own hashing. What it calls a violation names
//! the promise that was broken, as the list of invariants in `sim.rs` does.

pub mod erased;
pub mod note;
pub mod rows;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use note::{Key, Said};
use rows::{Feed, Rows};

use super::marks::Marks;
use super::network::Heard;
use crate::sometimes;

/// Rows of transfers, refusals and proofs that one node may hold about all others.
const ROWS_PER_NODE: u64 = 2_000;

/// What every word begins with that stands nowhere else, and how long such a word is.
pub const TOKEN: &str = "zorb";
const TOKEN_LEN: usize = 10;

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Which, as `S1`.
    pub promise: &'static str,
    /// At which node.
    pub node: usize,
    /// What was found.
    pub found: String,
}

/// What the oracle knows.
#[derive(Debug, Default)]
pub struct Oracle {
    /// The keys that each node has had, the present ones last.
    keys: BTreeMap<String, Vec<Key>>,
    /// How many of these count no more.
    retired: BTreeMap<String, usize>,
    /// The nodes in whose name somebody else signs, or did: of them only the present keys count, and only at
    /// the end.
    pub shared: BTreeSet<String>,
    /// Node ids by host; a villain's number is not here.
    honest: BTreeMap<usize, String>,
    /// What honest origins have signed: by node and feed the index of each number.
    signed: BTreeMap<(String, String), BTreeMap<u64, String>>,
    watched: BTreeMap<usize, Watched>,
    /// What honest origins have published: by node the ids that each number shows.
    published: BTreeMap<String, BTreeMap<u64, BTreeSet<String>>>,
    /// The newest own head that left an honest node.
    served: BTreeMap<String, Said>,
    /// The most bytes that a node may ask for at once.
    pub most_bytes: usize,
    /// The highest number that a node with the right time believes now.
    pub believable: u64,
    /// Bytes that must not leave any node.
    secrets: BTreeSet<String>,
    /// Which key of its node has signed each note seen, by its place among them.
    verified: BTreeMap<String, Option<usize>>,
    /// The first broken promise.
    pub violation: Option<Violation>,
    /// What was reached.
    pub marks: Marks,
}

#[derive(Debug)]
struct Watched {
    /// Nothing while the node is down.
    rows: Option<Rows>,
    feeds: BTreeMap<(String, String), Feed>,
    /// The number accepted last, also of feeds that were let go of since.
    newest: BTreeMap<(String, String), u64>,
}

impl Oracle {
    /// Learns of a node that is expected to be honest.
    pub fn honest(&mut self, number: usize, id: &str, key: &str) {
        self.honest.insert(number, id.to_owned());
        self.key(id, key);
    }

    /// Learns of another installation of an honest node.
    pub fn also(&mut self, number: usize, id: &str) {
        self.honest.insert(number, id.to_owned());
    }

    /// Learns the key of a node.
    pub fn key(&mut self, id: &str, key: &str) {
        let key = Key::read(key).expect("a key as the node prints it");
        self.keys.entry(id.to_owned()).or_default().push(key);
    }

    /// Learns that of the keys of a node only the newest counts, once everybody has heard of it.
    pub fn retire(&mut self, id: &str) {
        let keys = self.keys.get(id).map_or(0, Vec::len);
        self.retired.insert(id.to_owned(), keys.saturating_sub(1));
    }

    /// Learns bytes that must never leave a node.
    pub fn secret(&mut self, secret: String) {
        self.secrets.insert(secret);
    }

    /// Watches the database of a node that was started.
    ///
    /// # Errors
    ///
    /// What SQLite says.
    pub fn watch(&mut self, number: usize, database: &Path) -> rusqlite::Result<()> {
        let rows = Rows::open(database)?;
        let id = self.honest.get(&number).cloned().unwrap_or_default();
        let feeds = rows.feeds()?;
        let own = feeds.iter().find(|feed| feed.node == id && feed.feed == "offers");
        let held = own.map(|feed| feed.seq);
        if let Some(served) = self.served.get(&id)
            && !self.shared.contains(&id)
            && held.is_none_or(|held| held < served.seq)
        {
            let found =
                format!("the head {} was served, {held:?} is left after a crash", served.seq);
            self.broken("S9", number, found);
        }
        let before = self.watched.remove(&number);
        let (mut feeds_before, newest) =
            before.map(|before| (before.feeds, before.newest)).unwrap_or_default();
        feeds_before.retain(|name, _| {
            feeds.iter().any(|feed| (&feed.node, &feed.feed) == (&name.0, &name.1))
        });
        self.watched.insert(number, Watched { rows: Some(rows), feeds: feeds_before, newest });
        self.look(number);
        Ok(())
    }

    /// Forgets what a node held: its database is another one now.
    pub fn forget(&mut self, number: usize) {
        self.watched.remove(&number);
        if let Some(id) = self.honest.get(&number) {
            self.served.remove(id);
        }
    }

    /// Closes the connection to the database of a node, and remembers what stood in it.
    pub fn close(&mut self, number: usize) {
        if let Some(watched) = self.watched.get_mut(&number) {
            watched.rows = None;
        }
    }

    /// Looks at what a node has written since the last look.
    pub fn look(&mut self, number: usize) {
        if let Err(error) = self.try_look(number, false) {
            self.broken("S11", number, format!("the database cannot be read: {error}"));
        }
    }

    /// Proves everything that a node holds, whether it was written lately or not.
    pub fn prove(&mut self, number: usize) {
        if let Err(error) = self.try_look(number, true) {
            self.broken("S11", number, format!("the database cannot be read: {error}"));
        }
    }

    /// Returns the feeds that a node held at the last look.
    #[must_use]
    pub fn held(&self, number: usize) -> Vec<Feed> {
        let watched = self.watched.get(&number);
        watched.map(|watched| watched.feeds.values().cloned().collect()).unwrap_or_default()
    }

    /// Returns the number that a node held of a feed at the last look.
    #[must_use]
    pub fn holds(&self, number: usize, node: &str) -> Option<u64> {
        let name = (node.to_owned(), "offers".to_owned());
        self.watched.get(&number)?.feeds.get(&name).map(|feed| feed.seq)
    }

    /// Returns whether an honest origin showed `id` in the state `seq`.
    #[must_use]
    pub fn has_published(&self, node: &str, seq: u64, id: &str) -> bool {
        let states = self.published.get(node);
        states.and_then(|states| states.get(&seq)).is_some_and(|ids| ids.contains(id))
    }

    /// Returns whether an honest origin showed `id` in any state up to `seq`.
    #[must_use]
    pub fn has_published_until(&self, node: &str, seq: u64, id: &str) -> bool {
        let states = self.published.get(node);
        states.is_some_and(|states| states.range(..=seq).any(|(_, ids)| ids.contains(id)))
    }

    /// Returns the newest state of an honest origin that is not younger than the number `before`.
    #[must_use]
    pub fn newest_before(&self, node: &str, before: u64) -> Option<u64> {
        let states = self.published.get(node)?;
        states.range(..=before).next_back().map(|(seq, _)| *seq)
    }

    /// Returns the rows of a node's database.
    #[must_use]
    pub fn rows(&self, number: usize) -> Option<&Rows> {
        self.watched.get(&number).and_then(|watched| watched.rows.as_ref())
    }

    fn try_look(&mut self, number: usize, everything: bool) -> rusqlite::Result<()> {
        let Some(watched) = self.watched.get_mut(&number) else { return Ok(()) };
        let Some(rows) = &mut watched.rows else { return Ok(()) };
        if !rows.moved() && !everything {
            return Ok(());
        }
        let feeds = rows.feeds()?;
        let before = std::mem::take(&mut watched.feeds);
        for feed in &feeds {
            let name = (feed.node.clone(), feed.feed.clone());
            let old = before.get(&name);
            if !everything && old == Some(feed) {
                continue;
            }
            self.judge(number, old, feed, everything)?;
        }
        if let Some(watched) = self.watched.get_mut(&number) {
            let named =
                feeds.into_iter().map(|feed| ((feed.node.clone(), feed.feed.clone()), feed));
            watched.feeds = named.collect();
        }
        Ok(())
    }

    fn judge(
        &mut self,
        number: usize,
        old: Option<&Feed>,
        feed: &Feed,
        everything: bool,
    ) -> rusqlite::Result<()> {
        let name = (feed.node.clone(), feed.feed.clone());
        let title = format!("{}/{} {}", feed.node, feed.feed, feed.seq);
        let index = note::hash(&feed.index);
        let said = note::head(&feed.head);
        let expected = Said {
            node: name.0.clone(),
            feed: name.1.clone(),
            seq: feed.seq,
            index: index.clone(),
        };
        if said.as_ref() != Some(&expected) {
            self.broken("S1", number, format!("{title}: beside it stands the head {said:?}"));
        }
        if !self.is_signed(&feed.node, &feed.head, everything) {
            self.broken(
                "S4",
                number,
                format!("{title}: the head is not signed by a key valid now"),
            );
        }
        // What only a clock that was ahead could believe is let go of when it is right.
        let watched = self.watched.get_mut(&number);
        let newest = watched.and_then(|watched| watched.newest.insert(name.clone(), feed.seq));
        let shared = self.shared.contains(&feed.node);
        let lower = |seq: &u64| *seq > feed.seq && *seq <= self.believable && !shared;
        if let Some(newest) = newest.filter(lower) {
            self.broken("S3", number, format!("{title} was accepted after {newest}"));
        }
        let mut moved = true;
        if let Some(old) = old {
            if old.seq == feed.seq && old.index != feed.index && !shared {
                self.broken("S2", number, format!("{title}: accepted in two states"));
            }
            moved = old.seq != feed.seq || old.index != feed.index;
            sometimes!(
                self.marks,
                moved && old.index.len() != feed.index.len(),
                "a feed was cut anew"
            );
            sometimes!(self.marks, !moved && old.head != feed.head, "a state was signed again");
        }
        let own = self.honest.get(&number) == Some(&feed.node);
        if moved || everything {
            let Some(rows) = self.rows(number) else { return Ok(()) };
            let lines = rows.lines(feed)?;
            if own && feed.feed == "offers" {
                let ids = lines.iter().filter_map(|line| rows::id(line)).map(str::to_owned);
                let states = self.published.entry(feed.node.clone()).or_default();
                states.insert(feed.seq, ids.collect());
            }
            if let Some(found) = rows::differs(&lines, &feed.index) {
                self.broken("S1", number, format!("{title}: {found}"));
            }
            sometimes!(
                self.marks,
                lines.is_empty() && old.is_some(),
                "an emptied feed was followed"
            );
        }
        let honest = self.honest.values().any(|id| *id == feed.node);
        let signed = self.signed.entry(name).or_default();
        if own {
            let before = signed.insert(feed.seq, index.clone());
            if before.is_some_and(|before| before != index) && !shared {
                self.broken("S2", number, format!("{title}: an honest node signed it twice"));
            }
        } else if honest && !shared && signed.get(&feed.seq) != Some(&index) {
            self.broken("S1", number, format!("{title}: its origin never was in this state"));
        }
        Ok(())
    }

    /// Takes note of what went over the wire.
    pub fn hear(&mut self, heard: &Heard) {
        let asked = self.honest.get(&heard.asked).cloned();
        for bytes in [&heard.body, &heard.sent] {
            let text = String::from_utf8_lossy(bytes);
            if let Some(secret) = self.told(&text) {
                let found = format!("{} carries {secret}", heard.path);
                return self.broken("S10", heard.asked, found);
            }
        }
        if heard.limit > self.most_bytes {
            let found = format!("it would take {} bytes for {}", heard.limit, heard.path);
            return self.broken("S12", heard.asker, found);
        }
        let Some(asked) = asked else { return };
        let valid = heard.path.starts_with("GET ") || heard.status != 400;
        if heard.status >= 500 && valid {
            self.broken("S11", heard.asked, format!("{} answers {}", heard.path, heard.status));
        }
        sometimes!(self.marks, heard.status == 304, "a head was unchanged");
        let object = heard.path.starts_with("GET /o/");
        sometimes!(self.marks, object && heard.status == 404, "an object was gone");
        sometimes!(self.marks, heard.lie, "a relay lied");
        let relayed = heard.path.starts_with("GET /n/") && heard.status == 200;
        sometimes!(self.marks, relayed, "a relay was asked");
        let pinged = heard.path == "POST /ping" && heard.status == 202;
        sometimes!(self.marks, pinged, "a ping was taken");
        if heard.path == "GET /f/offers/head" && heard.status == 200 {
            self.note_served(asked, &heard.body);
        }
        if heard.path == "POST /ping"
            && let Some(asker) = self.honest.get(&heard.asker).cloned()
        {
            self.note_served(asker, &heard.sent);
        }
    }

    /// Returns the secret that a text carries, if it carries one.
    fn told(&self, text: &str) -> Option<String> {
        // Most are words that all begin alike: one pass finds them, however many there are.
        let words = text.match_indices(TOKEN).filter_map(|(at, _)| text.get(at..at + TOKEN_LEN));
        let mut words = words.filter(|word| self.secrets.contains(*word));
        let keys = self.secrets.iter().filter(|secret| !secret.starts_with(TOKEN));
        let mut keys = keys.filter(|secret| text.contains(secret.as_str()));
        words.next().map(str::to_owned).or_else(|| keys.next().cloned())
    }

    fn note_served(&mut self, id: String, head: &[u8]) {
        let Some(said) = note::head(head).filter(|said| said.node == id && said.feed == "offers")
        else {
            return;
        };
        let newest = self.served.entry(id).or_insert_with(|| said.clone());
        if said.seq > newest.seq {
            *newest = said;
        }
    }

    /// Judges what has to be bounded, and the proofs that are kept.
    pub fn bounds(&mut self, number: usize, tasks: usize) {
        if tasks > 64 {
            self.broken("S12", number, format!("{tasks} things are under way"));
        }
        if let Err(error) = self.try_bounds(number) {
            self.broken("S11", number, format!("the database cannot be read: {error}"));
        }
    }

    fn try_bounds(&mut self, number: usize) -> rusqlite::Result<()> {
        let Some(rows) = self.rows(number) else { return Ok(()) };
        let mut broken = None;
        for table in ["staged", "refused", "equivocation", "object", "contact", "removal"] {
            let count = rows.count(table)?;
            if count > ROWS_PER_NODE {
                broken = Some(format!("{count} rows in {table}"));
            }
        }
        let refused = rows.count("refused")? > 0;
        let proofs = rows.proofs()?;
        sometimes!(self.marks, refused, "a state was refused for good");
        sometimes!(self.marks, !proofs.is_empty(), "an equivocation was proved");
        for (first, second) in proofs {
            let (Some(a), Some(b)) = (note::head(&first), note::head(&second)) else {
                broken = Some("a proof is no pair of heads".to_owned());
                continue;
            };
            let same = (&a.node, &a.feed, a.seq) == (&b.node, &b.feed, b.seq);
            let proves = same && a.index != b.index;
            let signed =
                self.is_signed(&a.node, &first, false) && self.is_signed(&b.node, &second, false);
            let innocent =
                self.honest.values().any(|id| *id == a.node) && !self.shared.contains(&a.node);
            if !(proves && signed) || innocent {
                broken = Some(format!("a proof proves nothing: {a:?} {b:?}"));
            }
        }
        if let Some(found) = broken {
            self.broken("S12", number, found);
        }
        Ok(())
    }

    /// Returns whether a key of `node` has signed this; one that counts now, if that is `strict`.
    fn is_signed(&mut self, node: &str, head: &[u8], strict: bool) -> bool {
        let Some(keys) = self.keys.get(node) else { return false };
        let name = format!("{}/{}", keys.len(), note::hash(head));
        let signed = *self
            .verified
            .entry(name)
            .or_insert_with(|| keys.iter().rposition(|key| key.signed(head)));
        let retired = if strict { self.retired.get(node).copied().unwrap_or(0) } else { 0 };
        signed.is_some_and(|at| at >= retired)
    }

    /// Notes a broken promise; the first counts.
    pub fn broken(&mut self, promise: &'static str, node: usize, found: String) {
        self.violation.get_or_insert(Violation { promise, node, found });
    }
}
