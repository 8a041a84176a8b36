//! Names that stand in the place of mentions and are marked as such: for whoever shows a text to somebody who may change it, and puts
//! the mentions back where the names still stand.
//!
//! A marked name is `U+FFF9 name U+FFFA id U+FFFB`, after the characters that Unicode keeps for annotated words. They stand in no
//! marked text for anything else: where somebody wrote them, they are left out.

use std::borrow::Cow;

use super::{ERASED_PERSON, next_mention, of};
use crate::ids::PersonId;

const NAME: char = '\u{FFF9}';
const PERSON: char = '\u{FFFA}';
const END: char = '\u{FFFB}';
const MARKS: [char; 3] = [NAME, PERSON, END];

/// A part of a marked text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words as they are.
    Words(&'a str),
    /// A name in the place of a mention, and who is mentioned.
    Person(&'a str, PersonId),
}

impl<'a> Piece<'a> {
    /// What is seen of it.
    pub const fn seen(self) -> &'a str {
        match self {
            Self::Words(words) | Self::Person(words, _) => words,
        }
    }
}

/// Whether a text has a mark in it.
pub fn is_marked(says: &str) -> bool {
    // One letter after the other is looked for faster than any of three.
    MARKS.into_iter().any(|mark| says.contains(mark))
}

/// Words without marks.
pub fn bare(words: &str) -> Cow<'_, str> {
    if is_marked(words) {
        Cow::Owned(words.replace(MARKS, ""))
    } else {
        Cow::Borrowed(words)
    }
}

/// A name in the place of a mention of this person.
pub fn marked(name: &str, person: PersonId) -> String {
    format!("{NAME}{}{PERSON}{person}{END}", bare(name))
}

