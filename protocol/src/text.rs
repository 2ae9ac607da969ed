//! Public text: plain, visible, bounded.
//!
//! Text from a feed ends on other towns' pages. Controls that hide or reorder what a person reads are
//! refused here, by the publisher before signing and by every reader before showing.

/// What is wrong with a public text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// There is nothing to read.
    #[error("it is empty")]
    Empty,
    /// It is longer than allowed, in characters.
    #[error("it has {chars} characters, at most {limit} are allowed")]
    TooLong {
        /// Characters found.
        chars: usize,
        /// Characters allowed.
        limit: usize,
    },
    /// It holds a control character, one that reorders text, or one that never will be any.
    #[error("it holds the character U+{0:04X}, which hides or reorders text")]
    Character(u32),
    /// It piles combining marks on one letter.
    #[error("it piles more than {COMBINING} marks on one letter")]
    Combining,
}

/// Most combining marks in a row; real languages need three.
const COMBINING: usize = 8;

/// Checks a text of one or more lines.
///
/// ```
/// # use engagement_protocol::text::{check, TextError};
/// assert_eq!(check("Zeile eins\nZeile zwei", 90), Ok(()));
/// assert_eq!(check("\u{202e}esrevni", 90), Err(TextError::Character(0x202e)));
/// ```
///
/// # Errors
///
/// [`TextError`].
pub fn check(text: &str, limit: usize) -> Result<(), TextError> {
    if text.trim().is_empty() {
        return Err(TextError::Empty);
    }
    let chars = text.chars().count();
    if chars > limit {
        return Err(TextError::TooLong { chars, limit });
    }
    let mut marks = 0;
    for c in text.chars() {
        if c != '\n' && is_forbidden(c) {
            return Err(TextError::Character(c.into()));
        }
        marks = if is_combining(c) { marks + 1 } else { 0 };
        if marks > COMBINING {
            return Err(TextError::Combining);
        }
    }
    Ok(())
}

/// Checks a text of one line.
///
/// # Errors
///
/// [`TextError`]; a line feed is a forbidden character here.
pub fn check_line(text: &str, limit: usize) -> Result<(), TextError> {
    if text.contains('\n') {
        return Err(TextError::Character('\n'.into()));
    }
    check(text, limit)
}

/// Returns whether a character may not stand in public text.
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            // Reorder or isolate: the sources of "reversed" file names and hidden words.
            '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
            // Invisible: zero width space, word joiner, invisible operators, byte order mark, tags.
            | '\u{200b}' | '\u{2060}'..='\u{2064}' | '\u{206a}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
            // Lines that are none in HTML, and characters that never will be.
            | '\u{2028}' | '\u{2029}' | '\u{fdd0}'..='\u{fdef}')
        || u32::from(c) & 0xfffe == 0xfffe
}

/// Returns whether a character stands on the one before it.
fn is_combining(c: char) -> bool {
    matches!(c,
        '\u{0300}'..='\u{036f}' | '\u{0483}'..='\u{0489}' | '\u{0591}'..='\u{05bd}'
        | '\u{0610}'..='\u{061a}' | '\u{064b}'..='\u{065f}' | '\u{0e31}' | '\u{0e34}'..='\u{0e3a}'
        | '\u{0e47}'..='\u{0e4e}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_people_cannot_see() {
        for c in
            "\u{0}\u{7}\t\r\u{85}\u{202e}\u{2066}\u{feff}\u{200b}\u{2028}\u{fdd0}\u{ffff}\u{10fffe}"
                .chars()
        {
            assert_eq!(check(&format!("a{c}b"), 9), Err(TextError::Character(c.into())));
        }
    }

    #[test]
    fn refuses_towers_of_marks_and_allows_real_letters() {
        assert_eq!(check(&format!("a{}", "\u{301}".repeat(9)), 99), Err(TextError::Combining));
        assert_eq!(check("ä e\u{301} ệ", 99), Ok(()));
    }

    #[test]
    fn counts_characters_not_bytes() {
        assert_eq!(check("äöü", 3), Ok(()));
        assert_eq!(check("äöüß", 3), Err(TextError::TooLong { chars: 4, limit: 3 }));
        assert_eq!(check(" \n ", 9), Err(TextError::Empty));
    }
}
