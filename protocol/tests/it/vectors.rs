//! The files in `testdata`: every case comes out as its manifest says, and no file drifts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engagement_protocol::document::{Document, DocumentError};
use engagement_protocol::hash::Hash;
use engagement_protocol::head::{Head, HeadError};
use engagement_protocol::id::{Ags, Feed, NodeId, RecordId};
use engagement_protocol::index::{Index, SliceRef};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::note;
use engagement_protocol::opportunity::Record;
use engagement_protocol::register::Row;
use engagement_protocol::register::anchor::{AnchorError, AnchorNote};
use engagement_protocol::replica::{Replica, Transfer, Want};
use engagement_protocol::slice::{self, Line};
use engagement_protocol::time::Timestamp;
use engagement_protocol::words;
use serde_json::{Value, json};

use crate::corpus;

/// What came out: the result, or the name of the error.
type Outcome = Result<Value, String>;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("testdata")
}

fn read_json(file: &str) -> Value {
    serde_json::from_slice(&std::fs::read(root().join(file)).unwrap()).unwrap()
}

/// Returns the variant's name.
fn name<E: std::fmt::Debug>(error: E) -> String {
    let text = format!("{error:?}");
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    text[..end].to_owned()
}

fn head_error(error: HeadError) -> String {
    if let HeadError::Note(inner) = error { name(inner) } else { name(error) }
}

fn document_error(error: DocumentError) -> String {
    if let DocumentError::Note(inner) = error { name(inner) } else { name(error) }
}

