//! What scripts may rely on in every answer of the JSON interface.

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::record;

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
