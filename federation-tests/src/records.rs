//! Opportunities for tests: small, valid, and found by the words of their title.

use engagement_protocol::opportunity::{Opportunity, Record};
use engagement_protocol::slice::Line;
use serde_json::json;

/// The last day of every record that is not told another one.
pub const LAST_DAY: &str = "2026-12-31";

/// Returns a record with this id and title.
#[must_use]
pub fn record(id: &str, title: &str) -> Opportunity {
    let body = json!({
        "direction": "seek", "actor": "verein", "title": title,
        "description": format!("{title}. Wir freuen uns über jede helfende Hand."),
        "organisation": {"name": "Verein am Ort"}, "places": [{"plz": "48653", "town": "Coesfeld"}],
        "status": "live", "valid_until": LAST_DAY,
    });
    let body = body.to_string();
    let line = format!("{{\"id\":\"{id}\",{}", body.trim_start_matches('{'));
    let line = Line::read(line.as_bytes()).expect("begins with its id");
    match Record::read(&line) {
        Record::Opportunity(record) => *record,
        other => unreachable!("a valid record: {other:?}"),
    }
}

/// Returns `count` records whose ids and titles begin with `name`.
#[must_use]
pub fn records(name: &str, count: usize) -> Vec<Opportunity> {
    (0..count).map(|n| record(&format!("{name}-{n}"), &format!("{name} Nummer {n}"))).collect()
}
