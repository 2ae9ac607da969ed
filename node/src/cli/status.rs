//! `status`: how this node and its peers are.

use std::process::ExitCode;

use clap::Args;

use super::session::Session;
use crate::app;
use crate::config::directory::Directory;
use crate::config::space;
use crate::server::control::{self, ControlError};

/// Options of `status`.
#[derive(Debug, Args)]
pub struct Status {
    /// Gibt JSON aus
    #[arg(long)]
    json: bool,
}

impl Status {
    /// Prints the status; fails if somebody has to look at something.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let status = match control::ask(&session.directory.socket(), "GET", "/control/status").await
        {
            Ok((200, body)) => serde_json::from_slice(&body)?,
            Ok((status, _)) => anyhow::bail!("Der laufende Knoten antwortet mit HTTP {status}."),
            Err(ControlError::NotRunning) => read(&session)?,
            Err(error) => return Err(error.into()),
        };
        if self.json {
            say!("{}", serde_json::to_string(&status)?);
        } else {
            print(&status);
        }
        Ok(if status.alarms.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

fn read(session: &Session) -> anyhow::Result<app::status::Status> {
    let (keys, _) = session.directory.read_keys()?;
    let (own, now) = ((&session.config, &keys.verifiers()[..]), session.clock.now());
    let read = session.store.read_here(|tx| app::status::Status::read(tx, own, None, now));
    let mut status = read?;
    status.alarms.extend(space::alarm(&session.directory, &session.config));
    Ok(status)
}

fn print(status: &app::status::Status) {
    let or_dash = |number: Option<u64>| number.map_or_else(|| "–".to_owned(), |n| n.to_string());
    let running = if status.serving { "läuft" } else { "läuft nicht" };
    say!(
        "{} ({running}): Stand {}, {} Angebote, {} Änderungen noch nicht veröffentlicht",
        status.node,
        or_dash(status.seq),
        status.live,
        status.pending
    );
    for peer in &status.peers {
        say!(
            "  {}  {}: {}",
            peer.id,
            peer.name,
            match (peer.seq, peer.age_s) {
                (Some(seq), Some(age)) =>
                    format!("Stand {seq}, {} Angebote, zuletzt bestätigt vor {age} s", peer.live),
                (Some(seq), None) => format!("Stand {seq}, {} Angebote", peer.live),
                (None, _) => "noch keine Kopie".to_owned(),
            }
        );
        if let Some(error) = &peer.last_error {
            say!("      {error}");
        }
    }
    for note in &status.notes {
        say!("Hinweis: {note}");
    }
    if let Some(waiting) = &status.waiting {
        say!("{waiting}");
    }
    if status.differences > 0 {
        say!(
            "Seit einer zurückgespielten Sicherung weichen {} eigene Angebote ab; sieben Tage lang zeigt sie: engagement-node withheld list",
            status.differences
        );
    }
    if status.seq.is_some() && status.receipts.nodes > 0 {
        say!("{}", status.receipts.sentence("Neuester Stand"));
    }
    for alarm in &status.alarms {
        say!("ALARM: {alarm}");
    }
}
