//! What happens: editors work, machines fail, the network breaks, villains act.

use std::time::Duration;

use engagement_node::app::App;
use engagement_node::store::draft::{Draft, Status};
use engagement_node::store::{Durability, StoreError};
use engagement_protocol::id::RecordId;
use engagement_protocol::limits::CLOCK_SKEW;

use super::{Later, World, lock};
use crate::cluster::live;
use crate::records::record;
use crate::sim::executor::Owner;
use crate::sim::ledger::{Ledger, Word};
use crate::sim::lie::{Lie, Way};
use crate::sim::plan::{Family, weather};
use crate::sim::villain::Deed;
use crate::sometimes;

/// The day on which the simulation begins: what ends on it is gone twenty minutes later.
const FIRST_DAY: &str = "2026-01-02";

/// What an editor does.
#[derive(Debug)]
enum Edit {
    Put(Vec<Draft>),
    End(RecordId),
    /// Begins something, and lets it be.
    Secret(Box<Draft>),
}

impl World {
    /// Lets something of `family` happen.
    pub(super) fn happen(&mut self, family: Family) {
        let now = self.now();
        self.trace.note(now, || format!("! {family:?}"));
        match family {
            Family::Publish => self.publish(),
            Family::Withdraw => self.withdraw(),
            Family::Secret => self.keep_secret(),
            Family::Kill => self.crash(false),
            Family::Power => self.crash(true),
            Family::Stop => {
                let number = self.some_town();
                if self.is_up(number) {
                    self.stop(number, None);
                    self.start_soon(number);
                }
            }
            Family::Cut => {
                let hosts = self.towns.len() + self.villains.len();
                let (from, to) = (self.rng.below(hosts), self.rng.below(hosts));
                self.network.cut(from, to, true);
                let pause = self.rng.pause(5_000..600_000);
                self.later(pause, Later::Mend(from, to));
            }
            Family::Storm => {
                let weather = weather(&mut self.rng);
                self.network.set_weather(weather);
                let pause = self.rng.pause(5_000..300_000);
                self.later(pause, Later::Clear);
            }
            Family::Clock => self.move_clock(),
            Family::Lie => {
                let number = self.some_town();
                let way = *self.rng.pick(&Way::ALL);
                self.network.lie(number, Some(Lie::new(way)));
                let pause = self.rng.pause(10_000..600_000);
                self.later(pause, Later::BeHonest(number));
            }
            Family::Villain => {
                let deed = *self.rng.pick(&Deed::ALL);
                let wall = self.executor.handle().wall();
                let at = self.rng.below(self.villains.len());
                if let Some(villain) = self.villains.get(at) {
                    lock(villain).act(deed, wall);
                    if deed == Deed::Hurry {
                        self.hurried.insert(at);
                    }
                }
            }
            Family::Backup => self.back_up_or_restore(),
            Family::Wipe => self.wipe(),
            Family::Browse => self.browse(),
        }
    }

    pub(super) fn end(&mut self, later: Later) {
        let now = self.now();
        self.trace.note(now, || format!(". {later:?}"));
        match later {
            Later::Start(number) => self.start(number),
            Later::Mend(from, to) => self.network.cut(from, to, false),
            Later::Clear => self.network.set_weather(crate::sim::network::Weather::fair()),
            Later::SetClock(number) => self.town(number).clock.set_ahead(0),
            Later::BeHonest(number) => self.network.lie(number, None),
        }
    }

