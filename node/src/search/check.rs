//! The oracle: what a search must answer, found by reading every record with none of the index's code.
//!
//! Random changes go into the index and into a map; after each commit random queries are asked of both.

use std::collections::{BTreeMap, BTreeSet};

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::{
    Direction, Opportunity, Organisation, Place, Record, Status,
};
use engagement_protocol::slice::Line;
use engagement_protocol::time::Day;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::domain::gazetteer::{self, Gazetteer};
use crate::domain::vocabulary::{List, Vocabulary};

use super::analysis;
use super::answer::{Answer, Hit, Locality};
use super::index::{Change, Index};
use super::query::{Near, Query};
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

const TEXTS: &[&str] = &[
    "Müll sammeln im Park",
    "Lesepat*innen für die Eltern-Kind-Gruppe",
    "Vorlesen und Garten",
    "Fahrer/-in gesucht",
    "Kinder begleiten",
    "SchülerInnen lernen Fußball",
];
const ASKED: &[&str] = &[
    "",
    "und die",
    "Muell",
    "Lesepatin",
    "Kinder vorlesen",
    "Elternkindgruppe",
    "Eltern-Kind",
    "garten umwelt",
    "Coesfeld",
    "48653",
    "xyz",
];
const TOWNS: &[&str] =
    &["05558012", "05558016", "05558024", "05515000", "05315000", "05558", "055"];
const FIELDS: &[&str] = &["sport", "kinder", "umwelt", "neu", "neuer", "weitere"];
const ACTIVITIES: &[&str] = &["begleiten", "fahren", "tauchen"];
const TARGETS: &[&str] = &["kinder", "senioren", "tiere"];
const COMMITMENTS: &[&str] = &["once", "regular", "manchmal"];
const MODES: &[&str] = &["onsite", "remote", "hybrid", "fliegend"];

fn some(codes: &'static [&str]) -> impl Strategy<Value = Vec<String>> {
    subsequence(codes, 0..=codes.len())
        .prop_map(|codes| codes.into_iter().map(str::to_owned).collect())
}

fn one(codes: &'static [&str]) -> impl Strategy<Value = Option<String>> {
    prop::option::of(select(codes).prop_map(str::to_owned))
}

/// Mostly nothing: most people choose one thing.
fn choice(codes: &'static [&str]) -> impl Strategy<Value = Vec<String>> {
    prop_oneof![4 => Just(Vec::new()), 1 => some(codes)]
}

fn town() -> impl Strategy<Value = Ags> {
    select(TOWNS).prop_map(|ags| ags.parse().unwrap())
}

fn places() -> impl Strategy<Value = Vec<Place>> {
    let point = prop::option::of((50.8f64..52.0, 6.6f64..8.0));
    let place =
        (prop::option::of(town()), point, any::<bool>()).prop_map(|(ags, point, named)| Place {
            ags,
            plz: named.then(|| "48653".to_owned()),
            town: named.then(|| "Coesfeld".to_owned()),
            lat: point.map(|point| point.0),
            lon: point.map(|point| point.1),
            ..Place::default()
        });
    prop::collection::vec(place, 0..3)
}

fn day() -> impl Strategy<Value = Day> {
    (20_000u32..21_500).prop_map(Day::from_number)
}

prop_compose! {
    fn records()(
        texts in prop::collection::vec(select(TEXTS), 4),
        codes in (some(FIELDS), some(ACTIVITIES), some(TARGETS), one(COMMITMENTS), one(MODES)),
        direction in select(&[Direction::Seek, Direction::Offer]),
        status in select(&[Status::Live, Status::Live, Status::Live, Status::Paused, Status::Filled]),
        places in places(), verified_at in prop::option::of(day()), valid_until in (20_778u32..20_790),
    ) -> Box<Opportunity> {
        let mut record = record(texts[0]);
        record.description = texts[1].to_owned();
        record.summary = Some(texts[2].to_owned());
        record.organisation = Some(Organisation { id: None, name: texts[3].to_owned(), url: None });
        (record.fields, record.activities, record.targets, record.commitment, record.mode) = codes;
        (record.direction, record.status, record.places) = (direction, status, places);
        (record.verified_at, record.valid_until) = (verified_at, Day::from_number(valid_until));
        record
    }
}

