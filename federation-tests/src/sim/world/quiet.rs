//! After the storm: everything is mended, and must come together, be found, and be forgotten.

use std::collections::BTreeSet;

use engagement_node::clock::Clock as _;
use serde_json::Value;

use super::{CALM, World, lock};
use crate::sim::executor::at_once;
use crate::sim::network::browse;
use crate::sim::oracle::{erased, note, rows};
use crate::sim::plan::Family;
use crate::sometimes;

impl World {
    /// Mends everything, waits, and judges what has to hold once it is quiet.
    pub fn calm(&mut self) {
        if self.oracle.violation.is_some() {
            return;
        }
        let now = self.now();
        self.trace.note(now, || "= everything is mended".to_owned());
        self.later.clear();
        self.network.heal();
        for number in 0..self.towns.len() {
            self.town(number).clock.set_ahead(0);
            self.start(number);
        }
        let wall = self.executor.handle().wall();
        self.villains.iter().for_each(|villain| lock(villain).repent(wall));
        for number in 0..self.towns.len() {
            self.publish_at(number, 1);
        }
        self.pass(CALM);
        // What was replaced last is served for ten more minutes, and purged after that.
        self.converged();
        self.pass(std::time::Duration::from_secs(11 * 60));
        for number in 0..self.towns.len() {
            self.kept_promises(number);
        }
        for number in 0..self.towns.len() {
            if self.oracle.violation.is_some() {
                return;
            }
            self.oracle.prove(number);
            let tasks = self.executor.count(crate::sim::executor::Owner::Node(number));
            self.oracle.bounds(number, tasks);
            self.finds_all(number);
            self.forgot(number);
        }
    }

    /// L1: every replica is what its origin holds.
    fn converged(&mut self) {
        let mut origins: Vec<(String, u64, String)> = Vec::new();
        for town in &self.towns {
            let own = self.oracle.held(town.number);
            let own =
                own.iter().find(|feed| feed.node == town.id.as_str() && feed.feed == "offers");
            match own {
                Some(feed) => origins.push((feed.node.clone(), feed.seq, note::hash(&feed.index))),
                None => {
                    return self.oracle.broken(
                        "L1",
                        town.number,
                        "it publishes nothing".to_owned(),
                    );
                }
            }
        }
        // A number from the day after tomorrow is believed by who thinks it is next week, and then nothing
        // older is: such a feed is stuck there until its key changes (`SPEC.md` names this weakness).
        let clocks = self.plan.has(Family::Clock);
        for (at, villain) in self.villains.iter().enumerate() {
            if clocks && self.hurried.contains(&at) {
                continue;
            }
            let head = lock(villain).head();
            origins.extend(note::head(&head).map(|said| (said.node, said.seq, said.index)));
        }
        for number in 0..self.towns.len() {
            let held = self.oracle.held(number);
            for (node, seq, index) in &origins {
                let copy = held.iter().find(|feed| feed.node == *node && feed.feed == "offers");
                let copy = copy.map(|feed| (feed.seq, note::hash(&feed.index)));
                // A hostile origin tells nobody that it has news, and where each relay waits for the other
                // relays it is asked once a day: its feed may lag here, and must not be anything else.
                let tells = self.towns.iter().any(|town| town.id.as_str() == node);
                if !tells && copy.as_ref().is_none_or(|(held, _)| held < seq) {
                    continue;
                }
                if copy.as_ref() != Some(&(*seq, index.clone())) {
                    let found = format!(
                        "of {node} it holds {copy:?}, its origin {seq} {index}; {}",
                        self.contact(number, node)
                    );
                    return self.oracle.broken("L1", number, found);
                }
            }
            for (id, peer) in &self.town(number).links {
                let relayed =
                    peer.url.is_none() && held.iter().any(|feed| feed.node == id.as_str());
                if relayed {
                    self.oracle.marks.hit("a copy was carried by relays alone");
                    break;
                }
            }
        }
    }

    fn contact(&self, number: usize, node: &str) -> String {
        let Some(running) = &self.town(number).running else { return "it is down".to_owned() };
        let contacts = running.app.sync().contacts(engagement_protocol::id::Feed::Offers);
        let contact =
            contacts.iter().find(|(id, _)| id.as_str() == node).map(|(_, contact)| contact);
        format!("{contact:?}; trouble {:?}", self.troubles())
    }

    fn troubles(&self) -> Vec<Option<String>> {
        let running = self.towns.iter().filter_map(|town| town.running.as_ref());
        running.map(|running| running.app.trouble()).collect()
    }

