//! What somebody at the desk has typed: words, the number of a line, or a key.

/// What was typed.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing.
    Nothing,
    /// Words to look for.
    Words(String),
    /// The number of a line.
    Line(usize),
    /// The next lines.
    Next,
    /// The list again.
    List,
}

impl Typed {
    /// Reads the field; a number up to nine is a line, because no postal code is so short and nobody looks for it.
    pub(super) fn read(text: &str) -> Self {
        match text.trim() {
            "" => Self::Nothing,
            "+" => Self::Next,
            "0" | "-" => Self::List,
            text => match text.parse() {
                Ok(number @ 1..=9) => Self::Line(number),
                _ => Self::Words(text.to_owned()),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_keys_are_told_apart() {
        let read = Typed::read;
        assert_eq!(read("  "), Typed::Nothing);
        assert_eq!(read(" 3 "), Typed::Line(3));
        assert_eq!(read("9"), Typed::Line(9), "there is no such line, and that is said");
        assert_eq!(read("00"), Typed::Words("00".to_owned()), "lines are counted from one");
        assert_eq!(read("+"), Typed::Next);
        assert_eq!((read("0"), read("-")), (Typed::List, Typed::List));
        assert_eq!(read("48653"), Typed::Words("48653".to_owned()));
        assert_eq!(read("10 km um Dülmen"), Typed::Words("10 km um Dülmen".to_owned()));
        assert_eq!(read("-3"), Typed::Words("-3".to_owned()));
    }
}
