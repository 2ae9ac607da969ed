//! The oracle: what a search must answer, found by reading every record with none of the index's code.
//!
//! Random changes go into the index and into a map; after each commit random queries are asked of both.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::{Code, Opportunity, Place, Record, Status};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Day;
use proptest::prelude::*;

use crate::domain::effort::Band;
use crate::domain::gazetteer::{self, Gazetteer};
use crate::domain::slots;
use crate::domain::vocabulary::{List, Vocabulary};

pub(super) mod drawn;

use self::drawn::{queries, records};
use super::analysis;
use super::answer::{Answer, Hit, Locality};
use super::index::{Change, Index};
use super::query::{Near, Query, Wish};
use super::weights;

/// The day on which tests search.
pub(super) fn today() -> Day {
    "2026-11-23".parse().unwrap()
}

/// A record that is shown today.
pub(super) fn record(title: &str) -> Box<Opportunity> {
    let line = br#"{"id":"o-1","direction":"seek","title":"t","description":"d","status":"live",
        "organisation":{"name":"Verein"},"places":[{"plz":"48653"}],"valid_until":"2027-05-02"}"#;
    let line: Vec<u8> = line.iter().copied().filter(|byte| *byte != b'\n').collect();
    let Record::Opportunity(mut record) = Record::read(&Line::read(&line).unwrap()) else {
        panic!("the record is readable")
    };
    title.clone_into(&mut record.title);
    record
}

/// Puts a record that is one of the own node's.
pub(super) fn put(row: u64, record: Box<Opportunity>) -> Change {
    Change::Put { row, origin: 1, local: true, record }
}

/// An index of so many records that say the same.
pub(super) fn filled(rows: u64) -> Index {
    let index = Index::in_memory().unwrap();
    index.apply((0..rows).map(|row| put(row, record("Garten"))).collect(), 1).unwrap();
    index
}

/// Asks for words.
pub(super) fn words(words: &str) -> Query {
    Query { words: words.to_owned(), ..Query::all(today()) }
}

/// Reads all pages, checking that each is as long as it can be.
pub(super) fn pages(index: &Index, query: &Query) -> (Answer, Vec<Hit>) {
    let first = index.search(query).unwrap();
    let (mut hits, mut next) = (first.hits.clone(), first.next);
    while let Some(after) = next {
        assert_eq!(hits.len() % query.limit, 0, "only the last page is short");
        let after = Some(after.to_string().parse().unwrap());
        let page = index.search(&Query { after, ..query.clone() }).unwrap();
        assert!(!page.hits.is_empty(), "a page that is announced is not empty");
        hits.extend(page.hits);
        next = page.next;
    }
    (first, hits)
}

/// What a query chooses of a facet, and what a record carries of it.
struct Facet<'a> {
    name: &'static str,
    known: BTreeSet<&'a str>,
    chosen: Vec<&'a str>,
    carried: Vec<&'a str>,
}

impl Facet<'_> {
    /// The codes that are counted, each once.
    fn named(&self) -> BTreeSet<String> {
        let name = |code: &&str| self.known.get(code).map_or("weitere", |code| code).to_owned();
        self.carried.iter().map(name).collect()
    }

    fn satisfied(&self) -> bool {
        if self.name == "accessibility" {
            let known = |code: &&str| self.known.contains(code) || *code == "weitere";
            return self.chosen.iter().all(|code| known(code) && self.named().contains(*code));
        }
        self.chosen.is_empty() || self.chosen.iter().any(|code| self.named().contains(*code))
    }
}

