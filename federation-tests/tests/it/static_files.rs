//! A town without a server: its feed is a folder of files, and no follower can tell the difference.

use std::collections::BTreeMap;
use std::path::Path;

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::origin::Files;
use engagement_federation_tests::process::Home;
use engagement_federation_tests::records::record;
use engagement_node::clock::{Clock as _, SystemClock};
use engagement_protocol::key::VerifierKey;

use crate::commands::file;

/// Reads a folder as a web server would that knows nothing of us.
fn files(folder: &Path) -> Files {
    fn collect(root: &Path, folder: &Path, files: &mut Files) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                files.insert(format!("/{name}"), std::fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    collect(folder, folder, &mut found);
    found
}

async fn reader(server: &Liar, key: &VerifierKey) -> (Cluster, usize) {
    let mut cluster = Cluster::new();
    let at = cluster.add("05558016").await;
    cluster.clock(at).set(SystemClock::new().now());
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, key.node(), key.clone(), url, false).await;
    cluster.sync_until_quiet().await;
    (cluster, at)
}

#[tokio::test]
async fn a_follower_cannot_tell_an_export_from_the_node() {
    let (town, out) = (Home::init("05558012"), tempfile::tempdir().unwrap());
    let folder = out.path().display().to_string();
    let early = town.run(&["feed", "export", &folder]);
    assert!(early.err.contains("noch nichts veröffentlicht"), "{}", early.err);
    let _printed = town.expect(&["import", &file(&town, "gruppe", 12)]);
    let _printed = town.expect(&["feed", "export", &folder]);
    let walked = town.expect(&["check", &folder, "--key", &town.key]);
    assert!(walked.contains("12 Angeboten"), "{walked}");
    let server = Liar::with(files(out.path())).await;
    let key: VerifierKey = town.key.parse().unwrap();
    let (cluster, at) = reader(&server, &key).await;
    assert_eq!(cluster.titles(at, "").await.len(), 12);
    assert_eq!(cluster.coverage(at).await, (2, 2, vec![]));
    let page = cluster.get(at, "/n/05558012/node").await;
    assert_eq!(page.status, 200, "the node document is there as well");
    // A change goes the same way, and what was withdrawn leaves the folder.
    let id = town.list()[0]["id"].as_str().unwrap().to_owned();
    let _printed = town.expect(&["withdraw", &id]);
    let _printed = town.expect(&["feed", "export", &folder]);
    let _printed = town.expect(&["feed", "export", &folder]);
    assert!(files(out.path()).values().all(|bytes| !String::from_utf8_lossy(bytes).contains(&id)));
    server.serve(files(out.path()));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 11);
    cluster.check().await;
    // One flipped byte in the folder is found.
    let object = files(out.path()).into_keys().find(|path| path.starts_with("/o/")).unwrap();
    let path = out.path().join(object.trim_start_matches('/'));
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[0] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    assert_eq!(town.run(&["check", &folder, "--key", &town.key]).code, Some(1));
}

#[tokio::test]
async fn a_folder_of_records_becomes_a_feed_without_a_node() {
    let (town, records) = (Home::init("05558012"), tempfile::tempdir().unwrap());
    let out = tempfile::tempdir().unwrap();
    let line = |id: &str, title: &str| {
        String::from_utf8(record(id, title).to_line().unwrap().bytes().to_vec()).unwrap()
    };
    let lines = [line("a", "Lesen üben"), line("b", "Kochen für viele")].join("\n");
    std::fs::write(records.path().join("eins.jsonl"), &lines).unwrap();
    let (from, to) = (records.path().display().to_string(), out.path().display().to_string());
    let key = town.path().join("node.key").display().to_string();
    let sign = ["feed", "sign", &from, "--key", &key, "--out", &to, "--name", "Stadt Coesfeld"];
    let said = town.expect(&sign);
    assert!(said.contains(&town.key), "{said}");
    let server = Liar::with(files(out.path())).await;
    let (cluster, at) = reader(&server, &town.key.parse().unwrap()).await;
    assert_eq!(cluster.titles(at, "").await.len(), 2);
    let before =
        cluster.seq(at, cluster.app(at).sync().followed().peers.keys().next().unwrap()).await;
    // Signed again without a change it is the same state; with one, the next.
    let _printed = town.expect(&sign);
    server.serve(files(out.path()));
    cluster.sweep(at).await;
    let id = "05558012".parse().unwrap();
    assert_eq!(cluster.seq(at, &id).await, before);
    std::fs::write(records.path().join("zwei.jsonl"), line("c", "Musik im Park")).unwrap();
    let _printed = town.expect(&sign);
    server.serve(files(out.path()));
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "").await.len(), 3);
    cluster.check().await;
    // A record that nobody could show is named with its line, and the old state stays.
    let state = files(out.path());
    for (text, words) in [
        ("{\"id\":\"d\",\"title\":\"x\"}", "Zeile 1"),
        ("kein JSON", "kein JSON-Objekt"),
        (&line("a", "Noch einmal"), "zweimal"),
    ] {
        std::fs::write(records.path().join("zwei.jsonl"), text).unwrap();
        let refused = town.run(&sign);
        assert_eq!(refused.code, Some(1));
        assert!(refused.err.contains(words), "{}", refused.err);
        assert_eq!(files(out.path()), state);
    }
}
