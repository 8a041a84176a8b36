//! Passwords that are tried first, told by how they are made.
//!
//! A list of leaked passwords holds few of twelve characters or more that are not one of these: a well-known word or two
//! dressed with digits and signs, a walk along the keyboard, a short piece repeated. So the words are listed and the
//! dressing is undone; a few hundred words stand for some hundred thousand passwords.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_segmentation::UnicodeSegmentation;

/// Words and phrases that stand on every list of common passwords, in any order.
static WORDS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    include_str!("common_words.txt")
        .split_whitespace()
        .collect()
});

/// Rows of keys and of the alphabet: a password that runs along them is no secret.
const ROWS: [&str; 8] = [
    "1234567890-=",
    "0123456789",
    "qwertyuiop[]",
    "asdfghjkl;'#",
    "zxcvbnm,./",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
    "qazwsxedcrfvtgbyhnujmikolp",
];

/// Longest dressing that adds nothing: a date, a few signs.
const DRESSING: usize = 10;

/// Shortest part of a name that counts: "Al" or "of" stands in too many words.
const SHORTEST_OWN: usize = 4;

/// What a bad password is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Well-known words or patterns.
    Common,
    /// Words the owner or the product is called.
    Own,
}

/// Which kind of bad password this is, if any. `own` are texts whose words only count against this person.
pub(super) fn kind(password: &str, own: &[&str]) -> Option<Kind> {
    let lower = password.to_lowercase();
    if repeats(&lower) || walks(&lower) {
        return Some(Kind::Common);
    }
    let own = words_of(own);
    cores(&lower)
        .into_iter()
        .find_map(|core| made_of(&core, &own))
}

/// The words of names and addresses, those that are long enough.
fn words_of(texts: &[&str]) -> HashSet<String> {
    let mut words = HashSet::new();
    for text in texts {
        let text = text.to_lowercase();
        let parts = text.split(|c: char| !c.is_alphabetic());
        words.extend(
            parts
                .filter(|part| part.chars().count() >= SHORTEST_OWN)
                .map(str::to_owned),
        );
        // Written in one, as in the first part of an address; shorter parts count in there.
        for piece in [text.as_str(), text.split('@').next().unwrap_or_default()] {
            let joined: String = piece.chars().filter(|c| c.is_alphabetic()).collect();
            if joined.chars().count() >= SHORTEST_OWN {
                words.insert(joined);
            }
        }
    }
    words
}

/// A piece of up to four characters, over and over; the last time may be cut short.
fn repeats(lower: &str) -> bool {
    let characters: Vec<&str> = lower.graphemes(true).collect();
    (1..=4).any(|length| {
        let piece = characters.iter().take(length).cycle();
        let whole = characters.iter();
        whole.zip(piece).all(|(found, wanted)| found == wanted)
    })
}

/// Runs of four or more along a row, either way, with no more beside them than a dressing.
fn walks(lower: &str) -> bool {
    let characters: Vec<char> = lower.chars().collect();
    let (mut place, mut beside, mut walked) = (0, 0, 0);
    while place < characters.len() {
        let run = longest_run(&characters[place..]);
        if run >= 4 {
            walked += run;
            place += run;
        } else {
            beside += 1;
            place += 1;
        }
    }
    walked >= 8 && beside <= 4
}

/// How far `characters` go along any one row, forwards or backwards, from their first.
fn longest_run(characters: &[char]) -> usize {
    let along = |row: &mut dyn Iterator<Item = char>| {
        let from = row.skip_while(|key| Some(key) != characters.first());
        from.zip(characters)
            .take_while(|(key, found)| key == *found)
            .count()
    };
    let rows = ROWS.iter().flat_map(|row| {
        let forwards = along(&mut row.chars());
        [forwards, along(&mut row.chars().rev())]
    });
    rows.max().unwrap_or(0)
}

/// The letters of a password under its dressing, in each way it may have been put on: digits for letters, or digits and
/// signs around and between words.
fn cores(lower: &str) -> Vec<String> {
    let letters = |text: &str| -> String { text.chars().filter(|c| c.is_alphabetic()).collect() };
    let undressed = lower.trim_matches(|c: char| !c.is_alphabetic());
    let plain = letters(lower);
    let respelt = letters(&undressed.chars().map(letter_for).collect::<String>());
    let all_respelt = letters(&lower.chars().map(letter_for).collect::<String>());
    let dressing = |core: &String| lower.chars().count() - core.chars().count() <= DRESSING;
    let found = [plain, respelt, all_respelt].into_iter();
    let bare = found.filter(|core| !core.is_empty()).filter(dressing);
    bare.map(said_once).collect()
}

/// What a text consists of that says the same several times.
fn said_once(text: String) -> String {
    let pieces = (1..=text.len() / 2).filter(|length| text.len().is_multiple_of(*length));
    let mut pieces = pieces.filter_map(|length| text.get(..length));
    let piece = pieces.find(|piece| piece.repeat(text.len() / piece.len()) == text);
    piece.map(str::to_owned).unwrap_or(text)
}

/// The letter a digit or sign is written for.
const fn letter_for(character: char) -> char {
    match character {
        '0' => 'o',
        '1' | '!' | '|' => 'i',
        '3' => 'e',
        '4' | '@' => 'a',
        '5' | '$' => 's',
        '7' | '+' => 't',
        '8' => 'b',
        other => other,
    }
}

/// Whether `core` is nothing but one or two common words, or words of `own` with at most one common word beside them.
fn made_of(core: &str, own: &HashSet<String>) -> Option<Kind> {
    let ends: Vec<usize> = core
        .char_indices()
        .map(|(at, _)| at)
        .chain([core.len()])
        .collect();
    // How few common words, and whether a word of one's own, lead to each place; best first.
    let mut reached: Vec<Option<(usize, bool)>> = vec![None; core.len() + 1];
    reached[0] = Some((0, false));
    for (nth, &start) in ends.iter().enumerate() {
        let Some((common, owned)) = reached[start] else {
            continue;
        };
        // No listed word is longer; without this, a long password would take long.
        for &end in ends[nth + 1..].iter().take(64) {
            let word = &core[start..end];
            let step = if own.contains(word) {
                (common, true)
            } else if WORDS.contains(word) {
                (common + 1, owned)
            } else {
                continue;
            };
            let better =
                reached[end].is_none_or(|known| step.0 < known.0 || (step.0 == known.0 && step.1));
            if better {
                reached[end] = Some(step);
            }
        }
    }
    match reached[core.len()]? {
        (0 | 1, true) => Some(Kind::Own),
        (1 | 2, false) => Some(Kind::Common),
        _ => None,
    }
}
