//! The desk's list: sentences that can be read aloud, numbers that open, and text that stays text.

use super::*;
use crate::app::coverage;
use crate::search::answer::{Facets, Locality};
use crate::web::opportunity::tests::{config, hostile, shown};
use serde_json::{Value, json};

fn found(records: &[Value]) -> Found {
    let card = |fields: &Value| Card {
        shown: shown(fields, true),
        score: 1.0,
        distance_km: Some(4.24),
        locality: Locality::Near,
        also: Vec::new(),
        nearest_place: 0,
        has_all_words: true,
        lacks: Vec::new(),
        also_total: 0,
        why: Vec::new(),
        reasons: Vec::new(),
    };
    Found {
        cards: records.iter().map(card).collect(),
        total: 47,
        with_all_words: 47,
        unopposed: None,
        stated: 0,
        facets: Facets::default(),
        coverage: coverage(),
        next: "1-2-3-4-5-6".parse().ok(),
        near: None,
        corrected: Vec::new(),
        near_others: Vec::new(),
        doubtful: None,
        understood: Vec::new(),
        words: String::new(),
        beyond: None,
    }
}

fn coverage() -> coverage::Coverage {
    coverage::Coverage { nodes: 1, complete: 1, missing: Vec::new(), as_of: None }
}

fn page(records: &[Value]) -> String {
    let place = Place { words: "Lesen".to_owned(), cursor: None };
    let (today, found) = ("2026-11-23".parse().unwrap(), found(records));
    let page = Page::new(&config(), &place, Some(&found), Coverage::new(&coverage()), today);
    html(&page).unwrap().0
}

#[test]
fn a_line_is_a_number_a_title_and_sentences() {
    let page = page(&[
        json!({"places": [{"plz": "48653", "town": "Coesfeld"}], "commitment": "regular",
        "hours": {"per_occurrence": 2, "times": 1, "per": "week"}, "requirements": ["fuehrungszeugnis"]}),
    ]);
    let line = "Musterverein e.\u{a0}V. Ort: Coesfeld, 4,2 km Luftlinie. Regelmäßig, 2 Stunden, einmal in der Woche. Erweitertes Führungszeugnis nötig.";
    assert!(page.contains(line), "{page}");
    let link = "<a href=\"/schalter/angebot/05558012/o-1?words=Lesen\" accesskey=\"1\"";
    assert!(page.contains(link), "{page}");
    assert!(page.contains("47 Treffer für „Lesen“"));
    assert!(page.contains("href=\"/schalter?words=Lesen&#38;from=1-2-3-4-5-6\""), "{page}");
}

#[test]
fn the_field_is_ready_and_carries_the_list() {
    let page = page(&[json!({})]);
    assert!(page.contains("autofocus"), "nobody has to reach for a mouse");
    assert!(page.contains("<input type=\"hidden\" name=\"words\" value=\"Lesen\">"));
    assert_eq!(page.matches("name=\"q\"").count(), 1, "there is one field");
}

#[test]
fn text_of_a_record_is_only_text() {
    let page = page(&[hostile()]);
    for poison in ["<script>", "<img src=x", "href=\"javascript:", "\" onload=\""] {
        assert!(!page.contains(poison), "{poison}: {page}");
    }
}

#[test]
fn the_place_of_a_list_reads_back() {
    let place =
        Place { words: "Lesen & mehr in Dülmen".to_owned(), cursor: Some("1-2-3-4".to_owned()) };
    let address = place.address(DESK);
    let (query, typed) = (address.split_once('?').unwrap().1, Typed::Nothing);
    assert_eq!(Place::read(query), (place, typed));
    assert_eq!(Place::default().address(DESK), "/schalter");
    assert_eq!(
        Place::read("words=a&q=3"),
        (Place { words: "a".to_owned(), cursor: None }, Typed::Line(3))
    );
}

#[test]
fn a_page_has_at_most_five_lines() {
    assert_eq!(Place::default().asked().limit, Some(5));
}
