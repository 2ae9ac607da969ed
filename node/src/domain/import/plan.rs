//! What a batch would change: a pure comparison with what is already there.
//!
//! Nothing disappears by accident: a run that would remove many records is refused; a file that is only a
//! part, or holds a record that cannot even be named, proves nothing about what it lacks. What its source
//! calls ended is gone without proof. What has expired is shown nowhere: it neither goes nor counts.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::hash::Hash;
use engagement_protocol::id::RecordId;
use engagement_protocol::opportunity::Source;
use engagement_protocol::time::Day;
use serde::Serialize;

use super::{Batch, Imported, Item, Options, Refusal, VALID_MONTHS};

/// An offer without an end is extended when fewer days than this remain.
const EXTEND_DAYS: u32 = 30;
/// A run may remove one of this many records of a system.
const GONE_ONE_OF: usize = 5;

/// One imported record as the node holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Existing {
    /// Its id here.
    pub id: RecordId,
    /// Its key there.
    pub source: Source,
    /// What the file said about it the last time.
    pub input: Hash,
    /// Whether it was withdrawn here.
    pub withdrawn: bool,
    /// Whether its source dropped it before; it comes back when the source lists it again.
    pub gone: bool,
    /// Its last day of validity.
    pub valid_until: Day,
    /// Whether somebody gave that day; then an import does not move it.
    pub explicit_end: bool,
}

/// How to compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanOptions {
    /// The day of the import.
    pub today: Day,
    /// Whether a run may remove more than a fifth of a system's records.
    pub allow_shrink: bool,
    /// Whether records that were withdrawn here come back.
    pub revive: bool,
}

/// What a run does, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan<'a> {
    /// Records that are not here yet.
    pub new: Vec<&'a Imported>,
    /// Records whose input is another than the last time.
    pub changed: Vec<(RecordId, &'a Imported)>,
    /// Those of `changed` that their source had dropped and lists again.
    pub restored: BTreeSet<RecordId>,
    /// Unchanged records without an end, with their new last day.
    pub extended: Vec<(RecordId, Day, &'a Imported)>,
    /// Records that were withdrawn here and come back.
    pub revived: Vec<(RecordId, &'a Imported)>,
    /// How many records stay as they are.
    pub unchanged: usize,
    /// How many records stay withdrawn although the file has them.
    pub withdrawn_kept: usize,
    /// Records that the file no longer has, or calls ended.
    pub gone: Vec<RecordId>,
    /// Records that the file does not have, though it does not prove that they are gone.
    pub held: Vec<RecordId>,
    /// Records of the file that cannot be used, with their lines.
    pub refused: Vec<(usize, Refusal)>,
}

/// A run would remove too much; more likely the file is not whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error(
    "Der Import würde {gone} von {of} Angeboten aus „{system}“ entfernen, mehr als ein Fünftel. Vermutlich \
    ist die Datei unvollständig, oder es ist eine andere Liste: Geben Sie ihr dann mit --source einen eigenen Namen. \
    Wenn die Angebote wirklich entfallen sind, starten Sie ihn mit --allow-shrink."
)]
pub struct Shrink {
    /// Of which system.
    pub system: String,
    /// How many records would be removed.
    pub gone: usize,
    /// How many the node has.
    pub of: usize,
}

/// Returns the systems that a batch speaks of; an empty one speaks of the system it was given for.
#[must_use]
pub fn systems(batch: &Batch, options: &Options) -> BTreeSet<String> {
    let named = named(batch);
    if named.is_empty() { BTreeSet::from([options.system(None)]) } else { named }
}

fn named(batch: &Batch) -> BTreeSet<String> {
    batch.items.iter().filter_map(source).map(|source| source.system.clone()).collect()
}

fn source(item: &Item) -> Option<&Source> {
    match &item.outcome {
        Ok(imported) => Some(&imported.source),
        Err(refusal) => refusal.source.as_ref(),
    }
}

/// Compares a batch with the records of its [`systems`].
///
/// Records of other systems are left alone; a batch that names no system speaks of all of `existing`.
///
/// # Errors
///
/// [`Shrink`] if too many records of one system would go.
pub fn plan<'a>(
    batch: &'a Batch,
    existing: &[Existing],
    options: &PlanOptions,
) -> Result<Plan<'a>, Shrink> {
    let here: BTreeMap<&Source, &Existing> = existing.iter().map(|e| (&e.source, e)).collect();
    let mut plan = Plan::default();
    let mut taken: BTreeMap<&Source, usize> = BTreeMap::new();
    for item in &batch.items {
        match &item.outcome {
            Err(refusal) => plan.refused.push((item.line, refusal.clone())),
            Ok(imported) => {
                if let Some(first) = taken.get(&imported.source) {
                    plan.refused.push((item.line, twice(imported, *first)));
                } else {
                    taken.insert(&imported.source, item.line);
                    plan.place(imported, here.get(&imported.source).copied(), options);
                }
            }
        }
    }
    plan.lose(batch, existing, options)?;
    Ok(plan)
}

