//! The action list of a compact.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::facts::ThemeCode;
use domain::ids::{ActionId, ActionPlanId, CommitmentId, GroupId, LedgerId, ObjectiveId};
use domain::{Reach, Text};
use uuid::Uuid;

use super::{Bounds, QueryError, ViewReader};
use crate::ActionListRow;
use crate::action_plan::ActionState;
use crate::page::{Page, PageRequest};

/// Which actions; whatever is none does not narrow the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActionFilter {
    /// Of this group's plans.
    pub group: Option<GroupId>,
    /// Of this plan.
    pub plan: Option<ActionPlanId>,
    /// Under this objective.
    pub objective: Option<ObjectiveId>,
    /// Under objectives that serve this commitment.
    pub commitment: Option<CommitmentId>,
    /// Under objectives that serve a commitment with this theme.
    pub theme: Option<ThemeCode>,
    /// Whose owner has this in it, in capitals or not.
    pub owner: Option<String>,
    /// That stand so.
    pub state: Option<ActionState>,
    /// Due before this date.
    pub due_before: Option<NaiveDate>,
    /// Open on this date and past what was then their due date.
    pub overdue_at: Option<NaiveDate>,
}

type Place = (Option<NaiveDate>, String, Uuid);

impl ViewReader {
    /// A compact's actions in plans within `reach`, by due date (those without one last), their objective's ref and id.
    /// A commitment that is not within it narrows the list to nothing, and so does its theme.
    ///
    /// # Errors
    /// When the database, a document or the cursor could not be read.
    pub async fn actions(
        &self,
        ledger: LedgerId,
        filter: &ActionFilter,
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<Page<ActionListRow>, QueryError> {
        let start = page.start::<Place>()?;
        let due_on = start.as_ref().and_then(|(due_on, ..)| *due_on);
        let (ref_order, id) = start.map(|(_, ref_order, id)| (ref_order, id)).unzip();
        let bounds = Bounds::from(reach);
        let owners = self.owners_with(ledger, filter.owner.as_deref()).await?;
        let mut work = self.about(ledger).await?;
        let page = walk!(
            work, page;
            r#"select due_on, ref_order, action_id, document
               from action_list a
               where ledger_id = $1
                 and ($2::uuid is null or group_id = $2)
                 and ($3::uuid is null or action_plan_id = $3)
                 and ($4::uuid is null or objective_id = $4)
                 and ($5::uuid is null or commitment_id = $5)
                 and ($5::uuid is null and $6::text is null or exists (
                     select from commitment_view c
                     where c.ledger_id = a.ledger_id and c.commitment_id = a.commitment_id
                       and ($6::text is null or $6 = any(c.themes))
                       and (c.visibility = any($15) or c.groups && $16)))
                 and ($7::text is null or strpos(lower(owner), lower($7)) > 0 or owner_subject = any($17))
                 and ($8::text is null or state = $8)
                 and ($9::date is null or due_on < $9)
                 and ($10::date is null or overdue_during @> $10::date)
                 and (visibility = any($15) or group_id = any($16))
                 and"#,
            from "$13::uuid", "(coalesce(due_on, 'infinity'), ref_order, action_id)",
                "(coalesce($11::date, 'infinity'), $12, $13)",
            order "coalesce(due_on, 'infinity'), ref_order, action_id",
                "coalesce(due_on, 'infinity') desc, ref_order desc, action_id desc",
            limit "$14";
            [
                ledger.uuid(),
                filter.group.map(GroupId::uuid),
                filter.plan.map(ActionPlanId::uuid),
                filter.objective.map(ObjectiveId::uuid),
                filter.commitment.map(CommitmentId::uuid),
                filter.theme,
                filter.owner,
                filter.state.map(ActionState::as_str),
                filter.due_before,
                filter.overdue_at,
                due_on,
                ref_order,
                id,
                page.limit(),
                &bounds.visibilities,
                &bounds.groups,
                &owners,
            ];
            row => {
                let action = serde_json::from_str(&row.document)?;
                Ok(((row.due_on, row.ref_order, row.action_id), action))
            }
        );
        drop(work);
        Ok(page)
    }

    /// The sealed texts that name an owner with this in it. Nobody can look for words in what is sealed, so each different
    /// text of the list is opened.
    async fn owners_with(
        &self,
        ledger: LedgerId,
        words: Option<&str>,
    ) -> Result<Vec<Uuid>, QueryError> {
        let Some(words) = words.map(str::to_lowercase) else {
            return Ok(Vec::new());
        };
        let mut work = self.about(ledger).await?;
        let owners = sqlx::query_scalar!(
            r#"select distinct on (owner_subject) (document::json -> 'owner')::text as "owner!"
               from action_list where ledger_id = $1 and owner_subject is not null
               order by owner_subject"#,
            ledger.uuid(),
        );
        let owners = owners.fetch_all(&mut *work).await?;
        drop(work);
        let owners = owners.iter().map(|owner| serde_json::from_str(owner));
        let mut owners = owners.collect::<Result<Vec<Text>, _>>()?;
        self.open(ledger, &mut owners).await?;
        let with = |owner: &&Text| {
            let says = owner.plain();
            says.is_some_and(|says| says.to_lowercase().contains(&words))
        };
        let with = owners.iter().filter(with).filter_map(Text::sealed);
        Ok(with.map(|sealed| sealed.subject().uuid()).collect())
    }

    /// Those of `ids` that `ledger` has, for a loader.
    ///
    /// # Errors
    /// When the database or a document could not be read.
    pub async fn actions_by_id(
        &self,
        ledger: LedgerId,
        ids: &[ActionId],
    ) -> Result<BTreeMap<ActionId, ActionListRow>, QueryError> {
        let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
        let mut work = self.about(ledger).await?;
        let table = crate::table::Table::ActionList;
        let documents = table.documents(&mut work, ledger, &ids).await?;
        drop(work);
        let actions = documents.iter().map(|(id, document)| {
            let action = serde_json::from_str(document)?;
            Ok((ActionId::new(*id), action))
        });
        actions.collect()
    }
}
