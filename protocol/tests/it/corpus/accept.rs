//! Inputs that must be accepted, and whole feeds.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engagement_protocol::hash::Hash;
use engagement_protocol::index::{Index, SliceRef};
use engagement_protocol::limits::{HEAD_LIFE, ISSUED_AHEAD, RECORD_BYTES, SEQ_AHEAD};
use engagement_protocol::opportunity::Record;
use engagement_protocol::seal::SealSecret;
use engagement_protocol::slice::{self, Line};
use serde_json::{Value, json};

use super::{
    Corpus, NOW, TEST_TYPE, TOWN, document, head, key, line, note, record, signature,
    signature_line, with,
};

pub(super) fn add(corpus: &mut Corpus) {
    notes(corpus);
    heads(corpus);
    documents(corpus);
    indexes_and_slices(corpus);
    records(corpus);
    names(corpus);
    feeds(corpus);
}

fn notes(corpus: &mut Corpus) {
    let args = json!({"type":TEST_TYPE,"limit":4096,"keys":["town","town-next"]});
    let text = |body: &str| format!("{TEST_TYPE}\n{body}\n");
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(15), "]".repeat(15));
    for (what, body) in [
        ("plain.note", r#"{"a":1}"#),
        ("empty-object.note", "{}"),
        ("spaces.note", r#"{ "a" : [ 1, 2 ] }"#),
        ("largest-integer.note", r#"{"a":9007199254740991}"#),
        ("escapes.note", r#"{"a":"\u00e4\ud83d\ude00\n\u0000"}"#),
        ("unicode.note", "{\"a\":\"äöü \u{2028} 😀\"}"),
        ("depth-16.note", &deep),
        ("same-key-in-two-objects.note", r#"{"a":{"b":1},"c":{"b":2}}"#),
    ] {
        let body_value: Value = serde_json::from_str(body).unwrap();
        let bytes = note(&text(body), &["town"]);
        corpus.accept("note", what, &bytes, &args, &json!({ "body": body_value }));
    }
    let text = text(r#"{"a":1}"#);
    let result = json!({"body":{"a":1}});
    let mut accept = |what: &str, bytes: &[u8]| corpus.accept("note", what, bytes, &args, &result);
    accept("two-known-keys.note", &note(&text, &["town", "town-next"]));
    accept("the-same-signature-twice.note", &note(&text, &["town", "town"]));
    accept("an-unknown-key-first.note", &note(&text, &["neighbour", "town"]));
    accept("16-signatures.note", &note(&text, &["town"; 16]));
    let mine = signature_line("town", &signature(&text, "town"));
    let foreign = format!("— example.org/witness {}\n", STANDARD.encode([9; 81]));
    accept("another-algorithm.note", format!("{text}\n{foreign}{mine}").as_bytes());
    let unsigned = signature_line("neighbour", &[0; 64]);
    accept(
        "a-bad-signature-of-an-unknown-key.note",
        format!("{text}\n{mine}{unsigned}").as_bytes(),
    );
}

fn heads(corpus: &mut Corpus) {
    let args = json!({"node":TOWN,"feed":"offers","keys":["town","town-next"],"now":NOW.as_ms()});
    let edge = NOW.plus(ISSUED_AHEAD);
    for (what, changes) in [
        ("plain.note", json!({})),
        ("unknown-field.note", json!({"colour":"red"})),
        ("seq-one-day-ahead.note", json!({"seq":NOW.plus(SEQ_AHEAD).as_ms()})),
        ("seq-zero.note", json!({"seq":0})),
        (
            "issued-one-hour-ahead.note",
            json!({"issued":edge.as_ms(),"expires":edge.plus(HEAD_LIFE).as_ms()}),
        ),
        ("expired.note", json!({"issued":0,"expires":1})),
        ("life-of-nothing.note", json!({"expires":NOW.as_ms()})),
    ] {
        let fields = with(head(), &changes);
        let mut result = fields.clone();
        result.as_object_mut().unwrap().remove("colour");
        let text = format!("engagement/head/1\n{fields}\n");
        corpus.accept("head", what, &note(&text, &["town"]), &args, &result);
    }
    let text = format!("engagement/head/1\n{}\n", head());
    let both = note(&text, &["town", "town-next"]);
    corpus.accept("head", "both-keys-of-a-rotation.note", &both, &args, &head());
    let node = "05558012.caritas-coesfeld";
    let carrier = with(head(), &json!({ "node": node }));
    let bytes = note(&format!("engagement/head/1\n{carrier}\n"), &["carrier"]);
    let args = json!({"node":node,"feed":"offers","keys":["carrier"],"now":NOW.as_ms()});
    corpus.accept("head", "of-a-carrier.note", &bytes, &args, &carrier);
}

fn documents(corpus: &mut Corpus) {
    let args = json!({"node":TOWN,"keys":["town"],"now":NOW.as_ms()});
    let seal = SealSecret::from_seed([7; 32]).public();
    let full = json!({"seal":seal,"feeds":["offers","heads","from_the_future"],"contact":"ehrenamt@coesfeld.example",
        "software":"engagementnetz 0.1.0","keys":[key("town").verifier(),key("town-next").verifier()],"colour":"red"});
    let minimal = json!({"feeds":null,"relays":null});
    let edge = NOW.plus(ISSUED_AHEAD).as_ms();
    for (what, changes) in [
        ("plain.note", json!({})),
        ("full.note", full),
        ("minimal.note", minimal),
        ("issued-one-hour-ahead.note", json!({ "issued": edge })),
    ] {
        let fields = with(document(), &changes);
        let result = json!({"name":fields["name"],"issued":fields["issued"]});
        let bytes = note(&format!("engagement/node/1\n{fields}\n"), &["town"]);
        corpus.accept("document", what, &bytes, &args, &result);
    }
}

fn indexes_and_slices(corpus: &mut Corpus) {
    let (own, nothing) = (json!({}), Hash::of(b""));
    let one = format!("{nothing} 0\n");
    let accept_index = |corpus: &mut Corpus, what: &str, text: &str, k: u8, bytes: u64| {
        corpus.accept("index", what, text.as_bytes(), &own, &json!({"k":k,"bytes":bytes}));
    };
    accept_index(corpus, "empty-feed.txt", &one, 0, 0);
    accept_index(
        corpus,
        "four-slices.txt",
        &format!("{one}{} 1\n{one}{one}", Hash::of(b"x")),
        2,
        1,
    );
    accept_index(corpus, "4096-empty-slices.txt", &one.repeat(4096), 12, 0);
    let k0 = json!({"k":0,"position":0});
    corpus.accept("slice", "empty.jsonl", b"", &k0, &json!({"ids":[]}));
    let longest = format!("{{\"id\":\"a\"{}", " ".repeat(RECORD_BYTES - 9));
    let wide = format!("{{\"id\":\"{}\"}}", "x".repeat(64));
    for (what, bytes, id) in [
        ("not-json.jsonl", &b"{\"id\":\"a\" this is no JSON"[..], "a"),
        ("not-utf8.jsonl", &b"{\"id\":\"a\",\"title\":\"M\xfcll\"}"[..], "a"),
        ("carriage-return-and-nul.jsonl", &b"{\"id\":\"a\"\x00}\r"[..], "a"),
        ("only-an-id.jsonl", &b"{\"id\":\"A-z.0_9/\""[..], "A-z.0_9/"),
        ("id-of-64.jsonl", wide.as_bytes(), &"x".repeat(64)),
        ("longest-line.jsonl", longest.as_bytes(), "a"),
    ] {
        let bytes = [bytes, b"\n"].concat();
        corpus.accept("slice", what, &bytes, &k0, &json!({ "ids": [id] }));
    }
}

fn records(corpus: &mut Corpus) {
    let opportunity = json!({"reads":"opportunity"});
    let full = json!({"actor":"verein","summary":"Einmal in der Woche lesen.","plain":"Lesen mit Kindern.","tasks":["Lesen"],
        "organisation":{"id":"v-1","name":"Musterverein e. V.","url":"https://verein.example"},
        "fields":["bildung","kinder"],"activities":["vorlesen_lernen"],"targets":["kinder"],"suited":["jugendliche_ab_14"],
        "commitment":"regular","hours":{"per_occurrence":2.5,"times":1,"per":"week","flexible":true},"slots":["mo_am"],"slots_text":"vormittags",
        "dates":[{"start":"2026-12-05T10:00:00+01:00","end":"2026-12-05T12:00:00.5Z"}],"starts_on":"2026-02-01","ends_on":"2026-12-31",
        "apply_until":"2026-03-01","mode":"onsite","places":[{"ags":"05558012","plz":"48653","town":"Coesfeld","district":"Lette",
        "street":"Markt 1","lat":51.9,"lon":7.2,"precision":"exact"}],"seats":3,"seats_left":0,"age_min":14,"age_max":99,
        "languages":[{"code":"de","need":"welcome"}],"requirements":["fuehrungszeugnis"],"accessibility":{"stufenlos":"yes","dgs":"unknown"},
        "benefits":["fahrtkosten"],"contact_role":"Ehrenamtskoordination","url":"http://verein.example/lesen","urgency":"normal",
        "verified_at":"2026-01-01","verified_by":"organisation","created":"2026-01-01","updated":"2026-01-02",
        "source":{"system":"freinet","id":"4711"},"licence":"CC0-1.0"});
    let lists: Vec<_> = (0..64).map(|n| format!("aufgabe {n}")).collect();
    for (what, changes) in [
        ("minimal.json", json!({"kind":null})),
        ("full.json", full),
        (
            "unknown-fields.json",
            json!({"colour":"red","organisation":{"name":"Verein","colour":"red"}}),
        ),
        ("unknown-codes.json", json!({"fields":["from_the_future"],"mode":"by_submarine"})),
        ("remote-without-place.json", json!({"mode":"remote","places":null})),
        (
            "private-offer.json",
            json!({"direction":"offer","actor":"privatperson","organisation":null,"places":[{"plz":"486","town":"Coesfeld"}]}),
        ),
        ("title-of-90.json", json!({"title":"ä".repeat(90)})),
        ("description-of-two-lines.json", json!({"description":"Eins\nZwei"})),
        ("eight-marks.json", json!({"description":format!("a{}", "\u{301}".repeat(8))})),
        ("emoji-and-soft-hyphen.json", json!({"description":"Leſe\u{ad}paten 👩\u{200d}🚒"})),
        ("64-tasks.json", json!({ "tasks": lists })),
        ("filled.json", json!({"status":"filled","valid_until":"1970-01-01"})),
    ] {
        let bytes = line("o-1", &with(record(), &changes));
        corpus.accept("record", what, &bytes, &json!({}), &opportunity);
    }
    let nulls = String::from_utf8(line("o-1", &record())).unwrap();
    let nulls =
        nulls.replacen(",", ",\"seats\":null,\"fields\":null,\"hours\":null,\"dates\":null,", 1);
    corpus.accept("record", "nulls.json", nulls.as_bytes(), &json!({}), &opportunity);
    let spaces = nulls.replace(",\"", ",\t\"") + "\r";
    corpus.accept(
        "record",
        "tabs-and-carriage-return.json",
        spaces.as_bytes(),
        &json!({}),
        &opportunity,
    );
    let unknown = json!({"reads":"unknown","kind":"organisation"});
    let organisation = line("v-1", &json!({"kind":"organisation","x":-1.5e3}));
    corpus.accept("record", "unknown-kind.json", &organisation, &json!({}), &unknown);
}

fn names(corpus: &mut Corpus) {
    for name in ["town", "county", "state", "carrier"] {
        let key = key(name);
        let verifier = key.verifier();
        let result = json!({"node":verifier.node(),"key_id":hex::encode(verifier.id())});
        let text = verifier.to_string();
        corpus.accept("key", &format!("{name}.txt"), text.as_bytes(), &json!({}), &result);
    }
    let wide = format!("05.{}", "a".repeat(32));
    for (kind, what, text) in [
        ("ags", "land.txt", "05"),
        ("ags", "regierungsbezirk.txt", "055"),
        ("ags", "kreis.txt", "05558"),
        ("ags", "gemeinde.txt", "05558012"),
        ("node", "node.txt", "05558012"),
        ("node", "carrier.txt", "05558.kirche-1"),
        ("node", "carrier-of-32.txt", wide.as_str()),
        ("feed", "offers.txt", "offers"),
        ("feed", "members.txt", "members"),
        ("feed", "heads.txt", "heads"),
        ("record", "record.txt", "A-z.0_9/"),
    ] {
        corpus.accept("id", what, text.as_bytes(), &json!({"type":kind}), &json!({}));
    }
}

/// Four states of one feed: three cuts of the same records, then one changed, one removed, one added.
fn feeds(corpus: &mut Corpus) {
    let mut lines: BTreeMap<Hash, Line> = BTreeMap::new();
    let mut put = |bytes: &[u8]| {
        let read = Line::read(bytes).unwrap();
        lines.insert(read.place(), read);
    };
    for n in 0..36 {
        put(&line(
            &format!("offer-{n:02}"),
            &with(record(), &json!({"title":format!("Angebot Nummer {n}")})),
        ));
    }
    put(&line("verein-1", &json!({"kind":"organisation","name":"Musterverein e. V."})));
    put(b"{\"id\":\"poison-1\" this is no JSON \xff");
    put(&line("poison-2", &with(record(), &json!({"title":"\u{202e}liam"}))));
    put(&line("future-1", &with(record(), &json!({"colour":"red","fields":["from_the_future"]}))));
    feed(corpus, "1-k0", 0, 0, &lines);
    feed(corpus, "2-k2", 2, 1, &lines);
    feed(corpus, "3-k5", 5, 2, &lines);
    let changed = line("offer-07", &with(record(), &json!({"title":"Anders als zuvor"})));
    let added = line("offer-99", &record());
    for bytes in [changed, added] {
        let read = Line::read(&bytes).unwrap();
        lines.insert(read.place(), read);
    }
    let removed = Hash::of(b"offer-11");
    lines.remove(&removed).unwrap();
    feed(corpus, "4-changed", 5, 3, &lines);
    feed(corpus, "5-empty", 0, 4, &BTreeMap::new());
}

fn feed(corpus: &mut Corpus, what: &str, k: u8, step: u64, lines: &BTreeMap<Hash, Line>) {
    let folder = format!("accept/feed/{what}");
    let mut refs = Vec::new();
    for position in 0..1 << k {
        let inside = lines.range(slice::range(k, position));
        let bytes = slice::write(inside.map(|(_, line)| line.bytes()));
        refs.push(SliceRef::to(&bytes));
        if !bytes.is_empty() {
            corpus.files.insert(format!("{folder}/o/{}", Hash::of(&bytes)), bytes);
        }
    }
    let index = Index::new(refs).unwrap().to_bytes();
    let seq = NOW.as_ms() + step;
    let fields = json!({"seq":seq,"issued":seq,"index":Hash::of(&index).to_string(),"expires":seq + 172_800_000});
    let text = format!("engagement/head/1\n{}\n", with(head(), &fields));
    let head = note(&text, &["town"]);
    corpus.files.insert(format!("{folder}/o/{}", Hash::of(&index)), index);
    corpus.files.insert(format!("{folder}/f/offers/head"), head.clone());
    let document = note(&format!("engagement/node/1\n{}\n", document()), &["town"]);
    corpus.files.insert(format!("{folder}/node"), document);
    if step == 0 {
        corpus.files.insert(format!("{folder}/n/{TOWN}/offers/head"), head);
    }
    let all = slice::write(lines.values().map(Line::bytes));
    let unreadable: Vec<_> = lines
        .values()
        .filter(|line| matches!(Record::read(line), Record::Unreadable(_)))
        .map(|line| line.id().as_str())
        .collect();
    corpus.cases.push(json!({"file":folder,"area":"feed",
        "args":{"node":TOWN,"feed":"offers","keys":["town"],"now":NOW.as_ms()},
        "result":{"k":k,"seq":seq,"records":lines.len(),"unreadable":unreadable,"sha256":Hash::of(&all).to_string()}}));
}
