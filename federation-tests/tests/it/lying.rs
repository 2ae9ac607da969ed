//! A carrier that lies: every lie is refused, the last good state stays searchable, and an honest second
//! source heals it in the same round.

use std::sync::Arc;
use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::http::Answer;
use engagement_federation_tests::liar::{Liar, Lying, Reply};
use engagement_federation_tests::origin::{Files, Origin};
use engagement_federation_tests::records::records;
use engagement_node::sync::http::HttpTransport;
use engagement_node::sync::transport::{
    Get, PeerTransport, Pending, Post, Reply as Received, TransportError,
};
use engagement_protocol::limits::INDEX_BYTES;

/// Waits shorter than a town hall would, so that a test of patience takes no time.
#[derive(Debug)]
struct Impatient(HttpTransport);

impl PeerTransport for Impatient {
    fn get(&self, get: Get) -> Pending<'_, Result<Received, TransportError>> {
        self.0.get(Get { deadline: get.deadline.min(Duration::from_millis(300)), ..get })
    }

    fn post(&self, post: Post) -> Pending<'_, Result<Received, TransportError>> {
        self.0.post(post)
    }
}

/// A reader that knows an origin by its key alone, behind a relay that may lie and one that does not.
struct Scene {
    cluster: Cluster,
    reader: usize,
    origin: Origin,
    /// Asked first.
    liar: Liar,
    /// Asked second; it has nothing until it is given something.
    honest: Liar,
    editions: u64,
}

impl Scene {
    /// The reader holds the first edition, of `count` records.
    async fn new(count: usize) -> Self {
        let mut cluster = Cluster::new();
        let transport = Impatient(HttpTransport::new(true).unwrap());
        let reader = cluster.add_with("05334002", Arc::new(transport)).await;
        let origin = Origin::new("05558012", 1);
        let (liar, honest) = (Liar::with(Files::new()).await, Liar::with(Files::new()).await);
        cluster.follow_key(reader, origin.id(), origin.key().clone(), Reach::Relays, false).await;
        for (id, server) in [("055", &liar), ("05558", &honest)] {
            let relay = Origin::new(id, 9);
            let url = Reach::Url(server.url().to_owned());
            cluster.follow_key(reader, relay.id(), relay.key().clone(), url, true).await;
        }
        let mut scene = Self { cluster, reader, origin, liar, honest, editions: 0 };
        scene.edition(count);
        scene.liar.serve(scene.origin.files());
        scene.ask().await;
        scene.assert_holds_newest().await;
        scene
    }

    /// Signs a new state of `count` records that nobody serves yet.
    fn edition(&mut self, count: usize) {
        self.editions += 1;
        let lines: Vec<Vec<u8>> = records(&format!("ausgabe{}", self.editions), count)
            .iter()
            .map(|record| record.to_line().unwrap().bytes().to_vec())
            .collect();
        let now = START.plus(Duration::from_secs(self.editions));
        self.origin.publish(lines.iter().map(Vec::as_slice), now);
    }

    async fn ask(&self) {
        self.cluster.ask(self.reader, self.origin.id()).await;
    }

    async fn held(&self) -> Option<u64> {
        self.cluster.seq(self.reader, self.origin.id()).await
    }

    async fn assert_holds_newest(&self) {
        assert_eq!(self.held().await, Some(self.origin.head().seq));
        let word = format!("ausgabe{}", self.editions);
        let found = self.cluster.titles(self.reader, &word).await.len();
        assert!(found > 0, "{word} is searchable");
        assert_eq!(self.cluster.titles(self.reader, "").await.len(), found, "and nothing else");
        self.cluster.check().await;
    }

