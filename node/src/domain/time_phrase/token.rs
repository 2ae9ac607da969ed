//! Words, digits and marks of a text, each with its place in it: what time phrases and queries are read from.

use std::ops::Range;

/// Most tokens that are looked at; whoever writes more about time says more than this reader understands.
pub(crate) const TOKENS: usize = 240;

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its bytes in the text.
    pub(crate) span: Range<usize>,
    /// Whether nothing stands between it and the token before.
    pub(crate) glued: bool,
    /// Whether it begins with a capital letter.
    pub(crate) capital: bool,
}

/// What a piece of text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Letters, in lower case and with umlauts spelt out.
    Word(String),
    /// Digits.
    Digits(String),
    /// Anything else; every dash is a hyphen, every line end a semicolon.
    Mark(char),
}

impl Token {
    /// Returns the word, if it is one.
    pub(crate) const fn word(&self) -> Option<&str> {
        match &self.kind {
            Kind::Word(word) => Some(word.as_str()),
            _ => None,
        }
    }

    /// Returns the digits, if it is some.
    pub(crate) const fn digits(&self) -> Option<&str> {
        match &self.kind {
            Kind::Digits(digits) => Some(digits.as_str()),
            _ => None,
        }
    }

    /// Returns whether it is this mark.
    pub(crate) fn is(&self, mark: char) -> bool {
        self.kind == Kind::Mark(mark)
    }
}

/// Returns the tokens of a text, or `None` if there are more than [`TOKENS`].
pub(crate) fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut space = true;
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        if c == ' ' || c == '\t' || c == '\u{a0}' || c == '\u{202f}' || c == '\u{2009}' {
            space = true;
            continue;
        }
        let glued = !std::mem::take(&mut space);
        let last = tokens.last_mut().filter(|_| glued);
        match (last.map(|token| (&mut token.kind, &mut token.span)), c) {
            (Some((Kind::Digits(digits), span)), c) if c.is_ascii_digit() => {
                digits.push(c);
                span.end = end;
                continue;
            }
            (Some((Kind::Word(word), span)), c) if is_letter(c) => {
                fold(c, word);
                span.end = end;
                continue;
            }
            _ => {}
        }
        if tokens.len() == TOKENS {
            return None;
        }
        let kind = match c {
            c if c.is_ascii_digit() => Kind::Digits(c.to_string()),
            '×' => Kind::Word("x".to_owned()),
            c if is_letter(c) => {
                let mut word = String::new();
                fold(c, &mut word);
                Kind::Word(word)
            }
            '-' | '–' | '—' | '‐' | '‑' | '−' => Kind::Mark('-'),
            '\n' | '\r' => Kind::Mark(';'),
            other => Kind::Mark(other),
        };
        tokens.push(Token { kind, span: at..end, glued, capital: c.is_uppercase() });
    }
    Some(tokens)
}

/// A letter, or the dots of an umlaut that stand behind it.
fn is_letter(c: char) -> bool {
    c.is_alphabetic() || c == '\u{308}'
}

fn fold(c: char, into: &mut String) {
    for c in c.to_lowercase() {
        match c {
            'ä' => into.push_str("ae"),
            'ö' => into.push_str("oe"),
            'ü' => into.push_str("ue"),
            'ß' => into.push_str("ss"),
            '\u{308}' => into.push('e'),
            c => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_part_even_without_a_space() {
        let kinds = |text| tokens(text).unwrap().into_iter().map(|t| t.kind).collect::<Vec<_>>();
        let (word, digits) =
            (|w: &str| Kind::Word(w.to_owned()), |d: &str| Kind::Digits(d.to_owned()));
        assert_eq!(kinds("2h"), [digits("2"), word("h")]);
        assert_eq!(kinds("14tägig"), [digits("14"), word("taegig")]);
        assert_eq!(kinds("Mo–Fr"), [word("mo"), Kind::Mark('-'), word("fr")]);
        assert_eq!(kinds("3×"), [digits("3"), word("x")]);
        assert_eq!(kinds("fru\u{308}h"), [word("frueh")]);
    }

    #[test]
    fn every_token_knows_where_it_stands() {
        let text = "Dülmen, 20 km";
        let found: Vec<_> =
            tokens(text).unwrap().into_iter().map(|t| text.get(t.span).unwrap()).collect();
        assert_eq!(found, ["Dülmen", ",", "20", "km"]);
    }

    #[test]
    fn too_much_is_not_read() {
        assert_eq!(tokens(&"a ".repeat(TOKENS)).map(|t| t.len()), Some(TOKENS));
        assert_eq!(tokens(&"a ".repeat(TOKENS + 1)), None);
    }
}
