//! What somebody lacks or does not want: "ohne Führerschein", "keine Kinder", "nichts mit Tieren".
//!
//! Nouns that codes of records stand for become filters; others are not looked for. Records that say nothing stay, as they do
//! for every wish.

use std::ops::Range;

use super::not::NOT;
use super::{Ask, Kind, Scan};
use crate::domain::time_phrase::lexicon::meaning;
use crate::domain::vocabulary::List;

/// What can be refused.
struct Refused {
    nouns: &'static [&'static str],
    /// How people are shown it.
    label: &'static str,
    /// What a record has that asks for it or is about it.
    codes: &'static [(List, &'static str)],
}

impl Refused {
    /// Whether somebody lacks it, and does not just not want it.
    fn is_lack(&self) -> bool {
        self.codes.iter().all(|(list, _)| *list == List::Requirements)
    }
}

/// All. What follows from lacking one of them is known where they are compared.
#[rustfmt::skip]
const REFUSED: &[Refused] = &[
    Refused { nouns: &["fuehrerschein", "fahrerlaubnis"], label: "ohne Führerschein",
        codes: &[(List::Requirements, "fuehrerschein_b")] },
    Refused { nouns: &["auto", "pkw", "wagen"], label: "ohne eigenes Auto",
        codes: &[(List::Requirements, "pkw")] },
    Refused { nouns: &["fuehrungszeugnis"], label: "ohne Führungszeugnis",
        codes: &[(List::Requirements, "fuehrungszeugnis")] },
    Refused { nouns: &["vorkenntnisse", "vorkenntnissen", "erfahrung", "erfahrungen", "vorerfahrung",
        "ausbildung", "fachkenntnisse", "fachkenntnissen", "qualifikation"], label: "ohne Vorkenntnisse",
        codes: &[(List::Requirements, "erste_hilfe"), (List::Requirements, "juleica"),
            (List::Requirements, "trainerlizenz"), (List::Requirements, "rettungsschwimmen")] },
    Refused { nouns: &["deutschkenntnisse", "deutschkenntnissen"], label: "ohne Deutschkenntnisse",
        codes: &[(List::Requirements, "deutsch_a2")] },
    Refused { nouns: &["masernimpfung", "masernschutz"], label: "ohne Masernschutz",
        codes: &[(List::Requirements, "masern")] },
    Refused { nouns: &["einfuehrungskurs"], label: "ohne Einführungskurs",
        codes: &[(List::Requirements, "einfuehrungskurs")] },
    Refused { nouns: &["mitgliedschaft", "mitglied"], label: "ohne Mitgliedschaft",
        codes: &[(List::Requirements, "mitgliedschaft")] },
    Refused { nouns: &["kind", "kinder", "kindern"], label: "nicht mit Kindern",
        codes: &[(List::Targets, "kinder"), (List::Fields, "schule")] },
    Refused { nouns: &["jugendliche", "jugendlichen"], label: "nicht mit Jugendlichen",
        codes: &[(List::Targets, "jugendliche")] },
    Refused { nouns: &["senioren", "seniorinnen"], label: "nicht mit Senioren",
        codes: &[(List::Targets, "senioren"), (List::Fields, "alter")] },
    Refused { nouns: &["tiere", "tieren"], label: "nicht mit Tieren",
        codes: &[(List::Targets, "tiere")] },
    Refused { nouns: &["sport"], label: "kein Sport", codes: &[(List::Fields, "sport")] },
    Refused { nouns: &["politik"], label: "nichts mit Politik", codes: &[(List::Fields, "demokratie")] },
    Refused { nouns: &["kirche", "religion"], label: "nichts mit Kirche",
        codes: &[(List::Fields, "kirche")] },
];

/// How people say that they speak little German.
const LITTLE_GERMAN: &[&[&str]] = &[
    &["wenig", "deutsch"],
    &["kaum", "deutsch"],
    &["kein", "deutsch"],
    &["kein", "deutsch", "noetig"],
    &["ohne", "deutsch"],
    &["nicht", "gut", "deutsch"],
    &["nicht", "so", "gut", "deutsch"],
    &["schlecht", "deutsch"],
    &["nicht", "viel", "deutsch"],
    &["deutsch", "nicht", "gut"],
    &["deutsch", "nicht", "so", "gut"],
    &["deutsch", "ist", "nicht", "gut"],
    &["deutsch", "ist", "nicht", "so", "gut"],
    &["deutsch", "ist", "schlecht"],
];
/// What leads to it, and what ends it.
const SPEAK: &[&str] = &[
    "ich", "spreche", "kann", "verstehe", "noch", "nur", "sehr", "leider", "mein", "und", "aber",
    "sprechen",
];
/// What a clause ends before.
const ENDS: &[&str] = &["sondern", "aber", "muessen", "wollen"];
/// What says before a "nicht" that it is said of who searches.
const WANTS: &[&str] =
    &["aber", "bloss", "bitte", "lieber", "moechte", "will", "mag", "kann", "darf"];
