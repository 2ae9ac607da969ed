//! After the storm: everything is mended, and must come together, be found, and be forgotten.

use std::collections::BTreeSet;
use std::time::Duration;

use engagement_node::clock::Clock as _;
use engagement_protocol::id::Feed;
use serde_json::Value;

use super::{Later, World, lock};
use crate::sim::executor::{Owner, at_once};
use crate::sim::network::browse;
use crate::sim::oracle::{erased, note, rows};
use crate::sometimes;

impl World {
    /// Mends everything, waits, and judges what has to hold once it is quiet.
    pub fn calm(&mut self) {
        if self.oracle.violation.is_some() {
            return;
        }
        self.mend();
        // What the operator of the register has begun ends first: of two writes at once either may be the last.
        self.pass(Duration::from_secs(1));
        for _ in 0..40 {
            if !self.thefts.is_empty() && self.oracle.violation.is_none() {
                self.pass(Duration::from_secs(20) * self.plan.scale());
            }
        }
        if let Some(number) = self.thefts.keys().next() {
            let found = "the stolen key was not replaced".to_owned();
            return self.oracle.broken("L3", *number, found);
        }
        self.relist_all();
        self.switch_off();
        self.repent_all();
        self.relist_all();
        for number in 0..self.towns.len() {
            self.publish_at(number, 1);
        }
        self.pass(self.plan.calm());
        self.judge_all();
        if self.plan.week {
            self.pass_a_week();
        }
    }

    fn mend(&mut self) {
        self.note(|| "= everything is mended".to_owned());
        self.later.retain(|_, later| matches!(later, Later::Heal(_)));
        self.network.heal();
        // At once: whoever finds nothing there for long asks less and less, and would not be back in time.
        self.repent_all();
        for number in 0..self.towns.len() {
            self.executor.wake(Owner::Node(number));
            self.town(number).clock.set_ahead(0);
            if !self.plan.patient && self.is_up(number) {
                self.stop(number, None);
            }
            self.start(number);
        }
        self.lead_back();
        // One suspension in three stays.
        for number in self.members.keys().copied().collect::<Vec<_>>() {
            let (stays, copied) = (self.rng.happens(300), self.is_copied(number));
            if let Some(member) = self.members.get_mut(&number) {
                member.listed = true;
                member.suspended &= stays && !copied;
            }
        }
    }

    /// Lets hostile origins behave from now on, each with a state newer than all before.
    fn repent_all(&self) {
        let wall = self.executor.handle().wall();
        self.villains.iter().for_each(|villain| lock(villain).repent(wall));
    }

    /// Lets more than a week pass in which all machines sleep: what was withheld has to go, and what has expired
    /// comes back.
    fn pass_a_week(&mut self) {
        self.note(|| "= more than a week passes".to_owned());
        self.executor.skip(Duration::from_secs(8 * 24 * 3600));
        self.repent_all();
        // Receipts are asked for once an hour, whatever else happens.
        self.pass(self.plan.calm() + Duration::from_secs(3600));
        for number in 0..self.towns.len() {
            let withheld = self.oracle.rows(number).map(rows::Rows::withheld);
            if let Some(Ok(ids)) = withheld
                && !ids.is_empty()
            {
                return self.oracle.broken("S7", number, format!("still withheld: {ids:?}"));
            }
            self.has_receipts(number);
        }
        self.judge_all();
        self.oracle.marks.hit("a week passed");
    }

    /// Every honest node says that it holds our newest state.
    fn has_receipts(&mut self, number: usize) {
        let Some(running) = &self.town(number).running else { return };
        let receipts = at_once(running.app.receipts());
        // Who is read through relays alone cannot be asked.
        let links = &self.town(number).links;
        let asked = |id| links.is_empty() || links.get(id).is_some_and(|peer| peer.url.is_some());
        let others = self.towns.iter().filter(|town| town.number != number);
        let honest = others.filter(|town| self.is_shown(town.number) && asked(&town.id)).count();
        match receipts {
            Ok(receipts) if !self.is_shown(number) || receipts.arrived >= honest => {
                sometimes!(self.oracle.marks, receipts.arrived > 0, "everybody gave a receipt");
            }
            Ok(receipts) => {
                let found = format!("{} of {honest} gave a receipt", receipts.arrived);
                self.oracle.broken("L4", number, found);
            }
            Err(error) => self.oracle.broken("S11", number, error.to_string()),
        }
    }

    fn judge_all(&mut self) {
        let withheld = |world: &Self, number| world.oracle.rows(number).map(rows::Rows::withheld);
        let some = (0..self.towns.len())
            .any(|number| matches!(withheld(self, number), Some(Ok(ids)) if !ids.is_empty()));
        sometimes!(self.oracle.marks, some, "something was withheld");
        self.converged();
        // What was replaced last is served for ten more minutes, and purged after that.
        if self.plan.thorough {
            self.pass(Duration::from_secs(11 * 60));
        }
        for number in 0..self.towns.len() {
            self.kept_promises(number);
        }
        for number in 0..self.towns.len() {
            if self.oracle.violation.is_some() {
                return;
            }
            self.oracle.prove(number);
            let tasks = self.executor.count(Owner::Node(number));
            self.oracle.bounds(number, tasks);
            self.follows_the_register(number);
            self.finds_all(number, true);
            self.forgot(number);
        }
    }

