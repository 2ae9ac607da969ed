//! Constraints in words: "nur samstags in Dülmen, ab 14" holds three that are no words to look for.
//!
//! What is recognised leaves the words and becomes a filter that people can see and take back. Precision goes
//! before recall: "Essen" alone is a meal, a place counts behind "in", "bei", "um", as a postal code, as a Kreis,
//! behind a comma, as the whole query, and with a town's exact name at an end or between nouns; what stands in
//! quotation marks is never touched. A wrong guess costs hits, a missed one only leaves a word. "nicht" before a constraint turns it round; "nicht nur"
//! makes it one that asks for nothing and is shown all the same.

mod date;
mod edge;
mod either;
mod elsewhere;
mod needs;
mod not;
mod person;
mod place;
mod respell;
mod spare;
mod time;
mod unwanted;

use std::ops::Range;

use engagement_protocol::opportunity::{Code, Direction};

pub use self::date::When;
use self::not::Negation;
use super::gazetteer::Spot;
use super::time_phrase::token::{Token, tokens};
use super::time_phrase::week::Parts;
use super::vocabulary::List;

/// What a constraint is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody seeks help, or offers it.
    Direction,
    /// What somebody lacks or does not want.
    Without,
    /// How much time it takes, how often.
    Effort,
    /// Days and times of day.
    Time,
    /// How old somebody is.
    Age,
    /// On site or from home.
    Mode,
    /// What somebody needs to take part.
    Needs,
    /// Where.
    Place,
}

impl Kind {
    /// All, in the order in which they are given up if together they find nothing: what is most easily
    /// misunderstood first, the place last.
    pub const RELAXED: [Self; 8] = [
        Self::Direction,
        Self::Without,
        Self::Effort,
        Self::Time,
        Self::Age,
        Self::Mode,
        Self::Needs,
        Self::Place,
    ];

    /// Returns the code in the interface.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Direction => "direction",
            Self::Without => "without",
            Self::Effort => "effort",
            Self::Time => "time",
            Self::Age => "age",
            Self::Mode => "mode",
            Self::Needs => "needs",
            Self::Place => "place",
        }
    }
}

/// What a constraint asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    /// Records of this direction.
    Direction(Direction),
    /// At most so much.
    Effort {
        /// Most hours at once.
        hours_at_once: Option<f64>,
        /// Most hours in a month.
        hours_a_month: Option<f64>,
        /// Most times in a year.
        times_a_year: Option<u32>,
        /// Codes of commitments; empty if any will do.
        commitments: Vec<Code>,
        /// Codes of slots that stand in the same words; mostly empty.
        slots: Vec<Code>,
    },
    /// Codes of slots.
    Slots(Vec<Code>),
    /// On these days, at these times of day.
    When(When, Parts),
    /// So many years old.
    Age(u8),
    /// Codes of modes.
    Modes(Vec<Code>),
    /// Codes of accessibility, each of which a record must have.
    Needs(Vec<Code>),
    /// In one of these places.
    Inside(Vec<Spot>),
    /// In one of these places, or anywhere in one of these modes.
    InsideOr(Vec<Spot>, Vec<Code>),
    /// In none of these places alone.
    Outside(Vec<Spot>),
    /// None of these codes.
    Without(Vec<(List, Code)>),
    /// Within so many kilometres around whoever searches, if that is known.
    Nearby(f64),
    /// Nothing: "nicht nur samstags".
    Anything,
    /// Within so many kilometres around a place; around the one that is asked for otherwise, if none is named.
    Around(Option<Spot>, f64),
}

/// A constraint that was recognised.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// What it is about.
    pub kind: Kind,
    /// Its bytes in the query.
    pub span: Range<usize>,
    /// What people are shown, in German.
    pub label: String,
    /// What it asks for.
    pub ask: Ask,
    /// The bytes that name it: of "in Dülmen oder online" the place.
    pub named: Range<usize>,
    /// Whether it says what is not wanted.
    pub negated: bool,
    /// Whether the place was mistyped and is a guess: who knows more words can tell whether the word is another one.
    pub guessed: bool,
}

/// A query, understood.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reading {
    /// What was recognised, in the order of the query.
    pub constraints: Vec<Constraint>,
    /// The words that are left to look for.
    pub words: String,
    /// A word among them that is a town's name, too, where a town would stand; only if no place was recognised.
    pub doubtful: Option<(Range<usize>, Spot)>,
}

