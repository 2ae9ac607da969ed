//! Nodes in one process: real HTTP, real databases, and time that is stepped.
//!
//! No job runs by itself. A test says which round happens when, so nothing has to be waited for, and a
//! node that is stopped and started again finds its files as a process would.

mod asking;
mod register;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use engagement_node::app::check::{self, Proof};
use engagement_node::app::{App, Indexing, Seams};
use engagement_node::cli::init::Init;
use engagement_node::clock::{Clock as _, ManualClock};
use engagement_node::config::anchors::Anchor;
use engagement_node::config::directory::Directory;
use engagement_node::config::{Config, Peer, anchors, peers};
use engagement_node::entropy::SeededEntropy;
use engagement_node::feed::{FeedError, Published};
use engagement_node::store::audit::Actor;
use engagement_node::store::draft::{self, Draft};
use engagement_node::store::{Durability, Store, StoreError, Threading, backup};
use engagement_node::sync::http::HttpTransport;
use engagement_node::sync::transport::PeerTransport;
use engagement_node::sync::trust::Trust;
use engagement_node::{jobs, server};
use engagement_protocol::hash::Hash;
use engagement_protocol::id::{Feed, NodeId, RecordId};
use engagement_protocol::key::VerifierKey;
use engagement_protocol::opportunity::{Opportunity, Source};
use engagement_protocol::time::Timestamp;
use reqwest::Client;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::http;

/// When every test begins: 2 January 2026.
pub const START: Timestamp = Timestamp::from_ms(1_767_312_000_000);

/// What makes a node a relay.
const RELAYS: &str = "\n[sync]\nrelay = true\n";

/// Sweeps after which a cluster must be quiet; news travels one node a sweep at least.
const SWEEPS: usize = 20;

/// Nodes that may follow each other.
#[derive(Debug)]
pub struct Cluster {
    nodes: Vec<Node>,
    client: Client,
}

/// How a node reaches another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// It knows the address of this node of the cluster.
    Node(usize),
    /// It knows this address.
    Url(String),
    /// It knows the key alone and reads through relays.
    Relays,
}

#[derive(Debug)]
struct Node {
    id: NodeId,
    key: VerifierKey,
    clock: ManualClock,
    transport: Arc<dyn PeerTransport>,
    files: TempDir,
    /// The configuration without peers.
    config: String,
    links: BTreeMap<NodeId, Link>,
    anchors: Vec<Anchor>,
    blocks: Vec<NodeId>,
    starts: u64,
    running: Option<Running>,
}

#[derive(Debug, Clone)]
struct Link {
    key: VerifierKey,
    reach: Reach,
    relay: bool,
}

#[derive(Debug)]
struct Running {
    app: App,
    url: String,
    stop: watch::Sender<bool>,
    front: JoinHandle<()>,
}

impl Default for Cluster {
    fn default() -> Self {
        Self::new()
    }
}

impl Cluster {
    /// Begins without nodes.
    #[must_use]
    pub fn new() -> Self {
        Self { nodes: Vec::new(), client: http::client() }
    }

    /// Adds a node that runs and follows nobody; returns its number.
    pub async fn add(&mut self, id: &str) -> usize {
        let transport = HttpTransport::new(true).expect("a client can be made");
        self.add_with(id, Arc::new(transport)).await
    }

    /// Adds a node that is no relay: it reads through those that are.
    pub async fn add_reader(&mut self, id: &str) -> usize {
        let at = self.add(id).await;
        self.stop(at).await;
        let config = &mut self.node_mut(at).config;
        *config = config.replace(RELAYS, "");
        self.start(at).await;
        at
    }

