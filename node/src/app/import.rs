//! Applies an import: plans it against what is stored and writes all of it, or nothing.

pub mod difference;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{RecordError, Source};
use engagement_protocol::time::{Day, Timestamp};
use serde::Serialize;

use self::difference::Difference;
use crate::domain::import::plan::{self, Existing, Plan, PlanOptions, Shrink};
use crate::domain::import::{Batch, Imported, Options};
use crate::entropy::{Entropy, record_id};
use crate::store::audit::Actor;
use crate::store::draft::{Draft, Status};
use crate::store::{Durability, Store, StoreError, WriteTx};

/// What an import did, or with a dry run would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Records that were not known.
    pub new: usize,
    /// Records whose input changed, and those that came back because their source lists them again.
    pub changed: usize,
    /// How many of `changed` came back.
    pub restored: usize,
    /// Records without an end that are still listed and were extended.
    pub extended: usize,
    /// Withdrawn records that came back.
    pub revived: usize,
    /// Records that stay as they are.
    pub unchanged: usize,
    /// Records that were withdrawn here and stay withdrawn.
    pub withdrawn_kept: usize,
    /// Records that the source does not list any more: withdrawn.
    pub gone: usize,
    /// Records that the file does not have, kept because it does not prove that they are gone.
    pub held: usize,
    /// What there is to say about the file as a whole.
    pub notes: Vec<String>,
    /// Records that cannot be imported.
    pub refused: Vec<Refused>,
    /// How often each default was filled in.
    pub defaults: std::collections::BTreeMap<&'static str, usize>,
    /// What was altered on the way in.
    pub warnings: Vec<Warning>,
    /// What was read out of words about time.
    pub understood: Vec<Warning>,
    /// Which records would change; only a trial run says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Difference>,
    /// Why a run that is no trial would be refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shrink: Option<Shrink>,
}

/// A record that cannot be imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its line in the file, from 1.
    pub line: usize,
    /// Its key in the other system, as far as it could be read.
    pub source: Option<Source>,
    /// Its title, if it has one.
    pub title: Option<String>,
    /// Why, and what to do.
    pub reason: String,
    /// Whether its source itself says that the offer is over or not public.
    pub ended: bool,
}

/// Something that was altered on the way in, or read out of words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The record's line in the file, from 1.
    pub line: usize,
    /// What.
    pub text: String,
}

/// What to do with a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wishes {
    /// Changes nothing.
    pub dry_run: bool,
    /// Lets a source lose more than a fifth of its records.
    pub allow_shrink: bool,
    /// Brings withdrawn records back.
    pub revive: bool,
}

/// Why nothing was imported.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The source would lose too much.
    #[error(transparent)]
    Shrink(#[from] Shrink),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A record that passed all checks cannot be a line of the feed.
    #[error("Ein Datensatz lässt sich nicht schreiben: {0}")]
    Record(#[from] RecordError),
}

/// Imports a batch, in one transaction; what it changes is pending until the next publication.
///
/// A trial run shows what would change also where a run would be refused, and says so in the summary.
///
/// # Errors
///
/// [`ImportError`]; nothing has changed then.
pub async fn run(
    store: &Store,
    batch: Batch,
    options: &Options,
    wishes: Wishes,
    entropy: Arc<dyn Entropy>,
    now: Timestamp,
) -> Result<Summary, ImportError> {
    let systems = plan::systems(&batch, options);
    store
        .write(Durability::Full, move |tx| {
            let mut drafts = Vec::new();
            for system in &systems {
                drafts.extend(tx.drafts_of(system)?);
            }
            let existing: Vec<Existing> = drafts.iter().map(known).collect();
            let options = PlanOptions {
                today: now.day(),
                allow_shrink: wishes.allow_shrink,
                revive: wishes.revive,
            };
            let (plan, shrink) = match plan::plan(&batch, &existing, &options) {
                Err(shrink) if wishes.dry_run => {
                    let all = PlanOptions { allow_shrink: true, ..options };
                    (plan::plan(&batch, &existing, &all)?, Some(shrink))
                }
                planned => (planned?, None),
            };
            let mut summary = Summary { shrink, ..summary(&batch, &plan) };
            summary.warnings.extend(taken_ids(tx, &batch, &plan)?);
            if wishes.dry_run {
                summary.difference = Some(difference::between(&plan, &drafts, now.day())?);
            } else {
                Writing { tx, entropy: entropy.as_ref(), now }.all(&plan)?;
            }
            Ok(summary)
        })
        .await
}

fn known(draft: &Draft) -> Existing {
    Existing {
        withdrawn: draft.status == Status::Withdrawn,
        gone: draft.status == Status::Gone,
        id: draft.id.clone(),
        source: draft.source.clone(),
        // What its source had dropped and lists again counts as changed: its text has to be put again.
        input: if draft.status == Status::Gone { Hash::of(b"") } else { draft.input },
        valid_until: draft.valid_until,
        explicit_end: draft.explicit_end,
    }
}

/// Names the records whose id somebody else here has, or another record of the file: they get a new one.
fn taken_ids(tx: &WriteTx<'_>, batch: &Batch, plan: &Plan<'_>) -> Result<Vec<Warning>, StoreError> {
    let mut lines = BTreeMap::new();
    for item in &batch.items {
        if let Ok(imported) = &item.outcome {
            lines.entry(&imported.source).or_insert(item.line);
        }
    }
    let (mut seen, mut warnings) = (BTreeSet::new(), Vec::new());
    for imported in &plan.new {
        let Some(id) = &imported.own_id else { continue };
        if !seen.insert(id) || tx.draft(id)?.is_some() {
            let line = lines.get(&imported.source).copied().unwrap_or_default();
            let text = format!(
                "„id“: Die Kennung „{id}“ ist hier schon vergeben; das Angebot erhält eine neue."
            );
            warnings.push(Warning { line, text });
        }
    }
    Ok(warnings)
}

struct Writing<'a> {
    tx: &'a WriteTx<'a>,
    entropy: &'a dyn Entropy,
    now: Timestamp,
}

