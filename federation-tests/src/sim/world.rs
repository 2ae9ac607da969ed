//! A world of nodes: lets things happen, mends everything, and asks whether it came together again.

mod cloning;
mod editing;
mod happening;
mod quiet;
mod registering;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engagement_node::app::Indexing;
use engagement_node::config::Peer;
use engagement_node::domain::gazetteer::Gazetteer;
use engagement_protocol::id::NodeId;
use engagement_protocol::limits::{INDEX_BYTES, NOTE_BYTES, SEQ_AHEAD, SLICE_BYTES};

use super::executor::{Executor, Owner, Step};
use super::ledger::Ledger;
use super::network::Network;
use super::oracle::Oracle;
use super::plan::{Family, Plan};
use super::rng::Rng;
use super::town::{Image, Town};
use super::trace::Trace;
use super::villain::Villain;
use cloning::Clone;
use registering::{Member, Theft};

/// Everything there is.
#[derive(Debug)]
pub struct World {
    plan: Plan,
    rng: Rng,
    executor: Executor,
    network: Network,
    towns: Vec<Town>,
    villains: Vec<Arc<Mutex<Villain>>>,
    ledger: Ledger,
    /// Since when each node runs, and stands not still.
    ups: BTreeMap<usize, Duration>,
    /// What the register is to say of each host.
    members: BTreeMap<usize, Member>,
    /// The nodes of which the register has said something new.
    touched: BTreeSet<String>,
    /// Keys that were stolen, and not replaced yet.
    thefts: BTreeMap<usize, Theft>,
    /// The second installation of a node.
    clone: Option<Clone>,
    /// Backups, each with the own number that it knows.
    backups: BTreeMap<usize, (Image, Option<u64>)>,
    /// What ends later: when, in order, what.
    later: BTreeMap<(Duration, u64), Later>,
    number: u64,
    count: u64,
    /// What the oracle has found.
    pub oracle: Oracle,
    /// What happened.
    pub trace: Trace,
}

/// What ends a fault.
#[derive(Debug, Clone, Copy)]
enum Later {
    Start(usize),
    Mend(usize, usize),
    Clear,
    SetClock(usize),
    BeHonest(usize),
    Wake(usize),
    Reinstate(usize),
    Heal(usize),
    Told(usize),
    Return,
}

impl World {
    /// Makes the world of a seed, with files in `path`.
    #[must_use]
    pub fn new(plan: Plan, mut rng: Rng, path: &std::path::Path, trace: Trace) -> Self {
        let executor = Executor::new(rng.fork(1));
        let network = Network::new(executor.handle().clone(), rng.fork(2));
        let mut world = Self {
            plan,
            executor,
            network,
            towns: Vec::new(),
            villains: Vec::new(),
            ledger: Ledger::default(),
            ups: BTreeMap::new(),
            members: BTreeMap::new(),
            touched: BTreeSet::new(),
            thefts: BTreeMap::new(),
            clone: None,
            backups: BTreeMap::new(),
            later: BTreeMap::new(),
            number: 0,
            count: 0,
            oracle: Oracle::default(),
            trace,
            rng,
        };
        world.settle(path);
        world
    }

    fn settle(&mut self, path: &std::path::Path) {
        self.oracle.most_bytes =
            usize::try_from(SLICE_BYTES).unwrap_or(usize::MAX).max(NOTE_BYTES).max(INDEX_BYTES);
        let ids = self.ids();
        for (number, id) in ids.iter().enumerate() {
            let home: PathBuf = path.join(number.to_string());
            let seed = self.rng.next();
            let town = Town::new(id, number, home, seed, self.executor.handle().clone());
            self.oracle.honest(number, id, &town.key);
            let secrets = town.secrets();
            assert!(secrets.len() == 2, "a node has two keys");
            secrets.into_iter().for_each(|secret| self.oracle.secret(secret));
            self.towns.push(town);
        }
        for at in 0..self.plan.villains {
            let number = self.plan.nodes + at;
            let id =
                if self.plan.registered { format!("0590{at}") } else { format!("0590{at}044") };
            let mut villain = Villain::new(&id, number, self.rng.fork(9));
            villain.list_strangers(self.executor.handle().wall());
            self.oracle.key(villain.id().as_str(), &villain.key().to_string());
            let villain = Arc::new(Mutex::new(villain));
            self.network.open_villain(number, Arc::clone(&villain));
            self.villains.push(villain);
        }
        for town in &mut self.towns {
            town.interval = self.plan.interval;
            town.indexing = if self.plan.searched { Indexing::Disk } else { Indexing::Hollow };
        }
        match self.plan.registered {
            true => self.enrol(),
            false => self.introduce(),
        }
        for number in 0..self.towns.len() {
            self.start(number);
        }
        self.enlist();
    }