    /// Adds a node that reaches others by `transport`.
    pub async fn add_with(&mut self, id: &str, transport: Arc<dyn PeerTransport>) -> usize {
        let id: NodeId = id.parse().expect("a node id");
        let files = tempfile::tempdir().expect("a directory for the node");
        let init = Init {
            id: id.clone(),
            name: format!("Stadt {id}"),
            listen: "127.0.0.1:0".parse().expect("an address"),
            url: None,
            contact: Some(format!("ehrenamt@{id}.example")),
            allow_loopback: true,
        };
        let directory = Directory::new(files.path());
        let seed = u64::try_from(self.nodes.len()).unwrap_or_default();
        let key = init.create(&directory, &SeededEntropy::new(seed)).expect("a node can be made");
        let mut config = std::fs::read_to_string(directory.config()).expect("init wrote it");
        config.push_str(RELAYS);
        self.nodes.push(Node {
            key: key.verifier().clone(),
            id,
            clock: ManualClock::at(START),
            transport,
            files,
            config,
            links: BTreeMap::new(),
            anchors: Vec::new(),
            blocks: Vec::new(),
            starts: 0,
            running: None,
        });
        let at = self.nodes.len() - 1;
        self.start(at).await;
        at
    }

    /// Makes `at` follow the node `of` of this cluster.
    pub async fn follow(&mut self, at: usize, of: usize, reach: Reach, relay: bool) {
        let (id, key) = (self.id(of).clone(), self.key(of).clone());
        self.follow_key(at, &id, key, reach, relay).await;
    }

    /// Makes `at` follow a node under this key.
    pub async fn follow_key(
        &mut self,
        at: usize,
        id: &NodeId,
        key: VerifierKey,
        reach: Reach,
        relay: bool,
    ) {
        self.node_mut(at).links.insert(id.clone(), Link { key, reach, relay });
        self.introduce(at).await;
    }

    /// Makes `at` follow the node `of` at its own address, and the other way round.
    pub async fn connect(&mut self, at: usize, of: usize, relay: bool) {
        self.follow(at, of, Reach::Node(of), relay).await;
        self.follow(of, at, Reach::Node(at), relay).await;
    }

    /// Makes `at` follow a node no longer.
    pub async fn unfollow(&mut self, at: usize, id: &NodeId) {
        self.node_mut(at).links.remove(id);
        self.introduce(at).await;
    }

    /// Adds a second installation of `at`, with the same key, database, peers and time; it runs.
    pub async fn add_clone(&mut self, at: usize) -> usize {
        let files = tempfile::tempdir().expect("a directory for the clone");
        let original = self.node(at);
        for name in ["node.key", "seal.key", "fence.json"] {
            let (from, to) = (original.files.path().join(name), files.path().join(name));
            std::fs::copy(from, to).expect("the file is copied");
        }
        let database = original.files.path().join("node.db");
        let (now, kept) = (original.clock.now(), files.path().join("copy"));
        backup::write(&database, &kept, &[], now).expect("the database is copied");
        backup::put_back(&kept, &files.path().join("node.db")).expect("the copy is put in place");
        std::fs::remove_file(&kept).expect("the copy was made");
        self.nodes.push(Node {
            id: original.id.clone(),
            key: original.key.clone(),
            clock: ManualClock::at(now),
            transport: Arc::clone(&original.transport),
            files,
            config: original.config.clone(),
            links: original.links.clone(),
            anchors: original.anchors.clone(),
            blocks: original.blocks.clone(),
            starts: 100,
            running: None,
        });
        let copy = self.nodes.len() - 1;
        self.start(copy).await;
        copy
    }

    /// Lets `at` believe that the node `of` lives where `now` does.
    pub async fn move_to(&mut self, at: usize, of: usize, now: usize) {
        let id = self.id(of).clone();
        if let Some(link) = self.node_mut(at).links.get_mut(&id) {
            link.reach = Reach::Node(now);
        }
        self.introduce(at).await;
    }

    /// Sets an option of `node.toml` to a text, from the next start on.
    pub fn set_option(&mut self, at: usize, option: &str, value: &str) {
        let node = self.node_mut(at);
        let others = node.config.lines().filter(|line| !line.starts_with(option));
        let others = others.collect::<Vec<_>>().join("\n");
        node.config = format!("{option} = {value:?}\n{others}\n");
    }

