//! What somebody wishes for, as parameters: gates and preferences in, a wish of the domain out.
//!
//! A code that nobody knows is refused and not passed over: somebody who needs something must not be shown places
//! that lack it because of a slip of the pen.

use super::SearchError;
use super::parameter::{each, parameter, unknown};
use crate::domain::matching::codes::Codes;
use crate::domain::matching::{self, Aspect, Musts};
use crate::domain::vocabulary::{List, Vocabulary};

/// Days of the week, as codes of slots begin.
pub const DAYS: [&str; 7] = ["mo", "tu", "we", "th", "fr", "sa", "su"];
/// Times of day, as codes of slots end.
pub const TIMES: [&str; 3] = ["am", "pm", "ev"];

/// Returns what a value stands for: of several days together there are two.
pub(super) fn plain<'a>(name: &str, value: &'a str) -> Vec<&'a str> {
    let (weekdays, weekend) = DAYS.split_at(5);
    match (name, value) {
        ("wish_day", "weekdays") => weekdays.to_vec(),
        ("wish_day", "weekend") => weekend.to_vec(),
        _ => vec![value],
    }
}

/// The must-have that is no aspect: what is needed has to be known to be there.
pub const NEED: &str = "need";

/// Most hours a month that somebody can say.
const HOURS: u16 = 200;

/// What somebody wishes for, as text: not yet believed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wished {
    /// Codes of fields that somebody likes.
    pub fields: Vec<String>,
    /// Codes of activities that somebody likes.
    pub activities: Vec<String>,
    /// Codes of targets.
    pub targets: Vec<String>,
    /// Codes of whom it suits.
    pub suited: Vec<String>,
    /// Days of [`DAYS`]; with [`Self::times`] every day at every time.
    pub days: Vec<String>,
    /// Times of [`TIMES`].
    pub times: Vec<String>,
    /// Codes of further slots.
    pub slots: Vec<String>,
    /// Codes of commitments.
    pub commitments: Vec<String>,
    /// Most hours a month.
    pub hours: Option<u16>,
    /// Codes of fields that somebody wants nothing of.
    pub not_fields: Vec<String>,
    /// Codes of accessibility that somebody needs.
    pub needs: Vec<String>,
    /// Codes of requirements that somebody cannot meet.
    pub without: Vec<String>,
    /// Codes of aspects in which nothing else will do.
    pub musts: Vec<String>,
}

impl Wished {
    /// Returns the lists by the names of their parameters, in the order of addresses.
    #[must_use]
    pub fn lists(&self) -> [(&'static str, &Vec<String>); 12] {
        [
            ("wish_field", &self.fields),
            ("wish_activity", &self.activities),
            ("wish_target", &self.targets),
            ("wish_suited", &self.suited),
            ("wish_day", &self.days),
            ("wish_time", &self.times),
            ("wish_slot", &self.slots),
            ("wish_commitment", &self.commitments),
            ("not_field", &self.not_fields),
            ("need", &self.needs),
            ("without", &self.without),
            ("must", &self.musts),
        ]
    }

    /// Returns the list that a parameter adds to.
    pub fn list_mut(&mut self, key: &str) -> Option<&mut Vec<String>> {
        Some(match key {
            "wish_field" => &mut self.fields,
            "wish_activity" => &mut self.activities,
            "wish_target" => &mut self.targets,
            "wish_suited" => &mut self.suited,
            "wish_day" => &mut self.days,
            "wish_time" => &mut self.times,
            "wish_slot" => &mut self.slots,
            "wish_commitment" => &mut self.commitments,
            "not_field" => &mut self.not_fields,
            "need" => &mut self.needs,
            "without" => &mut self.without,
            "must" => &mut self.musts,
            _ => return None,
        })
    }

    /// Reads the most hours a month.
    pub(super) fn read_hours(&mut self, value: &str) -> Result<(), SearchError> {
        let hours = value.parse().ok().filter(|hours| (1..=HOURS).contains(hours));
        let rule =
            || format!("Die Stunden im Monat (wish_hours) sind eine ganze Zahl von 1 bis {HOURS}.");
        self.hours = Some(hours.ok_or_else(|| parameter("wish_hours", rule()))?);
        Ok(())
    }

    /// Returns whether nothing is wished for; a must without a wish asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { musts: self.musts.clone(), ..Self::default() }
    }

    /// Parses the wish of somebody of this age who stands somewhere, or nowhere.
    pub(super) fn parse(
        &self,
        age: Option<u8>,
        is_somewhere: bool,
    ) -> Result<matching::Wish, SearchError> {
        let without = read("without", List::Requirements, &self.without)?;
        Ok(matching::Wish {
            age,
            not_fields: read("not_field", List::Fields, &self.not_fields)?,
            needs: read("need", List::Accessibility, &self.needs)?,
            needs_known: self.musts.iter().any(|must| must == NEED),
            lacks: matching::lacking(without),
            musts: self.musts()?,
            fields: read("wish_field", List::Fields, &self.fields)?,
            activities: read("wish_activity", List::Activities, &self.activities)?,
            targets: read("wish_target", List::Targets, &self.targets)?,
            suited: read("wish_suited", List::Suited, &self.suited)?,
            slots: read("wish_slot", List::Slots, &self.slots)?.and(self.crossed()?),
            commitments: read("wish_commitment", List::Commitment, &self.commitments)?,
            quarters: self.hours.map(|hours| hours.saturating_mul(4)),
            is_somewhere,
        })
    }

