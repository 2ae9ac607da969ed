//! The test vectors of `SPEC.md` section 15, made from fixed seeds: the same bytes on every machine.
//!
//! Signatures are made with the library and not with [`engagement_protocol::note::sign`], so that notes
//! which our own signer would never write can be written here.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use engagement_protocol::key::SigningKey;
use engagement_protocol::limits::HEAD_LIFE;
use engagement_protocol::seal::SealSecret;
use engagement_protocol::time::Timestamp;
use serde_json::{Value, json};

#[path = "corpus/accept.rs"]
mod accept;
#[path = "corpus/refuse.rs"]
mod refuse;
#[path = "corpus/refuse_note.rs"]
mod refuse_note;
#[path = "corpus/register.rs"]
mod register;

/// The reader's clock in every case: 2026-01-02T00:00:00Z.
pub(crate) const NOW: Timestamp = Timestamp::from_ms(1_767_312_000_000);
/// The node that most cases speak of.
pub(crate) const TOWN: &str = "05558012";
/// The note type that belongs to nobody.
pub(crate) const TEST_TYPE: &str = "engagement/test/1";

const README: &str = include_str!("corpus/README.md");

/// Throwaway keys: name, node, byte that fills the seed.
const KEYS: &[(&str, &str, u8)] = &[
    ("town", TOWN, 1),
    ("town-next", TOWN, 2),
    ("county", "05558", 3),
    ("state", "05", 4),
    ("carrier", "05558012.caritas-coesfeld", 5),
    ("neighbour", "05558016", 6),
];

/// Returns every file of the folder by its path.
pub(crate) fn build() -> BTreeMap<String, Vec<u8>> {
    let mut corpus = Corpus::default();
    accept::add(&mut corpus);
    refuse_note::add(&mut corpus);
    refuse::add(&mut corpus);
    register::add(&mut corpus);
    corpus.finish()
}

/// Returns the key of this name.
pub(crate) fn key(name: &str) -> SigningKey {
    let (_, node, seed) = KEYS.iter().find(|(known, ..)| *known == name).unwrap();
    SigningKey::from_seed(node.parse().unwrap(), &[*seed; 32])
}

/// What grows while the cases are written down.
#[derive(Default)]
struct Corpus {
    files: BTreeMap<String, Vec<u8>>,
    cases: Vec<Value>,
}

impl Corpus {
    fn accept(&mut self, area: &str, file: &str, bytes: &[u8], args: &Value, result: &Value) {
        let file = format!("accept/{area}/{file}");
        assert!(self.files.insert(file.clone(), bytes.to_vec()).is_none(), "{file} twice");
        self.cases.push(json!({"file":file,"area":area,"args":args,"result":result}));
    }

    /// `what` is `<Error>-<what>.<ext>`.
    fn refuse(&mut self, area: &str, what: &str, bytes: &[u8], args: &Value) {
        let (error, _) = what.split_once('-').unwrap();
        let file = format!("refuse/{area}/{what}");
        assert!(self.files.insert(file.clone(), bytes.to_vec()).is_none(), "{file} twice");
        self.cases.push(json!({"file":file,"area":area,"args":args,"error":error}));
    }

    fn finish(mut self) -> BTreeMap<String, Vec<u8>> {
        let keys: Vec<_> = KEYS
            .iter()
            .map(|(name, node, seed)| {
                let key = key(name);
                json!({"name":name,"node":node,"seed":hex::encode([*seed; 32]),
                    "secret":key.to_secret_text().as_str(),"verifier":key.verifier()})
            })
            .collect();
        let seal = SealSecret::from_seed([7; 32]);
        let keys = json!({"now":NOW.as_ms(),"keys":keys,
            "seal":{"secret":seal.to_secret_text().as_str(),"public":seal.public()}});
        let manifest = json!({"version":1,"now":NOW.as_ms(),"cases":self.cases});
        let pretty = |value: &Value| serde_json::to_string_pretty(value).unwrap() + "\n";
        self.files.insert("keys.json".to_owned(), pretty(&keys).into_bytes());
        self.files.insert("manifest.json".to_owned(), pretty(&manifest).into_bytes());
        self.files.insert("README.md".to_owned(), README.as_bytes().to_vec());
        self.files.insert(".gitattributes".to_owned(), b"* -text\n".to_vec());
        self.files
    }
}

/// Returns the bytes behind the key id of a signature of `text`.
fn signature(text: &str, name: &str) -> [u8; 64] {
    let (_, _, seed) = KEYS.iter().find(|(known, ..)| *known == name).unwrap();
    ed25519_dalek::SigningKey::from_bytes(&[*seed; 32]).sign(text.as_bytes()).to_bytes()
}

/// Returns a signature line of `signature` under the name and id of a key.
fn signature_line(name: &str, signature: &[u8]) -> String {
    let key = key(name);
    let material = [&key.verifier().id()[..], signature].concat();
    format!("— {} {}\n", key.verifier().node(), STANDARD.encode(material))
}

/// Returns `text` as a note, signed by these keys whatever it is.
fn note(text: &str, keys: &[&str]) -> Vec<u8> {
    let lines: String =
        keys.iter().map(|name| signature_line(name, &signature(text, name))).collect();
    format!("{text}\n{lines}").into_bytes()
}

/// The fields of a head that nothing is wrong with.
fn head() -> Value {
    json!({"node":TOWN,"feed":"offers","seq":NOW.as_ms(),"index":"ab".repeat(32),
        "issued":NOW.as_ms(),"expires":NOW.plus(HEAD_LIFE).as_ms()})
}

/// The fields of a node document that nothing is wrong with.
fn document() -> Value {
    json!({"node":TOWN,"name":"Stadt Coesfeld","urls":["https://ehrenamt.coesfeld.example"],
        "keys":[key("town").verifier()],"feeds":["offers"],"relays":["05558"],"issued":NOW.as_ms()})
}

/// A record that nothing is wrong with, without its id.
fn record() -> Value {
    json!({"kind":"opportunity","direction":"seek","title":"Lesepatin oder Lesepate gesucht",
        "description":"Einmal in der Woche mit zwei Kindern lesen.",
        "organisation":{"name":"Musterverein e. V."},"places":[{"plz":"48653"}],
        "status":"live","valid_until":"2026-07-02"})
}

/// Returns `value` with some fields replaced; `null` removes one.
fn with(mut value: Value, changes: &Value) -> Value {
    for (key, change) in changes.as_object().unwrap() {
        if change.is_null() {
            value.as_object_mut().unwrap().remove(key);
        } else {
            value[key] = change.clone();
        }
    }
    value
}

/// Returns a record line: the id first, the other fields sorted.
fn line(id: &str, fields: &Value) -> Vec<u8> {
    let rest = fields.to_string();
    format!("{{\"id\":\"{id}\",{}", rest.strip_prefix('{').unwrap()).into_bytes()
}
