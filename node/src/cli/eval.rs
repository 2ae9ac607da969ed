//! `eval-search`: how well the search answers judged queries.
//!
//! The records are imported into a fresh node without a home municipality, as an operator would, and the queries
//! go the way that `GET /api/v1/opportunities` goes: what is measured is what people get.

mod files;
mod measure;
mod report;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use clap::Args;
use engagement_protocol::time::Day;

use self::files::Topic;
use self::report::{Answered, Report};
use super::init::Init;
use super::scratch::Scratch;
use super::session;
use crate::app::import::{self, Wishes};
use crate::app::search::{Asked, SearchError};
use crate::app::{App, Indexing, Seams};
use crate::clock::{Clock as _, ManualClock, SystemClock};
use crate::config::directory::Directory;
use crate::domain::import::{Format, Options, read};
use crate::entropy::SeededEntropy;
use crate::search::analysis::steps::Without;

/// Results of each query that are looked at and written: one full page.
const DEPTH: usize = 100;
/// Noon of the day that is asked on, so that no time zone makes it another one.
const MIDDAY: Duration = Duration::from_secs(12 * 3600);
/// Most names of records that are listed in one warning.
const NAMED: usize = 5;

/// Options of `eval-search`.
#[derive(Debug, Args)]
pub struct EvalSearch {
    /// Anfragen: `qid<TAB>Anfrage<TAB>Art`
    #[arg(long, value_name = "DATEI")]
    queries: PathBuf,
    /// Bewertungen: qid docid Note (0 bis 2)
    #[arg(long, value_name = "DATEI")]
    judgements: PathBuf,
    /// Angebote als JSON Lines, wie für import
    #[arg(long, value_name = "DATEI")]
    data: PathBuf,
    /// Schreibt `qid<TAB>docid` in der Reihenfolge der Treffer
    #[arg(long, value_name = "DATEI")]
    run: Option<PathBuf>,
    /// Nur die Anfragen mit ungerader (odd) oder gerader (even) Nummer
    #[arg(long, value_name = "HÄLFTE")]
    half: Option<Half>,
    /// Schritte, die ausgelassen werden, mit Komma getrennt: wie viel ist jeder wert?
    #[arg(long, value_name = "SCHRITTE", value_delimiter = ',')]
    without: Vec<Step>,
    /// Tag, an dem gesucht wird; sonst der neueste, den die Angebote nennen
    #[arg(long, value_name = "JJJJ-MM-TT")]
    today: Option<Day>,
    /// Gibt eine Zeile JSON aus
    #[arg(long)]
    json: bool,
    /// Zeigt zu jeder Anfrage die ersten zehn Treffer
    #[arg(long, conflicts_with = "json")]
    verbose: bool,
}

/// A half of the queries: one to develop with, one that is kept back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Half {
    /// Those with odd numbers.
    Odd,
    /// Those with even numbers.
    Even,
}

/// A step of the search that can be left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Step {
    /// Taking compounds apart.
    Parts,
    /// Reading gender spellings.
    Gender,
    /// Looking for what was meant, if no record has what was typed.
    Typos,
    /// Looking for similar words.
    Synonyms,
    /// Understanding constraints in words.
    Constraints,
}

impl Half {
    /// Returns whether a query belongs to it; one without a number belongs to none.
    fn has(self, id: &str) -> bool {
        let last = id.bytes().next_back().filter(u8::is_ascii_digit);
        last.is_some_and(|digit| (digit % 2 == 1) == (self == Self::Odd))
    }
}

/// The file for the rankings.
struct Run<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> Run<'a> {
    fn create(path: &'a Path) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| Self::unwritable(path))?;
        Ok(Self { path, file })
    }

    fn write(mut self, text: &str) -> anyhow::Result<()> {
        self.file.write_all(text.as_bytes()).with_context(|| Self::unwritable(self.path))
    }

    fn unwritable(path: &Path) -> String {
        format!("{} lässt sich nicht schreiben", path.display())
    }
}

/// The node that is asked, and the folder it lives in.
struct Asking {
    app: App,
    scratch: Scratch,
}

