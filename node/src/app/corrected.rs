//! What was searched for in place of what was typed, as one text that people read.

use crate::search::analysis::fold::fold;
use crate::search::answer::Corrected;

/// Returns the query with every misspelt word replaced by the one that was looked for.
///
/// Words that stand there in another way than the search read them (with hyphens, say) stay as they are.
#[must_use]
pub fn text(words: &str, corrected: &[Corrected]) -> String {
    let mut text = String::with_capacity(words.len());
    for piece in words.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let word = piece.trim_end_matches(|c: char| !c.is_alphanumeric());
        let typed = fold(word);
        let typo = corrected.iter().find(|one| one.is_typo && one.typed == typed);
        match typo.and_then(|typo| typo.meant.first()) {
            Some(meant) => {
                text.push_str(meant);
                text.push_str(piece.get(word.len()..).unwrap_or_default());
            }
            None => text.push_str(piece),
        }
    }
    text
}

/// Returns a word of the query as it was typed, by what the search read; that itself if it stands there in another way.
#[must_use]
pub fn as_typed<'a>(words: &'a str, read: &'a str) -> &'a str {
    words.split(|c: char| !c.is_alphanumeric()).find(|word| fold(word) == read).unwrap_or(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_said_back_as_it_was_typed() {
        assert_eq!(as_typed("am Samstag LESEN, bitte", "lesen"), "LESEN");
        assert_eq!(as_typed("Kfz-Hilfe", "kfzhilfe"), "kfzhilfe");
    }

    #[test]
    fn misspelt_words_are_replaced_where_they_stand() {
        let typo = |typed: &str, meant: &str| Corrected {
            typed: typed.to_owned(),
            meant: vec![meant.to_owned()],
            is_typo: true,
        };
        let all = [typo("fahradwerkstat", "Fahrradwerkstatt"), typo("müll", "Mühle")];
        let table = [
            ("Fahradwerkstat", "Fahrradwerkstatt"),
            ("in der FAHRADWERKSTAT, abends", "in der Fahrradwerkstatt, abends"),
            ("Müll?", "Mühle?"),
            ("Garten", "Garten"),
            ("", ""),
        ];
        for (typed, text) in table {
            assert_eq!(super::text(typed, &all), text);
        }
        let similar = [Corrected { is_typo: false, ..typo("garten", "Karten") }];
        assert_eq!(super::text("Garten", &similar), "Garten");
    }
}
