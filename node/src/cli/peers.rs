//! `peers`: whose feeds are followed.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;

use crate::app::coverage::name_of;
use crate::config::directory::Directory;
use crate::config::{Config, Peer, peers};
use crate::server::control::{self, ControlError};

/// Options of `peers`.
#[derive(Debug, Args)]
pub struct Peers {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Folgt einem Knoten (ohne URL: nur über Relais)
    Add(Box<Add>),
    /// Listet die Gegenstellen auf
    List,
    /// Folgt einem Knoten nicht mehr und löscht seine Kopie
    Remove {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
    },
}

/// Options of `peers add`.
#[derive(Debug, Args)]
struct Add {
    /// Basisadresse des Knotens
    url: Option<String>,
    /// Amtlicher Schlüssel des Knotens
    #[arg(long)]
    id: NodeId,
    /// Öffentlicher Schlüssel, wie `init` ihn ausgibt
    #[arg(long)]
    key: VerifierKey,
    /// Seine Kopien anderer Feeds dürfen verwendet werden
    #[arg(long)]
    relay: bool,
}

impl Peers {
    /// Changes or lists the peers; a running node takes the change up at once.
    ///
    /// # Errors
    ///
    /// If the configuration refuses the change.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        directory.expect_node()?;
        let config = Config::read(&directory.config())?;
        match self.command {
            Command::List => {
                list(&config);
                return Ok(ExitCode::SUCCESS);
            }
            Command::Add(add) => {
                let Add { url, id, key, relay } = *add;
                let peer = Peer { id, url, key, relay };
                peer.check(&config.id, config.allow_loopback)?;
                edit(&directory, |text| Ok(peers::with(text, &peer)?))?;
            }
            Command::Remove { id } => edit(&directory, |text| {
                peers::without(text, &id)?.with_context(|| {
                    format!("{id} ist keine Gegenstelle. Die Liste zeigt: peers list")
                })
            })?,
        }
        match control::ask(&directory.socket(), "POST", "/control/reload").await {
            Ok((204, _)) => println!("Gespeichert; der laufende Knoten folgt der neuen Liste."),
            Ok((_, reason)) => anyhow::bail!(
                "Gespeichert, aber der laufende Knoten lehnt ab: {}",
                String::from_utf8_lossy(&reason)
            ),
            Err(ControlError::NotRunning) => println!("Gespeichert; gilt ab dem nächsten Start."),
            Err(error) => return Err(error.into()),
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Changes the configuration if what comes out is one.
fn edit(
    directory: &Directory,
    change: impl FnOnce(&str) -> anyhow::Result<String>,
) -> anyhow::Result<()> {
    directory.edit_config(|text| {
        let next = change(text)?;
        Config::parse(&next, "node.toml")?;
        Ok(next)
    })
}

fn list(config: &Config) {
    for peer in &config.peers {
        let relay = if peer.relay { "  Relais" } else { "" };
        let url = peer.url.as_deref().unwrap_or("(nur über Relais)");
        println!("{}  {}  {url}{relay}\n    {}", peer.id, name_of(&peer.id), peer.key);
    }
}
