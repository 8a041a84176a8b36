//! Regions.

use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::RegionRegister;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// The regions, by ledger.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn regions(&self, page: &PageRequest) -> Result<Page<RegionRegister>, QueryError> {
        let rows = sqlx::query!(
            r#"select ledger_id, region_id, document::text as "document!"
               from region_register
               where $2::uuid is null or (ledger_id, region_id) > ($1, $2)
               order by ledger_id, region_id
               limit $3"#,
            page.start::<(Uuid, Uuid)>()?.map(|(ledger, _)| ledger),
            page.start::<(Uuid, Uuid)>()?.map(|(_, region)| region),
            page.limit(),
        )
        .fetch_all(&self.pool)
        .await?;
        let views = rows.into_iter().map(|row| {
            let view = serde_json::from_str(&row.document)?;
            Ok(((row.ledger_id, row.region_id), view))
        });
        Ok(Page::of(
            page,
            views.collect::<Result<Vec<_>, QueryError>>()?,
        ))
    }
}