    /// The liar lies about the newest edition: first alone, then beside an honest relay.
    async fn refuses_and_heals(
        &self,
        name: &str,
        lie: impl Fn(&str, Answer) -> Reply + Send + std::marker::Sync + 'static,
    ) {
        let before = self.held().await;
        let shown = self.cluster.titles(self.reader, "").await;
        self.honest.serve(Files::new());
        self.liar.serve(self.origin.files());
        self.liar.lie(lie);
        self.ask().await;
        assert_eq!(self.held().await, before, "{name}: refused");
        assert!(!self.cluster.error(self.reader, self.origin.id()).is_empty(), "{name}: said");
        assert_eq!(self.cluster.titles(self.reader, "").await, shown, "{name}: still searchable");
        self.cluster.check().await;
        self.honest.serve(self.origin.files());
        self.ask().await;
        assert_eq!(self.held().await, Some(self.origin.head().seq), "{name}: healed");
        self.assert_holds_newest().await;
        assert_eq!(self.cluster.error(self.reader, self.origin.id()), "", "{name}");
    }
}

fn is_head(path: &str) -> bool {
    path.ends_with("/head")
}

fn is_object(path: &str) -> bool {
    path.starts_with("/o/")
}

fn changed(mut answer: Answer, change: impl Fn(&mut Vec<u8>)) -> Reply {
    change(&mut answer.body);
    Reply::of(answer)
}

#[tokio::test]
async fn every_flipped_byte_is_refused() {
    let mut scene = Scene::new(2).await;
    scene.edition(1);
    let files = scene.origin.files();
    scene.honest.serve(Files::new());
    scene.liar.serve(files.clone());
    let before = scene.held().await;
    let mut flips = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| !path.starts_with("/f/")) {
        for at in 0..bytes.len() {
            let lied = path.clone();
            scene.liar.lie(move |path, answer| {
                if path != lied {
                    return Reply::of(answer);
                }
                changed(answer, |body| body[at] ^= 1 << (at % 8))
            });
            scene.ask().await;
            assert_eq!(scene.held().await, before, "{path} at {at}");
            flips += 1;
        }
        scene.cluster.check().await;
    }
    assert!(flips > 500, "{flips} positions: head, index and a slice");
    scene.liar.be_honest();
    scene.ask().await;
    scene.assert_holds_newest().await;
}

#[tokio::test]
async fn objects_of_other_bytes_are_refused_and_healed() {
    type Change = fn(&mut Vec<u8>);
    let changes: [(&str, Change); 5] = [
        ("cut off", |body| body.truncate(body.len().saturating_sub(1))),
        ("half of it", |body| body.truncate(body.len() / 2)),
        ("nothing", Vec::clear),
        ("one more", |body| body.push(b'\n')),
        ("twice", |body| body.extend_from_within(..)),
    ];
    let mut scene = Scene::new(8).await;
    for (name, change) in changes {
        scene.edition(8);
        scene
            .refuses_and_heals(&format!("objects: {name}"), move |path, answer| {
                changed(answer, |body| {
                    if is_object(path) {
                        change(body)
                    }
                })
            })
            .await;
        scene.edition(8);
        scene
            .refuses_and_heals(&format!("head: {name}"), move |path, answer| {
                changed(answer, |body| {
                    if is_head(path) {
                        change(body)
                    }
                })
            })
            .await;
    }
}

#[tokio::test]
async fn web_pages_redirects_and_errors_are_refused_and_healed() {
    let page = "<!doctype html><title>Willkommen</title>";
    let elsewhere = Liar::with(Files::new()).await;
    let target = elsewhere.url().to_owned();
    let mut scene = Scene::new(4).await;
    for status in [200, 204, 206, 301, 302, 307, 308, 400, 401, 403, 404, 410, 429, 500, 503] {
        for only_objects in [false, true] {
            scene.edition(4);
            let location = format!("{target}/anderswo");
            scene
                .refuses_and_heals(&format!("HTTP {status}"), move |path, answer| {
                    if only_objects && !is_object(path) {
                        return Reply::of(answer);
                    }
                    Reply::new(status, page).header("location", &location)
                })
                .await;
        }
    }
    assert_eq!(elsewhere.take_seen(), [], "no redirect is followed");
    scene.edition(4);
    scene.honest.serve(Files::new());
    scene.liar.lie(move |_, _| Reply::new(200, page));
    scene.ask().await;
    // The last source is the honest one, which has nothing: the page is named while the liar is alone.
    scene.cluster.unfollow(scene.reader, &"05558".parse().unwrap()).await;
    scene.ask().await;
    let error = scene.cluster.error(scene.reader, scene.origin.id());
    assert!(error.contains("Webseite"), "{error}");
    scene.cluster.check().await;
}

