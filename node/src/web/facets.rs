//! Filters: the boxes beside the results, and the chips above them that take a choice back.

use super::phrase::{Phrase, german};
use super::text::t;
use super::{format, label, language, link, schedule, wish};
use crate::app::search::Asked;
use crate::app::understand::Understood;
use crate::domain::gazetteer::Gazetteer;
use crate::domain::language::Language;
use crate::domain::slots;
use crate::domain::vocabulary::{List, Vocabulary};
use crate::search::answer::Facets;

/// How many groups of times there are.
const GROUPS: usize = slots::GROUPS.len();

/// What results can be filtered by, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Facet {
    Direction,
    Field,
    Activity,
    Target,
    Commitment,
    Hours,
    Slot,
    Mode,
    Accessibility,
    Suited,
    Kreis,
}

/// The boxes of one facet.
#[derive(Debug)]
pub(super) struct Group {
    /// The parameter.
    pub(super) key: &'static str,
    /// What the boxes are about.
    pub(super) title: String,
    /// Whether the boxes are shown at once.
    pub(super) open: bool,
    /// How many are chosen, in words.
    pub(super) chosen: Option<String>,
    /// The boxes.
    pub(super) choices: Vec<Choice>,
}

/// A box.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) label: String,
    pub(super) count: String,
    pub(super) chosen: bool,
}

/// A choice that can be taken back.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Chip {
    pub(super) label: Phrase,
    /// The same search without this choice.
    pub(super) href: String,
}

impl Facet {
    const ALL: [Self; 11] = [
        Self::Direction,
        Self::Field,
        Self::Activity,
        Self::Target,
        Self::Commitment,
        Self::Hours,
        Self::Slot,
        Self::Mode,
        Self::Accessibility,
        Self::Suited,
        Self::Kreis,
    ];

    const fn key(self) -> &'static str {
        match self {
            Self::Direction => "direction",
            Self::Field => "field",
            Self::Activity => "activity",
            Self::Target => "target",
            Self::Commitment => "commitment",
            Self::Mode => "mode",
            Self::Hours => "hours",
            Self::Slot => "slot",
            Self::Accessibility => "accessibility",
            Self::Suited => "suited",
            Self::Kreis => "ags",
        }
    }

    /// Where its counts are.
    const fn counted(self) -> &'static str {
        match self {
            Self::Kreis => "kreis",
            other => other.key(),
        }
    }

    fn title(self) -> String {
        match self {
            Self::Direction => t!("facet-direction"),
            Self::Field => t!("facet-field"),
            Self::Activity => t!("facet-activity"),
            Self::Target => t!("facet-target"),
            Self::Commitment => t!("facet-commitment"),
            Self::Mode => t!("facet-mode"),
            Self::Hours => t!("facet-hours"),
            Self::Slot => t!("facet-slot"),
            Self::Accessibility => t!("facet-accessibility"),
            Self::Suited => t!("glance-suited"),
            Self::Kreis => t!("facet-kreis"),
        }
    }

    fn label(self, code: &str) -> String {
        match (self, code) {
            (Self::Direction, "seek") => t!("direction-seek"),
            (Self::Direction, "offer") => t!("direction-offer"),
            (Self::Direction, _) => t!("other"),
            (Self::Field, _) => label::one(List::Fields, code),
            (Self::Activity, _) => label::one(List::Activities, code),
            (Self::Target, _) => label::one(List::Targets, code),
            (Self::Commitment, _) => label::one(List::Commitment, code),
            (Self::Mode, _) => label::one(List::Mode, code),
            (Self::Hours, "bis_2") => t!("hours-bis-2"),
            (Self::Hours, "2_bis_5") => t!("hours-2-bis-5"),
            (Self::Hours, "5_bis_10") => t!("hours-5-bis-10"),
            (Self::Hours, "ueber_10") => t!("hours-ueber-10"),
            (Self::Hours, _) => t!("other"),
            (Self::Slot, "am") => t!("finder-am"),
            (Self::Slot, "pm") => t!("finder-pm"),
            (Self::Slot, "ev") => t!("finder-ev"),
            (Self::Slot, "we") => t!("slot-we"),
            (Self::Slot, _) => label::one(List::Slots, code),
            (Self::Accessibility, _) => label::one(List::Accessibility, code),
            (Self::Suited, _) => label::one(List::Suited, code),
            (Self::Kreis, _) => {
                let name = code.parse().ok().and_then(|ags| Gazetteer::embedded().name_of(&ags));
                name.unwrap_or_else(|| code.to_owned())
            }
        }
    }

    fn chosen(self, asked: &mut Asked) -> &mut Vec<String> {
        match self {
            Self::Direction => &mut asked.directions,
            Self::Field => &mut asked.fields,
            Self::Activity => &mut asked.activities,
            Self::Target => &mut asked.targets,
            Self::Commitment => &mut asked.commitments,
            Self::Mode => &mut asked.modes,
            Self::Hours => &mut asked.hours,
            Self::Slot => &mut asked.slots,
            Self::Accessibility => &mut asked.accessibility,
            Self::Suited => &mut asked.suited,
            Self::Kreis => &mut asked.areas,
        }
    }
}

