//! Indexes, slices, records, keys and names that must be refused.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engagement_protocol::hash::Hash;
use engagement_protocol::limits::{INDEX_BYTES, RECORD_BYTES, SLICE_BYTES};
use engagement_protocol::slice::Line;
use serde_json::{Value, json};

use super::{Corpus, key, line, record, with};

pub(super) fn add(corpus: &mut Corpus) {
    indexes(corpus);
    slices(corpus);
    records(corpus);
    keys(corpus);
    ids(corpus);
}

fn indexes(corpus: &mut Corpus) {
    let hash = Hash::of(b"x").to_string();
    let good = format!("{hash} 1\n");
    let other = json!({"expected":Hash::of(b"another").to_string()});
    corpus.refuse("index", "Hash-of-another.txt", good.as_bytes(), &other);
    let own = json!({});
    for (what, text) in [
        ("TooLarge-one-byte.txt", "0".repeat(INDEX_BYTES + 1)),
        ("Line-empty-file.txt", String::new()),
        ("Line-blank.txt", "\n".to_owned()),
        ("Line-unended.txt", format!("{hash} 1")),
        ("Line-crlf.txt", format!("{hash} 1\r\n")),
        ("Line-leading-zero.txt", format!("{hash} 01\n")),
        ("Line-plus.txt", format!("{hash} +1\n")),
        ("Line-minus.txt", format!("{hash} -1\n")),
        ("Line-two-spaces.txt", format!("{hash}  1\n")),
        ("Line-space-at-end.txt", format!("{hash} 1 \n")),
        ("Line-tab.txt", format!("{hash}\t1\n")),
        ("Line-no-length.txt", format!("{hash} \n")),
        ("Line-beyond-32-bits.txt", format!("{hash} 4294967296\n")),
        ("Line-hash-upper-case.txt", format!("{} 1\n", hash.to_uppercase())),
        ("Line-hash-short.txt", format!("{} 1\n", &hash[..62])),
        ("Line-blank-between.txt", format!("{good}\n{good}")),
        ("Count-three.txt", good.repeat(3)),
        ("SliceTooLarge-one-byte.txt", format!("{hash} {}\n", SLICE_BYTES + 1)),
        ("EmptyHash-of-something.txt", format!("{hash} 0\n")),
        ("FeedTooLarge-32-full-slices.txt", format!("{hash} {SLICE_BYTES}\n").repeat(32)),
    ] {
        corpus.refuse("index", what, text.as_bytes(), &own);
    }
    let latin = format!("{good}\u{e4}").replace('\u{e4}', "").into_bytes();
    corpus.refuse("index", "Line-not-utf8.txt", &[&latin[..], b"\xe4\n"].concat(), &own);
}

