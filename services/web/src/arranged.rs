//! When and where a called meeting is to be, in words: told alike wherever it is told.

use crate::documents::scalars::Date;
use crate::uk;

/// What is said where it is not known when.
const NOT_YET: &str = "a day not yet agreed";

/// When and where a meeting is to be, as far as that is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Arranged<'a> {
    /// The day.
    pub on: Option<&'a Date>,
    /// When, in the words as agreed.
    pub words: Option<&'a str>,
    /// The time.
    pub time: Option<&'a str>,
    /// The place.
    pub venue: Option<&'a str>,
}

/// What a document's own arrangement says: the day and the words; and where it asks for them, the time and the place.
macro_rules! arranged {
    (day of $it:expr) => {
        $crate::arranged::Arranged {
            on: $it.on.as_ref(),
            words: $it.words.as_deref(),
            ..$crate::arranged::Arranged::default()
        }
    };
    ($it:expr) => {
        $crate::arranged::Arranged {
            time: $it.time.as_deref(),
            venue: $it.venue.as_deref(),
            ..$crate::arranged::arranged!(day of $it)
        }
    };
}

pub(crate) use arranged;

impl Arranged<'_> {
    /// "Tuesday 16 October 2007", or "late September".
    pub fn day(self) -> String {
        let day = self.on.map(uk::weekday);
        let words = self.words.map(str::to_owned);
        day.or(words).unwrap_or_else(|| NOT_YET.to_owned())
    }

    /// "Tuesday 16 October 2007, 10:00, the county hall".
    pub fn in_words(self) -> String {
        let day = self.on.map(uk::weekday);
        let others = [self.words, self.time, self.venue];
        let others = others.into_iter().flatten().map(str::to_owned);
        let parts: Vec<String> = day.into_iter().chain(others).collect();
        if parts.is_empty() {
            NOT_YET.to_owned()
        } else {
            parts.join(", ")
        }
    }
}

/// When a meeting was held, or for when it is called.
pub fn held_or_called(held_on: Option<&Date>, arranged: Option<Arranged<'_>>) -> String {
    match (held_on, arranged) {
        (Some(held), _) => uk::weekday(held),
        (None, Some(arranged)) => format!("called for {}", arranged.day()),
        (None, None) => NOT_YET.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn when_and_where_a_meeting_is_to_be_is_told_as_far_as_it_is_known() {
        let on = Date::from_ymd_opt(2007, 10, 16);
        let whole = Arranged {
            on: on.as_ref(),
            words: None,
            time: Some("10:00"),
            venue: Some("the county hall"),
        };
        let words = "Tuesday 16 October 2007, 10:00, the county hall";
        assert_eq!(whole.in_words(), words);
        assert_eq!(whole.day(), "Tuesday 16 October 2007");
        let late = Arranged {
            words: Some("late September"),
            ..Arranged::default()
        };
        assert_eq!(
            (late.day(), late.in_words()),
            ("late September".to_owned(), "late September".to_owned())
        );
        let nothing = Arranged::default();
        assert_eq!(
            (nothing.day().as_str(), nothing.in_words().as_str()),
            (NOT_YET, NOT_YET)
        );
        assert_eq!(
            held_or_called(None, Some(late)),
            "called for late September"
        );
        assert_eq!(
            held_or_called(on.as_ref(), Some(late)),
            "Tuesday 16 October 2007"
        );
    }
}
