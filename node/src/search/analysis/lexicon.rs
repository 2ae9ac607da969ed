//! The nouns that compounds are made of: 150,000 of them in one automaton that is compiled in.
//!
//! `config/lexicon` holds the list, the rules that correct it, and the built file; the example `lexicon` builds
//! it and a test compares. Words stand in it as [`bare`] spells them. It is read in place, so that a start costs
//! nothing, and a damaged file is a build that its tests refuse.

use std::sync::LazyLock;

use tantivy_fst::raw::{Fst, Output};
use tantivy_fst::{Automaton, IntoStreamer as _, Streamer as _};

use super::fold;

/// The automaton, as the example writes it.
static FILE: &[u8] = include_bytes!("../../../../config/lexicon/nouns.fst");

static NOUNS: LazyLock<Fst<&'static [u8]>> =
    LazyLock::new(|| Fst::new(FILE).expect("a test reads the file that is compiled in"));

/// What the lexicon says about a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry(u64);

impl Entry {
    /// May stand in front of another element.
    pub const FRONT: u64 = 1;
    /// May stand behind another element.
    pub const BACK: u64 = 2;
    /// Is never taken apart.
    pub const WHOLE: u64 = 4;
    /// Was entered by hand: it is a word of the field.
    pub const KNOWN: u64 = 8;

    /// Returns whether it may stand in front of another element.
    #[must_use]
    pub const fn is_front(self) -> bool {
        self.0 & Self::FRONT != 0
    }

    /// Returns whether it may be the last element.
    #[must_use]
    pub const fn is_back(self) -> bool {
        self.0 & Self::BACK != 0
    }

    /// Returns whether it is never taken apart.
    #[must_use]
    pub const fn is_whole(self) -> bool {
        self.0 & Self::WHOLE != 0
    }

    /// Returns whether it was entered by hand.
    #[must_use]
    pub const fn is_known(self) -> bool {
        self.0 & Self::KNOWN != 0
    }
}

/// Returns how the lexicon spells a folded word: without umlauts, which plurals put on and take off.
#[must_use]
pub fn bare(folded: &str) -> String {
    fold::umlauts(folded).chars().map(fold::plain).collect()
}

/// Returns whether a folded word is a noun as it stands here, without any ending.
#[must_use]
pub fn is_noun(folded: &str) -> bool {
    entry(&bare(folded)).is_some_and(Entry::is_back)
}

/// Returns whether a folded word is never taken apart.
#[must_use]
pub fn is_whole(folded: &str) -> bool {
    entry(&bare(folded)).is_some_and(Entry::is_whole)
}

/// Returns what the lexicon says about a bare word.
#[must_use]
pub fn entry(bare: &str) -> Option<Entry> {
    NOUNS.get(bare).map(|entry| Entry(entry.value()))
}

/// Returns the words of the lexicon that a bare text begins with, shortest first, as lengths in bytes.
pub fn beginnings(bare: &[u8]) -> impl Iterator<Item = (usize, Entry)> {
    let mut node = NOUNS.root();
    let mut value = 0;
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let transition = node.transition(node.find_input(*bare.get(at)?)?);
            value += transition.out.value();
            node = NOUNS.node(transition.addr);
            at += 1;
            if node.is_final() {
                return Some((at, Entry(value + node.final_output().value())));
            }
        }
    })
}

/// Returns the nouns that an automaton takes and that begin so, in their order; at most `most`.
pub fn nouns_like(automaton: impl Automaton, begun: &str, most: usize) -> Vec<(String, Entry)> {
    let mut found = Vec::new();
    // No UTF-8 has this byte: behind everything that begins so.
    let end: Vec<u8> = begun.bytes().chain([0xff]).collect();
    let mut nouns = NOUNS.search(automaton).ge(begun).lt(end).into_stream();
    while let Some((word, value)) = nouns.next() {
        if found.len() == most {
            break;
        }
        let entry = Entry(Output::value(value));
        if let (true, Ok(word)) = (entry.is_back(), std::str::from_utf8(word)) {
            found.push((word.to_owned(), entry));
        }
    }
    found
}

/// Returns the bytes of the automaton: what an index that was built with it depends on.
#[must_use]
pub const fn bytes() -> &'static [u8] {
    FILE
}

/// Returns how many words the lexicon holds.
#[must_use]
pub fn words() -> usize {
    NOUNS.len()
}
