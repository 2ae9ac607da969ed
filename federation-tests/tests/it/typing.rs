//! What people type: suggestions lead to records that are there, mistakes are put right and said.

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::record;
use serde_json::Value;

/// The texts of the suggestions of one kind.
async fn suggested(cluster: &Cluster, typed: &str, kind: &str) -> Vec<String> {
    let answer = cluster.get(0, &format!("/api/v1/suggest?q={typed}")).await;
    assert_eq!(answer.status, 200, "{typed}: {}", answer.text());
    let answer = answer.json();
    let all = answer["data"].as_array().unwrap();
    assert!(all.len() <= 12, "{answer}");
    let of_kind = all.iter().filter(|one| one["kind"] == kind);
    of_kind.map(|one| one["text"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn suggestions_come_from_records_that_are_there() {
    let mut cluster = Cluster::new();
    let own = cluster.add("05558012").await;
    let records =
        [record("eins", "Gärtnern im Schulgarten"), record("zwei", "Vorlesen für Kinder")];
    cluster.publish(own, &records).await.unwrap();
    assert_eq!(suggested(&cluster, "schulg", "words").await, ["Schulgarten"]);
    assert_eq!(suggested(&cluster, "Gaertn", "opportunity").await, ["Gärtnern im Schulgarten"]);
    assert_eq!(suggested(&cluster, "duelm", "place").await, ["Dülmen"]);
    assert!(!suggested(&cluster, "umw", "field").await.is_empty());
    assert_eq!(suggested(&cluster, "Hilfe+beim+vorl", "words").await, ["Hilfe beim Vorlesen"]);
    assert!(suggested(&cluster, "g", "words").await.is_empty());
    assert_eq!(
        cluster.get(own, &format!("/api/v1/suggest?q={}", "x".repeat(201))).await.status,
        400
    );
    assert_eq!(cluster.get(own, "/api/v1/suggest").await.json()["data"], Value::Array(Vec::new()));
    cluster.withdraw(own, &["eins"]).await;
    assert!(suggested(&cluster, "Gaertn", "opportunity").await.is_empty());
}

#[tokio::test]
async fn a_misspelt_word_is_put_right_and_can_be_asked_for_as_it_is() {
    let mut cluster = Cluster::new();
    let own = cluster.add("05558012").await;
    cluster.publish(own, &[record("eins", "Fahrradwerkstatt sucht Helfer")]).await.unwrap();
    let answer =
        cluster.get(own, "/api/v1/opportunities?q=Fahradwerkstat&explain=true").await.json();
    assert_eq!(answer["total"], 1, "{answer}");
    assert_eq!(answer["corrected"]["searched"], "Fahrradwerkstatt");
    assert_eq!(answer["corrected"]["words"][0]["route"], "typo");
    assert!(answer["data"][0]["explanation"].to_string().contains("typo"), "{answer}");
    let exact = answer["corrected"]["exact"].as_str().unwrap();
    let answer = cluster.get(own, exact).await.json();
    assert_eq!((&answer["total"], &answer["corrected"]), (&Value::from(0), &Value::Null));
    let page = cluster.get(own, "/suche?q=Fahradwerkstat").await.text();
    assert!(page.contains("Ergebnisse für „Fahrradwerkstatt“"), "{page}");
    let page = cluster.get(own, "/suche?q=Fahradwerkstat&exact=true").await.text();
    assert!(!page.contains("Ergebnisse für"), "{page}");
}
