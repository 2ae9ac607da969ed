//! A new town replicates the whole state after one command, and only if the fingerprint is right.

use engagement_federation_tests::process::{Home, wait_until};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::words;

use crate::commands::file;

fn total(home: &Home) -> u64 {
    home.json(&["search", "vorlesen", "--json"])["total"].as_u64().unwrap()
}

#[test]
fn one_command_takes_a_new_town_to_the_whole_state() {
    let (land, kreis) = (Home::init("05"), Home::init("05558"));
    let (town, new) = (Home::init("05558012"), Home::init("05334002"));
    let _printed = town.expect(&["import", &file(&town, "gruppe", 5)]);
    let (at_land, at_kreis) = (land.serve(), kreis.serve());
    let at_town = town.serve();
    let list = |register: &Home, of: &Home, url: &str, more: &[&str]| {
        let add = ["register", "add", "--id", &of.id, "--key", &of.key, "--url", url];
        register.expect(&[&add[..], more].concat())
    };
    let _printed = list(&land, &kreis, &at_kreis.url, &["--register"]);
    let said = list(&kreis, &town, &at_town.url, &["--name", "Stadt Coesfeld"]);
    let key: VerifierKey = land.key.parse().unwrap();
    let town_key: VerifierKey = town.key.parse().unwrap();
    assert!(said.contains(&words::of(&town_key)), "{said}");

    let config = std::fs::read_to_string(new.path().join("node.toml")).unwrap();
    let at_new = new.serve();
    // Without a word about the fingerprint, and with a wrong one, nothing happens.
    let wrong = words::of(&town_key);
    let attempts: [&[&str]; 2] =
        [&["join", &at_land.url], &["join", &at_land.url, "--fingerprint", &wrong]];
    for attempt in attempts {
        let refused = new.run(attempt);
        assert_eq!(refused.code, Some(1), "{}", refused.out);
        assert!(refused.err.contains("Nichts wurde geändert"), "{}", refused.err);
        assert_eq!(std::fs::read_to_string(new.path().join("node.toml")).unwrap(), config);
    }
    // Right, while it runs.
    let said = new.expect(&["join", &at_land.url, "--fingerprint", &words::of(&key)]);
    assert!(said.contains(&words::of(&key)) && said.contains(&new.key), "{said}");
    wait_until("the whole state is there", || total(&new) == 5);
    assert_eq!(new.json(&["check", "--json"])["broken"], serde_json::json!([]));
    let listed = new.json(&["register", "list", "--json"]);
    let of =
        |id: &str| listed.as_array().unwrap().iter().find(|row| row["id"] == id).unwrap().clone();
    assert_eq!((&of("05")["by"], &of("05")["register"]), (&"anchor".into(), &true.into()));
    assert_eq!(
        (&of("05558012")["by"], &of("05558012")["status"]),
        (&"05558".into(), &"active".into())
    );
    assert_eq!(of("05558012")["name"], "Stadt Coesfeld");
    // Suspended by one command at the register, gone from the other end of the state.
    let _printed = kreis.expect(&["register", "suspend", &town.id]);
    wait_until("it is hidden", || total(&new) == 0);
    let _printed = kreis.expect(&["register", "resume", &town.id]);
    wait_until("it is back", || total(&new) == 5);
    assert_eq!(at_new.terminate(), Some(0));

    // Before the first start it works as well, without a question with --yes.
    let second = Home::init("05554016");
    let _printed = second.expect(&["join", &at_land.url, "--yes"]);
    let _at_second = second.serve();
    wait_until("the whole state is there", || total(&second) == 5);
}

#[test]
fn a_register_refuses_what_is_not_its_business() {
    let kreis = Home::init("05558");
    let (town, foreign) = (Home::init("05558012"), Home::init("05334002"));
    let url = "http://127.0.0.1:1";
    let refusals: [(&[&str], &str); 5] = [
        (
            &["register", "add", "--id", &foreign.id, "--key", &foreign.key, "--url", url],
            "zuständig",
        ),
        (&["register", "add", "--id", &town.id, "--key", &foreign.key, "--url", url], "gehört zu"),
        (&["register", "suspend", &town.id], "steht nicht in diesem Register"),
        (&["register", "accept", &town.id], "wartet nichts"),
        (&["anchors", "remove", "05"], "steht nicht unter anchors"),
    ];
    for (arguments, words) in refusals {
        let refused = kreis.run(arguments);
        assert_eq!(refused.code, Some(1), "{arguments:?}");
        assert!(refused.err.contains(words), "{arguments:?}: {}", refused.err);
    }
    let add = ["register", "add", "--id", &town.id, "--key", &town.key, "--url", url];
    let _printed = kreis.expect(&add);
    let foreign_key = kreis.run(&["register", "set-key", &town.id, &foreign.key]);
    assert_eq!(foreign_key.code, Some(1), "{}", foreign_key.out);
    // Nobody answers there, so a node that has just started signs nothing yet: the change waits, and says so.
    let said = kreis.expect(&["register", "remove", &town.id]);
    assert!(said.contains("ausgeschieden") && said.contains("Noch nicht veröffentlicht"), "{said}");
    let listed = kreis.run(&["register", "list", "--json"]);
    assert!(listed.err.contains("Noch nicht veröffentlicht"), "{}", listed.err);
    // The running node publishes it once it has waited for its peers long enough.
    let _server = kreis.serve();
    wait_until("the row is published", || {
        kreis.json(&["register", "list", "--json"])[0]["status"] == "left"
    });
}

#[test]
fn the_recovery_key_of_a_register_goes_from_the_safe_to_the_world() {
    let land = Home::init("05");
    let safe = tempfile::tempdir().unwrap();
    let file = |name: &str| safe.path().join(name).display().to_string();
    let made = land.expect(&["anchors", "recovery-key", &file("safe.key")]);
    let recovery = made.lines().last().unwrap().to_owned();
    let note = file("anchor.note");
    let appoint =
        ["anchors", "appoint", "--recovery", &file("safe.key"), "--key", &land.key, &note];
    let _printed = land.expect(&appoint);
    let _printed = land.expect(&["anchors", "publish", &note, "--recovery", &recovery]);
    // A key that this node does not sign with would lock everybody out.
    let other = Home::init("05");
    let refused = other.run(&["anchors", "publish", &note, "--recovery", &recovery]);
    assert!(refused.err.contains("nennt den Schlüssel dieses Knotens nicht"), "{}", refused.err);
    let server = land.serve();
    let town = Home::init("05558012");
    let add = ["anchors", "add", &server.url, "--id", "05", "--recovery", &recovery];
    let _printed = town.expect(&add);
    let _at_town = town.serve();
    wait_until("the Land is followed under the appointed key", || {
        let status = town.status();
        status["peers"].as_array().unwrap().iter().any(|peer| peer["seq"].is_u64())
    });
}
