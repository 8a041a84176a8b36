//! Typing mistakes: the written word that was most likely meant.
//!
//! Two letters in the wrong order, one too many, one too few or one for another is a step; short words may be one step away, longer ones
//! two. The distance is the optimal string alignment distance, which is that of Levenshtein with neighbours that changed places.

/// Words this short are taken as they are typed.
const TOO_SHORT: usize = 4;
/// Words up to this length may be one step away.
const SHORT: usize = 6;
/// The most words that one mistyped word may have meant.
const AT_MOST: usize = 3;

/// The written words nearest to a typed one: none when nothing is near, several when they are equally near. In order.
pub(super) fn nearest(typed: &str, written: &[String]) -> Vec<String> {
    let letters: Vec<char> = typed.chars().collect();
    let allowed = match letters.len() {
        0..TOO_SHORT => return Vec::new(),
        TOO_SHORT..=SHORT => 1,
        _ => 2,
    };
    let near = written.iter().filter_map(|word| {
        let other: Vec<char> = word.chars().collect();
        // A word that is much longer or shorter is not looked at.
        if other.len().abs_diff(letters.len()) > allowed {
            return None;
        }
        let steps = distance(&letters, &other);
        (steps <= allowed).then_some((steps, word))
    });
    let near: Vec<(usize, &String)> = near.collect();
    let least = near.iter().map(|(steps, _)| *steps).min();
    let mut nearest: Vec<String> = near
        .into_iter()
        .filter(|(steps, _)| Some(*steps) == least)
        .map(|(_, word)| word.clone())
        .collect();
    nearest.sort_unstable();
    nearest.truncate(AT_MOST);
    nearest
}

/// How many steps lead from one word to another.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, letter) in from.iter().enumerate() {
        let mut current = Vec::with_capacity(to.len() + 1);
        current.push(row + 1);
        for (column, other) in to.iter().enumerate() {
            let another = usize::from(letter != other);
            let mut steps = (above[column] + another)
                .min(above[column + 1] + 1)
                .min(current[column] + 1);
            let changed_places =
                row > 0 && column > 0 && *letter == to[column - 1] && from[row - 1] == *other;
            if changed_places {
                steps = steps.min(before[column - 1] + 1);
            }
            current.push(steps);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written() -> Vec<String> {
        let words = [
            "equality", "quality", "training", "trains", "range", "event", "events", "staff",
        ];
        words.map(str::to_owned).to_vec()
    }

    fn steps(from: &str, to: &str) -> usize {
        let letters = |word: &str| word.chars().collect::<Vec<char>>();
        distance(&letters(from), &letters(to))
    }

    #[test]
    fn a_step_is_a_letter_too_many_too_few_another_or_two_that_changed_places() {
        for (from, to, count) in [
            ("equality", "equality", 0),
            ("equallity", "equality", 1),
            ("trianing", "training", 1),
            ("trainig", "training", 1),
            ("straining", "training", 1),
            ("tranining", "training", 1),
            ("", "abc", 3),
            ("ca", "abc", 3),
        ] {
            assert_eq!(steps(from, to), count, "{from} {to}");
            assert_eq!(steps(to, from), count, "{to} {from}");
        }
    }

    #[test]
    fn the_nearest_word_is_meant_and_a_far_one_is_not() {
        assert_eq!(nearest("equallity", &written()), ["equality"]);
        assert_eq!(nearest("trianing", &written()), ["training"]);
        assert_eq!(nearest("diversity", &written()), [] as [&str; 0]);
    }

    #[test]
    fn short_words_are_taken_as_typed_or_allowed_one_step() {
        assert_eq!(nearest("sta", &written()), [] as [&str; 0]);
        assert_eq!(nearest("staf", &written()), ["staff"]);
        assert_eq!(nearest("stfaf", &written()), ["staff"]);
        assert_eq!(nearest("sfatf", &written()), [] as [&str; 0]);
    }

    #[test]
    fn words_equally_near_are_all_meant_in_order() {
        assert_eq!(nearest("eventz", &written()), ["event", "events"]);
    }
}
