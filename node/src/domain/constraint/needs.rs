//! What somebody needs to take part: "rollstuhlgerecht", "ohne Treppen", "ich kann nicht lange stehen".

use super::unwanted::OTHERS;
use super::{Ask, Kind, Scan, not};
use crate::domain::vocabulary::{List, Vocabulary};

/// Beginnings of words that name a need, each with an ending of declension.
const WORDS: &[&str] = &["rollstuhlgerecht", "barrierefrei", "stufenlos"];
/// What [`WORDS`] ask for.
const STEPLESS: &str = "stufenlos";
/// What somebody needs who cannot stand for long.
const SITTING: &str = "im_sitzen";
/// What turns [`BURDENS`] into what somebody cannot do.
const NOT: &[&str] = &["nicht", "kaum", "schlecht"];
/// What stands between, of which one has to say how much, unless what turns it round does.
const MUCH: &[&str] = &["lange", "laenger", "lang", "gut", "weit", "viel"];
/// What else may stand between.
const BETWEEN: &[&str] = &["mehr", "so", "sehr", "ganz", "besonders", "allzu", "zu"];
/// What is easier for who sits.
const BURDENS: &[&[&str]] = &[&["stehen"], &["laufen"], &["fuss"]];
/// Phrases that name a need, and its code.
const PHRASES: &[(&str, &[&[&str]])] = &[
    (
        STEPLESS,
        &[
            &["mit", "rollstuhl"],
            &["mit", "dem", "rollstuhl"],
            &["mit", "meinem", "rollstuhl"],
            &["im", "rollstuhl", "sitze"],
            &["sitze", "im", "rollstuhl"],
            &["im", "rollstuhl"],
            &["ohne", "treppen"],
            &["ohne", "stufen"],
            &["keine", "treppen"],
            &["keine", "treppen", "steigen"],
            &["keine", "treppen", "laufen"],
            &["mit", "rollator"],
            &["mit", "dem", "rollator"],
            &["habe", "einen", "rollator"],
        ],
    ),
    (SITTING, &[&["im", "sitzen"], &["ohne", "langes", "stehen"], &["ohne", "stehen"]]),
];
/// What leads to a phrase, and what ends its clause.
const AROUND: &[&str] = &["ich", "kann", "darf", "bin", "weil", "da", "aber", "muss"];
/// What is looked for behind such a word: "barrierefreie Karte" is a subject.
const SOUGHT: &[&str] =
    &["angebote", "ehrenamt", "ehrenaemter", "engagement", "aufgaben", "orte", "taetigkeit"];

impl Scan<'_> {
    /// Finds who cannot climb stairs, or not stand for long.
    pub(super) fn needs(&mut self) {
        for at in 0..self.tokens.len() {
            let Some((code, length)) = self.need(at) else { continue };
            let (mut start, mut end) = (at, at + length);
            if !self.is_free(start..end) {
                continue;
            }
            let around = |at: usize| {
                self.is_free(at..at + 1) && self.word(at).is_some_and(|word| AROUND.contains(&word))
            };
            while start > 0 && around(start - 1) {
                start -= 1;
            }
            if around(end) {
                end += 1;
            }
            // "Menschen, die schlecht laufen", "meine Mutter sitzt im Rollstuhl" are others.
            let before = start.checked_sub(1).and_then(|at| self.word(at));
            if before.is_some_and(|word| {
                // "nicht im Sitzen" asks for nothing that a code says.
                not::NOT.contains(&word)
                    || word == "sitzt"
                    || (!matches!(word, "und" | "oder") && OTHERS.contains(&word))
            }) {
                continue;
            }
            let label = Vocabulary::embedded().label(List::Accessibility, code).to_owned();
            let ask = Ask::Needs(vec![code.to_owned()]);
            self.keep(start..end, Kind::Needs, label, ask, false);
        }
    }

    /// The code of a need that words from `at` on name, and how many they are.
    fn need(&self, at: usize) -> Option<(&'static str, usize)> {
        let named = PHRASES.iter().find_map(|(code, phrases)| {
            let length = self.longest(at, phrases);
            (length > 0).then_some((*code, length))
        });
        let is_word = || {
            self.word(at).is_some_and(|word| {
                WORDS.iter().any(|need| word.strip_prefix(need).is_some_and(|end| end.len() <= 2))
            })
        };
        let next = self.tokens.get(at + 1);
        let is_noun = || {
            next.is_some_and(|next| next.capital || next.is('-'))
                && !self.word(at + 1).is_some_and(|word| SOUGHT.contains(&word))
                && self.name(at + 1).is_none()
        };
        let named = named.or_else(|| self.burden(at).map(|length| (SITTING, length)));
        named.or_else(|| (is_word() && !is_noun()).then_some((STEPLESS, 1)))
    }

    /// "nicht mehr so lange stehen", "schlecht zu Fuß": how many words say so from `at` on.
    fn burden(&self, at: usize) -> Option<usize> {
        let turns = self.word(at).filter(|word| NOT.contains(word))?;
        let is = |at: usize, list: &[&str]| self.word(at).is_some_and(|word| list.contains(&word));
        let mut is_much = matches!(turns, "kaum" | "schlecht");
        let mut end = at + 1;
        while is(end, MUCH) || is(end, BETWEEN) {
            is_much |= is(end, MUCH);
            end += 1;
        }
        let length = self.longest(end, BURDENS);
        (length > 0 && is_much).then_some(end + length - at)
    }
}
