//! Days of the week that somebody mistyped by one letter: "mitwochs", "Samsatg".

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
/// Fewest letters of what was typed.
const LETTERS: usize = 6;

impl Scan<'_> {
    /// Reads mistyped days as what they are; the query itself stays as it was typed.
    pub(super) fn respell(&mut self) {
        for token in &mut self.tokens {
            let Kind::Word(word) = &mut token.kind else { continue };
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
