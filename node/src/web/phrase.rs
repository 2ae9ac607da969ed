//! Our sentences with other people's words in them: on pages that are not German, those words are marked as German.
//!
//! Somebody who listens to an English page hears a German word as one only if the page says that it is German. The
//! words travel through the texts inside of two marks that no text has ([`german`]), and become markup where
//! the sentence is written. Everything else in a [`Phrase`] is escaped like any other text.

use std::fmt;

use askama::filters::{Escaper as _, Html};

use super::language;

/// Where German words begin and end: characters of Unicode that stand for nothing and are never exchanged.
const MARKS: [char; 2] = ['\u{fdd0}', '\u{fdd1}'];

/// A sentence of ours, ready to be written into a page; some of its words may be German.
///
/// It is written as markup: an attribute or a title takes [`Phrase::text`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Phrase(String);

// `fmt` escapes every text, and the markup around it is our own.
impl askama::filters::HtmlSafe for Phrase {}

/// Marks words as German, for a text that becomes a [`Phrase`].
pub(super) fn german(words: &str) -> String {
    let words = words.replace(MARKS, "");
    if language::is_german() {
        return words;
    }
    let [begin, end] = MARKS;
    format!("{begin}{words}{end}")
}

impl Phrase {
    /// Returns the same as plain text.
    pub(super) fn text(&self) -> String {
        self.0.replace(MARKS, "")
    }

    /// Returns it as a sentence, so that a voice pauses behind it and a new one begins like one.
    pub(super) fn sentence(self) -> Self {
        let said = self.0.trim();
        let stop = if self.text().trim_end().ends_with(['.', '!', '?']) { "" } else { "." };
        let mut rest = said.chars();
        let first = rest.next().map(|first| first.to_uppercase().collect::<String>());
        Self(format!("{}{}{stop}", first.unwrap_or_default(), rest.as_str()))
    }

    /// Returns several as one.
    pub(super) fn joined(phrases: &[Self], between: &str) -> Self {
        let said: Vec<_> = phrases.iter().map(|phrase| phrase.0.as_str()).collect();
        Self(said.join(between))
    }
}

impl From<String> for Phrase {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [begin, end] = MARKS;
        let mut pieces = self.0.split(begin);
        // What stands before the first mark is ours; a piece behind one is German up to its end.
        Html.write_escaped_str(&mut *f, &pieces.next().unwrap_or_default().replace(end, ""))?;
        for piece in pieces {
            let (words, rest) = piece.split_once(end).unwrap_or((piece, ""));
            f.write_str("<span lang=\"de\">")?;
            Html.write_escaped_str(&mut *f, words)?;
            f.write_str("</span>")?;
            Html.write_escaped_str(&mut *f, &rest.replace(end, ""))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::domain::language::Language;

    fn said(language: Language, words: &str) -> String {
        speaking(language, || Phrase::from(format!("for “{}” & more", german(words))).to_string())
    }

    #[test]
    fn german_words_are_marked_where_the_page_is_not_german() {
        let english = said(Language::English, "Vorlesen");
        assert_eq!(english, "for “<span lang=\"de\">Vorlesen</span>” &#38; more");
        assert_eq!(said(Language::German, "Vorlesen"), "for “Vorlesen” &#38; more");
        assert_eq!(said(Language::Simple, "Vorlesen"), "for “Vorlesen” &#38; more");
        let two = speaking(Language::English, || {
            Phrase::from(format!("{}, {}", german("a"), german("b")))
        });
        assert_eq!(two.to_string(), "<span lang=\"de\">a</span>, <span lang=\"de\">b</span>");
        assert_eq!(two.text(), "a, b");
    }

    #[test]
    fn a_sentence_begins_and_ends_like_one() {
        let said = |text: &str| Phrase::from(text.to_owned()).sentence().text();
        assert_eq!(said(" required: own car "), "Required: own car.");
        assert_eq!(said("Wer kommt?"), "Wer kommt?");
        speaking(Language::English, || {
            let verein = Phrase::from(german("gegen Armut e. V.")).sentence();
            assert_eq!(verein.to_string(), "<span lang=\"de\">gegen Armut e. V.</span>");
            let both = Phrase::joined(&[verein, Phrase::from("x".to_owned())], " ");
            assert_eq!(both.text(), "gegen Armut e. V. x");
        });
    }

    #[test]
    fn words_are_only_words_whatever_they_are() {
        for language in Language::ALL {
            let hostile = said(language, "\u{fdd1}<script>\u{fdd0}</span>\"'");
            assert!(!hostile.contains("<script") && !hostile.contains(MARKS), "{hostile}");
            assert_eq!(hostile.matches("</span>").count(), hostile.matches("<span").count());
        }
        let torn = Phrase::from("a\u{fdd1}b\u{fdd0}<i>\u{fdd1}\u{fdd1}c".to_owned()).to_string();
        assert_eq!(torn, "ab<span lang=\"de\">&#60;i&#62;</span>c");
    }
}
