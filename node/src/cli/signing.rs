//! `signing` and `withheld`: what the operator decides after a restored backup or a stolen key.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use engagement_protocol::id::RecordId;
use serde_json::json;

use super::session::Session;
use crate::config::directory::Directory;
use crate::server::control::{self, ControlError};
use crate::store::Durability;
use crate::store::audit::Actor;
use crate::store::difference::{Difference, What};

/// Options of `signing`.
#[derive(Debug, Args)]
pub struct Signing {
    #[command(subcommand)]
    command: Option<Decision>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Decision {
    /// Weiter: was veröffentlicht ist, stammt von diesem Knoten
    Allow,
    /// Was veröffentlicht ist, stammt nicht von hier: verwirft es und gibt den Schlüssel auf
    NotMine,
}

/// Options of `withheld`.
#[derive(Debug, Args)]
pub struct Withheld {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Zeigt, worin sich Sicherung und veröffentlichter Stand unterscheiden
    List {
        /// Gibt JSON aus
        #[arg(long)]
        json: bool,
    },
    /// Veröffentlicht wieder, was die Sicherung sagt
    Release {
        /// Kennungen, wie `withheld list` sie zeigt
        #[arg(required = true)]
        ids: Vec<RecordId>,
    },
    /// Löscht sofort, was die Sicherung sagt
    Erase {
        /// Kennungen, wie `withheld list` sie zeigt
        #[arg(required = true)]
        ids: Vec<RecordId>,
    },
}

impl Signing {
    /// Shows whether the running node signs, or takes the operator's decision.
    ///
    /// # Errors
    ///
    /// If the node does not run.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        directory.expect_node()?;
        let (method, path) = match self.command {
            None => ("GET", "/control/signing"),
            Some(Decision::Allow) => ("POST", "/control/signing/allow"),
            Some(Decision::NotMine) => ("POST", "/control/signing/not-mine"),
        };
        match control::ask(&directory.socket(), method, path).await {
            Ok((200, said)) => {
                say!("{}", String::from_utf8_lossy(&said).trim_end());
                Ok(ExitCode::SUCCESS)
            }
            Ok((409, said)) => {
                say!("{}", String::from_utf8_lossy(&said).trim_end());
                Ok(ExitCode::FAILURE)
            }
            Ok((status, _)) => anyhow::bail!("Der laufende Knoten antwortet mit HTTP {status}."),
            Err(ControlError::NotRunning) => anyhow::bail!(
                "Der Knoten läuft nicht. Starten Sie ihn: Er fragt zuerst seine Gegenstellen, bevor er unterschreibt."
            ),
            Err(error) => Err(error.into()),
        }
    }
}

impl Withheld {
    /// Lists, releases or erases what a restored backup has beyond the published state.
    ///
    /// # Errors
    ///
    /// If an id is not withheld: nothing has changed then.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let now = session.clock.now();
        let (ids, release) = match self.command {
            Command::List { json } => {
                print(&session.store.read_here(|tx| tx.differences())?, json)?;
                return Ok(ExitCode::SUCCESS);
            }
            Command::Release { ids } => (ids, true),
            Command::Erase { ids } => (ids, false),
        };
        let count = ids.len();
        session
            .store
            .write(Durability::Full, move |tx| {
                for id in &ids {
                    let (done, action) = if release {
                        (tx.release(id, now)?, "release")
                    } else {
                        (tx.forget_difference(id)?, "erase_withheld")
                    };
                    anyhow::ensure!(
                        done,
                        "Zu {id} hält der Knoten nichts zurück. Nichts wurde verändert; die Liste zeigt: engagement-node withheld list"
                    );
                    tx.audit(now, &Actor::Operator, action, id.as_str(), "")?;
                }
                Ok(())
            })
            .await?;
        let woken = session.erase().await?;
        say!("{count} {}.", if release { "wieder vorgemerkt" } else { "gelöscht" });
        if let Some(reason) = woken.on_hold {
            say!("Noch nicht veröffentlicht: {reason}");
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn print(differences: &[Difference], json: bool) -> anyhow::Result<()> {
    let title = |one: &Difference| {
        let body: serde_json::Value = serde_json::from_str(one.body.as_deref()?).ok()?;
        Some(body.get("title")?.as_str()?.to_owned())
    };
    if json {
        let rows: Vec<_> = differences
            .iter()
            .map(|one| {
                json!({
                    "id": one.id, "what": one.what.as_str(), "title": title(one),
                    "until": one.until.as_ms(),
                })
            })
            .collect();
        say!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    if differences.is_empty() {
        say!("Sicherung und veröffentlichter Stand unterscheiden sich nicht.");
    }
    for one in differences {
        let what = match one.what {
            What::Withheld => "zurückgehalten (seit der Sicherung zurückgezogen)",
            What::Replaced => "ersetzt (seit der Sicherung geändert)",
            What::Added => "zurückgeholt (seit der Sicherung dazugekommen)",
        };
        say!("{}  {what}, bis {}  {}", one.id, one.until.day(), title(one).unwrap_or_default());
    }
    Ok(())
}