impl<'a> Plan<'a> {
    fn place(&mut self, imported: &'a Imported, here: Option<&Existing>, options: &PlanOptions) {
        let Some(here) = here else {
            self.new.push(imported);
            return;
        };
        if here.withdrawn {
            if options.revive {
                self.revived.push((here.id.clone(), imported));
            } else {
                self.withdrawn_kept += 1;
            }
        } else if here.gone || here.input != imported.input {
            if here.gone {
                self.restored.insert(here.id.clone());
            }
            self.changed.push((here.id.clone(), imported));
        } else if let Some(until) = extension(imported, here, options.today) {
            self.extended.push((here.id.clone(), until, imported));
        } else {
            self.unchanged += 1;
        }
    }

    /// Finds the records that go, and those that only seem to.
    fn lose(
        &mut self,
        batch: &Batch,
        existing: &[Existing],
        options: &PlanOptions,
    ) -> Result<(), Shrink> {
        let (ended, present): (Vec<&Item>, Vec<&Item>) =
            batch.items.iter().partition(|item| matches!(&item.outcome, Err(no) if no.ended));
        let ended: BTreeSet<&Source> = ended.into_iter().filter_map(source).collect();
        // Nobody knows which record a line without a key was; the next whole file tells.
        let is_proof = batch.complete && present.iter().all(|item| source(item).is_some());
        let present: BTreeSet<&Source> = present.into_iter().filter_map(source).collect();
        let named = named(batch);
        let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for record in existing {
            let meant = named.is_empty() || named.contains(&record.source.system);
            if !meant || record.withdrawn || record.gone || record.valid_until < options.today {
                continue;
            }
            let (gone, of) = counts.entry(&record.source.system).or_default();
            *of += 1;
            if present.contains(&record.source) {
                continue;
            }
            if ended.contains(&record.source) {
                self.gone.push(record.id.clone());
            } else if is_proof {
                *gone += 1;
                self.gone.push(record.id.clone());
            } else {
                self.held.push(record.id.clone());
            }
        }
        for (system, (gone, of)) in counts {
            if gone * GONE_ONE_OF > of && !options.allow_shrink {
                return Err(Shrink { system: system.to_owned(), gone, of });
            }
        }
        Ok(())
    }
}

/// Returns the new last day of an offer that is still in the file, has no end and runs out.
fn extension(imported: &Imported, here: &Existing, today: Day) -> Option<Day> {
    let open = imported.end.is_none() && !here.explicit_end;
    let soon = here.valid_until < today.plus_days(EXTEND_DAYS);
    (open && soon).then(|| today.plus_months(VALID_MONTHS))
}