fn facets<'a>(query: &'a Query, record: &'a Opportunity) -> Vec<Facet<'a>> {
    fn refs(codes: &[String]) -> Vec<&str> {
        codes.iter().map(String::as_str).collect()
    }
    let lone = |code: &'a Option<String>| code.as_deref().into_iter().collect::<Vec<_>>();
    let facet = |name, list, chosen: &'a [String], carried| {
        let known = Vocabulary::embedded().codes(list).map(|(code, _)| code).collect();
        Facet { name, known, chosen: refs(chosen), carried }
    };
    let yes = record.accessibility.iter().filter(|(_, answer)| *answer == "yes");
    let yes = yes.map(|(code, _)| code.as_str()).collect();
    let direction = Facet {
        name: "direction",
        known: ["seek", "offer"].into(),
        chosen: query.directions.iter().map(|direction| direction.as_str()).collect(),
        carried: vec![record.direction.as_str()],
    };
    // "we" is Saturday and Sunday, "pm" is every afternoon.
    let known = |slot: &&str| !["am", "pm", "ev", "we"].contains(slot);
    let own = slots::of(record).into_iter();
    let own = own.map(|slot| if known(&slot) { slot } else { "fremd" });
    let mut slot = facet("slot", List::Slots, &query.slots, own.collect());
    let said = |part: &str| {
        slots::of(record).iter().any(|slot| slot.contains('_') && slot.ends_with(part))
    };
    let groups = [("am", said("_am")), ("pm", said("_pm")), ("ev", said("_ev"))];
    let weekend =
        slots::of(record).iter().any(|slot| slot.starts_with("sa_") || slot.starts_with("su_"));
    for (group, _) in groups.into_iter().chain([("we", weekend)]).filter(|(_, is_said)| *is_said) {
        slot.carried.push(group);
    }
    slot.known.extend(["am", "pm", "ev", "we"]);
    vec![
        direction,
        facet("field", List::Fields, &query.fields, refs(&record.fields)),
        facet("activity", List::Activities, &query.activities, refs(&record.activities)),
        facet("target", List::Targets, &query.targets, refs(&record.targets)),
        facet("commitment", List::Commitment, &query.commitments, lone(&record.commitment)),
        facet("mode", List::Mode, &query.modes, lone(&record.mode)),
        slot,
        facet("accessibility", List::Accessibility, &query.accessibility, yes),
        facet("suited", List::Suited, &query.suited, refs(&record.suited)),
        Facet {
            name: "hours",
            known: Band::ALL.iter().map(|band| band.code()).collect(),
            chosen: refs(&query.hours),
            carried: record.hours.as_ref().and_then(Band::of).map(Band::code).into_iter().collect(),
        },
    ]
}

/// Whether a record within reach says nothing against a wish, by the words of [`Wish`].
fn fits(wish: &Wish, record: &Opportunity) -> bool {
    let months = record.hours.as_ref().and_then(crate::domain::effort::a_month);
    let known = Vocabulary::embedded().codes(List::Slots).map(|(code, _)| code);
    let known: BTreeSet<&str> = known.collect();
    let name = |code: &str| known.get(code).map_or("weitere", |code| code).to_owned();
    let slots: BTreeSet<String> = slots::of(record).into_iter().map(name).collect();
    let wished = wish.slots.iter().any(|slot| slots.contains(slot.as_str()));
    let in_time = match (wish.hours_a_month, months) {
        (Some(most), Some(month)) => (month * 4.0).round() / 4.0 <= most + 0.13,
        _ => true,
    };
    on_days(wish, record)
        && (wish.slots.is_empty() || slots.is_empty() || wished)
        && in_time
        && wish.age.is_none_or(|age| record.age_min.is_none_or(|least| age >= least))
        && wish.age.is_none_or(|age| record.age_max.is_none_or(|most| age <= most))
}

/// Whether a record has a date on the days that somebody has time, or none that is to come.
fn on_days(wish: &Wish, record: &Opportunity) -> bool {
    let Some(asked) = wish.days else { return true };
    let (from, to) = (asked.from.to_string(), asked.to.to_string());
    let mut dates: Vec<(String, String)> = Vec::new();
    for date in record.dates.iter().filter(|_| record.slots.is_empty()) {
        dates.push((date.start[..10].to_owned(), date.start[..10].to_owned()));
    }
    if let (true, Some(start)) = (dates.is_empty(), record.starts_on) {
        let end = record.ends_on.map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string());
        dates.push((start.to_string(), end));
    }
    dates.retain(|(_, end)| *end >= today().to_string());
    dates.is_empty() || dates.iter().any(|(start, end)| *start <= to && from <= *end)
}

