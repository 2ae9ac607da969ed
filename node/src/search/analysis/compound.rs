//! Takes compounds apart: `Spielplatzpatenschaft` is `Spielplatz` and `Patenschaft`, is `Spiel`, `Platz` and …
//!
//! The best split has the fewest elements, few of them short, and linking letters only where German has them.
//! It is found in one pass over the word, so the time is bounded by its length (64 letters at most) times the
//! longest noun. What cannot be taken apart has no parts; a wrong split (`Bürger` in `Bürgermeister`) ranks
//! below the word itself, and `config/lexicon/rules.txt` is where it is corrected.

use super::lexicon::{self, Entry, bare};
use super::stem::stem;

/// The elements of a compound, as stems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts {
    /// As few and as long as possible, in their order.
    pub long: Vec<String>,
    /// Those taken apart as far as they can be.
    pub short: Vec<String>,
}

impl Parts {
    /// Returns whether the word is no compound.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.long.is_empty()
    }

    /// Returns every element of either kind once.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        let more = self.short.iter().filter(|short| !self.long.contains(short));
        self.long.iter().chain(more)
    }
}

/// Fewest letters of a word that is taken apart.
const LETTERS: usize = 7;
/// Most letters of such a word.
const MOST_LETTERS: usize = 64;
/// Most elements of one level; what seems to have more is not German.
const ELEMENTS: u32 = 6;

/// What may stand between two elements, and how unlikely it is.
const LINKS: &[(&str, u32)] = &[
    ("", 0),
    ("s", 10),
    ("n", 10),
    ("en", 12),
    ("er", 16),
    ("es", 18),
    ("e", 20),
    ("ns", 20),
    ("ens", 20),
    ("nen", 12),
];

/// What may stand behind the last element.
const ENDINGS: &[&str] =
    &["", "s", "n", "en", "e", "er", "es", "ern", "in", "innen", "nen", "ens", "se", "sen"];

/// Takes a folded word apart.
#[must_use]
pub fn parts(folded: &str) -> Parts {
    let mut parts = Parts::default();
    let word = bare(folded);
    if word.len() > MOST_LETTERS {
        return parts;
    }
    for element in split(&word) {
        parts.long.push(stem(element));
        let inner = split(element);
        if inner.is_empty() {
            parts.short.push(stem(element));
        }
        for element in inner {
            // Two levels are enough: what has a third is found by its longer elements.
            parts.short.push(stem(element));
        }
    }
    parts
}

/// Returns whether a bare word may stand in front of another element, linking letters included.
#[must_use]
pub fn is_front(word: &str) -> bool {
    let links = LINKS.iter().filter_map(|(link, _)| word.strip_suffix(link));
    links.filter_map(lexicon::entry).any(Entry::is_front)
}

/// One way to read a word up to some place.
#[derive(Debug, Clone, Copy)]
struct Way {
    cost: u32,
    elements: u32,
    /// Where its last element begins, and where that ends before the linking letters.
    from: usize,
    to: usize,
}

/// Returns the elements of a bare word, without linking letters and endings; none if it is no compound.
fn split(word: &str) -> Vec<&str> {
    let plain = word.bytes().all(|b| b.is_ascii_lowercase());
    if !plain || word.len() < LETTERS || is_whole(word) {
        return Vec::new();
    }
    let bytes = word.as_bytes();
    // The cheapest way to each place in the word; the last one is the whole word.
    let mut ways: Vec<Option<Way>> = vec![None; bytes.len() + 1];
    for at in 0..bytes.len() {
        let before = ways.get(at).copied().flatten();
        let (cost, elements) = match before {
            Some(way) if way.elements < ELEMENTS => (way.cost, way.elements + 1),
            None if at == 0 => (0, 1),
            _ => continue,
        };
        for (length, entry) in lexicon::beginnings(bytes.get(at..).unwrap_or_default()) {
            let to = at + length;
            let cost = cost + price(length, entry);
            let rest = bytes.get(to..).unwrap_or_default();
            if entry.is_front() {
                for (link, price) in LINKS {
                    let end = to + link.len();
                    if rest.starts_with(link.as_bytes()) && end < bytes.len() {
                        let way = Way { cost: cost + price, elements, from: at, to };
                        offer(&mut ways, end, way);
                    }
                }
            }
            if entry.is_back() && elements > 1 && ENDINGS.iter().any(|e| e.as_bytes() == rest) {
                let price = u32::try_from(rest.len()).unwrap_or(0) * 4;
                offer(&mut ways, bytes.len(), Way { cost: cost + price, elements, from: at, to });
            }
        }
    }
    let mut found = Vec::new();
    let mut end = bytes.len();
    while let Some(way) = ways.get(end).copied().flatten() {
        found.extend(word.get(way.from..way.to));
        end = way.from;
    }
    found.reverse();
    found
}

fn offer(ways: &mut [Option<Way>], end: usize, way: Way) {
    if let Some(held) = ways.get_mut(end)
        && held.is_none_or(|held| way.cost < held.cost)
    {
        *held = Some(way);
    }
}

/// How unlikely an element is: each costs, so that few are best; short ones cost more.
const fn price(length: usize, entry: Entry) -> u32 {
    let short = match length {
        0..=3 => 45,
        4 => 25,
        5 => 12,
        6 => 6,
        _ => 0,
    };
    let rare = if entry.is_known() { 0 } else { 20 };
    100 + short + rare
}

/// Whether the lexicon says that the word, with whatever ending, is not to be taken apart.
fn is_whole(word: &str) -> bool {
    ENDINGS.iter().any(|ending| {
        let base = word.strip_suffix(ending).and_then(lexicon::entry);
        base.is_some_and(Entry::is_whole)
    })
}
