//! A search as the query string of an address: the link is the search, and the only place where it is kept.

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

impl Asked {
    /// Reads a query string; keys that are not ours are passed over, empty values mean "not asked".
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] for a number that is none, a switch that is neither on nor off, and bytes that are no text.
    pub fn from_query(query: &str) -> Result<Self, SearchError> {
        let mut asked = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()).take(PAIRS) {
            let Some(name) = PARAMETERS.into_iter().find(|name| *name == key) else { continue };
            let value = legible(name, value.trim())?;
            if value.is_empty() {
                continue;
            }
            let list = match name {
                "q" => {
                    value.clone_into(&mut asked.words);
                    continue;
                }
                "near" => {
                    asked.near = Some(value.to_owned());
                    continue;
                }
                "modified_since" => {
                    asked.modified_since = Some(value.to_owned());
                    continue;
                }
                "cursor" => {
                    asked.cursor = Some(value.to_owned());
                    continue;
                }
                "radius_km" => {
                    let radius = value.replace(',', ".").parse().map_err(|_| {
                        parameter(
                            "radius_km",
                            "Der Umkreis ist eine Zahl in Kilometern, zum Beispiel 20.".to_owned(),
                        )
                    })?;
                    asked.radius_km = Some(radius);
                    continue;
                }
                "limit" => {
                    let limit = value.parse().map_err(|_| {
                        let rule = format!("Der Parameter limit ist eine Zahl von 0 bis {LIMIT}: So viele Treffer stehen auf einer Seite.");
                        parameter("limit", rule)
                    })?;
                    asked.limit = Some(limit);
                    continue;
                }
                "grouped" => {
                    asked.ungrouped = !flag(name, value)?;
                    continue;
                }
                "exact" => {
                    asked.exact = flag(name, value)?;
                    continue;
                }
                "understand" => {
                    asked.literal = !flag(name, value)?;
                    continue;
                }
                "explain" => {
                    asked.explain = flag(name, value)?;
                    continue;
                }
                "age" => {
                    let age = value.parse().ok().filter(|age| (1..=120).contains(age));
                    let rule = "Das Alter (age) ist eine ganze Zahl von 1 bis 120.";
                    asked.age = Some(age.ok_or_else(|| parameter("age", rule.to_owned()))?);
                    continue;
                }
                "sort" => {
                    let rule = "Der Parameter sort kennt nur new: Neueste zuerst. Ohne ihn stehen die besten Treffer oben.";
                    asked.newest = value == "new";
                    if !asked.newest {
                        return Err(parameter("sort", rule.to_owned()));
                    }
                    continue;
                }
                "wish_hours" => {
                    asked.wish.read_hours(value)?;
                    continue;
                }
                "direction" => &mut asked.directions,
                "field" => &mut asked.fields,
                "activity" => &mut asked.activities,
                "target" => &mut asked.targets,
                "commitment" => &mut asked.commitments,
                "mode" => &mut asked.modes,
                "slot" => &mut asked.slots,
                "hours" => &mut asked.hours,
                "accessibility" => &mut asked.accessibility,
                "suited" => &mut asked.suited,
                "ags" => &mut asked.areas,
                key => match asked.wish.list_mut(key) {
                    Some(list) => list,
                    None => continue,
                },
            };
            if !list.iter().any(|held| held == value) {
                list.push(value.to_owned());
            }
        }
        Ok(asked)
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