/// How somebody says that they do no heavy work.
const HEAVY: &[&[&str]] = &[
    &["nicht", "schwer", "heben"],
    &["nicht", "schwer", "tragen"],
    &["nicht", "schwer", "arbeiten"],
    &["nicht", "viel", "tragen"],
    &["nicht", "viel", "heben"],
    &["nichts", "schweres", "heben"],
    &["nichts", "schweres", "tragen"],
    &["nichts", "schweres"],
    &["nichts", "anstrengendes"],
    &["ohne", "schweres", "heben"],
    &["ohne", "schweres", "tragen"],
    &["ohne", "schwer", "heben"],
    &["ohne", "schwer", "zu", "heben"],
    &["nicht", "so", "schwer", "heben"],
    &["nicht", "mehr", "schwer", "heben"],
    &["nicht", "tragen"],
    &["nicht", "heben"],
    &["nicht", "koerperlich"],
    &["nicht", "koerperlich", "fit"],
    &["nicht", "koerperlich", "anstrengend"],
    &["nicht", "zu", "koerperlich"],
    &["nicht", "so", "koerperlich"],
    &["nichts", "koerperliches"],
    &["nichts", "koerperlich", "anstrengendes"],
    &["ohne", "koerperliche", "anstrengung"],
    &["ohne", "koerperliche", "arbeit"],
    &["keine", "koerperliche", "arbeit"],
    &["keine", "koerperliche", "anstrengung"],
    &["keine", "schwere", "arbeit"],
    &["keine", "schweren", "arbeiten"],
    &["keine", "schweren", "sachen"],
    &["keine", "schwere", "koerperliche", "arbeit"],
    &["keine", "koerperlich", "schwere", "arbeit"],
];
/// Behind what somebody lacks these say nothing more.
const NEEDED: &[&str] = &["noetig", "notwendig", "erforderlich", "sein"];
/// What leads to where something is not wanted: "nicht am Telefon".
const WHERE: &[&str] =
    &["am", "im", "an", "auf", "bei", "beim", "in", "zum", "zur", "der", "dem", "einem", "einer"];

/// Who has to be strong.
const STRONG: &str = "koerperlich_fit";
/// What is asked for as a mode.
const REMOTE: &[&str] = &["online", "homeoffice", "remote"];
/// What leads to a noun behind the word that turns it round.
const BETWEEN: &[&str] =
    &["mit", "fuer", "eigenen", "eigenes", "meine", "die", "den", "polizeiliches", "erweitertes"];
/// What joins a further noun to it.
const FURTHER: &[&str] = &["und", "oder", "noch"];
/// What leads to it all, and says nothing by itself.
const BEFORE: &[&str] =
    &["aber", "und", "bitte", "nur", "lieber", "auch", "moechte", "will", "muss"];

/// Before it, something is said of others and not of who searches, or both will do: "Menschen ohne Auto", "mit oder ohne".
pub(super) const OTHERS: &[&str] = &[
    "menschen",
    "leute",
    "leuten",
    "personen",
    "kinder",
    "kindern",
    "jugendliche",
    "jugendlichen",
    "frauen",
    "maenner",
    "familien",
    "senioren",
    "seniorinnen",
    "aeltere",
    "aelteren",
    "eltern",
    "erwachsene",
    "nachbarn",
    "buerger",
    "patienten",
    "paare",
    "migranten",
    "fluechtlinge",
    "gefluechtete",
    "gefluechteten",
    "zugewanderte",
    "die",
    "der",
    "das",
    "und",
    "oder",
];

