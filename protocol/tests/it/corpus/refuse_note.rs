//! Notes that must be refused, and the heads and node documents among them.

use engagement_protocol::limits::{DOCUMENT_BYTES, HEAD_BYTES, HEAD_LIFE, ISSUED_AHEAD, SEQ_AHEAD};
use serde_json::{Value, json};

use super::{
    Corpus, NOW, TEST_TYPE, TOWN, document, head, key, note, signature, signature_line, with,
};

const BODY: &str = "{\"a\":1}";

/// A signature of `engagement/test/1\n{"a":1}\n` by the town's key with R = the point of order one.
///
/// Made with S = k·a, so that the cofactorless equation holds: a reader that is not strict accepts it.
const SMALL_ORDER_R: &str = "0100000000000000000000000000000000000000000000000000000000000000\
                             d33677626ed7ce4abbc7eb8cf2cb0cd93e01c70c2b1d77b11e5a9c9e57e02b0c";

/// The order of the base point, little endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

pub(super) fn add(corpus: &mut Corpus) {
    shapes(corpus);
    signatures(corpus);
    bodies(corpus);
    heads(corpus);
    documents(corpus);
}

fn args() -> Value {
    json!({"type":TEST_TYPE,"limit":4096,"keys":["town"]})
}

fn text(body: &str) -> String {
    format!("{TEST_TYPE}\n{body}\n")
}

fn good_line() -> String {
    signature_line("town", &signature(&text(BODY), "town"))
}

fn shapes(corpus: &mut Corpus) {
    let mut refuse = |what: &str, bytes: &[u8]| corpus.refuse("note", what, bytes, &args());
    let (text, line) = (text(BODY), good_line());
    let long = format!("{{\"a\":\"{}\"}}", "x".repeat(4096));
    refuse("TooLarge-body.note", &note(&self::text(&long), &["town"]));
    refuse("Malformed-empty.note", b"");
    refuse("Malformed-only-text.note", text.as_bytes());
    refuse("Malformed-no-signature.note", format!("{text}\n").as_bytes());
    refuse("Malformed-no-empty-line.note", format!("{text}{line}").as_bytes());
    refuse("Malformed-unended.note", format!("{text}\n{}", line.trim_end()).as_bytes());
    refuse("Malformed-two-empty-lines.note", &note(&format!("{text}\n"), &["town"]));
    refuse("Malformed-text-behind-signatures.note", format!("{text}\n{line}more\n").as_bytes());
    refuse("Malformed-not-utf8.note", &[text.as_bytes(), b"\n\xff", line.as_bytes()].concat());
    let crlf = format!("{text}\n{line}").replace('\n', "\r\n");
    refuse("Malformed-crlf.note", crlf.as_bytes());
    for (what, body) in [
        ("Malformed-tab.note", "{\"a\":\t1}"),
        ("Malformed-delete.note", "{\"a\":\"\u{7f}\"}"),
        ("Malformed-c1-control.note", "{\"a\":\"\u{85}\"}"),
        ("Malformed-nul.note", "{\"a\":\"\u{0}\"}"),
    ] {
        refuse(what, &note(&self::text(body), &["town"]));
    }
    let (name, encoded) = line.trim_end().strip_prefix("— ").unwrap().split_once(' ').unwrap();
    // 68 bytes end in one `=`; the last letter before it carries bits that must be zero.
    let trailing = {
        let stem = encoded.strip_suffix('=').unwrap();
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let last = letters.find(stem.chars().next_back().unwrap()).unwrap();
        format!("{}{}=", &stem[..stem.len() - 1], &letters[last + 1..last + 2])
    };
    for (what, line) in [
        ("Malformed-hyphen-instead-of-dash.note", format!("- {name} {encoded}\n")),
        ("Malformed-signature-without-name.note", format!("—  {encoded}\n")),
        ("Malformed-name-with-plus.note", format!("— {name}+1 {encoded}\n")),
        ("Malformed-two-spaces.note", format!("— {name}  {encoded}\n")),
        (
            "Malformed-base64-without-padding.note",
            format!("— {name} {}\n", encoded.trim_end_matches('=')),
        ),
        ("Malformed-base64-trailing-bits.note", format!("— {name} {trailing}\n")),
        (
            "Malformed-base64-url-alphabet.note",
            format!("— {name} {}_{}\n", &encoded[..40], &encoded[41..]),
        ),
        ("Malformed-key-id-only.note", signature_line("town", b"")),
        ("Malformed-17-signatures.note", line.repeat(17)),
    ] {
        refuse(what, format!("{text}\n{line}").as_bytes());
    }
    for (what, text) in [
        ("Malformed-three-lines.note", format!("{TEST_TYPE}\n{BODY}\n{BODY}\n")),
        ("Malformed-no-body.note", format!("{TEST_TYPE}\n")),
        ("Malformed-list.note", self::text("[1]")),
        ("Malformed-space-before-body.note", self::text(" {\"a\":1}")),
        ("Malformed-space-behind-body.note", self::text("{\"a\":1} ")),
    ] {
        refuse(what, &note(&text, &["town"]));
    }
}

