//! What the index answers to a wish is what judging every record answers.

use std::collections::BTreeMap;

use engagement_protocol::opportunity::{Occurrence, Opportunity, Status};
use engagement_protocol::time::Day;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::domain::matching::codes::Codes;
use crate::domain::matching::facts::Facts;
use crate::domain::matching::{Aspect, Musts, Wish, judge};
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::check::drawn::records;
use crate::search::check::{pages, put, today};
use crate::search::index::Index;
use crate::search::query::{Near, Query};

fn known(list: List) -> impl Strategy<Value = Vec<String>> {
    let known: Vec<_> =
        Vocabulary::embedded().codes(list).map(|(code, _)| code.to_owned()).collect();
    subsequence(known, 0..3)
}

fn some_of(list: List) -> impl Strategy<Value = Codes> {
    let codes =
        known(list).prop_map(move |codes| Codes::of(list, codes.iter().map(String::as_str)));
    prop_oneof![2 => Just(Codes::NONE), 1 => codes]
}

prop_compose! {
    fn wishes()(
        age in prop::option::of(10u8..80), not_fields in some_of(List::Fields), needs in some_of(List::Accessibility),
        lacks in some_of(List::Requirements), fields in some_of(List::Fields), activities in some_of(List::Activities),
        targets in some_of(List::Targets), suited in some_of(List::Suited), slots in some_of(List::Slots),
        commitments in some_of(List::Commitment), quarters in prop::option::of(1u16..60),
        must in prop::option::of(select(Aspect::MUSTS.to_vec())), is_somewhere: bool, needs_known: bool,
    ) -> Wish {
        let musts = must.map_or_else(Musts::default, |must| Musts::default().with(must));
        Wish { age, not_fields, needs, needs_known, lacks, musts, fields, activities, targets, suited, slots, commitments, quarters,
            is_somewhere }
    }
}

prop_compose! {
    fn demanding()(
        record in records(), requirements in known(List::Requirements), suited in known(List::Suited),
        fields in known(List::Fields), accessibility in known(List::Accessibility),
        created in prop::option::of(20_000u32..20_700), is_dated: bool,
    ) -> Box<Opportunity> {
        let mut record = record;
        if is_dated {
            record.slots.clear();
            record.dates = vec![Occurrence { start: "2026-12-05T10:00:00+01:00".to_owned(), end: None }];
        }
        record.fields.extend(fields);
        (record.requirements, record.suited) = (requirements, suited);
        record.accessibility.extend(accessibility.into_iter().map(|code| (code, "no".to_owned())));
        record.created = created.map(Day::from_number);
        record
    }
}

#[expect(clippy::cast_possible_truncation, reason = "it was made of one")]
fn narrow(km: f64) -> f32 {
    km as f32
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_index_judges_as_the_rules_do(
        all in prop::collection::vec(demanding(), 1..40), wishes in prop::collection::vec(wishes(), 12),
    ) {
        let index = Index::in_memory().unwrap();
        let records: BTreeMap<u64, Box<Opportunity>> = (0..).zip(all).collect();
        index.apply(records.iter().map(|(row, record)| put(*row, record.clone())).collect(), 1).unwrap();
        for wish in wishes {
            let near = Near { lat: 51.94, lon: 7.17, ags: None };
            let query = Query {
                matching: Some(wish), near: wish.is_somewhere.then_some(near), limit: 7, ..Query::all(today())
            };
            let (answer, hits) = pages(&index, &query);
            let distances: BTreeMap<_, _> =
                hits.iter().map(|hit| (hit.row, hit.distance_km.map(narrow))).collect();
            let mut expected = Vec::new();
            for (row, record) in &records {
                let shown = record.status == Status::Live && record.is_valid_on(today());
                // No gate asks how far it is, so what was left out is left out at any distance.
                let facts = Facts::of(record, distances.get(row).copied().flatten());
                if let (true, Ok(score)) = (shown, judge(&wish, &facts, today())) {
                    expected.push((score.points / 100.0, *row, score.is_unopposed));
                }
            }
            expected.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
            let found: Vec<_> = hits.iter().map(|hit| (hit.score, hit.row)).collect();
            let ranked: Vec<_> = expected.iter().map(|one| (one.0, one.1)).collect();
            prop_assert_eq!(found, ranked, "the order is that of the points, then of the rows");
            let unopposed = expected.iter().filter(|one| one.2).count() as u64;
            prop_assert_eq!((answer.total, answer.unopposed), (expected.len() as u64, unopposed));
        }
    }

    #[test]
    fn the_newest_come_first_wherever_they_are(all in prop::collection::vec(demanding(), 1..40)) {
        let index = Index::in_memory().unwrap();
        let records: BTreeMap<u64, Box<Opportunity>> = (0..).zip(all).collect();
        index.apply(records.iter().map(|(row, record)| put(*row, record.clone())).collect(), 1).unwrap();
        let home = Some(Near { lat: 51.94, lon: 7.17, ags: "05558012".parse().ok() });
        let query = Query { newest: true, home, limit: 5, ..Query::all(today()) };
        let (_, hits) = pages(&index, &query);
        let created: Vec<_> = hits.iter().map(|hit| records[&hit.row].created).collect();
        prop_assert!(created.is_sorted_by(|one, other| one >= other), "{created:?}");
    }
}

#[test]
fn every_code_has_room() {
    let count = |list| Vocabulary::embedded().codes(list).count();
    assert!(count(List::Requirements) <= super::REQUIREMENTS as usize);
    assert!(count(List::Accessibility) <= super::INACCESSIBLE as usize);
    assert!(
        count(List::Suited) <= (u64::BITS - super::REQUIREMENTS - super::INACCESSIBLE) as usize
    );
}
