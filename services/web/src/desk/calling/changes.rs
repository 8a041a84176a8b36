//! What changed in a group's plans since it met last, as the paper for its meeting tells it: what, what it was and what it is, and what
//! was said of it.

use askama::Template;

use super::paper::{Change, Step, Value};
use crate::compact::plan::value::plan_value;
use crate::documents::scalars::Date;
use crate::documents::words::PlanChangeKind;
use crate::parts::{Told, html};
use crate::uk;

/// Everything that changed, by plan.
#[derive(Template)]
#[template(path = "desk/calling/changes.html")]
pub struct Changes {
    /// Whether the group has met before.
    met_before: bool,
    plans: Vec<Plan>,
}

html!(Changes);

/// What changed in one plan.
struct Plan {
    id: String,
    title: String,
    href: String,
    lines: Vec<Line>,
}

/// One thing that changed.
struct Line {
    what: &'static str,
    /// What it is about: each with its address.
    of: Vec<Thing>,
    /// The objective an action serves.
    under: Option<String>,
    told: Told,
    said: Vec<Said>,
}

/// Something a change is about.
struct Thing {
    /// What leads to it says.
    words: String,
    /// What it says besides to whoever does not see what stands around it.
    besides: Option<String>,
    href: String,
}

/// What was said of it, when and where.
struct Said {
    words: Option<String>,
    on: Date,
    /// Where the meeting it was said at is told of.
    meeting: Option<String>,
}

impl Changes {
    /// What changed, at the desk `desk`; since the group met before, where it did.
    pub fn new(desk: impl AsRef<str>, met_before: bool, changes: Vec<Change>) -> Self {
        let desk = desk.as_ref();
        let mut plans: Vec<Plan> = Vec::new();
        for change in changes {
            let line = Line::new(desk, &change);
            match plans.iter_mut().find(|it| it.id == change.action_plan.id) {
                Some(plan) => plan.lines.push(line),
                None => plans.push(Plan {
                    href: format!("{desk}/plans/{}", change.action_plan.id),
                    id: change.action_plan.id,
                    title: change.action_plan.title,
                    lines: vec![line],
                }),
            }
        }
        Self { met_before, plans }
    }

    fn count(&self) -> usize {
        self.plans.iter().map(|plan| plan.lines.len()).sum()
    }
}

impl Line {
    fn new(desk: &str, change: &Change) -> Self {
        let words = |value: Option<&Value>| value.map(|value| in_words(change.kind, value));
        let (from, to) = (words(change.from.as_ref()), words(change.to.as_ref()));
        let objective = change.objective.as_ref();
        let steps = change.steps.iter();
        let own = change.update.as_ref().map(|update| update.id.as_str());
        Self {
            what: change.kind.words(),
            of: things(desk, change),
            under: change
                .action
                .as_ref()
                .and(objective)
                .map(|it| it.ref_.clone()),
            told: Told::changed(from, to),
            said: steps.map(|step| Said::new((desk, own), step)).collect(),
        }
    }
}

/// Whether the words of what it is about are what changed, so that they stand there already.
const fn tells_its_words(kind: PlanChangeKind) -> bool {
    matches!(
        kind,
        PlanChangeKind::ObjectiveAdded
            | PlanChangeKind::ObjectiveReworded
            | PlanChangeKind::ActionAdded
            | PlanChangeKind::ActionReworded
    )
}

fn things(desk: &str, change: &Change) -> Vec<Thing> {
    let shown = tells_its_words(change.kind);
    if let Some(action) = &change.action {
        let href = format!("{desk}/actions/{}", action.id);
        let text = action.text.clone();
        return vec![if shown {
            Thing::new("The action", href).besides(text)
        } else {
            Thing::new(text, href)
        }];
    }
    if let Some(objective) = &change.objective {
        let href = format!("{desk}/objectives/{}", objective.id);
        let number = format!("Objective {}", objective.ref_);
        return vec![if shown {
            Thing::new(number, href).besides(objective.title.clone())
        } else {
            Thing::new(format!("{number}: {}", objective.title), href)
        }];
    }
    let value = change.to.as_ref().or(change.from.as_ref());
    let spoken_for = value.map(|value| value.objectives.as_slice());
    let spoken_for = spoken_for.unwrap_or_default().iter();
    let each = spoken_for.map(|objective| {
        let href = format!("{desk}/objectives/{}", objective.id);
        Thing::new(format!("Objective {}", objective.ref_), href)
    });
    each.collect()
}

/// What stood there; where nothing did, that in words.
fn in_words(kind: PlanChangeKind, value: &Value) -> String {
    let nothing = match kind {
        PlanChangeKind::ActionReassigned => "Nobody named",
        PlanChangeKind::ActionRescheduled => "None agreed",
        PlanChangeKind::ObjectiveLinked => "No commitment",
        _ => "Nothing",
    };
    let said = plan_value!(value).in_words();
    let said = said.unwrap_or_else(|| nothing.to_owned());
    if kind != PlanChangeKind::UpdateCorrected {
        return said;
    }
    let refs: Vec<&str> = value.objectives.iter().map(|it| it.ref_.as_str()).collect();
    format!("{said} (on {})", refs.join(", "))
}

