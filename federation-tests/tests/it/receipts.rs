//! Receipts: who says that it has applied our newest state, and who does not.

use std::time::Duration;

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::{record, records};

/// A town and two neighbours that hold its copy and give receipts.
async fn town() -> Cluster {
    let mut cluster = Cluster::new();
    for id in ["05558012", "05558016", "05558024"] {
        cluster.add(id).await;
    }
    cluster.connect(0, 1, false).await;
    cluster.connect(0, 2, false).await;
    for peer in [1, 2] {
        cluster.publish(peer, &[]).await.unwrap();
    }
    cluster.publish(0, &records("alt", 3)).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster
}

async fn say(cluster: &Cluster) {
    cluster.advance(Duration::from_secs(10));
    for peer in [1, 2] {
        let _changed = cluster.app(peer).publish_heads().await.unwrap();
    }
}

#[tokio::test]
async fn a_deletion_has_arrived_where_the_node_says_so_and_nowhere_else() {
    let mut cluster = town().await;
    let before = cluster.app(0).collect_receipts().await.unwrap();
    assert_eq!((before.arrived, before.nodes), (0, 2), "nobody has said anything yet");
    say(&cluster).await;
    let all = cluster.app(0).collect_receipts().await.unwrap();
    assert_eq!((all.arrived, all.missing.len()), (2, 0));
    // One neighbour is away when the town withdraws something.
    cluster.stop(2).await;
    cluster.withdraw(0, &["alt-0"]).await;
    cluster.sweep(1).await;
    cluster.advance(Duration::from_secs(10));
    assert!(cluster.app(1).publish_heads().await.unwrap());
    let some = cluster.app(0).collect_receipts().await.unwrap();
    assert_eq!((some.arrived, some.nodes, some.missing.len()), (1, 2, 1));
    let said = some.sentence("Löschung");
    assert!(said.starts_with("Löschung angekommen bei 1 von 2 Knoten; es fehlen: "), "{said}");
    let page = cluster.get(0, "/netz").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("bei 1 von 2 Knoten angekommen; es fehlen:"), "{}", page.text());
    assert_eq!(cluster.status(0).await.receipts, some);
    cluster.start(2).await;
    cluster.sync_until_quiet().await;
    say(&cluster).await;
    assert_eq!(cluster.app(0).collect_receipts().await.unwrap().arrived, 2);
}

#[tokio::test]
async fn a_receipt_is_given_only_when_index_and_log_are_clean() {
    let cluster = town().await;
    cluster.publish(0, &[record("weg", "Wort Zyxwvutinnen")]).await.unwrap();
    cluster.sync_until_quiet().await;
    say(&cluster).await;
    cluster.withdraw(0, &["weg"]).await;
    cluster.sweep(1).await;
    cluster.advance(Duration::from_secs(10));
    assert!(cluster.app(1).publish_heads().await.unwrap());
    assert!(cluster.app(1).is_clean() || cluster.app(1).index().applied() > 0);
    // At the moment the receipt can be read, the text is in no file of the node that gave it.
    assert_eq!(super::removing::files_with(cluster.path(1), "zyxwvut"), [""; 0]);
    let receipts = cluster.app(0).collect_receipts().await.unwrap();
    assert_eq!(receipts.arrived, 1, "the other has not applied it yet");
}
