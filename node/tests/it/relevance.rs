//! How good the search is, measured on the project's own collection: a change that makes it worse is noticed here.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

/// What the collection scores now, less a margin for changes that are good elsewhere.
const LEAST: [(&str, f64); 2] = [("odd", 0.77), ("even", 0.69)];

fn figures(half: &str) -> Value {
    let collection = Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/eval");
    let output = Command::new(env!("CARGO_BIN_EXE_engagement-node"))
        .args(["eval-search", "--json", "--half", half])
        .arg("--queries")
        .arg(collection.join("queries.tsv"))
        .arg("--judgements")
        .arg(collection.join("judgements.tsv"))
        .arg("--data")
        .arg(collection.join("opportunities.jsonl"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_search_is_as_good_as_it_was() {
    for (half, least) in LEAST {
        let figures = figures(half);
        assert_eq!(figures["queries"], 45, "{half}");
        assert!(figures["ndcg_at_10"].as_f64().unwrap() >= least, "{half}: {figures}");
    }
}
