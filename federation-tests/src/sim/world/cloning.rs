//! A second installation with the same key: a machine that was copied, and runs beside the first.

use engagement_node::store::Durability;
use engagement_protocol::signing::Hold;

use super::{Later, World};
use crate::cluster::live;
use crate::records::record;
use crate::sim::executor::Owner;
use crate::sim::oracle::rows::Rows;
use crate::sim::town::Town;

/// A second installation.
#[derive(Debug)]
pub(super) struct Clone {
    of: usize,
    town: Town,
}

impl World {
    /// Lets a copy of a node run; for a while its name leads there.
    pub(super) fn clone_somebody(&mut self) {
        let number = self.some_town();
        let keeps_register = self.plan.registered && number == 0;
        let shown = self.is_shown(number);
        if self.clone.is_some() || !self.is_up(number) || keeps_register || !shown {
            return;
        }
        let at = self.towns.len() + self.villains.len();
        let path = self.town(number).path().with_file_name("clone");
        let mut town = self.town(number).copy(at, path);
        let id = town.id.to_string();
        self.note(|| format!("  {number} is copied, the copy is {at}"));
        self.oracle.also(at, &id);
        self.oracle.shared.insert(id);
        // What the two have done apart from each other nobody can promise.
        self.ledger.doubt(number, |_, _| false);
        let (handle, network) = (self.executor.handle().clone(), self.network.clone());
        if let Err(error) = town.start(&handle, &network) {
            return self.oracle.broken("S11", at, format!("it does not start: {error}"));
        }
        if let Err(error) = self.oracle.watch(at, &town.database()) {
            return self.oracle.broken("S11", at, error.to_string());
        }
        self.clone = Some(Clone { of: number, town });
        self.network.lead(number, at);
        self.work_there();
        let pause = self.rng.pause(30_000..600_000);
        self.later(pause, Later::Return);
    }

    /// Returns whether a node has a second installation.
    pub(super) fn is_copied(&self, number: usize) -> bool {
        self.clone.as_ref().is_some_and(|clone| clone.of == number)
    }

    /// Lets an editor work at the copy.
    fn work_there(&mut self) {
        self.count += 1;
        let id = format!("k-{}", self.count);
        let draft = live(&record(&id, "Vom zweiten Rechner"));
        let Some(clone) = &self.clone else { return };
        let Some(running) = &clone.town.running else { return };
        let app = running.app.clone();
        self.executor.handle().spawn(Owner::Node(clone.town.number), async move {
            let now = app.clock().now();
            let put = app.store().write(Durability::Full, move |tx| tx.put_draft(&draft, now));
            if put.await.is_ok() {
                drop(app.publish_and_tell().await);
            }
        });
    }

    /// Lets the name of the node lead to the first installation again.
    pub(super) fn lead_back(&mut self) {
        let Some(clone) = &self.clone else { return };
        let number = clone.of;
        match &self.town(number).running {
            Some(running) => {
                let (router, clock) = (running.router.clone(), self.town(number).clock.clone());
                self.network.open(number, router, clock);
            }
            None => self.network.close(number),
        }
    }

    /// Judges that one of the two has stopped, and lets the operator decide.
    pub(super) fn switch_off(&mut self) {
        let Some(Clone { of, .. }) = self.clone else { return };
        self.lead_back();
        // Each says something; each peer is asked in its turn, once a minute.
        for _ in 0..3 {
            self.work_there();
            self.publish_at(of, 1);
            let hosts = u32::try_from(self.towns.len() + self.villains.len()).unwrap_or(8);
            self.pass(self.plan.interval.max(std::time::Duration::from_secs(60)) * (hosts + 2));
        }
        let Some(Clone { mut town, .. }) = self.clone.take() else { return };
        let mine = self.town(of).running.as_ref().and_then(|running| running.app.hold());
        let theirs = town.running.as_ref().and_then(|running| running.app.hold());
        self.note(|| format!("  {of} {mine:?}, its copy {theirs:?}"));
        if ![mine, theirs].iter().any(|hold| matches!(hold, Some(Hold::Elsewhere { .. }))) {
            let found = "two installations sign with one key, and neither stops".to_owned();
            return self.oracle.broken("S2", of, found);
        }
        self.oracle.marks.hit("a clone was noticed");
        self.network.close(town.number);
        self.executor.end(Owner::Node(town.number));
        self.oracle.close(town.number);
        town.running = None;
        if let Some(running) = &self.town(of).running {
            let app = running.app.clone();
            self.executor.handle().spawn(Owner::Node(of), async move { app.allow_signing().await });
        }
        self.pass(std::time::Duration::from_secs(60));
        // What one of the two has published and the other never heard of is withheld, and the operator is asked.
        let withheld = self.oracle.rows(of).map(Rows::withheld);
        let withheld = withheld.and_then(Result::ok).unwrap_or_default();
        self.ledger.doubt(of, |id, _| !withheld.contains(id));
        // An operator does not let go before it works again.
        let waits = self.town(of).running.as_ref().and_then(|running| running.app.hold());
        if waits.is_some() {
            self.oracle.broken("L3", of, format!("allowed to sign, it waits: {waits:?}"));
        }
    }
}
