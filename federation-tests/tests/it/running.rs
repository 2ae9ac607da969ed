//! The job loop itself, as `serve` runs it: nobody tells a node which round happens when.

use std::time::Duration;

use engagement_federation_tests::cluster::Cluster;
use engagement_federation_tests::records::{record, records};
use engagement_node::jobs;
use engagement_protocol::id::Feed;
use tokio::sync::watch;

/// More than the database has readers, so that rounds and the loop want the same thing at once.
const ORIGINS: usize = 12;
/// How long the loop may take before it counts as stuck.
const PATIENCE: Duration = Duration::from_secs(120);

/// Makes a node that follows `ORIGINS` others.
async fn busy() -> (Cluster, usize) {
    let mut cluster = Cluster::new();
    let follower = cluster.add("05").await;
    for number in 0..ORIGINS {
        let id = format!("055{:02}", number + 10);
        let origin = cluster.add(&id).await;
        cluster.connect(origin, follower, false).await;
        cluster.publish(origin, &records(&format!("v{number}"), 30)).await.unwrap();
    }
    (cluster, follower)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_with_many_busy_peers_takes_everything_in_and_stops_when_told() {
    let (cluster, follower) = busy().await;
    let app = cluster.app(follower).clone();
    let (stop, stopped) = watch::channel(false);
    let running = tokio::spawn(jobs::run(app.clone(), stopped));
    let everything = async {
        let total = u64::try_from(ORIGINS * 30).unwrap();
        let mut changed = false;
        loop {
            let found = cluster.get(follower, "/api/v1/opportunities?limit=0").await.json();
            match found["total"].as_u64() {
                Some(found) if found == total && !changed => {
                    // Once more, while the loop has been running for a while and all are known.
                    for origin in 1..=ORIGINS {
                        let more = [record(&format!("x{origin}"), "Nachtrag")];
                        cluster.publish(origin, &more).await.unwrap();
                    }
                    app.sync().hurry();
                    app.wake().notify_one();
                    changed = true;
                }
                Some(found) if found == total + u64::try_from(ORIGINS).unwrap() => break,
                _ => {
                    // The loop looks at what is due again and again, while rounds wait for a reader.
                    app.sync().hurry();
                    app.wake().notify_one();
                    tokio::task::yield_now().await;
                }
            }
        }
    };
    tokio::time::timeout(PATIENCE, everything).await.expect("the loop goes on");
    stop.send(true).unwrap();
    let ended = tokio::time::timeout(PATIENCE, running).await.expect("the loop ends when told");
    ended.unwrap().unwrap();
    cluster.check().await;
}

#[tokio::test]
async fn what_is_held_but_not_yet_searchable_counts_as_missing() {
    let mut cluster = Cluster::new();
    let (origin, follower) = (cluster.add("05558012").await, cluster.add("05558016").await);
    cluster.connect(origin, follower, false).await;
    cluster.publish(origin, &[record("a", "Lesen üben")]).await.unwrap();
    cluster.sync_until_quiet().await;
    cluster.publish(origin, &[record("b", "Kochen für viele")]).await.unwrap();
    // The round alone: the index is not told, as if its disk were full.
    let id = cluster.id(origin).clone();
    let report = cluster.app(follower).sync().round(&id, Feed::Offers).await.unwrap();
    assert!(report.applied.is_some());
    assert_eq!(cluster.titles(follower, "kochen").await.len(), 0);
    assert_eq!(cluster.coverage(follower).await, (1, 2, vec!["unsearched".to_owned()]));
    let page = cluster.get(follower, "/suche?q=kochen").await;
    assert!(page.text().contains("noch nicht durchsuchbar"), "{}", page.text());
    cluster.app(follower).catch_up_index().await.unwrap();
    assert_eq!(cluster.coverage(follower).await, (2, 2, vec![]));
    assert_eq!(cluster.titles(follower, "kochen").await.len(), 1);
}