/// Words that only lead to a constraint or away from it; beside one they are no words to look for.
const AROUND: &[&str] = &[
    "ueberall",
    "irgendwo",
    "sondern",
    "egal",
    "ich",
    "habe",
    "hab",
    "haette",
    "zeit",
    "nur",
    "gern",
    "gerne",
    "lieber",
    "bevorzugt",
    "vorzugsweise",
    "ausschliesslich",
    "hauptsaechlich",
    "meist",
    "meistens",
    "wohne",
    "lebe",
    "bitte",
    "immer",
    "jeweils",
    "frei",
    "moeglichst",
    "maximal",
    "max",
    "hoechstens",
    "ca",
    "circa",
    "etwa",
    "ungefaehr",
    "jeden",
    "am",
    "an",
    "liebsten",
    "kommenden",
    "kommendes",
    "naechsten",
    "naechstes",
    "diesen",
    "dieses",
    "fruehen",
    "spaeten",
    "about",
    "next",
    "every",
    "this",
];

/// Reads a query.
///
/// ```
/// # use engagement_node::domain::constraint;
/// let reading = constraint::read("Kochen in Essen samstags");
/// assert_eq!(reading.words, "Kochen");
/// let labels: Vec<_> = reading.constraints.iter().map(|c| c.label.as_str()).collect();
/// assert_eq!(labels, ["in Essen", "samstags"]);
/// ```
#[must_use]
pub fn read(query: &str) -> Reading {
    let Some(tokens) = tokens(query) else {
        return Reading { words: query.to_owned(), ..Reading::default() };
    };
    let taken = quoted(&tokens);
    let mut scan = Scan { query, taken, tokens, found: Vec::new(), doubtful: None };
    scan.respell();
    scan.directions();
    scan.needs();
    scan.places();
    scan.dates();
    scan.unwanted();
    scan.ages();
    scan.modes();
    scan.times();
    if scan.found.iter().all(|one| one.kind != Kind::Place) {
        scan.at_an_edge();
    }
    if scan.found.iter().all(|one| one.kind != Kind::Place) {
        scan.elsewhere();
    }
    if scan.found.iter().all(|one| one.kind != Kind::Place) {
        scan.mistyped_at_an_edge();
    }
    scan.rest();
    scan.finish()
}

/// Returns the query without a part of it.
#[must_use]
pub fn without(query: &str, span: &Range<usize>) -> String {
    tidy(&[query.get(..span.start).unwrap_or_default(), query.get(span.end..).unwrap_or_default()])
}

/// Returns the words of a query that are in none of these constraints, which stand in its order.
#[must_use]
pub fn left(query: &str, constraints: &[Constraint]) -> String {
    let mut pieces = Vec::new();
    let mut at = 0;
    for Constraint { span, .. } in constraints {
        pieces.push(query.get(at..span.start).unwrap_or_default());
        at = span.end;
    }
    pieces.push(query.get(at..).unwrap_or_default());
    tidy(&pieces)
}

/// A query while it is read.
struct Scan<'a> {
    query: &'a str,
    tokens: Vec<Token>,
    /// Whether a token belongs to a constraint already, or to a quotation.
    taken: Vec<bool>,
    found: Vec<Constraint>,
    doubtful: Option<(Range<usize>, Spot)>,
}