fn near() -> impl Strategy<Value = Option<Near>> {
    let near = (50.8f64..52.0, 6.6f64..8.0, prop::option::of(town()));
    prop::option::of(near.prop_map(|(lat, lon, ags)| Near { lat, lon, ags }))
}

prop_compose! {
    fn queries()(
        words in select(ASKED), near in near(), home in near(), limit in 1usize..8,
        radius_km in prop::option::of(1.0f64..80.0),
        directions in prop_oneof![3 => Just(vec![]), 1 => Just(vec![Direction::Offer])],
        fields in choice(FIELDS), activities in choice(ACTIVITIES), targets in choice(TARGETS),
        commitments in choice(COMMITMENTS), modes in choice(MODES),
        areas in prop_oneof![4 => Just(vec![]), 1 => prop::collection::vec(town(), 1..3)],
    ) -> Query {
        Query {
            words: words.to_owned(), near, radius_km, home, directions, fields, activities, targets,
            commitments, modes, areas, limit, ..Query::all(today())
        }
    }
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
    let direction = Facet {
        name: "direction",
        known: ["seek", "offer"].into(),
        chosen: query.directions.iter().map(|direction| direction.as_str()).collect(),
        carried: vec![record.direction.as_str()],
    };
    vec![
        direction,
        facet("field", List::Fields, &query.fields, refs(&record.fields)),
        facet("activity", List::Activities, &query.activities, refs(&record.activities)),
        facet("target", List::Targets, &query.targets, refs(&record.targets)),
        facet("commitment", List::Commitment, &query.commitments, lone(&record.commitment)),
        facet("mode", List::Mode, &query.modes, lone(&record.mode)),
    ]
}

fn has_words(query: &Query, record: &Opportunity) -> bool {
    let label = |list, code: &String| Vocabulary::embedded().label(list, code).to_owned();
    let mut texts = vec![record.title.clone(), record.description.clone()];
    texts.extend(record.summary.clone());
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
    let has = |word: &analysis::word::Word| {
        word.alternatives.iter().any(|way| way.terms.iter().all(|term| terms.contains(term)))
    };
    analysis::query(&query.words).iter().all(has)
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
    for (row, record) in records {
        let (locality, distance) = locate(query, record);
        let somewhere = query.near.is_some() || query.home.is_some();
        let radius = query.radius_km.filter(|_| somewhere);
        let reached = radius.is_none_or(|radius| {
            locality == Locality::Remote || distance.is_some_and(|distance| distance <= radius)
        });
        let inside = query.areas.is_empty()
            || areas(record)
                .iter()
                .any(|area| query.areas.iter().any(|asked| asked.contains(area)));
        let shown = record.status == Status::Live && record.is_valid_on(query.today);
        if !(reached && inside && shown && has_words(query, record)) {
            continue;
        }
        let facets: Vec<Facet<'_>> = facets(query, record);
        let missed: Vec<&str> =
            facets.iter().filter(|facet| !facet.satisfied()).map(|facet| facet.name).collect();
        for facet in &facets {
            if missed.iter().all(|missed| *missed == facet.name) {
                for code in facet.named() {
                    *counts.entry((facet.name, code)).or_default() += 1;
                }
            }
        }
        if missed.is_empty() {
            expected.insert(*row, (locality, distance));
        }
    }
    let found: BTreeMap<u64, &Hit> = hits.iter().map(|hit| (hit.row, hit)).collect();
    assert_eq!(found.len(), hits.len(), "no record twice");
    assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
    assert_eq!(answer.total, hits.len() as u64);
    let counted: BTreeMap<(&str, String), u64> = answer
        .facets
        .0
        .iter()
        .flat_map(|(name, counts)| {
            counts.iter().map(|count| ((*name, count.code.clone()), count.count))
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
        assert!(one.score > two.score || (one.score == two.score && one.row < two.row), "{pair:?}");
    }
    if analysis::query(&query.words).is_empty() {
        for hit in &hits {
            let (locality, km) = expected[&hit.row];
            let somewhere = query.near.is_some() || query.home.is_some();
            let place =
                if somewhere { weights::place(locality, km.map(|km| km as f32)) } else { 1.0 };
            let verified = records[&hit.row].verified_at;
            let age = verified.map(|day| query.today.number().saturating_sub(day.number()));
            assert!((hit.score - place * weights::freshness(age)).abs() < 1e-3, "{hit:?}");
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
                    Some(record) => {
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
