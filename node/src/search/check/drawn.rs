//! Records and queries that are drawn at random for the oracle: few values of everything, so that they often meet.

use engagement_protocol::id::Ags;
use engagement_protocol::opportunity::{
    Direction, Hours, Occurrence, Opportunity, Organisation, Place, Status,
};
use engagement_protocol::time::Day;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use super::{record, today};
use crate::domain::dates::Days;
use crate::domain::vocabulary::List;
use crate::search::query::{Near, Query, Wish};

const TEXTS: &[&str] = &[
    "Müll sammeln im Park",
    "Lesepat*innen für die Eltern-Kind-Gruppe",
    "Vorlesen und Garten",
    "Fahrer/-in gesucht",
    "Im Garten helfen",
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
    "Gartenkinder",
    "Kinderfahrer im Garten",
    "Eltern-Kind",
    "garten umwelt",
    "im Garten helfen und suchen",
    "helfen suchen",
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

const HOURS: &[&str] = &["bis_2", "2_bis_5", "ueber_10", "ewig"];
const SLOTS: &[&str] = &["mo_am", "sa_ev", "immer", "weitere"];
/// What records say, one of which says a group, which is no slot.
const SAID_SLOTS: &[&str] = &["mo_am", "sa_ev", "we"];
const ASKED_SLOTS: &[&str] = &["mo_am", "immer", "weitere", "we", "am", "pm"];
const SUITED: &[&str] = &["wenig_deutsch", "gruppen", "riesen", "weitere"];
const WITHOUT: &[(List, &str)] =
    &[(List::Fields, "sport"), (List::Targets, "tiere"), (List::Requirements, "fuehrerschein_b")];
const REQUIRED: &[&str] = &["fuehrerschein_b", "fuehrerschein_d", "masern", "fremd"];
const ACCESS: &[&str] = &["stufenlos", "dgs", "fliegend"];

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

/// Hours at once, times, and what they are counted by.
fn hours() -> impl Strategy<Value = Option<Hours>> {
    let per = select(&["week", "month", "year", "decade"]);
    prop::option::of((1u32..5, 1u32..4, per).prop_map(|(once, times, per)| Hours {
        per_occurrence: Some(f64::from(once)),
        times: Some(times),
        per: Some(per.to_owned()),
        flexible: None,
    }))
}

/// Mostly nothing: most people say nothing about themselves.
fn wish() -> impl Strategy<Value = Wish> {
    let days = prop::option::of((near_today(), 0u32..14));
    let said = (choice(SLOTS), prop::option::of(1u32..40), prop::option::of(10u8..90), days);
    let said = said.prop_map(|(slots, month, age, days)| Wish {
        days: days.map(|(from, count)| Days { from, to: from.plus_days(count) }),
        slots,
        hours_a_month: month.map(f64::from),
        age,
        ..Wish::NOTHING
    });
    prop_oneof![3 => Just(Wish::NOTHING), 1 => said]
}

fn day() -> impl Strategy<Value = Day> {
    (20_000u32..21_500).prop_map(Day::from_number)
}

fn near_today() -> impl Strategy<Value = Day> {
    let today = today().number();
    (today - 20..today + 40).prop_map(Day::from_number)
}

prop_compose! {
    pub(in crate::search) fn records()(
        texts in prop::collection::vec(select(TEXTS), 4),
        codes in (some(FIELDS), some(ACTIVITIES), some(TARGETS), one(COMMITMENTS), one(MODES)),
        direction in select(&[Direction::Seek, Direction::Offer]),
        status in select(&[Status::Live, Status::Live, Status::Live, Status::Paused, Status::Filled]),
        times in (hours(), some(SAID_SLOTS), some(ACCESS), prop::option::of(14u8..20), prop::option::of(25u8..70)),
        suited in some(SUITED), requirements in some(REQUIRED),
        places in places(), valid_until in (20_778u32..20_790),
        days in (prop::option::of(day()), prop::option::of(day()), prop::option::of(day())),
        held in (prop::collection::vec(near_today(), 0..3), prop::option::of(near_today()), 0u32..20),
    ) -> Box<Opportunity> {
        let mut record = record(texts[0]);
        record.description = texts[1].to_owned();
        record.summary = Some(texts[2].to_owned());
        record.organisation = Some(Organisation { id: None, name: texts[3].to_owned(), url: None });
        (record.fields, record.activities, record.targets, record.commitment, record.mode) = codes;
        (record.direction, record.status, record.places) = (direction, status, places);
        (record.hours, record.slots) = (times.0, times.1);
        let answer = |(at, code): (usize, String)| (code, ["yes", "no", "unknown"][at % 3].to_owned());
        (record.suited, record.requirements) = (suited, requirements);
        record.accessibility = times.2.into_iter().enumerate().map(answer).collect();
        (record.age_min, record.age_max) = (times.3, times.4);
        (record.verified_at, record.created, record.updated) = days;
        record.dates = held.0.into_iter().map(|day| {
            Occurrence { start: format!("{day}T10:00:00+01:00"), end: None }
        }).collect();
        record.starts_on = held.1;
        record.ends_on = held.1.map(|day| day.plus_days(held.2)).filter(|day| day.number() % 2 == 0);
        record.valid_until = Day::from_number(valid_until);
        record
    }
}

pub(in crate::search) fn near() -> impl Strategy<Value = Option<Near>> {
    let near = (50.8f64..52.0, 6.6f64..8.0, prop::option::of(town()));
    prop::option::of(near.prop_map(|(lat, lon, ags)| Near { lat, lon, ags }))
}

prop_compose! {
    pub(super) fn queries()(
        words in select(ASKED), near in near(), home in near(), limit in 1usize..8,
        radius_km in prop::option::of(1.0f64..80.0),
        directions in prop_oneof![3 => Just(vec![]), 1 => Just(vec![Direction::Offer])],
        fields in choice(FIELDS), activities in choice(ACTIVITIES), targets in choice(TARGETS),
        commitments in choice(COMMITMENTS), modes in choice(MODES),
        times in (choice(HOURS), choice(ASKED_SLOTS), choice(ACCESS), choice(SUITED)), wish in wish(), grouped: bool,
        areas in prop_oneof![4 => Just(vec![]), 1 => prop::collection::vec(town(), 1..3)],
        without in prop_oneof![4 => Just(vec![]), 1 => subsequence(WITHOUT, 1..3)], or_modes in choice(&["remote", "hybrid"]),
        modified_since in prop_oneof![4 => Just(None), 1 => day().prop_map(Some)],
    ) -> Query {
        let without = without.into_iter().map(|(list, code)| (list, code.to_owned())).collect();
        Query {
            or_modes, without,
            words: words.to_owned(), near, radius_km, home, directions, fields, activities, targets,
            commitments, modes, areas, limit, wish, modified_since, grouped, exact: true, hours: times.0, slots: times.1,
            accessibility: times.2, suited: times.3, ..Query::all(today())
        }
    }
}
