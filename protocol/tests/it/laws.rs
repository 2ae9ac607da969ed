//! Laws: what must hold for every set of records, every history, every k and every byte.

use std::collections::BTreeMap;

use engagement_protocol::document::{Document, TYPE as DOCUMENT};
use engagement_protocol::hash::Hash;
use engagement_protocol::head::{Head, TYPE as HEAD};
use engagement_protocol::id::Feed;
use engagement_protocol::index::{Index, IndexError, SliceRef};
use engagement_protocol::json::{self, Numbers};
use engagement_protocol::limits::FEED_RECORDS;
use engagement_protocol::note;
use engagement_protocol::opportunity::{
    Direction, Hours, Language, Occurrence, Opportunity, Organisation, Place, Record,
    Source as Origins, Status,
};
use engagement_protocol::publisher::Publisher;
use engagement_protocol::replica::{Applied, Replica, TransferError, Want};
use engagement_protocol::slice::{self, Line, SliceError};
use engagement_protocol::time::{Day, Timestamp};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use crate::corpus::{self, NOW};
use crate::world::{Origin, Reader, Rows, cut, slice_of};

/// What may stand behind the id in a line: JSON or not, text or not, but no line feed.
fn tail() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        Just(b"}".to_vec()),
        ",\"title\":\"[a-zäöü \\\\\"]{0,40}\"}".prop_map(String::into_bytes),
        vec(any::<u8>().prop_filter("a line is one line", |byte| *byte != b'\n'), 0..60),
    ]
}

fn record(id: &str, tail: &[u8]) -> Line {
    Line::read(&[b"{\"id\":\"", id.as_bytes(), b"\"", tail].concat()).unwrap()
}

fn rows(records: &BTreeMap<String, Vec<u8>>) -> Rows {
    let lines = records.iter().map(|(id, tail)| record(id, tail));
    lines.map(|line| (line.place(), line)).collect()
}

/// A set of records out of few names, so that successive sets share, change and lose some.
fn set(most: usize) -> impl Strategy<Value = BTreeMap<String, Vec<u8>>> {
    btree_map("[ab][0-9._/-]", tail(), 0..most)
}

