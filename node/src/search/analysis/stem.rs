//! The stem of a German word, as Snowball finds it.
//!
//! It reads `ae`, `oe`, `ue` and `ß` as `ä`, `ö`, `ü` and `ss`, and takes umlauts off at the end: so `Ärzte`,
//! `Aerzte` and `Arzt` meet, whichever way they are typed.

use frostem::{Algorithm, Stemmer};

/// Returns the stem of a folded word.
#[must_use]
pub fn stem(word: &str) -> String {
    Stemmer::new(Algorithm::German).stem(word).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_word_has_one_stem_however_it_is_typed() {
        let table = [
            ("müll", "muell"),
            ("straße", "strasse"),
            ("schüler", "schuelern"),
            ("ärzte", "arzt"),
            ("bücher", "buch"),
            ("gärten", "garten"),
            ("helferinnen", "helfer"),
            ("helferin", "helfer"),
            ("lesepate", "lesepaten"),
            ("senior", "senioren"),
            ("fußball", "fussball"),
            ("begleiten", "begleitung"),
        ];
        for (one, other) in table {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn takes_any_text() {
        for word in ["", "s", "ß", "ü", "123", "日本", "'", "qu", "ae", "\u{308}"] {
            assert!(stem(word).len() <= word.len() + 1);
        }
    }
}