/// What a text says with marked names in the place of mentions; [`ERASED_PERSON`], marked as well, where `name` knows none, and
/// `unknown` in plain words where nobody is told who it is.
pub fn with_marked_names<'a>(
    says: &str,
    name: impl Fn(PersonId) -> Result<Option<&'a str>, &'a str>,
) -> String {
    let says = bare(says);
    let mut shown = String::with_capacity(says.len());
    let mut rest = says.as_ref();
    while let Some((before, person, after)) = next_mention(rest) {
        shown.push_str(before);
        match name(person) {
            Ok(name) => shown.push_str(&marked(name.unwrap_or(ERASED_PERSON), person)),
            Err(unknown) => shown.push_str(unknown),
        }
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The parts of a marked text, in order. A mark that belongs to no name is part of the words.
pub fn pieces(says: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = says;
    let mut next = None;
    std::iter::from_fn(move || {
        if let Some(person) = next.take() {
            return Some(person);
        }
        if rest.is_empty() {
            return None;
        }
        let Some((before, name, person, after)) = next_name(rest) else {
            return Some(Piece::Words(std::mem::take(&mut rest)));
        };
        rest = after;
        let person = Piece::Person(name, person);
        if before.is_empty() {
            return Some(person);
        }
        next = Some(person);
        Some(Piece::Words(before))
    })
}

/// The words before the first marked name, the name, whose it is, and the words after it.
fn next_name(says: &str) -> Option<(&str, &str, PersonId, &str)> {
    for (at, _) in says.match_indices(NAME) {
        let inside = &says[at + NAME.len_utf8()..];
        let named = inside
            .split_once(PERSON)
            .filter(|(name, _)| !is_marked(name));
        let Some((name, rest)) = named else {
            continue;
        };
        let ended = rest.split_once(END);
        if let Some((person, after)) = ended.and_then(|(id, after)| Some((id.parse().ok()?, after)))
        {
            return Some((&says[..at], name, person, after));
        }
    }
    None
}

/// What is seen of a marked text, or of any part of one: names, and nothing of the marks.
pub fn seen(says: &str) -> Cow<'_, str> {
    if !is_marked(says) {
        return Cow::Borrowed(says);
    }
    let mut seen = String::with_capacity(says.len());
    let mut parts = says.split(PERSON);
    seen.push_str(&bare(parts.next().unwrap_or_default()));
    for part in parts {
        let id = part.split_once(END);
        let rest = id.filter(|(id, _)| id.parse::<PersonId>().is_ok());
        seen.push_str(&bare(rest.map_or(part, |(_, rest)| rest)));
    }
    Cow::Owned(seen)
}

/// A marked text as it is written: mentions in the place of the names.
pub fn written(says: &str) -> Cow<'_, str> {
    if !is_marked(says) {
        return Cow::Borrowed(says);
    }
    let parts = pieces(says).map(|piece| match piece {
        Piece::Words(words) => bare(words),
        Piece::Person(_, person) => Cow::Owned(of(person)),
    });
    Cow::Owned(parts.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(n))
    }

    #[test]
    fn a_name_stands_in_the_place_of_a_mention_and_the_mention_comes_back() {
        let (first, erased, other) = (person(1), person(2), person(3));
        let says = format!("Ask {} or {}, not {}.", of(first), of(erased), of(other));
        let names = |person| match person {
            _ if person == first => Ok(Some("A. N. Other")),
            _ if person == erased => Ok(None),
            _ => Err("[a person]"),
        };
        let shown = with_marked_names(&says, names);
        assert_eq!(
            seen(&shown),
            "Ask A. N. Other or [erased person], not [a person]."
        );
        let back = format!("Ask {} or {}, not [a person].", of(first), of(erased));
        assert_eq!(written(&shown), back);
    }

    #[test]
    fn marks_that_somebody_wrote_mark_nothing() {
        let one = person(1);
        let forged = marked("Somebody", one);
        let shown = with_marked_names(&forged, |_| Ok(Some("nobody")));
        assert!(!is_marked(&shown), "{shown}");
        for half in [
            format!("{NAME}A"),
            format!("{NAME}A{PERSON}not an id{END}"),
            format!("{PERSON}{one}{END}"),
            format!("{NAME}A{NAME}"),
        ] {
            let only: Vec<Piece<'_>> = pieces(&half).collect();
            assert_eq!(only, [Piece::Words(&half)]);
            assert!(!is_marked(&seen(&half)));
        }
        let whole = marked("A. N.", one);
        let late = format!("{NAME}A {}", marked("B", one));
        assert_eq!(seen(&late), "A B");
        // Cut in two, as where words that changed are marked, it shows no more.
        let (one_half, other_half) = whole.split_at(whole.find('N').expect("within the name"));
        assert_eq!(format!("{}{}", seen(one_half), seen(other_half)), "A. N.");
        assert_eq!(seen(&marked(&forged, one)), format!("Somebody{one}"));
    }

    proptest! {
        #[test]
        fn what_was_written_comes_back_and_no_mark_is_seen(
            parts in prop::collection::vec(("[^\u{FFF9}-\u{FFFB}]{0,8}", 1_u128..4, "\\PC{0,6}"), 0..6)
        ) {
            let mut says = String::new();
            let mut names = std::collections::BTreeMap::new();
            for (words, n, name) in &parts {
                says.push_str(words);
                says.push_str(&of(person(*n)));
                names.entry(person(*n)).or_insert_with(|| name.clone());
            }
            let shown = with_marked_names(&says, |person| Ok(names.get(&person).map(String::as_str)));
            prop_assert_eq!(written(&shown), says.as_str());
            prop_assert!(!is_marked(&seen(&shown)));
        }

        #[test]
        fn any_text_can_be_read(says in "[ab\u{FFF9}\u{FFFA}\u{FFFB}0-9-]{0,60}") {
            let whole: String = pieces(&says).map(Piece::seen).collect();
            prop_assert!(whole.len() <= says.len());
            prop_assert!(!is_marked(&written(&says)));
        }
    }
}