    /// S8: what editors were told is so, and the feed says it.
    fn kept_promises(&mut self, number: usize) {
        let Some(rows) = self.oracle.rows(number) else { return };
        let drafts = match rows.drafts() {
            Ok(drafts) => drafts,
            Err(error) => return self.oracle.broken("S11", number, error.to_string()),
        };
        if let Err(found) = self.ledger.settle(number, &drafts, true) {
            return self.oracle.broken("S8", number, found);
        }
        let today = self.executor.handle().wall().day().to_string();
        let expected = self.ledger.published(number, &today);
        let id = self.town(number).id.to_string();
        let own = self
            .oracle
            .held(number)
            .into_iter()
            .find(|feed| feed.node == id && feed.feed == "offers");
        let lines = own.and_then(|feed| self.oracle.rows(number)?.lines(&feed).ok());
        let found = rows::shown(&lines.unwrap_or_default(), &today);
        if found != expected {
            let missing: Vec<_> = expected.difference(&found).collect();
            let surplus: Vec<_> = found.difference(&expected).collect();
            self.oracle.broken(
                "L1",
                number,
                format!("its feed lacks {missing:?} and has {surplus:?}"),
            );
        }
    }

    /// S5, S6: a search finds what a scan of everything held finds, and nothing else.
    pub(super) fn finds_all(&mut self, number: usize) {
        let today = self.town(number).clock.now().day().to_string();
        let mut expected = BTreeSet::new();
        let mut hidden = false;
        for feed in self.oracle.held(number).into_iter().filter(|feed| feed.feed == "offers") {
            let lines = self
                .oracle
                .rows(number)
                .and_then(|rows| rows.lines(&feed).ok())
                .unwrap_or_default();
            let shown = rows::shown(&lines, &today);
            hidden |= shown.len() < lines.len();
            expected.extend(shown.into_iter().map(|id| (feed.node.clone(), id)));
        }
        sometimes!(self.oracle.marks, hidden, "an expired record was hidden");
        let found = match self.search(number, "") {
            Ok(found) => found,
            Err(error) => return self.oracle.broken("S11", number, error),
        };
        if found != expected {
            let missing: Vec<_> = expected.difference(&found).collect();
            let surplus: Vec<_> = found.difference(&expected).collect();
            return self.oracle.broken(
                "S6",
                number,
                format!("a search misses {missing:?} and shows {surplus:?}"),
            );
        }
        let of = self.rng.below(self.towns.len());
        let live = self.ledger.live(of);
        let live: Vec<_> = live.into_iter().filter(|(_, word)| today <= word.until).collect();
        if live.is_empty() {
            return;
        }
        let (id, word) = self.rng.pick(&live).clone();
        let found = self.search(number, &word.token).unwrap_or_default();
        let wanted = (self.town(of).id.to_string(), id);
        if expected.contains(&wanted) && !found.contains(&wanted) {
            self.oracle.broken(
                "S6",
                number,
                format!("{} does not find {wanted:?}: {found:?}", word.token),
            );
        }
    }

    fn search(&self, number: usize, words: &str) -> Result<BTreeSet<(String, String)>, String> {
        let mut found = BTreeSet::new();
        let Some(running) = &self.town(number).running else { return Ok(found) };
        let mut next = Some(format!("/api/v1/opportunities?limit=100&q={words}"));
        while let Some(path) = next {
            let reply = at_once(browse(running.router.clone(), &path));
            if reply.status != 200 {
                return Err(format!("{path} answers {}", reply.status));
            }
            let page: Value =
                serde_json::from_slice(&reply.body).map_err(|error| error.to_string())?;
            let data = page.get("data").and_then(Value::as_array).cloned().unwrap_or_default();
            for item in data {
                let text = |name: &str| Some(item.get(name)?.as_str()?.to_owned());
                found.extend(text("node").zip(text("id")));
            }
            next = page.pointer("/links/next").and_then(Value::as_str).map(str::to_owned);
        }
        Ok(found)
    }

    /// S7: no file of the node holds a word of what was withdrawn.
    fn forgot(&mut self, number: usize) {
        // What a backup said stays with the operator for a week, and nowhere else.
        let withheld = self.oracle.rows(number).map(rows::Rows::withheld);
        let withheld = withheld.and_then(Result::ok).unwrap_or_default();
        let erased = self.ledger.erased().into_iter().filter(|(id, _)| !withheld.contains(id));
        let words: Vec<_> = erased.map(|(_, word)| word).collect();
        let path = self.town(number).path().to_owned();
        match erased::find(&path, &words) {
            Ok(Some(found)) => return self.oracle.broken("S7", number, found),
            Ok(None) => {}
            Err(error) => return self.oracle.broken("S11", number, error.to_string()),
        }
        let terms = match erased::terms(&path.join("index")) {
            Ok(terms) => terms,
            Err(error) => return self.oracle.broken("S11", number, format!("the index: {error}")),
        };
        sometimes!(self.oracle.marks, !words.is_empty(), "an erased word was looked for");
        if let Some(word) = words.iter().find(|word| terms.contains(*word)) {
            return self.oracle.broken(
                "S7",
                number,
                format!("{word} stands in the dictionary of the index"),
            );
        }
        let live = self.ledger.live(number);
        let known = live.iter().any(|(_, word)| terms.contains(&word.token));
        sometimes!(self.oracle.marks, known, "the index knows living words");
    }
}
