//! The pipeline in the form that the engine takes for documents: [`German`] for terms, [`Whole`] for words.
//!
//! Each holds a memo of its own, because the engine clones one for every field that it writes.

use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::document::{Memo, written};

/// Yields what a text is found by; terms of one word share a position.
#[derive(Debug, Clone, Default)]
pub struct German(Memo);

impl Tokenizer for German {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let mut terms = Vec::new();
        let mut place = 0;
        for word in written(text, &mut self.0) {
            for here in std::iter::once(word.terms).chain(word.behind) {
                terms.extend(here.into_iter().map(|term| (place, term)));
                place += 1;
            }
        }
        Terms::new(terms)
    }
}

/// Yields the words of a text as they are written, letters folded.
#[derive(Debug, Clone, Default)]
pub struct Whole;

impl Tokenizer for Whole {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        let words = super::words::words(text);
        let whole = |(place, word)| {
            let words = super::document::whole(word).into_iter();
            words.map(move |word| (place, word))
        };
        Terms::new((0..).zip(&words).flat_map(whole).collect())
    }
}

/// The terms of one text, one after the other.
#[derive(Debug)]
pub struct Terms {
    terms: std::vec::IntoIter<(usize, String)>,
    token: Token,
}

impl Terms {
    fn new(terms: Vec<(usize, String)>) -> Self {
        Self { terms: terms.into_iter(), token: Token::default() }
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        let Some((position, text)) = self.terms.next() else { return false };
        self.token = Token { text, position, ..Token::default() };
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
