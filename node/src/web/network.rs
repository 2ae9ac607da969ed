//! The network in words that a council member understands: which nodes are complete, which are not, and what
//! that means for a search here.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use super::error::Error;
use super::format;
use super::frame::{Frame, html};
use super::text::t;
use crate::app::App;
use crate::app::coverage::name_of;
use crate::app::network::{Node, State as How};
use crate::app::receipts::Receipts;
use crate::config::Config;

/// The order of the groups: what needs a look comes first.
const ORDER: [How; 6] =
    [How::Lying, How::Unreachable, How::Late, How::Never, How::Suspended, How::Complete];

#[derive(Template)]
#[template(path = "network.html")]
struct Page {
    frame: Frame,
    summary: String,
    receipts: Option<String>,
    groups: Vec<Group>,
}

/// Nodes in one state.
struct Group {
    heading: String,
    explain: String,
    is_alarm: bool,
    nodes: Vec<Line>,
}

struct Line {
    name: String,
    id: String,
    facts: String,
    source: Option<String>,
}

/// `GET /netz`
pub(super) async fn show(State(app): State<App>) -> Result<Html<String>, Error> {
    let (nodes, receipts) = (app.network().await?, app.receipts().await?);
    html(&Page::new(&app.config(), &nodes, &receipts))
}

impl Page {
    fn new(config: &Config, nodes: &[Node], receipts: &Receipts) -> Self {
        let complete = nodes.iter().filter(|node| node.state == How::Complete).count();
        // The same number that a search names: nobody searches what is suspended.
        let searched = nodes.iter().filter(|node| node.state != How::Suspended).count();
        let groups = ORDER.into_iter().map(|how| Group::new(how, nodes));
        Self {
            frame: Frame::new(config, &t!("network-title")),
            summary: summary(complete, searched),
            receipts: (receipts.nodes > 0 && receipts.seq.is_some()).then(|| arrived(receipts)),
            groups: groups.filter(|group| !group.nodes.is_empty()).collect(),
        }
    }
}

impl Group {
    fn new(how: How, all: &[Node]) -> Self {
        let nodes = all.iter().filter(|node| node.state == how);
        let nodes: Vec<_> = nodes.map(|node| Line::new(node, all)).collect();
        let count = number(nodes.len());
        let (heading, explain) = match how {
            How::Complete => {
                (t!("network-complete", count = count), t!("network-complete-explain"))
            }
            How::Late => (t!("network-late", count = count), t!("network-late-explain")),
            How::Unreachable => {
                (t!("network-unreachable", count = count), t!("network-unreachable-explain"))
            }
            How::Never => (t!("network-never", count = count), t!("network-never-explain")),
            How::Suspended => {
                (t!("network-suspended", count = count), t!("network-suspended-explain"))
            }
            How::Lying => (t!("network-lying", count = count), t!("network-lying-explain")),
        };
        Self { heading, explain, is_alarm: how == How::Lying, nodes }
    }
}

impl Line {
    fn new(node: &Node, all: &[Node]) -> Self {
        let offers = t!("area-count", count = node.live, shown = format::number(node.live));
        let facts = match node.age_s {
            _ if node.state == How::Suspended => t!("network-facts-hidden", offers = offers),
            Some(age) if age < 120 => t!("network-facts-now", offers = offers),
            Some(age) => t!("network-facts", offers = offers, age = ago(age)),
            None => t!("network-facts-none"),
        };
        // A node that answers for itself needs no mention.
        let source = node.source.as_ref().filter(|source| **source != node.id);
        let source = source.map(|source| {
            let known = all.iter().find(|one| one.id == *source);
            let name = known.map_or_else(|| name_of(source), |one| one.name.clone());
            t!("network-source", relay = name)
        });
        Self { name: node.name.clone(), id: node.id.to_string(), facts, source }
    }
}

fn summary(complete: usize, nodes: usize) -> String {
    let (complete, nodes) = (number(complete), number(nodes));
    t!("network-summary", complete = complete, nodes = nodes)
}

fn arrived(receipts: &Receipts) -> String {
    let (arrived, nodes) = (number(receipts.arrived), number(receipts.nodes));
    if receipts.missing.is_empty() {
        t!("network-receipts-all", arrived = arrived, nodes = nodes)
    } else {
        let missing = receipts.missing.join(", ");
        t!("network-receipts", arrived = arrived, nodes = nodes, missing = missing)
    }
}