fn after(step: usize) -> Timestamp {
    Timestamp::from_ms(NOW.as_ms() + u64::try_from(step).unwrap())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Bytes in, the same bytes out: through several editions, for who follows each and who comes late.
    #[test]
    fn whatever_is_published_replicates_to_equal_bytes(
        sets in vec(set(30), 1..6),
        skipped in vec(any::<bool>(), 6),
    ) {
        let mut origin = Origin::new();
        let (mut steady, mut sleepy) = (Reader::default(), Reader::default());
        for (step, records) in sets.iter().enumerate() {
            let now = after(step);
            origin.publish(rows(records), now);
            steady.follow(&origin, now);
            prop_assert_eq!(&steady.rows, &origin.rows);
            if !skipped[step] {
                sleepy.follow(&origin, now);
            }
            let mut newcomer = Reader::default();
            newcomer.follow(&origin, now);
            prop_assert_eq!(&newcomer.rows, &origin.rows);
        }
        sleepy.follow(&origin, after(sets.len()));
        prop_assert_eq!(&sleepy.rows, &origin.rows);
    }

    /// k decides how a set is cut and nothing else.
    #[test]
    fn another_k_is_the_same_set(records in set(40), k in 0u8..=12, other in 0u8..=12) {
        let rows = rows(&records);
        let read = |k: u8| {
            let slices = (0..1 << k).map(|at| (at, slice_of(&rows, k, at)));
            slices
                .flat_map(|(at, bytes)| slice::verify(&bytes, SliceRef::to(&bytes), k, at).unwrap())
                .collect::<Vec<_>>()
        };
        prop_assert_eq!(read(k), read(other));
        prop_assert_eq!(read(k), rows.into_values().collect::<Vec<_>>());
    }

    /// A reader refuses every altered byte, and goes on with the true ones as if nothing had come.
    #[test]
    fn any_flipped_byte_is_refused(
        records in set(30).prop_filter("something to alter", |records| !records.is_empty()),
        at in any::<prop::sample::Index>(),
        which in any::<prop::sample::Index>(),
        flip in 1u8..,
    ) {
        let mut origin = Origin::new();
        origin.publish(rows(&records), NOW);
        let edition = origin.last.as_ref().unwrap();
        let altered = |bytes: &[u8]| {
            let mut bytes = bytes.to_vec();
            let at = at.index(bytes.len());
            bytes[at] ^= flip;
            bytes
        };
        let (node, keys) = (corpus::TOWN.parse().unwrap(), [corpus::key("town").verifier().clone()]);
        let head = altered(edition.head.bytes());
        prop_assert!(Head::verify(&head, &node, Feed::Offers, &keys, NOW).is_err());

        let mut transfer = Replica::empty().transfer(edition.head.clone());
        let index = &origin.objects[&edition.head.index];
        let refused = transfer.index(&altered(index)).unwrap_err();
        prop_assert_eq!(&refused, &TransferError::Index(IndexError::Hash));
        prop_assert!(refused.is_carriers_fault());
        transfer.index(index).unwrap();

        let Want::Slices(wanted) = transfer.want() else { panic!("there are records") };
        let (position, slice) = wanted[which.index(wanted.len())];
        let bytes = &origin.objects[&slice.hash];
        let refused = transfer.slice(position, &altered(bytes)).unwrap_err();
        prop_assert_eq!(&refused, &TransferError::Slice { position, error: SliceError::Hash });
        prop_assert!(refused.is_carriers_fault());
        prop_assert!(transfer.slice(position, &bytes[..bytes.len() - 1]).is_err());
        transfer.slice(position, bytes).unwrap();
    }

    /// An opportunity that may be published reads back as itself, and its line writes back as itself.
    #[test]
    fn an_opportunity_reads_back_as_itself(written in opportunity()) {
        let line = written.to_line().unwrap();
        let Record::Opportunity(read) = Record::read(&line) else { panic!("{:?}", Record::read(&line)) };
        prop_assert_eq!(read.to_line().unwrap(), line);
        prop_assert_eq!(*read, written);
    }

    /// Nothing from outside makes a reader panic.
    #[test]
    fn arbitrary_bytes_never_panic(bytes in hostile()) {
        let keys = [corpus::key("town").verifier().clone()];
        let node = corpus::TOWN.parse().unwrap();
        let _ = note::open::<serde_json::Value>(&bytes, corpus::TEST_TYPE, &keys, 4096);
        let _ = note::peek::<serde_json::Value>(&bytes, corpus::TEST_TYPE, 4096);
        let _ = Head::verify(&bytes, &node, Feed::Offers, &keys, NOW);
        let _ = Head::peek(&bytes);
        let _ = Document::verify(&bytes, &node, &keys, NOW);
        let _ = Document::peek(&bytes);
        let _ = Index::verify(&bytes, Hash::of(&bytes));
        for k in 0..=12 {
            let _ = slice::verify(&bytes, SliceRef::to(&bytes), k, 0);
        }
        if let Ok(line) = Line::read(&bytes) {
            let _ = Record::read(&line);
        }
        if let Ok(text) = std::str::from_utf8(&bytes) {
            let _ = json::parse(text, Numbers::Any);
            let _ = json::parse(text, Numbers::Natural);
            let _ = text.parse::<engagement_protocol::key::VerifierKey>();
            let _ = text.parse::<Day>();
        }
    }
}

/// Bytes that are nothing, and bytes that begin as something and go astray.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let begun = prop_oneof![
        Just(format!("{}\n{{}}\n\n— 05558012 ", corpus::TEST_TYPE)),
        Just(format!("{HEAD}\n{{\"node\":\"05558012\",\"seq\":")),
        Just(format!("{DOCUMENT}\n{{\"node\":\"05558012\",\"keys\":[")),
        Just(format!("{} 0\n", Hash::of(b""))),
        Just("{\"id\":\"a\",\"places\":[{\"plz\":".to_owned()),
        Just("05558012+abcdef01+".to_owned()),
    ];
    let jsonish = "[\\[\\]{}:,\"0-9eE.+\\\\u \n-]{0,80}";
    prop_oneof![
        vec(any::<u8>(), 0..200),
        (begun, jsonish).prop_map(|(begun, rest)| (begun + &rest).into_bytes()),
        jsonish.prop_map(|rest| format!("{{\"id\":\"a\",{rest}").into_bytes()),
    ]
}

fn words(most: usize) -> impl Strategy<Value = String> {
    // Letters, quotes, marks and emoji: what has to be escaped, and what has to survive.
    "[a-zA-ZäöüßÄÖÜ\"\\\\/<>&'é😀-]".prop_flat_map(move |first| {
        proptest::string::string_regex(&format!("[a-zäöüß \"\\\\\\\\/<&'😀]{{0,{}}}", most - 1))
            .unwrap()
            .prop_map(move |rest| first.clone() + &rest)
    })
}

fn code() -> impl Strategy<Value = String> {
    "[a-z0-9_-]{1,40}"
}

fn day() -> impl Strategy<Value = Day> {
    (0u32..2_932_896).prop_map(Day::from_number)
}

fn codes() -> impl Strategy<Value = Vec<String>> {
    vec(code(), 0..4)
}

