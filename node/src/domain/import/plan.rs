//! stub
use super::*;
use std::collections::{BTreeMap, BTreeSet};
#[derive(Debug, thiserror::Error)]
#[error("shrink")]
pub struct Shrink;
pub struct Existing {
    pub id: RecordId,
    pub source: Source,
    pub input: Hash,
    pub withdrawn: bool,
    pub valid_until: Day,
    pub explicit_end: bool,
}
pub struct PlanOptions {
    pub today: Day,
    pub allow_shrink: bool,
    pub revive: bool,
}
pub struct Plan<'a> {
    pub new: Vec<&'a Imported>,
    pub changed: Vec<(RecordId, &'a Imported)>,
    pub extended: Vec<(RecordId, Day, &'a Imported)>,
    pub revived: Vec<(RecordId, &'a Imported)>,
    pub unchanged: usize,
    pub withdrawn_kept: usize,
    pub gone: Vec<RecordId>,
    pub refused: Vec<(usize, Refusal)>,
}
pub fn systems(b: &Batch, _: &Options) -> BTreeSet<String> {
    b.items
        .iter()
        .filter_map(|i| i.outcome.as_ref().ok())
        .map(|i| i.source.system.clone())
        .collect()
}
pub fn plan<'a>(b: &'a Batch, e: &[Existing], _: &PlanOptions) -> Result<Plan<'a>, Shrink> {
    let known: BTreeMap<_, _> = e.iter().map(|e| (e.source.clone(), e)).collect();
    let mut p = Plan {
        new: vec![],
        changed: vec![],
        extended: vec![],
        revived: vec![],
        unchanged: 0,
        withdrawn_kept: 0,
        gone: vec![],
        refused: vec![],
    };
    for i in b.items.iter().filter_map(|i| i.outcome.as_ref().ok()) {
        match known.get(&i.source) {
            None => p.new.push(i),
            Some(e) if e.input == i.input => p.unchanged += 1,
            Some(e) => p.changed.push((e.id.clone(), i)),
        }
    }
    Ok(p)
}
