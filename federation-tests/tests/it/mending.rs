//! What an operator does wrong or finds broken, and the sentence that says how to go on.

use std::fs;

use engagement_federation_tests::cluster::{Cluster, Reach};
use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::process::Home;
use engagement_federation_tests::records::{record, records};
use serde_json::json;

use crate::commands::file;

#[test]
fn what_is_done_already_is_said_and_changes_nothing() {
    let town = Home::init("05558012");
    let _printed = town.expect(&["import", &file(&town, "gruppe", 3)]);
    let ids: Vec<String> =
        town.list().iter().map(|row| row["id"].as_str().unwrap().to_owned()).collect();
    let first = town.expect(&["withdraw", &ids[0]]);
    assert!(first.contains("1 zurückgezogen."), "{first}");
    let more = town.expect(&["withdraw", &ids[0], &ids[1], &ids[1]]);
    assert!(more.contains("1 zurückgezogen, 1 schon vorher."), "{more}");
    let seq = town.json(&["status", "--json"])["seq"].clone();
    let none = town.expect(&["withdraw", &ids[0]]);
    assert!(none.contains("0 zurückgezogen, 1 schon vorher."), "{none}");
    assert_eq!(town.json(&["status", "--json"])["seq"], seq, "nothing new was published");
}

#[test]
fn a_script_reads_whom_a_node_follows() {
    let (town, neighbour) = (Home::init("05558012"), Home::init("05558016"));
    assert_eq!(town.json(&["peers", "list", "--json"]), json!([]));
    town.follow(&neighbour, "http://127.0.0.1:9");
    let listed = town.json(&["peers", "list", "--json"]);
    let expected = json!([{
        "id": "05558016", "name": "Dülmen", "url": "http://127.0.0.1:9",
        "key": neighbour.key, "relay": false,
    }]);
    assert_eq!(listed, expected);
    let inside = ["peers", "add", "http://10.0.0.1", "--id", "05558024", "--key", &neighbour.key];
    assert_eq!(town.run(&inside).code, Some(1), "an address of the town's own network");
    assert_eq!(town.json(&["peers", "list", "--json"]), expected);
}

#[test]
fn an_unknown_official_key_is_remarked_upon() {
    let dir = tempfile::tempdir().unwrap();
    let init = |id: &str| {
        let mut command =
            std::process::Command::new(engagement_federation_tests::process::program());
        command.args(["init", "--id", id, "--name", "Stadt", "--dir"]).arg(dir.path().join(id));
        engagement_federation_tests::process::run(&mut command)
    };
    let known = init("05558012");
    assert!(known.code == Some(0) && !known.out.contains("kennt das Verzeichnis"), "{}", known.out);
    let unknown = init("05999999");
    assert_eq!(unknown.code, Some(0), "{}", unknown.err);
    assert!(unknown.out.contains("05999999 kennt das Verzeichnis"), "{}", unknown.out);
}

