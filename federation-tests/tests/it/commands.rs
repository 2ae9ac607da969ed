//! The real program from `init` to `export`, and a clear sentence for every mistake.

use std::collections::BTreeSet;
use std::fs;

use engagement_federation_tests::liar::{Liar, Reply};
use engagement_federation_tests::origin::Files;
use engagement_federation_tests::process::{self, Home, wait_until};
use serde_json::{Value, json};

/// Writes a file that `import` reads; returns its path.
pub(crate) fn file(home: &Home, name: &str, count: usize) -> String {
    let lines: String = (0..count)
        .map(|n| {
            let line = json!({
                "id": format!("{name}-{n}"), "title": format!("Vorlesen {name} {n}"),
                "description": format!("Wir lesen Kindern vor, Gruppe {n} von {name}."),
                "organisation": "Bücherei am Markt", "mode": "remote",
            });
            format!("{line}\n")
        })
        .collect();
    let path = home.path().join(format!("{name}.jsonl"));
    fs::write(&path, lines).unwrap();
    path.display().to_string()
}

fn total(home: &Home, words: &str) -> u64 {
    home.json(&["search", words, "--json"])["total"].as_u64().unwrap()
}

fn live(home: &Home) -> BTreeSet<String> {
    let live = home.list().into_iter().filter(|row| row["status"] == "live");
    live.map(|row| row["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_town_from_init_to_export() {
    let (town, neighbour) = (Home::init("05558012"), Home::init("05558016"));
    let import = file(&town, "gruppe", 12);
    // Without a running node everything works as well.
    let _printed = town.expect(&["import", &import]);
    assert_eq!((town.list().len(), total(&town, "vorlesen")), (12, 12));
    let origin = town.serve();
    let reader = neighbour.serve();
    neighbour.follow(&town, &origin.url);
    town.follow(&neighbour, &reader.url);
    wait_until("the neighbour finds all", || total(&neighbour, "vorlesen") == 12);
    // With a running node a change is there at once, and at the neighbour by the ping.
    let id = town.list()[3]["id"].as_str().unwrap().to_owned();
    let withdrawn = town.expect(&["withdraw", &id]);
    assert!(withdrawn.contains("1 zurückgezogen"), "{withdrawn}");
    assert_eq!(total(&town, "vorlesen"), 11);
    wait_until("the neighbour drops it", || total(&neighbour, "vorlesen") == 11);
    assert_eq!(live(&town).len(), 11);
    // Imported again it stays withdrawn.
    let again = town.json(&["import", &import, "--json"]);
    assert_eq!((again["new"].as_u64(), again["withdrawn_kept"].as_u64()), (Some(0), Some(1)));
    for home in [&town, &neighbour] {
        let status = home.json(&["status", "--json"]);
        assert_eq!((&status["serving"], &status["pending"]), (&json!(true), &json!(0)));
        // Two feeds of offers, and the list of what is held, once it is published.
        let proof = home.json(&["check", "--json"]);
        assert!((2..=3).contains(&proof["feeds"].as_u64().unwrap()), "{proof}");
        assert_eq!(proof["broken"], json!([]));
    }
    let walked = neighbour.expect(&["check", &origin.url, "--key", &town.key]);
    assert!(walked.contains("11 Angeboten"), "{walked}");
    // What is exported imports elsewhere as it was.
    let export = town.path().join("export.jsonl").display().to_string();
    let _printed = town.expect(&["export", &export]);
    // And here it is known again: nothing comes twice, nothing goes.
    let again = town.json(&["import", &export, "--dry-run", "--json"]);
    assert_eq!((&again["new"], &again["gone"]), (&json!(0), &json!(0)), "{again}");
    let moved = Home::init("05558024");
    let _printed = moved.expect(&["import", &export]);
    assert_eq!(live(&moved), live(&town));
    assert_eq!((origin.terminate(), reader.terminate()), (Some(0), Some(0)));
    assert_eq!(neighbour.json(&["status", "--json"])["serving"], json!(false));
    assert_eq!(total(&neighbour, "vorlesen"), 11, "the copy outlives its origin");
}

/// Runs a command that must fail, and returns its sentence.
fn sentence(home: &Home, arguments: &[&str]) -> String {
    let done = home.run(arguments);
    assert_eq!(done.code, Some(1), "{arguments:?}: {}{}", done.out, done.err);
    let (_log, sentence) = done.err.split_once("Fehler: ").expect(&done.err);
    sentence.to_owned()
}

#[test]
fn every_mistake_gets_a_sentence_and_loses_nothing() {
    let home = Home::init("05558012");
    let _printed = home.expect(&["import", &file(&home, "gruppe", 3)]);
    let config = home.path().join("node.toml");
    let good = fs::read_to_string(&config).unwrap();
    let server = home.serve();

    let second = sentence(&home, &["serve"]);
    assert!(second.contains("läuft bereits ein Knoten"), "{second}");
    let init = ["init", "--id", "05558012", "--name", "Stadt Coesfeld"];
    let exists = sentence(&home, &init);
    assert!(exists.contains("bereits einen Knoten") && exists.contains("Nichts"), "{exists}");

    let other = Home::init("05558016");
    let taken = server.url.trim_start_matches("http://").to_owned();
    let text = fs::read_to_string(other.path().join("node.toml")).unwrap();
    fs::write(other.path().join("node.toml"), text.replace("127.0.0.1:0", &taken)).unwrap();
    let port = sentence(&other, &["serve"]);
    assert!(port.contains(&taken) && port.contains("listen"), "{port}");
    assert_eq!(server.terminate(), Some(0));

    let broken: [(&str, &str, &[&str]); 4] = [
        ("listen = ", "listen = 127.0.0.1", &["Zeile", "Spalte", "node.example.toml"]),
        ("name = ", "nmae = ", &["Zeile", "gibt es hier nicht"]),
        ("id = \"05558012\"", "id = \"hallo\"", &["Zeile 2", "Spalte"]),
        ("id = \"05558012\"", "id = \"05558016\"", &["05558012", "05558016"]),
    ];
    for (from, to, words) in broken {
        fs::write(&config, good.replace(from, to)).unwrap();
        let said = sentence(&home, &["serve"]);
        for word in words {
            assert!(said.contains(word), "{to}: {said}");
        }
    }
    fs::write(&config, &good).unwrap();

    let key = home.path().join("node.key");
    let secret = fs::read_to_string(&key).unwrap();
    fs::write(&key, "nonsense").unwrap();
    let damaged = sentence(&home, &["serve"]);
    assert!(damaged.contains("keine Schlüsseldatei") && damaged.contains("Sicherung"), "{damaged}");
    assert!(!damaged.contains("nonsense"), "no secret is printed");
    fs::write(&key, secret).unwrap();

    let database = rusqlite::Connection::open(home.path().join("node.db")).unwrap();
    let version: i64 = database.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
    database.pragma_update(None, "user_version", 99).unwrap();
    let newer = sentence(&home, &["serve"]);
    assert!(newer.contains("Version 99") && newer.contains("unverändert"), "{newer}");
    let newer = sentence(&home, &["list"]);
    assert!(newer.contains("Version 99"), "{newer}");
    database.pragma_update(None, "user_version", version).unwrap();
    drop(database);

    for (arguments, words) in [
        (&["import", "/gibt/es/nicht.jsonl"][..], "lässt sich nicht lesen"),
        (&["withdraw", "gibt-es-nicht"], "kein Angebot dieses Knotens"),
        (&["peers", "remove", "05"], "keine Gegenstelle"),
        (&["export", "/gibt/es/nicht.jsonl"], "lässt sich nicht schreiben"),
    ] {
        let said = sentence(&home, arguments);
        assert!(said.contains(words), "{arguments:?}: {said}");
    }
    assert_eq!(live(&home).len(), 3);
    assert_eq!(home.json(&["check", "--json"])["broken"], json!([]));
}

#[test]
fn a_directory_without_a_node_says_how_to_make_one() {
    let empty = tempfile::tempdir().unwrap();
    for path in [empty.path().to_owned(), empty.path().join("fehlt")] {
        for arguments in [&["serve"][..], &["list"], &["status"], &["check"], &["search", "x"]] {
            let mut command = std::process::Command::new(process::program());
            command.args(arguments).arg("--dir").arg(&path);
            let done = process::run(&mut command);
            assert_eq!(done.code, Some(1), "{arguments:?}");
            assert!(
                done.err.contains("keinen Knoten") && done.err.contains("init"),
                "{}",
                done.err
            );
        }
    }
    assert!(fs::read_dir(empty.path()).unwrap().next().is_none(), "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_peer_that_is_none_is_named_and_the_rest_goes_on() {
    let (town, neighbour) = (Home::init("05558012"), Home::init("05558016"));
    let _printed = town.expect(&["import", &file(&town, "gruppe", 2)]);
    let origin = town.serve();
    let website = Liar::with(Files::new()).await;
    website.lie(|_, _| Reply::new(200, "<html><title>Willkommen</title></html>"));
    let url = website.url().to_owned();
    let reader = tokio::task::spawn_blocking(move || {
        let stranger = Home::init("05558024");
        neighbour.follow(&town, &origin.url);
        neighbour.follow(&stranger, &url);
        // The address of one town and the key of another: a mistake on the telephone.
        neighbour.follow(&Home::init("05334002"), &origin.url);
        let mut reader = neighbour.serve();
        let html = reader.wait_for("Webseite");
        assert!(html.contains("05558024"), "{html}");
        wait_until("the honest peer is there", || total(&neighbour, "vorlesen") == 2);
        wait_until("the other node is named", || {
            let error = last_error(&neighbour, "05334002");
            error.is_some_and(|error| error.contains("antwortet der Knoten 05558012"))
        });
        assert_eq!(neighbour.json(&["check", "--json"])["broken"], json!([]));
        assert_eq!((reader.terminate(), origin.terminate()), (Some(0), Some(0)));
    });
    reader.await.unwrap();
}

fn last_error(home: &Home, id: &str) -> Option<String> {
    let status = home.status();
    let peers = status["peers"].as_array().unwrap();
    let peer: &Value = peers.iter().find(|peer| peer["id"] == id)?;
    Some(peer["last_error"].as_str()?.to_owned())
}