/// Whole 64ths: exact in binary, so that no parser is off by the last bit.
fn sixty_fourths(range: std::ops::Range<i32>) -> impl Strategy<Value = f64> {
    range.prop_map(|n| f64::from(n) / 64.0)
}

fn place() -> impl Strategy<Value = Place> {
    let point = option::of((sixty_fourths(-5760..5760), sixty_fourths(-11520..11520)));
    (option::of(words(40)), option::of(words(40)), point, option::of(code())).prop_map(
        |(town, street, point, precision)| Place {
            ags: Some("05558012".parse().unwrap()),
            plz: Some("48653".to_owned()),
            town,
            street,
            lat: point.map(|(lat, _)| lat),
            lon: point.map(|(_, lon)| lon),
            precision,
            ..Place::default()
        },
    )
}

fn opportunity() -> impl Strategy<Value = Opportunity> {
    let texts = (
        words(90),
        option::of(words(200)),
        words(400),
        option::of(words(60)),
        vec(words(30), 0..4),
    );
    let lists = (codes(), codes(), codes(), codes(), codes());
    let single = (option::of(code()), option::of(code()), option::of(code()), option::of(code()));
    let numbers =
        (option::of(any::<u32>()), option::of(any::<u8>()), option::of(sixty_fourths(1..40_000)));
    let days = (day(), option::of(day()), option::of(day()));
    let nested = (
        vec(place(), 1..4),
        btree_map(code(), code(), 0..4),
        words(60),
        any::<bool>(),
        any::<bool>(),
    );
    (texts, lists, single, numbers, days, nested).prop_map(
        |(texts, lists, single, numbers, days, nested)| {
            let (title, summary, description, contact_role, tasks) = texts;
            let (fields, activities, targets, requirements, benefits) = lists;
            let (commitment, mode, urgency, need) = single;
            let (seats, age_min, per_occurrence) = numbers;
            let (valid_until, created, starts_on) = days;
            let (places, accessibility, organisation, offer, paused) = nested;
            Opportunity {
                id: "o-1".parse().unwrap(),
                kind: "opportunity".to_owned(),
                direction: if offer { Direction::Offer } else { Direction::Seek },
                actor: Some("verein".to_owned()),
                title,
                summary,
                plain: Some(description.clone()),
                description,
                tasks,
                organisation: Some(Organisation {
                    id: Some("v-1".parse().unwrap()),
                    name: organisation,
                    url: Some("https://verein.example/ä?a=b&c='d'".to_owned()),
                }),
                fields,
                activities,
                suited: targets.clone(),
                targets,
                commitment,
                hours: per_occurrence.map(|hours| Hours {
                    per_occurrence: Some(hours),
                    times: Some(2),
                    per: need.clone(),
                    flexible: Some(paused),
                }),
                slots: vec!["mo_am".to_owned()],
                slots_text: contact_role.clone(),
                dates: vec![Occurrence {
                    start: "2026-12-05T10:00:00+01:00".to_owned(),
                    end: None,
                }],
                starts_on,
                ends_on: starts_on,
                apply_until: created,
                mode,
                places,
                seats,
                seats_left: seats,
                age_min,
                age_max: age_min,
                languages: vec![Language { code: "de".to_owned(), need }],
                requirements,
                accessibility,
                benefits,
                contact_role,
                url: Some("http://verein.example".to_owned()),
                status: if paused { Status::Paused } else { Status::Live },
                urgency,
                verified_at: created,
                verified_by: Some("organisation".to_owned()),
                valid_until,
                created,
                updated: created,
                source: Some(Origins { system: "freinet".to_owned(), id: "4711".to_owned() }),
                licence: Some("CC0-1.0".to_owned()),
            }
        },
    )
}

#[test]
fn one_change_costs_a_reader_one_slice() {
    let mut records: BTreeMap<_, _> =
        (0..500).map(|n| (format!("o-{n}"), b",\"a\":1}".to_vec())).collect();
    let (mut origin, mut reader) = (Origin::new(), Reader::default());
    origin.publish(rows(&records), NOW);
    reader.follow(&origin, NOW);
    let before = reader.fetched;
    records.insert("o-7".to_owned(), b",\"a\":2}".to_vec());
    origin.publish(rows(&records), NOW);
    reader.follow(&origin, NOW);
    assert_eq!(reader.fetched - before, 2, "the index and one slice");
    assert_eq!(reader.rows, origin.rows);
}

