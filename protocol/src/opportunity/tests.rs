//! What is read, what is refused, what is passed over.

use super::*;
use serde_json::{Value, json};

fn minimal() -> Value {
    json!({"id":"o-1","direction":"seek","title":"Lesepatin gesucht","description":"Einmal in der Woche.",
        "organisation":{"name":"Musterverein e. V."},"places":[{"plz":"48653"}],"status":"live","valid_until":"2027-05-02"})
}

fn with(field: &str, value: Value) -> Record {
    Record::read(&line_with(field, value))
}

fn line_with(field: &str, value: Value) -> Line {
    let mut record = minimal();
    record[field] = value;
    // serde_json sorts keys; the id must come first.
    let id = record["id"].take();
    let rest = record.as_object().unwrap().iter().filter(|(key, _)| *key != "id");
    let rest: Vec<_> = rest.map(|(key, value)| format!("{}:{value}", json!(key))).collect();
    let text = format!("{{\"id\":{id},{}}}", rest.join(","));
    Line::read(text.as_bytes()).unwrap()
}

fn is_unreadable(record: &Record) -> bool {
    matches!(record, Record::Unreadable(_))
}

#[test]
fn reads_and_writes_the_minimum() {
    let Record::Opportunity(read) = with("licence", json!("CC0-1.0")) else { panic!() };
    let line = read.to_line().unwrap();
    assert!(line.bytes().starts_with(br#"{"id":"o-1","kind":"opportunity","direction":"seek""#));
    assert_eq!(Record::read(&line), Record::Opportunity(read));
}

#[test]
fn what_was_read_before_is_read_the_same_again() {
    let changes = [
        ("colour", json!("red")),
        ("seats", Value::Null),
        ("fields", Value::Null),
        ("fields", json!(["from_the_future"])),
        ("languages", json!([{"code":"de","need":"good"}])),
        ("hours", json!({"per_occurrence":2.5,"times":1,"per":"week"})),
        ("accessibility", json!({"stufenlos":"yes"})),
        ("source", json!({"system":"freinet","id":"7"})),
        ("places", json!([{"plz":"48653","lat":51.9,"lon":7.2},{"ags":"05558012"}])),
        ("dates", json!([{"start":"2026-12-05T10:00:00+01:00"}])),
        ("kind", json!("opportunity")),
    ];
    for (field, value) in changes {
        let line = line_with(field, value);
        let read = Record::read(&line);
        assert!(matches!(read, Record::Opportunity(_)), "{field}: {read:?}");
        assert_eq!(Record::read_again(&line), read, "{field}");
    }
    // Nor is anything else taken for one.
    let list = line_with("organisation", json!([null, "Verein", null]));
    let named = line_with("organisation", json!({"name":"Verein"}));
    let named = String::from_utf8(named.bytes().to_vec()).unwrap();
    let twice = named.replace(r#"{"name":"Verein"}"#, r#"{"name":"Verein","name":"Club"}"#);
    assert_ne!(twice, named);
    for other in
        [line_with("kind", json!("organisation")), list, Line::read(twice.as_bytes()).unwrap()]
    {
        let read = Record::read(&other);
        assert!(!matches!(read, Record::Opportunity(_)), "{read:?}");
        assert_eq!(Record::read_again(&other), read);
    }
}

#[test]
fn every_field_is_listed_once() {
    let Record::Opportunity(mut all) = with("licence", json!("CC0-1.0")) else { panic!() };
    all.tasks = vec!["Lesen".to_owned()];
    let value = serde_json::to_value(&*all).unwrap();
    assert!(value.as_object().unwrap().keys().all(|key| FIELDS.contains(&key.as_str())));
    let mut sorted = FIELDS.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(sorted.len(), FIELDS.len());
}

#[test]
fn passes_over_unknown_fields_and_nulls() {
    assert!(matches!(with("colour", json!("red")), Record::Opportunity(_)));
    assert!(matches!(with("seats", Value::Null), Record::Opportunity(_)));
    assert!(matches!(with("fields", Value::Null), Record::Opportunity(_)));
    assert!(matches!(with("fields", json!(["from_the_future"])), Record::Opportunity(_)));
}

#[test]
fn refuses_what_would_harm_a_page() {
    assert!(is_unreadable(&with("url", json!("javascript:alert(1)"))));
    assert!(is_unreadable(&with("title", json!("\u{202e}liam"))));
    assert!(is_unreadable(&with("title", json!("x".repeat(91)))));
    assert!(is_unreadable(&with("fields", json!(["a b"]))));
    assert!(is_unreadable(&with("places", json!([{"plz":"48653","lat":1e308,"lon":7}]))));
    assert!(is_unreadable(&with("dates", json!([{"start":"tomorrow"}]))));
}

#[test]
fn refuses_shapes_that_only_our_parser_reads() {
    assert!(is_unreadable(&with("organisation", json!([null, "Musterverein", null]))));
    assert!(is_unreadable(&with("places", json!([["05558012"]]))));
    assert!(is_unreadable(&with("direction", json!({"seek": null}))));
    assert!(is_unreadable(&with("kind", json!(7))));
}

#[test]
fn dates_have_one_spelling() {
    let start = |text: &str| with("dates", json!([{ "start": text }]));
    for text in
        ["2026-12-05T10:00:00Z", "2026-12-05T10:00:00+01:00", "2026-12-05T10:00:00.123456789-05:00"]
    {
        assert!(!is_unreadable(&start(text)), "{text}");
    }
    for text in [
        "2026-12-05T10:00:00",
        "2026-12-05 10:00:00Z",
        "2026-12-05t10:00:00z",
        "2026-12-05T10:00:00+01:00[UTC]",
        "2026-12-05T10:00+01:00",
        "20261205T100000.0000Z",
        "2026-12-05T10:00:00,5Z",
        "2026-12-05T10:00:00.Z",
        "2026-12-05T10:00:00.1234567890Z",
        "2026-02-30T10:00:00Z",
        "2026-12-05T25:00:00Z",
    ] {
        assert!(is_unreadable(&start(text)), "{text}");
    }
}

#[test]
fn signs_no_kind_but_its_own() {
    let Record::Opportunity(mut record) = with("licence", json!("CC0-1.0")) else { panic!() };
    record.kind = "organisation".to_owned();
    assert!(record.to_line().is_err());
}

#[test]
fn a_private_persons_offer_shows_only_the_area() {
    let offer = |place: Value| {
        let Record::Opportunity(mut record) = with("direction", json!("offer")) else { panic!() };
        record.actor = Some("privatperson".to_owned());
        record.places = vec![serde_json::from_value(place).unwrap()];
        record.check()
    };
    assert_eq!(offer(json!({"plz":"486","town":"Coesfeld"})), Ok(()));
    assert!(offer(json!({"plz":"48653"})).is_err());
    assert!(offer(json!({"plz":"486","street":"Markt 1"})).is_err());
    assert!(offer(json!({"plz":"486","lat":51.9,"lon":7.1})).is_err());
}

#[test]
fn valid_until_is_inclusive() {
    let Record::Opportunity(record) = with("licence", json!("CC0-1.0")) else { panic!() };
    assert!(record.is_valid_on("2027-05-02".parse().unwrap()));
    assert!(!record.is_valid_on("2027-05-03".parse().unwrap()));
}
