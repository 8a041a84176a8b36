//! Puts mentions back where names still stand in what was typed.
//!
//! What was typed is compared with what was shown, word by word. A name stands where all of its words stayed together; else, where it
//! was moved or written again, wherever it is found as whole words that are not those of something else that stayed, longer names first.
//! A name that was changed, or of which a part is left, is what it looks like.

use std::ops::Range;
use std::time::{Duration, Instant};

use domain::ids::PersonId;
use domain::mention::marked::{Piece, bare, marked, pieces};
use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};

/// How long two texts are compared at most. Then the rest counts as other words, in which names are found all the same.
const LONGEST: Duration = Duration::from_millis(250);

/// A person in a text, and where.
struct Named {
    at: Range<usize>,
    person: PersonId,
}

/// What was typed with the names marked that were so in what was `shown`, wherever they still stand.
pub fn put_back(typed: &str, shown: &str) -> String {
    let typed = bare(typed);
    let (says, named) = read(shown);
    let shown = Words::of(&says);
    let now = Words::of(&typed);
    let stayed = shown.stayed_in(&now);
    let mut put: Vec<Named> = Vec::new();
    let mut moved: Vec<&Named> = Vec::new();
    let found: Vec<Option<Range<usize>>> = named
        .iter()
        .map(|one| shown.moved_to(&now, &stayed, &one.at))
        .collect();
    // A word of a longer name is no other name: it belongs to whoever the longer one was of, where they stand nowhere else.
    let lost = named.iter().zip(&found).filter(|(_, at)| at.is_none());
    let longer: Vec<&str> = lost.map(|(one, _)| &says[one.at.clone()]).collect();
    for (one, at) in named.iter().zip(found) {
        match at.filter(|at| !longer.iter().any(|name| is_part_of(&typed, at, name))) {
            Some(at) => put.push(Named { at, ..*one }),
            None => moved.push(one),
        }
    }
    moved.sort_by_key(|one| std::cmp::Reverse(one.at.len()));
    let of_others = now.of_others(&shown, &stayed, &named);
    for one in moved {
        let name = &says[one.at.clone()];
        let free = |at: &Range<usize>| {
            let taken = put.iter().any(|other| overlap(&other.at, at));
            !taken && is_whole(&typed, at) && !now.all_in(at, &of_others)
        };
        let found = typed.match_indices(name).map(|(at, _)| at..at + name.len());
        if let Some(at) = found.filter(|at| !at.is_empty()).find(free) {
            put.push(Named { at, ..*one });
        }
    }
    write(&typed, put)
}

/// What a marked text says, and who stands where in it.
fn read(shown: &str) -> (String, Vec<Named>) {
    let (mut says, mut named) = (String::with_capacity(shown.len()), Vec::new());
    for piece in pieces(shown) {
        let begins = says.len();
        says.push_str(piece.seen());
        if let Piece::Person(_, person) = piece {
            let at = begins..says.len();
            named.push(Named { at, person });
        }
    }
    (says, named)
}

fn write(typed: &str, mut put: Vec<Named>) -> String {
    put.sort_by_key(|one| one.at.start);
    let mut written = String::with_capacity(typed.len());
    let mut from = 0;
    for Named { at, person } in put {
        written.push_str(&typed[from..at.start]);
        written.push_str(&marked(&typed[at.clone()], person));
        from = at.end;
    }
    written.push_str(&typed[from..]);
    written
}

const fn overlap(one: &Range<usize>, other: &Range<usize>) -> bool {
    one.start < other.end && other.start < one.end
}

/// Whether no word goes on before or after these letters.
fn is_whole(typed: &str, at: &Range<usize>) -> bool {
    let name = &typed[at.clone()];
    let joined = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphanumeric) && other.is_some_and(char::is_alphanumeric)
    };
    let before = typed[..at.start].chars().next_back();
    let after = typed[at.end..].chars().next();
    !joined(before, name.chars().next()) && !joined(name.chars().next_back(), after)
}

