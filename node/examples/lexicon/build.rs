//! The lexicon from its sources: the same sources give the same bytes.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::Path;

use engagement_node::search::analysis::fold::fold;
use engagement_node::search::analysis::lexicon::{Entry, bare};

/// Shorter nouns of the list are too often abbreviations and foreign; the rules name those that are not.
const FROM_LETTERS: usize = 5;
/// Longer ones are compounds themselves, and are taken apart.
const TO_LETTERS: usize = 20;
/// Most bytes of the unpacked list: three times what it has.
const LIST_BYTES: u64 = 8 * 1024 * 1024;

/// Returns the automaton for the sources in a project's `config` folder.
///
/// # Errors
///
/// Of a source that is missing or no text.
pub(crate) fn build(config: &Path) -> std::io::Result<Vec<u8>> {
    let packed = std::fs::File::open(config.join("lexicon/nouns.txt.gz"))?;
    let mut nouns = String::new();
    flate2::read::GzDecoder::new(packed).take(LIST_BYTES).read_to_string(&mut nouns)?;
    let rules = std::fs::read_to_string(config.join("lexicon/rules.txt"))?;
    let mut entries = listed(&nouns);
    for (file, column) in [("municipalities", 1), ("places", 0), ("kreise", 1)] {
        let table = std::fs::read_to_string(config.join(format!("gazetteer/{file}.csv")))?;
        add_places(&mut entries, &table, column);
    }
    add_rules(&mut entries, &rules);
    let mut builder = tantivy_fst::MapBuilder::memory();
    for (word, entry) in entries.into_iter().filter(|(_, entry)| *entry != 0) {
        builder.insert(word, entry).map_err(std::io::Error::other)?;
    }
    builder.into_inner().map_err(std::io::Error::other)
}

fn spelled(word: &str) -> String {
    bare(&fold(word))
}

fn listed(nouns: &str) -> BTreeMap<String, u64> {
    let mut entries = BTreeMap::new();
    for noun in nouns.lines() {
        let mut letters = noun.chars();
        let capital = letters.next().is_some_and(char::is_uppercase);
        let word = spelled(noun);
        let long = (FROM_LETTERS..=TO_LETTERS).contains(&word.len());
        if capital && long && letters.all(char::is_lowercase) && is_plain(&word) {
            entries.insert(word, Entry::FRONT | Entry::BACK);
        }
    }
    entries
}

/// Names of places are no compounds: nobody who looks for a `Heim` means Bergheim.
fn add_places(entries: &mut BTreeMap<String, u64>, table: &str, column: usize) {
    for name in table.lines().skip(1).filter_map(|line| line.split(',').nth(column)) {
        for word in name.split(|c: char| !c.is_alphabetic()).map(spelled) {
            if word.len() >= FROM_LETTERS && is_plain(&word) {
                *entries.entry(word).or_default() |= Entry::WHOLE;
            }
        }
    }
}

fn add_rules(entries: &mut BTreeMap<String, u64>, rules: &str) {
    let lines = rules.lines().map(|line| line.split('#').next().unwrap_or_default());
    for rule in lines.flat_map(str::split_whitespace) {
        let word = spelled(rule.trim_matches(['!', '=', '-']));
        let entry = entries.entry(word).or_default();
        match (rule.chars().next(), rule.ends_with('-')) {
            (Some('!'), _) => *entry &= !(Entry::FRONT | Entry::BACK),
            (Some('='), _) => *entry |= Entry::WHOLE,
            (Some('-'), _) => *entry |= Entry::BACK | Entry::KNOWN,
            (_, true) => *entry |= Entry::FRONT | Entry::KNOWN,
            _ => *entry |= Entry::FRONT | Entry::BACK | Entry::KNOWN,
        }
    }
}

fn is_plain(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase())
}
