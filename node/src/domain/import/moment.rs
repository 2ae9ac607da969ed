//! Days and times as people and other systems write them.

use engagement_protocol::opportunity::Occurrence;
use engagement_protocol::time::Day;

/// Offers of North Rhine-Westphalia that name no offset mean this one.
const ZONE: &str = "Europe/Berlin";

/// Reads `2026-12-05`, `05.12.2026`, `5.12.26` or the day of a date with time.
pub(super) fn day(text: &str) -> Option<Day> {
    let text = text.trim();
    if let Some(Ok(day)) = text.get(..10).map(str::parse) {
        return text
            .get(10..)
            .is_none_or(|rest| rest.is_empty() || rest.starts_with(['T', ' ']))
            .then_some(day);
    }
    let word = text.split([' ', ',']).next()?;
    let mut parts = word.split('.');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || !matches!(year.len(), 2 | 4) {
        return None;
    }
    let century = if year.len() == 2 { 2000 } else { 0 };
    let year: i16 = year.parse().ok()?;
    Day::new(year + century, month.parse().ok()?, day.parse().ok()?).ok()
}

/// Reads Unix seconds as a day; 0 is unknown.
pub(super) fn unix_day(text: &str) -> Option<Day> {
    let seconds: u64 = text.trim().parse().ok().filter(|seconds| *seconds > 0)?;
    u32::try_from(seconds / 86_400).ok().map(Day::from_number)
}

/// Reads a date with time as RFC 3339 with offset: `2026-12-05T10:00`, `05.12.2026 10:00 Uhr`.
pub(super) fn date_time(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() <= 35 && text.len() >= 20 && text.parse::<jiff::Timestamp>().is_ok() {
        return Some(text.to_owned());
    }
    let (year, month, of_month) = day(text)?.ymd();
    let clock = text.split_once(['T', ' ']).map(|(_, clock)| clock)?;
    let clock = clock.trim_start_matches(|c: char| !c.is_ascii_digit());
    let mut parts = clock.split(|c: char| !c.is_ascii_digit());
    let hour = parts.next()?.parse().ok()?;
    let minute = parts.next().filter(|m| !m.is_empty()).map_or(Some(0), |m| m.parse().ok())?;
    let time = jiff::civil::Time::new(hour, minute, 0, 0).ok()?;
    let date = jiff::civil::Date::new(year, month, of_month).ok()?;
    let zoned = date.to_datetime(time).in_tz(ZONE).ok()?;
    Some(zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string())
}

/// Reads the end of a span: `05.12.2026 10:00-12:00`, `5.12.26, 10 bis 12 Uhr`.
pub(super) fn end_time(text: &str) -> Option<String> {
    if text.trim().parse::<jiff::Timestamp>().is_ok() {
        return None;
    }
    let (_, clock) = text.trim().split_once(['T', ' '])?;
    let (_, end) = clock.split_once(['-', '–']).or_else(|| clock.split_once("bis"))?;
    let whole = if day(end).is_some() { end.to_owned() } else { format!("{} {end}", day(text)?) };
    date_time(&whole).filter(|end| date_time(text).is_some_and(|start| start <= *end))
}

/// Returns the last local day that these dates touch.
pub(super) fn last_day(dates: &[Occurrence]) -> Option<Day> {
    let days = dates.iter().flat_map(|date| [Some(date.start.as_str()), date.end.as_deref()]);
    days.flatten().filter_map(day).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_days_in_both_spellings() {
        for text in ["2026-12-05", "05.12.2026", "5.12.26", "2026-12-05T10:00", " 05.12.2026 10:00"]
        {
            assert_eq!(day(text).unwrap().to_string(), "2026-12-05", "{text}");
        }
        for text in ["", "morgen", "31.02.2026", "12/05/2026", "2026-12-055", "5.12.", "ä.ö.ü"] {
            assert_eq!(day(text), None, "{text}");
        }
        assert_eq!(unix_day("1664958120").unwrap().to_string(), "2022-10-05");
        assert_eq!(unix_day("0"), None);
    }

    #[test]
    fn a_time_without_offset_is_local() {
        assert_eq!(date_time("2026-12-05T10:00").unwrap(), "2026-12-05T10:00:00+01:00");
        assert_eq!(date_time("05.07.2026, 9 Uhr").unwrap(), "2026-07-05T09:00:00+02:00");
        assert_eq!(date_time("2026-12-05T10:00:00Z").unwrap(), "2026-12-05T10:00:00Z");
        assert_eq!(date_time("2026-12-05"), None);
        assert_eq!(date_time("2026-12-05T25:00"), None);
    }

    #[test]
    fn a_span_keeps_its_end() {
        for text in
            ["05.12.2026 10:00-12:00", "5.12.26, 10.00 – 12.00 Uhr", "05.12.2026 10 bis 12 Uhr"]
        {
            assert_eq!(end_time(text).unwrap(), "2026-12-05T12:00:00+01:00", "{text}");
        }
        assert_eq!(
            end_time("05.12.2026 10:00 - 06.12.2026 9:00").unwrap(),
            "2026-12-06T09:00:00+01:00"
        );
        for text in
            ["05.12.2026 10:00", "05.12.2026 10:00-9:00", "2026-12-05T10:00:00-01:00", "2026-12-05"]
        {
            assert_eq!(end_time(text), None, "{text}");
        }
    }
}