#[test]
fn a_new_k_costs_a_reader_no_slice_that_it_can_cut_itself() {
    let records = |count: usize| -> BTreeMap<String, Vec<u8>> {
        (0..count).map(|n| (format!("o-{n}"), b"}".to_vec())).collect()
    };
    let (mut origin, mut reader) = (Origin::new(), Reader::default());
    origin.publish(rows(&records(64)), NOW);
    reader.follow(&origin, NOW);
    let (k, before) = (reader.replica.index().unwrap().k(), reader.fetched);
    origin.publish(rows(&records(120)), NOW);
    reader.follow(&origin, NOW);
    let new = reader.replica.index().unwrap();
    assert_ne!(new.k(), k);
    let unchanged = cut(&rows(&records(64)), new.k())
        .into_iter()
        .zip(new.slices())
        .filter(|(a, b)| *a == b.hash);
    let changed = new.slices().len() - unchanged.count();
    assert_eq!(reader.fetched - before, 1 + changed);
    assert_eq!(reader.rows, origin.rows);
}

#[test]
fn an_emptied_feed_empties_its_copies_without_a_fetch() {
    let (mut origin, mut reader) = (Origin::new(), Reader::default());
    origin.publish(rows(&BTreeMap::from([("a".to_owned(), b"}".to_vec())])), NOW);
    reader.follow(&origin, NOW);
    let before = reader.fetched;
    origin.publish(Rows::new(), NOW);
    reader.follow(&origin, NOW);
    assert!(reader.rows.is_empty());
    assert_eq!(reader.fetched - before, 1, "the index");
}

#[test]
fn refuses_more_records_than_a_feed_may_have() {
    let most = usize::try_from(FEED_RECORDS).unwrap();
    let mut lines: Vec<_> = (0..=most).map(|n| record(&format!("o-{n}"), b"}")).collect();
    lines.sort_by_key(Line::place);
    let bytes = slice::write(lines.iter().map(Line::bytes));
    let index = Index::new(vec![SliceRef::to(&bytes)]).unwrap();
    let head = Head {
        node: corpus::TOWN.parse().unwrap(),
        feed: Feed::Offers,
        seq: 1,
        index: Hash::of(&index.to_bytes()),
        issued: NOW,
        expires: NOW,
    }
    .sign(&corpus::key("town"));
    let mut transfer = Replica::empty().transfer(head);
    transfer.index(&index.to_bytes()).unwrap();
    let refused = transfer.slice(0, &bytes).unwrap_err();
    let records = FEED_RECORDS + 1;
    assert_eq!(refused, TransferError::TooManyRecords { records });
    assert!(!refused.is_carriers_fault());
    assert_eq!(Applied::admits(records), Err(refused));
    assert_eq!(Applied::admits(FEED_RECORDS), Ok(()));
}

#[test]
fn nothing_is_finished_before_all_is_there() {
    let mut origin = Origin::new();
    origin.publish(rows(&BTreeMap::from([("a".to_owned(), b"}".to_vec())])), NOW);
    let edition = origin.last.as_ref().unwrap();
    let mut transfer = Replica::empty().transfer(edition.head.clone());
    assert!(transfer.clone().finish().is_err(), "no index");
    assert_eq!(transfer.slice(0, b""), Err(TransferError::NotWanted));
    assert_eq!(transfer.recut(&[]), Err(TransferError::NotWanted));
    transfer.index(&origin.objects[&edition.head.index]).unwrap();
    let again = transfer.index(&origin.objects[&edition.head.index]);
    assert_eq!(again, Err(TransferError::NotWanted), "the slices so far would be lost");
    assert!(transfer.clone().finish().is_err(), "a slice is missing");
    let Want::Slices(wanted) = transfer.want() else { panic!("there is a record") };
    let (position, slice) = wanted[0];
    transfer.slice(position, &origin.objects[&slice.hash]).unwrap();
    let again = transfer.slice(position, &origin.objects[&slice.hash]);
    assert_eq!(again, Err(TransferError::NotWanted));
    assert!(transfer.finish().is_ok());
}

#[test]
fn a_first_edition_can_be_resumed_from_its_bytes() {
    let mut origin = Origin::new();
    origin.publish(rows(&BTreeMap::from([("a".to_owned(), b"}".to_vec())])), NOW);
    let edition = origin.last.as_ref().unwrap();
    let (node, keys) = (corpus::TOWN.parse().unwrap(), [corpus::key("town").verifier().clone()]);
    let head = Head::verify(edition.head.bytes(), &node, Feed::Offers, &keys, NOW).unwrap();
    let index = Index::verify(&origin.objects[&edition.head.index], edition.head.index).unwrap();
    let again = Publisher::resume(head, index).resign(NOW, &corpus::key("town")).unwrap().unwrap();
    assert_eq!(again.bytes(), edition.head.bytes(), "signing is deterministic");
}