/// Returns the boxes that would find something, and those that are chosen.
pub(super) fn groups(asked: &Asked, facets: &Facets) -> Vec<Group> {
    let mut asked = asked.clone();
    let group = |facet: Facet| {
        let chosen = facet.chosen(&mut asked).clone();
        let mut counted = facets.0.get(facet.counted()).cloned().unwrap_or_default();
        if facet == Facet::Kreis {
            // A municipality is no box of its own, but one that was chosen keeps its count.
            let municipalities = facets.0.get("municipality").into_iter().flatten();
            counted.extend(
                municipalities.filter(|one| chosen.iter().any(|code| code == one.code)).cloned(),
            );
        }
        let choice = |code: &str, count: u64| Choice {
            code: code.to_owned(),
            label: facet.label(code),
            count: format::number(count),
            chosen: chosen.iter().any(|one| one == code),
        };
        let mut choices: Vec<_> = counted.iter().map(|one| choice(one.code, one.count)).collect();
        // A choice that finds nothing must stay visible, or nobody could take it back here.
        let missing = chosen.iter().filter(|code| counted.iter().all(|one| one.code != **code));
        choices.extend(missing.map(|code| choice(code, 0)));
        if facet == Facet::Accessibility && !chosen.is_empty() {
            // Each need narrows the others. That nothing has both is an answer, too.
            let codes = Vocabulary::embedded().codes(List::Accessibility).map(|(code, _)| code);
            let lost: Vec<_> =
                codes.filter(|code| choices.iter().all(|one| one.code != *code)).collect();
            choices.extend(lost.into_iter().map(|code| choice(code, 0)));
        }
        if facet == Facet::Slot {
            choices.sort_by_key(|choice| place_in_week(&choice.code));
        }
        let open = !chosen.is_empty() || matches!(facet, Facet::Direction | Facet::Field);
        let chosen = (!chosen.is_empty()).then(|| t!("filters-chosen", count = chosen.len()));
        Group { key: facet.key(), title: facet.title(), open, chosen, choices }
    };
    Facet::ALL.into_iter().map(group).filter(|group| !group.choices.is_empty()).collect()
}

/// Returns where a time stands among the boxes: whole groups first, then day by day, whatever is rarer last.
fn place_in_week(code: &str) -> (bool, Option<usize>) {
    let group = slots::GROUPS.iter().position(|group| *group == code);
    let slot = || Vocabulary::embedded().position(List::Slots, code).map(|at| GROUPS + at);
    let at = group.or_else(slot);
    (at.is_none(), at)
}

/// Returns how many boxes are chosen.
pub(super) fn chosen(asked: &Asked) -> usize {
    let mut asked = asked.clone();
    let boxes: usize = Facet::ALL.into_iter().map(|facet| facet.chosen(&mut asked).len()).sum();
    boxes + usize::from(asked.age.is_some())
}

/// Returns a chip for everything that was asked; `place` is what the place was understood as.
pub(super) fn chips(asked: &Asked, place: Option<&str>, understood: &[Understood]) -> Vec<Chip> {
    let without = |change: &dyn Fn(&mut Asked)| {
        let mut asked = asked.clone();
        change(&mut asked);
        link::search(&asked)
    };
    let mut chips = Vec::new();
    let words = left(asked, understood);
    if !words.is_empty() {
        let others: Vec<&str> = understood.iter().map(|one| one.text.as_str()).collect();
        let href = without(&|asked| asked.words = others.join(" "));
        chips.push(Chip { label: t!("chip-words", words = german(&words)).into(), href });
    }
    for one in understood.iter().filter(|one| !one.overridden && !one.relaxed) {
        let href = without(&|asked| asked.words.clone_from(&one.without));
        let label = t!("chip-understood", words = self::understood(one));
        chips.push(Chip { label: label.into(), href });
    }
    if let Some(place) = place.or(asked.near.as_deref()) {
        let label = match asked.radius_km {
            Some(km) => t!("chip-near-radius", place = place, km = format::decimal(km)),
            None => t!("chip-near", place = place),
        };
        // A radius without a place would be refused.
        let href = without(&|asked| (asked.near, asked.radius_km) = (None, None));
        chips.push(Chip { label: label.into(), href });
    }
    chips.extend(wish::chips(asked));
    if let Some(age) = asked.age {
        let href = without(&|asked| asked.age = None);
        chips.push(Chip { label: t!("chip-age", age = age).into(), href });
    }
    for facet in Facet::ALL {
        for code in facet.chosen(&mut asked.clone()) {
            let href = without(&|asked| facet.chosen(asked).retain(|one| one != code));
            let label = facet.label(code);
            let is_area = facet == Facet::Kreis;
            let label = if is_area { t!("chip-area", area = label) } else { label };
            chips.push(Chip { label: label.into(), href });
        }
    }
    chips
}

