//! Good practice across compacts, and where it was taken up.

use chrono::NaiveDate;
use domain::ids::{GoodPracticeId, LedgerId};
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::page::{Page, PageRequest};
use crate::reaches::Reaches;
use crate::{AdoptionView, GoodPracticeView};

/// Which good practice; what is left out does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PracticeFilter {
    /// Of the compact with this ledger.
    pub ledger: Option<LedgerId>,
    /// Of this theme, by its code.
    pub theme: Option<String>,
    /// Of one of these organisations.
    pub organisations: Option<Vec<Uuid>>,
    /// Whether it was taken up by somebody who has not given it up since.
    pub adopted: Option<bool>,
    /// What was withdrawn too.
    pub withdrawn: bool,
}

/// Which adoptions; what is left out does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AdoptionFilter {
    /// By the compact with this ledger, or an organisation of it.
    pub by: Option<LedgerId>,
    /// Of the compact with this ledger.
    pub from: Option<LedgerId>,
    /// Of this practice.
    pub practice: Option<GoodPracticeId>,
}

/// How often one compact took something up from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Passed {
    /// Whose practice it was.
    pub from: LedgerId,
    /// Who took it up.
    pub by: LedgerId,
    /// How often, of what has not been given up since.
    pub count: u64,
}

impl ViewReader {
    /// Good practice within `reaches`, by title.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn good_practices(
        &self,
        reaches: &Reaches,
        filter: &PracticeFilter,
        page: &PageRequest,
    ) -> Result<Page<GoodPracticeView>, QueryError> {
        let from = page.start::<((String, Uuid), Uuid)>()?;
        let (place, id) = from.unzip();
        let (title, ledger) = place.unzip();
        let pairs = reaches.pairs();
        let mut work = self.about(reaches.scope()).await?;
        let page = walk!(
            work, page;
            r#"select title, ledger_id, practice_id, document
               from good_practice_view p
               where (ledger_id, visibility) in (select * from unnest($1::uuid[], $2::text[]))
                 and ($3::uuid is null or ledger_id = $3)
                 and ($4::text is null or theme = $4)
                 and ($5::uuid[] is null or organisation_id = any($5))
                 and ($6::bool is null or $6 = exists (
                     select from adoption_view a
                     where a.source_ledger_id = p.ledger_id and a.practice_id = p.practice_id and not a.withdrawn
                       and (a.ledger_id, a.visibility) in (select * from unnest($1::uuid[], $2::text[]))))
                 and ($7 or not withdrawn)
                 and"#,
            from "$10::uuid", "(title, ledger_id, practice_id)", "($8, $9, $10)",
            order "title, ledger_id, practice_id", "title desc, ledger_id desc, practice_id desc",
            limit "$11";
            [
                &pairs.ledgers,
                &pairs.visibilities,
                filter.ledger.map(LedgerId::uuid),
                filter.theme,
                filter.organisations.as_deref(),
                filter.adopted,
                filter.withdrawn,
                title,
                ledger,
                id,
                page.limit(),
            ];
            row => {
                let view: GoodPracticeView = serde_json::from_str(&row.document)?;
                Ok((((row.title, row.ledger_id), row.practice_id), view))
            }
        );
        drop(work);
        Ok(page)
    }

    /// Adoptions within `reaches`, by the day of each. One that another compact released is there while its source is seen too.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn adoptions(
        &self,
        reaches: &Reaches,
        filter: &AdoptionFilter,
        page: &PageRequest,
    ) -> Result<Page<AdoptionView>, QueryError> {
        let from = page.start::<((NaiveDate, Uuid), Uuid)>()?;
        let (place, id) = from.unzip();
        let (day, ledger) = place.unzip();
        let pairs = reaches.pairs();
        let mut work = self.about(reaches.scope()).await?;
        let page = walk!(
            work, page;
            r#"select adopted_on, ledger_id, adoption_id, document
               from adoption_view a
               where (ledger_id, visibility) in (select * from unnest($1::uuid[], $2::text[]))
                 and (ledger_id = any($3) or exists (
                     select from good_practice_view p
                     where p.ledger_id = a.source_ledger_id and p.practice_id = a.practice_id
                       and (p.ledger_id, p.visibility) in (select * from unnest($1::uuid[], $2::text[]))))
                 and ($4::uuid is null or ledger_id = $4)
                 and ($5::uuid is null or source_ledger_id = $5)
                 and ($6::uuid is null or practice_id = $6)
                 and"#,
            from "$9::uuid", "(adopted_on, ledger_id, adoption_id)", "($7, $8, $9)",
            order "adopted_on, ledger_id, adoption_id", "adopted_on desc, ledger_id desc, adoption_id desc",
            limit "$10";
            [
                &pairs.ledgers,
                &pairs.visibilities,
                &reaches.own(),
                filter.by.map(LedgerId::uuid),
                filter.from.map(LedgerId::uuid),
                filter.practice.map(GoodPracticeId::uuid),
                day,
                ledger,
                id,
                page.limit(),
            ];
            row => {
                let view: AdoptionView = serde_json::from_str(&row.document)?;
                Ok((((row.adopted_on, row.ledger_id), row.adoption_id), view))
            }
        );
        drop(work);
        Ok(page)
    }

    /// Who took up how much from whom, of adoptions within `reaches` that have not been given up.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn practice_passed(&self, reaches: &Reaches) -> Result<Vec<Passed>, QueryError> {
        let pairs = reaches.pairs();
        let mut work = self.about(reaches.scope()).await?;
        let rows = sqlx::query!(
            r#"select source_ledger_id, ledger_id, count(*) as "count!"
               from adoption_view a
               where (ledger_id, visibility) in (select * from unnest($1::uuid[], $2::text[])) and not withdrawn
                 and (ledger_id = any($3) or exists (
                     select from good_practice_view p
                     where p.ledger_id = a.source_ledger_id and p.practice_id = a.practice_id
                       and (p.ledger_id, p.visibility) in (select * from unnest($1::uuid[], $2::text[]))))
               group by source_ledger_id, ledger_id order by source_ledger_id, ledger_id"#,
            &pairs.ledgers,
            &pairs.visibilities,
            &reaches.own(),
        )
        .fetch_all(&mut *work)
        .await?;
        let passed = rows.into_iter().map(|row| Passed {
            from: row.source_ledger_id.into(),
            by: row.ledger_id.into(),
            count: row.count.cast_unsigned(),
        });
        Ok(passed.collect())
    }
}
