//! The query string of the JSON interface, read strictly.
//!
//! A page passes over what it does not know, because other people put their own marks on its links. A program that
//! misspells a parameter would get an answer to another question and never notice: here it is told.

use std::borrow::Cow;

use super::error::Error;
use crate::app::search::Asked;
use crate::app::search::address::{PAIRS, PARAMETERS, takes_several};

/// Most characters of a wrong name that are repeated to whoever sent it.
const NAME_CHARS: usize = 40;

/// Reads a search.
///
/// # Errors
///
/// A problem that names the parameter and says which there are, or what it can be.
pub(super) fn search(query: Option<&str>) -> Result<Asked, Error> {
    let query = query.unwrap_or_default();
    only(query, &PARAMETERS)?;
    Ok(Asked::from_query(query)?)
}

/// Refuses every parameter that is none of those that are known.
///
/// # Errors
///
/// A problem that names the first of them and all that there are, or the one that is there more than once.
pub(super) fn only(query: &str, known: &[&str]) -> Result<(), Error> {
    let mut single: Vec<Cow<'_, str>> = Vec::new();
    for (name, _) in form_urlencoded::parse(query.as_bytes()).take(PAIRS) {
        if takes_several(&name) {
            continue;
        }
        if single.contains(&name) && known.contains(&&*name) {
            let rule = format!(
                "Den Parameter „{name}“ gibt es in dieser Anfrage mehrmals. Geben Sie ihn nur einmal an."
            );
            return Err(Error::parameter(&name, &rule));
        }
        single.push(name);
    }
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    if let Some((name, _)) = pairs.by_ref().take(PAIRS).find(|(name, _)| !known.contains(&&**name))
    {
        let name: String = name.chars().take(NAME_CHARS).collect();
        let known = known.join(", ");
        let rule = format!("Den Parameter „{name}“ gibt es hier nicht. Möglich sind: {known}.");
        return Err(Error::parameter(&name, &rule));
    }
    if pairs.next().is_some() {
        let rule = format!("Die Anfrage hat mehr als {PAIRS} Parameter. Lassen Sie einige weg.");
        return Err(Error::bad_request(&rule));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_told_and_not_passed_over() {
        assert!(search(Some("q=lesen&field=sport&wish_day=sa")).is_ok());
        assert!(search(None).is_ok());
        for query in [
            "q=a&q=b",
            "limit=5&limit=5",
            "radius=5",
            "q=lesen&Near=Coesfeld",
            "utm_source=x",
            "=x",
            "q[]=lesen",
        ] {
            assert!(search(Some(query)).is_err(), "{query}");
        }
    }

    #[test]
    fn nothing_is_cut_off_silently() {
        assert!(only(&"field=a&".repeat(PAIRS), &["field"]).is_ok());
        assert!(only(&"field=a&".repeat(PAIRS + 1), &["field"]).is_err());
    }
}