/// How much of each word of the query a record has.
fn words_of(ways: &[Vec<(Vec<String>, bool)>], record: &Opportunity) -> Vec<f32> {
    let label = |list, code: &String| Vocabulary::embedded().label(list, code).to_owned();
    let mut texts = vec![record.title.clone(), record.description.clone()];
    texts.extend(record.summary.clone());
    texts.extend(record.slots_text.clone());
    texts.extend(record.suited.iter().map(|code| label(List::Suited, code)));
    texts.extend(record.organisation.as_ref().map(|by| by.name.clone()));
    texts.extend(record.fields.iter().map(|code| label(List::Fields, code)));
    texts.extend(record.activities.iter().map(|code| label(List::Activities, code)));
    texts.extend(record.targets.iter().map(|code| label(List::Targets, code)));
    let named = |place: &Place| match (&place.town, &place.ags) {
        (None, Some(ags)) => Gazetteer::embedded().name_of(ags),
        _ => None,
    };
    texts.extend(record.places.iter().filter_map(named));
    texts.extend(
        record.places.iter().flat_map(|place| [place.town.clone(), place.plz.clone()]).flatten(),
    );
    let terms: BTreeSet<String> = texts.iter().flat_map(|text| analysis::terms(text)).collect();
    let has = |word: &Vec<(Vec<String>, bool)>, partial: bool| {
        let mut ways = word.iter().filter(|(_, part)| *part == partial);
        ways.any(|(way, _)| way.iter().all(|term| terms.contains(term)))
    };
    let share = |word| match () {
        () if has(word, false) => 1.0,
        () if has(word, true) => weights::PART_SHARE,
        () => 0.0,
    };
    ways.iter().map(share).collect()
}

/// The least share of a query that a record has to have, and the share that each has, if it has any word.
fn shares(
    index: &Index,
    records: &BTreeMap<u64, Box<Opportunity>>,
    query: &Query,
) -> (f32, BTreeMap<u64, f32>) {
    // How rare a word is counts removed records too, which nobody here knows: that alone is believed.
    let (rarities, ways): (Vec<f32>, Vec<_>) = index.asked(&query.words).into_iter().unzip();
    let total: f32 = rarities.iter().sum();
    let parts = ways.iter().flatten().any(|(_, partial)| *partial);
    let subjects = subjects(&query.words);
    let mut shares = BTreeMap::new();
    for (row, record) in records {
        let has = words_of(&ways, record);
        let is_some = has.iter().zip(&subjects).any(|(has, asked)| *asked && *has > 0.0);
        if !is_some && !subjects.is_empty() {
            continue;
        }
        let share = rarities.iter().zip(&has).map(|(rarity, has)| has * rarity / total);
        if has.iter().all(|has| *has >= 1.0) {
            shares.insert(*row, 1.0);
        } else if has.iter().any(|has| *has > 0.0) {
            shares.insert(*row, share.sum());
        }
    }
    let reached = shares.iter().filter(|(row, _)| is_reached(query, &records[row]));
    let reached: Vec<f32> = reached.map(|(_, share)| *share).collect();
    let enough = |step: &&f32| {
        (rarities.len() > 1 || parts)
            && reached.iter().filter(|share| *share >= *step).count() >= weights::ENOUGH
    };
    (weights::STEPS.iter().find(enough).copied().unwrap_or(0.0), shares)
}

/// Whether a record is shown, near enough, and says nothing against what was wished for.
fn is_reached(query: &Query, record: &Opportunity) -> bool {
    let (locality, distance) = locate(query, record);
    let somewhere = query.near.is_some() || query.home.is_some();
    let radius = query.radius_km.filter(|_| somewhere);
    let reached = radius.is_none_or(|radius| {
        locality == Locality::Remote || distance.is_some_and(|distance| distance <= radius)
    });
    let shown = record.status == Status::Live && record.is_valid_on(query.today);
    let changed = record.updated.max(record.created);
    let fresh = query.modified_since.is_none_or(|since| changed.is_none_or(|day| day >= since));
    reached && shown && fresh && fits(&query.wish, record) && !has_any(&query.without, record)
}

/// Whether a record has one of the codes.
fn has_any(codes: &[(List, Code)], record: &Opportunity) -> bool {
    codes.iter().any(|(list, code)| match list {
        List::Fields => record.fields.contains(code),
        List::Targets => record.targets.contains(code),
        // Without a driving licence there is none for a bus.
        List::Requirements => {
            record.requirements.contains(code)
                || (code == "fuehrerschein_b"
                    && record.requirements.iter().any(|one| one == "fuehrerschein_d"))
        }
        _ => false,
    })
}

