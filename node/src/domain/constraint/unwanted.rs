//! What somebody lacks or does not want: "ohne Führerschein", "keine Kinder", "nichts mit Tieren".
//!
//! Only nouns that codes of records stand for: "ohne Essen" stays words. Records that say nothing stay, as they do
//! for every wish.

use std::ops::Range;

use super::not::NOT;
use super::{Ask, Kind, Scan};
use crate::domain::vocabulary::List;

/// What can be refused.
struct Refused {
    nouns: &'static [&'static str],
    /// How people are shown it.
    label: &'static str,
    /// What a record has that asks for it or is about it.
    codes: &'static [(List, &'static str)],
}

/// All.
#[rustfmt::skip]
const REFUSED: &[Refused] = &[
    Refused { nouns: &["fuehrerschein", "fahrerlaubnis"], label: "ohne Führerschein", codes: &[
        (List::Requirements, "fuehrerschein_b"), (List::Requirements, "fuehrerschein_be"),
        (List::Requirements, "fuehrerschein_c1"), (List::Requirements, "fuehrerschein_d"),
        (List::Requirements, "pbefoerderung"),
    ] },
    Refused { nouns: &["auto", "pkw", "wagen"], label: "ohne eigenes Auto", codes: &[(List::Requirements, "pkw")] },
    Refused { nouns: &["fuehrungszeugnis"], label: "ohne Führungszeugnis", codes: &[(List::Requirements, "fuehrungszeugnis")] },
    Refused { nouns: &["vorkenntnisse", "vorkenntnissen", "erfahrung", "erfahrungen", "vorerfahrung", "ausbildung",
       "fachkenntnisse", "fachkenntnissen", "qualifikation"], label: "ohne Vorkenntnisse", codes: &[
        (List::Requirements, "erste_hilfe"), (List::Requirements, "juleica"),
        (List::Requirements, "trainerlizenz"), (List::Requirements, "rettungsschwimmen"),
    ] },
    Refused { nouns: &["deutschkenntnisse", "deutschkenntnissen"], label: "ohne Deutschkenntnisse", codes: &[
        (List::Requirements, "deutsch_a2"), (List::Requirements, "deutsch_b1"),
        (List::Requirements, "deutsch_b2"),
    ] },
    Refused { nouns: &["mitgliedschaft"], label: "ohne Mitgliedschaft", codes: &[(List::Requirements, "mitgliedschaft")] },
    Refused { nouns: &["kind", "kinder", "kindern"], label: "nicht mit Kindern", codes: &[
        (List::Targets, "kinder"), (List::Fields, "kinder"), (List::Fields, "schule"),
    ] },
    Refused { nouns: &["jugendliche", "jugendlichen"], label: "nicht mit Jugendlichen", codes: &[(List::Targets, "jugendliche")] },
    Refused { nouns: &["senioren", "seniorinnen"], label: "nicht mit Senioren", codes: &[
        (List::Targets, "senioren"), (List::Fields, "alter"),
    ] },
    Refused { nouns: &["tiere", "tieren"], label: "nicht mit Tieren", codes: &[(List::Targets, "tiere")] },
    Refused { nouns: &["sport"], label: "kein Sport", codes: &[(List::Fields, "sport")] },
    Refused { nouns: &["politik"], label: "nicht mit Politik", codes: &[(List::Fields, "demokratie")] },
    Refused { nouns: &["kirche", "religion"], label: "nicht mit Kirche", codes: &[(List::Fields, "kirche")] },
    Refused { nouns: &["pflege"], label: "keine Pflege", codes: &[(List::Fields, "gesundheit")] },
];

/// What leads to a noun behind the word that turns it round.
const BETWEEN: &[&str] = &["mit", "fuer", "eigenen", "eigenes", "meine", "die", "den"];
/// What leads to it all, and says nothing by itself.
const BEFORE: &[&str] = &["aber", "und", "bitte", "nur", "lieber", "auch", "moechte", "will"];

/// Of whom something is said that is not said of who searches.
const PEOPLE: &[&str] = &[
    "menschen",
    "leute",
    "leuten",
    "personen",
    "kinder",
    "kindern",
    "jugendliche",
    "jugendlichen",
    "frauen",
    "familien",
    "senioren",
    "paare",
    "gefluechtete",
    "gefluechteten",
];

impl Scan<'_> {
    /// Finds all.
    pub(super) fn unwanted(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((range, refused)) = self.refusal(at) else { continue };
            let codes =
                refused.codes.iter().map(|(list, code)| (*list, (*code).to_owned())).collect();
            self.keep(range, Kind::Without, refused.label.to_owned(), Ask::Without(codes));
        }
    }

    /// What is refused from the word at `at` on.
    fn refusal(&self, at: usize) -> Option<(Range<usize>, &'static Refused)> {
        let turns = |word: &str| word == "nichts" || NOT.contains(&word);
        let word = self.word(at).filter(|word| turns(word))?;
        let mut noun = at + 1;
        while noun < at + 3 && self.word(noun).is_some_and(|word| BETWEEN.contains(&word)) {
            noun += 1;
        }
        // "nicht Kinder, sondern …" is rare, "nicht nur Kinder" is not: only "nicht mit Kindern".
        if matches!(word, "nicht" | "nichts") && noun == at + 1 {
            return None;
        }
        // "Fahrdienst für Menschen ohne Auto" and "nicht ohne Führerschein" say something else.
        let others = |word: &str| turns(word) || PEOPLE.contains(&word);
        let is_turned = at.checked_sub(1).and_then(|at| self.word(at)).is_some_and(others);
        let named = self.word(noun)?;
        let refused = REFUSED.iter().find(|one| one.nouns.contains(&named))?;
        // "keine Kinder-Uni"
        let joint = self.is(noun + 1, '-') && self.tokens.get(noun + 1)?.glued;
        let mut start = at;
        while start > 0
            && self.is_free(start - 1..start)
            && self.word(start - 1).is_some_and(|word| BEFORE.contains(&word))
        {
            start -= 1;
        }
        let is_free = !is_turned && !joint && self.is_free(start..noun + 1);
        is_free.then_some((start..noun + 1, refused))
    }
}