    /// Starts a node that was stopped; its address is another, and those who know it learn of that.
    pub async fn start(&mut self, at: usize) {
        self.write_config(at);
        self.node_mut(at).starts += 1;
        let node = self.node(at);
        // Another sequence than that which made its key, and another at every start.
        let seed = u64::try_from(at).unwrap_or_default() + 1000 * node.starts;
        let seams = Seams {
            clock: Arc::new(node.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(seed)),
            transport: Arc::clone(&node.transport),
            threading: Threading::Own,
            indexing: Indexing::Disk,
        };
        let app = App::open(node.directory(), seams).await.expect("the node opens");
        app.catch_up_index().await.expect("the index follows");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("it is bound");
        let (stop, stopped) = watch::channel(false);
        let router = server::router(&app);
        let front = tokio::spawn(server::serve(router, listener, 64, stopped));
        let running = Running { app, url: format!("http://{address}"), stop, front };
        self.node_mut(at).running = Some(running);
        for other in 0..self.nodes.len() {
            let knows = self.node(other).links.values().any(|link| link.reach == Reach::Node(at));
            if knows {
                self.introduce(other).await;
            }
        }
        // A node signs nothing before its peers have told what it published.
        let _released = self.app(at).ask_own().await;
    }

    /// Stops a node: it answers nobody until it is started again.
    pub async fn stop(&mut self, at: usize) {
        let running = self.node_mut(at).running.take().expect("the node runs");
        running.stop.send(true).expect("the front door listens");
        running.front.await.expect("the front door closes in order");
    }

    /// Lets time pass on every node.
    pub fn advance(&self, by: Duration) {
        self.nodes.iter().for_each(|node| node.clock.advance(by));
    }

    /// Returns a node's clock.
    #[must_use]
    pub fn clock(&self, at: usize) -> &ManualClock {
        &self.node(at).clock
    }

    /// Returns a node's id.
    #[must_use]
    pub fn id(&self, at: usize) -> &NodeId {
        &self.node(at).id
    }

    /// Returns a node's verifier key.
    #[must_use]
    pub fn key(&self, at: usize) -> &VerifierKey {
        &self.node(at).key
    }

    /// Returns where a node's files lie.
    #[must_use]
    pub fn path(&self, at: usize) -> &Path {
        self.node(at).files.path()
    }

    /// Returns a node that runs.
    #[must_use]
    pub fn app(&self, at: usize) -> &App {
        &self.running(at).app
    }

    /// Returns where a node answers.
    #[must_use]
    pub fn url(&self, at: usize) -> &str {
        &self.running(at).url
    }

    /// Puts own opportunities and publishes them.
    ///
    /// # Errors
    ///
    /// [`FeedError`] if they stay pending.
    pub async fn publish(
        &self,
        at: usize,
        records: &[Opportunity],
    ) -> Result<Option<Published>, FeedError> {
        let now = self.node(at).clock.now();
        let drafts: Vec<Draft> = records.iter().map(live).collect();
        let put = self.app(at).store().write(Durability::Full, move |tx| {
            drafts.iter().try_for_each(|draft| tx.put_draft(draft, now))
        });
        put.await?;
        self.app(at).publish().await
    }

    /// Withdraws own opportunities and publishes that.
    pub async fn withdraw(&self, at: usize, ids: &[&str]) {
        let now = self.node(at).clock.now();
        let ids: Vec<RecordId> = ids.iter().map(|id| id.parse().expect("a record id")).collect();
        let withdrawn = self.app(at).store().write(Durability::Full, move |tx| {
            for id in &ids {
                assert!(tx.end_draft(id, draft::Status::Withdrawn, now)?, "{id} was live");
                tx.audit(now, &Actor::Operator, "withdraw", id.as_str(), "")?;
            }
            Ok::<_, StoreError>(())
        });
        withdrawn.await.expect("the draft is withdrawn");
        self.app(at).publish().await.expect("the withdrawal is published");
    }

    /// Runs one round of `at` for the feed of `of`, and what follows from it.
    pub async fn ask(&self, at: usize, of: &NodeId) {
        jobs::round(self.app(at), of.clone(), Feed::Offers).await;
    }

    /// Runs one round of `at` for every node it follows.
    pub async fn sweep(&self, at: usize) {
        let app = self.app(at);
        app.sync().hurry();
        for (node, feed) in app.sync().due() {
            jobs::round(app, node, feed).await;
        }
        // The news of this sweep are not told: others ask by themselves.
        drop(app.take_news());
    }

