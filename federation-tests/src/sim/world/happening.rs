//! What happens: machines fail, the network breaks, clocks jump, villains act.

use std::time::Duration;

use engagement_protocol::id::Feed;
use engagement_protocol::limits::CLOCK_SKEW;
use engagement_protocol::time::Timestamp;

use super::{Later, World, lock};
use crate::sim::executor::Owner;
use crate::sim::lie::{Lie, Way};
use crate::sim::network::Weather;
use crate::sim::plan::{Family, weather};
use crate::sim::villain::Deed;
use crate::sometimes;

impl World {
    /// Lets something of `family` happen.
    pub(super) fn happen(&mut self, family: Family) {
        let now = self.now();
        self.trace.note(now, || format!("! {family:?}"));
        if self.plan.is_fair() && !self.plan.registered {
            self.arrived();
        }
        match family {
            Family::Publish => self.publish(),
            Family::Withdraw => self.withdraw(false),
            Family::Erase => self.withdraw(true),
            Family::Pause => self.pause(),
            Family::Outage => self.outage(),
            Family::Register => self.change_register(),
            Family::Rotate => self.rotate(),
            Family::Theft => self.steal(),
            Family::Clone => self.clone_somebody(),
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
            Later::Clear => self.network.set_weather(Weather::fair()),
            Later::SetClock(number) => self.town(number).clock.set_ahead(0),
            Later::BeHonest(number) => self.network.lie(number, None),
            Later::Wake(number) => {
                self.executor.wake(Owner::Node(number));
                if self.is_up(number) {
                    self.ups.insert(number, now);
                }
            }
            Later::Reinstate(number) => self.reinstate(number),
            Later::Heal(number) => self.heal(number),
            Later::Told(number) => self.told_of_outage(number),
            Later::Return => self.lead_back(),
        }
    }

    /// Lets a machine sleep.
    fn pause(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) {
            return;
        }
        self.note(|| format!("  {number} sleeps"));
        self.executor.pause(Owner::Node(number));
        self.ups.remove(&number);
        self.oracle.marks.hit("a machine slept");
        let pause = self.rng.pause(5_000..900_000);
        self.later(pause, Later::Wake(number));
    }

    /// Lets a node be down for longer than anybody may take to notice.
    fn outage(&mut self) {
        let number = self.some_town();
        if !self.is_up(number) || self.thefts.contains_key(&number) || self.clone.is_some() {
            return;
        }
        self.note(|| format!("  {number} is down for long"));
        self.stop(number, None);
        let (told, back) = (Duration::from_secs(330), Duration::from_secs(360));
        self.later(told, Later::Told(number));
        self.later(back, Later::Start(number));
    }

    /// L4: whoever asks a node itself says that it is down.
    fn told_of_outage(&mut self, number: usize) {
        let since = Duration::from_secs(300) * self.plan.scale();
        let down = self.ups.get(&number).is_none_or(|up| *up + since <= self.now());
        if self.is_up(number) || !down || !self.is_shown(number) {
            return;
        }
        let id = self.town(number).id.clone();
        let now = self.now();
        let mut silent = None;
        for town in self.towns.iter().filter(|town| town.is_relay) {
            let Some(running) = &town.running else { continue };
            // Who was away itself has had no time to notice.
            let awake = self.ups.get(&town.number).is_some_and(|up| *up + since <= now);
            let contacts = running.app.sync().contacts(Feed::Offers);
            // Whoever has no address of it reads it through its relay alone.
            let asks =
                running.app.sync().followed().peers.get(&id).is_some_and(|p| p.url.is_some());
            let contact = contacts.get(&id);
            if awake && asks && contact.is_some_and(|contact| contact.error.is_none()) {
                let asked = contact.and_then(|contact| contact.asked_at);
                let source = running.app.sync().sources_of(Feed::Offers).remove(&id);
                silent = Some((town.number, asked, source));
            }
        }
        self.oracle.marks.hit("an outage was told");
        if let Some((reader, asked, source)) = silent {
            let found = format!("{id} is down, asked for at {asked:?}, answered by {source:?}");
            self.oracle.broken("L4", reader, found);
        }
    }

    /// S13: what hostile origins do keeps nobody else's news.
    fn arrived(&mut self) {
        let wall = self.executor.handle().wall();
        let settled = Duration::from_secs(900) * self.plan.scale();
        let since = wall.minus(self.plan.interval * 5 / 2 + Duration::from_secs(30)).as_ms();
        if self.now() < settled {
            return;
        }
        for origin in &self.towns {
            let Some(due) = self.oracle.newest_before(origin.id.as_str(), since) else { continue };
            for town in self.towns.iter().filter(|town| town.number != origin.number) {
                let held = self.oracle.holds(town.number, origin.id.as_str());
                if held < Some(due) {
                    let found = format!("of {} it holds {held:?}, {due} is long out", origin.id);
                    return self.oracle.broken("S13", town.number, found);
                }
            }
        }
        self.oracle.marks.hit("news arrived beside villains");
    }

    /// Returns whether the register lets a node be shown.
    pub(super) fn is_shown(&self, number: usize) -> bool {
        self.members.get(&number).is_none_or(|member| member.listed && !member.suspended)
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
        if !self.is_up(number) || self.keeps_register(number) {
            return;
        }
        let Some((backup, seq)) = self.backups.remove(&number) else {
            let image = self.town(number).image(None).settled();
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
        if !self.is_up(number) || !self.rng.happens(300) || self.keeps_register(number) {
            return;
        }
        self.note(|| format!("  {number} loses its disk"));
        self.stop(number, None);
        self.town(number).wipe();
        self.lose_database(number, None);
        self.oracle.marks.hit("a fresh node caught up");
    }

    /// Returns whether a node keeps the register: its rows are nobody else's to bring back.
    fn keeps_register(&self, number: usize) -> bool {
        self.plan.registered && number == 0
    }

    /// Draws the consequences of a node's living on another database, one that knows the own state `seq`.
    fn lose_database(&mut self, number: usize, seq: Option<u64>) {
        // Its peers bring back what all of them hold. That needs all of them, and that nobody lies.
        let alone = [Family::Lie, Family::Register, Family::Clone, Family::Theft];
        let honest = self.villains.is_empty() && !alone.iter().any(|family| self.plan.has(*family));
        let id = self.town(number).id.to_string();
        let others = self.towns.iter().filter(|town| town.number != number);
        let held: Option<Vec<u64>> =
            others.map(|town| self.oracle.holds(town.number, &id)).collect();
        let held = held.filter(|_| honest).unwrap_or_default();
        let oracle = &self.oracle;
        self.ledger.doubt(number, |draft, word| {
            // What was over when the others' state was signed is missing there, withdrawn or not.
            let over = |of: &u64| word.until < Timestamp::from_ms(*of).day().to_string();
            let known = |of: &u64| {
                let was = oracle.has_published_until(&id, *of, draft);
                // What was made after that state was signed, and never in one, is younger: it stays.
                oracle.has_published(&id, *of, draft) == word.live
                    && (word.live || was && !over(of))
            };
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
            self.finds_all(number, false);
        }
    }

    /// Waits as long as it takes until a thing that lasts was done.
    pub(super) fn pass(&mut self, pause: Duration) {
        self.run(self.now() + pause);
    }
}
