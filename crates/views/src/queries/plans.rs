//! A compact's action plans.

use domain::ids::{GroupId, LedgerId};
use uuid::Uuid;

use super::{QueryError, ViewReader};
use crate::ActionPlanView;
use crate::page::{Page, PageRequest};

impl ViewReader {
    /// A compact's plans, or those of one of its groups, by title and id.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn action_plans(
        &self,
        ledger: LedgerId,
        group: Option<GroupId>,
        page: &PageRequest,
    ) -> Result<Page<ActionPlanView>, QueryError> {
        let (title, id) = page.start::<(String, Uuid)>()?.unzip();
        let rows = sqlx::query!(
            r#"select title, action_plan_id, document::text as "document!"
               from action_plan_view
               where ledger_id = $1
                 and ($2::uuid is null or group_id = $2)
                 and ($4::uuid is null or (title, action_plan_id) > ($3, $4))
               order by title, action_plan_id
               limit $5"#,
            ledger.uuid(),
            group.map(GroupId::uuid),
            title,
            id,
            page.limit(),
        )
        .fetch_all(&self.pool)
        .await?;
        let views = rows.into_iter().map(|row| {
            let view = serde_json::from_str(&row.document)?;
            Ok(((row.title, row.action_plan_id), view))
        });
        Ok(Page::of(
            page,
            views.collect::<Result<Vec<_>, QueryError>>()?,
        ))
    }
}
