//! Action plans: of a compact, of a group, of several groups at once.

use std::collections::BTreeMap;

use domain::Reach;
use domain::ids::{GroupId, LedgerId};
use uuid::Uuid;

use super::{Bounds, QueryError, ViewReader};
use crate::ActionPlanView;
use crate::page::{Page, PageRequest, Walk};

/// A plan's group, its place in the order of plans, and the plan.
type Placed = (GroupId, ((String, Uuid), ActionPlanView));

/// Reads the same page of the plans of several groups, in one statement.
macro_rules! each_group {
    ($work:expr, $beyond:tt, $order:tt; [$($argument:expr),+ $(,)?]) => {
        sqlx::query!(
            r#"select plan.group_id as "group_id!", plan.title as "title!",
                   plan.action_plan_id as "action_plan_id!", plan.document as "document!"
               from unnest($2::uuid[]) as wanted (id)
               cross join lateral (
                   select group_id, title, action_plan_id, document from action_plan_view
                   where ledger_id = $1 and group_id = wanted.id
                     and (visibility = any($6) or group_id = any($7))
                     and ($4::uuid is null or (title, action_plan_id) "#
                + $beyond + " ($3, $4)) order by " + $order + " limit $5) plan order by " + $order,
            $($argument),+
        )
        .fetch_all(&mut *$work)
        .await?
        .into_iter()
        .map(|row| {
            let view = serde_json::from_str(&row.document)?;
            Ok((row.group_id.into(), ((row.title, row.action_plan_id), view)))
        })
        .collect::<Result<Vec<Placed>, QueryError>>()?
    };
}

impl ViewReader {
    /// A compact's plans within `reach`, or those of one of its groups, by title and id.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn action_plans(
        &self,
        ledger: LedgerId,
        group: Option<GroupId>,
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<Page<ActionPlanView>, QueryError> {
        let (title, id) = page.start::<(String, Uuid)>()?.unzip();
        let bounds = Bounds::from(reach);
        let mut work = self.about(ledger).await?;
        let page = walk!(
            work, page;
            r#"select title, action_plan_id, document
               from action_plan_view
               where ledger_id = $1
                 and ($2::uuid is null or group_id = $2)
                 and (visibility = any($6) or group_id = any($7))
                 and"#,
            from "$4::uuid", "(title, action_plan_id)", "($3, $4)",
            order "title, action_plan_id", "title desc, action_plan_id desc",
            limit "$5";
            [
                ledger.uuid(),
                group.map(GroupId::uuid),
                title,
                id,
                page.limit(),
                &bounds.visibilities,
                &bounds.groups,
            ];
            row => {
                let view = serde_json::from_str(&row.document)?;
                Ok(((row.title, row.action_plan_id), view))
            }
        );
        drop(work);
        Ok(page)
    }

    /// The same page of the plans within `reach` of each of these groups, by title and id, in one statement. Groups that
    /// have none there are left out.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn action_plans_of(
        &self,
        ledger: LedgerId,
        groups: &[GroupId],
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<BTreeMap<GroupId, Page<ActionPlanView>>, QueryError> {
        let (title, id) = page.start::<(String, Uuid)>()?.unzip();
        let groups: Vec<Uuid> = groups.iter().copied().map(GroupId::uuid).collect();
        let bounds = Bounds::from(reach);
        let mut work = self.about(ledger).await?;
        let placed = match page.walk() {
            Walk::Forwards => each_group!(work, ">", "title, action_plan_id";
                [ledger.uuid(), &groups, title, id, page.limit(), &bounds.visibilities, &bounds.groups]),
            Walk::Backwards => each_group!(work, "<", "title desc, action_plan_id desc";
                [ledger.uuid(), &groups, title, id, page.limit(), &bounds.visibilities, &bounds.groups]),
        };
        drop(work);
        let mut rows: BTreeMap<GroupId, Vec<_>> = BTreeMap::new();
        for (group, row) in placed {
            rows.entry(group).or_default().push(row);
        }
        let pages = rows.into_iter();
        Ok(pages
            .map(|(group, rows)| (group, Page::of(page, rows)))
            .collect())
    }
}