fn slices(corpus: &mut Corpus) {
    let k0 = json!({"k":0,"position":0});
    let good = b"{\"id\":\"a\"}\n";
    let expecting = |hash: Hash, length: usize| json!({"k":0,"position":0,"expected":{"hash":hash.to_string(),"length":length}});
    let other = expecting(Hash::of(b"another"), good.len());
    corpus.refuse("slice", "Hash-of-another.jsonl", good, &other);
    let longer = expecting(Hash::of(good), good.len() + 1);
    corpus.refuse("slice", "Hash-another-length.jsonl", good, &longer);
    for (what, text) in [
        ("Id-blank-line.jsonl", "\n".to_owned()),
        ("Id-blank-line-between.jsonl", "{\"id\":\"a\"}\n\n".to_owned()),
        ("Id-not-first.jsonl", "{\"title\":\"x\",\"id\":\"a\"}\n".to_owned()),
        ("Id-space-before.jsonl", "{ \"id\":\"a\"}\n".to_owned()),
        ("Id-number.jsonl", "{\"id\":1}\n".to_owned()),
        ("Id-empty.jsonl", "{\"id\":\"\"}\n".to_owned()),
        ("Id-escaped.jsonl", "{\"id\":\"\\u0061\"}\n".to_owned()),
        ("Id-umlaut.jsonl", "{\"id\":\"ä\"}\n".to_owned()),
        ("Id-with-space.jsonl", "{\"id\":\"a b\"}\n".to_owned()),
        ("Id-of-65.jsonl", format!("{{\"id\":\"{}\"}}\n", "x".repeat(65))),
        ("Id-unclosed.jsonl", "{\"id\":\"a\n".to_owned()),
        ("Id-byte-order-mark.jsonl", "\u{feff}{\"id\":\"a\"}\n".to_owned()),
        ("LineTooLong-one-byte.jsonl", {
            let frame = "{\"id\":\"a\",\"b\":\"\"}".len();
            format!("{{\"id\":\"a\",\"b\":\"{}\"}}\n", "x".repeat(RECORD_BYTES - frame + 1))
        }),
        ("Unended-one.jsonl", "{\"id\":\"a\"}".to_owned()),
    ] {
        corpus.refuse("slice", what, text.as_bytes(), &k0);
    }
    let mut two = [Line::read(b"{\"id\":\"a\"}").unwrap(), Line::read(b"{\"id\":\"b\"}").unwrap()];
    two.sort_by_key(|line| std::cmp::Reverse(line.place()));
    let written = |lines: &[&Line]| -> Vec<u8> {
        lines.iter().flat_map(|line| [line.bytes(), b"\n"].concat()).collect()
    };
    corpus.refuse("slice", "Order-descending.jsonl", &written(&[&two[0], &two[1]]), &k0);
    corpus.refuse("slice", "Order-twice.jsonl", &written(&[&two[0], &two[0]]), &k0);
    let again = Line::read(format!("{{\"id\":\"{}\",\"b\":1}}", two[0].id()).as_bytes()).unwrap();
    let twice = written(&[&two[0], &again]);
    corpus.refuse("slice", "Order-same-id-other-bytes.jsonl", &twice, &k0);
    let elsewhere = two[0].place().prefix(2) ^ 1;
    let stray = json!({"k":2,"position":elsewhere});
    corpus.refuse("slice", "Stray-in-the-next-slice.jsonl", &written(&[&two[0]]), &stray);
}