/// The keys of a case, read from their written form.
fn keys(args: &Value, known: &BTreeMap<String, VerifierKey>) -> Vec<VerifierKey> {
    let names = args["keys"].as_array().unwrap();
    names.iter().map(|name| known[name.as_str().unwrap()].clone()).collect()
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(value: &Value) -> T {
    value.as_str().unwrap().parse().unwrap()
}

fn run(area: &str, bytes: &[u8], args: &Value, known: &BTreeMap<String, VerifierKey>) -> Outcome {
    let text = || std::str::from_utf8(bytes).unwrap();
    let now = Timestamp::from_ms(args["now"].as_u64().unwrap_or_default());
    match area {
        "note" => {
            let limit = usize::try_from(args["limit"].as_u64().unwrap()).unwrap();
            assert_eq!(args["type"], corpus::TEST_TYPE);
            note::open::<Value>(bytes, corpus::TEST_TYPE, &keys(args, known), limit)
                .map(|body| json!({ "body": body }))
                .map_err(name)
        }
        "head" => {
            let (node, feed) = (parsed(&args["node"]), parsed(&args["feed"]));
            Head::verify(bytes, &node, feed, &keys(args, known), now)
                .map(|head| {
                    assert_eq!(head.bytes(), bytes, "kept as received");
                    json!({"node":head.node,"feed":head.feed,"seq":head.seq,"index":head.index.to_string(),
                        "issued":head.issued.as_ms(),"expires":head.expires.as_ms()})
                })
                .map_err(head_error)
        }
        "document" => Document::verify(bytes, &parsed(&args["node"]), &keys(args, known), now)
            .map(|document| json!({"name":document.name,"issued":document.issued.as_ms()}))
            .map_err(document_error),
        "index" => {
            let expected = args.get("expected").map_or_else(|| Hash::of(bytes), parsed);
            Index::verify(bytes, expected)
                .map(|index| json!({"k":index.k(),"bytes":index.bytes()}))
                .map_err(name)
        }
        "slice" => {
            let expected = args.get("expected").map_or_else(
                || SliceRef::to(bytes),
                |expected| SliceRef {
                    hash: parsed(&expected["hash"]),
                    length: u32::try_from(expected["length"].as_u64().unwrap()).unwrap(),
                },
            );
            let k = u8::try_from(args["k"].as_u64().unwrap()).unwrap();
            let position = u16::try_from(args["position"].as_u64().unwrap()).unwrap();
            slice::verify(bytes, expected, k, position)
                .map(|lines| json!({"ids":lines.iter().map(Line::id).collect::<Vec<_>>()}))
                .map_err(name)
        }
        "record" => match Record::read(&Line::read(bytes).unwrap()) {
            Record::Opportunity(_) => Ok(json!({"reads":"opportunity"})),
            Record::Unknown { kind } => Ok(json!({"reads":"unknown","kind":kind})),
            Record::Unreadable(error) => Err(name(error)),
        },
        "key" => (text().parse::<VerifierKey>())
            .map(|key| {
                assert_eq!(key.to_string(), text(), "one spelling");
                json!({"node":key.node(),"key_id":hex::encode(key.id())})
            })
            .map_err(name),
        "id" => match args["type"].as_str().unwrap() {
            "ags" => text().parse::<Ags>().map(drop),
            "node" => text().parse::<NodeId>().map(drop),
            "feed" => text().parse::<Feed>().map(drop),
            "record" => text().parse::<RecordId>().map(drop),
            other => panic!("no type {other}"),
        }
        .map(|()| json!({}))
        .map_err(name),
        "row" => Row::read(&Line::read(bytes).unwrap())
            .map(|row| json!({"id":row.id,"status":row.status,"keys":row.keys.len()}))
            .map_err(name),
        "anchor" => {
            let recovery = &known[args["recovery"].as_str().unwrap()];
            AnchorNote::verify(bytes, &parsed(&args["node"]), recovery, now)
                .map(|note| json!({"keys":note.keys,"issued":note.issued.as_ms()}))
                .map_err(|error| match error {
                    AnchorError::Note(inner) => name(inner),
                    other => name(other),
                })
        }
        "words" => Ok(json!({"words":words::of(&text().parse().unwrap())})),
        other => panic!("no area {other}"),
    }
}

fn known_keys() -> BTreeMap<String, VerifierKey> {
    let keys = read_json("keys.json");
    let keys = keys["keys"].as_array().unwrap();
    keys.iter()
        .map(|key| (key["name"].as_str().unwrap().to_owned(), parsed(&key["verifier"])))
        .collect()
}

#[test]
fn every_case_comes_out_as_the_manifest_says() {
    let (manifest, known) = (read_json("manifest.json"), known_keys());
    let mut wrong = Vec::new();
    let mut refused = 0;
    for case in manifest["cases"].as_array().unwrap() {
        let (file, area) = (case["file"].as_str().unwrap(), case["area"].as_str().unwrap());
        if area == "feed" {
            continue;
        }
        let bytes = std::fs::read(root().join(file)).unwrap();
        let expected = match &case["error"] {
            Value::String(error) => Err(error.clone()),
            _ => Ok(case["result"].clone()),
        };
        refused += usize::from(expected.is_err());
        let found = run(area, &bytes, &case["args"], &known);
        if found != expected {
            wrong.push(format!("{file}: expected {expected:?}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(refused >= 200, "{refused} inputs to refuse");
}

#[test]
fn the_folder_is_what_the_generator_writes() {
    fn walk(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else {
                let relative = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
                found.insert(relative, std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(&root(), &mut found);
    let made = corpus::build();
    assert!(found.keys().eq(made.keys()), "a file is missing or left over: run the generator");
    for (path, bytes) in &made {
        assert!(found[path] == *bytes, "{path} differs: run the generator");
    }
}

/// Fetches what `transfer` wants from a folder with the wire paths.
fn fetch(
    folder: &Path,
    mut transfer: Transfer,
    held: &BTreeMap<Hash, Line>,
) -> BTreeMap<Hash, Line> {
    let object = |hash: Hash| std::fs::read(folder.join("o").join(hash.to_string())).unwrap();
    loop {
        match transfer.want() {
            Want::Index(hash) => transfer.index(&object(hash)).unwrap(),
            Want::Recut { k } => transfer.recut(&crate::world::cut(held, k)).unwrap(),
            Want::Slices(wanted) => wanted
                .into_iter()
                .for_each(|(at, slice)| transfer.slice(at, &object(slice.hash)).unwrap()),
            Want::Nothing => break,
        }
    }
    crate::world::apply(held, &transfer.finish().unwrap())
}

#[test]
fn whole_feeds_replicate_from_nothing_and_from_the_state_before() {
    let (manifest, known) = (read_json("manifest.json"), known_keys());
    let mut before: Option<(Replica, BTreeMap<Hash, Line>)> = None;
    let mut feeds = 0;
    for case in manifest["cases"].as_array().unwrap().iter().filter(|case| case["area"] == "feed") {
        let (folder, args) = (root().join(case["file"].as_str().unwrap()), &case["args"]);
        let result = &case["result"];
        let now = Timestamp::from_ms(args["now"].as_u64().unwrap());
        let bytes = std::fs::read(folder.join("f/offers/head")).unwrap();
        let (node, feed) = (parsed(&args["node"]), parsed(&args["feed"]));
        let head = Head::verify(&bytes, &node, feed, &keys(args, &known), now).unwrap();
        assert_eq!(json!(head.seq), result["seq"]);
        let document = std::fs::read(folder.join("node")).unwrap();
        Document::verify(&document, &node, &keys(args, &known), now).unwrap();
        let nothing = BTreeMap::new();
        let fresh = fetch(&folder, Replica::empty().transfer(head.clone()), &nothing);
        if let Some((replica, held)) = before {
            assert_eq!(fetch(&folder, replica.transfer(head.clone()), &held), fresh);
        }
        let all = slice::write(fresh.values().map(Line::bytes));
        assert_eq!(json!(Hash::of(&all).to_string()), result["sha256"]);
        let unreadable = |line: &&Line| matches!(Record::read(line), Record::Unreadable(_));
        let unreadable: Vec<_> = fresh.values().filter(unreadable).map(Line::id).collect();
        assert_eq!(json!(unreadable), result["unreadable"]);
        assert_eq!(json!(fresh.len()), result["records"]);
        let index = std::fs::read(folder.join("o").join(head.index.to_string())).unwrap();
        let index = Index::verify(&index, head.index).unwrap();
        assert_eq!(json!(index.k()), result["k"]);
        before = Some((Replica::resume(head, index), fresh));
        feeds += 1;
    }
    assert_eq!(feeds, 5);
}
