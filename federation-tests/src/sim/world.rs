//! A world of nodes: lets things happen, mends everything, and asks whether it came together again.

mod happening;
mod quiet;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use engagement_node::config::Peer;
use engagement_protocol::id::NodeId;

use super::executor::{Executor, Owner, Step};
use super::ledger::Ledger;
use super::network::Network;
use super::oracle::Oracle;
use super::plan::Plan;
use super::rng::Rng;
use super::town::{Image, Town};
use super::trace::Trace;
use super::villain::Villain;

/// Within so much time everything has come together after the last fault: two intervals, the longest pause
/// after failures with its jitter, and one period of the job that publishes.
pub const CALM: Duration = Duration::from_secs(2 * 60 + 990 + 60);

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
    /// Backups, each with the own number that it knows.
    backups: BTreeMap<usize, (Image, Option<u64>)>,
    /// Villains whose numbers lie ahead of the time, and may have been believed by a clock that was, too.
    hurried: BTreeSet<usize>,
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
            backups: BTreeMap::new(),
            hurried: BTreeSet::new(),
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
        for number in 0..self.plan.nodes {
            let id = format!("0555{}0{:02}", number % 9, number + 10);
            let home: PathBuf = path.join(number.to_string());
            let seed = self.rng.next();
            let town = Town::new(&id, number, home, seed, self.executor.handle().clone());
            self.oracle.honest(number, &id, &town.key);
            for name in ["node.key", "seal.key"] {
                let text = std::fs::read_to_string(town.path().join(name)).unwrap_or_default();
                // Behind what names the key stands what nobody else may know; base64 may hold plus signs.
                let seal = text.trim().strip_prefix("X25519+");
                let sign = text.trim().splitn(5, '+').last();
                let secret = seal.or(sign).unwrap_or_default();
                assert!(secret.len() > 30, "a key is long");
                self.oracle.secret(secret.to_owned());
            }
            self.towns.push(town);
        }
        for at in 0..self.plan.villains {
            let number = self.plan.nodes + at;
            let villain = Villain::new(&format!("0590{at}044"), number, self.rng.fork(9));
            self.oracle.key(villain.id().as_str(), &villain.key().to_string());
            let villain = Arc::new(Mutex::new(villain));
            self.network.open_villain(number, Arc::clone(&villain));
            self.villains.push(villain);
        }
        self.introduce();
        for number in 0..self.towns.len() {
            self.start(number);
        }
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
            self.oracle.look(number);
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
        if self.is_up(number) {
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
        if let Some(image) = image {
            self.town(number).put(image);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
