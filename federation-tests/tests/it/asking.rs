//! What a node asks of others: never for more bytes, and never for longer, than the limits say.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use engagement_federation_tests::cluster::{Cluster, Reach, START};
use engagement_federation_tests::liar::{Liar, Lying, Reply};
use engagement_federation_tests::origin::{Files, Origin};
use engagement_federation_tests::records::records;
use engagement_node::sync::http::HttpTransport;
use engagement_node::sync::transport::{
    Get, PeerTransport, Pending, Post, Reply as Received, TransportError,
};

const MINUTE: Duration = Duration::from_secs(60);

/// Writes down what is asked.
#[derive(Debug)]
struct Recording {
    inner: HttpTransport,
    asked: Arc<Mutex<Vec<Get>>>,
}

impl PeerTransport for Recording {
    fn get(&self, get: Get) -> Pending<'_, Result<Received, TransportError>> {
        self.asked.lock().unwrap().push(get.clone());
        self.inner.get(get)
    }

    fn post(&self, post: Post) -> Pending<'_, Result<Received, TransportError>> {
        self.inner.post(post)
    }
}

#[tokio::test]
async fn every_question_says_how_many_bytes_and_how_long() {
    let mut origin = Origin::new("05558012", 1);
    let lines: Vec<Vec<u8>> = records("lang", 400)
        .iter()
        .map(|record| record.to_line().unwrap().bytes().to_vec())
        .collect();
    let files = origin.publish(lines.iter().map(Vec::as_slice), START);
    let server = Liar::with(files.clone()).await;
    let asked: Arc<Mutex<Vec<Get>>> = Arc::default();
    let inner = HttpTransport::new(true).unwrap();
    let transport = Recording { inner, asked: Arc::clone(&asked) };
    let mut cluster = Cluster::new();
    let at = cluster.add_with("05558016", Arc::new(transport)).await;
    let url = Reach::Url(server.url().to_owned());
    cluster.follow_key(at, origin.id(), origin.key().clone(), url, false).await;
    cluster.sweep(at).await;
    assert_eq!(cluster.titles(at, "lang").await.len(), 400);
    let asked = asked.lock().unwrap();
    let index = format!("/o/{}", origin.head().index);
    let (mut heads, mut slices) = (0, 0);
    for get in asked.iter() {
        let (name, limit, deadline) = (&get.path, get.limit, get.deadline);
        if name.ends_with("/head") {
            heads += 1;
            assert_eq!((limit, deadline), (4096, Duration::from_secs(10)), "{name}");
        } else if *name == index {
            assert_eq!(limit, 320 * 1024, "{name}");
            assert!(deadline <= Duration::from_secs(20 + 17), "{name}: {deadline:?}");
        } else if name.starts_with("/o/") {
            slices += 1;
            let length = files[name].len();
            assert_eq!(limit, length, "{name}: not a byte more than the index says");
            let secs = 20 + u64::try_from(length).unwrap() / 20_000;
            assert_eq!(deadline, Duration::from_secs(secs), "{name}");
        } else {
            assert!(limit <= 16 * 1024 && deadline <= Duration::from_secs(30), "{name}");
        }
    }
    assert!(heads > 0 && slices > 10, "{heads} heads, {slices} slices");
}

fn get(server: &Liar, limit: usize, deadline: Duration) -> Get {
    Get { base: server.url().to_owned(), path: "/x".to_owned(), etag: None, limit, deadline }
}

#[tokio::test]
async fn no_byte_is_read_beyond_the_limit() {
    let server = Liar::with(Files::from([("/x".to_owned(), vec![b'x'; 1000])])).await;
    let transport = HttpTransport::new(true).unwrap();
    let all = transport.get(get(&server, 1000, MINUTE)).await.unwrap();
    assert_eq!(all.body.len(), 1000);
    let refused = transport.get(get(&server, 999, MINUTE)).await;
    assert_eq!(refused, Err(TransportError::TooLong(999)));
    // A body without end, and 65 KB behind which there are 64 MiB.
    server.lie(|_, _| Reply { body: Lying::Endless(vec![b'x'; 4096]), ..Reply::new(200, "") });
    let refused = transport.get(get(&server, 10_000, MINUTE)).await;
    assert_eq!(refused, Err(TransportError::TooLong(10_000)));
    let bomb = include_bytes!("../../testdata/bomb.gz").to_vec();
    server.lie(move |_, _| Reply::new(200, bomb.clone()).header("content-encoding", "gzip"));
    let refused = transport.get(get(&server, 100_000, MINUTE)).await;
    assert_eq!(refused, Err(TransportError::TooLong(100_000)));
}

#[tokio::test]
async fn nobody_is_waited_for_beyond_the_deadline() {
    let server = Liar::with(Files::new()).await;
    let transport = HttpTransport::new(true).unwrap();
    // It begins, and says no more.
    server.lie(|_, _| Reply { body: Lying::Silence(b"half".to_vec()), ..Reply::new(200, "") });
    let late = transport.get(get(&server, 1000, Duration::from_millis(50))).await;
    assert_eq!(late, Err(TransportError::Late(0)));
}
