//! Regions.

use domain::ids::{LedgerId, RegionId};
use ledger::Scope;
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::RegionRegister;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// The region that the ledger belongs to: that of a compact's, or itself; none when there is no such ledger.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn region_of(&self, ledger: LedgerId) -> Result<Option<RegionId>, QueryError> {
        let mut work = self.about(Scope::Everywhere).await?;
        let region = sqlx::query_scalar!(
            r#"select region_id as "region_id!" from compact_overview where ledger_id = $1
               union all
               select region_id from region_register where ledger_id = $1
               limit 1"#,
            ledger.uuid(),
        )
        .fetch_optional(&mut *work)
        .await?;
        Ok(region.map(RegionId::new))
    }

    /// The first region by its ledger; none while there is none.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn first_region(&self) -> Result<Option<RegionId>, QueryError> {
        let mut work = self.about(Scope::Everywhere).await?;
        let found = sqlx::query_scalar!(
            "select region_id from region_register order by ledger_id, region_id limit 1"
        );
        let found = found.fetch_optional(&mut *work).await?;
        Ok(found.map(RegionId::new))
    }

    /// What tells a region's row from what it was before: another whenever it was written again. None where there is no such
    /// region.
    ///
    /// # Errors
    /// When the database could not be read.
    pub async fn register_mark(&self, region: LedgerId) -> Result<Option<String>, QueryError> {
        let mut work = self.about(region).await?;
        let found = sqlx::query_scalar!(
            r#"select xmin::text || ' ' || ctid::text as "mark!" from region_register
               where ledger_id = $1 and region_id = $1"#,
            region.uuid()
        );
        Ok(found.fetch_optional(&mut *work).await?)
    }

    /// The regions, by ledger.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn regions(&self, page: &PageRequest) -> Result<Page<RegionRegister>, QueryError> {
        let (ledger, region) = page.start::<(Uuid, Uuid)>()?.unzip();
        let mut work = self.about(Scope::Everywhere).await?;
        let page = walk!(
            work, page;
            r#"select ledger_id, region_id, document
               from region_register
               where"#,
            from "$2::uuid", "(ledger_id, region_id)", "($1, $2)",
            order "ledger_id, region_id", "ledger_id desc, region_id desc",
            limit "$3";
            [ledger, region, page.limit()];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok(((row.ledger_id, row.region_id), view))
            }
        );
        drop(work);
        Ok(page)
    }
}
