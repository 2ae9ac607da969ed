//! The register of a world: whom it lists and suspends, which keys pass on, and which are stolen.

use std::sync::{Arc, Mutex};

use engagement_node::app::App;
use engagement_node::config::anchors::Anchor;
use engagement_node::store::{Durability, StoreError, WriteTx, register};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::register::{Row, Status};
use engagement_protocol::time::Timestamp;

use super::{Later, World, lock};
use crate::sim::executor::{Owner, at_once};
use crate::sim::network::Network;
use crate::sim::plan::Family;
use crate::sim::villain::{Deed, Villain};

/// What the register is to say of a host.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member {
    pub(super) listed: bool,
    pub(super) suspended: bool,
}

/// A key that was stolen.
#[derive(Debug)]
pub(super) struct Theft {
    stolen: VerifierKey,
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The node is down, and the thief answers in its place.
    Down,
    /// It is back; its operator says what is not the node's, and makes a new key.
    Back,
    /// The register has to hear of the new key.
    Replaced,
}

impl Theft {
    /// Returns whether the thief answers in place of the node.
    pub(super) fn is_down(&self) -> bool {
        self.stage == Stage::Down
    }
}

impl World {
    /// Lets everybody believe the register of the first node.
    pub(super) fn enrol(&mut self) {
        let land = self.town(0);
        let anchor = Anchor {
            id: land.id.clone(),
            url: Some(Network::url(0)),
            key: Some(land.key.parse().expect("a key as it was printed")),
            recovery: None,
            relay: false,
        };
        let hosts = self.towns.len() + self.villains.len();
        for number in 1..hosts {
            let late = self.plan.has(Family::Register) && number > 1 && self.rng.happens(150);
            self.members.insert(number, Member { listed: !late, suspended: false });
        }
        for town in &mut self.towns {
            // Land and Kreise pass on; whoever is below them chooses them.
            town.is_relay = town.id.as_str().len() < 8;
            town.anchor = (town.number != 0).then(|| anchor.clone());
        }
    }

    /// Writes everybody into the register.
    pub(super) fn enlist(&mut self) {
        let Some(running) = self.town(0).running.as_ref().filter(|_| self.plan.registered) else {
            return;
        };
        let app = running.app.clone();
        let numbers: Vec<_> = self.members.keys().copied().collect();
        let rows: Vec<_> = numbers.into_iter().filter_map(|number| self.row(number)).collect();
        let now = app.clock().now();
        let put = app.store().write(Durability::Full, move |tx| {
            rows.iter().try_for_each(|row| put(tx, row, None, now))
        });
        let put: Result<(), StoreError> = at_once(put);
        put.expect("a fresh register takes rows");
        at_once(app.publish_and_tell()).expect("nobody has to be asked before");
        self.oracle.look(0);
    }

    /// Returns what the register is to say of a host, if it is listed.
    fn row(&self, number: usize) -> Option<Row> {
        let member = self.members.get(&number).filter(|member| member.listed)?;
        let villain = number.checked_sub(self.towns.len()).and_then(|at| self.villains.get(at));
        let (id, key): (NodeId, VerifierKey) = match villain {
            Some(villain) => {
                let villain = lock(villain);
                (villain.id().clone(), villain.key().clone())
            }
            None => {
                let town = self.town(number);
                (town.id.clone(), town.key.parse().expect("a key as it was printed"))
            }
        };
        Some(Row {
            name: format!("Knoten {id}"),
            id,
            keys: vec![key],
            url: Some(Network::url(number)),
            status: if member.suspended { Status::Suspended } else { Status::Active },
            // A hostile register: it lists whom it must not.
            register: villain.is_some(),
            successor: None,
        })
    }

    /// Returns every node that somebody with the authority to do so lists.
    pub(super) fn listed(&self) -> Vec<NodeId> {
        let rows = self.members.keys().filter_map(|number| self.row(*number));
        rows.map(|row| row.id).chain(self.towns.first().map(|town| town.id.clone())).collect()
    }

    /// Returns the nodes that are suspended, or not listed yet: nobody is to show them.
    pub(super) fn hidden(&self) -> Vec<(usize, String)> {
        let hidden = self.members.iter().filter(|(_, member)| member.suspended || !member.listed);
        hidden.map(|(number, _)| (*number, self.id_of(*number))).collect()
    }

    fn id_of(&self, number: usize) -> String {
        match number.checked_sub(self.towns.len()).and_then(|at| self.villains.get(at)) {
            Some(villain) => lock(villain).id().to_string(),
            None => self.town(number).id.to_string(),
        }
    }

    /// Lets the operator of the register add, suspend, take back.
    pub(super) fn change_register(&mut self) {
        let number = 2 + self.rng.below(self.members.len().saturating_sub(1));
        let busy = self.members.values().any(|member| member.suspended);
        let stolen = self.thefts.contains_key(&number);
        let busy = busy || self.is_copied(number);
        let Some(member) = self.members.get_mut(&number).filter(|_| !stolen) else { return };
        if !member.listed {
            member.listed = true;
        } else if !member.suspended && !busy {
            member.suspended = true;
            let pause = self.rng.pause(60_000..900_000);
            self.later(pause, Later::Reinstate(number));
        }
        let id = self.id_of(number);
        self.note(|| format!("  the register changes {number}"));
        self.touched.insert(id);
        self.relist(number, None);
    }

    pub(super) fn reinstate(&mut self, number: usize) {
        if let Some(member) = self.members.get_mut(&number) {
            member.suspended = false;
        }
        self.relist(number, None);
    }