#[test]
fn a_lost_key_for_messages_is_replaced_and_signing_goes_on_with_its_own() {
    let town = Home::init("05558012");
    fs::remove_file(town.path().join("seal.key")).unwrap();
    let refused = town.run(&["serve"]);
    assert_eq!(refused.code, Some(1));
    assert!(refused.err.contains("seal.key fehlt"), "{}", refused.err);
    assert!(refused.err.contains("rotate-key --lost"), "{}", refused.err);
    let mended = town.expect(&["rotate-key", "--lost"]);
    assert!(mended.contains("seal.key fehlte") && mended.contains("bleibt"), "{mended}");
    let server = town.serve();
    engagement_federation_tests::process::wait_until("the state is signed", || {
        town.run(&["check", &server.url, "--key", &town.key]).code == Some(0)
    });
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_disk_that_is_nearly_full_is_told_before_it_is() {
    let town = Home::init("05558012");
    assert_eq!(town.run(&["status"]).code, Some(0));
    let path = town.path().join("node.toml");
    let written = fs::read_to_string(&path).unwrap();
    // More than any disk has: whatever is free is less.
    fs::write(&path, format!("disk_reserve_mb = 1_000_000_000\n{written}")).unwrap();
    let is_told = || {
        let done = town.run(&["status"]);
        assert_eq!(done.code, Some(1), "{}", done.out);
        assert!(done.out.contains("ALARM: Der Datenträger"), "{}", done.out);
    };
    is_told();
    let server = town.serve();
    is_told();
    assert_eq!(server.terminate(), Some(0));
}

#[test]
fn a_damaged_database_is_named_once_with_the_way_back() {
    let town = Home::init("05558012");
    let _printed = town.expect(&["import", &file(&town, "gruppe", 3)]);
    let path = town.path().join("node.db");
    fs::write(&path, b"keine Datenbank".repeat(1_000)).unwrap();
    for beside in ["node.db-wal", "node.db-shm"] {
        drop(fs::remove_file(town.path().join(beside)));
    }
    let done = town.run(&["serve"]);
    assert_eq!(done.code, Some(1));
    let said = done.err.split_once("Fehler: ").expect(&done.err).1;
    assert_eq!(said.matches("not a database").count(), 1, "{said}");
    assert!(said.contains("restore") && said.contains("recover"), "{said}");
    let kept = fs::read(&path).unwrap();
    assert_eq!(kept, b"keine Datenbank".repeat(1_000), "nothing was overwritten");
}

#[test]
fn a_key_of_somebody_else_proves_nothing_about_a_node() {
    let (town, neighbour) = (Home::init("05558012"), Home::init("05558016"));
    let _printed = town.expect(&["import", &file(&town, "gruppe", 2)]);
    let (origin, relay) = (town.serve(), neighbour.serve());
    neighbour.follow(&town, &origin.url);
    engagement_federation_tests::process::wait_until("the copy is there", || {
        neighbour.run(&["check", &relay.url, "--key", &town.key, "--relayed"]).code == Some(0)
    });
    let other = neighbour.run(&["check", &relay.url, "--key", &town.key]);
    assert_eq!(other.code, Some(1), "{}", other.out);
    assert!(other.err.contains("05558016") && other.err.contains("--relayed"), "{}", other.err);
    assert_eq!((origin.terminate(), relay.terminate()), (Some(0), Some(0)));
}

#[tokio::test]
async fn what_the_origin_says_is_shown_before_what_a_relay_cannot() {
    let mut cluster = Cluster::new();
    let (origin, relay, reader) =
        (cluster.add("05558012").await, cluster.add("05558").await, cluster.add("05558016").await);
    let (id, key) = (cluster.id(origin).clone(), cluster.key(origin).clone());
    let website = Liar::before(cluster.url(origin)).await;
    website.lie(|_, _| Reply::new(200, "<html><title>Willkommen</title></html>"));
    cluster.follow(reader, relay, Reach::Node(relay), true).await;
    cluster.follow_key(reader, &id, key, Reach::Url(website.url().to_owned()), false).await;
    cluster.ask(reader, &id).await;
    let said = cluster.error(reader, &id);
    assert!(said.contains("Webseite"), "the relay has no copy, which is no news: {said}");
}

#[tokio::test]
async fn a_corrected_contact_arrives_with_the_next_change() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(follower, origin, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.advance(std::time::Duration::from_secs(900));
    cluster.stop(origin).await;
    cluster.set_option(origin, "contact", "ehrenamt@coesfeld.example");
    cluster.start(origin).await;
    cluster.publish(origin, &[record("b", "Kochen lernen")]).await.unwrap();
    cluster.sweep(follower).await;
    let id = cluster.id(origin).clone();
    let held = cluster
        .app(follower)
        .store()
        .read(move |tx| tx.document(&id))
        .await
        .unwrap()
        .expect("the node document is held");
    assert!(String::from_utf8_lossy(&held).contains("ehrenamt@coesfeld.example"));
}

#[test]
fn whoever_reads_the_first_line_only_gets_no_panic() {
    let town = Home::init("05558012");
    let _printed = town.expect(&["import", &file(&town, "gruppe", 3)]);
    for arguments in [&["status"][..], &["list"], &["keys"], &["list", "--json"]] {
        let mut command = town.command(arguments);
        let piped = std::process::Stdio::piped;
        let mut child = command.stdout(piped()).stderr(piped()).spawn().unwrap();
        drop(child.stdout.take());
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(done.status.success() && !said.contains("panicked"), "{arguments:?}: {said}");
    }
}

#[tokio::test]
async fn a_wrong_address_or_key_is_an_alarm_and_a_peer_that_is_away_is_none() {
    let mut cluster = Cluster::new();
    let (origin, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
    let (id, key) = (cluster.id(origin).clone(), cluster.key(origin).clone());
    let server = Liar::before(cluster.url(origin)).await;
    cluster.follow_key(reader, &id, key, Reach::Url(server.url().to_owned()), false).await;
    for (status, body, alarms, said) in [
        (503, "", 0, "der Betreiber"),
        (302, "", 1, "Umleitungen"),
        (200, "<html><title>Willkommen</title></html>", 1, "Webseite"),
        (200, "SSH-2.0-OpenSSH", 1, "kein Knoten"),
        (500, "", 0, "der Betreiber"),
    ] {
        server.lie(move |_, _| Reply::new(status, body));
        cluster.sweep(reader).await;
        let app = cluster.app(reader);
        let (config, now) = (app.config(), app.clock().now());
        let contacts = app.sync().contacts(engagement_protocol::id::Feed::Offers);
        let read = app.store().read_here(|tx| {
            engagement_node::app::status::Status::read(tx, (&config, &[]), Some(&contacts), now)
        });
        assert_eq!(read.unwrap().alarms.len(), alarms, "{status}");
        assert!(cluster.error(reader, &id).contains(said), "{}", cluster.error(reader, &id));
    }
}

#[tokio::test]
async fn what_is_altered_on_its_way_is_an_alarm_and_another_nodes_feed_is_named() {
    let mut cluster = Cluster::new();
    let (origin, reader) = (cluster.add("05558012").await, cluster.add("05558016").await);
    let other = cluster.add("05558024").await;
    let (id, key) = (cluster.id(origin).clone(), cluster.key(origin).clone());
    for at in [origin, other] {
        cluster.publish(at, &records("lesen", 2)).await.unwrap();
    }
    let server = Liar::before(cluster.url(origin)).await;
    cluster.follow_key(reader, &id, key.clone(), Reach::Url(server.url().to_owned()), false).await;
    server.lie(|_, answer| {
        let mut body = answer.body.to_vec();
        if let Some(letter) = body.iter_mut().rev().nth(20) {
            *letter = if *letter == b'A' { b'B' } else { b'A' };
        }
        Reply::new(answer.status, body)
    });
    cluster.sweep(reader).await;
    let alarms = cluster.status(reader).await.alarms;
    assert!(alarms.len() == 1 && alarms[0].contains("verändert"), "{alarms:?}");
    assert_eq!(alarms[0].matches("05558012:").count(), 1, "{alarms:?}");
    // The right key of the right node, and the address of another one.
    let wrong = Reach::Url(cluster.url(other).to_owned());
    cluster.follow_key(reader, &id, key, wrong, false).await;
    cluster.sweep(reader).await;
    let error = cluster.error(reader, &id);
    assert!(error.contains("antwortet der Knoten 05558024"), "{error}");
}