impl EvalSearch {
    /// Measures and prints.
    ///
    /// # Errors
    ///
    /// If a file cannot be read or written, or the records cannot be imported.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let named = |path: &Path| path.display().to_string();
        let mut topics =
            files::topics(&text(&self.queries)?).with_context(|| named(&self.queries))?;
        let judged =
            files::judgements(&text(&self.judgements)?).with_context(|| named(&self.judgements))?;
        let data = text(&self.data)?;
        let (names, newest) = files::names(&data);
        warn(&topics, &judged, &names);
        if let Some(half) = self.half {
            topics.retain(|topic| half.has(&topic.id));
        }
        // A figure over nothing would look like one.
        ensure!(!topics.is_empty(), "{} hat keine Anfragen.", named(&self.queries));
        ensure!(
            topics.iter().any(|topic| judged.contains_key(&topic.id)),
            "Keine Anfrage aus {} ist in {} bewertet.",
            named(&self.queries),
            named(&self.judgements)
        );
        let without = Without {
            parts: self.without.contains(&Step::Parts),
            gender: self.without.contains(&Step::Gender),
            synonyms: self.without.contains(&Step::Synonyms),
        };
        // Before anything is measured, or it would be lost.
        let run = self.run.as_deref().map(Run::create).transpose()?;
        let today = self.today.or_else(|| newest?.parse().ok());
        let asking =
            Asking::about(&data, today, without).await.with_context(|| named(&self.data))?;
        let mut answers = Vec::with_capacity(topics.len());
        for topic in topics {
            let grades = judged.get(&topic.id).cloned().unwrap_or_default();
            answers.push(asking.ask(topic, grades, &self.without).await?);
        }
        if let Some(run) = run {
            run.write(&report::run(&answers))?;
        }
        let Asking { app, scratch } = asking;
        drop(app);
        drop(scratch);
        let report = Report::of(&answers);
        if self.json {
            say!("{}", serde_json::to_string(&report)?);
        } else {
            if self.verbose {
                say!("{}", report::verbose(&answers).trim_end());
            }
            say!("{}", report.to_string().trim_end());
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Asking {
    /// Imports the records into a fresh node.
    async fn about(data: &str, today: Option<Day>, without: Without) -> anyhow::Result<Self> {
        let scratch = Scratch::new("eval")?;
        let directory = Directory::new(scratch.path().join("node"));
        let entropy = SeededEntropy::new(1);
        let init = Init {
            // The Land: its node stands in no municipality, so nothing is nearer than anything else.
            id: "05".parse()?,
            name: "Messung".to_owned(),
            listen: ([127, 0, 0, 1], 0).into(),
            url: None,
            contact: None,
            allow_loopback: false,
        };
        init.create(&directory, &entropy)?;
        let now = SystemClock::new().now();
        // A collection is asked on its own day, or it would be measured how much of it is over by now.
        let earlier = today.map(|day| day.start().plus(MIDDAY)).filter(|at| *at < now);
        let clock = ManualClock::at(earlier.unwrap_or(now));
        let seams = Seams {
            clock: Arc::new(clock.clone()),
            entropy: Arc::new(SeededEntropy::new(2)),
            indexing: Indexing::Without(without),
            ..session::seams(false)?
        };
        let app = App::open(directory, seams).await?;
        let options = Options {
            source: None,
            default_source: "messung".to_owned(),
            today: clock.now().day(),
        };
        let lines = files::sorted(data);
        let text = lines.iter().flat_map(|(_, line)| [*line, "\n"]).collect::<String>();
        let batch = read(text.as_bytes(), Format::Jsonl, &options)?;
        let wishes = Wishes { dry_run: false, allow_shrink: true, revive: false };
        let summary =
            import::run(app.store(), batch, &options, wishes, Arc::new(entropy), clock.now())
                .await?;
        for refused in &summary.refused {
            let line = refused.line.checked_sub(1).and_then(|at| lines.get(at));
            let line = line.map_or(refused.line, |(number, _)| *number);
            eprintln!("Zeile {line}: nicht eingelesen: {}", refused.reason);
        }
        ensure!(summary.new > 0, "Kein Angebot wurde eingelesen: Es gibt nichts zu messen.");
        eprintln!("{} Angebote eingelesen, Stand {}.", summary.new, options.today);
        app.publish().await?;
        app.catch_up_index().await?;
        Ok(Self { app, scratch })
    }

    async fn ask(
        &self,
        topic: Topic,
        grades: measure::Grades,
        without: &[Step],
    ) -> anyhow::Result<Answered> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("q", &topic.words)
            .append_pair("limit", &DEPTH.to_string())
            .finish();
        let asked = Asked {
            exact: without.contains(&Step::Typos),
            literal: without.contains(&Step::Constraints),
            ..Asked::from_query(&query)?
        };
        let found = match self.app.search(&asked).await {
            Ok(found) => found,
            // What the node refuses finds nothing: one query too long shall not cost all figures.
            Err(SearchError::Parameter { rule, .. }) => {
                eprintln!("Warnung: {}: abgelehnt: {rule}", topic.id);
                return Ok(Answered::new(topic, grades, Vec::new(), 0));
            }
            Err(error) => return Err(error).with_context(|| topic.id.clone()),
        };
        let mut ranking: Vec<(String, String)> = Vec::with_capacity(found.cards.len());
        // Records that say the same stand in one card, in the place of the best of them.
        for shown in
            found.cards.iter().flat_map(|card| std::iter::once(&card.shown).chain(&card.also))
        {
            let record = &shown.record;
            let source = record.source.as_ref().map(|source| source.id.clone());
            let name = source.unwrap_or_else(|| record.id.to_string());
            // Two records that are called the same are one in the judgements, and count once.
            if ranking.iter().all(|(held, _)| *held != name) {
                ranking.push((name, record.title.clone()));
            }
        }
        Ok(Answered::new(topic, grades, ranking, found.total))
    }
}

fn text(path: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => anyhow!("Die Datei {} gibt es nicht.", path.display()),
        ErrorKind::IsADirectory => anyhow!("{} ist ein Ordner, keine Datei.", path.display()),
        ErrorKind::InvalidData => {
            anyhow!("{} ist kein Text in UTF-8. Speichern Sie die Datei so.", path.display())
        }
        _ => anyhow!("{} lässt sich nicht lesen: {error}", path.display()),
    })
}