fn signatures(corpus: &mut Corpus) {
    let mut refuse = |what: &str, bytes: &[u8]| corpus.refuse("note", what, bytes, &args());
    let text = text(BODY);
    refuse("UnknownKey-another-key.note", &note(&text, &["town-next"]));
    refuse("UnknownKey-another-name.note", &note(&text, &["neighbour"]));
    let renamed = String::from_utf8(note(&text, &["town"])).unwrap();
    refuse(
        "UnknownKey-known-key-under-another-name.note",
        renamed.replace(TOWN, "05558016").as_bytes(),
    );
    refuse("Forged-altered-body.note", renamed.replace(":1}", ":2}").as_bytes());
    refuse("Forged-altered-type.note", renamed.replace("test", "head").as_bytes());
    let good = signature(&text, "town");
    let (r, s) = good.split_at(32);
    let mut carry = 0;
    let mut malleable = r.to_vec();
    for (byte, order) in s.iter().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        malleable.push(sum.to_le_bytes()[0]);
        carry = sum >> 8;
    }
    let bare = signature(text.trim_end(), "town");
    let bad = signature("other", "town");
    for (what, lines) in [
        ("Forged-signature-without-last-line-feed.note", signature_line("town", &bare)),
        ("Forged-63-bytes.note", signature_line("town", &good[..63])),
        ("Forged-65-bytes.note", signature_line("town", &[&good[..], &[0]].concat())),
        ("Forged-zeros.note", signature_line("town", &[0; 64])),
        ("Forged-malleable-s.note", signature_line("town", &malleable)),
        ("Forged-small-order-r.note", signature_line("town", &hex::decode(SMALL_ORDER_R).unwrap())),
        ("Forged-good-then-bad.note", good_line() + &signature_line("town", &bad)),
        ("Forged-bad-then-good.note", signature_line("town", &bad) + &good_line()),
    ] {
        refuse(what, format!("{text}\n{lines}").as_bytes());
    }
    let both = json!({"type":TEST_TYPE,"limit":4096,"keys":["town","town-next"]});
    let lines = good_line() + &signature_line("town-next", &bad);
    let mixed = format!("{text}\n{lines}");
    corpus.refuse("note", "Forged-one-good-one-bad-key.note", mixed.as_bytes(), &both);
    let nobody = json!({"type":TEST_TYPE,"limit":4096,"keys":[]});
    corpus.refuse("note", "UnknownKey-no-keys.note", &note(&text, &["town"]), &nobody);
}

