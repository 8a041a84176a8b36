//! Compacts across ledgers.

use domain::ids::{LedgerId, RegionId};
use ledger::Scope;
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::CompactOverview;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// The ledgers of the compacts, or of those of one region, by name and ledger.
    ///
    /// # Errors
    /// When the database or the cursor could not be read.
    pub async fn compacts(
        &self,
        region: Option<RegionId>,
        page: &PageRequest,
    ) -> Result<Page<LedgerId>, QueryError> {
        let (name, ledger) = page.start::<(String, Uuid)>()?.unzip();
        let mut work = self.about(Scope::Everywhere).await?;
        let page = walk!(
            work, page;
            r#"select name, ledger_id
               from compact_overview
               where ($1::uuid is null or region_id = $1)
                 and"#,
            from "$3::uuid", "(name, ledger_id)", "($2, $3)",
            order "name, ledger_id", "name desc, ledger_id desc",
            limit "$4";
            [region.map(RegionId::uuid), name, ledger, page.limit()];
            row => {
                let ledger = LedgerId::new(row.ledger_id);
                Ok(((row.name, row.ledger_id), ledger))
            }
        );
        drop(work);
        Ok(page)
    }

    /// The compacts whose ledgers these are, for a loader; those that are there, by name, each with how many bytes its document has.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn compacts_of(
        &self,
        ledgers: &[LedgerId],
    ) -> Result<Vec<(CompactOverview, usize)>, QueryError> {
        let ids: Vec<Uuid> = ledgers.iter().map(|ledger| ledger.uuid()).collect();
        let scope: Scope = ledgers.iter().copied().collect();
        let mut work = self.about(scope).await?;
        let documents = sqlx::query_scalar!(
            r#"select document from compact_overview
               where ledger_id = any($1) order by name, ledger_id"#,
            &ids,
        )
        .fetch_all(&mut *work)
        .await?;
        let views = documents
            .iter()
            .map(|document| Ok((serde_json::from_str(document)?, document.len())));
        drop(work);
        views.collect()
    }

    /// The compact with this name in URLs.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn compact_by_slug(&self, slug: &str) -> Result<Option<CompactOverview>, QueryError> {
        let mut work = self.about(Scope::Everywhere).await?;
        let document = sqlx::query_scalar!(
            r#"select document from compact_overview
               where slug = $1 order by ledger_id limit 1"#,
            slug,
        )
        .fetch_optional(&mut *work)
        .await?;
        drop(work);
        let compact = document.map(|document| serde_json::from_str(&document));
        Ok(compact.transpose()?)
    }
}
