//! `check-proof` and `alarms`: nodes that were caught signing two states with one number.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::id::NodeId;
use engagement_protocol::limits::NOTE_BYTES;
use engagement_protocol::proof::Proof;

use super::session::Session;
use crate::config::directory::Directory;
use crate::store::Durability;
use crate::store::audit::Actor;

/// Options of `check-proof`.
#[derive(Debug, Args)]
pub struct CheckProof {
    /// Beweisdatei aus dem Ordner proofs eines Knotens
    file: PathBuf,
}

/// Options of `alarms`.
#[derive(Debug, Args)]
pub struct Alarms {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Zeigt die Knoten, die beim Lügen ertappt wurden
    List,
    /// Beendet den Alarm zu einem Knoten; der Beweis bleibt
    Seen {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
    },
}

impl CheckProof {
    /// Checks a proof file without a node; fails if it proves nothing.
    ///
    /// # Errors
    ///
    /// If the file proves nothing.
    pub fn run(&self) -> anyhow::Result<ExitCode> {
        let name = self.file.display();
        let file = std::fs::File::open(&self.file)
            .with_context(|| format!("{name} lässt sich nicht lesen"))?;
        let mut bytes = Vec::new();
        let limit = u64::try_from(NOTE_BYTES)?.saturating_add(1);
        file.take(limit).read_to_end(&mut bytes)?;
        let proof = Proof::verify(&bytes).with_context(|| format!("{name} beweist nichts"))?;
        say!(
            "Bewiesen: Wer diese Schlüssel hat, hat für den Knoten {} (Feed {}) unter der Nummer {} zwei verschiedene Stände unterschrieben.",
            proof.node,
            proof.feed,
            proof.seq
        );
        for index in proof.indexes {
            say!("  Stand mit dem Verzeichnis {index}");
        }
        for key in &proof.keys {
            say!("  Schlüssel {key}\n  Fingerabdruck {}", key.fingerprint());
        }
        say!(
            "Ob das die Schlüssel des Knotens sind, sagt diese Datei nicht: Vergleichen Sie sie mit dem Verzeichnis der Knoten oder am Telefon."
        );
        Ok(ExitCode::SUCCESS)
    }
}

impl Alarms {
    /// Lists the alarms about other nodes, or ends one.
    ///
    /// # Errors
    ///
    /// If there is no alarm about the node.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let now = session.clock.now();
        match self.command {
            Command::List => {
                let alarms = session.store.read_here(|tx| tx.equivocations(now))?;
                if alarms.is_empty() {
                    say!("Kein Knoten wurde beim Lügen ertappt.");
                }
                for (node, seq) in alarms {
                    say!(
                        "{node}: zwei Stände unter der Nummer {seq}; Beweis im Ordner {}",
                        session.directory.proofs().display()
                    );
                }
            }
            Command::Seen { id } => {
                let node = id.clone();
                let ended = session
                    .store
                    .write(Durability::Full, move |tx| {
                        let ended = tx.equivocation_seen(&node, now)?;
                        tx.audit(now, &Actor::Operator, "alarm_seen", node.as_str(), "")?;
                        Ok::<_, crate::store::StoreError>(ended)
                    })
                    .await?;
                anyhow::ensure!(
                    ended,
                    "Zu {id} gibt es keinen Alarm. Die Liste zeigt: engagement-node alarms list"
                );
                say!(
                    "Der Alarm zu {id} ist beendet. Der Beweis bleibt im Ordner {}.",
                    session.directory.proofs().display()
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
