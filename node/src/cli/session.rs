//! What commands share: a directory with a node in it, its database, and the way to the running node.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;

use crate::app::{App, Indexing, Seams};
use crate::clock::{Clock, SystemClock};
use crate::config::Config;
use crate::config::directory::{Directory, DirectoryError};
use crate::entropy::SystemEntropy;
use crate::server::control::{self, ControlError, Woken};
use crate::store::{Store, Threading};
use crate::sync::http::HttpTransport;

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
        // The lock says who signs. A node that is just starting or ending is waited for.
        for _ in 0..150 {
            match control::ask(&directory.socket(), "POST", path).await {
                Ok((200, body)) => return Ok(serde_json::from_slice(&body)?),
                Ok((status, _)) => {
                    anyhow::bail!("Der laufende Knoten antwortet mit HTTP {status}.")
                }
                Err(ControlError::NotRunning) => {}
                Err(error) => return Err(error.into()),
            }
            match App::open(directory.clone(), seams(config.allow_loopback)?).await {
                Ok(app) => {
                    if app.hold().is_some() {
                        let _released = app.ask_own().await;
                    }
                    let published = app.publish_and_tell().await;
                    let node = app.node().clone();
                    let feed = engagement_protocol::id::Feed::Offers;
                    let state = app.store().read(move |tx| tx.feed(&node, feed)).await?;
                    app.purge().await?;
                    return Ok(Woken {
                        seq: state.map(|state| state.seq),
                        on_hold: published.err().map(|error| error.to_string()),
                    });
                }
                Err(crate::app::OpenError::Directory(DirectoryError::InUse(_))) => {
                    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
        anyhow::bail!(
            "Der Knoten startet oder endet gerade. Die Änderung ist gespeichert und wird von ihm veröffentlicht."
        )
    }
}
