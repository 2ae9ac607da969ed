//! A search as the query string of an address: the link is the search, and the only place where it is kept.

use std::borrow::Cow;

use super::parameter::{flag, legible, parameter};
use super::{Asked, LIMIT, SearchError};

/// Most pairs of key and value that are read of an address: more than every filter with every choice.
pub const PAIRS: usize = 200;

/// Every parameter of a search, in the order in which people are told of them.
pub const PARAMETERS: [&str; 36] = [
    "q",
    "near",
    "radius_km",
    "direction",
    "field",
    "activity",
    "target",
    "commitment",
    "mode",
    "slot",
    "hours",
    "accessibility",
    "suited",
    "ags",
    "modified_since",
    "age",
    "wish_field",
    "wish_activity",
    "wish_target",
    "wish_suited",
    "wish_day",
    "wish_time",
    "wish_slot",
    "wish_commitment",
    "not_field",
    "need",
    "without",
    "must",
    "wish_hours",
    "sort",
    "grouped",
    "exact",
    "understand",
    "explain",
    "limit",
    "cursor",
];

/// Returns whether a parameter may stand in an address several times: it is a list.
#[must_use]
pub fn takes_several(name: &str) -> bool {
    Asked::default().list_mut(name).is_some()
}

impl Asked {
    /// Reads a query string; keys that are not ours are passed over, empty values mean "not asked".
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] for a number that is none, a switch that is neither on nor off, and bytes that are no text.
    pub fn from_query(query: &str) -> Result<Self, SearchError> {
        let mut asked = Self::default();
        for (name, value) in pairs(query) {
            asked.set(name, &value)?;
        }
        Ok(asked)
    }

    /// Reads what can be understood of a query string and passes over the rest: for a page that asks again.
    #[must_use]
    pub fn legible(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in pairs(query) {
            // Who shows the page knows what was refused; here only the others matter.
            let _refused = asked.set(name, &value);
        }
        asked
    }

    /// Reads one parameter.
    fn set(&mut self, name: &'static str, value: &str) -> Result<(), SearchError> {
        let value = legible(name, value.trim())?;
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "q" => {
                value.clone_into(&mut self.words);
                return Ok(());
            }
            "near" => {
                self.near = Some(value.to_owned());
                return Ok(());
            }
            "modified_since" => {
                self.modified_since = Some(value.to_owned());
                return Ok(());
            }
            "cursor" => {
                self.cursor = Some(value.to_owned());
                return Ok(());
            }
            "radius_km" => {
                let radius = value.replace(',', ".").parse().map_err(|_| {
                    parameter(
                        "radius_km",
                        "Der Umkreis ist eine Zahl in Kilometern, zum Beispiel 20.".to_owned(),
                    )
                })?;
                self.radius_km = Some(radius);
                return Ok(());
            }
            "limit" => {
                let limit = value.parse().map_err(|_| {
                    let rule = format!("Der Parameter limit ist eine Zahl von 0 bis {LIMIT}: So viele Treffer stehen auf einer Seite.");
                    parameter("limit", rule)
                })?;
                self.limit = Some(limit);
                return Ok(());
            }
            "grouped" => {
                self.ungrouped = !flag(name, value)?;
                return Ok(());
            }
            "exact" => {
                self.exact = flag(name, value)?;
                return Ok(());
            }
            "understand" => {
                self.literal = !flag(name, value)?;
                return Ok(());
            }
            "explain" => {
                self.explain = flag(name, value)?;
                return Ok(());
            }
            "age" => {
                let age = value.parse().ok().filter(|age| (1..=120).contains(age));
                let rule = "Das Alter (age) ist eine ganze Zahl von 1 bis 120.";
                self.age = Some(age.ok_or_else(|| parameter("age", rule.to_owned()))?);
                return Ok(());
            }
            "sort" => {
                let rule = "Der Parameter sort kennt nur new: Neueste zuerst. Ohne ihn stehen die besten Treffer oben.";
                self.newest = value == "new";
                if !self.newest {
                    return Err(parameter("sort", rule.to_owned()));
                }
                return Ok(());
            }
            "wish_hours" => {
                self.wish.read_hours(value)?;
                return Ok(());
            }
            _ => {}
        }
        let Some(list) = self.list_mut(name) else { return Ok(()) };
        for value in super::wish::plain(name, value) {
            if !list.iter().any(|held| held == value) {
                list.push(value.to_owned());
            }
        }
        Ok(())
    }

    /// Returns the list that a parameter adds to.
    fn list_mut(&mut self, name: &str) -> Option<&mut Vec<String>> {
        Some(match name {
            "direction" => &mut self.directions,
            "field" => &mut self.fields,
            "activity" => &mut self.activities,
            "target" => &mut self.targets,
            "commitment" => &mut self.commitments,
            "mode" => &mut self.modes,
            "slot" => &mut self.slots,
            "hours" => &mut self.hours,
            "accessibility" => &mut self.accessibility,
            "suited" => &mut self.suited,
            "ags" => &mut self.areas,
            key => return self.wish.list_mut(key),
        })
    }

    /// Returns the query string of this search, without the cursor: the name of the search.
    #[must_use]
    pub fn to_query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        if !self.words.is_empty() {
            query.append_pair("q", &self.words);
        }
        if let Some(near) = &self.near {
            query.append_pair("near", near);
        }
        if let Some(radius) = self.radius_km {
            query.append_pair("radius_km", &radius.to_string());
        }
        let lists = [
            ("direction", &self.directions),
            ("field", &self.fields),
            ("activity", &self.activities),
            ("target", &self.targets),
            ("commitment", &self.commitments),
            ("mode", &self.modes),
            ("slot", &self.slots),
            ("hours", &self.hours),
            ("accessibility", &self.accessibility),
            ("suited", &self.suited),
            ("ags", &self.areas),
        ];
        for (key, values) in lists {
            query.extend_pairs(values.iter().map(|value| (key, value)));
        }
        if let Some(since) = &self.modified_since {
            query.append_pair("modified_since", since);
        }
        if let Some(age) = self.age {
            query.append_pair("age", &age.to_string());
        }
        for (key, values) in self.wish.lists() {
            query.extend_pairs(values.iter().map(|value| (key, value)));
        }
        if let Some(hours) = self.wish.hours {
            query.append_pair("wish_hours", &hours.to_string());
        }
        if self.newest {
            query.append_pair("sort", "new");
        }
        if self.ungrouped {
            query.append_pair("grouped", "false");
        }
        if self.exact {
            query.append_pair("exact", "true");
        }
        if self.literal {
            query.append_pair("understand", "false");
        }
        if self.explain {
            query.append_pair("explain", "true");
        }
        if let Some(limit) = self.limit {
            query.append_pair("limit", &limit.to_string());
        }
        query.finish()
    }
}

