//! What a trial run shows: every record that a run would change, and how.
//!
//! Only what is public counts as a changed field, and only what the file says: days that a run fills in by
//! itself are no change that anybody made.

use std::collections::BTreeMap;

use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::{RecordError, Source};
use engagement_protocol::time::Day;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::import::Imported;
use crate::domain::import::plan::Plan;
use crate::store::draft::Draft;

/// The records that a run would change, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// Records that are not known.
    pub new: Vec<Entry>,
    /// Records whose input changed, also those that come back because their source lists them again.
    pub changed: Vec<Entry>,
    /// Records without an end that are extended.
    pub extended: Vec<Entry>,
    /// Records that were withdrawn here and come back.
    pub revived: Vec<Entry>,
    /// Records that are withdrawn because the source does not list them any more.
    pub gone: Vec<Entry>,
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Its key in the other system.
    pub source: Source,
    /// Its title: as it would be, or of what goes, as it is.
    pub title: String,
    /// Which public fields change; none if only what is not published did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fields: Option<Vec<String>>,
    /// Whether its source had dropped it and lists it again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub restored: bool,
}

impl Entry {
    fn of(imported: &Imported) -> Self {
        Self {
            source: imported.source.clone(),
            title: imported.opportunity().title.clone(),
            fields: None,
            restored: false,
        }
    }

    fn changed(
        imported: &Imported,
        before: Option<&Draft>,
        today: Day,
    ) -> Result<Self, RecordError> {
        let before = before.and_then(|draft| Some((&draft.id, draft.body.as_deref()?)));
        let fields = before.map(|(id, body)| fields(imported, id, body, today)).transpose()?;
        Ok(Self { fields, ..Self::of(imported) })
    }

    fn gone(draft: &Draft) -> Self {
        let title = draft.body.as_deref().map(object).and_then(|mut body| body.remove("title"));
        let title = title.as_ref().and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { source: draft.source.clone(), title, fields: None, restored: false }
    }
}

/// Returns what a plan does to what is here.
pub(super) fn between(
    plan: &Plan<'_>,
    drafts: &[Draft],
    today: Day,
) -> Result<Difference, RecordError> {
    let here: BTreeMap<&RecordId, &Draft> = drafts.iter().map(|draft| (&draft.id, draft)).collect();
    let changed = plan.changed.iter().map(|(id, imported)| {
        let entry = Entry::changed(imported, here.get(id).copied(), today)?;
        Ok(Entry { restored: plan.restored.contains(id), ..entry })
    });
    Ok(Difference {
        new: plan.new.iter().map(|imported| Entry::of(imported)).collect(),
        changed: changed.collect::<Result<_, RecordError>>()?,
        extended: plan.extended.iter().map(|(_, _, imported)| Entry::of(imported)).collect(),
        revived: plan.revived.iter().map(|(_, imported)| Entry::of(imported)).collect(),
        gone: plan
            .gone
            .iter()
            .filter_map(|id| here.get(id))
            .map(|draft| Entry::gone(draft))
            .collect(),
    })
}

fn fields(
    imported: &Imported,
    id: &RecordId,
    body: &str,
    today: Day,
) -> Result<Vec<String>, RecordError> {
    let line = imported.finish(id, None, imported.valid_until(today), today)?;
    let said = |record: &str| {
        let mut record = object(record);
        // An organisation's id is the node's own.
        if let Some(known) = record.get_mut("organisation").and_then(Value::as_object_mut) {
            known.remove("id");
        }
        for (field, is_said) in [
            ("created", imported.created.is_some()),
            ("updated", imported.updated.is_some()),
            ("verified_at", imported.opportunity().verified_at.is_some()),
            ("valid_until", imported.end.is_some()),
        ] {
            if !is_said {
                record.remove(field);
            }
        }
        record
    };
    let (before, after) = (said(body), said(&String::from_utf8_lossy(line.bytes())));
    let mut fields: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    fields.retain(|field| before.get(field) != after.get(field));
    fields.sort_unstable();
    fields.dedup();
    Ok(fields)
}

fn object(record: &str) -> Map<String, Value> {
    serde_json::from_str(record).unwrap_or_default()
}
