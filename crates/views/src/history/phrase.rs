//! Turns of phrase the sentences share.

use chrono::NaiveDate;
use domain::figure::{Figure, MeasureKind};
use domain::timescale::Timescale;
use domain::visibility::{Visibility, VisibilityChanged};
use domain::{Text, TextRedacted};

/// A sentence with its reason: "… changed from 10 to 12: the LSC asked for more."
pub(super) fn because(sentence: &str, reason: &str) -> String {
    format!("{sentence}: {}", ended(reason))
}

/// A text was redacted, with the reason why.
pub(super) fn redacted(event: &TextRedacted) -> String {
    because("Redacted a text", event.reason.shown())
}

/// A sentence with its reason, if one was given.
pub(super) fn because_maybe(sentence: &str, reason: Option<&str>) -> String {
    match reason {
        Some(reason) => because(sentence, reason),
        None => format!("{sentence}."),
    }
}

/// Running text with a full stop, unless it ends a sentence already.
pub(super) fn ended(text: &str) -> String {
    if text.ends_with(['.', '!', '?', '…']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// Text in quotation marks.
pub(super) fn quoted(text: &str) -> String {
    format!("“{text}”")
}

/// A date: "24 September 2007".
pub(super) fn day(date: NaiveDate) -> String {
    date.format("%-d %B %Y").to_string()
}

/// A date that may not be set.
pub(super) fn day_or_none(date: Option<NaiveDate>) -> String {
    date.map_or_else(|| "no date".to_owned(), day)
}

/// A timescale: "“End of July 07” (31 July 2007)".
pub(super) fn timescale(timescale: &Timescale) -> String {
    match timescale.due_on {
        Some(due_on) => format!("{} ({})", quoted(&timescale.text), day(due_on)),
        None => quoted(&timescale.text),
    }
}

/// A timescale that may not be set.
pub(super) fn timescale_or_none(value: Option<&Timescale>) -> String {
    value.map_or_else(|| "no timescale".to_owned(), timescale)
}

/// How something was released or taken back: "Commitment 1 of 2008-09 was released to the region."
pub(super) fn let_out(name: &str, change: &VisibilityChanged) -> String {
    let sentence = match (change.from, change.to) {
        (from, Visibility::Draft) => format!("{name} was taken back from {}", whom(from)),
        (from, to) if to < from => {
            let (from, to) = (whom(from), whom(to));
            format!("{name} was taken back from {from}; {to} can still read it")
        }
        (_, to) => format!("{name} was released to {}", whom(to)),
    };
    because_maybe(&sentence, change.reason.as_ref().map(Text::shown))
}

const fn whom(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "its writers",
        Visibility::Compact => "the compact",
        Visibility::Region => "the region",
        Visibility::Public => "the public",
    }
}

/// A list in words: "1", "1 and 2", "1, 2 and 3".
pub(super) fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What a measure counts, and how: as much of it as a sentence needs.
#[derive(Clone, Copy)]
pub(super) struct Counted<'a> {
    pub name: &'a str,
    pub unit: &'a str,
    pub kind: MeasureKind,
}

impl Counted<'_> {
    /// A figure with its unit; a milestone's figure says whether it is reached.
    pub(super) fn figure(self, value: Figure) -> String {
        match self.kind {
            MeasureKind::Milestone if value == Figure::ZERO => "not yet reached".to_owned(),
            MeasureKind::Milestone => "reached".to_owned(),
            _ if self.unit.is_empty() => value.to_string(),
            _ => format!("{value} {}", self.unit),
        }
    }

    /// "from 10 to 12 organisations".
    pub(super) fn change(self, from: Option<Figure>, to: Figure) -> String {
        match (self.kind, from) {
            (MeasureKind::Milestone, _) => format!("to {}", self.figure(to)),
            (_, Some(from)) => format!("from {from} to {}", self.figure(to)),
            (_, None) => format!("from none to {}", self.figure(to)),
        }
    }
}
