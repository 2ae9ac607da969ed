//! What scripts may rely on in every answer of the JSON interface.

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::{record, records};

#[tokio::test]
async fn what_no_handler_sees_is_refused_in_the_language_of_the_interface_too() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    for (path, body, status) in [
        ("/api/v1/opportunities", Vec::new(), 405),
        ("/api/v1/opportunities", vec![b'x'; 200 * 1024], 413),
    ] {
        let answer = cluster.post(node, path, body).await;
        assert_eq!(answer.status, status, "{path}");
        let problem = answer.json();
        assert_eq!(problem["status"], status, "{problem}");
        assert!(problem["type"].as_str().unwrap().starts_with("urn:engagement:problem:"));
        assert!(!problem["detail"].as_str().unwrap().is_empty());
    }
}

#[tokio::test]
async fn every_result_names_a_page_where_people_can_go() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    cluster.publish(node, &[record("a", "Lesen üben")]).await.unwrap();
    let found = cluster.get(node, "/api/v1/opportunities").await.json();
    // This node has no public address: the path leads to the page here.
    assert_eq!(found["data"][0]["page"], "/angebot/05558012/a");
    assert_eq!(cluster.get(node, "/angebot/05558012/a").await.status, 200);
}

#[tokio::test]
async fn what_is_new_nearby_is_shown_wherever_it_ranks() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let mut all = records("Alt", 120);
    for old in &mut all {
        old.created = "2026-01-02".parse().ok();
    }
    // A neighbour's ranks behind all that is in the own town.
    let mut new = record("neu", "Nagelneu in Dülmen");
    new.places[0].plz = Some("48249".to_owned());
    new.places[0].town = Some("Dülmen".to_owned());
    new.created = "2026-01-03".parse().ok();
    let mut far = record("weit", "Noch neuer in Aachen");
    far.places[0].plz = Some("52062".to_owned());
    far.places[0].town = Some("Aachen".to_owned());
    far.created = "2026-01-04".parse().ok();
    all.extend([new, far]);
    cluster.publish(node, &all).await.unwrap();
    let page = cluster.get(node, "/").await.text();
    assert!(page.contains("Nagelneu in Dülmen"), "it is the newest nearby");
    assert!(!page.contains("Noch neuer in Aachen"), "Aachen is not nearby");
    let sorted = cluster.get(node, "/api/v1/opportunities?sort=new&limit=3").await.json();
    let titles: Vec<_> =
        sorted["data"].as_array().unwrap().iter().map(|one| &one["title"]).collect();
    assert_eq!(titles[..2], ["Noch neuer in Aachen", "Nagelneu in Dülmen"]);
}

#[tokio::test]
async fn a_match_says_what_fits_and_leaves_out_what_cannot() {
    let mut cluster = Cluster::new();
    let node = cluster.add("05558012").await;
    let mut fits = record("passt", "Lesen mit Kindern");
    fits.fields = vec!["bildung".to_owned()];
    fits.slots = vec!["tu_pm".to_owned()];
    fits.requirements = vec!["fuehrungszeugnis".to_owned()];
    let mut grown = record("alt", "Lesen mit Erwachsenen");
    grown.age_min = Some(18);
    let mut steep = record("steil", "Lesen im Turm");
    steep.accessibility = [("stufenlos".to_owned(), "no".to_owned())].into();
    cluster.publish(node, &[fits, grown, steep]).await.unwrap();
    let wish = "age=16&need=stufenlos&wish_field=bildung&wish_day=tu";
    let found = cluster.get(node, &format!("/api/v1/match?{wish}")).await.json();
    assert_eq!(
        (found["total"].as_u64(), found["unopposed"].as_u64()),
        (Some(1), Some(1)),
        "{found}"
    );
    assert_eq!(found["coverage"]["nodes"], 1);
    assert_eq!(found["weights"]["field"], 30);
    let reasons = found["data"][0]["reasons"].as_array().unwrap();
    let said: Vec<_> = reasons
        .iter()
        .map(|one| {
            format!("{} {}", one["verdict"].as_str().unwrap(), one["about"].as_str().unwrap())
        })
        .collect();
    let expected = ["for distance", "for slot", "for field", "unknown need", "against requirement"];
    assert_eq!(said, expected, "{found}");
    let refused = cluster.get(node, "/api/v1/match?without=alles").await;
    let problem = refused.json();
    assert_eq!((refused.status, &problem["parameter"]), (400, &"without".into()));
    assert!(
        problem["detail"].as_str().unwrap().contains("fuehrungszeugnis"),
        "it says what would do"
    );
}
