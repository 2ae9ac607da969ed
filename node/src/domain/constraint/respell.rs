//! Words that are read as another one: days that somebody mistyped by one letter ("mitwochs", "Samsatg"), short words
//! of the street ("nix", "ne"), what one comes from ("nach der Schule"), limits ("nicht vor 16 Uhr"), parts of a day ("Samstag
//! Morgen"), "alte Leute", and the few English words that say when and how much.

use super::Scan;
use crate::domain::spelling::is_one_off;
use crate::domain::time_phrase::lexicon::{Meaning, meaning};
use crate::domain::time_phrase::token::{Kind, Token};

/// What is put right. They are so long, and so unlike all else, that no other word is one letter away.
const DAYS: &[&str] = &[
    "montags",
    "dienstag",
    "dienstags",
    "mittwoch",
    "mittwochs",
    "donnerstag",
    "donnerstags",
    "freitags",
    "samstag",
    "samstags",
    "sonntags",
    "wochenende",
    "vormittag",
    "vormittags",
    "nachmittag",
    "nachmittags",
];
/// Short words that are mistyped often or said otherwise, and English ones that say when and how much, with what they are read as.
const READ_AS: &[(&str, &str)] = &[
    ("nix", "nichts"),
    ("ne", "eine"),
    ("nen", "einen"),
    ("abens", "abends"),
    ("abents", "abends"),
    ("abnd", "abend"),
    ("montg", "montag"),
    ("freitga", "freitag"),
    ("fretag", "freitag"),
    ("sontag", "sonntag"),
    ("wochende", "wochenende"),
    ("monday", "montag"),
    ("mondays", "montags"),
    ("tuesday", "dienstag"),
    ("tuesdays", "dienstags"),
    ("wednesday", "mittwoch"),
    ("wednesdays", "mittwochs"),
    ("thursday", "donnerstag"),
    ("thursdays", "donnerstags"),
    ("friday", "freitag"),
    ("fridays", "freitags"),
    ("saturday", "samstag"),
    ("saturdays", "samstags"),
    ("sunday", "sonntag"),
    ("sundays", "sonntags"),
    ("weekend", "wochenende"),
    ("weekends", "wochenende"),
    ("weekdays", "werktags"),
    ("morning", "vormittags"),
    ("mornings", "vormittags"),
    ("afternoon", "nachmittags"),
    ("afternoons", "nachmittags"),
    ("evening", "abends"),
    ("evenings", "abends"),
    ("hour", "stunde"),
    ("hours", "stunden"),
    ("week", "woche"),
    ("month", "monat"),
    ("year", "jahr"),
    ("years", "jahre"),
    ("old", "alt"),
    ("once", "einmal"),
    ("twice", "zweimal"),
];
/// What stands behind a day and is no day itself: "Samstag Morgen", "heute Mittag".
const BEHIND_A_DAY: &[(&str, &str)] =
    &[("morgen", "vormittag"), ("mittag", "mittags"), ("nacht", "nachts")];
/// What says before a time of day that it is a limit, and what it is read as.
const LIMITS: &[(&str, &str)] = &[("spaetestens", "bis"), ("fruehestens", "ab")];
/// Fewest letters of what was typed.
const LETTERS: usize = 6;

/// English words before a time that turn it round; alone "not" is another word, without its capital.
const NOT: &[&str] = &["not", "no", "never", "except"];
/// English words that may stand between.
const LEADS: &[&str] = &["on", "at", "in", "the"];
/// Before or behind a day these make it a name: "Fridays for Future", "Giving Tuesday".
const NAMED: &[&str] = &["for", "giving", "assembly"];

/// What one comes from: "nach der Schule" is a time, and which.
const AFTER: &[(&str, &str)] = &[
    ("schule", "nachmittags"),
    ("uni", "nachmittags"),
    ("arbeit", "abends"),
    ("mittagspause", "mittags"),
];

/// What somebody does for a year who leaves school.
const YEARS: &[&str] = &["fsj", "bfd", "foej", "jahr", "freiwilligendienst", "auszeit"];

/// English nouns behind "no" or "without", and what both are read as.
const WITHOUT: &[(&str, &str)] = &[
    ("children", "kinder"),
    ("kids", "kinder"),
    ("animals", "tiere"),
    ("car", "auto"),
    ("experience", "erfahrung"),
    ("sports", "sport"),
    ("licence", "fuehrerschein"),
    ("license", "fuehrerschein"),
];
/// What may stand before them.
const SKIPPED: &[&str] = &["a", "any", "with", "driving", "drivers"];

