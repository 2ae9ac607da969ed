//! `search`: searches everything this node holds.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;

use super::session::seams;
use crate::api::opportunities::List;
use crate::app::App;
use crate::app::search::Asked;
use crate::config::Config;
use crate::config::directory::Directory;
use crate::server::control::{self, ControlError};

/// Options of `search`.
#[derive(Debug, Args)]
pub struct Search {
    /// Wörter
    words: String,
    /// Postleitzahl, Ort oder Breite,Länge
    #[arg(long)]
    near: Option<String>,
    /// Umkreis in Kilometern
    #[arg(long)]
    radius_km: Option<f64>,
    /// Treffer, höchstens 100
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// Gibt JSON aus, wie GET /api/v1/opportunities
    #[arg(long)]
    json: bool,
}

impl Search {
    /// Prints what was found: asks the running node, or opens the index itself.
    ///
    /// # Errors
    ///
    /// If an option is refused or the index cannot be opened.
    pub async fn run(self, directory: Directory) -> anyhow::Result<ExitCode> {
        directory.expect_node()?;
        let asked = Asked {
            words: self.words,
            near: self.near,
            radius_km: self.radius_km,
            limit: Some(self.limit),
            ..Asked::default()
        };
        let path = format!("/api/v1/opportunities?{}", asked.to_query());
        let answer = match control::ask(&directory.socket(), "GET", &path).await {
            Ok((200, body)) => serde_json::from_slice(&body)?,
            Ok((_, body)) => {
                let problem: Value = serde_json::from_slice(&body)?;
                anyhow::bail!(
                    "{}",
                    problem
                        .get("detail")
                        .and_then(Value::as_str)
                        .unwrap_or("Die Suche wurde abgelehnt.")
                );
            }
            Err(ControlError::NotRunning) => offline(directory, &asked).await?,
            Err(error) => return Err(error.into()),
        };
        if self.json {
            say!("{answer}");
        } else {
            print(&answer);
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn offline(directory: Directory, asked: &Asked) -> anyhow::Result<Value> {
    let config = Config::read(&directory.config())?;
    let app = App::open(directory, seams(config.allow_loopback)?).await?;
    app.catch_up_index().await?;
    let found = app.search(asked).await?;
    let list = List::of(asked, found).map_err(|error| anyhow::anyhow!("{error:?}"))?;
    Ok(serde_json::to_value(list)?)
}

fn print(answer: &Value) {
    let text = |value: &Value, path: &str| {
        value.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let list = |path: &str| answer.pointer(path).and_then(Value::as_array).into_iter().flatten();
    for item in list("/data") {
        let town = [
            text(item, "/places/0/town"),
            text(item, "/places/0/plz"),
            "ortsunabhängig".to_owned(),
        ];
        let town = town.into_iter().find(|town| !town.is_empty()).unwrap_or_default();
        let distance = item.pointer("/distance_km").and_then(Value::as_f64);
        let distance =
            distance.map(|km| format!(", {km:.1} km").replace('.', ",")).unwrap_or_default();
        let (title, organisation) = (text(item, "/title"), text(item, "/organisation/name"));
        say!("{title}\n    {organisation} · {town}{distance} · {}", text(item, "/node_name"));
    }
    let number = |path: &str| answer.pointer(path).and_then(Value::as_u64).unwrap_or_default();
    let (complete, nodes) = (number("/coverage/complete"), number("/coverage/nodes"));
    say!("{} Treffer. Vollständig: {complete} von {nodes} Knoten.", number("/total"));
    for missing in list("/coverage/missing") {
        let as_of = text(missing, "/as_of");
        let state = if as_of.is_empty() {
            "noch nie empfangen".to_owned()
        } else {
            format!("Stand {as_of}")
        };
        say!("    es fehlt: {} ({state})", text(missing, "/name"));
    }
}
