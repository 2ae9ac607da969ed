//! Addresses of our own pages, in the language of the page that names them.

use engagement_protocol::id::{NodeId, RecordId};

use super::language;
use crate::app::search::Asked;

/// The search.
pub(super) const SEARCH: &str = "/suche";

/// Which page of results an address shows, for people: where it begins is in the cursor.
pub(super) const PAGE: &str = "seite";

/// The network as this node sees it.
pub(super) const NETWORK: &str = "/netz";

/// Returns the address of a search, from its first page on.
pub(super) fn search(asked: &Asked) -> String {
    search_at(SEARCH, asked)
}

/// Returns the address of another page that shows a search.
pub(super) fn search_at(path: &str, asked: &Asked) -> String {
    let (query, page) = (asked.to_query(), language::to(path));
    if query.is_empty() { page } else { format!("{page}?{query}") }
}

/// Returns the address of a page of a search, which begins at `cursor`.
pub(super) fn search_from(asked: &Asked, cursor: &str, page: u16) -> String {
    let query = asked.to_query();
    let and = if query.is_empty() { "" } else { "&" };
    format!("{}?{query}{and}cursor={cursor}&{PAGE}={page}", language::to(SEARCH))
}

/// Returns the address of the page of an opportunity.
pub(super) fn opportunity(node: &NodeId, id: &RecordId) -> String {
    language::to(&opportunity_path(node, id))
}

/// Returns the permanent address of an opportunity on this node.
pub(super) fn opportunity_path(node: &NodeId, id: &RecordId) -> String {
    // A browser would read the dots of `a/../b` as the way to another page.
    let leads_away = id.as_str().split('/').any(|part| matches!(part, "" | "." | ".."));
    if leads_away {
        format!("/angebot/{node}/{}", id.as_str().replace('/', "%2F"))
    } else {
        format!("/angebot/{node}/{id}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_lead_to_another_page() {
        let node = "05558012".parse().unwrap();
        let link = |id: &str| opportunity(&node, &id.parse().unwrap());
        assert_eq!(link("import/4711"), "/angebot/05558012/import/4711");
        assert_eq!(link("../../suche"), "/angebot/05558012/..%2F..%2Fsuche");
        assert_eq!(link("a//b"), "/angebot/05558012/a%2F%2Fb");
    }

    #[test]
    fn a_search_keeps_everything_but_the_cursor() {
        let asked = Asked::from_query("q=lesen+%26+mehr&field=sport&cursor=1-2-3-4").unwrap();
        assert_eq!(search(&asked), "/suche?q=lesen+%26+mehr&field=sport");
        let next = "/suche?q=lesen+%26+mehr&field=sport&cursor=5-6&seite=2";
        assert_eq!(search_from(&asked, "5-6", 2), next);
        assert_eq!(search(&Asked::default()), "/suche");
        assert_eq!(search_from(&Asked::default(), "5-6", 3), "/suche?cursor=5-6&seite=3");
    }
}
