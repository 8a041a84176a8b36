//! Roles: those of an account, wherever it has any, and those held in a compact.

use domain::ids::{AccountId, CompactId, RegionId};
use ledger::Scope;
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::RoleGrantView;
use crate::page::{Page, PageRequest};

/// The most roles of one account that are read at once: far more than anyone has.
const OF_AN_ACCOUNT: i64 = 1000;

impl ViewReader {
    /// Every role an account was ever given, in any region, the newest first: which count today is for whoever asks to say.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn grants_of(&self, account: AccountId) -> Result<Vec<RoleGrantView>, QueryError> {
        let mut work = self.about(Scope::Everywhere).await?;
        let documents = sqlx::query_scalar!(
            "select document from role_grants
             where account_id = $1 order by from_day desc, ledger_id, grant_id limit $2",
            account.uuid(),
            OF_AN_ACCOUNT,
        )
        .fetch_all(&mut *work)
        .await?;
        let grants = documents
            .iter()
            .map(|document| Ok(serde_json::from_str(document)?));
        grants.collect()
    }

    /// The roles given in a region, or those of them that are held in one compact, by grant.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn grants(
        &self,
        region: RegionId,
        compact: Option<CompactId>,
        page: &PageRequest,
    ) -> Result<Page<RoleGrantView>, QueryError> {
        let grant = page.start::<Uuid>()?;
        let mut work = self.about(region.ledger()).await?;
        Ok(walk!(
            work, page;
            r#"select grant_id, document
               from role_grants
               where ledger_id = $1 and ($2::uuid is null or compact_id = $2)
                 and"#,
            from "$3::uuid", "grant_id", "$3",
            order "grant_id", "grant_id desc",
            limit "$4";
            [region.uuid(), compact.map(CompactId::uuid), grant, page.limit()];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok((row.grant_id, view))
            }
        ))
    }
}
