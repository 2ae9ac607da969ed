//! The search form: what was asked stands in it again.

use super::phrase::{Phrase, german};
use super::text::t;
use super::{format, language, link};
use crate::app::search::Asked;

/// Radii that are offered, in kilometres.
const RADII: [f64; 6] = [5.0, 10.0, 20.0, 30.0, 50.0, 100.0];

/// Fields that can show why they are refused.
const FIELDS: [&str; 3] = ["q", "near", "radius_km"];

/// The search form.
#[derive(Debug, Clone)]
pub(super) struct Form {
    /// Words.
    pub(super) words: String,
    /// What to type as words.
    pub(super) hint: Phrase,
    /// A place.
    pub(super) near: String,
    /// The radii that can be chosen.
    pub(super) radii: Vec<Pick>,
    /// Where it leads.
    pub(super) action: String,
    /// What it is called.
    pub(super) name: String,
    /// What its button says.
    pub(super) submit: String,
    /// What else can be chosen.
    pub(super) selects: Vec<Select>,
    /// What the form passes on without showing it.
    pub(super) hidden: Vec<(&'static str, String)>,
    refused: Option<(&'static str, String)>,
}

/// A parameter of which one value can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Select {
    pub(super) key: &'static str,
    pub(super) label: String,
    pub(super) picks: Vec<Pick>,
}

impl Select {
    /// Returns a choice of which nothing is chosen; `open` is what that is called.
    pub(super) fn open(
        key: &'static str,
        label: String,
        open: String,
        values: Vec<(String, String)>,
    ) -> Self {
        let pick = |(value, label)| Pick { value, label, chosen: false };
        let picks = [(String::new(), open)].into_iter().chain(values).map(pick).collect();
        Self { key, label, picks }
    }
}

/// A value that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Pick {
    pub(super) value: String,
    pub(super) label: String,
    pub(super) chosen: bool,
}

impl Form {
    /// Returns the form of a result page: its filters have boxes of their own.
    pub(super) fn new(asked: &Asked) -> Self {
        let areas = asked.areas.iter().map(|area| ("ags", area.clone()));
        let wishes = asked.wish.lists().into_iter();
        let wishes =
            wishes.flat_map(|(key, list)| list.iter().map(move |code| (key, code.clone())));
        let hours = asked.wish.hours.map(|hours| ("wish_hours", hours.to_string()));
        let sort = asked.newest.then(|| ("sort", "new".to_owned()));
        let limit = asked.limit.map(|limit| ("limit", limit.to_string()));
        Self {
            words: asked.words.clone(),
            hint: t!("search-words-hint", word = german("Vorlesen am Dienstag")).into(),
            near: asked.near.clone().unwrap_or_default(),
            radii: radii(asked.radius_km),
            action: language::to(link::SEARCH),
            name: t!("search-form"),
            submit: t!("search-submit"),
            selects: Vec::new(),
            hidden: areas.chain(wishes).chain(hours).chain(sort).chain(limit).collect(),
            refused: None,
        }
    }

    /// Returns the form of a page without boxes: it carries the filters itself.
    pub(super) fn carrying(asked: &Asked) -> Self {
        let mut form = Self::new(asked);
        let lists = [
            ("direction", &asked.directions),
            ("field", &asked.fields),
            ("activity", &asked.activities),
            ("target", &asked.targets),
            ("commitment", &asked.commitments),
            ("mode", &asked.modes),
            ("slot", &asked.slots),
            ("hours", &asked.hours),
            ("accessibility", &asked.accessibility),
            ("suited", &asked.suited),
        ];
        form.hidden.extend(asked.age.map(|age| ("age", age.to_string())));
        for (key, values) in lists {
            form.hidden.extend(values.iter().map(|value| (key, value.clone())));
        }
        form
    }

    /// Returns the form after a refusal; what was refused is not carried on.
    pub(super) fn refused(asked: &Asked, name: &'static str, rule: &str) -> Self {
        let mut form = Self::carrying(asked);
        form.hidden.retain(|(key, _)| *key != name);
        form.refused = Some((name, rule.to_owned()));
        form
    }

    /// Returns why this field is refused, if it is.
    pub(super) fn rule(&self, name: &str) -> Option<&str> {
        self.refused.as_ref().filter(|(refused, _)| *refused == name).map(|(_, rule)| rule.as_str())
    }

    /// Returns whether the form shows at a field why it is refused.
    pub(super) fn has_rule(&self) -> bool {
        FIELDS.iter().any(|name| self.rule(name).is_some())
    }
}

/// Returns the radii that can be chosen.
pub(super) fn radii(chosen: Option<f64>) -> Vec<Pick> {
    let is = |km: f64| chosen.is_some_and(|chosen| (chosen - km).abs() < f64::EPSILON);
    let option = |km: f64| Pick {
        value: km.to_string(),
        label: t!("search-radius-km", km = format::decimal(km)),
        chosen: is(km),
    };
    let mut radii = vec![Pick {
        value: String::new(),
        label: t!("search-radius-any"),
        chosen: chosen.is_none(),
    }];
    radii.extend(RADII.into_iter().map(option));
    // A radius from a link stays what it was.
    radii.extend(chosen.filter(|km| !RADII.into_iter().any(is) && km.is_finite()).map(option));
    radii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_a_radius_that_nobody_offers() {
        let form = Form::new(&Asked { radius_km: Some(7.5), ..Asked::default() });
        let chosen: Vec<_> = form.radii.iter().filter(|radius| radius.chosen).collect();
        assert_eq!(
            (chosen.len(), chosen[0].value.as_str(), chosen[0].label.as_str()),
            (1, "7.5", "7,5 km")
        );
    }

    #[test]
    fn passes_on_what_it_does_not_show() {
        let wished = Asked::from_query("need=dgs&wish_hours=5&sort=new").unwrap();
        let keys: Vec<_> = Form::new(&wished).hidden.into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["need", "wish_hours", "sort"], "a new word keeps the wish");
        let query = "ags=05558&limit=5&field=sport&slot=sa_am&age=15&cursor=1-2-3-4";
        let asked = Asked::from_query(query).unwrap();
        let own = |key, value: &str| (key, value.to_owned());
        let hidden = Form::new(&asked).hidden;
        assert_eq!(hidden, [own("ags", "05558"), own("limit", "5")]);
        let refused = Form::refused(&asked, "ags", "…").hidden;
        let carried =
            [own("limit", "5"), own("age", "15"), own("field", "sport"), own("slot", "sa_am")];
        assert_eq!(refused, carried);
    }
}
