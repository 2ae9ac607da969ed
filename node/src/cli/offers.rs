//! `list`, `withdraw`, `export`: this node's own opportunities.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context as _;
use clap::Args;
use engagement_protocol::id::RecordId;
use engagement_protocol::time::Day;
use serde_json::{Value, json};

use super::session::Session;
use crate::app::receipts::Receipts;
use crate::config::directory::Directory;
use crate::server::control;
use crate::store::Durability;
use crate::store::audit::Actor;
use crate::store::draft::{Draft, Status};

/// How often the peers are asked for receipts, three seconds apart, before `withdraw` says what it knows.
const ASKED: usize = 7;

/// Options of `list`.
#[derive(Debug, Args)]
pub struct List {
    /// Gibt eine JSON-Liste aus
    #[arg(long)]
    json: bool,
}

/// Options of `withdraw`.
#[derive(Debug, Args)]
pub struct Withdraw {
    /// Kennungen der Angebote, wie `list` sie zeigt
    #[arg(required = true)]
    ids: Vec<RecordId>,
    /// Löscht sofort und überall, auch aus den Dateien, die sonst zehn Minuten länger bereitstehen
    #[arg(long)]
    erase: bool,
}

/// Options of `export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Zieldatei; sie wird ersetzt
    file: PathBuf,
}

impl List {
    /// Lists own opportunities.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let today = session.clock.now().day();
        let mut out = std::io::stdout().lock();
        let drafts = session.store.read_here(|tx| tx.drafts())?;
        if self.json {
            let rows: Vec<_> = drafts.iter().map(|draft| row(draft, today)).collect();
            writeln!(out, "{}", serde_json::to_string_pretty(&rows)?)?;
            return Ok(ExitCode::SUCCESS);
        }
        for draft in &drafts {
            let (state, until) = (german(status(draft, today)), draft.valid_until);
            let title = title(draft).unwrap_or_default();
            writeln!(out, "{}  {state:<14} bis {until}  {title}", draft.id)?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Withdraw {
    /// Withdraws opportunities here and, within one interval, everywhere.
    ///
    /// # Errors
    ///
    /// If an id is unknown: nothing is withdrawn then.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let now = session.clock.now();
        // An id that was typed twice is one opportunity.
        let ids: std::collections::BTreeSet<_> = self.ids.into_iter().collect();
        let (asked, erase) = (ids.len(), self.erase);
        let withdrawn = session
            .store
            .write(Durability::Full, move |tx| {
                let mut withdrawn = 0usize;
                for id in &ids {
                    if tx.draft(id)?.is_none() {
                        return Err(anyhow::anyhow!("{id} ist kein Angebot dieses Knotens. Nichts wurde zurückgezogen; die Kennungen zeigt: engagement-node list"));
                    }
                    if erase {
                        tx.erase_soon(id)?;
                        tx.audit(now, &Actor::Operator, "erase", id.as_str(), "")?;
                    }
                    if tx.end_draft(id, Status::Withdrawn, now)? {
                        tx.audit(now, &Actor::Operator, "withdraw", id.as_str(), "")?;
                        withdrawn += 1;
                    }
                }
                Ok(withdrawn)
            })
            .await?;
        let socket = session.directory.socket();
        let woken = if erase { session.erase().await? } else { session.publish().await? };
        match asked - withdrawn {
            0 => say!("{withdrawn} zurückgezogen."),
            before => {
                say!("{withdrawn} zurückgezogen, {before} schon vorher.");
            }
        }
        match woken.on_hold {
            Some(reason) => say!("Noch nicht veröffentlicht: {reason}"),
            None => say_receipts(&socket).await,
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Says at how many nodes the deletion has arrived; waits a little for those that answer at once.
async fn say_receipts(socket: &std::path::Path) {
    let mut said = None;
    let mut pause = tokio::time::interval(Duration::from_secs(3));
    for _ in 0..ASKED {
        pause.tick().await;
        let Ok((200, body)) = control::ask(socket, "POST", "/control/receipts").await else {
            break;
        };
        let Ok(receipts) = serde_json::from_slice::<Receipts>(&body) else { break };
        let complete = receipts.missing.is_empty();
        said = Some(receipts);
        if complete {
            break;
        }
    }
    if let Some(receipts) = said.filter(|receipts| receipts.nodes > 0) {
        say!("{}", receipts.sentence("Löschung"));
        if !receipts.missing.is_empty() {
            say!("Den neuesten Stand zeigt: engagement-node status");
        }
    }
}

impl Export {
    /// Writes own opportunities as JSON Lines, which `import` reads.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        let name = self.file.display().to_string();
        let drafts = session.store.read_here(|tx| tx.drafts())?;
        let mut text = String::new();
        let live = drafts.iter().filter_map(|draft| Some((draft, draft.body.as_deref()?)));
        for (draft, body) in live.clone() {
            let mut record: serde_json::Map<String, Value> = serde_json::from_str(body)?;
            // What the record is known by here, so that it is known again when it comes back.
            record.insert("source".to_owned(), serde_json::to_value(&draft.source)?);
            text.push_str(&serde_json::to_string(&record)?);
            text.push('\n');
        }
        let was_there = self.file.exists();
        std::fs::write(&self.file, text)
            .inspect_err(|_| {
                if !was_there {
                    // Half a file would be taken for an export.
                    let _removed = std::fs::remove_file(&self.file);
                }
            })
            .with_context(|| format!("{name} lässt sich nicht schreiben"))?;
        say!("{} Angebote nach {name} geschrieben.", live.count());
        Ok(ExitCode::SUCCESS)
    }
}

fn row(draft: &Draft, today: Day) -> Value {
    json!({
        "id": draft.id, "title": title(draft), "status": status(draft, today),
        "valid_until": draft.valid_until,
        "source": {"system": draft.source.system, "id": draft.source.id},
    })
}

fn status(draft: &Draft, today: Day) -> &'static str {
    match draft.status {
        Status::Withdrawn => "withdrawn",
        Status::Gone => "gone",
        Status::Live if draft.valid_until < today => "expired",
        Status::Live => "live",
    }
}

fn title(draft: &Draft) -> Option<String> {
    let body: Value = serde_json::from_str(draft.body.as_deref()?).ok()?;
    body.get("title")?.as_str().map(str::to_owned)
}

fn german(status: &str) -> &'static str {
    match status {
        "withdrawn" => "zurückgezogen",
        "gone" => "entfallen",
        "expired" => "abgelaufen",
        _ => "veröffentlicht",
    }
}