    /// Lets an editor of some node publish a few records.
    fn publish(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) {
            return;
        }
        let count = if self.rng.happens(30) { 60 } else { self.rng.range(1..4) };
        self.publish_at(number, count);
    }

    pub(super) fn publish_at(&mut self, number: usize, count: u64) {
        let drafts: Vec<_> = (0..count).map(|_| self.draft(number, true)).collect();
        self.note(|| {
            let ids: Vec<_> = drafts.iter().map(|draft| draft.id.as_str()).collect();
            format!("  {number} puts {ids:?}")
        });
        self.edit(number, Edit::Put(drafts));
    }

    /// Makes a record with a word that stands nowhere else.
    fn draft(&mut self, number: usize, known: bool) -> Draft {
        self.count += 1;
        let token = token(self.count);
        let id = format!("n{number}-{}", self.count);
        let mut record = record(&id, &format!("Hilfe bei {token} gesucht"));
        if self.rng.happens(200) {
            record.valid_until = FIRST_DAY.parse().expect("a day");
        }
        let until = record.valid_until.to_string();
        if known {
            self.ledger.begin(
                number,
                &id,
                Word { live: true, there: true, sure: false, doubted: false, token, until },
            );
        } else {
            self.oracle.secret(token);
        }
        live(&record)
    }

    fn withdraw(&mut self) {
        let number = self.some_town();
        let live = self.ledger.live(number);
        if live.is_empty() || !self.is_up(number) {
            return;
        }
        let (id, word) = self.rng.pick(&live).clone();
        self.note(|| format!("  {number} withdraws {id}, {}", word.token));
        self.ledger.begin(number, &id, Word { live: false, ..word });
        self.edit(number, Edit::End(id.parse().expect("an id of ours")));
    }

    fn keep_secret(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) {
            return;
        }
        let draft = self.draft(number, false);
        self.oracle.marks.hit("a secret draft ended unpublished");
        self.edit(number, Edit::Secret(Box::new(draft)));
    }

    fn edit(&mut self, number: usize, edit: Edit) {
        let running = self.town(number).running.as_ref().expect("editors work where a node runs");
        let (app, ledger) = (running.app.clone(), self.ledger.clone());
        let handle = self.executor.handle().clone();
        handle.spawn(Owner::Node(number), work(app, ledger, number, edit));
    }

    /// Ends a node in the middle of whatever it does; if the power fails, what was not forced onto the disk
    /// may be lost.
    fn crash(&mut self, power: bool) {
        let number = self.some_town();
        if !self.is_up(number) {
            return;
        }
        if self.rng.happens(300) {
            self.publish_at(number, 1);
        }
        // Somewhere in the middle of what is to be done at this moment.
        for _ in 0..self.rng.range(0..12) {
            self.step_once();
        }
        let busy = self.executor.count(Owner::Node(number)) > 1;
        sometimes!(self.oracle.marks, busy, "a round was cut off by a crash");
        sometimes!(
            self.oracle.marks,
            self.ledger.is_unsure(number),
            "an edit was cut off by a crash"
        );
        sometimes!(self.oracle.marks, !power, "a node was killed");
        let mut rng = self.rng.fork(5);
        let mut lost = false;
        let mut choose = |least: u64, all: u64| {
            let kept = if rng.happens(500) { least } else { rng.range(least..all + 1) };
            lost = kept < all;
            kept
        };
        let image = match power {
            true => self.town(number).image(Some(&mut choose)),
            false => self.town(number).image(None),
        };
        sometimes!(self.oracle.marks, lost, "a power failure took commits");
        self.stop(number, Some(&image));
        self.start_soon(number);
    }

    fn start_soon(&mut self, number: usize) {
        let pause = self.rng.pause(100..180_000);
        self.note(|| format!("  {number} ends"));
        self.later(pause, Later::Start(number));
    }

    fn move_clock(&mut self) {
        let number = self.some_town();
        // One at a time: where most clocks are wrong, nobody can tell.
        if self.towns.iter().any(|town| town.clock.ahead_ms() != 0) {
            return;
        }
        let (minute, hour, day) = (60_000, 3_600_000, 86_400_000);
        let jumps = [
            minute,
            -minute,
            8 * minute,
            40 * minute,
            -2 * hour,
            3 * hour,
            10 * day,
            -10 * day,
            3650 * day,
        ];
        let ahead = *self.rng.pick(&jumps);
        let town = self.town(number);
        town.clock.set_ahead(ahead);
        // Who has heard from nobody for an hour cannot know that the clock is wrong, and signs all the same.
        let warned = town.running.as_ref().is_some_and(|running| {
            let clock = running.app.clock();
            running.app.gate().may_sign(clock.now(), clock.monotonic()).is_err()
        });
        if ahead.unsigned_abs() > CLOCK_SKEW.as_millis().try_into().unwrap_or(0) && !warned {
            return town.clock.set_ahead(0);
        }
        self.oracle.marks.hit("a clock jumped");
        let pause = self.rng.pause(10_000..900_000);
        self.later(pause, Later::SetClock(number));
    }

    fn back_up_or_restore(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) {
            return;
        }
        let Some((backup, seq)) = self.backups.remove(&number) else {
            let image = self.town(number).image(None);
            let seq = self.oracle.holds(number, self.town(number).id.as_str());
            self.note(|| format!("  backup of {number} at {seq:?}"));
            self.backups.insert(number, (image, seq));
            return;
        };
        self.note(|| format!("  {number} is put back to {seq:?}"));
        self.stop(number, Some(&backup));
        self.lose_database(number, seq);
    }

    fn wipe(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) || !self.rng.happens(300) {
            return;
        }
        self.note(|| format!("  {number} loses its disk"));
        self.stop(number, None);
        self.town(number).wipe();
        self.lose_database(number, None);
        self.oracle.marks.hit("a fresh node caught up");
    }

    /// Draws the consequences of a node's living on another database, one that knows the own state `seq`.
    fn lose_database(&mut self, number: usize, seq: Option<u64>) {
        // Its peers bring back what all of them hold. That needs all of them, and that nobody lies.
        let honest = self.villains.is_empty() && !self.plan.has(Family::Lie);
        let id = self.town(number).id.to_string();
        let others = self.towns.iter().filter(|town| town.number != number);
        let held: Option<Vec<u64>> =
            others.map(|town| self.oracle.holds(town.number, &id)).collect();
        let held = held.filter(|_| honest).unwrap_or_default();
        let oracle = &self.oracle;
        self.ledger.doubt(number, |draft, word| {
            let known = |of: &u64| oracle.has_published(&id, *of, draft) == word.live;
            let later = word.live || held.iter().all(|of| Some(*of) > seq);
            !held.is_empty() && later && held.iter().all(known)
        });
        // What others are waiting for may have been here.
        let others = self.towns.iter().map(|town| town.number).filter(|other| *other != number);
        others.for_each(|other| self.ledger.despair(other));
        self.oracle.forget(number);
        self.start_soon(number);
    }

    /// Lets citizens search where the index is up with the database: between the two, a search is a step late.
    fn browse(&mut self) {
        let number = self.some_town();
        let Some(running) = &self.town(number).running else { return };
        let (held_up, applied) = (running.app.trouble().is_some(), running.app.index().applied());
        let held = self.oracle.rows(number).and_then(|rows| rows.last_change().ok());
        sometimes!(self.oracle.marks, held_up, "publishing was put on hold");
        let caught_up = held == Some(applied);
        if caught_up {
            self.finds_all(number);
        }
    }

    /// Waits as long as it takes until a thing that lasts was done.
    pub(super) fn pass(&mut self, pause: Duration) {
        self.run(self.now() + pause);
    }
}

