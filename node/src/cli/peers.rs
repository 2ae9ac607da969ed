//! `peers`: whose feeds are followed.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use serde_json::json;

use super::session::Session;
use crate::app::coverage::name_of;
use crate::config::directory::Directory;
use crate::config::{Config, Peer, peers};

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
    List {
        /// Gibt eine JSON-Liste aus
        #[arg(long)]
        json: bool,
    },
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
        let session = Session::open(directory)?;
        match self.command {
            Command::List { json } => list(&session.config, json)?,
            Command::Add(add) => {
                let Add { url, id, key, relay } = *add;
                let peer = Peer { id, url, key, relay };
                peer.check(&session.config.id, session.config.allow_loopback)?;
                session.configure(|text| Ok(peers::with(text, &peer)?)).await?;
            }
            Command::Remove { id } => {
                let gone = |text: &str| {
                    peers::without(text, &id)?.with_context(|| {
                        format!("{id} ist keine Gegenstelle. Die Liste zeigt: peers list")
                    })
                };
                session.configure(gone).await?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn list(config: &Config, json: bool) -> anyhow::Result<()> {
    if json {
        let row = |peer: &Peer| {
            let Peer { id, url, key, relay } = peer;
            json!({"id": id, "name": name_of(id), "url": url, "key": key.to_string(), "relay": relay})
        };
        let rows: Vec<_> = config.peers.iter().map(row).collect();
        say!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    for peer in &config.peers {
        let relay = if peer.relay { "  Relais" } else { "" };
        let url = peer.url.as_deref().unwrap_or("(nur über Relais)");
        say!("{}  {}  {url}{relay}\n    {}", peer.id, name_of(&peer.id), peer.key);
    }
    Ok(())
}