#[tokio::test]
async fn old_and_foreign_heads_are_refused_and_healed() {
    let mut scene = Scene::new(4).await;
    let oldest = scene.origin.files();
    scene.edition(4);
    scene.liar.serve(scene.origin.files());
    scene.ask().await;
    scene.assert_holds_newest().await;
    // A complete older state, as a relay serves that has stood still.
    scene.edition(4);
    let old = oldest.clone();
    scene
        .refuses_and_heals("an old state", move |path, _| match old.get(path) {
            Some(bytes) => Reply::new(200, bytes.clone()),
            None => Reply::new(404, ""),
        })
        .await;
    // Another node's feed, correctly signed by that node; and by a thief in this node's name.
    for (name, id) in [("a foreign feed", "05558016"), ("a thief's feed", "05558012")] {
        let mut other = Origin::new(id, 7);
        let lines: Vec<_> = records("fremd", 3);
        let lines: Vec<_> = lines.iter().map(|record| record.to_line().unwrap()).collect();
        let later = START.plus(Duration::from_secs(3000));
        let files = other.publish(lines.iter().map(|line| line.bytes()), later);
        let head = files["/f/offers/head"].clone();
        scene.edition(4);
        scene
            .refuses_and_heals(name, move |path, _| match files.get(path) {
                _ if is_head(path) => Reply::new(200, head.clone()),
                Some(bytes) => Reply::new(200, bytes.clone()),
                None => Reply::new(404, ""),
            })
            .await;
    }
    // The right head, but every object is another one of the same feed.
    scene.edition(4);
    let files = scene.origin.files();
    scene
        .refuses_and_heals("swapped objects", move |path, answer| {
            let other = files.iter().find(|(other, _)| is_object(other) && *other != path);
            match other {
                Some((_, bytes)) if is_object(path) => Reply::new(200, bytes.clone()),
                _ => Reply::of(answer),
            }
        })
        .await;
}

#[tokio::test]
async fn more_bytes_than_allowed_are_not_read() {
    let mut scene = Scene::new(4).await;
    let endless = |only: fn(&str) -> bool| {
        move |path: &str, answer: Answer| {
            if !only(path) {
                return Reply::of(answer);
            }
            Reply { body: Lying::Endless(vec![b'x'; 4096]), ..Reply::new(200, "") }
        }
    };
    for (name, only) in [("head", is_head as fn(&str) -> bool), ("objects", is_object)] {
        scene.edition(4);
        scene.refuses_and_heals(&format!("endless {name}"), endless(only)).await;
        // 65 KB on the wire, 64 MiB behind it.
        scene.edition(4);
        let bomb = include_bytes!("../../testdata/bomb.gz").to_vec();
        scene
            .refuses_and_heals(&format!("bomb as {name}"), move |path, answer| {
                if !only(path) {
                    return Reply::of(answer);
                }
                Reply::new(200, bomb.clone()).header("content-encoding", "gzip")
            })
            .await;
        scene.edition(4);
        scene
            .refuses_and_heals(&format!("silent {name}"), move |path, answer| {
                if !only(path) {
                    return Reply::of(answer);
                }
                let start = answer.body[..answer.body.len() / 2].to_vec();
                Reply { body: Lying::Silence(start), ..Reply::new(200, "") }
            })
            .await;
        scene.edition(4);
        scene
            .refuses_and_heals(&format!("wrong coding of {name}"), move |path, answer| {
                if !only(path) {
                    return Reply::of(answer);
                }
                Reply::of(answer).header("content-encoding", "gzip")
            })
            .await;
    }
    // An index as long as any may be, and one byte more.
    for length in [INDEX_BYTES, INDEX_BYTES + 1] {
        scene.edition(4);
        scene
            .refuses_and_heals(&format!("index of {length}"), move |path, answer| {
                changed(answer, |body| {
                    if is_object(path) {
                        body.resize(length, b'0')
                    }
                })
            })
            .await;
    }
}

