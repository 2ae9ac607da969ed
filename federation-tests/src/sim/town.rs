//! One honest node of the simulation: its files, its lives, and how they end.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use engagement_node::app::{App, Indexing, Seams};
use engagement_node::cli::init::Init;
use engagement_node::config::anchors::Anchor;
use engagement_node::config::directory::Directory;
use engagement_node::config::{Peer, anchors, peers};
use engagement_node::entropy::SeededEntropy;
use engagement_node::feed::FeedError;
use engagement_node::store::{Durability, Threading};
use engagement_node::{jobs, server};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::SigningKey;
use engagement_protocol::opportunity::Opportunity;
use futures_util::future::select;

use super::clock::SimClock;
use super::executor::{Handle, Owner, at_once};
use super::network::Network;
use crate::cluster::live as live_draft;

/// The longest a node waits for its next tick.
const TICK: Duration = Duration::from_secs(10);

/// SQLite moves this much of its log into the database by itself; beyond it nothing can be cut off.
const CHECKPOINT_BYTES: u64 = 1000 * 4096;

/// An honest node.
#[derive(Debug)]
pub struct Town {
    /// Its host.
    pub number: usize,
    /// Its id.
    pub id: NodeId,
    /// Its key as written.
    pub key: String,
    /// Its clock.
    pub clock: SimClock,
    /// What runs, if it does.
    pub running: Option<Running>,
    /// Whom it follows.
    pub links: BTreeMap<NodeId, Peer>,
    /// What its searches are answered from.
    pub indexing: Indexing,
    /// Whether others read through it.
    pub is_relay: bool,
    /// The register that it believes.
    pub anchor: Option<Anchor>,
    /// The pause between two rounds.
    pub interval: Duration,
    path: PathBuf,
    config: String,
    /// How much of its log lay safely on the disk when its last life ended.
    durable: u64,
    lives: u64,
    seed: u64,
}

/// A node that runs.
#[derive(Debug)]
pub struct Running {
    /// The node.
    pub app: App,
    /// Its routes.
    pub router: Router,
}

/// What lay in the database file and its log at one moment.
#[derive(Debug, Clone)]
pub struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
    /// How much of the log no power failure takes.
    durable: u64,
}

impl Image {
    /// Takes it for a backup: what is played back lies on the disk to the last byte.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { durable: u64::try_from(self.log.len()).unwrap_or(u64::MAX), ..self }
    }
}

impl Town {
    /// Makes a node in `path`.
    ///
    /// # Panics
    ///
    /// If it cannot be made: nothing is simulated then.
    #[must_use]
    pub fn new(id: &str, number: usize, path: PathBuf, seed: u64, handle: Handle) -> Self {
        let init = Init {
            id: id.parse().expect("a node id"),
            name: format!("Stadt {id}"),
            listen: "127.0.0.1:1".parse().expect("an address"),
            url: Some(Network::url(number)),
            contact: None,
            allow_loopback: false,
        };
        let directory = Directory::new(&path);
        let entropy = SeededEntropy::new(seed);
        let key = init.create(&directory, &entropy).expect("a node can be made");
        let config = std::fs::read_to_string(directory.config()).expect("init wrote it");
        Self {
            number,
            id: init.id,
            key: key.verifier().to_string(),
            clock: SimClock::new(handle),
            running: None,
            links: BTreeMap::new(),
            indexing: Indexing::Disk,
            is_relay: false,
            anchor: None,
            interval: Duration::from_secs(60),
            path,
            config,
            durable: 0,
            lives: 0,
            seed,
        }
    }