impl Scan<'_> {
    /// Reads mistyped days and English words as what they are; the query itself stays as it was typed.
    pub(super) fn respell(&mut self) {
        for at in 0..self.tokens.len() {
            if let Some(german) = self.other(at) {
                self.read_as(at, german);
                self.turn_round(at);
            } else if let Some(day) = self.word(at).and_then(mistyped) {
                self.read_as(at, day);
            } else if let Some(time) = self.after(at) {
                self.read_as(at, time);
                // What leads to it leads to a time.
                for before in at.saturating_sub(2)..at {
                    self.read_as(before, "am");
                }
            }
            self.refuse(at);
            self.limit_of_a_day(at);
            if let Some(part) = self.part_of_a_day(at) {
                self.read_as(at, part);
            }
            // "an einem Samstag"
            let is_day =
                |at: usize| matches!(self.word(at).and_then(meaning), Some(Meaning::Day(..)));
            if self.words(at, &["an", "einem"]) > 0 && is_day(at + 2) {
                self.read_as(at + 1, "am");
            }
            self.older_people(at);
            // "keine Nächte", but "kalte Nächte"
            let before = at.checked_sub(1).and_then(|at| self.word(at));
            if self.word(at) == Some("naechte")
                && matches!(before, Some("keine" | "nicht" | "ohne"))
            {
                self.read_as(at, "nachts");
            }
        }
    }

    /// "nicht vor 16 Uhr", "nicht nach 20 Uhr", "spätestens 12 Uhr"
    fn limit_of_a_day(&mut self, at: usize) {
        let is_clock = |at: usize| {
            self.number(at).is_some()
                && (matches!(self.word(at + 1), Some("uhr" | "h")) || self.is(at + 1, ':'))
        };
        let limit = match (self.word(at), self.word(at + 1)) {
            (Some("nicht"), Some("vor")) if is_clock(at + 2) => Some("ab"),
            (Some("nicht"), Some("nach")) if is_clock(at + 2) => Some("bis"),
            _ => None,
        };
        if let Some(limit) = limit {
            self.read_as(at, "am");
            self.read_as(at + 1, limit);
        } else if let Some(limit) = self.word(at).and_then(|word| lookup(LIMITS, word)) {
            let um = usize::from(self.word(at + 1) == Some("um"));
            if is_clock(at + 1 + um) {
                self.read_as(at, "am");
                self.read_as(at + um, limit);
            }
        }
    }

    /// "Samstag Morgen", "Freitag Nacht"
    fn part_of_a_day(&self, at: usize) -> Option<&'static str> {
        let day = at.checked_sub(1).and_then(|at| self.word(at))?;
        let is_day = day == "heute" || matches!(meaning(day), Some(Meaning::Day(..)));
        let part = self.word(at).and_then(|word| lookup(BEHIND_A_DAY, word))?;
        (is_day && !self.is_joined(at + 1)).then_some(part)
    }

    /// "keine alten Leute", "nicht mit älteren Menschen"
    fn older_people(&mut self, at: usize) {
        let is_old = matches!(self.word(at), Some("alte" | "alten" | "aeltere" | "aelteren"));
        let are = matches!(self.word(at + 1), Some("leute" | "leuten" | "menschen" | "personen"));
        let turned = (at.saturating_sub(2)..at)
            .any(|at| matches!(self.word(at), Some("keine" | "nicht" | "nichts" | "ohne")));
        if is_old && are && turned {
            self.read_as(at, "mit");
            self.read_as(at + 1, "senioren");
        }
    }

    /// "without a car", "not with children", "neither children nor animals"
    fn refuse(&mut self, at: usize) {
        let not = match self.word(at) {
            Some("no" | "without") => "ohne",
            Some("not") if self.word(at + 1) == Some("with") => "nicht",
            Some("neither") => "weder",
            Some("nor") => "noch",
            _ => return,
        };
        let skipped = |at: &usize| self.word(*at).is_some_and(|word| SKIPPED.contains(&word));
        let noun = (at + 1..at + 5).find(|at| !skipped(at)).unwrap_or(at + 1);
        let Some(german) = self.word(noun).and_then(|word| lookup(WITHOUT, word)) else { return };
        self.read_as(noun, german);
        self.read_as(at, not);
        for between in at + 1..noun {
            self.read_as(between, "mit");
        }
    }

    /// What a word of the list is read as, unless it is part of a name.
    fn other(&self, at: usize) -> Option<&'static str> {
        let german = self.word(at).and_then(|word| lookup(READ_AS, word))?;
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let mut beside = beside.filter_map(|at| self.word(at));
        (!beside.any(|word| NAMED.contains(&word))).then_some(german)
    }

    /// "nach der Schule", "in der Mittagspause"
    fn after(&self, at: usize) -> Option<&'static str> {
        let time = self.word(at).and_then(|word| lookup(AFTER, word))?;
        let lead = if time == "mittags" { "in" } else { "nach" };
        let start = at.checked_sub(2).filter(|_| !self.is_joined(at + 1))?;
        // "FSJ nach der Schule" is when school is over for good.
        let is_over = (0..start).any(|at| self.word(at).is_some_and(|word| YEARS.contains(&word)));
        (!is_over && self.words(start, &[lead, "der"]) > 0).then_some(time)
    }

    /// "not on Sundays"
    fn turn_round(&mut self, at: usize) {
        let leads = |at: &usize| self.word(*at).is_some_and(|word| LEADS.contains(&word));
        let before = (0..at).rev().find(|at| !leads(at));
        let is_not = |at: &usize| self.word(*at).is_some_and(|word| NOT.contains(&word));
        if let Some(before) = before.filter(is_not) {
            self.read_as(before, "nicht");
        }
    }

    fn read_as(&mut self, at: usize, german: &str) {
        if let Some(Token { kind: Kind::Word(word), .. }) = self.tokens.get_mut(at) {
            german.clone_into(word);
        }
    }
}

fn lookup(list: &[(&str, &'static str)], word: &str) -> Option<&'static str> {
    list.iter().find(|(english, _)| *english == word).map(|(_, german)| *german)
}

/// The day that a word is one letter off.
fn mistyped(word: &str) -> Option<&'static str> {
    let letters: Vec<char> = word.chars().collect();
    if letters.len() < LETTERS || meaning(word).is_some() {
        return None;
    }
    let near = |day: &&&str| {
        let day: Vec<char> = day.chars().collect();
        day.first() == letters.first() && is_one_off(&letters, &day)
    };
    DAYS.iter().find(near).copied()
}
