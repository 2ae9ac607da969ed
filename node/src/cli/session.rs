//! What commands share: a directory with a node in it, its database, and the way to the running node.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use engagement_protocol::id::Feed;

use crate::app::{App, Indexing, OpenError, Seams};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::config::directory::{Directory, DirectoryError};
use crate::entropy::SystemEntropy;
use crate::server::control::{self, ControlError, Woken};
use crate::store::{Store, Threading};
use crate::sync::http::HttpTransport;

/// How often a directory's owner is asked while it starts or ends, and how long between two times: 15 seconds in all.
const OWNER_ASKED: u32 = 150;
const OWNER_PAUSE: Duration = Duration::from_millis(100);

/// A node's directory, opened by a command beside the node that may be running.
#[derive(Debug)]
pub struct Session {
    /// The directory.
    pub directory: Directory,
    /// The configuration.
    pub config: Config,
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Returns the directory that `--dir` names.
///
/// # Errors
///
/// If it is missing.
pub fn directory(dir: Option<PathBuf>) -> anyhow::Result<Directory> {
    let dir = dir.context("Nennen Sie das Verzeichnis des Knotens mit --dir VERZEICHNIS.")?;
    Ok(Directory::new(dir))
}

/// Returns the seams of a node in a town hall.
///
/// # Errors
///
/// If the system has no usable TLS roots.
pub fn seams(allow_loopback: bool) -> anyhow::Result<Seams> {
    Ok(Seams {
        clock: Arc::new(SystemClock::new()),
        entropy: Arc::new(SystemEntropy),
        transport: Arc::new(HttpTransport::new(allow_loopback)?),
        threading: Threading::Own,
        indexing: Indexing::Disk,
    })
}

impl Session {
    /// Opens the directory; works whether the node runs or not.
    ///
    /// # Errors
    ///
    /// If there is no node, or its database cannot be used.
    pub fn open(directory: Directory) -> anyhow::Result<Self> {
        directory.expect_node()?;
        let config = Config::read(&directory.config())?;
        let store = Store::open(&directory.database(), config.id.as_str(), Threading::Own)?;
        Ok(Self { directory, config, store, clock: Arc::new(SystemClock::new()) })
    }

    /// Changes `node.toml`; a running node takes the change up at once.
    ///
    /// # Errors
    ///
    /// If the configuration refuses the change: nothing has changed then.
    pub async fn configure(
        self,
        change: impl FnOnce(&str) -> anyhow::Result<String>,
    ) -> anyhow::Result<()> {
        self.directory.edit_config(|text| {
            let next = change(text)?;
            Config::parse(&next, "node.toml")?;
            Ok::<_, anyhow::Error>(next)
        })?;
        match self.reload().await? {
            true => say!("Gespeichert; der laufende Knoten folgt der neuen Liste."),
            false => say!("Gespeichert; gilt ab dem nächsten Start."),
        }
        Ok(())
    }

    /// Lets a running node read its configuration again and settle whom to follow. Returns whether one runs.
    ///
    /// # Errors
    ///
    /// If it refuses.
    pub async fn reload(&self) -> anyhow::Result<bool> {
        match control::ask(&self.directory.socket(), "POST", "/control/reload").await {
            Ok((204, _)) => Ok(true),
            Ok((_, reason)) => anyhow::bail!(
                "Gespeichert, aber der laufende Knoten lehnt ab: {}",
                String::from_utf8_lossy(&reason)
            ),
            Err(ControlError::NotRunning) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Publishes what the command has written: through the running node, or here if none runs.
    ///
    /// # Errors
    ///
    /// If neither is possible; what was written stays and is published later.
    pub async fn publish(self) -> anyhow::Result<Woken> {
        self.wake("/control/wake").await
    }

    /// Publishes like [`Session::publish`], and removes every trace of what is gone at once.
    ///
    /// # Errors
    ///
    /// If neither is possible; what was written stays and is done later.
    pub async fn erase(self) -> anyhow::Result<Woken> {
        self.wake("/control/erase").await
    }

    async fn wake(self, path: &str) -> anyhow::Result<Woken> {
        let Self { directory, config, store, .. } = self;
        drop(store);
        let running = |status, body: &[u8]| match status {
            200 => Ok(serde_json::from_slice(body)?),
            _ => anyhow::bail!("Der laufende Knoten antwortet mit HTTP {status}."),
        };
        let here = async || {
            let app = App::open(directory.clone(), seams(config.allow_loopback)?).await?;
            if app.hold().is_some() {
                let _released = app.ask_own().await;
            }
            let published = app.publish_and_tell().await;
            let node = app.node().clone();
            let state = app.store().read(move |tx| tx.feed(&node, Feed::Offers)).await?;
            app.purge().await?;
            Ok(Woken {
                seq: state.map(|state| state.seq),
                on_hold: published.err().map(|error| error.to_string()),
            })
        };
        through_owner(&directory, path, running, here).await?.context(
            "Der Knoten startet oder endet gerade. Die Änderung ist gespeichert und wird von ihm veröffentlicht.",
        )
    }
}

/// Lets whoever owns the directory do something: the node that runs on it, or this process.
///
/// The lock says who it is. A node that is just starting or ending is waited for; nothing if that takes too long.
///
/// # Errors
///
/// Of whoever did it.
pub(super) async fn through_owner<T>(
    directory: &Directory,
    path: &str,
    running: impl Fn(u16, &[u8]) -> anyhow::Result<T>,
    here: impl AsyncFn() -> anyhow::Result<T>,
) -> anyhow::Result<Option<T>> {
    for _ in 0..OWNER_ASKED {
        match control::ask(&directory.socket(), "POST", path).await {
            Ok((status, body)) => return running(status, &body).map(Some),
            Err(ControlError::NotRunning) => {}
            Err(error) => return Err(error.into()),
        }
        match here().await {
            Err(error) if is_in_use(&error) => tokio::time::sleep(OWNER_PAUSE).await,
            done => return done.map(Some),
        }
    }
    Ok(None)
}

fn is_in_use(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(OpenError::Directory(DirectoryError::InUse(_))))
        || matches!(error.downcast_ref(), Some(DirectoryError::InUse(_)))
}