    /// Returns the ids of the honest nodes. Where there is a register, the first keeps it, and the second is above
    /// the others, too.
    fn ids(&self) -> Vec<String> {
        if self.plan.nodes > 100 {
            let gazetteer = Gazetteer::embedded();
            let kreise = gazetteer.kreise().map(|kreis| kreis.ags.to_string());
            let towns = gazetteer.municipalities().map(|town| town.ags.to_string());
            return std::iter::once("05".to_owned()).chain(kreise).chain(towns).collect();
        }
        let id = |number| match (self.plan.registered, number) {
            (true, 0) => "05".to_owned(),
            (true, 1) => "05558".to_owned(),
            (true, _) => format!("055580{:02}", number + 10),
            (false, _) => format!("0555{}0{:02}", number % 9, number + 10),
        };
        (0..self.plan.nodes).map(id).collect()
    }

    /// Lets everybody follow everybody; now and then through relays alone.
    fn introduce(&mut self) {
        let mut hosts: Vec<(usize, NodeId, String)> = Vec::new();
        hosts
            .extend(self.towns.iter().map(|town| (town.number, town.id.clone(), town.key.clone())));
        for (at, villain) in self.villains.iter().enumerate() {
            let villain = lock(villain);
            hosts.push((self.towns.len() + at, villain.id().clone(), villain.key().to_string()));
        }
        let relays: Vec<usize> =
            (0..self.towns.len()).filter(|at| *at == 0 || self.rng.happens(500)).collect();
        for town in &mut self.towns {
            town.is_relay = relays.contains(&town.number);
            for (number, id, key) in hosts.iter().filter(|(number, ..)| *number != town.number) {
                let relay = relays.contains(number);
                // A relay is reached itself, and so is everybody by the first relay: news must come from somewhere.
                let hidden = !relay && town.number != 0 && self.rng.happens(self.plan.by_relay);
                let peer = Peer {
                    id: id.clone(),
                    url: (!hidden).then(|| Network::url(*number)),
                    key: key.parse().expect("a key as it was printed"),
                    relay,
                };
                town.links.insert(id.clone(), peer);
            }
        }
    }

    /// Lets things go wrong for as long as the plan says.
    pub fn storm(&mut self) {
        let end = self.plan.storm;
        while self.now() < end && self.oracle.violation.is_none() {
            let pause = self.rng.pause(self.plan.pause_ms.clone());
            self.run(self.now() + pause);
            let family = self.plan.next(&mut self.rng);
            self.happen(family);
        }
    }

    /// Lets time pass until `until`, and ends what is to end.
    fn run(&mut self, until: Duration) {
        while self.oracle.violation.is_none() {
            let next =
                self.later.first_key_value().map(|(at, _)| *at).filter(|(at, _)| *at <= until);
            self.run_alone(next.map_or(until, |(at, _)| at));
            let Some((_, later)) = next.and_then(|at| self.later.remove_entry(&at)) else { return };
            self.end(later);
        }
    }

    fn run_alone(&mut self, until: Duration) {
        while self.oracle.violation.is_none() {
            let step = self.executor.step(until);
            self.judge(step);
            if step == Step::Idle {
                return;
            }
        }
    }