fn bodies(corpus: &mut Corpus) {
    let mut refuse = |what: &str, text: &str| {
        corpus.refuse("note", what, &note(text, &["town"]), &args());
    };
    refuse("WrongType-message.note", &format!("engagement/message/1\n{BODY}\n"));
    refuse("WrongType-version-2.note", &format!("engagement/test/2\n{BODY}\n"));
    refuse("WrongType-longer-name.note", &format!("{TEST_TYPE}0\n{BODY}\n"));
    refuse("WrongType-byte-order-mark.note", &format!("\u{feff}{TEST_TYPE}\n{BODY}\n"));
    let deep = format!("{{\"a\":{}{}}}", "[".repeat(16), "]".repeat(16));
    for (what, body) in [
        ("Json-duplicate-key.note", r#"{"a":1,"a":1}"#),
        ("Json-duplicate-key-escaped.note", r#"{"a":1,"\u0061":2}"#),
        ("Json-duplicate-key-nested.note", r#"{"a":[{"b":1,"b":2}]}"#),
        ("Json-depth-17.note", &deep),
        ("Json-fraction.note", r#"{"a":1.5}"#),
        ("Json-fraction-that-is-whole.note", r#"{"a":1.0}"#),
        ("Json-exponent.note", r#"{"a":1e3}"#),
        ("Json-negative.note", r#"{"a":-1}"#),
        ("Json-negative-zero.note", r#"{"a":-0}"#),
        ("Json-leading-zero.note", r#"{"a":01}"#),
        ("Json-above-2-53.note", r#"{"a":9007199254740992}"#),
        ("Json-above-2-64.note", r#"{"a":18446744073709551616}"#),
        ("Json-lone-surrogate.note", r#"{"a":"\ud800"}"#),
        ("Json-trailing-comma.note", r#"{"a":1,}"#),
        ("Json-comment.note", r#"{"a":1/**/}"#),
        ("Json-two-objects.note", "{\"a\":1} {}"),
        ("Json-nan.note", r#"{"a":NaN}"#),
        ("Json-single-quotes.note", "{'a':1}"),
        ("Json-unclosed.note", r#"{"a":{"b":1}"#),
    ] {
        refuse(what, &text(body));
    }
}

fn heads(corpus: &mut Corpus) {
    let args = |keys: Value| json!({"node":TOWN,"feed":"offers","keys":keys,"now":NOW.as_ms()});
    let town = args(json!(["town"]));
    let signed = |body: &Value, keys: &[&str]| note(&format!("engagement/head/1\n{body}\n"), keys);
    corpus.refuse("head", "UnknownKey-another-key.note", &signed(&head(), &["town-next"]), &town);
    let listed = args(json!(["town", "neighbour"]));
    let foreign = signed(&head(), &["neighbour"]);
    corpus.refuse("head", "UnknownKey-key-of-another-node.note", &foreign, &listed);
    let forged = String::from_utf8(signed(&head(), &["town"])).unwrap().replace("abab", "abac");
    corpus.refuse("head", "Forged-another-index.note", forged.as_bytes(), &town);
    let padding = json!({"padding":"x".repeat(HEAD_BYTES)});
    let (seq, issued) = (NOW.plus(SEQ_AHEAD).as_ms() + 1, NOW.plus(ISSUED_AHEAD).as_ms() + 1);
    let expires = NOW.plus(HEAD_LIFE).as_ms() + 1;
    for (what, changes) in [
        ("TooLarge-padding.note", padding),
        ("Misplaced-another-node.note", json!({"node":"05558016"})),
        ("Misplaced-carrier-inside.note", json!({"node":"05558012.caritas-coesfeld"})),
        ("Misplaced-another-feed.note", json!({"feed":"members"})),
        ("Future-seq.note", json!({ "seq": seq })),
        ("Future-issued.note", json!({"issued":issued,"expires":issued})),
        ("Life-one-millisecond-more.note", json!({ "expires": expires })),
        ("Life-ends-before-it-begins.note", json!({"expires":NOW.as_ms()-1})),
        ("Field-no-expires.note", json!({"expires":null})),
        ("Field-no-seq.note", json!({"seq":null})),
        ("Field-seq-is-text.note", json!({"seq":"1767312000000"})),
        ("Field-index-upper-case.note", json!({"index":"AB".repeat(32)})),
        ("Field-index-too-short.note", json!({"index":"ab".repeat(31)})),
        ("Field-index-not-hex.note", json!({"index":"xy".repeat(32)})),
        ("Field-unknown-feed.note", json!({"feed":"history"})),
        ("Field-feed-upper-case.note", json!({"feed":"Offers"})),
        ("Field-node-of-four-digits.note", json!({"node":"0555"})),
    ] {
        corpus.refuse("head", what, &signed(&with(head(), &changes), &["town"]), &town);
    }
    let other = note(&format!("engagement/node/1\n{}\n", head()), &["town"]);
    corpus.refuse("head", "WrongType-node-document.note", &other, &town);
}

fn documents(corpus: &mut Corpus) {
    let args = |keys: Value| json!({"node":TOWN,"keys":keys,"now":NOW.as_ms()});
    let town = args(json!(["town"]));
    let signed = |body: &Value, keys: &[&str]| note(&format!("engagement/node/1\n{body}\n"), keys);
    let itself = with(document(), &json!({"keys":[key("town-next").verifier()]}));
    let itself = signed(&itself, &["town-next"]);
    corpus.refuse("document", "UnknownKey-vouches-for-itself.note", &itself, &town);
    let foreign = signed(&document(), &["county"]);
    let listed = args(json!(["town", "county"]));
    corpus.refuse("document", "UnknownKey-key-of-another-node.note", &foreign, &listed);
    let mistyped = key("town").verifier().to_string().replacen("+", "+0", 1);
    for (what, changes) in [
        ("TooLarge-padding.note", json!({"padding":"x".repeat(DOCUMENT_BYTES)})),
        ("Misplaced-another-node.note", json!({"node":"05558016","keys":[]})),
        ("Future-issued.note", json!({"issued":NOW.plus(ISSUED_AHEAD).as_ms()+1})),
        ("ForeignKey-neighbours.note", json!({"keys":[key("neighbour").verifier()]})),
        ("Text-name-empty.note", json!({"name":" "})),
        ("Text-name-reversed.note", json!({"name":"Stadt \u{202e}dlefseoC"})),
        ("Text-name-of-201.note", json!({"name":"x".repeat(201)})),
        ("Text-contact-with-line-feed.note", json!({"contact":"a\nb"})),
        ("Text-software-with-escape.note", json!({"software":"\u{1b}[2J"})),
        ("Field-no-name.note", json!({"name":null})),
        ("Field-key-mistyped.note", json!({"keys":[mistyped]})),
        ("Field-relay-is-no-node.note", json!({"relays":["5"]})),
        ("Field-seal-is-a-list.note", json!({"seal":["0123456789abcdef","AA=="]})),
        ("Field-urls-is-text.note", json!({"urls":"https://ehrenamt.coesfeld.example"})),
    ] {
        corpus.refuse("document", what, &signed(&with(document(), &changes), &["town"]), &town);
    }
    let other = note(&format!("engagement/head/1\n{}\n", document()), &["town"]);
    corpus.refuse("document", "WrongType-head.note", &other, &town);
}
