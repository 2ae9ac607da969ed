//! `register`: the register that this node keeps, and those it believes.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use engagement_protocol::id::NodeId;
use engagement_protocol::key::VerifierKey;
use engagement_protocol::register::settle::{Authority, Member as Settled, Standing};
use engagement_protocol::register::{Row, Status, may_list};
use engagement_protocol::words;
use serde_json::{Value, json};

use super::session::Session;
use crate::app::coverage::name_of;
use crate::app::trust;
use crate::config::check_url;
use crate::config::directory::Directory;
use crate::store::Durability;
use crate::store::audit::Actor;
use crate::store::register::Member;
use crate::sync::trust::Trust;

/// Options of `register`.
#[derive(Debug, Args)]
pub struct Register {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Nimmt einen Knoten auf oder ändert seine Zeile
    Add(Box<Add>),
    /// Gibt einem Knoten einen anderen Schlüssel (der alte ist verloren oder gestohlen)
    SetKey {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
        /// Sein neuer öffentlicher Schlüssel
        key: VerifierKey,
    },
    /// Sperrt einen Knoten: Andere zeigen seine Angebote sofort nicht mehr
    Suspend {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
    },
    /// Hebt eine Sperre auf
    Resume {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
    },
    /// Lässt einen Knoten ausscheiden: Nach 30 Tagen löschen andere seine Angebote
    Remove {
        /// Amtlicher Schlüssel des Knotens
        id: NodeId,
        /// Der Knoten, der an seine Stelle tritt
        #[arg(long)]
        successor: Option<NodeId>,
    },
    /// Listet auf, wer nach allen Registern dazugehört und nach wessen Wort
    List {
        /// Gibt eine JSON-Liste aus
        #[arg(long)]
        json: bool,
    },
    /// Bestätigt, dass ein Register zu Recht viel kürzer geworden ist
    Accept {
        /// Amtlicher Schlüssel des Registers
        register: NodeId,
    },
}

/// Options of `register add`.
#[derive(Debug, Args)]
struct Add {
    /// Amtlicher Schlüssel des Knotens
    #[arg(long)]
    id: NodeId,
    /// Öffentlicher Schlüssel, wie `init` ihn ausgibt
    #[arg(long)]
    key: VerifierKey,
    /// Basisadresse des Knotens
    #[arg(long)]
    url: String,
    /// Name, den die Menschen lesen; ohne Angabe der amtliche
    #[arg(long)]
    name: Option<String>,
    /// Der Knoten führt selbst ein Register für alle, deren Schlüssel mit seinem beginnt
    #[arg(long)]
    register: bool,
}