impl Thing {
    fn new(words: impl Into<String>, href: String) -> Self {
        Self {
            words: words.into(),
            besides: None,
            href,
        }
    }

    fn besides(self, words: String) -> Self {
        Self {
            besides: Some(words),
            ..self
        }
    }
}

impl Said {
    /// What a step says; an update that was given does not say itself twice.
    fn new((desk, own): (&str, Option<&str>), step: &Step) -> Self {
        let update = step.update.as_ref();
        let update = update.filter(|update| Some(update.id.as_str()) != own);
        let words = step.reason.clone();
        let meeting = step.made.meeting.as_ref();
        let held = meeting.and_then(|meeting| meeting.held_on);
        Self {
            words: words.or_else(|| update.map(|update| update.text.clone())),
            on: held.unwrap_or(step.made.occurred_on),
            meeting: meeting.map(|meeting| format!("{desk}/meetings/{}", meeting.id)),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn change(of: Json) -> Change {
        let mut whole = json!({
            "kind": "PLAN_SET", "actionPlan": { "id": "p", "title": "Plan" }, "objective": null, "action": null, "update": null,
            "from": null, "to": null,
            "steps": [{ "reason": null, "made": { "occurredOn": "2007-09-24", "meeting": null }, "update": null }],
        });
        if let (Some(whole), Json::Object(of)) = (whole.as_object_mut(), of) {
            whole.extend(of);
        }
        serde_json::from_value(whole).expect("a change")
    }

    fn value(of: Json) -> Json {
        let mut whole = json!({
            "text": null, "indicator": null, "timescale": null, "actionState": null, "mergedInto": null, "objectiveState": null,
            "commitment": null, "objectives": [], "visibility": null,
        });
        if let (Some(whole), Json::Object(of)) = (whole.as_object_mut(), of) {
            whole.extend(of);
        }
        whole
    }

    fn written(changes: Vec<Change>) -> String {
        Changes::new("/desk/x", true, changes).to_string()
    }

    #[test]
    fn a_change_says_what_of_what_before_and_now_and_why() {
        let moved = change(json!({
            "kind": "ACTION_RESCHEDULED",
            "objective": { "id": "o", "ref": "2", "title": "Passports" },
            "action": { "id": "a", "text": "Agree a format" },
            "from": value(json!({ "timescale": { "text": "September" } })),
            "to": value(json!({})),
            "steps": [{
                "reason": "Nobody could come.",
                "made": { "occurredOn": "2007-09-24", "meeting": { "id": "m", "heldOn": "2007-09-24" } },
                "update": null,
            }],
        }));
        let written = written(vec![moved]);
        for said in [
            "An action got another timescale",
            "href=\"/desk/x/actions/a\">Agree a format",
            "objective 2",
            "September</del>",
            "<ins>None agreed</ins>",
            "Nobody could come.",
            "href=\"/desk/x/meetings/m\">24 September 2007",
        ] {
            assert!(written.contains(said), "{said}: {written}");
        }
        assert!(
            !written.contains("<h3"),
            "one plan needs no heading: {written}"
        );
    }

    #[test]
    fn an_update_names_every_objective_and_says_its_words_once() {
        let objectives = json!([{ "id": "o", "ref": "1" }, { "id": "u", "ref": "4" }]);
        let given = change(json!({
            "kind": "UPDATE_GIVEN",
            "update": { "id": "d" },
            "to": value(json!({ "text": "On the agenda.", "objectives": objectives })),
            "steps": [{
                "reason": null,
                "made": { "occurredOn": "2007-09-24", "meeting": null },
                "update": { "id": "d", "text": "On the agenda." },
            }],
        }));
        let written = written(vec![given]);
        assert_eq!(written.matches("On the agenda.").count(), 1, "{written}");
        for said in [
            "objectives/o\">Objective 1",
            "objectives/u\">Objective 4",
            "between meetings",
        ] {
            assert!(written.contains(said), "{said}: {written}");
        }
    }

    #[test]
    fn several_plans_stand_apart_and_no_change_is_said_in_words() {
        let other = json!({ "actionPlan": { "id": "q", "title": "Other plan" } });
        let both = written(vec![change(json!({})), change(other), change(json!({}))]);
        assert_eq!(both.matches("<table").count(), 2, "{both}");
        assert!(both.contains(">Other plan</a></h3>"), "{both}");
        assert!(written(Vec::new()).contains("Nothing in the group’s plans has changed"));
        let first = Changes::new("/desk/x", false, vec![change(json!({}))]);
        assert!(first.to_string().contains("has not met before"));
    }
}