    /// Follows whom the register lists, shows nobody who is suspended, and complains of nobody.
    fn follows_the_register(&mut self, number: usize) {
        let Some(running) = &self.town(number).running else { return };
        let followed = running.app.sync().followed();
        let chosen =
            self.town(number).links.is_empty() && followed.peers.values().any(|peer| peer.relay);
        let contacts = running.app.sync().contacts(Feed::Offers);
        let hidden = self.hidden();
        if self.plan.registered {
            let listed = self.listed();
            if let Some(stranger) = followed.peers.keys().find(|id| !listed.contains(id)) {
                let found = format!("it follows {stranger}, which nobody may list");
                return self.oracle.broken("S4", number, found);
            }
            for (at, id) in &hidden {
                let shown =
                    followed.peers.iter().any(|(peer, how)| peer.as_str() == id && !how.hidden);
                if *at != number && (shown || self.serves(number, id)) {
                    let found = format!("it shows or serves {id}, which is suspended");
                    return self.oracle.broken("S4", number, found);
                }
                self.oracle.marks.hit("a suspended node was hidden");
            }
        }
        sometimes!(self.oracle.marks, chosen, "a relay was chosen by itself");
        for town in &self.towns {
            let contact = contacts.get(&town.id);
            let silent = hidden.iter().any(|(at, _)| *at == town.number);
            if let Some(error) =
                contact.and_then(|contact| contact.error.clone()).filter(|_| !silent)
            {
                let found = format!("of {} it still says: {error}", town.id);
                return self.oracle.broken("L4", number, found);
            }
        }
    }

    fn serves(&self, number: usize, id: &str) -> bool {
        let Some(running) = &self.town(number).running else { return false };
        let path = format!("/n/{id}/offers/head");
        at_once(browse(running.router.clone(), &path)).status == 200
    }

    /// L1: every replica is what its origin holds.
    fn converged(&mut self) {
        let mut origins: Vec<(String, u64, String)> = Vec::new();
        let hidden = self.hidden();
        for town in &self.towns {
            if hidden.iter().any(|(at, _)| *at == town.number) {
                continue;
            }
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
        for (at, villain) in self.villains.iter().enumerate() {
            if !self.is_shown(self.towns.len() + at) {
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
        let contacts = running.app.sync().contacts(Feed::Offers);
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
        let mut found = rows::shown(&lines.unwrap_or_default(), &today);
        // What was written at a copy of the node stays.
        found.retain(|id| !id.starts_with("k-"));
        if found != expected {
            let missing: Vec<_> = expected.difference(&found).collect();
            let surplus: Vec<_> = found.difference(&expected).collect();
            self.oracle.broken(
                "L1",
                number,
                format!(
                    "its feed lacks {missing:?} and has {surplus:?}; trouble {:?}",
                    self.troubles()
                ),
            );
        }
    }

    /// S5, S6: a search finds what a scan of everything held finds, and nothing else.
    pub(super) fn finds_all(&mut self, number: usize, quiet: bool) {
        if !self.plan.searched {
            return;
        }
        let today = self.town(number).clock.now().day().to_string();
        let mut expected = BTreeSet::new();
        let mut hidden = false;
        let unseen = self.hidden();
        let own = self.town(number).id.to_string();
        let is_seen = |feed: &rows::Feed| {
            feed.feed == "offers"
                && (feed.node == own || unseen.iter().all(|(_, id)| *id != feed.node))
        };
        for feed in self.oracle.held(number).into_iter().filter(is_seen) {
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
        // Between a register's word and its arrival, either is right.
        let settled = |(node, _): &(String, String)| quiet || !self.touched.contains(node);
        let found: BTreeSet<_> = found.into_iter().filter(settled).collect();
        let expected: BTreeSet<_> = expected.into_iter().filter(settled).collect();
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
        // What a suspended node has withdrawn since is kept as evidence.
        let hidden = self.hidden();
        let kept = |id: &str| hidden.iter().any(|(at, _)| id.starts_with(&format!("n{at}-")));
        let erased = self.ledger.erased().into_iter();
        let erased = erased.filter(|(id, _)| !withheld.contains(id) && !kept(id));
        // Objects that were replaced are kept for ten minutes.
        let waited = self.plan.thorough;
        let words: Vec<_> = erased.filter(|_| waited).map(|(_, word)| word).collect();
        let path = self.town(number).path().to_owned();
        match erased::find(&path, &words) {
            Ok(Some(found)) => return self.oracle.broken("S7", number, found),
            Ok(None) => {}
            Err(error) => return self.oracle.broken("S11", number, error.to_string()),
        }
        sometimes!(self.oracle.marks, !words.is_empty(), "an erased word was looked for");
        if !self.plan.searched {
            return;
        }
        let terms = match erased::terms(&path.join("index")) {
            Ok(terms) => terms,
            Err(error) => return self.oracle.broken("S11", number, format!("the index: {error}")),
        };
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