    /// Goes on by one step of this very moment.
    fn step_once(&mut self) {
        let step = self.executor.step(self.now());
        self.judge(step);
    }

    fn judge(&mut self, step: Step) {
        let Step::Ran { owner, task } = step else { return };
        let now = self.now();
        self.trace.step(now, owner, task);
        if let Owner::Node(number) = owner {
            if self.plan.has(Family::Rotate) || self.plan.has(Family::Theft) {
                self.note_key(number);
            }
            self.oracle.believable = self.executor.handle().wall().plus(SEQ_AHEAD).as_ms();
            self.oracle.look(number);
        }
        for (number, word) in self.ledger.take_erased() {
            self.is_erased(number, &word);
        }
        for heard in self.network.take_heard() {
            self.trace.note(now, || {
                format!("{} -> {} {} {}", heard.asker, heard.asked, heard.path, heard.status)
            });
            self.oracle.hear(&heard);
        }
    }

    fn note(&mut self, words: impl FnOnce() -> String) {
        let now = self.now();
        self.trace.note(now, words);
    }

    fn later(&mut self, pause: Duration, later: Later) {
        self.number += 1;
        let pause = pause * self.plan.scale();
        self.later.insert((self.now() + pause, self.number), later);
    }

    fn now(&self) -> Duration {
        self.executor.handle().now()
    }

    /// Returns how many messages and nodes met a fault.
    #[must_use]
    pub fn faults(&self) -> u64 {
        self.network.faults() + self.number
    }

    fn town(&self, number: usize) -> &Town {
        self.towns.get(number).expect("a node of this world")
    }

    fn town_mut(&mut self, number: usize) -> &mut Town {
        self.towns.get_mut(number).expect("a node of this world")
    }

    fn is_up(&self, number: usize) -> bool {
        self.town(number).running.is_some()
    }

    fn some_town(&mut self) -> usize {
        self.rng.below(self.towns.len())
    }

    fn start(&mut self, number: usize) {
        if self.is_up(number) || self.thefts.get(&number).is_some_and(Theft::is_down) {
            return;
        }
        // A machine sets its clock when it starts.
        self.town(number).clock.set_ahead(0);
        let (handle, network) = (self.executor.handle().clone(), self.network.clone());
        if let Err(error) = self.town_mut(number).start(&handle, &network) {
            return self.oracle.broken("S11", number, format!("it does not start: {error}"));
        }
        let database = self.town(number).database();
        if let Err(error) = self.oracle.watch(number, &database) {
            return self.oracle.broken(
                "S11",
                number,
                format!("the database cannot be read: {error}"),
            );
        }
        self.ups.insert(number, self.now());
        // What a thief has made of a node is undone by its operator, not by a start.
        if self.thefts.contains_key(&number) {
            return self.ledger.doubt(number, |_, _| true);
        }
        if self.is_copied(number) {
            // It takes what the copy has published for its own, and withholds what that does not have.
            self.ledger.doubt(number, |_, _| false);
        }
        let drafts = self.oracle.rows(number).map(super::oracle::rows::Rows::drafts);
        match drafts {
            Some(Ok(drafts)) => {
                if let Err(found) = self.ledger.settle(number, &drafts, false) {
                    self.oracle.broken("S8", number, found);
                }
            }
            Some(Err(error)) => self.oracle.broken("S11", number, error.to_string()),
            None => {}
        }
    }

    /// Ends a node wherever it is; its files stay as they are at this moment, or as `image` says.
    fn stop(&mut self, number: usize, image: Option<&Image>) {
        self.network.close(number);
        self.executor.end(Owner::Node(number));
        self.oracle.close(number);
        self.town_mut(number).running = None;
        self.ups.remove(&number);
        if let Some(image) = image {
            self.town_mut(number).put(image);
        }
    }
}

impl Drop for World {
    /// Ends all nodes, the copy of one too: each holds the network, and the network holds them.
    fn drop(&mut self) {
        for number in 0..=self.towns.len() + self.villains.len() {
            self.network.close(number);
            self.executor.end(Owner::Node(number));
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