impl Scan<'_> {
    /// Finds all.
    pub(super) fn unwanted(&mut self) {
        self.little_german();
        self.heavy();
        for at in 0..self.tokens.len() {
            let Some((range, refused)) = self.refusal(at) else {
                // What no code stands for cannot be left out, but nobody who does not want it looks for it.
                if let Some(range) = self.unknown_refusal(at) {
                    let label = format!("{} (ohne Filter)", self.text(&range));
                    let is_but =
                        |at: &usize| self.word(*at) == Some("aber") && self.is_free(*at..at + 1);
                    let start = at.checked_sub(1).filter(is_but).unwrap_or(at);
                    self.keep(start..range.end, Kind::Without, label, Ask::Anything, true);
                }
                continue;
            };
            let (mut label, mut codes) = (String::new(), Vec::new());
            for one in refused {
                if !label.is_empty() {
                    label.push_str(", ");
                }
                label.push_str(one.label);
                codes.extend(one.codes.iter().map(|(list, code)| (*list, (*code).to_owned())));
            }
            self.keep(range, Kind::Without, label, Ask::Without(codes), true);
        }
    }

    /// "ich spreche nur wenig Deutsch": then no knowledge of it may be asked for.
    fn little_german(&mut self) {
        let speaks = |at: usize| {
            self.is_free(at..at + 1) && self.word(at).is_some_and(|word| SPEAK.contains(&word))
        };
        for at in 0..self.tokens.len() {
            let (mut start, mut end) = (at, at + self.longest(at, LITTLE_GERMAN));
            // "Deutsch-Kenntnisse" is another word.
            if !self.is_free(start..end) || self.is_joined(end) {
                continue;
            }
            while start > 0 && speaks(start - 1) {
                start -= 1;
            }
            // "Menschen, die wenig Deutsch sprechen", "Familien mit wenig Deutsch" are others.
            start -= usize::from(start > 0 && self.word(start - 1) == Some("mit"));
            let before = start.checked_sub(1).and_then(|at| self.word(at));
            let is_of_others = self.word(end) == Some("sprechen")
                || before.is_some_and(|word| word == "spricht" || OTHERS.contains(&word));
            if is_of_others || !self.is_free(start..end) {
                continue;
            }
            let Some(refused) = named("deutschkenntnisse") else { return };
            let ends = matches!(self.word(end), Some("spreche" | "kann"));
            end += usize::from(ends && self.is_free(end..end + 1));
            let codes = refused.codes.iter().map(|(list, code)| (*list, (*code).to_owned()));
            let ask = Ask::Without(codes.collect());
            self.keep(start..end, Kind::Without, "mit wenig Deutsch".to_owned(), ask, false);
            return;
        }
    }

    /// "ich kann nicht schwer heben", "nichts Körperliches": then nobody may have to be strong.
    fn heavy(&mut self) {
        const LEADS: &[&str] = &["ich", "kann", "darf", "aber", "und", "bitte", "moechte", "will"];
        for at in 0..self.tokens.len() {
            let range = at..at + self.longest(at, HEAVY);
            // "nicht körperlich behinderte Kinder"
            let is_cut =
                range.len() == 2 && self.word(range.end).is_some() && !self.ends(range.end);
            if !self.is_free(range.clone()) || is_cut {
                continue;
            }
            let leads = |at: &usize| {
                self.is_free(*at..at + 1)
                    && self.word(*at).is_some_and(|word| LEADS.contains(&word))
            };
            let start = (0..at).rev().take_while(leads).last().unwrap_or(at);
            let before = start.checked_sub(1).and_then(|at| self.word(at));
            if before.is_some_and(|word| OTHERS.contains(&word)) {
                continue;
            }
            let ask = Ask::Without(vec![(List::Requirements, STRONG.to_owned())]);
            let label = "ohne schwere körperliche Arbeit".to_owned();
            self.keep(start..range.end, Kind::Without, label, ask, true);
            return;
        }
    }

    /// What is refused from the word at `at` on.
    fn refusal(&self, at: usize) -> Option<(Range<usize>, Vec<&'static Refused>)> {
        let turns = |word: &str| word == "nichts" || NOT.contains(&word);
        let word = self.word(at).filter(|word| turns(word))?;
        let noun = self.behind_between(at + 1);
        // "nicht nur Kinder" is another thing: only "nicht mit Kindern".
        if matches!(word, "nicht" | "nichts") && noun == at + 1 {
            return None;
        }
        let before = at.checked_sub(1).and_then(|at| self.word(at));
        // "Fahrdienst für Menschen ohne Auto" and "nicht ohne Führerschein" say something else.
        if before.is_some_and(|word| turns(word) || OTHERS.contains(&word)) && !self.begins(at) {
            return None;
        }
        let mut refused = vec![self.refused(noun)?];
        let mut end = noun + 1;
        // "ohne Auto und Führerschein", "weder Kinder noch Tiere", "keine Kinder oder keine Tiere"
        while self.word(end).is_some_and(|word| FURTHER.contains(&word)) || self.is(end, ',') {
            let is_turned = self.word(end) == Some("noch") || self.word(end + 1).is_some_and(turns);
            let turned = end + 1 + usize::from(self.word(end + 1).is_some_and(turns));
            let further = if is_turned { self.behind_between(turned) } else { turned };
            let Some(one) = self.refused(further) else { break };
            // "kein Auto, Senioren besuchen", "ohne Auto und mit Kindern": the second is wanted.
            let is_alike = refused.iter().all(|held| held.is_lack() == one.is_lack());
            if !is_turned && (!is_alike || self.is(end, ',')) {
                break;
            }
            refused.push(one);
            end = further + 1;
        }
        end += usize::from(self.word(end).is_some_and(|word| NEEDED.contains(&word)));
        let mut start = at;
        while start > 0
            && self.is_free(start - 1..start)
            && self.word(start - 1).is_some_and(|word| BEFORE.contains(&word))
        {
            start -= 1;
        }
        self.is_free(start..end).then_some((start..end, refused))
    }

    /// "keine Hunde", "nichts mit Computern", "ohne Vorlesen": a word that is not wanted.
    fn unknown_refusal(&self, at: usize) -> Option<Range<usize>> {
        let turns = self.word(at)?;
        let mut noun = self.behind_between(at + 1);
        let before = at.checked_sub(1).and_then(|at| self.word(at));
        let is_last = |at: usize| self.ends(at + 1);
        let wants = |word: &str| WANTS.contains(&word);
        let leads = |at: usize| self.word(at).is_some_and(|word| WHERE.contains(&word));
        let is_led = turns == "nicht" && noun == at + 1 && leads(noun);
        if is_led {
            noun += 1 + usize::from(leads(noun + 1));
        }
        let is_refusal = match turns {
            // "nicht am Telefon", but "Kinder, die nicht im Heim wohnen"
            "nicht" if is_led => is_last(noun),
            // "Sport, aber nicht Fußball", "nicht draußen"
            "nicht" if noun == at + 1 && (at == 0 || before.is_some_and(wants)) => is_last(noun),
            "kein" | "keine" | "keinen" | "keiner" => {
                !before.is_some_and(|word| OTHERS.contains(&word))
            }
            // "Leben ohne Barrieren" is a subject; "nicht nur Hunde" is none.
            "ohne" => {
                at == 0 || self.begins(at) || matches!(before, Some("aber" | "bitte" | "nur"))
            }
            // "nichts Handwerkliches"
            "nichts" if noun == at + 1 => {
                self.word(noun).is_some_and(|word| word.ends_with("es")) && is_last(noun)
            }
            "nichts" | "nicht" => self.word(at + 1) == Some("mit") && noun > at + 1,
            "ausser" => before != Some("nicht"),
            _ => false,
        };
        let word = self.word(noun).filter(|word| is_refusal && word.chars().count() >= 3)?;
        let glued = self.is_joined(noun + 1);
        // "keinen Samstag" is a time, "Kinder, die keine Eltern haben" are others.
        let is_other = matches!(word, "fall" | "problem")
            || meaning(word).is_some()
            || REMOTE.contains(&word)
            || NOT.contains(&word);
        let is_had = matches!(self.word(noun + 1), Some("haben" | "hat" | "habe"));
        let range = at..noun + 1;
        (!is_other && !is_had && !glued && self.is_free(range.clone())).then_some(range)
    }

    /// Whether a clause ends before `at`.
    fn ends(&self, at: usize) -> bool {
        at == self.tokens.len()
            || [',', '.', ';'].iter().any(|mark| self.is(at, *mark))
            || self.word(at).is_some_and(|word| ENDS.contains(&word))
    }

    /// "…, und ohne Auto": what joins it to a clause before says nothing of others.
    fn begins(&self, at: usize) -> bool {
        at >= 2 && self.word(at - 1) == Some("und") && self.is(at - 2, ',')
    }

    fn behind_between(&self, at: usize) -> usize {
        let between = |at: &usize| self.word(*at).is_some_and(|word| BETWEEN.contains(&word));
        (at..at + 3).take_while(between).last().map_or(at, |last| last + 1)
    }

    /// What can be refused with the noun at `at`; "Kinder-Uni" is another word.
    fn refused(&self, at: usize) -> Option<&'static Refused> {
        let joint = self.is(at + 1, '-') && self.tokens.get(at + 1)?.glued;
        named(self.word(at)?).filter(|_| !joint)
    }
}

/// What can be refused with a noun.
fn named(noun: &str) -> Option<&'static Refused> {
    REFUSED.iter().find(|one| one.nouns.contains(&noun))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::vocabulary::Vocabulary;

    #[test]
    fn every_code_is_one_of_the_vocabulary() {
        let strong = (List::Requirements, STRONG);
        for (list, code) in REFUSED.iter().flat_map(|one| one.codes).chain([&strong]) {
            assert!(Vocabulary::embedded().contains(*list, code), "{code}");
        }
    }
}
