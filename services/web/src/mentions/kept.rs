//! What was kept while it was typed mentions people as texts do, by id: taken up again, it shows their names as they are by now.

use std::collections::BTreeMap;

use domain::ids::PersonId;
use domain::mention::marked::with_marked_names;
use domain::mention::people_in;

use crate::ask::ask;
use crate::documents::document;
use crate::instead::Instead;
use crate::looker::{Looker, Place};
use crate::visit::Web;

document!(PeopleMentioned, "documents/desk/people-mentioned.graphql");

/// Fields as they were kept, with the marked names of the people of this compact whom they mention. Who is not among them was erased.
///
/// # Errors
/// When the schema does not answer.
pub async fn name_again(
    (web, looker): (&Web, &Looker),
    place: &Place,
    kept: Vec<(String, String)>,
) -> Result<Vec<(String, String)>, Instead> {
    if kept
        .iter()
        .all(|(_, value)| people_in(value).next().is_none())
    {
        return Ok(kept);
    }
    let names = names((web, looker), place).await?;
    let kept = kept.into_iter().map(|(name, value)| {
        let value = with_marked_names(&value, |person| Ok(names.get(&person).map(String::as_str)));
        (name, value)
    });
    Ok(kept.collect())
}

async fn names(
    (web, looker): (&Web, &Looker),
    place: &Place,
) -> Result<BTreeMap<PersonId, String>, Instead> {
    let mut names = BTreeMap::new();
    let mut after = None;
    loop {
        let variables = people_mentioned::Variables {
            compact: place.id.clone(),
            after,
        };
        let answer = ask::<PeopleMentioned>(&web.gateway, variables, looker.caller()).await?;
        let people = answer.compact.ok_or(Instead::NotHere)?.people;
        names.extend(people.nodes.into_iter().filter_map(|one| {
            let person = people_in(&one.mention).next()?;
            Some((person, one.name?))
        }));
        if !people.page_info.has_next_page {
            return Ok(names);
        }
        after = people.page_info.end_cursor;
    }
}
