//! Everything a handler, a job or a command may reach: one node, open.
//!
//! Nothing is process-wide: a process may hold a hundred of these, each with its own database, index and
//! clock. What breaks here is said with an [`OpenError`] before anything is served.

pub mod check;
pub mod corrected;
pub mod coverage;
pub mod explain;
pub mod heads;
pub mod import;
mod indexing;
pub mod keys;
mod live;
pub mod network;
pub mod opportunity;
pub mod overview;
pub mod own;
mod proofs;
pub mod receipts;
pub mod search;
pub mod status;
pub mod suggest;
pub mod trust;
pub mod understand;
pub mod walk;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use engagement_protocol::document::DocumentError;
use engagement_protocol::id::{Feed, NodeId};
use engagement_protocol::planted::{self, Bug};
use engagement_protocol::seal::SealKey;
use engagement_protocol::signing::Hold;
use tokio::sync::Notify;

use crate::clock::Clock;
use crate::config::directory::{Directory, DirectoryError, Lock};
use crate::config::{Config, ConfigError};
use crate::entropy::Entropy;
use crate::feed::fence::Fence;
use crate::feed::gate::Gate;
use crate::feed::permit::Permit;
use crate::feed::{FeedError, Published, Publishing};
use crate::search::analysis::steps::Without;
use crate::search::index::{Index, IndexError};
use crate::store::{Durability, Store, StoreError, Threading};
use crate::sync::Sync;
use crate::sync::transport::PeerTransport;
use crate::sync::trust::Trust;
use keys::Signer;

/// The seams of a node: what is real in a town hall and simulated in a test.
#[derive(Debug, Clone)]
pub struct Seams {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// How bytes come from peers.
    pub transport: Arc<dyn PeerTransport>,
    /// Where the database works.
    pub threading: Threading,
    /// What searches are answered from.
    pub indexing: Indexing,
}

/// What searches are answered from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Indexing {
    /// The index in the node's directory.
    #[default]
    Disk,
    /// The same, with texts read without some steps: to measure what each step is worth.
    Without(Without),
    /// Nothing: for simulations in which nobody searches.
    Hollow,
}

/// A node, open.
#[derive(Debug, Clone)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    directory: Directory,
    config: RwLock<Arc<Config>>,
    store: Store,
    index: RwLock<Arc<Index>>,
    clock: Arc<dyn Clock>,
    publishing: Publishing,
    gate: Gate,
    permit: Permit,
    fence: Fence,
    watch: own::Watch,
    said: heads::Said,
    coverage: coverage::Last,
    asking: receipts::Asking,
    sync: Sync,
    entropy: Arc<dyn Entropy>,
    node: NodeId,
    signer: RwLock<Arc<Signer>>,
    seal: SealKey,
    document: RwLock<Arc<Vec<u8>>>,
    trust: RwLock<Arc<Trust>>,
    /// Held while it is settled whom to follow, or while our key changes.
    settling: tokio::sync::Mutex<()>,
    /// Held while it is judged by our key what peers tell of us, or while that becomes another.
    keying: tokio::sync::Mutex<()>,
    wake: Notify,
    /// How often something was removed of which traces are left, and how many of these have been purged.
    dirt: AtomicU64,
    purged: AtomicU64,
    catching_up: tokio::sync::Mutex<()>,
    stuck: AtomicBool,
    /// Heads that the peers have not been told of.
    news: Mutex<Vec<Vec<u8>>>,
    trouble: RwLock<Option<String>>,
    /// What the start page shows, until the index or the day changes.
    overview: overview::Kept,
    /// What is known of the words of records, for those who ask why a result was found.
    explained: explain::Kept,
    _lock: Lock,
}

/// Why a node cannot be opened.
#[derive(Debug, thiserror::Error)]
#[expect(missing_docs, reason = "each variant is the error of one file or part")]
pub enum OpenError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("Der Suchindex lässt sich nicht anlegen: {0}")]
    Index(#[from] IndexError),
    #[error(
        "Die Selbstauskunft ist nicht zulässig: {0}. Prüfen Sie name und contact in node.toml."
    )]
    Document(#[from] DocumentError),
    #[error(
        "node.key gehört zu {key}, in node.toml steht {config}. Spielen Sie die passende Schlüsseldatei zurück."
    )]
    OtherKey { key: NodeId, config: NodeId },
}

