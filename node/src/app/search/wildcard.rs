//! Words that somebody began and ended with a star: `Garten*` is every word that begins so.
//!
//! It is the only wildcard: other forms and parts of a word are found without. A star inside a word is a gender mark, and a
//! question mark ends a question.

use super::SearchError;
use super::parameter::parameter;
use crate::search::analysis::fold::fold;

/// Most words of a search that may be begun only: each costs a walk through the dictionary.
const MOST: usize = 2;
/// Fewest letters before the star.
const LETTERS: usize = 3;
/// Most characters of a wrong word that are repeated to whoever typed it.
const WORD_CHARS: usize = 40;

/// The words of a search, and those that are only begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wildcards {
    /// The others, as they were typed.
    pub(super) words: String,
    /// Beginnings, letters folded.
    pub(super) begun: Vec<String>,
}

impl Wildcards {
    /// Reads the words of a search.
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] if there are too many, one begins with too little, or one begins with a star.
    pub(super) fn read(text: &str) -> Result<Self, SearchError> {
        if !text.contains('*') {
            return Ok(Self { words: text.to_owned(), begun: Vec::new() });
        }
        let (mut words, mut begun) = (Vec::new(), Vec::new());
        for word in text.split_whitespace() {
            if word.len() > 1 && word.starts_with('*') {
                let rule = "Ein Stern am Anfang eines Wortes geht nicht. Wortteile findet die Suche von selbst: „Garten“ findet auch „Schulgarten“.";
                return Err(parameter("q", rule.to_owned()));
            }
            if let Some((_, rest)) = word.trim_end_matches('*').split_once('*')
                && !is_gender(rest)
            {
                let rule = format!(
                    "Ein Stern in der Mitte eines Wortes geht nicht, nur an seinem Ende: „Garten*“. Ändern Sie „{}“.",
                    word.chars().take(WORD_CHARS).collect::<String>()
                );
                return Err(parameter("q", rule));
            }
            let stem =
                word.strip_suffix('*').filter(|stem| stem.chars().all(char::is_alphanumeric));
            match stem.map(|stem| (stem, stem.chars().count())) {
                None | Some((_, 0)) => words.push(word),
                Some((_, letters)) if letters < LETTERS => {
                    let rule = format!(
                        "Vor dem Stern stehen mindestens {LETTERS} Buchstaben: {word} ist zu kurz."
                    );
                    return Err(parameter("q", rule));
                }
                Some((stem, _)) => begun.push(fold(stem)),
            }
        }
        if begun.len() > MOST {
            let rule = format!(
                "Höchstens {MOST} Wörter mit Stern sind möglich, die Suche hat {}.",
                begun.len()
            );
            return Err(parameter("q", rule));
        }
        Ok(Self { words: words.join(" "), begun })
    }
}

/// Whether what stands behind a star makes it a mark of gender: `Helfer*innen`, `jede*r`, `Schüler*innenrat`.
fn is_gender(rest: &str) -> bool {
    let letters: String = rest.chars().take_while(|letter| letter.is_alphabetic()).collect();
    ["", "r", "n", "e", "m", "s"].contains(&letters.as_str())
        || ["in", "nj"].iter().any(|mark| rest.to_lowercase().starts_with(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<(String, Vec<String>), SearchError> {
        Wildcards::read(text).map(|wild| (wild.words, wild.begun))
    }

    #[test]
    fn a_star_behind_a_word_makes_it_a_beginning() {
        let expected = ("in Dülmen".to_owned(), vec!["gärtn".to_owned()]);
        assert_eq!(read("Gärtn* in Dülmen").unwrap(), expected);
    }

    #[test]
    fn marks_of_gender_and_questions_are_no_wildcards() {
        for text in [
            "Helfer*innen",
            "Lesepat*in gesucht",
            "Wer hilft?",
            "5 * 3",
            "*",
            "Schüler*innenrat",
            "jede*r",
            "Rom*nja",
        ] {
            assert_eq!(read(text).unwrap().1, <[String; 0]>::default(), "{text}");
        }
    }

    #[test]
    fn every_limit_is_named() {
        for (text, limit) in [
            ("ab*", "3"),
            ("gar* bau* kin*", "2"),
            ("*garten", "Anfang"),
            ("gar*ten", "Mitte"),
            ("Gar*en", "Mitte"),
        ] {
            assert!(read(text).unwrap_err().to_string().contains(limit), "{text}");
        }
    }
}