/// Which words of a query a record must have to have all: those that name a subject, or all if none does.
fn subjects(words: &str) -> Vec<bool> {
    let words = analysis::query(words);
    let none = words.iter().all(|word| word.weight <= weights::FILLER);
    words.iter().map(|word| none || word.weight > weights::FILLER).collect()
}

fn distance_km(near: &Near, place: &Place) -> Option<f64> {
    let gazetteer = Gazetteer::embedded();
    let plz = place.plz.as_ref().and_then(|plz| gazetteer.by_plz(plz));
    let area = place.ags.as_ref().filter(|ags| ags.as_str().len() > 3);
    let spot = plz.or_else(|| gazetteer.area(area?)).map(|spot| (spot.lat, spot.lon));
    let there = place.lat.zip(place.lon).or(spot)?;
    Some(gazetteer::distance_km((near.lat, near.lon), there))
}

/// The areas that a record lies in.
fn areas(record: &Opportunity) -> Vec<Ags> {
    let of_plz = |plz: &String| Gazetteer::embedded().plz_municipalities(plz).to_vec();
    let of_place = |place: &Place| match &place.ags {
        Some(ags) => vec![ags.clone()],
        None => place.plz.as_ref().map(of_plz).unwrap_or_default(),
    };
    record.places.iter().flat_map(of_place).collect()
}

fn locate(query: &Query, record: &Opportunity) -> (Locality, Option<f64>) {
    let Some(near) = query.near.as_ref().or(query.home.as_ref()) else {
        return (Locality::Land, None);
    };
    if record.mode.as_deref() == Some("remote") {
        return (Locality::Remote, None);
    }
    let distances = record.places.iter().filter_map(|place| distance_km(near, place));
    let distance = distances.min_by(f64::total_cmp);
    let own = near.ags.as_ref();
    let neighbours = own.and_then(|own| Gazetteer::embedded().municipality(own));
    let neighbours: Vec<&Ags> =
        neighbours.map(|own| own.neighbours.iter().collect()).unwrap_or_default();
    let areas = areas(record);
    let locality = if own.is_some_and(|own| areas.iter().any(|area| own.contains(area))) {
        Locality::Own
    } else if areas.iter().any(|area| neighbours.contains(&area)) {
        Locality::Neighbour
    } else if distance.is_some_and(|km| km <= query.radius_km.unwrap_or(weights::NEAR_KM)) {
        Locality::Near
    } else {
        Locality::Land
    };
    (locality, distance)
}