async fn work(app: App, ledger: Ledger, number: usize, edit: Edit) {
    let now = app.clock().now();
    match edit {
        Edit::Put(drafts) => {
            let ids: Vec<_> = drafts.iter().map(|draft| draft.id.clone()).collect();
            let put = app.store().write(Durability::Full, move |tx| {
                drafts.iter().try_for_each(|draft| tx.put_draft(draft, now))
            });
            if put.await.is_ok() {
                ids.iter().for_each(|id| ledger.acknowledge(number, id.as_str()));
            }
        }
        Edit::End(id) => {
            let ended = id.clone();
            let done = app.store().write(Durability::Full, move |tx| {
                tx.end_draft(&ended, Status::Withdrawn, now).map(drop)
            });
            if done.await.is_ok() {
                ledger.acknowledge(number, id.as_str());
            }
        }
        Edit::Secret(draft) => {
            // In one transaction: nothing may go between the two.
            let done = app.store().write(Durability::Full, move |tx| {
                tx.put_draft(&draft, now)?;
                tx.end_draft(&draft.id, Status::Withdrawn, now)?;
                Ok::<_, StoreError>(())
            });
            drop(done.await);
        }
    }
    drop(app.publish_and_tell().await);
}

/// Returns the `count`th word: letters that no analysis takes for an ending, always as many.
fn token(count: u64) -> String {
    let letters: Vec<char> = "bcdfghjklmnpqrtvwxz".chars().collect();
    let base = u64::try_from(letters.len()).unwrap_or(1);
    let mut left = count;
    let mut word = "zorb".to_owned();
    for _ in 0..6 {
        let at = usize::try_from(left % base).unwrap_or(0);
        word.extend(letters.get(at));
        left /= base;
    }
    word
}