/// Says what in the files does not belong together: it makes figures wrong without anybody noticing.
fn warn(topics: &[Topic], judged: &BTreeMap<String, measure::Grades>, names: &[String]) {
    let known: std::collections::BTreeSet<&String> = names.iter().collect();
    let ids: std::collections::BTreeSet<&String> = topics.iter().map(|topic| &topic.id).collect();
    let records = judged.values().flat_map(BTreeMap::keys);
    let unknown: std::collections::BTreeSet<_> =
        records.filter(|name| !known.contains(name)).map(String::as_str).collect();
    list("Bewertet, aber nicht unter den Angeboten", unknown.into_iter());
    let orphans = judged.keys().filter(|id| !ids.contains(id)).map(String::as_str);
    list("Bewertet, aber nicht unter den Anfragen", orphans);
    let unjudged = topics.iter().filter(|topic| !judged.contains_key(&topic.id));
    list("Anfragen ohne Bewertung", unjudged.map(|topic| topic.id.as_str()));
}

fn list<'a>(what: &str, names: impl Iterator<Item = &'a str>) {
    let names: Vec<&str> = names.collect();
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    let more = if names.len() > NAMED { " …" } else { "" };
    eprintln!("Warnung: {what} ({}): {shown}{more}", names.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"{"title":"Vorlesen für Kinder","description":"Einmal in der Woche.","organisation":{"name":"A e. V."},"places":[{"plz":"48653"}],"source":{"system":"x","id":"lesen"},"updated":"2025-03-01"}
{"title":"Gartenhilfe gesucht","description":"Wir pflanzen Bäume.","organisation":{"name":"B e. V."},"places":[{"plz":"48653"}],"id":"garten","valid_until":"2025-04-01"}
"#;

    #[tokio::test]
    async fn a_collection_is_asked_on_its_own_day_and_ranked_by_the_names_of_its_sources() {
        let scratch = Scratch::new("eval-test").unwrap();
        let file = |name: &str, text: &str| {
            let path = scratch.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        let run = scratch.path().join("run.tsv");
        let command = EvalSearch {
            // The third one is longer than a search may be: it finds nothing, and costs the others nothing.
            queries: file(
                "q.tsv",
                &format!(
                    "q1\tKindern vorlesen\tkeyword\nq2\tGartenhilfe\tkeyword\nq3\t{}\tsentence\n",
                    "vorlesen ".repeat(30)
                ),
            ),
            judgements: file("j.tsv", "q1 lesen 2\nq2 garten 2\nq2 fremd 1\nq3 lesen 2\n"),
            data: file("d.jsonl", DATA),
            run: Some(run.clone()),
            today: None,
            half: None,
            without: Vec::new(),
            json: true,
            verbose: false,
        };
        command.run().await.unwrap();
        for broken in ["", "kein JSON\n"] {
            let command = EvalSearch {
                queries: file("q.tsv", "q1\tKindern vorlesen\tkeyword\n"),
                judgements: file("j.tsv", "q1 lesen 2\n"),
                data: file("broken.jsonl", broken),
                run: None,
                today: None,
                half: None,
                without: Vec::new(),
                json: true,
                verbose: false,
            };
            assert!(command.run().await.is_err(), "{broken:?}");
        }
        // Today the second one is long over; on the newest day of the collection it was not.
        assert_eq!(std::fs::read_to_string(run).unwrap(), "q1\tlesen\nq2\tgarten\n");
    }

    #[tokio::test]
    async fn the_order_of_the_file_changes_no_ranking_and_a_name_counts_once() {
        let record = |name: &str, system: &str| {
            let source = format!("\"source\":{{\"system\":\"{system}\",\"id\":\"{name}\"}}");
            format!(
                "{{\"title\":\"Vorlesen {name}\",\"description\":\"Wir lesen vor.\",\"organisation\":{{\"name\":\"A\"}},\"places\":[{{\"plz\":\"48653\"}}],{source}}}\n"
            )
        };
        let records = [record("c", "x"), record("a", "x"), record("b", "x"), record("b", "y")];
        let mut rankings = Vec::new();
        for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]] {
            let data: String = order.iter().map(|at| records[*at].as_str()).collect();
            let asking = Asking::about(&data, None, Without::NOTHING).await.unwrap();
            let topic = files::topics("q1\tvorlesen\tkeyword\n").unwrap().remove(0);
            let answered = asking.ask(topic, measure::Grades::new(), &[]).await.unwrap();
            rankings.push(report::run(&[answered]));
        }
        let mut names: Vec<&str> = rankings[0].lines().collect();
        names.sort_unstable();
        assert_eq!(names, ["q1\ta", "q1\tb", "q1\tc"]);
        assert!(rankings.iter().all(|ranking| *ranking == rankings[0]), "{rankings:?}");
    }
}
