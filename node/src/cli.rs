//! Commands: what an operator or a script types.
//!
//! Exit codes: 0 done, 1 it did not work (the sentence on stderr says what to do), 2 the command itself
//! was wrong. Results go to stdout, everything else to stderr.

/// Prints a line of the result; whoever has read enough (`list | head`) ends the command in peace.
macro_rules! say {
    ($($part:tt)*) => {
        $crate::cli::print_line(format_args!($($part)*))
    };
}

pub mod anchors;
pub mod backup;
pub mod bench;
pub mod check;
pub mod demo;
pub mod eval;
pub mod feed;
pub mod import;
pub mod init;
pub mod join;
pub mod keys;
pub mod maintenance;
pub mod offers;
pub mod peers;
pub mod proof;
pub mod recover;
pub mod register;
pub mod search;
pub mod serve;
pub mod session;
pub mod signing;
pub mod status;

mod scratch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Ein Knoten von Engagementnetz: veröffentlicht, gleicht ab und durchsucht Angebote für das Ehrenamt.
#[derive(Debug, Parser)]
#[command(name = "engagement-node", version, max_term_width = 100)]
pub struct Arguments {
    /// Verzeichnis des Knotens
    #[arg(long, global = true, value_name = "VERZEICHNIS")]
    dir: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Legt einen Knoten an und gibt seinen öffentlichen Schlüssel aus
    Init(init::Init),
    /// Startet den Knoten
    Serve,
    /// Zeigt mehrere Knoten mit Beispieldaten auf diesem Rechner
    Demo(demo::Demo),
    /// Liest Angebote aus einer Datei ein und veröffentlicht sie
    Import(import::Import),
    /// Listet die eigenen Angebote auf
    List(offers::List),
    /// Zieht eigene Angebote zurück
    Withdraw(offers::Withdraw),
    /// Schreibt die eigenen Angebote in eine Datei (JSON Lines)
    Export(offers::Export),
    /// Durchsucht alles, was dieser Knoten vorhält
    Search(search::Search),
    /// Schreibt einen unterschriebenen Feed als Dateien
    Feed(feed::Feed),
    /// Tritt dem Netz bei: glaubt einem Register und folgt allen, die es führt
    Join(join::Join),
    /// Führt das Register dieses Knotens und zeigt, wer dazugehört
    Register(register::Register),
    /// Verwaltet die Register, denen dieser Knoten glaubt
    Anchors(anchors::Anchors),
    /// Verwaltet die Gegenstellen, deren Schlüssel von Hand eingetragen ist
    Peers(peers::Peers),
    /// Sagt, welcher Schlüssel wofür da ist und was bei Verlust zu tun ist
    Keys,
    /// Wechselt den Schlüssel dieses Knotens
    RotateKey(keys::RotateKey),
    /// Prüft den eigenen Bestand oder den Feed eines fremden Knotens vollständig nach
    Check(check::Check),
    /// Sichert den Knoten in eine Datei, auch während er läuft
    Backup(backup::Backup),
    /// Spielt eine Sicherung zurück; der Knoten darf nicht laufen
    Restore(backup::Restore),
    /// Baut einen Knoten, dessen Datenträger verloren ist, aus den Kopien der anderen wieder auf
    Recover(Box<recover::Recover>),
    /// Zeigt, worin eine Sicherung vom Veröffentlichten abweicht, und gibt es frei oder löscht es
    Withheld(signing::Withheld),
    /// Zeigt, ob der Knoten unterschreibt, oder entscheidet es
    Signing(signing::Signing),
    /// Prüft einen Beweis, dass ein Knoten zwei Stände unter einer Nummer unterschrieben hat
    CheckProof(proof::CheckProof),
    /// Zeigt oder beendet Alarme zu anderen Knoten
    Alarms(proof::Alarms),
    /// Misst Zahlen auf diesem Rechner (für Entwicklung und Abnahme)
    Bench(bench::Bench),
    /// Misst die Güte der Suche an bewerteten Anfragen
    EvalSearch(eval::EvalSearch),
    /// Schreibt die Seite, die ein Webserver davor zeigt, während der Knoten nicht läuft
    MaintenancePage(maintenance::MaintenancePage),
    /// Zeigt den Zustand des Knotens und seiner Gegenstellen
    Status(status::Status),
}

/// Runs the command line of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 4)))
        .enable_all()
        .build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Fehler: {error}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(run(arguments)) {
        Ok(code) => code,
        // Whoever reads the first lines only (`list | head`) has what they wanted.
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("Fehler: {}", said(&error));
            ExitCode::FAILURE
        }
    }
}

/// Says an error and its causes, each once: many of ours say their cause themselves.
fn said(error: &anyhow::Error) -> String {
    let mut said = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if said.is_empty() {
            said = cause;
        } else if !said.contains(&cause) {
            said = format!("{said}: {cause}");
        }
    }
    said
}

/// Prints a line to stdout.
///
/// The standard macro panics when nobody reads any more.
pub(crate) fn print_line(line: std::fmt::Arguments<'_>) {
    use std::io::Write as _;
    if let Err(error) = writeln!(std::io::stdout().lock(), "{line}") {
        let code = if error.kind() == std::io::ErrorKind::BrokenPipe {
            0
        } else {
            eprintln!("Fehler: {error}");
            1
        };
        std::process::exit(code);
    }
}

fn is_closed_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

async fn run(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let dir = arguments.dir;
    match arguments.command {
        Command::Init(command) => command.run(&session::directory(dir)?),
        Command::Serve => serve::run(session::directory(dir)?).await,
        Command::Demo(command) => command.run(dir).await,
        Command::Import(command) => command.run(session::directory(dir)?).await,
        Command::List(command) => command.run(session::directory(dir)?),
        Command::Withdraw(command) => command.run(session::directory(dir)?).await,
        Command::Export(command) => command.run(session::directory(dir)?),
        Command::Search(command) => command.run(session::directory(dir)?).await,
        Command::Feed(command) => command.run(dir),
        Command::Join(command) => command.run(session::directory(dir)?).await,
        Command::Register(command) => command.run(session::directory(dir)?).await,
        Command::Anchors(command) => command.run(dir).await,
        Command::Peers(command) => command.run(session::directory(dir)?).await,
        Command::Keys => keys::keys(session::directory(dir)?),
        Command::RotateKey(command) => command.run(session::directory(dir)?).await,
        Command::Check(command) => command.run(dir).await,
        Command::Backup(command) => command.run(session::directory(dir)?),
        Command::Restore(command) => command.run(&session::directory(dir)?),
        Command::Recover(command) => command.run(session::directory(dir)?).await,
        Command::Withheld(command) => command.run(session::directory(dir)?).await,
        Command::Signing(command) => command.run(session::directory(dir)?).await,
        Command::CheckProof(command) => command.run(),
        Command::Alarms(command) => command.run(session::directory(dir)?).await,
        Command::Bench(command) => command.run().await,
        Command::EvalSearch(command) => command.run().await,
        Command::MaintenancePage(command) => command.run(&session::directory(dir)?),
        Command::Status(command) => command.run(session::directory(dir)?).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_each_cause_once() {
        #[derive(Debug, thiserror::Error)]
        #[error("nicht erreichbar ({0})")]
        struct Outer(#[source] std::io::Error);
        let error = anyhow::Error::new(Outer(std::io::Error::other("abgelehnt")));
        assert_eq!(said(&error), "nicht erreichbar (abgelehnt)");
        assert_eq!(said(&error.context("Abgleich")), "Abgleich: nicht erreichbar (abgelehnt)");
    }
}