/// Returns the parameters of a query string that are ours.
fn pairs(query: &str) -> impl Iterator<Item = (&'static str, Cow<'_, str>)> {
    let pairs = form_urlencoded::parse(query.as_bytes()).take(PAIRS);
    pairs
        .filter_map(|(key, value)| Some((PARAMETERS.into_iter().find(|name| *name == key)?, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_string_is_read_as_it_is_written() {
        let query = "q=lesen+mit+Kindern&near=D%C3%BClmen&radius_km=20&field=sport&field=kultur&ags=05558&limit=5";
        let asked = Asked::from_query(query).unwrap();
        assert_eq!(asked.near.as_deref(), Some("Dülmen"));
        assert_eq!(asked.fields, ["sport", "kultur"]);
        assert_eq!(asked.to_query(), query);
        assert_eq!(Asked::from_query("q=&near=&utm=x&radius_km=").unwrap(), Asked::default());
        assert!(Asked::from_query("radius_km=weit").is_err());
    }

    #[test]
    fn every_parameter_is_read_and_written() {
        let value = |name: &str| match name {
            "radius_km" | "limit" | "age" | "wish_hours" => "5",
            "grouped" | "understand" => "false",
            "exact" | "explain" => "true",
            "sort" => "new",
            _ => "x",
        };
        for name in PARAMETERS {
            let query = format!("{name}={}", value(name));
            let asked = Asked::from_query(&query).unwrap();
            assert_ne!(asked, Asked::default(), "{name} is read");
            // Where a page begins is no part of the name of a search.
            assert_eq!(asked.to_query(), if name == "cursor" { "" } else { query.as_str() });
        }
    }

    #[test]
    fn what_can_be_understood_is_kept_when_the_rest_is_refused() {
        let query = "q=lesen&radius_km=abc&near=Coesfeld&age=alt&field=sport&near=%ff&limit=5";
        assert!(Asked::from_query(query).is_err());
        assert_eq!(Asked::legible(query).to_query(), "q=lesen&near=Coesfeld&field=sport&limit=5");
        let fine = "q=lesen&sort=new&exact=true";
        assert_eq!(Asked::legible(fine), Asked::from_query(fine).unwrap());
    }

    #[test]
    fn what_is_neither_text_nor_a_choice_is_refused_and_not_passed_over() {
        for query in ["q=%ff", "near=D%FClmen", "grouped=nein", "explain=1", "sort=old", "age=alt"]
        {
            let name = query.split_once('=').unwrap().0;
            let refused = Asked::from_query(query).unwrap_err();
            assert!(
                matches!(refused, SearchError::Parameter { name: of, .. } if of == name),
                "{query}"
            );
        }
    }
}