    /// Writes again what the register is to say of everybody: whatever an operator was cut off from.
    pub(super) fn relist_all(&mut self) {
        let numbers: Vec<_> = self.members.keys().copied().collect();
        numbers.into_iter().for_each(|number| self.relist(number, None));
    }

    fn relist(&mut self, number: usize, key: Option<VerifierKey>) {
        let (Some(row), Some(running)) = (self.row(number), &self.town(0).running) else { return };
        let app = running.app.clone();
        self.executor.handle().spawn(Owner::Node(0), async move {
            let now = app.clock().now();
            let written = app.store().write(Durability::Full, move |tx| put(tx, &row, key, now));
            let written: Result<(), StoreError> = written.await;
            if written.is_ok() {
                drop(app.publish_register().await);
            }
        });
    }

    /// Lets a key pass on to another, as planned.
    pub(super) fn rotate(&mut self) {
        let number = self.some_town();
        let Some(running) = &self.town(number).running else { return };
        let app = running.app.clone();
        self.note(|| format!("  the key of {number} passes on"));
        self.executor.handle().spawn(Owner::Node(number), async move {
            drop(app.rotate_key(false).await);
        });
    }

    /// Learns of a key that a node has made; the secrets of it must not leave either.
    pub(super) fn note_key(&mut self, number: usize) {
        let Some(running) = self.towns.get(number).and_then(|town| town.running.as_ref()) else {
            return;
        };
        let key = running.app.key().to_string();
        if key == self.town(number).key {
            return;
        }
        let id = self.town(number).id.to_string();
        self.oracle.key(&id, &key);
        self.oracle.marks.hit("a key passed on");
        let secrets = self.town(number).secrets();
        secrets.into_iter().for_each(|secret| self.oracle.secret(secret));
        self.town_mut(number).key = key;
    }

    /// Lets somebody steal a key, and publish with it while the node is down.
    pub(super) fn steal(&mut self) {
        let number = self.some_town();
        let listed = self.members.get(&number).is_some_and(|one| one.listed && !one.suspended);
        if number < 2 || !self.is_up(number) || !listed || !self.thefts.is_empty() {
            return;
        }
        let key = self.town(number).signing_key();
        let stolen = key.verifier().clone();
        self.note(|| format!("  the key of {number} is stolen"));
        self.stop(number, None);
        let mut thief = Villain::thief(key, number, self.rng.fork(11));
        let deed = *self.rng.pick(&[Deed::Publish, Deed::Empty, Deed::Ahead]);
        thief.act(deed, self.executor.handle().wall());
        self.network.open_villain(number, Arc::new(Mutex::new(thief)));
        self.oracle.shared.insert(self.town(number).id.to_string());
        // Nothing is lost by it: what the editors were told is so again when the key is another.
        self.ledger.doubt(number, |_, _| true);
        self.thefts.insert(number, Theft { stolen, stage: Stage::Down });
        let pause = self.rng.pause(60_000..600_000);
        self.later(pause, Later::Heal(number));
    }

    /// Does the next thing that an operator does about a stolen key.
    pub(super) fn heal(&mut self, number: usize) {
        let Some(theft) = self.thefts.get(&number) else { return };
        let (stage, stolen) = (theft.stage, theft.stolen.clone());
        match stage {
            Stage::Down => {
                self.reach(number, Stage::Back);
                self.network.close(number);
                self.start(number);
            }
            Stage::Back if self.town(number).signing_key().verifier() != &stolen => {
                self.reach(number, Stage::Replaced);
            }
            Stage::Back => {
                if let Some(running) = &self.town(number).running {
                    let app = running.app.clone();
                    self.executor.handle().spawn(Owner::Node(number), replace(app, stolen));
                }
            }
            Stage::Replaced => {
                self.note_key(number);
                let key = self.town(number).signing_key().verifier().clone();
                let listed = self.listed_key(number);
                if listed.as_ref() == Some(&key) {
                    self.oracle.marks.hit("a stolen key was replaced");
                    let id = self.town(number).id.to_string();
                    self.oracle.retire(&id);
                    self.thefts.remove(&number);
                    return;
                }
                self.relist(number, Some(key));
            }
        }
        let pause = self.rng.pause(5_000..20_000);
        self.later(pause, Later::Heal(number));
    }

    fn reach(&mut self, number: usize, stage: Stage) {
        if let Some(theft) = self.thefts.get_mut(&number) {
            theft.stage = stage;
        }
    }

    fn listed_key(&self, number: usize) -> Option<VerifierKey> {
        let app = &self.town(0).running.as_ref()?.app;
        let members = at_once(app.store().read(|tx| tx.members())).ok()?;
        let id = &self.town(number).id;
        members.into_iter().find(|member| member.row.id == *id)?.row.keys.into_iter().next()
    }
}

/// What the operator of a node does whose key is stolen.
async fn replace(app: App, stolen: VerifierKey) {
    if app.key() == stolen {
        drop(app.disown().await);
        drop(app.rotate_key(true).await);
    }
}

/// Writes a row; keys that have passed on meanwhile stay as they are, unless there is a new one.
fn put(
    tx: &WriteTx<'_>,
    row: &Row,
    key: Option<VerifierKey>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let present = tx.members()?.into_iter().find(|member| member.row.id == row.id);
    let mut member = match present {
        Some(present) => register::Member {
            row: Row { status: row.status, ..present.row },
            keys_until: present.keys_until,
        },
        None => register::Member { row: row.clone(), keys_until: None },
    };
    if let Some(key) = key {
        (member.row.keys, member.keys_until) = (vec![key], None);
    }
    tx.put_member(&member, now)
}
