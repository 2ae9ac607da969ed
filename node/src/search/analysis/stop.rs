//! Words that a query may hold and that say nothing about what is sought.
//!
//! Only queries lose them: they are in the index, so that the list can change without building it anew.

/// Returns whether a folded word of a query is passed over.
#[must_use]
pub fn is_stop(word: &str) -> bool {
    WORDS.binary_search(&word).is_ok()
}

/// Sorted by bytes.
const WORDS: &[&str] = &[
    "ab", "aber", "als", "am", "an", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "da",
    "das", "dass", "dem", "den", "der", "des", "die", "durch", "ein", "eine", "einem", "einen",
    "einer", "eines", "er", "es", "etwas", "fuer", "für", "gern", "gerne", "habe", "haben", "hat",
    "ich", "ihr", "im", "in", "ins", "ist", "kann", "kein", "keine", "mal", "man", "mein", "meine",
    "meinem", "meinen", "meiner", "mich", "mir", "mit", "moechte", "möchte", "nach", "nicht",
    "oder", "ohne", "sich", "sie", "sind", "so", "um", "und", "uns", "unser", "unsere", "vom",
    "von", "vor", "war", "was", "wer", "wie", "will", "wir", "wo", "zu", "zum", "zur", "über",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted() {
        assert!(WORDS.is_sorted());
        assert!(is_stop("für") && !is_stop("kinder"));
    }
}
