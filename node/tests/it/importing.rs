//! A trial run tells what a run would do, and does nothing.

use std::sync::Arc;

use engagement_node::app::import::{self, ImportError, Summary, Wishes};
use engagement_node::domain::import::{Format, Options, read};
use engagement_node::entropy::SeededEntropy;
use engagement_protocol::time::Timestamp;
use serde_json::{Value, json};

use super::index::{Node, node};

const RUN: Wishes = Wishes { dry_run: false, allow_shrink: false, revive: false };
const TRIAL: Wishes = Wishes { dry_run: true, ..RUN };

async fn import(node: &Node, lines: &[Value], wishes: Wishes) -> Result<Summary, ImportError> {
    let now = Timestamp::from_ms(1_795_000_000_000);
    let options = Options { source: None, default_source: "test".to_owned(), today: now.day() };
    let text = lines.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
    let batch = read(text.as_bytes(), Format::Jsonl, &options).unwrap();
    let entropy = Arc::new(SeededEntropy::new(u64::from(wishes.dry_run)));
    import::run(node.app.store(), batch, &options, wishes, entropy, now).await
}

fn offer(id: u32, title: &str) -> Value {
    json!({"source":{"system":"x","id":id.to_string()},"title":title,"description":"Wir suchen Hilfe.",
        "organisation":"Musterverein e. V.","places":[{"plz":"48653"}]})
}

#[tokio::test]
async fn a_trial_run_names_every_record_and_changes_nothing() {
    let node = node().await;
    let mut lines: Vec<Value> = (1..=6).map(|id| offer(id, "Lesepatin gesucht")).collect();
    assert_eq!(import(&node, &lines, RUN).await.unwrap().difference, None);
    lines[0]["title"] = json!("Vorlesen am Abend");
    lines[0]["seats"] = json!(3);
    lines[1]["phone"] = json!("nicht öffentlich");
    lines.remove(5);
    lines.push(offer(7, "Garten pflegen"));
    lines.push(json!({"source":{"system":"x","id":"8"},"title":"Ohne Text"}));
    let trial = import(&node, &lines, TRIAL).await.unwrap();
    let difference = trial.difference.clone().unwrap();
    let named = |entries: &[import::difference::Entry]| {
        entries.iter().map(|e| (e.source.id.clone(), e.title.clone())).collect::<Vec<_>>()
    };
    let pair = |id: &str, title: &str| (id.to_owned(), title.to_owned());
    assert_eq!(named(&difference.new), [pair("7", "Garten pflegen")]);
    let changed = [pair("1", "Vorlesen am Abend"), pair("2", "Lesepatin gesucht")];
    assert_eq!(named(&difference.changed), changed);
    let fields: Vec<_> = difference.changed.iter().map(|e| e.fields.clone().unwrap()).collect();
    assert_eq!(fields, [vec!["seats".to_owned(), "title".to_owned()], Vec::new()]);
    assert_eq!(named(&difference.gone), [pair("6", "Lesepatin gesucht")]);
    assert_eq!(trial.refused[0].source.as_ref().unwrap().id, "8");
    assert_eq!(trial.shrink, None);
    // The trial wrote nothing: the run finds the same, and counts as scripts know it.
    let run = import(&node, &lines, RUN).await.unwrap();
    assert_eq!(Summary { difference: Some(difference), ..run.clone() }, trial);
    let json = serde_json::to_value(&run).unwrap();
    for (key, count) in [("new", 1), ("changed", 2), ("unchanged", 3), ("gone", 1), ("restored", 0)]
    {
        assert_eq!(json[key], json!(count), "{key}");
    }
}

#[tokio::test]
async fn a_trial_run_shows_what_the_guard_would_refuse() {
    let node = node().await;
    let lines: Vec<Value> = (1..=6).map(|id| offer(id, "Lesepatin gesucht")).collect();
    let _summary = import(&node, &lines, RUN).await.unwrap();
    let refused = import(&node, &lines[..3], RUN).await.unwrap_err();
    assert!(matches!(refused, ImportError::Shrink(_)), "{refused}");
    let trial = import(&node, &lines[..3], TRIAL).await.unwrap();
    assert_eq!(trial.shrink.map(|shrink| (shrink.gone, shrink.of)), Some((3, 6)));
    assert_eq!(trial.difference.unwrap().gone.len(), 3);
    assert_eq!(import(&node, &lines, RUN).await.unwrap().unchanged, 6, "nothing went");
}

#[tokio::test]
async fn what_comes_back_is_restored() {
    let node = node().await;
    let lines: Vec<Value> = (1..=6).map(|id| offer(id, "Lesepatin gesucht")).collect();
    let _summary = import(&node, &lines, RUN).await.unwrap();
    assert_eq!(import(&node, &lines[1..], RUN).await.unwrap().gone, 1);
    let trial = import(&node, &lines, TRIAL).await.unwrap();
    assert_eq!((trial.changed, trial.restored), (1, 1));
    assert!(trial.difference.unwrap().changed[0].restored);
    assert_eq!(import(&node, &lines, RUN).await.unwrap().restored, 1);
}

#[tokio::test]
async fn an_id_that_is_taken_is_replaced_and_named() {
    let node = node().await;
    let id = "01KAB3V8H6T4N2M5Q7R9S1W3XZ";
    let mut lines = [offer(1, "Lesepatin gesucht"), offer(2, "Garten pflegen")];
    lines.iter_mut().for_each(|line| line["id"] = json!(id));
    for wishes in [TRIAL, RUN] {
        let warnings = import(&node, &lines, wishes).await.unwrap().warnings;
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        assert!(warnings[0].line == 2 && warnings[0].text.contains(id), "{warnings:?}");
    }
}
