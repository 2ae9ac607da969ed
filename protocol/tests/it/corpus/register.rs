//! Rows of a register, anchor notes, and fingerprints in words.

use serde_json::{Value, json};

use super::{Corpus, NOW, TOWN, key, note};
use engagement_protocol::limits::ISSUED_AHEAD;
use engagement_protocol::words;

pub(super) fn add(corpus: &mut Corpus) {
    accept_rows(corpus);
    refuse_rows(corpus);
    anchors(corpus);
    for name in ["town", "county", "state"] {
        let verifier = key(name).verifier().clone();
        let result = json!({"words": words::of(&verifier)});
        let file = format!("{name}.txt");
        corpus.accept("words", &file, verifier.to_string().as_bytes(), &json!({}), &result);
    }
}

/// A row of the town with some fields changed; `null` takes one away.
fn row(changes: &Value) -> String {
    let mut row = json!({
        "name": "Stadt Coesfeld", "keys": [key("town").verifier()],
        "url": "https://ehrenamt.coesfeld.example", "status": "active", "register": false,
    });
    let fields = row.as_object_mut().unwrap();
    for (name, value) in changes.as_object().unwrap() {
        fields.insert(name.clone(), value.clone());
    }
    fields.retain(|_, value| !value.is_null());
    let rest = row.to_string();
    format!("{{\"id\":\"{TOWN}\",{}", rest.trim_start_matches('{'))
}

fn accept_rows(corpus: &mut Corpus) {
    let both = json!([key("town-next").verifier(), key("town").verifier()]);
    for (what, changes, status, keys) in [
        ("active.json", json!({}), "active", 1),
        ("register.json", json!({"register": true}), "active", 1),
        ("without-url-and-register.json", json!({"url": null, "register": null}), "active", 1),
        ("suspended.json", json!({"status": "suspended"}), "suspended", 1),
        (
            "left-with-successor.json",
            json!({"status": "left", "keys": null, "successor": "05558016"}),
            "left",
            0,
        ),
        ("two-keys.json", json!({"keys": both}), "active", 2),
        ("unknown-field.json", json!({"since": {"year": 2026.5}}), "active", 1),
    ] {
        let result = json!({"id": TOWN, "status": status, "keys": keys});
        corpus.accept("row", what, row(&changes).as_bytes(), &json!({}), &result);
    }
}

fn refuse_rows(corpus: &mut Corpus) {
    let town = key("town").verifier().to_string();
    let many = json!((0..5).map(|_| town.clone()).collect::<Vec<_>>());
    for (what, changes) in [
        ("Field-no-status.json", json!({"status": null})),
        ("Field-unknown-status.json", json!({"status": "paused"})),
        ("Field-status-is-a-number.json", json!({"status": 1})),
        ("Field-no-name.json", json!({"name": null})),
        ("Field-key-damaged.json", json!({"keys": [town.replacen('+', "-", 1)]})),
        ("Field-register-is-a-word.json", json!({"register": "yes"})),
        ("Field-successor-is-no-node.json", json!({"successor": "Rathaus"})),
        ("Text-name-reorders.json", json!({"name": "Stadt \u{202e}dlefseoC"})),
        ("Text-name-of-201.json", json!({"name": "x".repeat(201)})),
        ("ForeignKey-of-a-neighbour.json", json!({"keys": [key("neighbour").verifier()]})),
        ("Keys-none.json", json!({"keys": []})),
        ("Keys-same-twice.json", json!({"keys": [town, town]})),
        ("Keys-five.json", json!({"keys": many})),
        ("Url-script.json", json!({"url": "javascript:alert(1)"})),
        ("Url-breaks-out.json", json!({"url": "https://a.example/\">"})),
        ("Successor-itself.json", json!({"successor": TOWN})),
    ] {
        corpus.refuse("row", what, row(&changes).as_bytes(), &json!({}));
    }
    let good = row(&json!({}));
    let twice = good.replacen("\"status\"", "\"name\":\"x\",\"status\"", 1);
    corpus.refuse("row", "Json-same-field-twice.json", twice.as_bytes(), &json!({}));
    let carrier = good.replacen(TOWN, "Rathaus", 1);
    corpus.refuse("row", "Field-id-is-no-node.json", carrier.as_bytes(), &json!({}));
    let second =
        format!("{{\"id\":\"{TOWN}\",\"id\":\"05\",{}", &good[good.find("\"keys\"").unwrap()..]);
    corpus.refuse("row", "Json-second-id.json", second.as_bytes(), &json!({}));
    corpus.refuse(
        "row",
        "Utf8-broken.json",
        b"{\"id\":\"05558012\",\"name\":\"\xff\"}",
        &json!({}),
    );
}

/// The county is the anchor, its `town`-independent recovery key the one named `county`; it appoints others.
fn anchors(corpus: &mut Corpus) {
    let args = json!({"node": "05558", "recovery": "county", "now": NOW.as_ms()});
    let next = key_of("05558", 9);
    let text = |body: &Value| format!("engagement/anchor/1\n{body}\n");
    let body = |keys: Value, issued: u64| json!({"issued": issued, "keys": keys, "node": "05558"});
    let good = body(json!([next]), NOW.as_ms());
    let result = json!({"keys": [next], "issued": NOW.as_ms()});
    corpus.accept("anchor", "appoints.note", &note(&text(&good), &["county"]), &args, &result);
    let edge = NOW.plus(ISSUED_AHEAD).as_ms();
    let at_edge = note(&text(&body(json!([next]), edge)), &["county"]);
    let result = json!({"keys": [next], "issued": edge});
    corpus.accept("anchor", "issued-an-hour-ahead.note", &at_edge, &args, &result);
    let foreign = json!([key("town").verifier()]);
    let own = json!([key("county").verifier()]);
    let misplaced = json!({"issued": NOW.as_ms(), "keys": [key("state").verifier()], "node": "05"});
    for (what, bytes) in [
        ("UnknownKey-of-the-state.note", note(&text(&good), &["state"])),
        ("Misplaced-of-the-state.note", note(&text(&misplaced), &["county"])),
        ("Future-more-than-an-hour.note", note(&text(&body(json!([next]), edge + 1)), &["county"])),
        ("ForeignKey-of-a-town.note", note(&text(&body(foreign, NOW.as_ms())), &["county"])),
        ("Keys-none.note", note(&text(&body(json!([]), NOW.as_ms())), &["county"])),
        ("Keys-same-twice.note", note(&text(&body(json!([next, next]), NOW.as_ms())), &["county"])),
        ("Keys-the-recovery-key.note", note(&text(&body(own, NOW.as_ms())), &["county"])),
        ("WrongType-version-2.note", note(&format!("engagement/anchor/2\n{good}\n"), &["county"])),
    ] {
        corpus.refuse("anchor", what, &bytes, &args);
    }
}

fn key_of(node: &str, seed: u8) -> Value {
    let key = engagement_protocol::key::SigningKey::from_seed(node.parse().unwrap(), &[seed; 32]);
    json!(key.verifier())
}
