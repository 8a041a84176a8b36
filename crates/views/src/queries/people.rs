//! People: a compact's, in the order they were entered, and the names of those that texts mention.

use std::collections::BTreeMap;

use domain::Text;
use domain::ids::{LedgerId, OrganisationId, PersonId};
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::PersonView;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// A compact's people, or those of them who work for one organisation, in the order they were entered. Who was erased
    /// is left out.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn people(
        &self,
        ledger: LedgerId,
        organisation: Option<OrganisationId>,
        page: &PageRequest,
    ) -> Result<Page<PersonView>, QueryError> {
        let (position, id) = page.start::<(i64, Uuid)>()?.unzip();
        let mut work = self.about(ledger).await?;
        let page = walk!(
            work, page;
            r#"select entered_position, person_id, document
               from person_view
               where ledger_id = $1
                 and ($2::uuid is null or organisation_id = $2)
                 and not erased
                 and"#,
            from "$4::uuid", "(entered_position, person_id)", "($3, $4)",
            order "entered_position, person_id", "entered_position desc, person_id desc",
            limit "$5";
            [
                ledger.uuid(),
                organisation.map(OrganisationId::uuid),
                position,
                id,
                page.limit(),
            ];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok(((row.entered_position, row.person_id), view))
            }
        );
        drop(work);
        Ok(page)
    }

    /// The names of these people, sealed as they are saved whatever this reader opens; none of who was erased. Who was never
    /// entered in `ledger` is left out.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn people_names(
        &self,
        ledger: LedgerId,
        people: &[PersonId],
    ) -> Result<BTreeMap<PersonId, Option<Text>>, QueryError> {
        if people.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<Uuid> = people.iter().copied().map(PersonId::uuid).collect();
        let mut work = self.about(ledger).await?;
        let found = crate::table::load::<PersonView>(&mut work, ledger, &keys).await?;
        let named = found.into_values();
        Ok(named
            .map(|person| (person.id, person.name().cloned()))
            .collect())
    }
}
