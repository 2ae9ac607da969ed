//! Words that mean nearly the same: `config/synonyms.txt`, compiled in and read once.
//!
//! A query is asked with them too, at low weight; documents are not changed, so the list can change without
//! building the index anew. A list that breaks its own rules is refused as a whole, with the line: the one that
//! is compiled in is read by a test.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::LazyLock;

use super::stem::stem;
use super::stop::is_stop;
use super::words::words;

/// The list that is compiled in.
pub const EMBEDDED: &str = include_str!("../../../../config/synonyms.txt");

/// Most words of one entry.
pub const WORDS: usize = 4;
/// Most entries of one group: what has more is a topic, and would find everything.
pub const ENTRIES: usize = 24;
/// Most bytes of a list.
const BYTES: usize = 1024 * 1024;

/// Why a list is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SynonymsError {
    /// The list is longer than any that was written by hand.
    #[error("the list of synonyms has {bytes} bytes, at most {BYTES} are read")]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A group has one entry, or one side of `>` has none.
    #[error("line {line}: a group needs two entries, or one on each side of >")]
    Alone {
        /// Counted from 1.
        line: usize,
    },
    /// A group has too many entries.
    #[error("line {line}: {entries} entries, at most {ENTRIES} belong to one group")]
    TooMany {
        /// Counted from 1.
        line: usize,
        /// How many it has.
        entries: usize,
    },
    /// An entry has no word that says something, or too many.
    #[error("line {line}: “{entry}” has no word that is looked for, or more than {WORDS}")]
    Entry {
        /// Counted from 1.
        line: usize,
        /// The entry.
        entry: String,
    },
    /// An entry is in its group twice, perhaps with another ending.
    #[error("line {line}: “{entry}” is in this group twice")]
    Twice {
        /// Counted from 1.
        line: usize,
        /// The entry.
        entry: String,
    },
    /// More than one `>` in a line.
    #[error("line {line}: only one > in a line")]
    Arrows {
        /// Counted from 1.
        line: usize,
    },
}

/// One entry: how people write it, and what it is looked up by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// As it stands in the list.
    pub label: String,
    /// The stems of its words, without stop words.
    pub terms: Vec<String>,
}

/// A list that keeps its rules.
#[derive(Debug, Default)]
pub struct Synonyms {
    /// From the stems of an entry to what is looked for beside it.
    meant: BTreeMap<Vec<String>, Vec<Entry>>,
    /// The words of the entries, folded, with their endings.
    spelled: BTreeSet<String>,
    groups: usize,
}

/// Most letters of an ending that a word has more or less than in the list.
const ENDING: usize = 2;

impl Synonyms {
    /// Reads a list; its format stands at the top of `config/synonyms.txt`.
    ///
    /// # Errors
    ///
    /// [`SynonymsError`] for the first line that breaks a rule.
    pub fn read(text: &str) -> Result<Self, SynonymsError> {
        if text.len() > BYTES {
            return Err(SynonymsError::TooLong { bytes: text.len() });
        }
        let mut list = Self::default();
        for (line, text) in (1..).zip(text.lines()) {
            let text = text.split('#').next().unwrap_or_default().trim();
            if !text.is_empty() {
                list.add(line, text)?;
            }
        }
        Ok(list)
    }

