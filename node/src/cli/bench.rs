//! `bench`: the figures of the README, measured on this machine with the real program.
//!
//! Nodes run as processes of their own, so that their memory and processor time are theirs alone; the
//! traffic stays on this machine.

mod cpu;
mod federation;
mod feeds;
mod load;
mod pages;
mod process;
mod queries;
mod records;
mod search;
mod state;

use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::{Map, Value, json};

/// Options of `bench`.
#[derive(Debug, Args)]
pub struct Bench {
    #[command(subcommand)]
    what: What,
    /// Gibt eine Zeile JSON aus
    #[arg(long, global = true)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Veröffentlichen, Abgleichen, Ruhe: mehrere Knoten auf diesem Rechner
    Federation(federation::Federation),
    /// Suche über viele Datensätze: volle Antworten, das Suchwerk allein, durch HTTP
    Search(search::Search),
    /// Seiten, wie sie ein Browser abruft: Zeit, Rechenzeit und Bytes je Seite, Seiten in der Sekunde
    Pages(pages::Pages),
}

/// Figures by name, in the order they were measured.
#[derive(Debug, Default)]
struct Figures(Vec<(&'static str, f64, &'static str)>);

impl Bench {
    /// Measures and prints.
    ///
    /// # Errors
    ///
    /// If a node cannot be made, started or asked.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        match &self.what {
            What::Federation(what) => {
                let mut figures = Figures::default();
                what.run(&mut figures).await?;
                figures.print(self.json);
            }
            What::Search(what) => self.say(&what.run().await?),
            What::Pages(what) => self.say(&what.run().await?),
        }
        Ok(ExitCode::SUCCESS)
    }

    fn say(&self, figures: &Value) {
        let text = if self.json { figures.to_string() } else { format!("{figures:#}") };
        say!("{text}");
    }
}

impl Figures {
    fn add(&mut self, name: &'static str, value: f64, unit: &'static str) {
        eprintln!("{name}: {value:.2} {unit}");
        self.0.push((name, value, unit));
    }

    fn print(&self, as_json: bool) {
        if as_json {
            let object: Map<String, Value> =
                self.0.iter().map(|(name, value, _)| ((*name).to_owned(), json!(value))).collect();
            say!("{}", Value::Object(object));
            return;
        }
        for (name, value, unit) in &self.0 {
            say!("{name:<32} {value:>10.2} {unit}");
        }
    }
}

/// Returns the value below which `permille` of the sorted times lie, in milliseconds.
fn quantile_ms(times: &mut [Duration], permille: usize) -> f64 {
    times.sort_unstable();
    let at = (times.len() * permille / 1000).min(times.len().saturating_sub(1));
    times.get(at).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
