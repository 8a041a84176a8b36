//! Taking a step with a commitment: what was typed, as a command.

use gateway::Caller;

use super::Commitment;
use super::blanks::{aims, ticked};
use super::sheet::{Said, day};
use super::step::Step;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Position, Session, UUID};
use crate::documents::words::{Conclusion, MeasureKind};
use crate::form::Problems;
use crate::instead::Instead;
use crate::visit::Web;

document!(
    AgreeCommitment,
    "documents/desk/commitment/agree-commitment.graphql",
    one_of
);
document!(
    StartCommitment,
    "documents/desk/commitment/start-commitment.graphql",
    one_of
);
document!(
    ConcludeCommitment,
    "documents/desk/commitment/conclude-commitment.graphql",
    one_of
);
document!(
    WithdrawCommitment,
    "documents/desk/commitment/withdraw-commitment.graphql",
    one_of
);
document!(
    ReopenCommitment,
    "documents/desk/commitment/reopen-commitment.graphql",
    one_of
);
document!(
    RewordCommitment,
    "documents/desk/commitment/reword-commitment.graphql",
    one_of
);
document!(
    RenumberCommitment,
    "documents/desk/commitment/renumber-commitment.graphql",
    one_of
);
document!(
    ReclassifyCommitment,
    "documents/desk/commitment/reclassify-commitment.graphql",
    one_of
);
document!(
    ChangeDueDate,
    "documents/desk/commitment/change-due-date.graphql",
    one_of
);
document!(
    AddMeasure,
    "documents/desk/commitment/add-measure.graphql",
    one_of
);

/// Sends a mutation with what every change says.
macro_rules! send {
    ($there:expr, $said:expr; $name:ident, $module:ident::$input:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let (web, caller) = $there;
        let input = $module::$input {
            $($field: $value,)*
            command_id: $said.command,
            expected_version: $said.version,
            meeting: None,
            occurred_on: $said.occurred_on,
        };
        let sent = $module::Variables { input };
        $crate::desk::to_mend($crate::change::change::<$name>(&web.gateway, sent, caller).await?)
    }};
}

pub(super) use send;

/// Records a step. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    step: Step,
    there: (&Web, Caller),
    commitment: &Commitment,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let id = commitment.id.clone();
    let why = said.reason();
    let wrong = match step {
        Step::Agree => {
            send!(there, said; AgreeCommitment, agree_commitment::AgreeCommitmentInput { commitment_id: id })
        }
        Step::Start => {
            send!(there, said; StartCommitment, start_commitment::StartCommitmentInput { commitment_id: id })
        }
        Step::Conclude => return conclude(there, id, said).await,
        Step::Withdraw => {
            send!(there, said; WithdrawCommitment, withdraw_commitment::WithdrawCommitmentInput { commitment_id: id, reason: why })
        }
        Step::Reopen => {
            send!(there, said; ReopenCommitment, reopen_commitment::ReopenCommitmentInput { commitment_id: id, reason: why })
        }
        Step::Reword => {
            send!(there, said; RewordCommitment, reword_commitment::RewordCommitmentInput {
                commitment_id: id,
                title: said.fields.some("title").unwrap_or_default(),
                comment: said.fields.text("comment"),
                reason: why,
            })
        }
        Step::Renumber => {
            send!(there, said; RenumberCommitment, renumber_commitment::RenumberCommitmentInput {
                commitment_id: id,
                session: commitment.session.clone(),
                ref_: said.fields.some("ref").unwrap_or_default(),
                reason: why,
            })
        }
        Step::Reclassify => {
            send!(there, said; ReclassifyCommitment, reclassify_commitment::ReclassifyCommitmentInput {
                commitment_id: id,
                aims: aims(said.fields),
                themes: ticked(said.fields, "themes"),
                group_ids: ticked(said.fields, "groups"),
                reason: why,
            })
        }
        Step::DueDate => return change_due_date(there, id, said).await,
        Step::AddMeasure => return add_measure(there, id, said).await,
    };
    Ok(wrong.map(typed_at))
}

async fn conclude(
    there: (&Web, Caller),
    id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let Some(how) = Conclusion::named(said.fields.one("conclusion")) else {
        let mut wrong = Problems::default();
        wrong.add("conclusion", "say how it ended");
        return Ok(Some(wrong));
    };
    Ok(
        send!(there, said; ConcludeCommitment, conclude_commitment::ConcludeCommitmentInput {
            commitment_id: id,
            conclusion: how,
        }),
    )
}

async fn change_due_date(
    there: (&Web, Caller),
    id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let due = day(said.fields, "dueOn", &mut wrong);
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    Ok(
        send!(there, said; ChangeDueDate, change_due_date::ChangeDueDateInput {
            commitment_id: id,
            due_on: due,
            reason: said.reason(),
        }),
    )
}

/// Adds the measure that the fields tell of. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn add_measure(
    there: (&Web, Caller),
    id: String,
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let due = day(said.fields, "dueOn", &mut wrong);
    let counted_on = day(said.fields, "baselineOn", &mut wrong);
    let value = said.figure("baseline");
    if value.is_some() && counted_on.is_none() && wrong.at("baselineOn").is_none() {
        wrong.add("baselineOn", "say on which day the baseline was counted");
    }
    let indicator = said.fields.some("indicatorId");
    if indicator.is_none() {
        wrong.add("indicatorId", "choose what is counted");
    }
    let kind = MeasureKind::named(said.fields.one("kind"));
    if kind.is_none() {
        wrong.add("kind", "say how it is counted");
    }
    let (Some(counted), Some(way), true) = (indicator, kind, wrong.is_empty()) else {
        return Ok(Some(wrong));
    };
    let wrong = send!(there, said; AddMeasure, add_measure::AddMeasureInput {
        commitment_id: id,
        indicator_id: counted,
        kind: way,
        target: said.figure("target"),
        due_on: due,
        baseline: counted_on.map(|on| add_measure::BaselineInput { on, value }),
        new_id: None,
    });
    Ok(wrong.map(typed_at))
}

/// What the schema says of a place is said at the field in which that was typed.
pub fn typed_at(problems: Problems) -> Problems {
    problems.renamed(|place| {
        let first = place.split('.').next().unwrap_or_default();
        match (first, place) {
            ("baseline", "baseline.on") => "baselineOn".to_owned(),
            ("baseline" | "aims" | "themes", _) => first.to_owned(),
            ("groupIds", _) => "groups".to_owned(),
            (_, other) => other.to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_one_of_a_list_is_said_at_its_field() {
        let mut problems = Problems::default();
        problems.add("groupIds.1", "no such group");
        problems.add("baseline.on", "too late");
        let problems = typed_at(problems);
        assert!(problems.at("groups").is_some() && problems.at("baselineOn").is_some());
    }
}
