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
        Ok(walk!(
            &self.pool, page;
            r#"select title, action_plan_id, document
               from action_plan_view
               where ledger_id = $1
                 and ($2::uuid is null or group_id = $2)
                 and"#,
            from "$4::uuid", "(title, action_plan_id)", "($3, $4)",
            order "title, action_plan_id", "title desc, action_plan_id desc",
            limit "$5";
            [ledger.uuid(), group.map(GroupId::uuid), title, id, page.limit()];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok(((row.title, row.action_plan_id), view))
            }
        ))
    }
}