/// Whether these letters are a part of this name, where it stands as whole words.
fn is_part_of(typed: &str, at: &Range<usize>, name: &str) -> bool {
    let mut found = typed
        .match_indices(name)
        .map(|(begins, _)| begins..begins + name.len());
    found.any(|whole| {
        let within = whole.start <= at.start && at.end <= whole.end;
        within && at.len() < whole.len() && is_whole(typed, &whole)
    })
}

/// A text in words, what is between them being words as well.
struct Words<'a> {
    text: &'a str,
    words: Vec<Range<usize>>,
}

/// Which word of the other text each word is, where it stayed.
type Stayed = Vec<Option<usize>>;

impl<'a> Words<'a> {
    fn of(text: &'a str) -> Self {
        let mut words: Vec<Range<usize>> = Vec::new();
        let mut last = None;
        for (at, letter) in text.char_indices() {
            let kind = (letter.is_alphanumeric(), letter.is_whitespace());
            let goes_on = kind != (false, false) && last == Some(kind);
            let end = at + letter.len_utf8();
            match words.last_mut() {
                Some(word) if goes_on => word.end = end,
                _ => words.push(at..end),
            }
            last = Some(kind);
        }
        Self { text, words }
    }

    fn stayed_in(&self, now: &Self) -> Stayed {
        let texts = |of: &Self| -> Vec<&'a str> {
            let words = of.words.iter();
            words.map(|word| &of.text[word.clone()]).collect()
        };
        let (mut then, mut now) = (texts(self), texts(now));
        // What is the same at an end stayed: at the end at which more is.
        let begun = then.iter().zip(&now);
        let begun = begun.take_while(|(one, other)| one == other).count();
        let ended = then.iter().rev().zip(now.iter().rev());
        let ended = ended.take_while(|(one, other)| one == other).count();
        let from_the_end = ended > begun;
        if from_the_end {
            then.reverse();
            now.reverse();
        }
        let place = |nth: usize, of: &[&str]| {
            if from_the_end {
                of.len() - 1 - nth
            } else {
                nth
            }
        };
        let until = Instant::now() + LONGEST;
        let told = capture_diff_slices_deadline(Algorithm::Myers, &then, &now, Some(until));
        let mut stayed = vec![None; then.len()];
        for one in told {
            if let DiffOp::Equal {
                old_index,
                new_index,
                len,
            } = one
            {
                for nth in 0..len {
                    stayed[place(old_index + nth, &then)] = Some(place(new_index + nth, &now));
                }
            }
        }
        stayed
    }

    /// The words that stand wholly or partly here.
    fn within(&self, at: &Range<usize>) -> Range<usize> {
        let first = self.words.partition_point(|word| word.end <= at.start);
        let end = self.words.partition_point(|word| word.start < at.end);
        first..end
    }

    /// Where these letters stand now, if all of their words stayed together.
    fn moved_to(
        &self,
        now: &Self,
        stayed: &[Option<usize>],
        at: &Range<usize>,
    ) -> Option<Range<usize>> {
        let words = self.within(at);
        if words.is_empty() {
            return None;
        }
        let first = stayed[words.start]?;
        let together = words
            .clone()
            .enumerate()
            .all(|(nth, word)| stayed[word] == Some(first + nth));
        let begins = now.words[first].start + (at.start - self.words[words.start].start);
        together.then(|| begins..begins + at.len())
    }

    /// Which of these words stayed from what was shown and belong to nobody's name there.
    fn of_others(&self, shown: &Self, stayed: &[Option<usize>], named: &[Named]) -> Vec<bool> {
        let mut of_others = vec![false; self.words.len()];
        for word in stayed.iter().flatten() {
            of_others[*word] = true;
        }
        for one in named {
            for word in shown.within(&one.at) {
                if let Some(now) = stayed[word] {
                    of_others[now] = false;
                }
            }
        }
        of_others
    }

    fn all_in(&self, at: &Range<usize>, these: &[bool]) -> bool {
        self.within(at).all(|word| these[word])
    }
}

