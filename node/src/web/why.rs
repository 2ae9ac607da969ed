//! Why a result was found, as one sentence on its card.

use super::phrase::{Phrase, german};
use super::text::t;
use crate::app::explain::Why;
use crate::search::analysis::word::Route;
use crate::search::entry::Part;

/// Most words that a sentence names; the JSON has them all.
const WORDS: usize = 4;

/// Returns the sentence, if words were asked for and the result has one; what it lacks stands behind it.
pub(super) fn sentence(why: &[Why], lacks: &[String]) -> Option<Phrase> {
    if why.is_empty() {
        return None;
    }
    let clauses: Vec<String> = why.iter().take(WORDS).map(clause).collect();
    let found = t!("why", words = clauses.join("; "));
    if lacks.is_empty() {
        return Some(found.into());
    }
    let lacks: Vec<String> =
        lacks.iter().take(WORDS).map(|word| t!("quoted", text = german(word))).collect();
    Some(format!("{found}. {}", t!("why-lacks", words = lacks.join(", "))).into())
}

fn clause(why: &Why) -> String {
    let (word, part) = (german(&why.word), part(why.part));
    match &why.route {
        Route::Exact => t!("why-exact", word = word, part = part),
        Route::Stem | Route::Form => t!("why-form", word = word, part = part),
        Route::Within => t!("why-within", word = word, part = part),
        Route::Parts => t!("why-parts", word = word, part = part),
        Route::Part => t!("why-part", word = word, part = part),
        Route::Synonym { label } => {
            t!("why-synonym", word = word, other = german(label), part = part)
        }
        Route::Typo { meant } | Route::Similar { meant } => {
            t!("why-typo", word = word, other = german(meant), part = part)
        }
    }
}

fn part(part: Part) -> String {
    match part {
        Part::Title => t!("why-title"),
        Part::Summary => t!("why-summary"),
        Part::Labels => t!("why-labels"),
        Part::Organisation => t!("why-organisation"),
        Part::Place => t!("why-place"),
        Part::Text => t!("why-text"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_each_word_stands_and_which_way_it_was_met() {
        let why = |word: &str, part, route| Why { word: word.to_owned(), part, route };
        let synonym = Route::Synonym { label: "Dorfputz".to_owned() };
        let why = [
            why("garten", Part::Title, Route::Exact),
            why("müll", Part::Text, synonym),
            why("hilffe", Part::Labels, Route::Typo { meant: "Hilfe".to_owned() }),
        ];
        assert_eq!(
            sentence(&why, &[]).unwrap().text(),
            "Gefunden wegen: „garten“ im Titel; „müll“ als „Dorfputz“ in der Beschreibung; „hilffe“ gelesen als „Hilfe“ bei Bereich, Zielgruppe oder „Geeignet für“"
        );
        let lacks = ["küche".to_owned()];
        assert_eq!(
            sentence(&why[..1], &lacks).unwrap().text(),
            "Gefunden wegen: „garten“ im Titel. Es fehlt: „küche“"
        );
        assert_eq!(sentence(&[], &lacks), None);
    }
}