    /// Returns every day at every time; who names only days means all day, who names only times all days.
    fn crossed(&self) -> Result<Codes, SearchError> {
        let days = one_of("wish_day", &self.days, &DAYS)?;
        let times = one_of("wish_time", &self.times, &TIMES)?;
        if days.is_empty() && times.is_empty() {
            return Ok(Codes::NONE);
        }
        let days = if days.is_empty() { DAYS.to_vec() } else { days };
        let times = if times.is_empty() { TIMES.to_vec() } else { times };
        let slots =
            days.iter().flat_map(|day| times.iter().map(move |time| format!("{day}_{time}")));
        let slots: Vec<String> = slots.collect();
        Ok(Codes::of(List::Slots, slots.iter().map(String::as_str)))
    }

    fn musts(&self) -> Result<Musts, SearchError> {
        let aspects = Aspect::MUSTS.map(Aspect::code);
        let known: Vec<&str> = aspects.into_iter().chain([NEED]).collect();
        let chosen = one_of("must", &self.musts, &known)?;
        let chosen = Aspect::MUSTS.into_iter().filter(|aspect| chosen.contains(&aspect.code()));
        Ok(chosen.fold(Musts::default(), Musts::with))
    }
}

fn read(name: &'static str, list: List, values: &[String]) -> Result<Codes, SearchError> {
    let values = each(name, values, |code| Ok(code.to_owned()))?;
    let vocabulary = Vocabulary::embedded();
    match values.iter().find(|code| !vocabulary.contains(list, code)) {
        None => Ok(Codes::of(list, values.iter().map(String::as_str))),
        Some(code) => {
            let known: Vec<&str> = vocabulary.codes(list).map(|(code, _)| code).collect();
            Err(unknown(name, code, &known))
        }
    }
}

fn one_of<'a>(
    name: &'static str,
    values: &[String],
    known: &[&'a str],
) -> Result<Vec<&'a str>, SearchError> {
    let values = each(name, values, |code| Ok(code.to_owned()))?;
    if let Some(code) = values.iter().find(|code| !known.contains(&code.as_str())) {
        return Err(unknown(name, code, known));
    }
    Ok(known.iter().copied().filter(|code| values.iter().any(|one| one == code)).collect())
}

#[cfg(test)]
mod tests {
    use super::super::Asked;
    use super::*;

    fn wish(query: &str) -> Result<matching::Wish, SearchError> {
        let asked = Asked::from_query(query)?;
        asked.wish.parse(asked.age, false)
    }

    fn refused(query: &str) -> &'static str {
        match wish(query) {
            Err(SearchError::Parameter { name, .. }) => name,
            other => panic!("{query}: {other:?}"),
        }
    }

    #[test]
    fn a_link_says_the_whole_wish() {
        let query = "age=16&wish_field=sport&wish_field=kinder&wish_activity=fahren&wish_target=kinder&wish_suited=mit_hund&wish_day=tu&wish_time=pm&wish_slot=night&wish_commitment=once&not_field=kirche&need=stufenlos&without=pkw&must=slot&wish_hours=5";
        let asked = Asked::from_query(query).unwrap();
        assert_eq!(asked.to_query(), query);
        let wish = wish(query).unwrap();
        assert_eq!(wish.slots, Codes::of(List::Slots, ["tu_pm", "night"]));
        assert_eq!((wish.age, wish.quarters), (Some(16), Some(20)));
        assert!(wish.musts.has(Aspect::Time) && !wish.musts.has(Aspect::Field));
        assert_eq!(wish.needs, Codes::of(List::Accessibility, ["stufenlos"]));
        assert_eq!(wish.not_fields, Codes::of(List::Fields, ["kirche"]));
    }

    #[test]
    fn days_alone_mean_all_day_and_times_alone_all_days() {
        assert_eq!(wish("wish_day=sa&wish_day=su").unwrap().slots.len(), 6);
        assert_eq!(wish("wish_time=ev").unwrap().slots.len(), 7);
        assert_eq!(wish("wish_day=mo&wish_time=am").unwrap().slots.len(), 1);
        assert!(wish("q=lesen").unwrap().is_empty());
        let days = |query: &str| Asked::from_query(query).unwrap().wish.days;
        assert_eq!(days("wish_day=weekend&wish_day=su&wish_day=mo"), ["sa", "su", "mo"]);
        assert_eq!(days("wish_day=weekdays"), ["mo", "tu", "we", "th", "fr"]);
        assert!(Asked::from_query("must=field&age=17").unwrap().wish.is_empty());
        assert!(!Asked::from_query("must=field&wish_time=ev").unwrap().wish.is_empty());
    }

    #[test]
    fn a_code_that_nobody_knows_is_refused() {
        for name in Wished::default().lists().map(|(name, _)| name) {
            assert_eq!(refused(&format!("{name}=erfunden")), name);
        }
        assert_eq!(refused("wish_hours=0"), "wish_hours");
        assert_eq!(refused("wish_hours=viel"), "wish_hours");
        assert_eq!(refused("need=STUFENLOS"), "need");
        let many: String = (0..40).map(|at| format!("need=n{at}&")).collect();
        assert_eq!(refused(&many), "need");
    }

    #[test]
    fn who_cannot_drive_a_car_cannot_drive_a_bus() {
        let lacks = wish("without=fuehrerschein_b").unwrap().lacks;
        assert!(lacks.meets(Codes::of(List::Requirements, ["fuehrerschein_d"])));
    }
}
