//! What this version cannot understand is kept and passed on, not shown.

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::Liar;
use engagement_federation_tests::origin::Origin;
use engagement_federation_tests::records::record;

#[tokio::test]
async fn unknown_and_unreadable_records_are_kept_and_relayed_but_not_shown() {
    let mut origin = Origin::new("05558012", 1);
    let good = record("gut", "Lesen üben").to_line().unwrap();
    let lines: [&[u8]; 7] = [
        good.bytes(),
        br#"{"id":"art-1","kind":"exchange","title":"Tauschen","new":[1,2,{"x":1e3}]}"#,
        br#"{"id":"kein-json","title":"Lesen"#,
        b"{\"id\":\"kein-utf8\",\"title\":\"Lesen \xff\xfe\"}",
        br#"{"id":"zu-gross","title":"Lesen","number":1e400}"#,
        br#"{"id":"zu-wenig","title":"Lesen"}"#,
        br#"{"id":"html","direction":"seek","title":"<b>Lesen</b>","description":"d","status":"live","valid_until":"2026-12-31","url":"javascript:alert(1)","organisation":{"name":"V"},"places":[{"plz":"48653"}]}"#,
    ];
    let files = origin.publish(lines, START);
    let server = Liar::with(files.clone()).await;
    let mut cluster = Cluster::new();
    let (relay, reader) = (cluster.add("05558").await, cluster.add("05334002").await);
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(relay, origin.id(), origin.key().clone(), url, false).await;
    cluster.follow(reader, relay, Reach::Node(relay), true).await;
    cluster.follow_key(reader, origin.id(), origin.key().clone(), Reach::Relays, false).await;
    cluster.sync_until_quiet().await;
    for at in [relay, reader] {
        assert_eq!(cluster.titles(at, "").await.into_iter().collect::<Vec<_>>(), ["Lesen üben"]);
        for id in ["art-1", "kein-json", "kein-utf8", "zu-gross", "zu-wenig", "html"] {
            let path = format!("/api/v1/opportunities/05558012/{id}");
            assert_eq!(cluster.get(at, &path).await.status, 404, "{id}");
        }
        let status = cluster.status(at).await;
        let peer = status.peers.iter().find(|peer| peer.id == *origin.id()).unwrap();
        assert_eq!((peer.live, peer.hidden), (1, 6));
        for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("/f/")) {
            let answer = cluster.get(at, path).await;
            assert_eq!((answer.status, &answer.body), (200, bytes), "node {at} {path}");
        }
    }
    // Once understood or gone, they follow the feed like everything else.
    server.serve(origin.publish([good.bytes()], START.plus(std::time::Duration::from_secs(1))));
    cluster.sync_until_quiet().await;
    assert_eq!(cluster.status(reader).await.peers.iter().map(|peer| peer.hidden).sum::<u64>(), 0);
}