#[tokio::test]
async fn objects_that_are_gone_are_asked_of_the_next_source_and_staged_ones_kept() {
    let mut scene = Scene::new(4).await;
    scene.edition(60);
    // Half of the objects are missing: what came is kept, and the honest relay is asked for the rest only.
    let half = |path: &str, answer: Answer| {
        let odd = path.as_bytes().last().is_some_and(|byte| byte % 2 == 1);
        let is_slice = is_object(path) && answer.body.first() == Some(&b'{');
        if odd && is_slice { Reply::new(404, "") } else { Reply::of(answer) }
    };
    scene.honest.serve(Files::new());
    scene.liar.serve(scene.origin.files());
    scene.liar.lie(half);
    let before = scene.held().await;
    scene.ask().await;
    assert_eq!(scene.held().await, before, "never half a feed");
    scene.cluster.check().await;
    scene.honest.serve(scene.origin.files());
    drop((scene.liar.take_seen(), scene.honest.take_seen()));
    scene.ask().await;
    scene.assert_holds_newest().await;
    let all = scene.origin.files().keys().filter(|path| is_object(path)).count();
    let asked = scene.honest.take_seen().iter().filter(|seen| is_object(&seen.path)).count();
    assert!(asked > 0 && asked < all, "{asked} of {all} objects came from the second source");
    let from_liar = scene.liar.take_seen().iter().filter(|seen| seen.status == 200).count();
    assert!(from_liar < all, "what was staged is not fetched again: {from_liar} of {all}");
}

#[tokio::test]
async fn a_feed_that_moves_on_while_it_is_fetched_is_read_again() {
    let mut scene = Scene::new(4).await;
    scene.edition(20);
    let old = scene.origin.files();
    scene.edition(20);
    let new = scene.origin.files();
    scene.liar.serve(Files::new());
    // The first head is old and its slices are gone; from the second question on all is new.
    let heads = std::sync::atomic::AtomicUsize::new(0);
    scene.liar.lie(move |path, _| {
        let first = is_head(path) && heads.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
        let bytes = if first { old.get(path) } else { new.get(path) };
        bytes.map_or_else(|| Reply::new(404, ""), |bytes| Reply::new(200, bytes.clone()))
    });
    scene.ask().await;
    scene.assert_holds_newest().await;
    let heads = scene.liar.take_seen().iter().filter(|seen| is_head(&seen.path)).count();
    assert!(heads >= 2, "{heads} heads");
}

#[tokio::test]
async fn a_feed_that_always_moves_on_is_not_chased_for_ever() {
    let mut scene = Scene::new(4).await;
    let before = scene.held().await;
    let held = scene.origin.files();
    drop(scene.liar.take_seen());
    scene.edition(20);
    let head = scene.origin.files()["/f/offers/head"].clone();
    scene.liar.lie(
        move |path, _| {
            if is_head(path) { Reply::new(200, head.clone()) } else { Reply::new(404, "") }
        },
    );
    scene.honest.serve(held);
    scene.ask().await;
    assert_eq!(scene.held().await, before);
    let heads = scene.liar.take_seen().iter().filter(|seen| is_head(&seen.path)).count();
    assert_eq!(heads, 3);
    assert_eq!(
        scene.cluster.coverage(scene.reader).await.2.iter().filter(|why| *why == "behind").count(),
        1,
        "a newer state is known and not here"
    );
    scene.cluster.check().await;
}