impl Scan<'_> {
    fn word(&self, at: usize) -> Option<&str> {
        self.tokens.get(at)?.word()
    }

    fn number(&self, at: usize) -> Option<u32> {
        self.tokens.get(at)?.digits().filter(|digits| digits.len() <= 5)?.parse().ok()
    }

    fn is(&self, at: usize, mark: char) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is(mark))
    }

    fn is_free(&self, range: Range<usize>) -> bool {
        !range.is_empty() && self.taken.get(range).is_some_and(|taken| !taken.contains(&true))
    }

    /// Whether a hyphen joins what stands before `at` to what stands behind it: "Herne-Projekt".
    fn is_joined(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|token| token.is('-') && token.glued)
    }

    /// Returns how many tokens from `at` on are these words; 0 if they are not.
    fn words(&self, at: usize, words: &[&str]) -> usize {
        let all = words.iter().enumerate().all(|(i, word)| self.word(at + i) == Some(*word));
        if all { words.len() } else { 0 }
    }

    /// Returns how many tokens the longest of these sequences takes at `at`.
    fn longest(&self, at: usize, sequences: &[&[&str]]) -> usize {
        sequences.iter().map(|words| self.words(at, words)).max().unwrap_or(0)
    }

    fn text(&self, range: &Range<usize>) -> &str {
        let start = self.tokens.get(range.start).map_or(0, |token| token.span.start);
        let last = range.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        self.query.get(start..last.map_or(start, |token| token.span.end)).unwrap_or_default()
    }

    /// Takes a constraint, with the words that lead to it and turn it round. Returns whether it is one.
    fn take(&mut self, range: Range<usize>, kind: Kind, label: String, ask: Ask) -> bool {
        let mut range = range;
        // "nur", "ich habe" before it, "Zeit" behind it.
        let around = |at: usize| {
            self.is_free(at..at + 1) && self.word(at).is_some_and(|word| AROUND.contains(&word))
        };
        loop {
            // "ca. 2 Stunden"
            let dot = usize::from(range.start > 1 && self.is(range.start - 1, '.'));
            let Some(before) = range.start.checked_sub(1 + dot) else { break };
            if !around(before) || !self.is_free(before..range.start) {
                break;
            }
            range.start = before;
        }
        while around(range.end) && matches!(self.word(range.end), Some("zeit" | "frei")) {
            range.end += 1;
        }
        let has = (range.start..range.end).any(|at| matches!(self.word(at), Some("habe" | "hab")));
        // "ich habe vom 1.12. bis 15.12. Urlaub"
        if kind == Kind::Time && has && matches!(self.word(range.end), Some("urlaub" | "ferien")) {
            range.end += usize::from(self.is_free(range.end..range.end + 1));
        }
        if kind == Kind::Effort && self.is_least(&range) {
            return false;
        }
        let limit = self.limit(range.start);
        let is_obstacle = matches!(kind, Kind::Time | Kind::Effort) && self.obstacle(&mut range);
        let negation = if is_obstacle {
            Negation::Plain
        } else if limit < range.start {
            range.start = limit;
            Negation::None
        } else {
            self.negation(&mut range)
        };
        let (label, ask) = match negation {
            Negation::None => (label, ask),
            Negation::Plain => match not::turned(ask) {
                Some(turned) => turned,
                // "ich arbeite 40 Stunden die Woche" says nothing of the time that is left.
                None if is_obstacle => (format!("{label} (ohne Filter)"), Ask::Anything),
                None if kind == Kind::Time => {
                    (format!("nicht {label} (ohne Filter)"), Ask::Anything)
                }
                None => return false,
            },
            // "nicht jede Woche" sets no upper limit, "nicht jedes Wochenende" asks for no other days.
            Negation::Partly if kind == Kind::Effort || self.is_each(&range) => {
                (format!("{} (ohne Filter)", self.text(&range)), Ask::Anything)
            }
            Negation::Partly => (format!("nicht nur {label}"), Ask::Anything),
        };
        let is_positive =
            |ask: &Ask| matches!(ask, Ask::Inside(_) | Ask::Around(..) | Ask::Nearby(_));
        if is_positive(&ask) && self.found.iter().any(|one| is_positive(&one.ask)) {
            // One place is where somebody looks; what else has a place's name is a word.
            return false;
        }
        let negated = negation == Negation::Plain;
        self.keep(range, kind, label, ask, negated);
        true
    }

    fn is_each(&self, range: &Range<usize>) -> bool {
        range.clone().any(|at| matches!(self.word(at), Some("jede" | "jeden" | "jedes")))
    }

    /// Takes exactly these tokens as a constraint.
    fn keep(&mut self, range: Range<usize>, kind: Kind, label: String, ask: Ask, negated: bool) {
        let start = self.tokens.get(range.start).map_or(0, |token| token.span.start);
        let end = start + self.text(&range).len();
        if let Some(taken) = self.taken.get_mut(range) {
            taken.fill(true);
        }
        let (span, named) = (start..end, start..end);
        self.found.push(Constraint { kind, span, label, ask, named, negated, guessed: false });
    }

    fn finish(mut self) -> Reading {
        self.found.sort_by_key(|constraint| constraint.span.start);
        self.join();
        let words = left(self.query, &self.found);
        // A guess may still turn out to be a word.
        let is_place = |one: &Constraint| one.kind == Kind::Place && !one.negated && !one.guessed;
        let somewhere = self.found.iter().any(is_place);
        let doubtful = self.doubtful.filter(|_| !somewhere);
        Reading { constraints: self.found, words, doubtful }
    }
}

/// Joins pieces of a query; what only separated them goes.
fn tidy(pieces: &[&str]) -> String {
    let separates =
        |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '.' | '+' | '&' | '/' | '|');
    let mut words: Vec<&str> = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        // "samstags und …": what joined the words to a constraint joins nothing now.
        let mut own: Vec<&str> = piece.trim_matches(separates).split_whitespace().collect();
        let joins = |word: &&str| matches!(*word, "und" | "oder");
        if at > 0 && own.first().is_some_and(joins) {
            own.remove(0);
        }
        if at + 1 < pieces.len() && own.last().is_some_and(joins) {
            own.pop();
        }
        words.extend(own);
    }
    words.join(" ")
}

/// Marks what stands in quotation marks.
fn quoted(tokens: &[Token]) -> Vec<bool> {
    let mut inside = false;
    let mut quoted = Vec::with_capacity(tokens.len());
    for token in tokens {
        let mark = ['"', '„', '“', '”', '«', '»'].iter().any(|mark| token.is(*mark));
        quoted.push(mark || inside);
        inside ^= mark;
    }
    // A mark that nobody closes quotes nothing.
    if inside { vec![false; tokens.len()] } else { quoted }
}

#[cfg(test)]
mod tests;
