//! `status`: how this node and its peers are.

use std::process::ExitCode;

use clap::Args;

use super::session::Session;
use crate::app;
use crate::config::directory::Directory;
use crate::server::control::{self, ControlError};
use crate::sync::followed::Followed;

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
        let status: serde_json::Value =
            match control::ask(&session.directory.socket(), "GET", "/control/status").await {
                Ok((200, body)) => serde_json::from_slice(&body)?,
                Ok((status, _)) => {
                    anyhow::bail!("Der laufende Knoten antwortet mit HTTP {status}.")
                }
                Err(ControlError::NotRunning) => serde_json::to_value(read(&session)?)?,
                Err(error) => return Err(error.into()),
            };
        if self.json {
            println!("{status}");
        } else {
            print(&status);
        }
        let alarms = status["alarms"].as_array().is_some_and(|alarms| !alarms.is_empty());
        Ok(if alarms { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn read(session: &Session) -> anyhow::Result<app::status::Status> {
    let followed = Followed::from_config(&session.config);
    let now = session.clock.now();
    Ok(session.store.read_here(|tx| app::status::Status::read(tx, &followed, None, now))?)
}

fn print(status: &serde_json::Value) {
    let text = |value: &serde_json::Value| match value {
        serde_json::Value::String(text) => text.clone(),
        serde_json::Value::Null => "–".to_owned(),
        other => other.to_string(),
    };
    let running = if status["serving"] == true { "läuft" } else { "läuft nicht" };
    println!(
        "{} ({running}): Stand {}, {} Angebote, {} Änderungen noch nicht veröffentlicht",
        text(&status["node"]),
        text(&status["seq"]),
        status["live"],
        status["pending"]
    );
    for peer in status["peers"].as_array().into_iter().flatten() {
        println!(
            "  {}  {}: Stand {}, {} Angebote, zuletzt bestätigt vor {} s{}",
            text(&peer["id"]),
            text(&peer["name"]),
            text(&peer["seq"]),
            peer["live"],
            text(&peer["age_s"]),
            peer["last_error"].as_str().map(|error| format!("\n      {error}")).unwrap_or_default()
        );
    }
    for alarm in status["alarms"].as_array().into_iter().flatten() {
        println!("ALARM: {}", text(alarm));
    }
}
