//! Times in German words: what was understood, for reports and chips. "Montag bis Freitag nachmittags".

use engagement_protocol::opportunity::{Code, Hours};

use super::week::{Parts, Week};
use crate::domain::vocabulary::{List, Vocabulary};

const DAYS: [&str; 7] =
    ["montags", "dienstags", "mittwochs", "donnerstags", "freitags", "samstags", "sonntags"];
const NAMES: [&str; 7] =
    ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];

/// Returns slots in words; days with the same times are named together.
#[must_use]
pub fn slots(codes: &[Code]) -> String {
    let (week, others) = Week::read(codes);
    let mut said: Vec<String> = Vec::new();
    let mut done = [false; 7];
    for day in 0_u8..7 {
        let parts = week.on(day);
        if parts.is_empty() || done.get(usize::from(day)).copied().unwrap_or(true) {
            continue;
        }
        let same: Vec<usize> =
            (0_u8..7).filter(|other| week.on(*other) == parts).map(usize::from).collect();
        for day in &same {
            if let Some(done) = done.get_mut(*day) {
                *done = true;
            }
        }
        let (days, times) = (days(&same), times(parts));
        said.push(
            [days, times].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" "),
        );
    }
    let vocabulary = Vocabulary::embedded();
    let label = |code: &str| vocabulary.label(List::Slots, code).to_owned();
    let mut strange = false;
    for code in others {
        // Codes that nobody knows are one "weitere".
        let known = vocabulary.contains(List::Slots, code);
        if known || !std::mem::replace(&mut strange, true) {
            said.push(label(code));
        }
    }
    said.join(", ")
}

/// Returns how long and how often in words.
#[must_use]
pub fn hours(hours: &Hours) -> String {
    if hours.flexible == Some(true) && hours.per_occurrence.is_none() {
        return "Zeit frei einteilbar".to_owned();
    }
    let amount = hours.per_occurrence.map(|hours| {
        if hours < 0.95 {
            return format!("{:.0} Minuten", hours * 60.0);
        }
        let number = decimal(hours);
        if number == "1" { "1 Stunde".to_owned() } else { format!("{number} Stunden") }
    });
    let often = hours.times.zip(hours.per.as_deref()).map(|(times, per)| {
        let per = match per {
            "day" => "am Tag",
            "week" => "in der Woche",
            "month" => "im Monat",
            _ => "im Jahr",
        };
        match (times, &amount) {
            (1, Some(_)) => per.to_owned(),
            (times, _) => format!("{times}-mal {per}"),
        }
    });
    [amount, often].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Returns a number with a decimal comma, to a tenth.
#[must_use]
pub fn decimal(number: f64) -> String {
    let text = format!("{number:.1}");
    text.strip_suffix(".0").map_or_else(|| text.replace('.', ","), str::to_owned)
}

fn days(days: &[usize]) -> String {
    let name = |day: &usize| NAMES.get(*day).copied().unwrap_or_default();
    let run = days.windows(2).all(|pair| matches!(pair, [a, b] if a + 1 == *b));
    match days {
        [5, 6] => "am Wochenende".to_owned(),
        days if days.len() == 7 => String::new(),
        [first, .., last] if run && days.len() > 2 => format!("{} bis {}", name(first), name(last)),
        days => {
            let words: Vec<_> = days.iter().filter_map(|day| DAYS.get(*day).copied()).collect();
            list(&words)
        }
    }
}

fn times(parts: Parts) -> String {
    let all = [
        (Parts::MORNING, "vormittags"),
        (Parts::AFTERNOON, "nachmittags"),
        (Parts::EVENING, "abends"),
    ];
    if parts == Parts::ALL {
        return String::new();
    }
    let words: Vec<_> = all
        .into_iter()
        .filter(|(part, _)| parts.and(*part) == parts)
        .map(|(_, word)| word)
        .collect();
    list(&words)
}

fn list(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} und {last}", first.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::week::Days;
    use super::*;

    #[test]
    fn days_with_the_same_times_are_named_together() {
        let say = |days, parts| slots(&Week::of(days, parts).codes());
        assert_eq!(say(Days::WEEKDAYS, Parts::AFTERNOON), "Montag bis Freitag nachmittags");
        assert_eq!(say(Days::NONE, Parts::EVENING), "abends");
        assert_eq!(say(Days::WEEKEND, Parts::NONE), "am Wochenende");
        assert_eq!(say(Days::one(5), Parts::NONE), "samstags");
        let two = Week::of(Days::one(0).and(Days::one(2)), Parts::MORNING);
        let mut codes = two.and(Week::of(Days::one(4), Parts::EVENING)).codes();
        codes.extend(["by_arrangement", "neu_1", "neu_2"].map(str::to_owned));
        let said = "montags und mittwochs vormittags, freitags abends, nach Absprache, weitere";
        assert_eq!(slots(&codes), said);
    }

    #[test]
    fn amounts_are_said_as_people_say_them() {
        let say = |per_occurrence, times, per: &str| {
            hours(&Hours { per_occurrence, times, per: Some(per.to_owned()), flexible: None })
        };
        assert_eq!(say(Some(2.5), Some(1), "week"), "2,5 Stunden in der Woche");
        assert_eq!(say(Some(3.0), Some(2), "month"), "3 Stunden 2-mal im Monat");
        assert_eq!(say(None, Some(1), "year"), "1-mal im Jahr");
        assert_eq!(say(Some(0.5), None, "week"), "30 Minuten");
    }
}