    /// Returns the list that is compiled in.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED_LIST: LazyLock<Synonyms> =
            LazyLock::new(|| Synonyms::read(EMBEDDED).expect("a test reads the compiled-in list"));
        &EMBEDDED_LIST
    }

    /// Returns the list in which no word has another.
    #[must_use]
    pub const fn none() -> &'static Self {
        static NONE: Synonyms =
            Synonyms { meant: BTreeMap::new(), spelled: BTreeSet::new(), groups: 0 };
        &NONE
    }

    /// Returns what is looked for beside an entry with these stems.
    #[must_use]
    pub fn of(&self, terms: &[String]) -> &[Entry] {
        self.meant.get(terms).map_or(&[], Vec::as_slice)
    }

    /// Returns whether the list spells a folded word so, but for its ending.
    #[must_use]
    pub fn spells(&self, folded: &str) -> bool {
        let letters = folded.chars().count();
        let mut shorter = (0..=ENDING).map(|less| folded.chars().take(letters - less.min(letters)));
        let from = (Bound::Included(folded), Bound::Unbounded);
        let longer = self.spelled.range::<str, _>(from).take_while(|word| word.starts_with(folded));
        shorter.any(|word| self.spelled.contains(&word.collect::<String>()))
            || longer.map(|word| word.chars().count()).any(|count| count <= letters + ENDING)
    }

    /// Returns how many groups the list has.
    #[must_use]
    pub const fn groups(&self) -> usize {
        self.groups
    }

    fn add(&mut self, line: usize, text: &str) -> Result<(), SynonymsError> {
        let mut sides = text.split('>');
        let left = entries(line, sides.next().unwrap_or_default())?;
        let right = sides.next().map(|side| entries(line, side)).transpose()?;
        if sides.next().is_some() {
            return Err(SynonymsError::Arrows { line });
        }
        let alone =
            right.as_ref().map_or(left.len() < 2, |right| left.is_empty() || right.is_empty());
        if alone {
            return Err(SynonymsError::Alone { line });
        }
        let all: Vec<&Entry> = left.iter().chain(right.iter().flatten()).collect();
        if all.len() > ENTRIES {
            return Err(SynonymsError::TooMany { line, entries: all.len() });
        }
        for (at, entry) in all.iter().enumerate() {
            if all.iter().take(at).any(|before| before.terms == entry.terms) {
                return Err(SynonymsError::Twice { line, entry: entry.label.clone() });
            }
        }
        let meant = right.as_deref().unwrap_or(&left);
        for from in &left {
            for word in words(&from.label) {
                self.spelled.extend(word.bases().map(str::to_owned));
            }
            let list = self.meant.entry(from.terms.clone()).or_default();
            for entry in meant {
                let known =
                    entry.terms == from.terms || list.iter().any(|held| held.terms == entry.terms);
                if !known {
                    list.push(entry.clone());
                }
            }
        }
        self.groups += 1;
        Ok(())
    }
}

fn entries(line: usize, side: &str) -> Result<Vec<Entry>, SynonymsError> {
    let labels = side.split(',').map(str::trim).filter(|label| !label.is_empty());
    labels
        .map(|label| {
            let terms = key(label);
            let error = || SynonymsError::Entry { line, entry: label.to_owned() };
            let fits = (1..=WORDS).contains(&terms.len());
            if fits { Ok(Entry { label: label.to_owned(), terms }) } else { Err(error()) }
        })
        .collect()
}

