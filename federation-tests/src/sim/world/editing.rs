//! What editors do: publish, withdraw, erase, and keep to themselves.

use engagement_node::app::App;
use engagement_node::store::draft::{Draft, Status};
use engagement_node::store::{Durability, StoreError};
use engagement_protocol::id::RecordId;

use super::World;
use crate::cluster::live;
use crate::records::record;
use crate::sim::executor::Owner;
use crate::sim::ledger::{Ledger, Word};
use crate::sim::oracle::{TOKEN, erased};

/// The day on which the simulation begins: what ends on it is gone twenty minutes later.
const FIRST_DAY: &str = "2026-01-02";

/// What an editor does.
#[derive(Debug)]
enum Edit {
    Put(Vec<Draft>),
    End(RecordId),
    /// Withdraws so that nothing is left of it, at once.
    Erase(RecordId, String),
    /// Begins something, and lets it be.
    Secret(Box<Draft>),
}

impl World {
    /// Lets an editor of some node publish a few records.
    pub(super) fn publish(&mut self) {
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

    pub(super) fn withdraw(&mut self, erase: bool) {
        let number = self.some_town();
        let live = self.ledger.live(number);
        if live.is_empty() || !self.is_up(number) {
            return;
        }
        let (id, word) = self.rng.pick(&live).clone();
        self.note(|| format!("  {number} withdraws {id}, {}", word.token));
        let token = word.token.clone();
        self.ledger.begin(number, &id, Word { live: false, ..word });
        let id = id.parse().expect("an id of ours");
        self.edit(number, if erase { Edit::Erase(id, token) } else { Edit::End(id) });
    }

    pub(super) fn keep_secret(&mut self) {
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

    /// S7: erased at once means now, not ten minutes later.
    pub(super) fn is_erased(&mut self, number: usize, word: &str) {
        let path = self.town(number).path().to_owned();
        self.oracle.marks.hit("a text was erased at once");
        match erased::find(&path, &[word.to_owned()]) {
            Ok(Some(found)) => self.oracle.broken("S7", number, format!("erased at once: {found}")),
            Ok(None) => {}
            Err(error) => self.oracle.broken("S11", number, error.to_string()),
        }
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
        Edit::Erase(id, token) => return erase(app, ledger, number, id, token).await,
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

/// What `withdraw --erase` does: publishes without the record, and removes every trace.
async fn erase(app: App, ledger: Ledger, number: usize, id: RecordId, token: String) {
    let (ended, now) = (id.clone(), app.clock().now());
    let done = app.store().write(Durability::Full, move |tx| {
        tx.erase_soon(&ended)?;
        tx.end_draft(&ended, Status::Withdrawn, now).map(drop)
    });
    if done.await.map_err(|error: StoreError| error).is_ok() {
        ledger.acknowledge(number, id.as_str());
    }
    if app.publish_and_tell().await.is_ok() {
        app.purge_soon();
        if app.purge().await.is_ok() && app.is_clean() {
            ledger.erased_now(number, token);
        }
    }
}

/// Returns the `count`th word: letters that no analysis takes for an ending, always as many.
fn token(count: u64) -> String {
    let letters: Vec<char> = "bcdfghjklmnpqrtvwxz".chars().collect();
    let base = u64::try_from(letters.len()).unwrap_or(1);
    let mut left = count;
    let mut word = TOKEN.to_owned();
    for _ in 0..6 {
        let at = usize::try_from(left % base).unwrap_or(0);
        word.extend(letters.get(at));
        left /= base;
    }
    word
}
