//! The rules that a record keeps (`SPEC.md` section 9): none of its texts harms a page, none says where a person lives.

use super::{
    CONTACT_ROLE_CHARS, Code, DESCRIPTION_CHARS, KIND, LIST_ITEMS, ORGANISATION_CHARS, Opportunity,
    PLAIN_CHARS, Place, RecordError, SHORT_CHARS, SUMMARY_CHARS, TITLE_CHARS, URL_CHARS,
};
use crate::text::{self, TextError};

impl Opportunity {
    /// Checks every rule of `SPEC.md` section 9.
    ///
    /// # Errors
    ///
    /// [`RecordError`] for the first rule that is broken.
    pub fn check(&self) -> Result<(), RecordError> {
        if self.kind != KIND {
            return Err(rule("kind", "an opportunity's kind is opportunity"));
        }
        self.check_texts()?;
        self.check_lists()?;
        for place in &self.places {
            self.check_place(place)?;
        }
        let remote = self.mode.as_deref() == Some("remote");
        if !remote && !self.places.iter().any(|place| place.ags.is_some() || place.plz.is_some()) {
            return Err(rule(
                "places",
                "one place with ags or plz is needed unless mode is remote",
            ));
        }
        if self.organisation.is_none() && self.actor.as_deref() != Some("privatperson") {
            return Err(rule("organisation", "a name is needed unless actor is privatperson"));
        }
        if let Some(hours) = self.hours.as_ref().and_then(|hours| hours.per_occurrence)
            && !(hours > 0.0 && hours <= 744.0)
        {
            return Err(rule("hours", "per_occurrence is above 0 and at most 744 hours"));
        }
        Ok(())
    }

    fn check_texts(&self) -> Result<(), RecordError> {
        line("title", Some(&self.title), TITLE_CHARS)?;
        line("summary", self.summary.as_deref(), SUMMARY_CHARS)?;
        checked("description", text::check(&self.description, DESCRIPTION_CHARS))?;
        if let Some(plain) = &self.plain {
            checked("plain", text::check(plain, PLAIN_CHARS))?;
        }
        line("slots_text", self.slots_text.as_deref(), SHORT_CHARS)?;
        line("contact_role", self.contact_role.as_deref(), CONTACT_ROLE_CHARS)?;
        line("licence", self.licence.as_deref(), SHORT_CHARS)?;
        url("url", self.url.as_deref())?;
        if let Some(organisation) = &self.organisation {
            line("organisation.name", Some(&organisation.name), ORGANISATION_CHARS)?;
            url("organisation.url", organisation.url.as_deref())?;
        }
        if let Some(source) = &self.source {
            line("source.system", Some(&source.system), SHORT_CHARS)?;
            line("source.id", Some(&source.id), SHORT_CHARS)?;
        }
        self.tasks.iter().try_for_each(|task| line("tasks", Some(task), SHORT_CHARS))?;
        self.dates.iter().try_for_each(|date| {
            date_time(&date.start)?;
            date.end.as_deref().map_or(Ok(()), date_time)
        })
    }

    fn check_lists(&self) -> Result<(), RecordError> {
        let codes = [
            ("fields", &self.fields),
            ("activities", &self.activities),
            ("targets", &self.targets),
            ("suited", &self.suited),
            ("slots", &self.slots),
            ("requirements", &self.requirements),
            ("benefits", &self.benefits),
        ];
        for (field, list) in codes {
            bounded(field, list.len())?;
            list.iter().try_for_each(|entry| code(field, Some(entry)))?;
        }
        bounded("tasks", self.tasks.len())?;
        bounded("places", self.places.len())?;
        bounded("dates", self.dates.len())?;
        bounded("languages", self.languages.len())?;
        bounded("accessibility", self.accessibility.len())?;
        for (key, value) in &self.accessibility {
            code("accessibility", Some(key))?;
            code("accessibility", Some(value))?;
        }
        for language in &self.languages {
            code("languages", Some(&language.code))?;
            code("languages", language.need.as_ref())?;
        }
        code("actor", self.actor.as_ref())?;
        code("commitment", self.commitment.as_ref())?;
        code("mode", self.mode.as_ref())?;
        code("urgency", self.urgency.as_ref())?;
        code("verified_by", self.verified_by.as_ref())?;
        code("hours", self.hours.as_ref().and_then(|hours| hours.per.as_ref()))
    }

