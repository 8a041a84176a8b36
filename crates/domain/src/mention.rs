//! Mentions: a text names a person by id, so that the name stands in one place and goes with the person.
//!
//! Written `@{6f9619ff-8b86-d011-b42d-00cf4fc964ff}`, the id in its long form with hyphens. Anything else that begins like a
//! mention is what it looks like: plain words.

pub mod marked;

use crate::ids::PersonId;

/// What is shown where a person is mentioned of whom no name is known any more.
pub const ERASED_PERSON: &str = "[erased person]";

/// What whoever is not told people's names is shown where a person is mentioned.
pub const SOME_PERSON: &str = "[a person]";

const OPENING: &str = "@{";
const CLOSING: char = '}';
/// Characters of an id in its long form.
const ID_LENGTH: usize = 36;

/// How a text mentions this person.
pub fn of(person: PersonId) -> String {
    format!("{OPENING}{person}{CLOSING}")
}

/// Whether a text may mention anybody: told without reading it closely.
pub fn may_mention(says: &str) -> bool {
    says.contains(OPENING)
}

/// The people a text mentions, in its order, each as often as it does.
pub fn people_in(says: &str) -> impl Iterator<Item = PersonId> {
    let mut rest = says;
    std::iter::from_fn(move || {
        let (_, person, after) = next_mention(rest)?;
        rest = after;
        Some(person)
    })
}

/// What a text says with names in the place of mentions; [`ERASED_PERSON`] where `name` knows none. What a name says is not
/// looked at again.
pub fn with_names<'a>(says: &str, name: impl Fn(PersonId) -> Option<&'a str>) -> String {
    let mut shown = String::with_capacity(says.len());
    let mut rest = says;
    while let Some((before, person, after)) = next_mention(rest) {
        shown.push_str(before);
        shown.push_str(name(person).unwrap_or(ERASED_PERSON));
        rest = after;
    }
    shown.push_str(rest);
    shown
}

/// The words before the first mention, who is mentioned, and the words after it.
fn next_mention(says: &str) -> Option<(&str, PersonId, &str)> {
    for (at, _) in says.match_indices(OPENING) {
        let inside = &says[at + OPENING.len()..];
        let (id, after) = inside.split_once(CLOSING)?;
        if id.len() != ID_LENGTH {
            continue;
        }
        if let Ok(person) = id.parse() {
            return Some((&says[..at], person, after));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn person(n: u128) -> PersonId {
        PersonId::new(Uuid::from_u128(n))
    }

    fn mentioned(says: &str) -> Vec<PersonId> {
        people_in(says).collect()
    }

    #[test]
    fn a_mention_is_an_id_in_braces_after_an_at() {
        let says = "@{6f9619ff-8b86-d011-b42d-00cf4fc964ff} to ask @{00000000-0000-0000-0000-000000000002}.";
        let first = person(0x6f96_19ff_8b86_d011_b42d_00cf_4fc9_64ff);
        assert_eq!(mentioned(says), [first, person(2)]);
        assert_eq!(mentioned(&of(first)), [first]);
    }

    #[test]
    fn what_only_looks_like_a_mention_is_plain_words() {
        for plain in [
            "somebody@example.org",
            "@{",
            "@{}",
            "@{nobody}",
            "@ {00000000-0000-0000-0000-000000000002}",
            "@{00000000-0000-0000-0000-000000000002",
            "@{00000000000000000000000000000002}",
            "@{{00000000-0000-0000-0000-00000000000}}",
            "@{zzzzzzzz-0000-0000-0000-000000000002}",
        ] {
            assert_eq!(mentioned(plain), [], "{plain}");
            assert_eq!(with_names(plain, |_| Some("somebody")), plain);
        }
        let late = format!("@{{not this}} @{{ {}", of(person(3)));
        assert_eq!(mentioned(&late), [person(3)]);
    }

    #[test]
    fn names_stand_in_the_place_of_mentions_and_words_in_the_place_of_an_erased_person() {
        let says = format!("{} and {} met – as agreed", of(person(1)), of(person(2)));
        let name = |of| (of == person(1)).then_some("The clerk");
        assert_eq!(
            with_names(&says, name),
            "The clerk and [erased person] met – as agreed"
        );
    }

    #[test]
    fn a_name_that_looks_like_a_mention_is_not_looked_up_again() {
        let second = of(person(2));
        let shown = with_names(&of(person(1)), |_| Some(&second));
        assert_eq!(shown, second);
    }

    proptest! {
        #[test]
        fn any_text_can_be_read_and_words_without_mentions_stay_as_they_are(
            parts in proptest::collection::vec(("[^@]{0,6}|@\\{?[^}]{0,4}", any::<Option<u8>>()), 0..6),
        ) {
            let mut says = String::new();
            let mut expected = Vec::new();
            for (words, mention) in parts {
                says.push_str(&words);
                if let Some(n) = mention {
                    says.push_str(&of(person(n.into())));
                    expected.push(person(n.into()));
                }
            }
            prop_assert_eq!(mentioned(&says), expected.clone());
            let unnamed = with_names(&says, |_| Some(""));
            prop_assert_eq!(mentioned(&unnamed).len() <= expected.len(), true);
        }
    }
}