    /// Returns where its files lie.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns its database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.path.join("node.db")
    }

    /// Writes whom it follows.
    ///
    /// # Panics
    ///
    /// If the file cannot be written.
    pub fn write_config(&self) {
        let (relay, interval) = (self.is_relay, self.interval.as_secs());
        let mut text =
            format!("{}\n[sync]\nrelay = {relay}\ninterval_s = {interval}\n", self.config);
        for peer in self.links.values() {
            text = peers::with(&text, peer).expect("the configuration is TOML");
        }
        if let Some(anchor) = &self.anchor {
            text = anchors::with(&text, anchor).expect("the configuration is TOML");
        }
        Directory::new(&self.path).write_config(&text).expect("the configuration is written");
    }

    /// Starts the node.
    ///
    /// # Errors
    ///
    /// Why it does not start.
    pub fn start(&mut self, handle: &Handle, network: &Network) -> Result<(), String> {
        self.write_config();
        let log = std::fs::metadata(self.log()).map_or(0, |log| log.len());
        self.durable = self.durable.min(log);
        self.lives += 1;
        let seams = Seams {
            clock: Arc::new(self.clock.clone()),
            entropy: Arc::new(SeededEntropy::new(self.seed.wrapping_add(self.lives << 32))),
            transport: network.transport(self.number),
            threading: Threading::Caller,
            indexing: self.indexing,
        };
        let opened = at_once(App::open(Directory::new(&self.path), seams));
        let app = opened.map_err(|error| error.to_string())?;
        at_once(app.catch_up_index()).map_err(|error| error.to_string())?;
        let router = server::router(&app);
        network.open(self.number, router.clone(), self.clock.clone());
        // Nobody counts seconds in a world of days.
        let tick = TICK.max(self.interval / 15);
        let life = live(app.clone(), self.number, handle.clone(), tick);
        handle.spawn(Owner::Node(self.number), life);
        self.running = Some(Running { app, router });
        Ok(())
    }

    /// Puts own opportunities and publishes them, as an editor does.
    ///
    /// # Errors
    ///
    /// Why they stay pending.
    ///
    /// # Panics
    ///
    /// If the node does not run.
    pub async fn publish(&self, records: &[Opportunity]) -> Result<(), FeedError> {
        let app = &self.running.as_ref().expect("the node runs").app;
        let (drafts, now) = (records.iter().map(live_draft).collect::<Vec<_>>(), app.clock().now());
        let put = app.store().write(Durability::Full, move |tx| {
            drafts.iter().try_for_each(|draft| tx.put_draft(draft, now))
        });
        put.await?;
        app.publish_and_tell().await
    }

    /// Returns what lies in its database, cut where `choose` says if the power fails: it is given the
    /// least that is left and all there is.
    ///
    /// # Panics
    ///
    /// If the file cannot be read.
    #[must_use]
    pub fn image(&self, choose: Option<&mut dyn FnMut(u64, u64) -> u64>) -> Image {
        let database = std::fs::read(self.database()).expect("a node has a database");
        let mut log = std::fs::read(self.log()).unwrap_or_default();
        let all = u64::try_from(log.len()).unwrap_or(0);
        let forced =
            self.running.as_ref().and_then(|running| running.app.store().durable_log_bytes());
        // What had survived when this life began survives, whether anything was forced since or not.
        let mut durable = forced.unwrap_or(self.durable).min(all);
        if let Some(choose) = choose {
            if all < CHECKPOINT_BYTES {
                let kept = choose(durable, all);
                log.truncate(usize::try_from(kept).unwrap_or(usize::MAX));
            }
            durable = u64::try_from(log.len()).unwrap_or(0);
        }
        Image { database, log, durable }
    }

    /// Puts files where the node will look for them; it must not run.
    ///
    /// # Panics
    ///
    /// If they cannot be written.
    pub fn put(&mut self, image: &Image) {
        drop(std::fs::remove_file(self.path.join("node.db-shm")));
        std::fs::write(self.database(), &image.database).expect("the database is written");
        std::fs::write(self.log(), &image.log).expect("the log is written");
        self.durable = image.durable;
    }

    /// Loses the database and the index; keys and configuration lie on another disk.
    pub fn wipe(&self) {
        for name in ["node.db", "node.db-wal", "node.db-shm"] {
            drop(std::fs::remove_file(self.path.join(name)));
        }
        drop(std::fs::remove_dir_all(self.path.join("index")));
    }

    /// Returns the key that it signs with, from its file.
    ///
    /// # Panics
    ///
    /// If the file cannot be read.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        Directory::new(&self.path).read_keys().expect("a node has keys").0
    }

    /// Returns what nobody else may know: the secrets of its keys, as they stand in their files.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        let read = |name| std::fs::read_to_string(self.path.join(name)).unwrap_or_default();
        let (sign, seal) = (read("node.key"), read("seal.key"));
        // Behind what names the key stands what nobody else may know; base64 may hold plus signs.
        let sign = sign.lines().filter_map(|line| line.trim().splitn(5, '+').last());
        let seal = seal.trim().strip_prefix("X25519+");
        sign.chain(seal).filter(|secret| secret.len() > 30).map(str::to_owned).collect()
    }

    /// Makes a second installation of the node in `path`, which knows what this one knows now.
    ///
    /// # Panics
    ///
    /// If its files cannot be copied.
    #[must_use]
    pub fn copy(&self, number: usize, path: PathBuf) -> Self {
        std::fs::create_dir_all(&path).expect("there is room");
        for name in ["node.key", "seal.key", "fence.json"] {
            drop(std::fs::copy(self.path.join(name), path.join(name)));
        }
        let mut copy = Self {
            number,
            id: self.id.clone(),
            key: self.key.clone(),
            clock: self.clock.clone(),
            running: None,
            links: self.links.clone(),
            indexing: self.indexing,
            is_relay: self.is_relay,
            anchor: self.anchor.clone(),
            interval: self.interval,
            path,
            config: self.config.clone(),
            durable: 0,
            lives: 0,
            seed: self.seed ^ 0x5eed,
        };
        copy.put(&self.image(None).settled());
        copy
    }

    fn log(&self) -> PathBuf {
        self.path.join("node.db-wal")
    }
}

/// What a running node repeats: `jobs::run` with the executor's tasks and time.
async fn live(app: App, number: usize, handle: Handle, tick: Duration) {
    loop {
        for work in jobs::due(&app).await {
            let app = app.clone();
            handle.spawn(Owner::Node(number), async move {
                work.run(&app).await;
                app.wake().notify_one();
            });
        }
        let now = app.clock().monotonic();
        let next = app.sync().next_due().map_or(tick, |next| next.saturating_sub(now));
        let pause = handle.sleep(next.clamp(Duration::from_millis(20), tick));
        select(std::pin::pin!(app.wake().notified()), pause).await;
    }
}