fn records(corpus: &mut Corpus) {
    let mut raw = |what: &str, bytes: &[u8]| corpus.refuse("record", what, bytes, &json!({}));
    raw("Utf8-latin-1.json", b"{\"id\":\"a\",\"title\":\"M\xfcll\"}");
    raw("Json-not-json.json", b"{\"id\":\"a\" this is no JSON");
    raw("Json-second-id.json", br#"{"id":"a","id":"b"}"#);
    raw("Json-second-id-escaped.json", br#"{"id":"a","\u0069d":"b"}"#);
    raw("Json-number-without-end.json", br#"{"id":"a","seats":1e400}"#);
    let deep = format!("{{\"id\":\"a\",\"x\":{}{}}}", "[".repeat(16), "]".repeat(16));
    raw("Json-depth-17.json", deep.as_bytes());
    raw("Json-lone-surrogate.json", br#"{"id":"a","title":"\udc00"}"#);
    let private = |place: Value| json!({"direction":"offer","actor":"privatperson","organisation":null,"places":[place]});
    for (what, changes) in [
        ("Field-no-title.json", json!({"title":null})),
        ("Field-no-description.json", json!({"description":null})),
        ("Field-no-direction.json", json!({"direction":null})),
        ("Field-no-valid-until.json", json!({"valid_until":null})),
        ("Field-direction-unknown.json", json!({"direction":"swap"})),
        ("Field-direction-is-an-object.json", json!({"direction":{"seek":null}})),
        ("Field-status-draft.json", json!({"status":"draft"})),
        ("Field-valid-until-impossible.json", json!({"valid_until":"2026-02-30"})),
        ("Field-valid-until-short.json", json!({"valid_until":"2026-2-3"})),
        ("Field-valid-until-before-1970.json", json!({"valid_until":"1969-12-31"})),
        ("Field-kind-is-a-number.json", json!({"kind":7})),
        ("Field-seats-fraction.json", json!({"seats":1.5})),
        ("Field-seats-negative.json", json!({"seats":-1})),
        ("Field-age-256.json", json!({"age_min":256})),
        ("Field-title-is-a-list.json", json!({"title":["a"]})),
        ("Field-fields-is-text.json", json!({"fields":"bildung"})),
        ("Field-fields-hold-null.json", json!({"fields":[null]})),
        ("Field-organisation-is-a-list.json", json!({"organisation":[null,"Verein",null]})),
        ("Field-organisation-without-name.json", json!({"organisation":{"id":"o"}})),
        ("Field-place-is-a-list.json", json!({"places":[["05558012"]]})),
        ("Field-date-is-a-list.json", json!({"dates":[["2026-12-05T10:00:00Z", null]]})),
        ("Field-language-is-a-list.json", json!({"languages":[["de", null]]})),
        ("Field-hours-is-a-list.json", json!({"hours":[2, 1, "week", null]})),
        ("Field-source-is-a-list.json", json!({"source":["freinet", "4711"]})),
        ("Field-status-is-an-object.json", json!({"status":{"live":null}})),
        ("Field-place-ags-of-4.json", json!({"places":[{"ags":"0555"}]})),
        ("Text-title-empty.json", json!({"title":" "})),
        ("Text-title-of-91.json", json!({"title":"ä".repeat(91)})),
        ("Text-title-of-two-lines.json", json!({"title":"a\nb"})),
        ("Text-title-reversed.json", json!({"title":"\u{202e}liam"})),
        ("Text-title-zero-width.json", json!({"title":"a\u{200b}b"})),
        ("Text-title-nul.json", json!({"title":"a\u{0}b"})),
        ("Text-title-noncharacter.json", json!({"title":"a\u{1fffe}"})),
        ("Text-description-carriage-return.json", json!({"description":"a\r\nb"})),
        ("Text-description-tab.json", json!({"description":"a\tb"})),
        ("Text-description-of-4001.json", json!({"description":"x".repeat(4001)})),
        (
            "Text-description-tower-of-marks.json",
            json!({"description":format!("a{}", "\u{301}".repeat(9))}),
        ),
        ("Text-contact-role-of-61.json", json!({"contact_role":"x".repeat(61)})),
        ("Text-task-empty.json", json!({"tasks":[""]})),
        ("Text-organisation-name-reversed.json", json!({"organisation":{"name":"\u{2066}x"}})),
        ("Rule-url-javascript.json", json!({"url":"javascript:alert(1)"})),
        ("Rule-url-upper-case.json", json!({"url":"HTTPS://verein.example"})),
        ("Rule-url-with-quote.json", json!({"url":"https://verein.example/\"x"})),
        (
            "Rule-organisation-url-data.json",
            json!({"organisation":{"name":"x","url":"data:text/html,x"}}),
        ),
        ("Rule-no-place.json", json!({"places":null})),
        ("Rule-place-without-ags-or-plz.json", json!({"places":[{"town":"Coesfeld"}]})),
        ("Rule-no-organisation.json", json!({"organisation":null})),
        ("Rule-code-with-space.json", json!({"fields":["a b"]})),
        ("Rule-code-of-41.json", json!({"fields":["x".repeat(41)]})),
        ("Rule-code-empty.json", json!({"mode":""})),
        ("Rule-accessibility-upper-case.json", json!({"accessibility":{"stufenlos":"Yes"}})),
        ("Rule-65-tasks.json", json!({"tasks":vec!["x"; 65]})),
        ("Rule-65-places.json", json!({"places":vec![json!({"plz":"48653"}); 65]})),
        ("Rule-plz-of-4.json", json!({"places":[{"plz":"4865"}]})),
        ("Rule-plz-of-3-not-private.json", json!({"places":[{"plz":"486"}]})),
        ("Rule-private-offer-plz-of-5.json", private(json!({"plz":"48653"}))),
        ("Rule-private-offer-street.json", private(json!({"plz":"486","street":"Markt 1"}))),
        ("Rule-private-offer-coordinates.json", private(json!({"plz":"486","lat":51.9,"lon":7.1}))),
        ("Rule-latitude-91.json", json!({"places":[{"plz":"48653","lat":91,"lon":7}]})),
        ("Rule-latitude-alone.json", json!({"places":[{"plz":"48653","lat":51.9}]})),
        ("Rule-hours-zero.json", json!({"hours":{"per_occurrence":0}})),
        ("Rule-hours-745.json", json!({"hours":{"per_occurrence":745}})),
        ("Rule-date-without-offset.json", json!({"dates":[{"start":"2026-12-05T10:00:00"}]})),
        ("Rule-date-without-seconds.json", json!({"dates":[{"start":"2026-12-05T10:00+01:00"}]})),
        ("Rule-date-with-zone.json", json!({"dates":[{"start":"2026-12-05T10:00:00Z[UTC]"}]})),
        ("Rule-date-impossible.json", json!({"dates":[{"start":"2026-02-30T10:00:00Z"}]})),
        (
            "Rule-date-end-in-words.json",
            json!({"dates":[{"start":"2026-12-05T10:00:00Z","end":"late"}]}),
        ),
    ] {
        raw(what, &line("o-1", &with(record(), &changes)));
    }
}

fn keys(corpus: &mut Corpus) {
    let good = key("town").verifier().to_string();
    let (stem, material) = good.rsplit_once('+').unwrap();
    let fake = |material: &[u8]| format!("{stem}+{}", STANDARD.encode(material));
    let bytes = STANDARD.decode(material).unwrap();
    let (_, public) = bytes.split_first().unwrap();
    let mut weak = [0; 33];
    (weak[0], weak[1]) = (1, 1);
    let mut off_curve = [0; 33];
    (off_curve[0], off_curve[1]) = (1, 2);
    for (what, text) in [
        ("Shape-empty.txt", String::new()),
        ("Shape-two-parts.txt", stem.to_owned()),
        ("Shape-line-feed.txt", format!("{good}\n")),
        ("Shape-key-id-upper-case.txt", format!("05558012+{}+{material}", "ABCDEF01")),
        ("Shape-key-id-of-7.txt", good.replacen('+', "+0", 1)),
        ("Shape-base64-with-padding.txt", format!("{good}=")),
        ("Shape-base64-damaged.txt", format!("{stem}+*{material}")),
        ("Name-no-node.txt", good.replacen("05558012", "coesfeld", 1)),
        ("Name-private-key.txt", key("town").to_secret_text().to_string()),
        ("Material-another-algorithm.txt", fake(&[&[2], public].concat())),
        ("Material-short.txt", fake(&bytes[..32])),
        ("Material-point-of-order-one.txt", fake(&weak)),
        ("Material-not-on-the-curve.txt", fake(&off_curve)),
        ("KeyId-of-another-name.txt", good.replacen("05558012", "05558016", 1)),
        ("KeyId-mistyped.txt", format!("05558012+00000000+{material}")),
    ] {
        corpus.refuse("key", what, text.as_bytes(), &json!({}));
    }
}

fn ids(corpus: &mut Corpus) {
    let long_carrier = format!("05.{}", "a".repeat(33));
    let long_record = "x".repeat(65);
    for (kind, what, text) in [
        ("ags", "Ags-4-digits.txt", "0555"),
        ("ags", "Ags-letters.txt", "0555801a"),
        ("ags", "Ags-empty.txt", ""),
        ("ags", "Ags-other-digits.txt", "٠٥"),
        ("node", "Ags-node-without-digits.txt", "coesfeld"),
        ("node", "Ags-node-of-9-digits.txt", "055580121"),
        ("node", "Carrier-empty.txt", "05558012."),
        ("node", "Carrier-upper-case.txt", "05558012.Caritas"),
        ("node", "Carrier-underscore.txt", "05558012.a_b"),
        ("node", "Carrier-dot.txt", "05558012.a.b"),
        ("node", "Carrier-slash.txt", "05558012.a/b"),
        ("node", "Carrier-of-33.txt", long_carrier.as_str()),
        ("record", "Record-empty.txt", ""),
        ("record", "Record-of-65.txt", long_record.as_str()),
        ("record", "Record-quote.txt", "a\"b"),
        ("record", "Record-space.txt", "a b"),
        ("record", "Record-umlaut.txt", "ä"),
        ("record", "Record-line-feed.txt", "a\n"),
        ("feed", "Feed-unknown.txt", "history"),
        ("feed", "Feed-upper-case.txt", "Offers"),
        ("feed", "Feed-empty.txt", ""),
    ] {
        corpus.refuse("id", what, text.as_bytes(), &json!({"type":kind}));
    }
}