/// Asks the index and the map, and compares everything.
#[expect(clippy::cast_possible_truncation, reason = "scores are compared roughly")]
fn check(index: &Index, records: &BTreeMap<u64, Box<Opportunity>>, query: &Query) {
    let (answer, hits) = pages(index, query);
    let mut counts: BTreeMap<(&str, String), u64> = BTreeMap::new();
    let mut expected: BTreeMap<u64, (Locality, Option<f64>)> = BTreeMap::new();
    let (least, shares) = shares(index, records, query);
    let mut with_all_words = 0;
    let subjects = subjects(&query.words);
    let ways: Vec<_> = index.asked(&query.words).into_iter().map(|(_, ways)| ways).collect();
    for (row, record) in records {
        let (locality, distance) = locate(query, record);
        let inside = query.areas.is_empty()
            || areas(record)
                .iter()
                .any(|area| query.areas.iter().any(|asked| asked.contains(area)))
            || record.mode.as_ref().is_some_and(|mode| query.or_modes.contains(mode));
        let share = shares.get(row).filter(|share| **share >= least);
        let (true, Some(_)) = (is_reached(query, record), share) else { continue };
        let facets: Vec<Facet<'_>> = facets(query, record);
        let mut missed: Vec<&str> =
            facets.iter().filter(|facet| !facet.satisfied()).map(|facet| facet.name).collect();
        if !inside {
            missed.push("area");
        }
        // Needs add up: without one of them nothing is an alternative.
        if missed.contains(&"accessibility") {
            continue;
        }
        if missed.iter().all(|missed| *missed == "area") {
            for (name, digits) in [("kreis", 5), ("municipality", 8)] {
                let keys = areas(record).into_iter().filter(|ags| ags.as_str().len() >= digits);
                let keys: BTreeSet<String> =
                    keys.map(|ags| ags.as_str()[..digits].to_owned()).collect();
                for key in keys {
                    *counts.entry((name, key)).or_default() += 1;
                }
            }
        }
        for facet in &facets {
            if missed.iter().all(|missed| *missed == facet.name) {
                for code in facet.named() {
                    *counts.entry((facet.name, code)).or_default() += 1;
                }
            }
        }
        if missed.is_empty() {
            let has = words_of(&ways, record);
            let all = has.iter().zip(&subjects).all(|(has, asked)| !asked || *has >= 1.0);
            with_all_words += u64::from(all);
            expected.insert(*row, (locality, distance));
        }
    }
    let rows = hits.iter().flat_map(|hit| hit.also.iter().chain([&hit.row]));
    let rows: Vec<u64> = rows.copied().collect();
    let found: BTreeSet<u64> = rows.iter().copied().collect();
    assert_eq!(found.len(), rows.len(), "no record twice");
    assert_eq!(found, expected.keys().copied().collect());
    assert_eq!((answer.total, answer.with_all_words), (rows.len() as u64, with_all_words));
    assert!(query.grouped || hits.iter().all(|hit| hit.also.is_empty()));
    let counted: BTreeMap<(&str, String), u64> = answer
        .facets
        .0
        .iter()
        .flat_map(|(name, counts)| {
            counts.iter().map(|count| ((*name, count.code.to_owned()), count.count))
        })
        .collect();
    assert_eq!(counted, counts);
    for (hit, (locality, km)) in hits.iter().map(|hit| (hit, expected[&hit.row])) {
        assert_eq!(hit.locality, locality);
        assert_eq!(hit.distance_km.is_some(), km.is_some());
        let off = (hit.distance_km.unwrap_or(0.0) - km.unwrap_or(0.0)).abs();
        assert!(off < 0.01, "{hit:?} {km:?}");
    }
    for pair in hits.windows(2) {
        let (one, two) = (&pair[0], &pair[1]);
        let id = |hit: &Hit| (records[&hit.row].id.clone(), hit.row);
        assert!(one.score > two.score || (one.score == two.score && id(one) < id(two)), "{pair:?}");
    }
    if analysis::query(&query.words).is_empty() {
        for hit in &hits {
            let (locality, km) = expected[&hit.row];
            let somewhere = query.near.is_some() || query.home.is_some();
            let place =
                if somewhere { weights::place(locality, km.map(|km| km as f32)) } else { 1.0 };
            let record = &records[&hit.row];
            let age =
                record.verified_at.map(|day| query.today.number().saturating_sub(day.number()));
            let most = place * weights::freshness(age);
            let least = most * weights::completeness(0);
            let wished = query.wish == Wish::NOTHING;
            let unsaid = weights::UNSAID.powi(3) * weights::AGELESS;
            let bounds = if wished { least } else { least * unsaid }..=most + 1e-3;
            assert!(bounds.contains(&(hit.score + 5e-4)), "{hit:?} {bounds:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn a_search_answers_what_a_scan_finds(
        batches in prop::collection::vec(
            prop::collection::vec((0u64..40, prop::option::weighted(0.8, records())), 1..30), 1..5),
        queries in prop::collection::vec(queries(), 30),
        purged: bool,
    ) {
        let index = Index::in_memory().unwrap();
        let mut records = BTreeMap::new();
        for (at, batch) in (1..).zip(batches) {
            let mut changes = Vec::new();
            for (row, record) in batch {
                match record {
                    Some(mut record) => {
                        record.id = format!("o-{:02}/{}", 99 - row, row % 3).parse().unwrap();
                        records.insert(row, record.clone());
                        changes.push(put(row, record));
                    }
                    None => {
                        records.remove(&row);
                        changes.push(Change::Remove { row });
                    }
                }
            }
            index.apply(changes, at).unwrap();
            if purged {
                index.purge().unwrap();
                prop_assert!(!index.has_deleted());
            }
            prop_assert_eq!(index.len(), records.len() as u64);
            prop_assert_eq!(index.applied(), at);
            for query in &queries {
                check(&index, &records, query);
            }
        }
    }
}