impl App {
    /// Opens the node in `directory` and takes the directory for this process.
    ///
    /// # Errors
    ///
    /// [`OpenError`].
    pub async fn open(directory: Directory, seams: Seams) -> Result<Self, OpenError> {
        directory.expect_node()?;
        let config = Config::read(&directory.config())?;
        let lock = directory.lock()?;
        let (key, seal) = directory.read_keys()?;
        let until = directory.key_until()?;
        let node = key.verifier().node().clone();
        if node != config.id {
            return Err(OpenError::OtherKey { key: node, config: config.id });
        }
        let store = Store::open(&directory.database(), config.id.as_str(), seams.threading)?;
        let index = Arc::new(match seams.indexing {
            Indexing::Disk => indexing::open_index(&directory, &store)?,
            Indexing::Without(steps) => Index::open_without(&directory.index(), steps)?,
            Indexing::Hollow => Index::hollow()?,
        });
        let now = seams.clock.now();
        let (trust, register) = store.read_here(|tx| {
            let register = !tx.members()?.is_empty();
            Ok::<_, StoreError>((Trust::read(tx, &config, now)?, register))
        })?;
        let seal = seal.public();
        let document = keys::document(&config, &key, seal.clone(), register, seams.clock.as_ref());
        document.check()?;
        let document = document.sign(&key).bytes().to_vec();
        let signer = Signer { key: key.clone(), until };
        let gate = Gate::default();
        let followed = trust.followed(&config);
        let fence = Fence::open(directory.fence());
        let (newest, monotonic) = (fence.newest(), seams.clock.monotonic());
        let verifier = key.verifier().clone();
        let signing =
            store.read_here(|tx| own::signing(tx, &verifier, newest.as_ref(), now, monotonic))?;
        let permit = Permit::new(signing, own::askable(&followed));
        // A node without peers goes on at once, and is not stopped by the first that it learns of.
        let _held = permit.may_sign(monotonic);
        let publishing = Publishing::new(
            store.clone(),
            key,
            Arc::clone(&seams.clock),
            gate.clone(),
            permit.clone(),
            fence.clone(),
        );
        let sync = Sync::new(
            store.clone(),
            seams.transport,
            Arc::clone(&seams.clock),
            Arc::clone(&seams.entropy),
            followed,
        )
        .await?;
        let inner = Inner {
            directory,
            config: RwLock::new(Arc::new(config)),
            store,
            index: RwLock::new(index),
            clock: seams.clock,
            publishing,
            gate,
            permit,
            fence,
            watch: own::Watch::default(),
            said: heads::Said::default(),
            coverage: coverage::Last::default(),
            asking: receipts::Asking::default(),
            sync,
            entropy: seams.entropy,
            node,
            signer: RwLock::new(Arc::new(signer)),
            seal,
            document: RwLock::new(Arc::new(document)),
            trust: RwLock::new(Arc::new(trust)),
            settling: tokio::sync::Mutex::default(),
            keying: tokio::sync::Mutex::default(),
            wake: Notify::new(),
            // Something may have been removed just before the last end.
            dirt: AtomicU64::new(1),
            purged: AtomicU64::new(0),
            catching_up: tokio::sync::Mutex::default(),
            stuck: AtomicBool::new(false),
            news: Mutex::default(),
            trouble: RwLock::default(),
            overview: overview::Kept::default(),
            explained: explain::Kept::default(),
            _lock: lock,
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Returns the directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.inner.directory
    }

    /// Returns the configuration as it is now.
    #[must_use]
    pub fn config(&self) -> Arc<Config> {
        Arc::clone(&self.inner.config.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns this node's id.
    #[must_use]
    pub fn node(&self) -> &NodeId {
        &self.inner.node
    }

    /// Returns the database.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Returns the clock.
    #[must_use]
    pub fn clock(&self) -> &dyn Clock {
        self.inner.clock.as_ref()
    }

    /// Returns what follows others' feeds.
    #[must_use]
    pub fn sync(&self) -> &Sync {
        &self.inner.sync
    }

    /// Returns who may say that our clock is wrong.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        &self.inner.gate
    }

    /// Returns our signed node document.
    #[must_use]
    pub fn document(&self) -> Arc<Vec<u8>> {
        Arc::clone(&self.inner.document.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns the notification that there is something to do before the next tick.
    #[must_use]
    pub fn wake(&self) -> &Notify {
        &self.inner.wake
    }

    /// Reads the configuration again and follows whom it names now.
    ///
    /// Only peers, anchors and blocks change while a node runs; the rest waits for the next start.
    ///
    /// # Errors
    ///
    /// [`OpenError`]; the configuration stays as it was.
    pub async fn reload(&self) -> Result<(), OpenError> {
        let read = Config::read(&self.inner.directory.config())?;
        let mut next = (*self.config()).clone();
        (next.peers, next.anchors, next.blocks) = (read.peers, read.anchors, read.blocks);
        let next = Arc::new(next);
        let before = {
            let mut config = self.inner.config.write().unwrap_or_else(PoisonError::into_inner);
            std::mem::replace(&mut *config, next)
        };
        if let Err(error) = self.refollow().await {
            *self.inner.config.write().unwrap_or_else(PoisonError::into_inner) = before;
            return Err(error);
        }
        Ok(())
    }

    /// Publishes what is pending and makes it searchable here.
    ///
    /// # Errors
    ///
    /// [`FeedError`]; what was to be published stays pending, and [`App::trouble`] says why.
    pub async fn publish(&self) -> Result<Option<Published>, FeedError> {
        let result = self.inner.publishing.publish().await;
        self.note_trouble(&result);
        let published = result?;
        if let Some(published) = &published {
            if published.removed {
                self.purge_soon();
            }
            self.expect_receipts();
            if let Err(error) = self.catch_up_index().await {
                tracing::error!(%error, "index");
            }
        }
        Ok(published)
    }

    /// Publishes what is pending and leaves word for the peers.
    ///
    /// # Errors
    ///
    /// [`FeedError`].
    pub async fn publish_and_tell(&self) -> Result<(), FeedError> {
        let published = self.publish().await;
        // A suspension does not wait for an offer that cannot be published.
        let register = self.publish_register().await;
        if let Some(published) = published? {
            tracing::info!(seq = published.seq, changes = published.changes, "published");
            self.tell_soon(published.head);
        }
        register
    }

    /// Leaves a head to be told to the peers: whoever publishes does not wait for a peer that is away.
    pub fn tell_soon(&self, head: Vec<u8>) {
        self.inner.news.lock().unwrap_or_else(PoisonError::into_inner).push(head);
        self.inner.wake.notify_one();
    }

    /// Takes the heads that are to be told.
    #[must_use]
    pub fn take_news(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut self.inner.news.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Signs the last state of each of our feeds again if that is due; returns the new heads.
    ///
    /// # Errors
    ///
    /// [`FeedError`].
    pub async fn resign(&self) -> Result<Vec<Vec<u8>>, FeedError> {
        let mut heads = Vec::new();
        for feed in [Feed::Offers, Feed::Members, Feed::Heads] {
            heads.extend(self.inner.publishing.resign(feed).await?);
        }
        Ok(heads)
    }

    /// Returns why publishing does not work now, in a sentence for the operator.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.inner.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns whether nothing of what was removed is left to be purged.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.inner.dirt.load(Ordering::Relaxed) == self.inner.purged.load(Ordering::Relaxed)
    }

    /// Notes that something was removed, so that its traces are purged in this cycle.
    pub fn purge_soon(&self) {
        self.inner.dirt.fetch_add(1, Ordering::Relaxed);
    }

    /// Removes every trace of what was removed: index terms, replaced objects, pages of the write-ahead log.
    /// What cannot be purged now is tried again at the next call.
    ///
    /// # Errors
    ///
    /// [`OpenError::Store`] or [`OpenError::Index`].
    pub async fn purge(&self) -> Result<(), OpenError> {
        let (now, monotonic) = (self.inner.clock.now(), self.inner.clock.monotonic());
        // A clock that has jumped makes nothing a month old: whoever forgot its own signatures would take them
        // for somebody else's, and what is withheld would be gone before its operator saw it.
        let is_right = self.inner.gate.may_sign(now, monotonic).is_ok();
        let pruned = self.inner.store.write(Durability::Process, move |tx| {
            let old = is_right && tx.forget_old(now)?;
            Ok::<_, StoreError>(tx.prune_objects(now)? || old)
        });
        let old = pruned.await?;
        if old {
            self.purge_soon();
        } else if self.is_clean() {
            return Ok(());
        }
        // Not before it is done: whoever asks meanwhile is told that traces are left.
        let dirt = self.inner.dirt.load(Ordering::Relaxed);
        let index = self.index();
        let purged = match planted::has(Bug::Purge) {
            true => Ok(false),
            false => self.inner.store.read(move |_| Ok::<_, OpenError>(index.purge()?)).await,
        };
        let clean = match planted::has(Bug::Log) {
            true => Ok(true),
            false => self.inner.store.checkpoint().await,
        };
        if purged.is_ok() && matches!(clean, Ok(true)) {
            self.inner.purged.fetch_max(dirt, Ordering::Relaxed);
        }
        purged?;
        clean?;
        Ok(())
    }

    /// Returns the search index.
    #[must_use]
    pub fn index(&self) -> Arc<Index> {
        Arc::clone(&self.inner.index.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn note_trouble(&self, result: &Result<Option<Published>, FeedError>) {
        let said = result.as_ref().err().map(ToString::to_string);
        let mut trouble = self.inner.trouble.write().unwrap_or_else(PoisonError::into_inner);
        if *trouble != said {
            match &said {
                // Every start waits a moment: that is no fault.
                Some(said) if matches!(self.hold(), Some(Hold::Asking { .. })) => {
                    tracing::info!(reason = %said, "publishing waits");
                }
                Some(said) => tracing::error!(reason = %said, "publishing is on hold"),
                None => tracing::info!("publishing works again"),
            }
            *trouble = said;
        }
    }
}