impl Writing<'_> {
    fn all(&self, plan: &Plan<'_>) -> Result<(), ImportError> {
        for imported in &plan.new {
            let id = self.new_id(imported)?;
            self.put(&id, imported, None, "import")?;
        }
        for (id, imported) in &plan.changed {
            self.put(id, imported, None, "import")?;
        }
        for (id, imported) in &plan.revived {
            self.put(id, imported, None, "revive")?;
        }
        for (id, until, imported) in &plan.extended {
            self.put(id, imported, Some(*until), "extend")?;
        }
        for id in &plan.gone {
            self.tx.end_draft(id, Status::Gone, self.now)?;
            self.tx.audit(self.now, &Actor::Job("import"), "gone", id.as_str(), "")?;
        }
        Ok(())
    }

    fn put(
        &self,
        id: &RecordId,
        imported: &Imported,
        until: Option<Day>,
        action: &'static str,
    ) -> Result<(), ImportError> {
        let today = self.now.day();
        let valid_until = until.unwrap_or_else(|| imported.valid_until(today));
        let organisation = self.organisation(imported)?;
        let line = imported.finish(id, organisation.as_ref(), valid_until, today)?;
        let body = String::from_utf8_lossy(line.bytes()).into_owned();
        let draft = Draft {
            id: id.clone(),
            status: Status::Live,
            body: Some(body),
            valid_until,
            explicit_end: imported.end.is_some(),
            source: imported.source.clone(),
            input: imported.input,
        };
        self.tx.put_draft(&draft, self.now)?;
        let actor = Actor::Import(imported.source.system.clone());
        self.tx.audit(self.now, &actor, action, id.as_str(), "")?;
        Ok(())
    }

    /// The id a record brings, unless somebody else here has it.
    fn new_id(&self, imported: &Imported) -> Result<RecordId, StoreError> {
        if let Some(id) = &imported.own_id
            && self.tx.draft(id)?.is_none()
        {
            return Ok(id.clone());
        }
        Ok(record_id(self.entropy, self.now))
    }

    /// The random id of the record's organisation: the same for the same name in the same source.
    fn organisation(&self, imported: &Imported) -> Result<Option<RecordId>, StoreError> {
        let Some(name) = &imported.organisation_key else { return Ok(None) };
        let key = Hash::of(format!("{}\n{name}", imported.source.system).as_bytes());
        if let Some(id) = self.tx.organisation(key)? {
            return Ok(Some(id));
        }
        let id = record_id(self.entropy, self.now);
        self.tx.set_organisation(key, &id)?;
        Ok(Some(id))
    }
}

fn summary(batch: &Batch, plan: &Plan<'_>) -> Summary {
    let mut summary = Summary {
        new: plan.new.len(),
        changed: plan.changed.len(),
        restored: plan.restored.len(),
        extended: plan.extended.len(),
        revived: plan.revived.len(),
        unchanged: plan.unchanged,
        withdrawn_kept: plan.withdrawn_kept,
        gone: plan.gone.len(),
        held: plan.held.len(),
        notes: batch.notes.clone(),
        ..Summary::default()
    };
    summary.refused = plan
        .refused
        .iter()
        .map(|(line, refusal)| Refused {
            line: *line,
            source: refusal.source.clone(),
            title: refusal.title.clone(),
            reason: refusal.reason.clone(),
            ended: refusal.ended,
        })
        .collect();
    for item in &batch.items {
        let Ok(imported) = &item.outcome else { continue };
        for default in &imported.defaults {
            *summary.defaults.entry(default).or_default() += 1;
        }
        let warnings = imported.warnings.iter();
        summary
            .warnings
            .extend(warnings.map(|text| Warning { line: item.line, text: text.clone() }));
        let understood = imported.understood.iter();
        let note = |text: &String| Warning { line: item.line, text: text.clone() };
        summary.understood.extend(understood.map(note));
    }
    summary
}