fn twice(imported: &Imported, first: usize) -> Refusal {
    let id = &imported.source.id;
    Refusal {
        title: Some(imported.opportunity().title.clone()),
        source: Some(imported.source.clone()),
        reason: format!(
            "Die Kennung „{id}“ steht schon in Zeile {first}. Bitte vergeben Sie jede Kennung nur einmal."
        ),
        ended: false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Format, read};
    use super::*;
    use serde_json::json;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn options() -> PlanOptions {
        PlanOptions { today: day("2026-11-02"), allow_shrink: false, revive: false }
    }

    fn import_options() -> Options {
        Options { source: None, default_source: "datei".to_owned(), today: day("2026-11-02") }
    }

    /// A file of offers, each an id and a number of seats.
    fn file(offers: &[(u32, u32)]) -> Batch {
        let line = |(id, seats): &(u32, u32)| {
            json!({"id":id.to_string(),"title":format!("Angebot {id}"),"description":"Text.","seats":seats,
                "organisation":"Verein","mode":"remote"})
            .to_string()
        };
        text(&offers.iter().map(line).collect::<Vec<_>>().join("\n"))
    }

    fn text(text: &str) -> Batch {
        read(text.as_bytes(), Format::Jsonl, &import_options()).unwrap()
    }

    fn stored(imported: &Imported, id: RecordId, until: Day) -> Existing {
        Existing {
            id,
            source: imported.source.clone(),
            input: imported.input,
            withdrawn: false,
            gone: false,
            valid_until: imported.end.unwrap_or(until),
            explicit_end: imported.end.is_some(),
        }
    }

    /// Does what a plan says, as the node would.
    fn apply(plan: &Plan<'_>, existing: &mut Vec<Existing>, today: Day) {
        let until = today.plus_months(VALID_MONTHS);
        for (id, imported) in plan.changed.iter().chain(&plan.revived) {
            existing.retain(|e| e.id != *id);
            existing.push(stored(imported, id.clone(), until));
        }
        for (id, until, _) in &plan.extended {
            existing.iter_mut().filter(|e| e.id == *id).for_each(|e| e.valid_until = *until);
        }
        for id in &plan.gone {
            existing.iter_mut().filter(|e| e.id == *id).for_each(|e| e.withdrawn = true);
        }
        for imported in &plan.new {
            let id = format!("r-{}", imported.source.id).parse().unwrap();
            existing.push(stored(imported, id, until));
        }
    }

    fn existing(batch: &Batch) -> Vec<Existing> {
        let mut existing = Vec::new();
        apply(&plan(batch, &[], &options()).unwrap(), &mut existing, options().today);
        existing
    }

    fn is_quiet(plan: &Plan<'_>) -> bool {
        plan.new.is_empty()
            && plan.changed.is_empty()
            && plan.extended.is_empty()
            && plan.revived.is_empty()
            && plan.gone.is_empty()
    }

    #[test]
    fn tells_new_changed_unchanged_and_gone_apart() {
        let existing = existing(&file(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1)]));
        let batch = file(&[(1, 1), (2, 9), (3, 1), (4, 1), (6, 1)]);
        let plan = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((plan.new.len(), plan.changed.len(), plan.unchanged), (1, 1, 3));
        assert_eq!(plan.changed[0].0.as_str(), "r-2");
        assert_eq!(plan.gone, ["r-5".parse().unwrap()]);
    }

    #[test]
    fn a_run_that_removes_much_is_refused_unless_allowed() {
        let existing = existing(&file(&[(1, 1), (2, 1), (3, 1), (4, 1)]));
        let batch = file(&[(1, 1), (2, 1), (3, 1)]);
        let shrink = plan(&batch, &existing, &options()).unwrap_err();
        assert_eq!(shrink, Shrink { system: "datei".to_owned(), gone: 1, of: 4 });
        assert!(shrink.to_string().contains("--allow-shrink"));
        let allowed = PlanOptions { allow_shrink: true, ..options() };
        assert_eq!(plan(&batch, &existing, &allowed).unwrap().gone.len(), 1);
        let empty = file(&[]);
        assert!(plan(&empty, &existing, &options()).is_err());
        assert_eq!(plan(&empty, &existing, &allowed).unwrap().gone.len(), 4);
        assert_eq!(systems(&empty, &import_options()), BTreeSet::from(["datei".to_owned()]));
    }

    #[test]
    fn other_systems_are_left_alone() {
        let mut existing = existing(&file(&[(1, 1)]));
        existing[0].source.system = "anderes".to_owned();
        let batch = file(&[(2, 1)]);
        let plan = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((plan.new.len(), plan.gone.len()), (1, 0));
    }

    #[test]
    fn what_was_withdrawn_stays_withdrawn_unless_revived() {
        let mut existing = existing(&file(&[(1, 1)]));
        existing[0].withdrawn = true;
        let batch = file(&[(1, 2)]);
        let kept = plan(&batch, &existing, &options()).unwrap();
        assert!(is_quiet(&kept) && kept.withdrawn_kept == 1);
        let revive = PlanOptions { revive: true, ..options() };
        assert_eq!(plan(&batch, &existing, &revive).unwrap().revived.len(), 1);
    }

    #[test]
    fn an_open_offer_is_extended_before_it_lapses_and_after() {
        let batch = file(&[(1, 1)]);
        let mut existing = existing(&batch);
        for (until, extended) in [("2026-12-02", 0), ("2026-12-01", 1), ("2026-10-01", 1)] {
            existing[0].valid_until = day(until);
            let plan = plan(&batch, &existing, &options()).unwrap();
            assert_eq!((plan.extended.len(), plan.unchanged), (extended, 1 - extended), "{until}");
            assert!(plan.extended.iter().all(|(_, until, _)| *until == day("2027-05-02")));
        }
        existing[0].explicit_end = true;
        assert!(is_quiet(&plan(&batch, &existing, &options()).unwrap()));
    }

    #[test]
    fn the_second_of_two_equal_keys_is_refused_with_its_line() {
        let batch = file(&[(1, 1), (1, 2)]);
        let plan = plan(&batch, &[], &options()).unwrap();
        assert_eq!((plan.new.len(), plan.refused.len(), plan.refused[0].0), (1, 1, 2));
        assert!(plan.refused[0].1.reason.contains("Zeile 1"));
    }

    #[test]
    fn a_refused_record_is_not_gone() {
        let mut existing = existing(&file(&[(1, 1), (2, 1)]));
        let batch = text("{\"id\":\"1\"}\n{\"id\":\"2\"}");
        let refused = plan(&batch, &existing, &options()).unwrap();
        assert!(is_quiet(&refused) && refused.refused.len() == 2);
        let first = existing[0].clone();
        existing.extend((3..9).map(|id| {
            let mut record = first.clone();
            record.id = format!("r-{id}").parse().unwrap();
            record.source.id = id.to_string();
            record
        }));
        let mut batch = file(&[(1, 1), (2, 1), (3, 1), (4, 1), (5, 1), (6, 1), (7, 1)]);
        assert_eq!(plan(&batch, &existing, &options()).unwrap().gone.len(), 1);
        batch.items.extend(text("{oops\n{\"id\":\"1\"}").items.into_iter().take(1));
        let nameless = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((nameless.gone.len(), nameless.held.len()), (0, 1));
    }

    #[test]
    fn what_was_gone_and_is_listed_again_is_restored() {
        let batch = file(&[(1, 1), (2, 1)]);
        let mut existing = existing(&batch);
        existing[0].gone = true;
        let id = existing[0].id.clone();
        let plan = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((plan.changed.len(), plan.unchanged), (1, 1));
        assert_eq!(plan.restored, BTreeSet::from([id]));
    }

    #[test]
    fn what_its_source_calls_ended_goes_without_counting() {
        let existing = existing(&file(&[(1, 1), (2, 1), (3, 1)]));
        let ended =
            "{\"id\":\"2\",\"status\":\"closed\"}\n{\"id\":\"3\",\"valid_until\":\"2026-11-01\"}";
        let mut batch = file(&[(1, 1)]);
        batch.items.extend(text(ended).items);
        let whole = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((whole.gone.len(), whole.refused.len(), whole.unchanged), (2, 2, 1));
        // Also where the file proves nothing; and what it has as public as well stays.
        let gone = whole.gone;
        batch.complete = false;
        assert_eq!(plan(&batch, &existing, &options()).unwrap().gone, gone);
        batch.items.extend(file(&[(2, 1), (3, 1)]).items);
        assert!(is_quiet(&plan(&batch, &existing, &options()).unwrap()));
    }

    #[test]
    fn a_part_of_a_list_removes_nothing() {
        let existing = existing(&file(&[(1, 1), (2, 1), (3, 1)]));
        let batch = Batch { complete: false, ..file(&[(1, 1)]) };
        let plan = plan(&batch, &existing, &options()).unwrap();
        assert_eq!((plan.gone.len(), plan.held.len()), (0, 2));
    }

    #[test]
    fn what_has_expired_neither_goes_nor_counts() {
        let batch = file(&[(1, 1)]);
        let mut existing = existing(&file(&[(1, 1), (2, 1), (3, 1)]));
        existing.iter_mut().skip(1).for_each(|record| record.valid_until = day("2026-11-01"));
        let expired = plan(&batch, &existing, &options()).unwrap();
        assert!(is_quiet(&expired) && expired.held.is_empty());
        // With a new date in the file it is shown again.
        existing[1].explicit_end = true;
        assert_eq!(plan(&file(&[(1, 1), (2, 2)]), &existing, &options()).unwrap().changed.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn planning_again_after_applying_changes_nothing(
            before in proptest::collection::vec((0..8_u32, 0..3_u32), 0..8),
            after in proptest::collection::vec((0..8_u32, 0..3_u32), 0..8),
            revive: bool,
        ) {
            let mut existing = existing(&file(&before));
            let options = PlanOptions { allow_shrink: true, revive, ..options() };
            let batch = file(&after);
            let first = plan(&batch, &existing, &options).unwrap();
            apply(&first, &mut existing, options.today);
            let second = plan(&batch, &existing, &options).unwrap();
            proptest::prop_assert!(is_quiet(&second));
        }
    }
}
