//! One spelling for words that people write in many ways: the key by which names and labels are compared.
//!
//! Nothing folded is ever shown or stored; it only decides whether two spellings mean the same.

/// Returns the key of a name: lower case, umlauts spelt out, everything but letters and digits one space.
///
/// ```
/// # use engagement_node::domain::spelling::fold;
/// assert_eq!(fold(" Dülmen-Rorup "), fold("duelmen/ rorup"));
/// assert_eq!(fold("St. Augustin"), "sankt augustin");
/// ```
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            // The second half of a decomposed umlaut: turn "a" into "ae" as above.
            '\u{308}' => folded.push('e'),
            c if c.is_alphanumeric() => folded.push(c),
            _ if folded.ends_with(' ') || folded.is_empty() => {}
            _ => folded.push(' '),
        }
    }
    folded.truncate(folded.trim_end().len());
    match folded.strip_prefix("st ") {
        Some(rest) => format!("sankt {rest}"),
        None => folded,
    }
}

/// Returns the key of a name as it looks after somebody's system has lost the dots of its umlauts.
#[must_use]
pub fn fold_without_dots(text: &str) -> String {
    let plain = |c| match c {
        'ä' | 'Ä' => 'a',
        'ö' | 'Ö' => 'o',
        'ü' | 'Ü' => 'u',
        other => other,
    };
    fold(&text.chars().map(plain).collect::<String>())
}

/// Returns whether two texts differ by one letter: more, less, another, or two that changed places.
#[must_use]
pub fn is_one_off(one: &[char], other: &[char]) -> bool {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (one.get(same..).unwrap_or_default(), other.get(same..).unwrap_or_default());
    match (one, other) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        ([a, b, rest @ ..], [c, d, tail @ ..]) => a == d && b == c && rest == tail,
        _ => false,
    }
}

/// Fewest letters of a beginning in which one may be wrong.
const BEGUN_CHARS: usize = 4;

/// Returns whether a key begins as another one does that may have one letter wrong, but for its first.
#[must_use]
pub fn begins_nearly(key: &str, begun: &str) -> bool {
    let (key, begun): (Vec<char>, Vec<char>) = (key.chars().collect(), begun.chars().collect());
    let letters = begun.len();
    if letters < BEGUN_CHARS || key.first() != begun.first() {
        return false;
    }
    (letters - 1..=letters + 1).any(|length| {
        key.get(..length)
            .is_some_and(|front| front == begun.as_slice() || is_one_off(front, &begun))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beginning_may_have_one_letter_wrong() {
        for begun in ["muen", "muenst", "muesnt", "munst", "mueenst"] {
            assert!(begins_nearly("muenster", begun), "{begun}");
        }
        for begun in ["mun", "buenst", "muxxst", "koeln"] {
            assert!(!begins_nearly("muenster", begun), "{begun}");
        }
    }

    #[test]
    fn spellings_of_one_name_have_one_key() {
        for text in ["Dülmen", "DÜLMEN", "duelmen", " dülmen ", "Du\u{308}lmen", "Dülmen."] {
            assert_eq!(fold(text), "duelmen", "{text}");
        }
        assert_eq!(fold("Gronau (Westf.)"), "gronau westf");
        assert_eq!(fold("Senior*innen"), "senior innen");
        assert_eq!(fold("§ – …"), "");
        assert_eq!(fold_without_dots("Dülmen"), "dulmen");
    }
}
