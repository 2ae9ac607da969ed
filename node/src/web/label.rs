//! Codes of the vocabulary in the words people read. A code that is not known is "weitere".

use crate::domain::vocabulary::{List, Vocabulary};

/// Returns the word for a code.
pub(super) fn one(list: List, code: &str) -> String {
    Vocabulary::embedded().label(list, code).to_owned()
}

/// Returns the words for codes, each once: several that are not known are one "weitere", and it comes last.
pub(super) fn all(list: List, codes: &[String]) -> Vec<String> {
    let vocabulary = Vocabulary::embedded();
    let (sure, strange): (Vec<_>, Vec<_>) =
        codes.iter().partition(|code| vocabulary.contains(list, code));
    let mut labels = Vec::new();
    for code in sure.into_iter().chain(strange) {
        let label = vocabulary.label(list, code).to_owned();
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_from_the_future_are_one_word_at_the_end() {
        let codes = ["neu_1", "sport", "neu_2", "sport"].map(str::to_owned);
        assert_eq!(all(List::Fields, &codes), ["Sport und Bewegung", "weitere"]);
        assert_eq!(one(List::Mode, "beamen"), "weitere");
    }
}
