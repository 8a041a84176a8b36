//! Days, moments and numbers as people here write them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Europe::London;

/// `24 September 2007`
pub fn day(day: &NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `24 Sep 2007`, for tables.
pub fn short(day: &NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

/// `Monday 24 September 2007`
pub fn weekday(day: &NaiveDate) -> String {
    day.format("%A %-d %B %Y").to_string()
}

/// `24 September 2007 at 2:05pm`, in this country's time.
pub fn moment(moment: &DateTime<Utc>) -> String {
    let local = moment.with_timezone(&London);
    local.format("%-d %B %Y at %-I:%M%P").to_string()
}

/// The moment a day begins in this country.
pub fn begins(day: &NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = London.from_local_datetime(&day.and_time(NaiveTime::MIN));
    Some(midnight.earliest()?.with_timezone(&Utc))
}

/// The moment a day is over in this country: the next one begins.
pub fn ends(day: &NaiveDate) -> Option<DateTime<Utc>> {
    begins(&day.succ_opt()?)
}

/// `1,234.5`: a number as it was recorded, with its thousands apart.
pub fn number(figure: &str) -> String {
    let (sign, digits) = match figure.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("", figure),
    };
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{rest}")
}

/// `1 action`, `2 actions`
#[expect(
    clippy::needless_pass_by_value,
    reason = "templates hand over values and references alike"
)]
pub fn count(number: impl ToString, one: &str, many: &str) -> String {
    let number = number.to_string();
    let what = if number == "1" { one } else { many };
    format!("{} {what}", self::number(&number))
}

/// `2008-09` as it is said: `2008 to 2009`.
pub fn session(session: &str) -> String {
    match session.split_once('-') {
        Some((from, to)) if from.len() == 4 && to.len() == 2 => {
            format!("{from} to {}{to}", &from[..2])
        }
        _ => session.to_owned(),
    }
}

/// The session a day falls into: they run from April to March.
pub fn session_of(day: &NaiveDate) -> String {
    let began = if day.month() >= 4 {
        day.year()
    } else {
        day.year() - 1
    };
    format!("{began}-{:02}", (began + 1).rem_euclid(100))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_moments_and_numbers_are_written_as_here() {
        let on = NaiveDate::from_ymd_opt(2007, 9, 4).expect("a day");
        assert_eq!(day(&on), "4 September 2007");
        assert_eq!(weekday(&on), "Tuesday 4 September 2007");
        assert_eq!(
            (short(&on).as_str(), session_of(&on).as_str()),
            ("4 Sep 2007", "2007-08")
        );
        let at = on.and_hms_opt(13, 5, 0).expect("a time").and_utc();
        assert_eq!(moment(&at), "4 September 2007 at 2:05pm");
        let [begun, over] = [begins(&on), ends(&on)].map(|moment| moment.map(|it| it.to_rfc3339()));
        assert_eq!(begun.as_deref(), Some("2007-09-03T23:00:00+00:00"));
        assert_eq!(over.as_deref(), Some("2007-09-04T23:00:00+00:00"));
        assert_eq!(number("1234567.50"), "1,234,567.50");
        assert_eq!(
            (number("-12"), number("999")),
            ("−12".to_owned(), "999".to_owned())
        );
        assert_eq!(count(1, "action", "actions"), "1 action");
        assert_eq!(session("2009-10"), "2009 to 2010");
    }
}