    /// Lets every running node ask everybody until nothing changes any more.
    pub async fn sync_until_quiet(&self) {
        let mut before = self.states().await;
        for _ in 0..SWEEPS {
            for at in self.up() {
                self.sweep(at).await;
            }
            let after = self.states().await;
            if after == before {
                return self.check().await;
            }
            before = after;
        }
        unreachable!("the nodes still change after {SWEEPS} sweeps: {before:?}");
    }

    /// Tells the peers of `at` what it has published.
    pub async fn tell(&self, at: usize) {
        let app = self.app(at);
        for head in app.take_news() {
            app.tell(&head).await;
        }
    }

    /// Removes the traces of what was removed, on every running node.
    pub async fn purge(&self) {
        for at in self.up() {
            self.app(at).purge().await.expect("the node purges");
        }
    }

    fn up(&self) -> Vec<usize> {
        let up = self.nodes.iter().enumerate().filter(|(_, node)| node.running.is_some());
        up.map(|(at, _)| at).collect()
    }

    /// Writes what `at` knows of the others, and lets it take that up.
    async fn introduce(&self, at: usize) {
        self.write_config(at);
        if let Some(running) = &self.node(at).running {
            running.app.reload().await.expect("the configuration is taken up");
        }
    }

    fn write_config(&self, at: usize) {
        let node = self.node(at);
        let blocks = node.blocks.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>();
        let mut text = format!("blocks = [{}]\n{}", blocks.join(", "), node.config);
        for anchor in &node.anchors {
            text = anchors::with(&text, anchor).expect("the configuration is TOML");
        }
        for (id, link) in &node.links {
            let url = match &link.reach {
                Reach::Node(of) => Some(self.last_url(*of)),
                Reach::Url(url) => Some(url.clone()),
                Reach::Relays => None,
            };
            let peer = Peer { id: id.clone(), url, key: link.key.clone(), relay: link.relay };
            text = peers::with(&text, &peer).expect("the configuration is TOML");
        }
        node.directory().write_config(&text).expect("the configuration is written");
    }

    /// Where a node answers; where nobody does while it is stopped.
    fn last_url(&self, of: usize) -> String {
        let running = self.node(of).running.as_ref();
        running.map_or_else(|| "http://127.0.0.1:1".to_owned(), |running| running.url.clone())
    }

    fn node(&self, at: usize) -> &Node {
        self.nodes.get(at).expect("a node of this cluster")
    }

    fn node_mut(&mut self, at: usize) -> &mut Node {
        self.nodes.get_mut(at).expect("a node of this cluster")
    }

    fn running(&self, at: usize) -> &Running {
        self.node(at).running.as_ref().expect("the node runs")
    }
}

impl Node {
    fn directory(&self) -> Directory {
        Directory::new(self.files.path())
    }

    /// Opens the files beside the node, as `check` on the command line does.
    fn proof(&self) -> Proof {
        let directory = self.directory();
        let config = Config::read(&directory.config()).expect("the configuration is read");
        let store = Store::open(&directory.database(), self.id.as_str(), Threading::Caller)
            .expect("the database opens");
        let (key, _) = directory.read_keys().expect("the keys are read");
        let now = self.clock.now();
        let proof = store.read_here(|tx| {
            let followed = Trust::read(tx, &config, now)?.followed(&config);
            check::store(tx, key.verifier(), &followed)
        });
        proof.expect("the database is read")
    }
}

/// Returns a record as an own opportunity that is to be published.
pub(crate) fn live(record: &Opportunity) -> Draft {
    let line = record.to_line().expect("the record is valid");
    let body = String::from_utf8(line.bytes().to_vec()).expect("JSON is UTF-8");
    Draft {
        status: draft::Status::Live,
        id: record.id.clone(),
        input: Hash::of(body.as_bytes()),
        body: Some(body),
        valid_until: record.valid_until,
        explicit_end: true,
        source: Source { system: "test".to_owned(), id: record.id.to_string() },
    }
}
