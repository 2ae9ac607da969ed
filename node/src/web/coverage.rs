//! Complete or honest: the line that says over how many nodes a search went, and which are missing.

use super::format;
use super::text::t;
use crate::app::coverage;

/// Most nodes that are listed at once.
const LISTED: usize = 5;

/// The line, and a line for each node that is missing.
#[derive(Debug)]
pub(super) struct Coverage {
    pub(super) line: String,
    /// When the oldest complete copy was confirmed.
    pub(super) as_of: Option<String>,
    pub(super) missing: Vec<String>,
    /// How many more there are, in words.
    pub(super) more: Option<String>,
    /// Those that are more.
    pub(super) rest: Vec<String>,
}

impl Coverage {
    /// Returns the lines.
    pub(super) fn new(coverage: &coverage::Coverage) -> Self {
        let (complete, nodes) = (count(coverage.complete), count(coverage.nodes));
        let mut missing: Vec<_> = coverage.missing.iter().map(missing).collect();
        let rest = missing.split_off(missing.len().min(LISTED));
        Self {
            line: t!("coverage-line", complete = complete, nodes = nodes),
            as_of: coverage.as_of.map(|at| t!("coverage-as-of", moment = format::moment(at))),
            missing,
            more: (!rest.is_empty()).then(|| t!("coverage-more", count = rest.len())),
            rest,
        }
    }

    /// Returns whether nothing is missing.
    pub(super) const fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }
}

fn missing(missing: &coverage::Missing) -> String {
    let name = missing.name.as_str();
    match missing.as_of {
        _ if missing.reason == coverage::Reason::Unsearched => {
            t!("coverage-unsearched", name = name)
        }
        Some(at) => t!("coverage-missing", name = name, moment = format::moment(at)),
        None => t!("coverage-never", name = name),
    }
}

fn count(count: usize) -> String {
    format::number(u64::try_from(count).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::coverage::{Missing, Reason};
    use engagement_protocol::time::Timestamp;

    /// 22.11.2026, 07:42 in Berlin.
    const MORNING: u64 = 1_795_329_720_000;

    fn of(names: &[(&str, Option<u64>)]) -> Coverage {
        let missing = names.iter().map(|(name, as_of)| Missing {
            node: "05334002".parse().unwrap(),
            name: (*name).to_owned(),
            reason: if as_of.is_some() { Reason::Expired } else { Reason::Never },
            as_of: as_of.map(Timestamp::from_ms),
        });
        let missing: Vec<_> = missing.collect();
        let complete = 6 - missing.len();
        Coverage::new(&coverage::Coverage { nodes: 6, complete, missing, as_of: None })
    }

    #[test]
    fn says_which_node_is_missing_since_when() {
        let part = of(&[("Aachen", Some(MORNING))]);
        assert_eq!(part.line, "Vollständig: 5 von 6 Knoten (Städte, Kreise und andere)");
        assert_eq!(part.missing, ["es fehlt: Aachen, Stand 22.11.2026, 07:42 Uhr"]);
        assert!(!part.is_complete());
        assert_eq!(of(&[("Dülmen", None)]).missing, ["es fehlt: Dülmen, noch nie empfangen"]);
    }

    #[test]
    fn says_what_is_held_but_cannot_be_searched_yet() {
        let mut one = Missing {
            node: "05334002".parse().unwrap(),
            name: "Aachen".to_owned(),
            reason: Reason::Unsearched,
            as_of: Some(Timestamp::from_ms(MORNING)),
        };
        let said = missing(&one);
        assert!(said.contains("Aachen") && said.contains("noch nicht durchsuchbar"), "{said}");
        one.reason = Reason::Behind;
        assert_ne!(missing(&one), said);
    }

    #[test]
    fn says_when_nothing_is_missing() {
        let all = of(&[]);
        assert_eq!(all.line, "Vollständig: 6 von 6 Knoten (Städte, Kreise und andere)");
        assert!(all.is_complete() && all.more.is_none());
    }

    #[test]
    fn names_every_missing_node_however_many() {
        let many =
            of(&[("A", None), ("B", None), ("C", None), ("D", None), ("E", None), ("F", None)]);
        assert_eq!(many.missing.len() + many.rest.len(), 6);
        assert_eq!(many.more.as_deref(), Some("und 1 weiterer Knoten"));
    }
}
