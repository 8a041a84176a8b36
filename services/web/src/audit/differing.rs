//! What two points in time differ in: of a plan, as the schema tells it; of a commitment, by looking at it twice.

use crate::ask::ask;
use crate::compact::plan::value::plan_value;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime, Figure, Position, Session};
use crate::documents::words::{
    ActionState, CommitmentStatus, ObjectiveStateKind, PlanChangeKind, Visibility,
};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::parts::Part;
use crate::uk;
use crate::visit::Web;

document!(AuditPlan, "documents/audit-plan.graphql", one_of);
document!(
    AuditCommitment,
    "documents/audit-commitment.graphql",
    one_of
);

pub use audit_plan::AuditPlanActionPlanChangesPageInfo as Info;

use audit_commitment::Then;
use audit_plan::AuditPlanActionPlanChangesNodes as PlanChange;
use audit_plan::Value;

/// One end of what is compared.
#[derive(Clone, Debug)]
pub enum Point {
    /// The end of a day.
    Day(Date),
    /// The end of the day of a meeting.
    Meeting(String),
}

/// Which points are compared, and as of which knowledge.
pub struct Between {
    /// The earlier.
    pub from: Point,
    /// The later.
    pub to: Point,
    /// What had been recorded by then; all there is when none.
    pub known_at: Option<DateTime>,
}

/// One thing that is different.
pub struct Difference {
    /// What it is about.
    pub of: String,
    /// What was there.
    pub before: Option<String>,
    /// What is there.
    pub after: Option<String>,
    /// What happened, where nothing stands in the place of something else.
    pub happened: Option<&'static str>,
    /// What led there.
    pub steps: Vec<Step>,
}

/// One step that led to a difference.
pub struct Step {
    /// Its place in the ledger.
    pub position: Position,
    /// When it was true.
    pub on: Date,
    /// The meeting it came from.
    pub meeting: Option<Date>,
    /// Why, or what was said.
    pub reason: Option<String>,
}

/// Everything that is different in a plan, a page of it.
///
/// # Errors
/// When the schema does not answer; [`Instead::NotHere`] when the plan is not there.
pub async fn of_plan(
    web: &Web,
    looker: &Looker,
    (id, between): (&str, &Between),
    part: Part,
) -> Result<(Vec<Difference>, Info), Instead> {
    let variables = audit_plan::Variables {
        id: id.to_owned(),
        since: Some(match &between.from {
            Point::Day(on) => audit_plan::Since::On(*on),
            Point::Meeting(id) => audit_plan::Since::Meeting(id.clone()),
        }),
        until: Some(match &between.to {
            Point::Day(on) => audit_plan::AsOf::On(*on),
            Point::Meeting(id) => audit_plan::AsOf::Meeting(id.clone()),
        }),
        known_at: between.known_at,
        first: part.first,
        after: part.after,
        last: part.last,
        before: part.before,
    };
    let answer = ask::<AuditPlan>(&web.gateway, variables, looker.caller()).await?;
    let plan = answer.action_plan.ok_or(Instead::NotHere)?;
    let changes = plan.changes.nodes.into_iter().map(changed);
    Ok((changes.collect(), plan.changes.page_info))
}

fn changed(change: PlanChange) -> Difference {
    let objective = change
        .objective
        .map(|it| format!("Objective {}: {}", it.ref_, it.title));
    let action = change.action.map(|it| it.text);
    let of = match (objective, action) {
        (Some(objective), Some(action)) => format!("{objective} – “{action}”"),
        (Some(objective), None) => objective,
        (None, Some(action)) => action,
        (None, None) => "The plan".to_owned(),
    };
    let steps = change.steps.into_iter().map(|step| Step {
        position: step.made.position,
        on: step.made.occurred_on,
        meeting: step.made.meeting.and_then(|meeting| meeting.held_on),
        reason: step
            .reason
            .or_else(|| step.update.map(|update| update.text)),
    });
    let (before, after) = (change.from.as_ref(), change.to.as_ref());
    Difference {
        of,
        before: before.map(in_words),
        after: after.map(in_words),
        happened: match (before, after) {
            (_, Some(_)) => None,
            (Some(_), None) => Some("Taken away"),
            (None, None) => Some(change.kind.words()),
        },
        steps: steps.collect(),
    }
}

