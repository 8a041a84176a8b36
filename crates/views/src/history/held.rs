//! What a ledger holds about one person: what is said of them, and every entry that tells of them.
//!
//! Nothing is indexed for this, as what texts say is sealed: the ledger is read from its beginning, a stretch at a time, and
//! what does not tell of the person is let go again.

use domain::ids::{LedgerId, PersonId};
use domain::mention;
use domain::stream::StreamId;
use domain::{Text, Texts};
use ledger::Entry;

use super::page::{AT_ONCE, Historian};
use super::{HistoryError, HistoryLine};
use crate::PersonView;
use crate::replay::decoded;

/// What a ledger holds about a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Held {
    /// What is said of them.
    pub person: PersonView,
    /// Every entry that tells of them, in the order recorded: their own history, what mentions them, and what gives their name,
    /// their e-mail address or their telephone number in plain words.
    pub entries: Vec<HistoryLine>,
}

impl Historian {
    /// What a ledger holds about a person; none where it never held anything.
    ///
    /// # Errors
    /// When the ledger, the views or the vault could not be read.
    pub async fn held(
        &self,
        ledger: LedgerId,
        person: PersonId,
    ) -> Result<Option<Held>, HistoryError> {
        // From the ledger itself: what has just been recorded is held too.
        let stream = StreamId::person(person);
        let view = self.folded::<PersonView>(ledger, stream, u64::MAX);
        let Some(mut view) = view.await? else {
            return Ok(None);
        };
        self.views.open(ledger, [&mut view]).await?;
        let traces = Traces::of(view.clone());
        let mut entries = Vec::new();
        let mut after = 0;
        loop {
            let raws = self.reader.read(ledger, after, AT_ONCE).await?;
            let Some(last) = raws.last() else { break };
            after = last.position;
            let stretch = raws.iter().map(|raw| decoded(ledger, raw));
            let stretch = stretch.collect::<Result<Vec<Entry>, _>>()?;
            let telling = self.telling(ledger, stretch, &traces).await?;
            entries.extend(self.say_all(ledger, &telling).await?);
        }
        Ok(Some(Held {
            person: view,
            entries,
        }))
    }

    /// Those of a stretch of entries that tell of somebody.
    async fn telling(
        &self,
        ledger: LedgerId,
        stretch: Vec<Entry>,
        traces: &Traces,
    ) -> Result<Vec<Entry>, HistoryError> {
        let mut opened = stretch.clone();
        if let Some(vault) = &self.views.vault {
            let events = opened.iter_mut().map(|entry| &mut entry.event);
            let opening = vault.open_texts(ledger, events).await;
            opening.map_err(crate::QueryError::from)?;
        }
        let telling = stretch.into_iter().zip(opened);
        let telling =
            telling.filter_map(|(entry, mut opened)| traces.lead_to(&mut opened).then_some(entry));
        Ok(telling.collect())
    }
}

/// By what a person is found.
struct Traces {
    stream: StreamId,
    person: PersonId,
    /// What they are or were called, and how they are or were reached, in lower case.
    words: Vec<String>,
}

impl Traces {
    fn of(mut view: PersonView) -> Self {
        let mut words = Vec::new();
        view.terms
            .texts(&mut |text: &mut Text| words.extend(text.plain().map(str::to_lowercase)));
        // What somebody does is not what they are called.
        let positions = view.terms.iter().flat_map(|terms| {
            let changes = terms.changes.iter();
            let all = changes.flat_map(|change| [&change.from, &change.to]);
            all.chain([&terms.current])
        });
        let positions = positions.filter_map(|terms| terms.position.as_ref()?.plain());
        let positions: Vec<String> = positions.map(str::to_lowercase).collect();
        words.retain(|word| !positions.contains(word));
        Self {
            stream: StreamId::person(view.id),
            person: view.id,
            words,
        }
    }

    fn lead_to(&self, entry: &mut Entry) -> bool {
        let mut found = entry.recorded.stream == self.stream;
        entry.event.texts(&mut |text| {
            if let Some(says) = text.plain() {
                found |= mention::people_in(says).any(|person| person == self.person);
                found |= self
                    .words
                    .iter()
                    .any(|word| says_word(&says.to_lowercase(), word));
            }
        });
        found
    }
}

/// Whether a text says these words, and not only letters of longer ones.
fn says_word(text: &str, words: &str) -> bool {
    let is_in_a_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    !words.is_empty()
        && text.match_indices(words).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + words.len()..]);
            !is_in_a_word(before.chars().next_back()) && !is_in_a_word(after.chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::says_word;

    #[test]
    fn words_are_found_where_they_stand_by_themselves() {
        for (text, words, found) in [
            ("ask al of the college", "al", true),
            ("also asked", "al", false),
            ("the deal is done", "al", false),
            ("al", "al", true),
            ("told to “ann lee”.", "ann lee", true),
            ("ann leeds", "ann lee", false),
            ("anything", "", false),
        ] {
            assert_eq!(says_word(text, words), found, "{text}: {words}");
        }
    }
}
