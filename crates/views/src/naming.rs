//! Names in the place of mentions: put there when a text is shown, for those who may be told, and never kept.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use domain::ids::{LedgerId, PersonId};
use domain::mention::{self, SOME_PERSON, marked};
use domain::{Text, Texts};
use futures::future::BoxFuture;

use crate::queries::{QueryError, ViewReader};

/// Whoever is shown what is read.
pub trait Reads: Send + Sync {
    /// Whether they are told the names of a ledger's people, and what else is said of them.
    fn reads_people(
        &self,
        ledger: LedgerId,
    ) -> BoxFuture<'_, Result<bool, Box<dyn Error + Send + Sync>>>;

    /// Whether names in the place of mentions are marked as such ([`marked`]), for whoever puts the mentions back.
    fn have_names_marked(&self) -> bool {
        false
    }
}

impl ViewReader {
    /// Whether whoever is shown what is read is told of a ledger's people; nobody is unless it was said who they are.
    ///
    /// # Errors
    /// When it cannot be told.
    pub(crate) async fn reads_people(&self, ledger: LedgerId) -> Result<bool, QueryError> {
        match &self.shown_to {
            Some(whoever) => whoever
                .reads_people(ledger)
                .await
                .map_err(QueryError::Whoever),
            None => Ok(false),
        }
    }

    /// Puts names in the place of mentions, in texts that are open.
    ///
    /// # Errors
    /// When the names cannot be read.
    pub(crate) async fn name_people<T: Texts + ?Sized>(
        &self,
        ledger: LedgerId,
        things: &mut [&mut T],
    ) -> Result<(), QueryError> {
        let mut people = BTreeSet::new();
        for thing in &mut *things {
            thing.texts(&mut |text| {
                let says = text.sealed().and(text.plain()).into_iter();
                people.extend(says.flat_map(mention::people_in));
            });
        }
        let marks = self
            .shown_to
            .as_ref()
            .is_some_and(|it| it.have_names_marked());
        if people.is_empty() && !marks {
            return Ok(());
        }
        let names = self.names(ledger, people).await?;
        for thing in things {
            thing.texts(&mut |text| {
                if let Some(says) = text.sealed().and(text.plain())
                    && (mention::may_mention(says) || marked::is_marked(says))
                {
                    let says = named(says, &names, marks);
                    text.open(Some(says));
                }
            });
        }
        Ok(())
    }

    /// The names of these people, and that there is none any more of who was erased; nobody's for those who are not told.
    async fn names(
        &self,
        ledger: LedgerId,
        people: BTreeSet<PersonId>,
    ) -> Result<BTreeMap<PersonId, Option<String>>, QueryError> {
        if people.is_empty() || !self.reads_people(ledger).await? {
            return Ok(BTreeMap::new());
        }
        let people: Vec<PersonId> = people.into_iter().collect();
        let mut names = self.people_names(ledger, &people).await?;
        if let Some(vault) = &self.vault {
            vault.open_texts(ledger, names.values_mut()).await?;
        }
        let plain = |name: Option<Text>| Some(name?.plain()?.to_owned());
        let names = names.into_iter();
        Ok(names.map(|(person, name)| (person, plain(name))).collect())
    }
}

/// What a text says with these names in the place of mentions, marked or not.
fn named(says: &str, names: &BTreeMap<PersonId, Option<String>>, marks: bool) -> String {
    if marks {
        return marked::with_marked_names(says, |person| {
            let name = names.get(&person).ok_or(SOME_PERSON);
            name.map(Option::as_deref)
        });
    }
    mention::with_names(says, |person| match names.get(&person) {
        Some(name) => name.as_deref(),
        None => Some(SOME_PERSON),
    })
}
