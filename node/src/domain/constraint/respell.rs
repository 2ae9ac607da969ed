//! Words that are read as another one: days that somebody mistyped by one letter ("mitwochs", "Samsatg"), and the few
//! English words that say when and how much.

use super::Scan;
use crate::domain::spelling::is_one_off;
use crate::domain::time_phrase::lexicon::meaning;
use crate::domain::time_phrase::token::Kind;

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
    "vormittags",
    "nachmittags",
];
/// English words that no German query means otherwise, and what they are read as.
const ENGLISH: &[(&str, &str)] = &[
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
    ("without", "ohne"),
];
/// Fewest letters of what was typed.
const LETTERS: usize = 6;

impl Scan<'_> {
    /// Reads mistyped days and English words as what they are; the query itself stays as it was typed.
    pub(super) fn respell(&mut self) {
        for token in &mut self.tokens {
            let Kind::Word(word) = &mut token.kind else { continue };
            if let Some((_, german)) = ENGLISH.iter().find(|(english, _)| english == word) {
                (*german).clone_into(word);
                continue;
            }
            let letters: Vec<char> = word.chars().collect();
            if letters.len() < LETTERS || meaning(word).is_some() {
                continue;
            }
            let near = |day: &&&str| {
                let day: Vec<char> = day.chars().collect();
                day.first() == letters.first() && is_one_off(&letters, &day)
            };
            if let Some(day) = DAYS.iter().find(near) {
                (*day).clone_into(word);
            }
        }
    }
}
