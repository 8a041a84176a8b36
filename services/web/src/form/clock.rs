//! A time of day in one field, as people type it.

use super::Fields;

/// What is said where a time cannot be read.
const NOT_A_TIME: &str = "enter a time of day, such as 10:30 or 2pm, or leave it empty";

/// The time of day in the field of this name, as the schema takes it: `14:30`. None where nothing was typed.
///
/// # Errors
/// Words that say what to enter, where it is no time of day.
pub fn time_of_day(fields: &Fields, name: &str) -> Result<Option<String>, &'static str> {
    let typed = fields.some(name);
    typed
        .map(|typed| on_the_clock(&typed).ok_or(NOT_A_TIME))
        .transpose()
}

/// Half of the day.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Afternoon,
}

/// The hours that are of the afternoon where nothing else is said: nobody meets at half past two at night.
const AFTERNOON: std::ops::RangeInclusive<u8> = 1..=6;

/// A time of day as it was read, with what is easily mistaken in it said: `14:30 (2.30 in the afternoon)`.
pub fn as_read(time: &str) -> String {
    let after_noon = time.split_once(':').and_then(|(hours, minutes)| {
        let hours = hours.parse::<u8>().ok()?.checked_sub(12)?;
        AFTERNOON.contains(&hours).then_some((hours, minutes))
    });
    match after_noon {
        Some((hours, minutes)) => format!("{time} ({hours}.{minutes} in the afternoon)"),
        None => time.to_owned(),
    }
}

/// `2pm`, `2.30 pm`, `2.30`, `14:30`, `10.30`, `0930` and `noon` on a 24-hour clock. A bare `2` may be an hour or a slip, and is none.
fn on_the_clock(typed: &str) -> Option<String> {
    let letters = typed.chars().filter(|letter| !letter.is_whitespace());
    let typed: String = letters.flat_map(char::to_lowercase).collect();
    if matches!(typed.as_str(), "noon" | "midday" | "12noon") {
        return Some("12:00".to_owned());
    }
    let (digits, half) = halved(&typed);
    let (hours, minutes) = match digits.split_once([':', '.']) {
        Some((hours, minutes)) => (hours, minutes),
        None if digits.len() > 2 => digits.split_at_checked(digits.len() - 2)?,
        None => (digits, half.map(|_| "00")?),
    };
    let number = |part: &str, most: usize| {
        let plain =
            (1..=most).contains(&part.len()) && part.bytes().all(|one| one.is_ascii_digit());
        plain.then(|| part.parse::<u8>().ok()).flatten()
    };
    let minutes = (minutes.len() == 2).then(|| number(minutes, 2)).flatten()?;
    let hours = match (number(hours, 2)?, half) {
        (12, Some(Half::Morning)) => 0,
        (hours, None) if AFTERNOON.contains(&hours) => hours + 12,
        (hours, None) | (hours @ 1..=11, Some(Half::Morning)) => hours,
        (12, Some(Half::Afternoon)) => 12,
        (hours @ 1..=11, Some(Half::Afternoon)) => hours + 12,
        _ => return None,
    };
    (hours < 24 && minutes < 60).then(|| format!("{hours:02}:{minutes:02}"))
}

/// The figures, and the half of the day that was said after them.
fn halved(typed: &str) -> (&str, Option<Half>) {
    let ends = [
        ("am", Half::Morning),
        ("a.m.", Half::Morning),
        ("a.m", Half::Morning),
        ("pm", Half::Afternoon),
        ("p.m.", Half::Afternoon),
        ("p.m", Half::Afternoon),
    ];
    let found = ends.into_iter().find_map(|(end, half)| {
        let figures = typed.strip_suffix(end)?;
        Some((figures, Some(half)))
    });
    found.unwrap_or((typed, None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_read_as_people_type_it() {
        for (typed, read) in [
            ("2pm", "14:00"),
            ("2 pm", "14:00"),
            ("2.30pm", "14:30"),
            ("2:30 P.M.", "14:30"),
            ("230pm", "14:30"),
            ("14:30", "14:30"),
            ("10.30", "10:30"),
            ("9:30", "09:30"),
            ("2.30", "14:30"),
            ("6:00", "18:00"),
            ("0130", "13:30"),
            ("2.30am", "02:30"),
            ("7.15", "07:15"),
            ("12.30", "12:30"),
            ("0:15", "00:15"),
            ("930am", "09:30"),
            ("0930", "09:30"),
            ("12pm", "12:00"),
            ("12.15 am", "00:15"),
            ("noon", "12:00"),
            ("12 noon", "12:00"),
        ] {
            assert_eq!(on_the_clock(typed).as_deref(), Some(read), "{typed}");
        }
    }

    #[test]
    fn how_a_time_was_read_is_said_where_it_is_easily_mistaken() {
        assert_eq!(as_read("14:30"), "14:30 (2.30 in the afternoon)");
        assert_eq!(as_read("18:00"), "18:00 (6.00 in the afternoon)");
        for plain in ["09:30", "12:30", "19:00", "02:30", "00:15"] {
            assert_eq!(as_read(plain), plain);
        }
    }

    #[test]
    fn what_is_no_time_of_day_is_said_and_nothing_typed_is_none() {
        for typed in [
            "2",
            "14",
            "half past nine",
            "25:00",
            "10:60",
            "10:3",
            "13pm",
            "0am",
            "14:30pm",
            "10:30:00",
            "pm",
            ":30",
            "١٠:٣٠",
        ] {
            assert_eq!(on_the_clock(typed), None, "{typed}");
        }
        let fields = Fields::from_iter([("time", "2pm"), ("next.time", "soon"), ("empty", "  ")]);
        assert_eq!(time_of_day(&fields, "time"), Ok(Some("14:00".to_owned())));
        assert_eq!(time_of_day(&fields, "next.time"), Err(NOT_A_TIME));
        assert_eq!(time_of_day(&fields, "empty"), Ok(None));
    }
}
