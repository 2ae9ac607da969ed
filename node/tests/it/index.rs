//! The search index is derived: it may be deleted at any time, and comes back by itself.

use std::sync::Arc;

use engagement_node::app::import::{self, Wishes};
use engagement_node::app::search::Asked;
use engagement_node::app::{App, Indexing, Seams};
use engagement_node::cli::init::Init;
use engagement_node::clock::{Clock as _, ManualClock};
use engagement_node::config::directory::Directory;
use engagement_node::domain::import::{Format, Options, read};
use engagement_node::entropy::SeededEntropy;
use engagement_node::store::Threading;
use engagement_node::sync::http::HttpTransport;
use engagement_protocol::time::Timestamp;

pub(super) struct Node {
    pub(super) app: App,
    clock: ManualClock,
    entropy: Arc<SeededEntropy>,
    dir: tempfile::TempDir,
}

async fn open(dir: tempfile::TempDir) -> Node {
    let clock = ManualClock::at(Timestamp::from_ms(1_795_000_000_000));
    let seams = Seams {
        clock: Arc::new(clock.clone()),
        entropy: Arc::new(SeededEntropy::new(1)),
        transport: Arc::new(HttpTransport::new(true).unwrap()),
        threading: Threading::Own,
        indexing: Indexing::Disk,
    };
    let app = App::open(Directory::new(dir.path()), seams).await.unwrap();
    app.catch_up_index().await.unwrap();
    Node { app, clock, entropy: Arc::new(SeededEntropy::new(3)), dir }
}

pub(super) async fn node() -> Node {
    let dir = tempfile::tempdir().unwrap();
    let init = Init {
        id: "05558012".parse().unwrap(),
        name: "Stadt Coesfeld".to_owned(),
        listen: "127.0.0.1:0".parse().unwrap(),
        url: None,
        contact: None,
        allow_loopback: true,
    };
    init.create(&Directory::new(dir.path()), &SeededEntropy::new(2)).unwrap();
    open(dir).await
}

impl Node {
    pub(super) async fn import(&self, source: &str, lines: &str) -> import::Summary {
        let now = self.clock.now();
        let options = Options {
            source: Some(source.to_owned()),
            default_source: "test".to_owned(),
            today: now.day(),
        };
        let batch = read(lines.as_bytes(), Format::Jsonl, &options).unwrap();
        let wishes = Wishes { dry_run: false, allow_shrink: true, revive: false };
        let entropy = self.entropy.clone();
        let summary =
            import::run(self.app.store(), batch, &options, wishes, entropy, now).await.unwrap();
        self.app.publish().await.unwrap();
        summary
    }

    async fn total(&self, words: &str) -> u64 {
        let asked = Asked { words: words.to_owned(), ..Asked::default() };
        self.app.search(&asked).await.unwrap().total
    }
}

fn record(word: &str) -> String {
    format!(
        r#"{{"title":"{word} gesucht","description":"Wir suchen Hilfe.","organisation":{{"name":"Musterverein e. V."}},"places":[{{"ags":"05558012"}}],"source":{{"system":"x","id":"{word}"}}}}"#
    )
}

#[tokio::test]
async fn an_index_that_is_deleted_while_the_node_runs_comes_back() {
    let node = node().await;
    node.import("a", &record("Lesepatin")).await;
    assert_eq!(node.total("Lesepatin").await, 1);
    std::fs::remove_dir_all(node.dir.path().join("index")).unwrap();
    assert_eq!(node.total("Lesepatin").await, 1, "what is open still answers");
    node.import("b", &record("Gartenhilfe")).await;
    assert_eq!((node.total("Lesepatin").await, node.total("Gartenhilfe").await), (1, 1));
    let Node { app, dir, .. } = node;
    drop(app);
    let again = open(dir).await;
    assert_eq!((again.total("Lesepatin").await, again.total("Gartenhilfe").await), (1, 1));
}

#[tokio::test]
async fn what_a_source_drops_goes_and_comes_back_when_it_is_listed_again() {
    let node = node().await;
    let (one, both) =
        (record("Lesepatin"), format!("{}\n{}", record("Lesepatin"), record("Gartenhilfe")));
    assert_eq!(node.import("a", &both).await.new, 2);
    assert_eq!(node.import("a", &both).await.unchanged, 2);
    assert_eq!(node.import("a", &one).await.gone, 1);
    assert_eq!(node.total("Gartenhilfe").await, 0);
    assert_eq!(node.import("a", &one).await.gone, 0, "gone is gone once");
    let back = node.import("a", &both).await;
    assert_eq!((back.new, back.changed), (0, 1), "under its old id");
    assert_eq!(node.total("Gartenhilfe").await, 1);
}
