//! The report of an import, for people.
//!
//! A trial run lists what would change, so many of each kind that a terminal can hold them. The last line
//! counts everything.

use std::fmt::Write as _;

use crate::app::import::Summary;
use crate::app::import::difference::{Difference, Entry};
use crate::domain::import::plain;

/// How many records of a kind a trial run lists.
const LISTED: usize = 200;
/// How much of a title it shows.
const TITLE_CHARS: usize = 60;

/// Returns the report of a run, or of a trial run.
pub(super) fn text(summary: &Summary) -> String {
    let mut out = String::new();
    let mut say = |line: String| out.extend([line.as_str(), "\n"]);
    summary.notes.iter().for_each(|note| say(note.clone()));
    let refused = summary.refused.iter().map(|refused| {
        let title = refused.title.as_deref().map_or_else(|| "ohne Titel".to_owned(), short);
        let id = refused.source.as_ref().map(|source| format!("{} ", source.id));
        let (line, reason) = (refused.line, &refused.reason);
        format!("Zeile {line}: abgelehnt ({}„{title}“): {reason}", id.unwrap_or_default())
    });
    if let Some(difference) = &summary.difference {
        changes(difference).for_each(&mut say);
        listed(refused, "abgelehnt").for_each(&mut say);
    } else {
        refused.for_each(&mut say);
    }
    for note in summary.warnings.iter().chain(&summary.understood) {
        say(format!("Zeile {}: {}", note.line, note.text));
    }
    for (default, count) in &summary.defaults {
        say(format!("Vorgabe ergänzt: {default} ({count}-mal)"));
    }
    if summary.held > 0 {
        say(format!(
            "Nicht in der Datei, aber beibehalten, weil sie unvollständig oder teils unlesbar ist: {}",
            summary.held
        ));
    }
    say(counts(summary));
    out
}

fn counts(summary: &Summary) -> String {
    let mut line = String::new();
    if summary.difference.is_some() {
        line.push_str("Probelauf, nichts wurde verändert: ");
    }
    let counts = [
        ("neu", summary.new),
        ("geändert", summary.changed.saturating_sub(summary.restored)),
        ("verlängert", summary.extended),
        ("wiederhergestellt", summary.revived + summary.restored),
        ("unverändert", summary.unchanged),
        ("hier zurückgezogen", summary.withdrawn_kept),
        ("nicht mehr gelistet", summary.gone),
        ("abgelehnt", summary.refused.len()),
    ];
    for (at, (name, count)) in counts.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        write!(line, "{comma}{name} {count}").expect("a String takes every text");
    }
    line
}

fn changes(difference: &Difference) -> impl Iterator<Item = String> {
    let (restored, changed): (Vec<&Entry>, Vec<&Entry>) =
        difference.changed.iter().partition(|entry| entry.restored);
    let kinds = [
        ("neu", difference.new.iter().collect()),
        ("geändert", changed),
        ("verlängert", difference.extended.iter().collect()),
        ("wiederhergestellt", restored.into_iter().chain(&difference.revived).collect()),
        ("nicht mehr gelistet", difference.gone.iter().collect::<Vec<_>>()),
    ];
    kinds.into_iter().flat_map(|(kind, entries)| {
        let lines: Vec<String> = entries.into_iter().map(|entry| change(kind, entry)).collect();
        listed(lines.into_iter(), kind).collect::<Vec<_>>()
    })
}

fn change(kind: &str, entry: &Entry) -> String {
    let fields = match entry.fields.as_deref() {
        None => String::new(),
        Some([]) => " (nichts, was veröffentlicht wird)".to_owned(),
        Some(fields) => format!(" ({})", fields.join(", ")),
    };
    format!("{kind}: {} „{}“{fields}", entry.source.id, short(&entry.title))
}

/// Returns the first lines, and how many are left out.
fn listed(
    lines: impl ExactSizeIterator<Item = String>,
    kind: &str,
) -> impl Iterator<Item = String> {
    let more = lines.len().saturating_sub(LISTED);
    let rest = (more > 0).then(|| format!("{kind}: und {more} weitere"));
    lines.take(LISTED).chain(rest)
}

fn short(title: &str) -> String {
    plain::cut(title, TITLE_CHARS).unwrap_or_else(|| title.to_owned())
}

#[cfg(test)]
mod tests {
    use engagement_protocol::opportunity::Source;

    use super::*;

    fn entry(id: usize, fields: Option<&[&str]>) -> Entry {
        Entry {
            source: Source { system: "x".to_owned(), id: format!("a-{id}") },
            title: "Wort ".repeat(20),
            fields: fields.map(|fields| fields.iter().map(|f| (*f).to_owned()).collect()),
            restored: false,
        }
    }

    #[test]
    fn a_trial_run_names_each_record_and_its_fields() {
        let difference = Difference {
            new: vec![entry(1, None)],
            changed: vec![
                entry(2, Some(&["seats", "title"])),
                entry(3, Some(&[])),
                Entry { restored: true, ..entry(4, None) },
            ],
            gone: vec![entry(5, None)],
            ..Difference::default()
        };
        let report = text(&Summary {
            changed: 3,
            restored: 1,
            difference: Some(difference),
            ..Summary::default()
        });
        for line in [
            "neu: a-1 „Wort",
            "geändert: a-2 „Wort",
            "(seats, title)\n",
            "(nichts, was veröffentlicht wird)\n",
            "wiederhergestellt: a-4",
            "nicht mehr gelistet: a-5",
            "Probelauf, nichts wurde verändert: neu 0, geändert 2,",
            "wiederhergestellt 1,",
        ] {
            assert!(report.contains(line), "{line}: {report}");
        }
        assert!(report.lines().take(5).all(|line| line.chars().count() < 120), "{report}");
        assert!(!text(&Summary::default()).contains("Probelauf"));
    }

    #[test]
    fn a_list_for_a_terminal_ends() {
        let new = (0..LISTED + 7).map(|id| entry(id, None)).collect();
        let difference = Some(Difference { new, ..Difference::default() });
        let report = text(&Summary { difference, ..Summary::default() });
        assert_eq!(report.lines().count(), LISTED + 2);
        assert!(report.contains("neu: und 7 weitere\n"), "{report}");
    }
}
