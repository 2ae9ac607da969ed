//! How much time somebody can spare, said without numbers: "wenig Zeit", "nur einmal", "ohne feste Termine".

use super::time::commitments;
use super::{Ask, Kind, Scan};
use crate::domain::time_phrase::item::Item;
use crate::domain::time_phrase::lexicon::{Meaning, meaning};
use crate::domain::time_phrase::say;
use crate::domain::vocabulary::{List, Vocabulary};

/// What says that somebody wants no times that are fixed.
const FLEXIBLE: &[&[&str]] = &[
    &["ohne", "feste", "termine"],
    &["ohne", "feste", "zeiten"],
    &["ohne", "festen", "termin"],
    &["keine", "festen", "termine"],
    &["keine", "festen", "zeiten"],
    &["keine", "feste", "zeit"],
    &["keine", "feste", "zeiten"],
    &["keine", "feste", "termine"],
    &["keine", "regelmaessigen", "termine"],
    &["zeitlich", "flexibel"],
    &["flexible", "zeiten"],
    &["flexible", "zeiteinteilung"],
    &["freie", "zeiteinteilung"],
    &["zeit", "frei", "einteilbar"],
];

/// What "wenig Zeit" is, in hours a month.
const LITTLE_HOURS: f64 = 5.0;

impl Scan<'_> {
    /// Finds all.
    pub(super) fn spare(&mut self) {
        self.leisure();
        self.flexible();
        self.once();
    }

    /// "wenig Zeit" is an hour or so a week; "viel Zeit" asks for nothing.
    fn leisure(&mut self) {
        const LITTLE: &[&[&str]] = &[&["wenig", "zeit"], &["nicht", "viel", "zeit"]];
        const MUCH: &[&[&str]] = &[&["viel", "zeit"], &["genug", "zeit"]];
        for at in 0..self.tokens.len() {
            let (little, much) = (self.longest(at, LITTLE), self.longest(at, MUCH));
            let range = at..at + little.max(much);
            if !self.is_free(range.clone()) {
                continue;
            }
            let effort = Ask::Effort {
                hours_at_once: None,
                hours_a_month: Some(LITTLE_HOURS),
                times_a_year: None,
                commitments: Vec::new(),
                slots: Vec::new(),
            };
            if little > 0 {
                let label = "wenig Zeit: höchstens 5 Stunden im Monat".to_owned();
                self.take(range, Kind::Effort, label, effort);
            } else {
                self.take(range, Kind::Effort, "viel Zeit (ohne Filter)".to_owned(), Ask::Anything);
            }
            return;
        }
    }

    /// "ohne feste Termine" is what can be talked about.
    fn flexible(&mut self) {
        for at in 0..self.tokens.len() {
            let range = at..at + self.longest(at, FLEXIBLE);
            let is_turned = at.checked_sub(1).and_then(|at| self.word(at)) == Some("nicht");
            if self.is_free(range.clone()) && !is_turned {
                let slots = vec!["by_arrangement".to_owned()];
                self.keep(range, Kind::Time, say::slots(&slots), Ask::Slots(slots), false);
                return;
            }
        }
    }

    /// "nur einmal", "für einen Tag": not again and again.
    fn once(&mut self) {
        const ONCE: &[&[&str]] = &[
            &["nur", "einmal"],
            &["nur", "ein", "mal"],
            &["fuer", "einen", "tag"],
            &["nur", "einen", "tag"],
            &["eintaegig"],
        ];
        for at in 0..self.tokens.len() {
            let range = at..at + self.longest(at, ONCE);
            if !self.is_free(range.clone()) || self.is_counted(range.end) {
                continue;
            }
            let commitments = commitments(&[Item::Once]);
            let label = commitments
                .first()
                .map_or("", |code| Vocabulary::embedded().label(List::Commitment, code));
            let (hours_at_once, hours_a_month, times_a_year) = (None, None, None);
            let slots = Vec::new();
            let label = label.to_owned();
            let ask =
                Ask::Effort { hours_at_once, hours_a_month, times_a_year, commitments, slots };
            self.take(range, Kind::Effort, label, ask);
            return;
        }
    }

    /// "nur einmal im Monat", "nur einen Tag unter der Woche": whether what follows says how often, or on which days.
    fn is_counted(&self, at: usize) -> bool {
        let means =
            |at: usize| self.word(at).filter(|_| self.is_free(at..at + 1)).and_then(meaning);
        match means(at) {
            Some(
                Meaning::Pro | Meaning::Rate(..) | Meaning::Every | Meaning::And | Meaning::Until,
            ) => true,
            Some(Meaning::In | Meaning::Article) => {
                (at + 1..at + 3).any(|at| matches!(means(at), Some(Meaning::Period(..))))
            }
            _ => self.word(at) == Some("unter"),
        }
    }
}
