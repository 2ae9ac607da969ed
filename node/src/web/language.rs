//! In which language a page is said: decided by the beginning of its address and kept while it is written.
//!
//! A page is written by some 250 calls that name a text, most of them deep inside of small functions that know
//! a record and nothing else. Handing a language through all of them would put one more argument, always
//! the same, on every function of the pages. So it is a value of the task that answers one request: [`scope`]
//! sets it, nothing outlives it, and two requests never see each other's. Outside of a request it is German.
//!
//! Only an address decides. `Accept-Language` and cookies do not: a link shows everybody the same.

use std::future::Future;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::language::Language;

/// What the page that is being written knows of its own address.
#[derive(Debug, Clone, Default)]
struct Spoken {
    language: Language,
    /// Path and query without the language.
    path: String,
}

tokio::task_local! {
    static SPOKEN: Spoken;
}

/// A page in one of the languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Version {
    pub(super) language: Language,
    pub(super) href: String,
    /// Whether it is the page that is being written.
    pub(super) is_this: bool,
}

/// Answers a request in `language`; the request's path is without the language's prefix.
pub(super) async fn speak(
    State(language): State<Language>,
    request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    scope(language, path, next.run(request)).await
}

/// Does something in a language, as the page at `path`.
pub(super) fn scope<F: Future>(
    language: Language,
    path: String,
    doing: F,
) -> impl Future<Output = F::Output> {
    SPOKEN.scope(Spoken { language, path }, doing)
}

/// Does something in a language that no request has chosen.
pub(super) fn within<T>(language: Language, doing: impl FnOnce() -> T) -> T {
    SPOKEN.sync_scope(Spoken { language, path: "/".to_owned() }, doing)
}

/// Returns the language of the page at an address.
pub(super) fn of(path: &str) -> Language {
    let is_below = |prefix: &str| {
        let rest = path.strip_prefix(prefix).filter(|_| !prefix.is_empty());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
    };
    Language::ALL.into_iter().find(|one| is_below(one.prefix())).unwrap_or_default()
}

/// Returns the language of the page that is being written.
pub(super) fn current() -> Language {
    SPOKEN.try_with(|spoken| spoken.language).unwrap_or_default()
}

/// Returns whether the page is said in German, simple or not.
pub(super) fn is_german() -> bool {
    matches!(current(), Language::German | Language::Simple)
}

/// Returns the address of one of our pages in the language of the page that is being written.
pub(super) fn to(path: &str) -> String {
    at(current(), path)
}

/// Returns the page that is being written in every language.
pub(super) fn versions() -> Vec<Version> {
    let Spoken { language, path } = SPOKEN.try_with(Clone::clone).unwrap_or_default();
    let path = if path.is_empty() { "/" } else { &path };
    let version =
        |one: Language| Version { language: one, href: at(one, path), is_this: one == language };
    Language::ALL.into_iter().map(version).collect()
}

/// Returns the address of one of our pages in a language.
pub(super) fn at(language: Language, path: &str) -> String {
    match (language.prefix(), path.strip_prefix('/')) {
        // The start page is `/en`: the router knows no `/en/`.
        (prefix, Some(rest))
            if !prefix.is_empty() && (rest.is_empty() || rest.starts_with('?')) =>
        {
            format!("{prefix}{rest}")
        }
        (prefix, _) => format!("{prefix}{path}"),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Does something in a language, as a request for the start page would.
    pub(in crate::web) fn speaking<T>(language: Language, doing: impl FnOnce() -> T) -> T {
        within(language, doing)
    }

    #[test]
    fn an_address_tells_its_language() {
        assert_eq!(of("/en"), Language::English);
        assert_eq!(of("/en/suche"), Language::English);
        assert_eq!(of("/de-simple/x"), Language::Simple);
        assert_eq!(of("/english"), Language::German);
        assert_eq!(of("/"), Language::German);
    }

    #[test]
    fn a_link_stays_within_the_language() {
        assert_eq!(to("/suche?q=a"), "/suche?q=a");
        speaking(Language::English, || {
            assert_eq!(to("/suche?q=a"), "/en/suche?q=a");
            assert_eq!(to("/"), "/en");
            assert_eq!(to("/?x"), "/en?x");
        });
        assert_eq!(speaking(Language::Simple, || to("/ort/coesfeld")), "/de-simple/ort/coesfeld");
    }

    #[tokio::test]
    async fn the_switch_keeps_the_page_and_its_query() {
        let versions = async { versions() };
        let versions = scope(Language::English, "/suche?q=a%26b".to_owned(), versions).await;
        let hrefs: Vec<_> = versions.iter().map(|one| one.href.as_str()).collect();
        assert_eq!(hrefs, ["/suche?q=a%26b", "/de-simple/suche?q=a%26b", "/en/suche?q=a%26b"]);
        let this: Vec<_> = versions.iter().filter(|one| one.is_this).collect();
        assert_eq!(this.len(), 1);
        assert_eq!(this[0].language, Language::English);
    }

    #[tokio::test]
    async fn two_requests_do_not_hear_each_other() {
        let asked = |language| {
            tokio::spawn(scope(language, "/".to_owned(), async move {
                for _ in 0..100 {
                    tokio::task::yield_now().await;
                    assert_eq!(current(), language);
                }
            }))
        };
        let all = Language::ALL.map(asked);
        for one in all {
            one.await.unwrap();
        }
        assert_eq!(current(), Language::German);
    }
}