fn ago(seconds: u64) -> String {
    match seconds {
        0..7200 => t!("network-ago-minutes", count = format::number(seconds / 60)),
        7200..172_800 => t!("network-ago-hours", count = format::number(seconds / 3600)),
        _ => t!("network-ago-days", count = format::number(seconds / 86_400)),
    }
}

fn number(count: usize) -> String {
    format::number(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::web::language::tests::speaking;
    use crate::web::opportunity::tests::config;

    fn node(id: &str, state: How, age_s: Option<u64>, source: Option<&str>) -> Node {
        Node {
            id: id.parse().unwrap(),
            name: format!("Ort <{id}>"),
            state,
            seq: age_s,
            live: 1234,
            age_s,
            last_error: Some("10.0.0.7: geheim".to_owned()),
            source: source.map(|source| source.parse().unwrap()),
        }
    }

    fn page(nodes: &[Node], receipts: &Receipts) -> String {
        html(&Page::new(&config(), nodes, receipts)).unwrap().0
    }

    #[test]
    fn what_needs_a_look_comes_first_and_everything_is_named() {
        let nodes = [
            node("05", How::Complete, Some(10), Some("05")),
            node("05558", How::Lying, Some(7200), Some("05558")),
            node("05558012", How::Unreachable, Some(3 * 86_400), Some("05")),
            node("05558016", How::Never, None, None),
            node("05558024", How::Late, Some(120), Some("05558024")),
        ];
        let text = page(&nodes, &Receipts::default());
        let at = |what: &str| {
            // A relay is named as well, behind the node that it has brought.
            let line = format!("<b>Ort {what}</b>");
            text.find(&line).unwrap_or_else(|| unreachable!("{what}: {text}"))
        };
        let order =
            ["&#60;05558&#62;", "&#60;05558012&#62;", "&#60;05558024&#62;", "&#60;05558016&#62;"];
        assert!(order.windows(2).all(|pair| at(pair[0]) < at(pair[1])));
        assert!(at("&#60;05558016&#62;") < at("&#60;05&#62;"));
        assert!(text.contains("1 von 5 Knoten"), "{text}");
        assert!(text.contains("vor 3 Tagen") && text.contains("vor 2 Stunden"));
        assert!(text.contains("1.234 Angebote"));
        assert!(!text.contains("geheim"), "addresses and errors are for the operator");
        assert!(text.matches("<script").count() == 1);
    }

    #[test]
    fn what_is_suspended_is_neither_counted_nor_called_confirmed() {
        let nodes = [
            node("05", How::Complete, Some(10), None),
            node("05334002", How::Suspended, Some(10), None),
        ];
        let text = page(&nodes, &Receipts::default());
        assert!(text.contains("1 von 1 Knoten"), "{text}");
        assert!(text.contains("Gesperrt (1)") && text.contains("nicht gezeigt: 1.234 Angebote"));
        assert_eq!(text.matches("gerade bestätigt").count(), 1, "{text}");
    }

    #[test]
    fn a_relay_is_called_what_it_calls_itself() {
        let relay = Node { name: "Land NRW".to_owned(), ..node("05", How::Complete, None, None) };
        let far = node("05558016", How::Complete, Some(10), Some("05"));
        assert_eq!(Line::new(&far, &[relay]).source.as_deref(), Some("(über Land NRW)"));
    }

    #[test]
    fn one_offer_is_not_called_offers() {
        let one = |live| Node { live, ..node("05", How::Complete, Some(10), None) };
        assert_eq!(Line::new(&one(1), &[]).facts, "1 Angebot, gerade bestätigt");
        assert_eq!(Line::new(&one(0), &[]).facts, "keine Angebote, gerade bestätigt");
    }

    #[test]
    fn what_a_node_is_has_one_meaning() {
        let meaning = |text: String| text.split_inclusive('.').next().unwrap().to_owned();
        for language in Language::ALL {
            let [here, there] = speaking(language, || [t!("network-lead"), t!("coverage-explain")]);
            assert_eq!(meaning(here), meaning(there));
        }
    }

    #[test]
    fn says_where_a_deletion_has_not_arrived() {
        let missing = vec!["Dülmen".to_owned(), "Aachen".to_owned()];
        let receipts = Receipts { seq: Some(7), nodes: 427, arrived: 425, missing };
        let text = page(&[node("05", How::Complete, Some(1), None)], &receipts);
        assert!(text.contains("425 von 427 Knoten"), "{text}");
        assert!(text.contains("es fehlen: Dülmen, Aachen"));
    }
}