impl Register {
    /// Changes or lists the register; a running node publishes and follows the change at once.
    ///
    /// # Errors
    ///
    /// If the change is refused: nothing has changed then.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        let session = Session::open(directory)?;
        match self.command {
            Command::List { json } => list(&session, json)?,
            Command::Accept { register } => accept(session, register).await?,
            Command::Add(add) => {
                let row = add.row(&session)?;
                change(session, row.id.clone(), "register_add", move |_| Ok(row)).await?;
            }
            Command::SetKey { id, key } => {
                let keys = vec![key];
                change(session, id, "register_set_key", move |row| Ok(Row { keys, ..row? }))
                    .await?;
            }
            Command::Suspend { id } => {
                let status = Status::Suspended;
                change(session, id, "register_suspend", move |row| Ok(Row { status, ..row? }))
                    .await?;
            }
            Command::Resume { id } => {
                let status = Status::Active;
                change(session, id, "register_resume", move |row| Ok(Row { status, ..row? }))
                    .await?;
            }
            Command::Remove { id, successor } => {
                let status = Status::Left;
                change(session, id, "register_remove", move |row| {
                    Ok(Row { status, successor, ..row? })
                })
                .await?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Add {
    fn row(&self, session: &Session) -> anyhow::Result<Row> {
        let (own, id) = (&session.config.id, &self.id);
        anyhow::ensure!(
            may_list(own, id),
            "Das Register {own} ist nur für Kennungen zuständig, die mit {own} beginnen und länger sind; {id} gehört nicht dazu."
        );
        anyhow::ensure!(
            self.key.node() == id,
            "Der Schlüssel gehört zu {}; Kennung und Schlüssel müssen zum selben Knoten gehören.",
            self.key.node()
        );
        anyhow::ensure!(
            !(self.register && id.is_carrier()),
            "Ein Träger ({id}) kann kein Register führen."
        );
        check_url("url", &self.url, session.config.allow_loopback)?;
        Ok(Row {
            id: id.clone(),
            name: self.name.clone().unwrap_or_else(|| name_of(id)),
            keys: vec![self.key.clone()],
            url: Some(self.url.clone()),
            status: Status::Active,
            register: self.register,
            successor: None,
        })
    }
}

/// Changes one row, given the one that is there, and publishes the register.
async fn change(
    session: Session,
    id: NodeId,
    action: &'static str,
    next: impl FnOnce(anyhow::Result<Row>) -> anyhow::Result<Row> + Send + 'static,
) -> anyhow::Result<()> {
    let now = session.clock.now();
    let changed = session.store.write(Durability::Full, move |tx| {
        let known = tx.members()?.into_iter().find(|member| member.row.id == id);
        let known = known.map(|member| member.row).with_context(|| {
            format!("{id} steht nicht in diesem Register. Nichts wurde geändert; die Liste zeigt: engagement-node register list")
        });
        let row = next(known)?;
        row.check().context("Die Zeile ist nicht zulässig")?;
        tx.put_member(&Member { row: row.clone(), keys_until: None }, now)?;
        tx.audit(now, &Actor::Operator, action, row.id.as_str(), row.status.as_str())?;
        Ok::<_, anyhow::Error>(row)
    });
    let row = changed.await?;
    let woken = session.publish().await?;
    say!("{} ({}) steht im Register als {}.", row.id, row.name, german(row.status.as_str()));
    for key in &row.keys {
        say!("Fingerabdruck: {}", words::of(key));
    }
    if let Some(reason) = woken.on_hold {
        say!("Noch nicht veröffentlicht: {reason}");
    }
    Ok(())
}

/// Believes the newest state of a register that has shrunk by half.
async fn accept(session: Session, register: NodeId) -> anyhow::Result<()> {
    let now = session.clock.now();
    let config = session.config.clone();
    let accepted = session.store.write(Durability::Full, move |tx| {
        let trust = Trust::read(tx, &config, now)?;
        let shrink = trust.settled.shrinks.get(&register).copied().with_context(|| {
            format!("Vom Register {register} wartet nichts auf eine Bestätigung.")
        })?;
        tx.confirm(&register, shrink.seq)?;
        let detail = format!("seq={} from={} to={}", shrink.seq, shrink.from, shrink.to);
        tx.audit(now, &Actor::Operator, "register_accept", register.as_str(), &detail)?;
        Ok::<_, anyhow::Error>((register, shrink))
    });
    let (register, shrink) = accepted.await?;
    session.reload().await?;
    say!("Das Register {register} gilt mit {} statt {} Knoten.", shrink.to, shrink.from);
    Ok(())
}

fn list(session: &Session, as_json: bool) -> anyhow::Result<()> {
    let (config, now) = (&session.config, session.clock.now());
    let (trust, waiting) = session.store.read_here(|tx| {
        let trust = Trust::read(tx, config, now)?;
        let published = trust.settled.beliefs.get(&config.id);
        let said = |row: &Row| {
            published.and_then(|belief| belief.rows.get(&row.id)).map(|known| &known.row)
                == Some(row)
        };
        let own = tx.members()?.into_iter().map(|member| member.row);
        let waiting: Vec<NodeId> = own.filter(|row| !said(row)).map(|row| row.id).collect();
        Ok::<_, crate::store::StoreError>((trust, waiting))
    })?;
    for id in &waiting {
        eprintln!("Noch nicht veröffentlicht: die geänderte Zeile von {id}");
    }
    if as_json {
        let rows: Vec<_> = trust.settled.members.iter().map(|(id, m)| row(&trust, id, m)).collect();
        say!("{}", serde_json::to_string_pretty(&rows)?);
        return Ok(());
    }
    for (id, member) in &trust.settled.members {
        let register = if member.register { "  Register" } else { "" };
        say!(
            "{id}  {}  {}{}  nach: {}{register}",
            trust::name(&trust, id),
            german(trust::standing(member.standing)),
            trust::since(member.standing)
                .map_or_else(String::new, |at| format!(" seit {}", at.day())),
            trust::authority(&member.authority),
        );
        for key in &member.keys {
            say!("    {key}\n    {}", words::of(key));
        }
        if let Some(successor) = &member.successor {
            say!("    Nachfolge: {successor}");
        }
    }
    for note in trust::notes(&trust) {
        say!("Hinweis: {note}");
    }
    Ok(())
}

fn row(trust: &Trust, id: &NodeId, member: &Settled) -> Value {
    let by = match &member.authority {
        Authority::Block => "block".to_owned(),
        Authority::Pin => "pin".to_owned(),
        Authority::Anchor => "anchor".to_owned(),
        Authority::Register(register) => register.to_string(),
    };
    let passed_over: Vec<_> = trust
        .settled
        .conflicts
        .iter()
        .filter(|conflict| conflict.id == *id)
        .map(|conflict| &conflict.passed_over)
        .collect();
    json!({
        "id": id, "name": trust::name(trust, id), "keys": member.keys, "url": member.url,
        "status": trust::standing(member.standing), "register": member.register,
        "successor": member.successor, "by": by, "passed_over": passed_over,
        "since": trust::since(member.standing).map(engagement_protocol::time::Timestamp::as_ms),
        "followed": !matches!(
            member.standing,
            Standing::Blocked | Standing::Gone | Standing::Suspended { .. }
        ),
    })
}

fn german(standing: &str) -> &'static str {
    match standing {
        "active" => "dabei",
        "suspended" => "gesperrt",
        "left" => "ausgeschieden",
        "missing" => "fehlt im Register",
        _ => "hier blockiert",
    }
}