    fn check_place(&self, place: &Place) -> Result<(), RecordError> {
        line("places.town", place.town.as_deref(), SHORT_CHARS)?;
        line("places.district", place.district.as_deref(), SHORT_CHARS)?;
        line("places.street", place.street.as_deref(), SHORT_CHARS)?;
        code("places.precision", place.precision.as_ref())?;
        // A private person shows the area, never the address: nobody is to be found at home.
        let private = self.is_private_offer();
        if let Some(plz) = &place.plz {
            let digits = if private { 3 } else { 5 };
            if plz.len() != digits || !plz.bytes().all(|byte| byte.is_ascii_digit()) {
                return Err(rule("places.plz", "5 digits, or the first 3 of a private person's"));
            }
        }
        if private && (place.street.is_some() || place.lat.is_some() || place.lon.is_some()) {
            return Err(rule(
                "places",
                "a private person's offer has no street and no coordinates",
            ));
        }
        match (place.lat, place.lon) {
            (None, None) => Ok(()),
            (Some(lat), Some(lon)) if lat.abs() <= 90.0 && lon.abs() <= 180.0 => Ok(()),
            _ => Err(rule("places", "lat and lon come together, in degrees")),
        }
    }
}

const fn rule(field: &'static str, rule: &'static str) -> RecordError {
    RecordError::Rule { field, rule }
}

fn checked(field: &'static str, result: Result<(), TextError>) -> Result<(), RecordError> {
    result.map_err(|error| RecordError::Text { field, error })
}

fn line(field: &'static str, text: Option<&str>, limit: usize) -> Result<(), RecordError> {
    text.map_or(Ok(()), |text| checked(field, text::check_line(text, limit)))
}

fn url(field: &'static str, url: Option<&str>) -> Result<(), RecordError> {
    let Some(url) = url else { return Ok(()) };
    line(field, Some(url), URL_CHARS)?;
    // Only what a browser opens as a page: a `javascript:` link from a feed would run on our site.
    let web = url.starts_with("https://") || url.starts_with("http://");
    if web && !url.contains([' ', '"', '<', '>', '\\']) {
        Ok(())
    } else {
        Err(rule(field, "an address that begins with https:// or http:// is expected"))
    }
}

fn code(field: &'static str, code: Option<&Code>) -> Result<(), RecordError> {
    let Some(code) = code else { return Ok(()) };
    let shaped = (1..=40).contains(&code.len())
        && code
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
    if shaped { Ok(()) } else { Err(rule(field, "a code is 1 to 40 of a-z, 0-9, _ and -")) }
}

fn bounded(field: &'static str, items: usize) -> Result<(), RecordError> {
    if items <= LIST_ITEMS { Ok(()) } else { Err(rule(field, "at most 64 entries")) }
}

fn date_time(text: &str) -> Result<(), RecordError> {
    // The parser knows more spellings than RFC 3339 and no other reader knows the same ones.
    if is_date_time(text) && text.parse::<jiff::Timestamp>().is_ok() {
        Ok(())
    } else {
        Err(rule("dates", "date and time with offset are expected, as 2026-12-05T10:00:00+01:00"))
    }
}

/// Whether a text has the shape `YYYY-MM-DDThh:mm:ss`, a fraction of up to 9 digits, `Z` or `±hh:mm`.
fn is_date_time(text: &str) -> bool {
    let fits = |text: &str, shape: &str| {
        text.len() == shape.len()
            && text.bytes().zip(shape.bytes()).all(|(found, expected)| match expected {
                b'0' => found.is_ascii_digit(),
                b'+' => matches!(found, b'+' | b'-'),
                _ => found == expected,
            })
    };
    let Some((time, rest)) = text.split_at_checked(19) else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        ((1..=9).contains(&digits), rest.get(digits..).unwrap_or_default())
    });
    let (bounded, offset) = fraction.unwrap_or((true, rest));
    fits(time, "0000-00-00T00:00:00") && bounded && (offset == "Z" || fits(offset, "+00:00"))
}
