//! A search as the query string of an address: the link is the search, and the only place where it is kept.

use super::parameter::parameter;
use super::{Asked, LIMIT, SearchError};

impl Asked {
    /// Reads a query string; keys that are not ours are passed over, empty values mean "not asked".
    ///
    /// # Errors
    ///
    /// [`SearchError::Parameter`] for a number that is none.
    pub fn from_query(query: &str) -> Result<Self, SearchError> {
        let mut asked = Self::default();
        for (key, value) in form_urlencoded::parse(query.as_bytes()).take(200) {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let list = match &*key {
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
                        parameter("limit", format!("limit ist eine Zahl von 0 bis {LIMIT}."))
                    })?;
                    asked.limit = Some(limit);
                    continue;
                }
                "grouped" => {
                    asked.ungrouped = value == "false";
                    continue;
                }
                "exact" => {
                    asked.exact = value == "true";
                    continue;
                }
                "understand" => {
                    asked.literal = value == "false";
                    continue;
                }
                "explain" => {
                    asked.explain = value == "true";
                    continue;
                }
                "age" => {
                    let age = value.parse().ok().filter(|age| (1..=120).contains(age));
                    let rule = "age ist das Alter in Jahren, von 1 bis 120.";
                    asked.age = Some(age.ok_or_else(|| parameter("age", rule.to_owned()))?);
                    continue;
                }
                "sort" => {
                    asked.newest = value == "new";
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
}