/// The stems of the words that say something; a hyphenated word is one.
fn key(label: &str) -> Vec<String> {
    let words = words(label);
    let spelled = words.iter().filter_map(|word| {
        word.joined()
            .or_else(|| word.bases().next().filter(|base| !is_stop(base)).map(str::to_owned))
    });
    spelled.map(|word| stem(&word)).filter(|stem| !stem.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::analysis::fold::fold;
    use crate::search::analysis::lexicon;

    fn labels(list: &Synonyms, asked: &str) -> Vec<String> {
        list.of(&key(asked)).iter().map(|entry| entry.label.clone()).collect()
    }

    #[test]
    fn groups_go_both_ways_and_arrows_one() {
        let list = Synonyms::read(
            "# Kommentar\nMüll, Abfall, Clean-up # am Ende\n\nRechnen > Lernpate, Nachhilfe\nDRK, Deutsches Rotes Kreuz\n",
        )
        .unwrap();
        assert_eq!(list.groups(), 3);
        assert_eq!(labels(&list, "Abfälle"), ["Müll", "Clean-up"]);
        assert_eq!(labels(&list, "Cleanup"), ["Müll", "Abfall"]);
        assert_eq!(labels(&list, "rechnen"), ["Lernpate", "Nachhilfe"]);
        assert_eq!(labels(&list, "Nachhilfe"), <[String; 0]>::default());
        assert_eq!(labels(&list, "das Deutsche Rote Kreuz"), ["DRK"]);
    }

    #[test]
    fn a_word_of_two_groups_has_both() {
        let list = Synonyms::read("Bank, Sitzbank\nBank, Sparkasse, Sitzbank").unwrap();
        assert_eq!(labels(&list, "Bank"), ["Sitzbank", "Sparkasse"]);
    }

    #[test]
    fn every_broken_rule_names_its_line() {
        let many = (0..=ENTRIES).map(|n| format!("wort{n}")).collect::<Vec<_>>().join(",");
        let table = [
            ("Müll", SynonymsError::Alone { line: 1 }),
            ("\nMüll >", SynonymsError::Alone { line: 2 }),
            ("Müll > Dreck > Putz", SynonymsError::Arrows { line: 1 }),
            ("Müll, und", SynonymsError::Entry { line: 1, entry: "und".to_owned() }),
            (
                "Müll, eins zwei drei vier fünf",
                SynonymsError::Entry { line: 1, entry: "eins zwei drei vier fünf".to_owned() },
            ),
            ("Lehrer, Lehrerin", SynonymsError::Twice { line: 1, entry: "Lehrerin".to_owned() }),
            (&many, SynonymsError::TooMany { line: 1, entries: ENTRIES + 1 }),
        ];
        for (text, error) in table {
            assert_eq!(Synonyms::read(text).err(), Some(error), "{text}");
        }
        let long = "x".repeat(BYTES + 1);
        assert_eq!(Synonyms::read(&long).err(), Some(SynonymsError::TooLong { bytes: BYTES + 1 }));
    }

    #[test]
    fn the_list_that_is_compiled_in_keeps_its_rules() {
        match Synonyms::read(EMBEDDED) {
            Ok(list) => assert!(list.groups() >= 20, "{}", list.groups()),
            Err(error) => panic!("config/synonyms.txt: {error}"),
        }
    }

    /// Else whoever looks for "Not" in German would be shown something else.
    #[test]
    fn no_english_word_is_a_german_one() {
        // Stems of German nouns that mean the same, or that nobody types for something else.
        const SAME: &[&str] = &[
            "immigrants",
            "migrants",
            "prisoners",
            "dinner",
            "lunch",
            "outdoors",
            "food",
            "garden",
            "environment",
            "translation",
            "interpreter",
            "repair",
            "hospital",
            "walking",
            "treasurer",
            "events",
            "kids",
            "teenager",
            "grief",
            "trash",
            "german",
            "maths",
            "storytelling",
            "soccer",
            "football",
            "dancing",
            "exhibition",
            "students",
            "voting",
            "fundraising",
            "donations",
            "administration",
            "walk",
        ];
        let (_, english) = EMBEDDED.split_once("# Englische Wörter").unwrap();
        let lines = english.lines().skip(1).filter_map(|line| line.split_once('>'));
        let words = lines.flat_map(|(left, _)| left.split(',')).map(|word| fold(word.trim()));
        let german = words.filter(|word| {
            let stem = stem(word);
            lexicon::is_noun(word)
                || lexicon::is_noun(&stem)
                || lexicon::is_noun(&format!("{stem}e"))
        });
        assert_eq!(german.collect::<Vec<_>>(), SAME);
    }

    #[test]
    fn english_words_lead_to_german_ones_and_never_back() {
        let list = Synonyms::embedded();
        for (english, german) in [
            ("kitchen", "Küche"),
            ("refugees", "Geflüchtete"),
            ("Animals", "Tiere"),
            ("dog", "Hunde"),
        ] {
            assert!(labels(list, english).contains(&german.to_owned()), "{english}");
            assert!(!labels(list, german).contains(&english.to_owned()), "{german}");
        }
    }
}
