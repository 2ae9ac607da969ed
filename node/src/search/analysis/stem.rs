//! The stem of a German word, as Snowball finds it.
//!
//! It reads `ae`, `oe`, `ue` and `ß` as `ä`, `ö`, `ü` and `ss`, and takes umlauts off at the end: so `Ärzte`,
//! `Aerzte` and `Arzt` meet, whichever way they are typed.

use frostem::{Algorithm, Stemmer};

use super::fold;

/// Ends of frequent words that Snowball takes apart from their own plural, or makes one with another word.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("kurs", "kurs"),
    ("kurses", "kurs"),
    ("nachbarn", "nachbar"),
    ("busse", "bus"),
    ("bussen", "bus"),
    ("busses", "bus"),
    ("museen", "museum"),
    ("museums", "museum"),
    ("museum", "museum"),
    ("thema", "thema"),
    ("themas", "thema"),
    ("themen", "thema"),
    ("firma", "firma"),
    ("firmen", "firma"),
    ("fotos", "foto"),
    ("autos", "auto"),
    ("kinos", "kino"),
    ("videos", "video"),
    ("büros", "büro"),
    ("radios", "radio"),
    ("kitas", "kita"),
    ("omas", "oma"),
    ("opas", "opa"),
    ("kameras", "kamera"),
    ("handys", "handy"),
    ("hobbys", "hobby"),
    ("babys", "baby"),
    ("ponys", "pony"),
    ("azubis", "azubi"),
    ("profis", "profi"),
];

/// Returns the stem of a folded word.
#[must_use]
pub fn stem(word: &str) -> String {
    let exception = EXCEPTIONS.iter().find_map(|(end, stem)| Some((word.strip_suffix(end)?, stem)));
    if let Some((front, end)) = exception {
        return [&fold::umlauts(front), *end].concat().chars().map(fold::plain).collect();
    }
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
            ("kurs", "kurse"),
            ("häkelkurs", "haekelkurse"),
            ("nachbar", "nachbarn"),
            ("bus", "busse"),
            ("museum", "museen"),
            ("thema", "themen"),
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
