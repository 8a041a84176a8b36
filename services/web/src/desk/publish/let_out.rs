//! Letting things out, or taking them back: one change each, so that what one is refused for does not hold the others up.

use super::{Change, What};
use crate::desk::{Desk, to_mend};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Visibility;
use crate::form::Problems;
use crate::instead::Instead;
use crate::visit::Web;

document!(
    ReleaseCommitment,
    "documents/desk/publish/release-commitment.graphql",
    one_of
);
document!(
    ReleaseActionPlan,
    "documents/desk/publish/release-action-plan.graphql",
    one_of
);
document!(
    ReleaseMeeting,
    "documents/desk/publish/release-meeting.graphql",
    one_of
);
document!(
    ReleasePractice,
    "documents/desk/publish/release-practice.graphql",
    one_of
);

/// Records all of them. What was refused, each with what it was of.
///
/// # Errors
/// When they cannot be sent.
pub async fn all(
    (web, desk): (&Web, &Desk),
    what: What,
    changes: &[Change],
    reason: Option<&str>,
) -> Result<Problems, Instead> {
    let mut wrong = Problems::default();
    for change in changes {
        let Some(refused) = one((web, desk), what, change, reason).await? else {
            continue;
        };
        for problem in refused.0 {
            let field = match problem.field.as_deref() {
                Some("reason") => "reason",
                _ => "ids",
            };
            let words = match problem.code.as_str() {
                "CONFLICT" => {
                    "somebody else changed it meanwhile; look at it, and tick it again".to_owned()
                }
                _ => problem.message,
            };
            wrong.add(field, format!("“{}”: {words}", change.row.title));
        }
    }
    Ok(wrong)
}

async fn one(
    (web, desk): (&Web, &Desk),
    what: What,
    change: &Change,
    reason: Option<&str>,
) -> Result<Option<Problems>, Instead> {
    /// Sends a release of this kind.
    macro_rules! send {
        ($name:ident, $module:ident::$input:ident, $id:ident) => {{
            let input = $module::$input {
                $id: change.row.id.clone(),
                to: change.to,
                reason: reason.map(str::to_owned),
                command_id: change.command.parse().ok(),
                expected_version: Some(change.row.version),
                meeting: None,
                occurred_on: None,
            };
            let sent = $module::Variables { input };
            let caller = desk.looker.caller();
            to_mend(crate::change::change::<$name>(&web.gateway, sent, caller).await?)
        }};
    }
    Ok(match what {
        What::Commitments => send!(
            ReleaseCommitment,
            release_commitment::ReleaseCommitmentInput,
            commitment_id
        ),
        What::Plans => send!(
            ReleaseActionPlan,
            release_action_plan::ReleaseActionPlanInput,
            action_plan_id
        ),
        What::Meetings => send!(
            ReleaseMeeting,
            release_meeting::ReleaseMeetingInput,
            meeting_id
        ),
        What::Practices => send!(
            ReleasePractice,
            release_practice::ReleasePracticeInput,
            practice_id
        ),
    })
}
