//! What changed between two versions of a piece of good practice.

use async_graphql::{Enum, SimpleObject};
use domain::Text;
use domain::good_practice::PracticeTerms;
use similar::{ChangeTag, TextDiff};
use views::GoodPracticeView;

use super::record::Origin;

/// That the source of an adoption has changed since the version that is followed.
#[derive(SimpleObject)]
pub struct SourceChange {
    /// The version that is followed.
    follows: u32,
    /// The version that stands.
    stands: u32,
    /// What differs between them: nothing where it was changed and changed back.
    differences: Vec<Difference>,
    /// What was changed, as the source told it, version by version.
    told: Vec<String>,
    /// Where in the source's record the version that stands comes from.
    made: Origin,
}

/// A part of a piece of good practice that differs between two versions.
#[derive(SimpleObject)]
pub struct Difference {
    /// Which part.
    part: PracticePart,
    /// What it was.
    from: Option<String>,
    /// What it is.
    to: Option<String>,
    /// Both, word by word.
    words: Vec<WordsDiffering>,
}

/// A part of a piece of good practice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum PracticePart {
    /// Its heading.
    Title,
    /// The theme it serves, by its code.
    Theme,
    /// The organisation whose it is.
    Organisation,
    /// What is done, and how.
    Summary,
    /// Whom to ask.
    Contact,
}

/// Words that stand in both versions, or in one of them.
#[derive(Clone, Debug, PartialEq, Eq, SimpleObject)]
pub struct WordsDiffering {
    /// The words, with what stands between them.
    text: String,
    /// Where they stand.
    standing: WordsStanding,
}

/// Where words stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum WordsStanding {
    /// In both versions.
    Both,
    /// In the earlier one only.
    Removed,
    /// In the later one only.
    Added,
}

impl SourceChange {
    /// What changed since this version; none when it is the one that stands.
    pub fn since(follows: u32, source: &GoodPracticeView) -> Option<Self> {
        let (before, now) = (source.version_of(follows)?, source.current());
        if now.number <= follows {
            return None;
        }
        let later = source.versions.iter();
        let later = later.filter(|version| version.number > follows);
        let told = later.filter_map(|version| Some(version.changed.as_ref()?.shown().to_owned()));
        Some(Self {
            follows,
            stands: now.number,
            differences: differences(&before.terms, &now.terms),
            told: told.collect(),
            made: Origin::new(source.ledger, now.made),
        })
    }
}

fn differences(from: &PracticeTerms, to: &PracticeTerms) -> Vec<Difference> {
    let organisation =
        |terms: &PracticeTerms| terms.organisation.as_ref().map(|it| it.name.clone());
    let contact = |terms: &PracticeTerms| terms.contact.as_ref().map(shown);
    let parts = [
        (
            PracticePart::Title,
            Some(from.title.clone()),
            Some(to.title.clone()),
        ),
        (
            PracticePart::Theme,
            Some(from.theme.clone()),
            Some(to.theme.clone()),
        ),
        (
            PracticePart::Organisation,
            organisation(from),
            organisation(to),
        ),
        (
            PracticePart::Summary,
            Some(shown(&from.summary)),
            Some(shown(&to.summary)),
        ),
        (PracticePart::Contact, contact(from), contact(to)),
    ];
    let differ = parts.into_iter().filter(|(_, from, to)| from != to);
    differ
        .map(|(part, from, to)| Difference {
            words: word_by_word(
                from.as_deref().unwrap_or_default(),
                to.as_deref().unwrap_or_default(),
            ),
            part,
            from,
            to,
        })
        .collect()
}

fn shown(text: &Text) -> String {
    text.shown().to_owned()
}

/// Two texts word by word; neighbours that stand alike are one piece.
fn word_by_word(from: &str, to: &str) -> Vec<WordsDiffering> {
    let mut pieces: Vec<WordsDiffering> = Vec::new();
    for change in TextDiff::from_words(from, to).iter_all_changes() {
        let standing = match change.tag() {
            ChangeTag::Equal => WordsStanding::Both,
            ChangeTag::Delete => WordsStanding::Removed,
            ChangeTag::Insert => WordsStanding::Added,
        };
        match pieces.last_mut() {
            Some(last) if last.standing == standing => last.text.push_str(change.value()),
            _ => pieces.push(WordsDiffering {
                text: change.value().to_owned(),
                standing,
            }),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str, standing: WordsStanding) -> WordsDiffering {
        let text = text.to_owned();
        WordsDiffering { text, standing }
    }

    fn terms(summary: &str) -> PracticeTerms {
        PracticeTerms {
            title: "E&D at induction".into(),
            theme: "equality-diversity".into(),
            organisation: None,
            summary: summary.into(),
            contact: None,
            evidence: Vec::new(),
            documents: Vec::new(),
        }
    }

    #[test]
    fn words_that_stay_go_and_come_are_told_apart() {
        use WordsStanding::{Added, Both, Removed};
        assert_eq!(
            word_by_word("Half a day for all", "One day for all"),
            [
                piece("Half a", Removed),
                piece("One", Added),
                piece(" day for all", Both)
            ]
        );
        assert_eq!(word_by_word("", "New"), [piece("New", Added)]);
        assert_eq!(word_by_word("Same", "Same"), [piece("Same", Both)]);
    }

    #[test]
    fn both_texts_can_be_read_off_the_pieces() {
        let (from, to) = (
            "Taught by staff, at induction.",
            "Taught online, at induction!",
        );
        let pieces = word_by_word(from, to);
        let without = |other| -> String {
            let stand = pieces.iter().filter(|piece| piece.standing != other);
            stand.map(|piece| piece.text.as_str()).collect()
        };
        assert_eq!(without(WordsStanding::Added), from);
        assert_eq!(without(WordsStanding::Removed), to);
    }

    #[test]
    fn only_parts_that_differ_are_told() {
        assert!(differences(&terms("Half a day"), &terms("Half a day")).is_empty());
        let other = PracticeTerms {
            contact: Some("The manager".into()),
            ..terms("A day")
        };
        let found = differences(&terms("Half a day"), &other);
        let parts: Vec<PracticePart> = found.iter().map(|it| it.part).collect();
        assert_eq!(parts, [PracticePart::Summary, PracticePart::Contact]);
        assert_eq!(found[1].from, None);
    }
}
