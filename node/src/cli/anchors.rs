//! `anchors`: the registers that this node believes, and an anchor's own recovery key.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::{SigningKey, VerifierKey};
use engagement_protocol::register::anchor::AnchorNote;
use engagement_protocol::words;

use super::session::Session;
use crate::app::coverage::name_of;
use crate::clock::{Clock as _, SystemClock};
use crate::config::anchors::{self, Anchor};
use crate::config::directory::Directory;
use crate::entropy::{SystemEntropy, seed};
use crate::store::Durability;
use crate::store::audit::Actor;

/// Options of `anchors`.
#[derive(Debug, Args)]
pub struct Anchors {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Glaubt einem Register (der Rang ist die Reihenfolge)
    Add(Box<Add>),
    /// Listet die Register auf, denen dieser Knoten glaubt
    List,
    /// Glaubt einem Register nicht mehr
    Remove {
        /// Amtlicher Schlüssel des Registers
        id: NodeId,
    },
    /// Erzeugt einen Wiederherstellungsschlüssel für dieses Register (für den Tresor)
    RecoveryKey {
        /// Zieldatei; es darf sie noch nicht geben
        file: PathBuf,
    },
    /// Unterschreibt mit dem Wiederherstellungsschlüssel, womit das Register künftig unterschreibt (ohne Netz)
    Appoint {
        /// Datei mit dem Wiederherstellungsschlüssel
        #[arg(long)]
        recovery: PathBuf,
        /// Öffentlicher Schlüssel, der künftig gilt
        #[arg(long, required = true)]
        key: Vec<VerifierKey>,
        /// Zieldatei der Erklärung
        file: PathBuf,
    },
    /// Veröffentlicht eine solche Erklärung auf diesem Knoten
    Publish {
        /// Datei mit der Erklärung
        file: PathBuf,
        /// Öffentlicher Wiederherstellungsschlüssel
        #[arg(long)]
        recovery: VerifierKey,
    },
}

/// Options of `anchors add`.
#[derive(Debug, Args)]
struct Add {
    /// Basisadresse des Registers
    url: Option<String>,
    /// Amtlicher Schlüssel des Registers
    #[arg(long)]
    id: NodeId,
    /// Sein öffentlicher Schlüssel
    #[arg(long, required_unless_present = "recovery")]
    key: Option<VerifierKey>,
    /// Sein öffentlicher Wiederherstellungsschlüssel
    #[arg(long)]
    recovery: Option<VerifierKey>,
    /// Seine Kopien anderer Feeds dürfen verwendet werden
    #[arg(long)]
    relay: bool,
}

impl Anchors {
    /// Changes or lists the anchors; a running node takes the change up at once.
    ///
    /// # Errors
    ///
    /// If the configuration refuses the change, or a file cannot be used.
    pub async fn run(self, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        match self.command {
            // The safe has no node in it.
            Command::Appoint { recovery, key, file } => {
                appoint(&recovery, key, &file)?;
                return Ok(ExitCode::SUCCESS);
            }
            command => on_node(command, super::session::directory(dir)?).await?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn on_node(command: Command, directory: Directory) -> anyhow::Result<()> {
    let session = Session::open(directory)?;
    match command {
        Command::List => {
            for anchor in &session.config.anchors {
                print(anchor);
            }
            Ok(())
        }
        Command::Add(add) => {
            let Add { url, id, key, recovery, relay } = *add;
            let anchor = Anchor { id, url, key, recovery, relay };
            anchor.check(&session.config.id, session.config.allow_loopback)?;
            session.configure(|text| Ok(anchors::with(text, &anchor)?)).await
        }
        Command::Remove { id } => {
            session
                .configure(|text| {
                    anchors::without(text, &id)?
                        .with_context(|| format!("{id} steht nicht unter anchors."))
                })
                .await
        }
        Command::RecoveryKey { file } => recovery_key(&session, &file),
        Command::Publish { file, recovery } => publish(session, &file, &recovery).await,
        Command::Appoint { .. } => Ok(()),
    }
}

fn print(anchor: &Anchor) {
    let relay = if anchor.relay { "  Relais" } else { "" };
    let url = anchor.url.as_deref().unwrap_or("(nur über Relais)");
    say!("{}  {}  {url}{relay}", anchor.id, name_of(&anchor.id));
    for (what, key) in [("Schlüssel", &anchor.key), ("Wiederherstellung", &anchor.recovery)] {
        if let Some(key) = key {
            say!("    {what}: {key}\n    {}", words::of(key));
        }
    }
}

fn recovery_key(session: &Session, file: &Path) -> anyhow::Result<()> {
    let id = &session.config.id;
    anyhow::ensure!(!id.is_carrier(), "Ein Träger ({id}) führt kein Register.");
    let key = SigningKey::from_seed(id.clone(), &seed(&SystemEntropy));
    let name = file.display();
    let mut out = std::fs::OpenOptions::new()
        .create_new(true)
        .write(true)
        .mode(0o600)
        .open(file)
        .with_context(|| format!("{name} lässt sich nicht anlegen"))?;
    out.write_all(key.to_secret_text().as_bytes())?;
    out.write_all(b"\n")?;
    out.sync_all()?;
    say!(
        "{name} gehört in den Tresor, nicht auf diesen Rechner. Er unterschreibt nur eines: womit das Register künftig unterschreibt."
    );
    say!("Andere tragen ihn so ein (recovery unter [[anchors]]):");
    say!("{}", key.verifier());
    Ok(())
}

fn appoint(recovery: &Path, keys: Vec<VerifierKey>, file: &Path) -> anyhow::Result<()> {
    let name = recovery.display().to_string();
    let text = std::fs::read_to_string(recovery)
        .map(zeroize::Zeroizing::new)
        .with_context(|| format!("{name} lässt sich nicht lesen"))?;
    let recovery = SigningKey::from_secret_text(text.trim())
        .with_context(|| format!("{name} ist keine Schlüsseldatei"))?;
    let node = recovery.verifier().node().clone();
    let note = AnchorNote { node, keys, issued: SystemClock::new().now() }.sign(&recovery)?;
    let name = file.display();
    std::fs::write(file, note.bytes())
        .with_context(|| format!("{name} lässt sich nicht schreiben"))?;
    say!(
        "Geschrieben: {name}. Auf dem Register einspielen: engagement-node anchors publish {name} --recovery {}",
        recovery.verifier()
    );
    Ok(())
}

async fn publish(session: Session, file: &Path, recovery: &VerifierKey) -> anyhow::Result<()> {
    let name = file.display().to_string();
    let bytes = std::fs::read(file).with_context(|| format!("{name} lässt sich nicht lesen"))?;
    let (own, now) = (session.config.id.clone(), session.clock.now());
    let note = AnchorNote::verify(&bytes, &own, recovery, now).with_context(|| name.clone())?;
    let (key, _) = session.directory.read_keys()?;
    anyhow::ensure!(
        note.keys.contains(key.verifier()),
        "Die Erklärung nennt den Schlüssel dieses Knotens nicht: {}. Andere würden seine Angebote ablehnen.",
        key.verifier()
    );
    let written = session.store.write(Durability::Full, move |tx| {
        let newer = tx.set_anchor_note(&own, note.bytes(), note.issued)?;
        tx.audit(now, &Actor::Operator, "anchor_note", own.as_str(), "")?;
        Ok::<_, crate::store::StoreError>(newer)
    });
    let newer = written.await?;
    anyhow::ensure!(newer, "Eine neuere Erklärung ist schon veröffentlicht.");
    say!("Veröffentlicht. Andere übernehmen sie in wenigen Minuten.");
    Ok(())
}
