//! Words, as they are typed and as they are written.

use std::collections::BTreeSet;

use domain::mention;

/// The most words of a search that are looked for.
const MAX_WORDS: usize = 16;
/// The longest word that is looked for or kept, in characters.
const MAX_LENGTH: usize = 40;
/// The shortest word that is kept to correct others by: shorter ones are too like one another.
const MIN_KEPT: usize = 3;

/// The words of a text in its order, in small letters. They are letters and digits only, so they can stand in a question to
/// the database.
fn each(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty() && word.chars().count() <= MAX_LENGTH);
    words.map(str::to_lowercase)
}

/// The words somebody searches for, each once.
pub(super) fn searched(typed: &str) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let words = each(typed).filter(|word| seen.insert(word.clone()));
    words.take(MAX_WORDS).collect()
}

/// The words a text is written in, each once.
pub(super) fn written<'a>(texts: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    let words = texts.into_iter().flat_map(each);
    words
        .filter(|word| word.chars().count() >= MIN_KEPT && !word.chars().all(char::is_numeric))
        .collect()
}

/// A text without the people it mentions: what they are called is looked for nowhere.
pub(super) fn without_people(says: &str) -> String {
    mention::with_names(says, |_| Some(""))
}

/// A theme's code as words.
pub(super) fn of_code(code: &str) -> String {
    code.replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_its_words_each_once_in_small_letters_and_nothing_else() {
        assert_eq!(
            searched(" Equality-training & 'EQUALITY' | !2 "),
            ["equality", "training", "2"]
        );
        assert_eq!(searched("… & | ! ()"), [] as [&str; 0]);
        let many: Vec<String> = (0..40).map(|n| format!("w{n}")).collect();
        assert_eq!(searched(&many.join(" ")).len(), MAX_WORDS);
        assert_eq!(searched(&"x".repeat(41)), [] as [&str; 0]);
    }

    #[test]
    fn words_that_are_kept_are_long_enough_to_be_told_apart() {
        let kept = written(["E&D at the college in 2007", "The college"]);
        let kept: Vec<&str> = kept.iter().map(String::as_str).collect();
        assert_eq!(kept, ["college", "the"]);
    }

    #[test]
    fn people_who_are_mentioned_are_looked_for_nowhere() {
        let says = "Ask @{00000000-0000-0000-0000-000000000002} first";
        assert_eq!(without_people(says), "Ask  first");
        assert_eq!(of_code("equality-diversity"), "equality diversity");
    }
}
