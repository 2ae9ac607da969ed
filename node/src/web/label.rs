//! Codes of the vocabulary in the words people read, in the language of the page. A code that is not known is
//! "weitere".

use engagement_protocol::opportunity::Opportunity;

use super::language;
use super::text::t;
use crate::domain::vocabulary::{List, Vocabulary, labels};

/// Returns the word for a code.
pub(super) fn one(list: List, code: &str) -> String {
    let label = labels::of(language::current(), list, code);
    label.map_or_else(|| t!("other"), str::to_owned)
}

/// Returns the word for a code of those whom a record suits: where it says an age itself, the word says no other.
pub(super) fn suited(record: &Opportunity, code: &str) -> String {
    match code {
        "jugendliche_ab_14" if record.age_min.is_some() => t!("suited-youths"),
        code => one(List::Suited, code),
    }
}

/// Returns the words for codes, each once: several that are not known are one "weitere", and it comes last.
pub(super) fn all(list: List, codes: &[String]) -> Vec<String> {
    let vocabulary = Vocabulary::embedded();
    let (sure, strange): (Vec<_>, Vec<_>) =
        codes.iter().partition(|code| vocabulary.contains(list, code));
    let mut labels = Vec::new();
    for code in sure.into_iter().chain(strange) {
        let label = one(list, code);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels
}

/// Returns words as one list: with semicolons if one of them has a comma of its own (that of a number is none).
pub(super) fn joined(labels: &[String]) -> String {
    let has_comma = labels.len() > 1 && labels.iter().any(|label| label.contains(", "));
    labels.join(if has_comma { "; " } else { ", " })
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn words_with_commas_are_told_apart() {
        let labels = |codes: &[&str]| {
            let codes: Vec<_> = codes.iter().map(|&code| code.to_owned()).collect();
            joined(&all(List::Fields, &codes))
        };
        assert_eq!(labels(&["sport", "kirche"]), "Sport und Bewegung, Kirche und Religion");
        let told_apart = "Bildung, Lernen, Lesen, Sprache; Kirche und Religion";
        assert_eq!(labels(&["bildung", "kirche"]), told_apart);
        assert_eq!(labels(&["bildung"]), "Bildung, Lernen, Lesen, Sprache");
    }

    #[test]
    fn codes_from_the_future_are_one_word_at_the_end() {
        let codes = ["neu_1", "sport", "neu_2", "sport"].map(str::to_owned);
        assert_eq!(all(List::Fields, &codes), ["Sport und Bewegung", "weitere"]);
        assert_eq!(one(List::Mode, "beamen"), "weitere");
        let english = speaking(Language::English, || all(List::Fields, &codes));
        assert_eq!(english.len(), 2);
        assert_ne!(english[1], "weitere");
    }
}