#[cfg(test)]
mod tests {
    use domain::mention::marked::{seen, with_marked_names, written};
    use domain::mention::of;
    use proptest::prelude::*;

    use super::*;

    const ANN: u128 = 1;
    const ANN_LEE: u128 = 2;
    const OTHER_ANN: u128 = 3;
    const ERASED: u128 = 4;

    fn person(n: u128) -> PersonId {
        PersonId::new(uuid::Uuid::from_u128(n))
    }

    fn name(one: PersonId) -> Option<&'static str> {
        match one.uuid().as_u128() {
            ANN | OTHER_ANN => Some("Ann"),
            ANN_LEE => Some("Ann Lee"),
            ERASED => None,
            _ => Some("J. O'Dea (chair)"),
        }
    }

    /// A text in which `{1}` mentions the first, as it is written.
    fn text(says: &str) -> String {
        (0..10).fold(says.to_owned(), |says, n| {
            says.replace(&format!("{{{n}}}"), &of(person(n)))
        })
    }

    fn shown(says: &str) -> String {
        with_marked_names(&text(says), |one| Ok(name(one)))
    }

    fn back(typed: &str, from: &str) -> String {
        written(&put_back(typed, &shown(from))).into_owned()
    }

    #[test]
    fn a_name_that_still_stands_is_a_mention_whatever_was_typed_around_it() {
        for (from, typed, expected) in [
            ("Ask {1}.", "Ask Ann.", "Ask {1}."),
            (
                "Ask {1}.",
                "Please ask Ann by May.",
                "Please ask {1} by May.",
            ),
            ("Ask {1}.", "Ann was asked.", "{1} was asked."),
            (
                "{5} wrote; {5} rang",
                "J. O'Dea (chair) rang; then J. O'Dea (chair) wrote",
                "{5} rang; then {5} wrote",
            ),
            ("{1}\n{2}", "Ann\r\nAnn Lee", "{1}\r\n{2}"),
            ("For {1}s", "For all Anns", "For all {1}s"),
            ("{1}{2}", "Ann Ann Lee", "{1} {2}"),
            ("", "Ann", "Ann"),
            ("Ask {1}.", "", ""),
        ] {
            assert_eq!(back(typed, from), text(expected), "{typed}");
        }
    }

    #[test]
    fn a_name_that_was_changed_or_taken_out_is_what_was_typed() {
        for (from, typed, expected) in [
            ("Ask {2}.", "Ask Ann.", "Ask Ann."),
            ("Ask {2}.", "Ask Anna Lee.", "Ask Anna Lee."),
            ("Ask {1}.", "Ask Annabel.", "Ask Annabel."),
            ("Ask {1}.", "Ask somebody.", "Ask somebody."),
            ("Ask {1}.", "Ask ann.", "Ask ann."),
            ("{4} left", "[erased] left", "[erased] left"),
        ] {
            assert_eq!(back(typed, from), text(expected), "{typed}");
        }
    }

    #[test]
    fn names_within_names_and_names_that_two_people_share_are_told_apart_by_where_they_stand() {
        for (from, typed, expected) in [
            ("{1} and {2}", "Ann and Ann Lee", "{1} and {2}"),
            ("{1} and {2}", "Ann Lee and Ann", "{2} and {1}"),
            ("{1} and {2}", "Only Ann Lee", "Only {2}"),
            ("{1} said yes, {3} said no", "Ann said no", "{3} said no"),
            ("{1} said yes, {3} said no", "Ann said yes", "{1} said yes"),
            (
                "{1} said yes, {3} said no",
                "Ann said yes, Ann said no.",
                "{1} said yes, {3} said no.",
            ),
            // A name in plain words stays in plain words, and gives no mention away.
            ("Ann met {1} at noon", "Ann met Ann", "Ann met {1}"),
            ("Ann met {1} at noon", "Ann met nobody", "Ann met nobody"),
        ] {
            assert_eq!(back(typed, from), text(expected), "{typed}");
        }
    }

    #[test]
    fn who_was_erased_is_mentioned_still_and_their_placeholder_is_never_text() {
        for (typed, expected) in [
            ("[erased person] left", "{4} left"),
            ("In May [erased person] left us", "In May {4} left us"),
        ] {
            assert_eq!(back(typed, "{4} left"), text(expected));
        }
        // Shown with the name, sent after the erasure: what was shown decides.
        let put = put_back("Ask Ann!", &shown("Ask {1}."));
        assert_eq!(written(&put), text("Ask {1}!"));
    }

    #[test]
    fn a_long_text_that_is_quite_another_is_compared_for_no_longer_than_it_may_be() {
        let from = format!("{} {{1}}", "one two three four ".repeat(20_000));
        let typed = format!("Ann {}", "four six eight two ".repeat(20_000));
        let begun = Instant::now();
        assert!(back(&typed, &from).starts_with(&text("{1} four")));
        assert!(
            begun.elapsed() < Duration::from_secs(20),
            "{:?}",
            begun.elapsed()
        );
    }

    /// How often a text mentions this person.
    fn often(says: &str, n: u128) -> usize {
        let people = domain::mention::people_in(says);
        people.filter(|one| *one == person(n)).count()
    }

    proptest! {
        #[test]
        fn what_is_shown_and_sent_as_it_was_is_the_very_text_that_was_written(
            parts in prop::collection::vec(("[ ,.@{}a-zA-Z\n\u{e9}]{0,6}", 1_u128..6), 0..8)
        ) {
            let written_so: String = parts.iter().map(|(words, n)| format!("{words}{}", of(person(*n)))).collect::<Vec<String>>().concat();
            let marked = with_marked_names(&written_so, |one| Ok(name(one)));
            let seen = seen(&marked).into_owned();
            let put = put_back(&seen, &marked);
            prop_assert_eq!(written(&put), written_so.as_str());
        }

        #[test]
        fn what_is_seen_stays_what_was_typed_and_nobody_is_mentioned_more_often_than_before(
            from in prop::collection::vec(("(Ann| Lee| |a|\\.){0,3}", 1_u128..4), 0..6),
            typed in "(Ann|Ann Lee| |a|\\.|Lee){0,12}",
        ) {
            let written_so: String = from.iter().map(|(words, n)| format!("{words}{}", of(person(*n)))).collect::<Vec<String>>().concat();
            let marked = with_marked_names(&written_so, |one| Ok(name(one)));
            let put = put_back(&typed, &marked);
            prop_assert_eq!(seen(&put), typed.as_str());
            for n in 1..4 {
                prop_assert!(often(&written(&put), n) <= often(&written_so, n));
            }
        }

        // Where a plain word is somebody's name, which of the two is meant may be doubted; that they are mentioned is not.
        #[test]
        fn words_that_are_added_around_what_was_shown_take_no_mention_away(
            from in prop::collection::vec(("(Ann|Lee| |b|\\.){0,3}", 1_u128..6), 1..6),
            (before, after) in ("[xyz ]{0,9}", "[xyz ]{0,9}"),
        ) {
            let written_so: String = from.iter().map(|(words, n)| format!("{words} {} ", of(person(*n)))).collect::<Vec<String>>().concat();
            let marked = with_marked_names(&written_so, |one| Ok(name(one)));
            let typed = format!("{before} {} {after}", seen(&marked));
            let put = put_back(&typed, &marked);
            prop_assert_eq!(seen(&put), typed.as_str());
            for n in 1..6 {
                prop_assert_eq!(often(&written(&put), n), often(&written_so, n));
            }
        }
    }
}