/// Returns how to name a constraint, for a [`Phrase`]: as it was understood, or on pages that are not German as it was
/// typed.
pub(super) fn understood(one: &Understood) -> String {
    match (language::current(), one.filter.get("slot")) {
        (Language::German, _) => one.label.clone(),
        // Times as the filters and the offers say them on the same page.
        (Language::Simple, Some(slots))
            if one.filter.len() == 1 && !one.label.starts_with("nicht ") =>
        {
            schedule::slots(slots)
        }
        (Language::Simple, _) => one.label.clone(),
        (Language::English, _) => t!("quoted", text = german(&one.text)),
    }
}

/// Returns the words that were understood as nothing but words.
fn left(asked: &Asked, understood: &[Understood]) -> String {
    let (mut words, mut rest) = (String::new(), asked.words.as_str());
    for one in understood {
        let Some((before, after)) = rest.split_once(&one.text) else { continue };
        words.push_str(before);
        words.push(' ');
        rest = after;
    }
    words.push_str(rest);
    words.split_whitespace().collect::<Vec<_>>().join(" ").trim_matches([',', ';', ' ']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::language::tests::speaking;
    use super::*;
    use crate::search::answer::FacetCount;

    fn asked() -> Asked {
        Asked::from_query("q=lesen&near=Coesfeld&radius_km=20&field=sport&field=neu_1&ags=05558&limit=5&cursor=1-2-3-4").unwrap()
    }

    #[test]
    fn a_chip_takes_back_one_choice_and_keeps_the_others() {
        let chips = chips(&asked(), Some("Coesfeld"), &[]);
        let chips: Vec<_> =
            chips.iter().map(|chip| (chip.label.text(), chip.href.as_str())).collect();
        let chips: Vec<_> = chips.iter().map(|(label, href)| (label.as_str(), *href)).collect();
        assert_eq!(
            chips,
            [
                (
                    "Suchwort „lesen“",
                    "/suche?near=Coesfeld&radius_km=20&field=sport&field=neu_1&ags=05558&limit=5"
                ),
                (
                    "Ort: Coesfeld, 20 km",
                    "/suche?q=lesen&field=sport&field=neu_1&ags=05558&limit=5"
                ),
                (
                    "Sport und Bewegung",
                    "/suche?q=lesen&near=Coesfeld&radius_km=20&field=neu_1&ags=05558&limit=5"
                ),
                (
                    "weitere",
                    "/suche?q=lesen&near=Coesfeld&radius_km=20&field=sport&ags=05558&limit=5"
                ),
                (
                    "Gebiet: Kreis Coesfeld",
                    "/suche?q=lesen&near=Coesfeld&radius_km=20&field=sport&field=neu_1&limit=5"
                ),
            ]
        );
        assert_eq!(super::chips(&Asked::default(), None, &[]), []);
    }

    #[test]
    fn a_time_is_called_as_the_page_calls_times() {
        let one = Understood {
            kind: crate::domain::constraint::Kind::Time,
            text: "samstagmorgens".to_owned(),
            label: "samstags vormittags".to_owned(),
            filter: [("slot", vec!["sa_am".to_owned()])].into(),
            overridden: false,
            relaxed: false,
            without: String::new(),
            others: Vec::new(),
        };
        let said = |language| speaking(language, || Phrase::from(understood(&one)).text());
        assert_eq!(said(Language::German), "samstags vormittags");
        assert_eq!(said(Language::Simple), "Samstag am Vormittag");
        assert_eq!(said(Language::English), "“samstagmorgens”");
    }

    #[test]
    fn times_stand_in_the_order_of_the_week_and_whole_groups_first() {
        let count = |code: &'static str| FacetCount { code, count: 1 };
        let counted = ["by_arrangement", "sa_am", "weitere", "we", "mo_pm", "mo_am", "am"];
        let facets = Facets([("slot", counted.map(count).to_vec())].into());
        let groups = groups(&Asked::from_query("slot=pm").unwrap(), &facets);
        let codes: Vec<_> = groups[0].choices.iter().map(|one| one.code.as_str()).collect();
        assert_eq!(
            codes,
            ["am", "pm", "we", "mo_am", "mo_pm", "sa_am", "by_arrangement", "weitere"]
        );
        assert_eq!(groups[0].choices[2].label, "am Wochenende");
    }

    #[test]
    fn what_is_chosen_stays_visible_when_it_finds_nothing() {
        let count = |code, count| FacetCount { code, count };
        let facets = Facets([("field", vec![count("kultur", 1234)])].into());
        let groups = groups(&asked(), &facets);
        let keys: Vec<_> = groups.iter().map(|group| group.key).collect();
        assert_eq!(keys, ["field", "ags"], "a facet without boxes is left out");
        let boxes: Vec<_> = groups[0]
            .choices
            .iter()
            .map(|c| (c.code.as_str(), c.count.as_str(), c.chosen))
            .collect();
        assert_eq!(boxes, [("kultur", "1.234", false), ("sport", "0", true), ("neu_1", "0", true)]);
        assert_eq!(groups[0].chosen.as_deref(), Some("2 gewählt"));
    }
}
