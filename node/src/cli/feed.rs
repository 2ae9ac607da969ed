//! `feed export` and `feed sign`: a signed feed as plain files, with and without a node.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::document::Document;
use engagement_protocol::id::Feed as Name;
use engagement_protocol::key::SigningKey;
use engagement_protocol::opportunity::Record;
use engagement_protocol::register::Row;
use engagement_protocol::slice::Line;
use serde_json::Value;

use super::session::{self, Session};
use crate::app::keys;
use crate::clock::{Clock as _, SystemClock};
use crate::config::directory::Directory;
use crate::feed::files::{self, FilesError, Written};

/// Options of `feed`.
#[derive(Debug, Args)]
pub struct Feed {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Schreibt den unterschriebenen Stand dieses Knotens als Dateien, die jeder Webserver ausliefern kann
    Export {
        /// Zielordner
        out: PathBuf,
    },
    /// Unterschreibt einen Ordner mit Datensätzen (*.jsonl), ohne dass ein Knoten läuft
    Sign(Box<Sign>),
}

/// Options of `feed sign`.
#[derive(Debug, Args)]
struct Sign {
    /// Ordner mit den Datensätzen: *.jsonl, ein Datensatz je Zeile
    records: PathBuf,
    /// Schlüsseldatei (node.key, wie `init` sie anlegt)
    #[arg(long)]
    key: PathBuf,
    /// Zielordner; steht dort schon ein Stand, geht es von ihm aus weiter
    #[arg(long)]
    out: PathBuf,
    /// Welcher Feed
    #[arg(long, default_value = "offers")]
    feed: Name,
    /// Name, den die Menschen lesen
    #[arg(long)]
    name: String,
    /// Öffentliche Adresse, unter der der Zielordner erreichbar ist
    #[arg(long)]
    url: Option<String>,
    /// Funktionsadresse für Anfragen
    #[arg(long)]
    contact: Option<String>,
}

impl Feed {
    /// Writes the files.
    ///
    /// # Errors
    ///
    /// If a record is refused or a file cannot be written: the old head stays then.
    pub fn run(self, dir: Option<PathBuf>) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Export { out } => export(session::directory(dir)?, &out)?,
            Command::Sign(sign) => sign.run()?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn export(directory: Directory, out: &Path) -> anyhow::Result<()> {
    let session = Session::open(directory)?;
    let (key, seal) = session.directory.read_keys()?;
    let (node, config) = (session.config.id.clone(), &session.config);
    let (written, anchor, register) = session.store.read_here(|tx| {
        let mut written = Vec::new();
        for feed in [Name::Offers, Name::Members] {
            if let Some(one) = files::export(tx, &node, feed, out)? {
                written.push((feed, one));
            }
        }
        Ok::<_, FilesError>((written, tx.anchor_note(&node)?, !tx.members()?.is_empty()))
    })?;
    anyhow::ensure!(
        !written.is_empty(),
        "Dieser Knoten hat noch nichts veröffentlicht. Starten Sie ihn einmal, oder lesen Sie Angebote ein."
    );
    let document = keys::document(config, &key, seal.public(), register, session.clock.as_ref());
    files::write_note(out, "node", document.sign(&key).bytes())?;
    if let Some(note) = anchor {
        files::write_note(out, "anchor", &note)?;
    }
    written.iter().for_each(|(feed, written)| say(*feed, written, out));
    Ok(())
}

fn say(feed: Name, written: &Written, out: &Path) {
    say!(
        "{}/f/{feed}/head: Stand {}, {} Objekte neu, {} gelöscht. Bis {} muss ein neuer Stand oder eine neue Unterschrift da sein.",
        out.display(),
        written.seq,
        written.objects,
        written.deleted,
        written.expires
    );
}

impl Sign {
    fn run(&self) -> anyhow::Result<()> {
        let (key, _) = Directory::read_signing_key(&self.key)?;
        let now = SystemClock::new().now();
        let lines = self.lines()?;
        let document = self.document(&key, now)?;
        let written = files::sign(&self.out, self.feed, lines, &key, now)?;
        files::write_note(&self.out, "node", document.sign(&key).bytes())?;
        say(self.feed, &written, &self.out);
        say!("Öffentlicher Schlüssel: {}", key.verifier());
        Ok(())
    }

    fn document(
        &self,
        key: &SigningKey,
        now: engagement_protocol::time::Timestamp,
    ) -> anyhow::Result<Document> {
        let document = Document {
            node: key.verifier().node().clone(),
            name: self.name.clone(),
            urls: self.url.iter().cloned().collect(),
            keys: key.verifiers(),
            // Nobody is there who could open a message.
            seal: None,
            feeds: vec![self.feed.as_str().to_owned()],
            relays: Vec::new(),
            contact: self.contact.clone(),
            software: Some(concat!("engagement-node/", env!("CARGO_PKG_VERSION")).to_owned()),
            issued: now,
        };
        document.check()?;
        Ok(document)
    }

    /// Reads every record; one that readers would not show is refused here, with its line.
    fn lines(&self) -> anyhow::Result<Vec<Line>> {
        let folder = self.records.display();
        let mut paths: Vec<PathBuf> = std::fs::read_dir(&self.records)
            .with_context(|| format!("{folder} lässt sich nicht lesen"))?
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
            .collect();
        paths.sort();
        let mut lines = Vec::new();
        let mut seen = std::collections::BTreeSet::new();
        for path in paths {
            let name = path.display();
            let text = std::fs::read_to_string(&path)
                .with_context(|| format!("{name} lässt sich nicht lesen"))?;
            for (number, text) in
                (1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty())
            {
                let place = || format!("{name}, Zeile {number}");
                let line = self.line(text).with_context(place)?;
                anyhow::ensure!(
                    seen.insert(line.place()),
                    "{}: Die Kennung {} steht zweimal in den Datensätzen.",
                    place(),
                    line.id()
                );
                lines.push(line);
            }
        }
        Ok(lines)
    }

    fn line(&self, text: &str) -> anyhow::Result<Line> {
        let mut record: serde_json::Map<String, Value> =
            serde_json::from_str(text).context("Das ist kein JSON-Objekt")?;
        let id = record.remove("id").context("Die Kennung (id) fehlt")?;
        // The id stands first: no JSON parser decides it.
        let rest = Value::Object(record).to_string();
        let comma = if rest == "{}" { "" } else { "," };
        let rest = rest.trim_start_matches('{');
        let line = Line::read(format!("{{\"id\":{id}{comma}{rest}").as_bytes())?;
        match self.feed {
            Name::Offers => match Record::read(&line) {
                Record::Unreadable(error) => return Err(error.into()),
                Record::Opportunity(_) | Record::Unknown { .. } => {}
            },
            Name::Members => drop(Row::read(&line)?),
            Name::Heads => anyhow::bail!("Den Feed heads führt nur ein laufender Knoten."),
        }
        Ok(line)
    }
}
