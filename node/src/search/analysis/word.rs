//! A word of a query: what it is satisfied by, how well, and by which way that is so.
//!
//! Whoever searches needs nothing else of the analysis: terms to look up, a weight for each, and a route to
//! explain a hit by. A word never asks for nothing: it has at least one alternative with at least one term.

/// One word of a query, or several that mean one thing together (`Rotes Kreuz`).
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What was typed, letters folded, or what was meant by it: to name the word to people.
    pub text: String,
    /// The word as it may be written, letters folded and not stemmed: what a document keeps beside its stems.
    ///
    /// Never needed to satisfy the word, because whatever has one of these has its stem too; only to rank
    /// `Müll` before `Müller`.
    pub whole: Vec<String>,
    /// How much it says against a word that names a subject: 1, or less for what stands in every second query.
    pub weight: f32,
    /// A record satisfies the word by any of these, best first.
    pub alternatives: Vec<Alternative>,
}

impl Word {
    /// Becomes what this or another word satisfies.
    pub(super) fn or(&mut self, other: Self) {
        self.text = format!("{} oder {}", self.text, other.text);
        self.weight = self.weight.max(other.weight);
        self.whole.extend(other.whole);
        for way in other.alternatives {
            if !self.alternatives.iter().any(|held| held.terms == way.terms) {
                self.alternatives.push(way);
            }
        }
    }
}

/// One way to satisfy a word.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    /// All of these must be in the record, in whichever field: what [`terms`](super::terms) yields.
    pub terms: Vec<String>,
    /// How much it counts against the word itself, over 0 and up to 1.
    pub weight: f32,
    /// Whether it is only a part of what was asked for: one element of a compound, without the others.
    pub partial: bool,
    /// Why this satisfies the word.
    pub route: Route,
}

impl Alternative {
    /// Returns the alternative of one term that counts as much as the word itself.
    #[must_use]
    pub fn of(term: String, route: Route) -> Self {
        Self { terms: vec![term], weight: 1.0, partial: false, route }
    }
}

/// Why something in a record satisfies a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// The word itself, letters folded. No alternative has it: records that have [`Word::whole`] do.
    Exact,
    /// The same word with another ending.
    Stem,
    /// Inside a compound of the record: `Lesen` and `Lesenlernen`. No alternative has it: what is found by its stem and
    /// stands there alone in no form is.
    Within,
    /// Another spelling, most often for another gender: `Lesepatin` and `Lesepate`.
    Form,
    /// The word is a compound, and the record has its parts: `Bücherbusfahrer` and `Fahrer für den Bücherbus`.
    Parts,
    /// The word is a compound, and the record has one of its parts: `Bücherbusfahrer` and `Bücherbus`.
    Part,
    /// A word that means nearly the same.
    Synonym {
        /// What the record says, as people write it: `Dorfputz`.
        label: String,
    },
    /// No record has the word; one that differs by a letter or two was meant.
    Typo {
        /// The word that was looked for, as people write it.
        meant: String,
    },
    /// Few records have the word; one that shares most of its letters was looked for too.
    Similar {
        /// The word that was looked for, as people write it.
        meant: String,
    },
}
