//! Words that are spelled well though the lexicon of nouns does not hold them.
//!
//! They are countries, languages, and a few that people type often and no record has. None of them is a slip of another
//! one: "Polen" is no "Holen".

use super::fold;

/// Endings of an adjective.
const ENDINGS: [&str; 6] = ["", "e", "em", "en", "er", "es"];

/// Returns whether a folded word is one of them; of an adjective, in whatever form.
#[must_use]
pub fn is_well_spelled(folded: &str) -> bool {
    let word = fold::umlauts(folded);
    let mut bases = ENDINGS.iter().filter_map(|ending| word.strip_suffix(ending));
    bases.any(|base| WORDS.contains(&base))
}

const WORDS: &[&str] = &[
    "abgeben",
    "afghanistan",
    "afghanisch",
    "ägypten",
    "albanien",
    "albanisch",
    "algerien",
    "arabisch",
    "armenien",
    "armenisch",
    "asien",
    "belgien",
    "bosnien",
    "bosnisch",
    "brasilien",
    "bulgarien",
    "bulgarisch",
    "chinesisch",
    "dänemark",
    "dänisch",
    "eritrea",
    "estland",
    "farsi",
    "finnland",
    "finnisch",
    "georgien",
    "gestern",
    "griechenland",
    "griechisch",
    "indien",
    "indonesien",
    "irak",
    "iran",
    "irland",
    "israel",
    "italien",
    "italienisch",
    "japanisch",
    "kanada",
    "kasachstan",
    "kenia",
    "kosovo",
    "kroatien",
    "kroatisch",
    "kurdisch",
    "langweilig",
    "lettland",
    "libanon",
    "libyen",
    "litauen",
    "marokko",
    "mazedonien",
    "moldau",
    "mongolei",
    "niederlande",
    "niederländisch",
    "nigeria",
    "norwegen",
    "norwegisch",
    "österreich",
    "pakistan",
    "palästina",
    "persisch",
    "polen",
    "polnisch",
    "portugal",
    "portugiesisch",
    "rumänien",
    "rumänisch",
    "russland",
    "russisch",
    "schweden",
    "schwedisch",
    "schweiz",
    "senegal",
    "serbien",
    "serbisch",
    "slowakei",
    "slowenien",
    "somalia",
    "spanien",
    "spanisch",
    "syrien",
    "syrisch",
    "tigrinya",
    "togo",
    "tschechien",
    "tschechisch",
    "tunesien",
    "türkei",
    "türkisch",
    "ukraine",
    "ukrainisch",
    "ungarn",
    "ungarisch",
    "urdu",
    "vietnam",
    "vietnamesisch",
    "vorgestern",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_countries_and_languages_in_whatever_form() {
        for word in ["polen", "rumänische", "ukrainischer", "tuerkisch", "gestern", "langweiliges"]
        {
            assert!(is_well_spelled(word), "{word}");
        }
        for word in ["holen", "polem", "western", "ausgeben"] {
            assert!(!is_well_spelled(word), "{word}");
        }
    }
}