fn in_words(value: &Value) -> String {
    let words = plan_value!(value).in_words();
    words.unwrap_or_else(|| "Nothing".to_owned())
}

/// Everything that is different in a commitment.
///
/// # Errors
/// When the schema does not answer; [`Instead::NotHere`] when it was not there at either point.
pub async fn of_commitment(
    web: &Web,
    looker: &Looker,
    (id, between): (&str, &Between),
) -> Result<Vec<Difference>, Instead> {
    let at = |point: &Point| {
        Some(match point {
            Point::Day(on) => audit_commitment::AsOf::On(*on),
            Point::Meeting(id) => audit_commitment::AsOf::Meeting(id.clone()),
        })
    };
    let variables = audit_commitment::Variables {
        id: id.to_owned(),
        from: at(&between.from),
        to: at(&between.to),
        known_at: between.known_at,
    };
    let answer = ask::<AuditCommitment>(&web.gateway, variables, looker.caller()).await?;
    let (before, after) = (answer.before, answer.after);
    if before.is_none() && after.is_none() {
        return Err(Instead::NotHere);
    }
    let before = before.as_ref().map(told).unwrap_or_default();
    let after = after.as_ref().map(told).unwrap_or_default();
    Ok(differing(&before, &after))
}

/// What a commitment said of itself: each part by its name.
fn told(then: &Then) -> Vec<(String, String)> {
    let mut told = vec![
        ("Ref".to_owned(), then.ref_.clone()),
        ("What is promised".to_owned(), then.title.clone()),
        ("Where it stands".to_owned(), then.status.words().to_owned()),
        ("Who sees it".to_owned(), then.visibility.words().to_owned()),
    ];
    let comment = then
        .comment
        .clone()
        .map(|words| ("Comment".to_owned(), words));
    let due = then.due_on.map(|on| ("Due".to_owned(), uk::day(&on)));
    let report = then.latest_achievement.as_ref();
    let report = report.map(|it| {
        let words = format!("{} (reported on {})", it.text, uk::day(&it.reported_on));
        ("Latest report".to_owned(), words)
    });
    told.extend([comment, due, report].into_iter().flatten());
    for measure in &then.measures {
        let of = |what: &str| format!("{}: {what}", measure.name);
        let figure = |figure: &Figure| format!("{} {}", uk::number(figure), measure.unit);
        let target = measure.target.as_ref().map(|it| (of("target"), figure(it)));
        let due = measure.due_on.map(|on| (of("due"), uk::day(&on)));
        let read = measure.latest_reading.as_ref();
        let read = read.map(|it| {
            let words = format!("{} on {}", figure(&it.value), uk::day(&it.taken_on));
            (of("latest reading"), words)
        });
        told.extend([target, due, read].into_iter().flatten());
    }
    told
}

fn differing(before: &[(String, String)], after: &[(String, String)]) -> Vec<Difference> {
    let find = |all: &[(String, String)], of: &str| {
        let found = all.iter().find(|(name, _)| name == of);
        found.map(|(_, words)| words.clone())
    };
    let gone = before
        .iter()
        .filter(|(name, _)| find(after, name).is_none());
    let names = after.iter().chain(gone).map(|(name, _)| name);
    let rows = names.map(|of| {
        let now = find(after, of);
        Difference {
            before: find(before, of),
            happened: now.is_none().then_some("Taken away"),
            after: now,
            of: of.clone(),
            steps: Vec::new(),
        }
    });
    rows.filter(|it| it.before != it.after).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_went_and_changed_is_told_and_what_stayed_is_not() {
        let part = |name: &str, words: &str| (name.to_owned(), words.to_owned());
        let before = [part("Ref", "1"), part("Due", "March"), part("Title", "Old")];
        let after = [part("Ref", "1"), part("Title", "New"), part("Target", "10")];
        let found = differing(&before, &after);
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.of.as_str(), it.before.as_deref(), it.after.as_deref()))
            .collect();
        assert_eq!(
            told,
            [
                ("Title", Some("Old"), Some("New")),
                ("Target", None, Some("10")),
                ("Due", Some("March"), None)
            ]
        );
    }
}
