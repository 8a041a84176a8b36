//! One objective: what it is, what happened to it, and a form for what is to change.

mod history;
mod record;

use askama::Template;

use self::history::Step;
pub use self::record::Kind;
use super::found::{Found, Objective, find};
use super::{May, served};
use crate::address::Address;
use crate::desk::Desk;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::documents::words::{ActionChangeKind, ActionState, ObjectiveStateKind};
use crate::form::{
    Area, Choice, Choices, Conflict, DateField, Field, Fields, Ground, Kind as Ticks, Problems,
    Select,
};
use crate::instead::Instead;
use crate::page::{Frame, Undo};
use crate::uk;
use crate::visit::Web;

/// What the choice is called to take up again, with an objective, the actions that were dropped with it.
const TOGETHER: &str = "together";

/// Why something is undone that was done a moment ago.
const MISTAKE: &str = "It was a mistake.";

#[derive(Template)]
#[template(path = "desk/plan/objective.html")]
pub struct Page {
    frame: Frame,
    here: String,
    objective: Objective,
    /// Above the form, where somebody else changed it meanwhile.
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    kind: Choices,
    title: Area,
    indicator: Area,
    label: Field,
    commitment: Select,
    when: Field,
    together: Option<Choices>,
    reason: Area,
    on: DateField,
    steps: Vec<Step>,
    acts: bool,
}

impl Objective {
    /// The commitment it serves, in words.
    fn serves(&self) -> String {
        let serves = self.commitment.as_ref();
        let words =
            serves.map(|it| format!("{}, {}: {}", uk::session(&it.session), it.ref_, it.title));
        words.unwrap_or_default()
    }

    fn is_dropped(&self) -> bool {
        self.state.kind == ObjectiveStateKind::Dropped
    }

    /// The actions that were dropped with it when it was last dropped, which is recorded at one moment: their ids.
    pub fn dropped_together(&self) -> Vec<String> {
        let dropped = self.state_changes.iter().rev();
        let mut dropped = dropped.filter(|change| change.to.kind == ObjectiveStateKind::Dropped);
        let Some(at) = dropped.next().map(|change| change.made.recorded_at) else {
            return Vec::new();
        };
        let actions = self.actions.nodes.iter().filter(|action| {
            let last = action.changes.last();
            action.state == ActionState::Dropped
                && last.is_some_and(|last| {
                    last.kind == ActionChangeKind::Dropped && last.made.recorded_at == at
                })
        });
        actions.map(|action| action.id.clone()).collect()
    }
}

impl Found {
    /// What its forms stand on.
    fn ground(&self) -> Ground {
        let objective = &self.objective;
        let state = match &objective.state.note {
            Some(note) => format!("{}: {note}", objective.state.kind.words()),
            None => objective.state.kind.words().to_owned(),
        };
        Ground::new(self.plan.version)
            .and("ref", "Ref", &objective.ref_)
            .and("title", "What is to be reached", &objective.title)
            .and(
                "indicator",
                "Indicator",
                objective.indicator.clone().unwrap_or_default(),
            )
            .and("commitmentId", "Commitment", objective.serves())
            .and("state", "How it is pursued", state)
    }

    fn kind(&self) -> Choices {
        let known = Kind::of(self.may, self.objective.is_dropped());
        let choices: Vec<Choice> = known
            .iter()
            .map(|kind| Choice::new(kind.name(), kind.words()))
            .collect();
        let only = (known.len() == 1).then(|| known[0].name().to_owned());
        Choices::new(Ticks::Radios, "kind", "What is to change?", choices).with(only)
    }

    fn together(&self) -> Option<Choices> {
        let dropped = self.objective.dropped_together().len();
        (self.objective.is_dropped() && dropped > 0).then(|| {
            let words = match dropped {
                1 => "Take up again the action that was dropped with it".to_owned(),
                many => format!("Take up again the {many} actions that were dropped with it"),
            };
            Choices {
                quiet: true,
                ..Choices::new(
                    Ticks::Checkboxes,
                    TOGETHER,
                    "Its actions",
                    [Choice::new("yes", words)],
                )
            }
            .with(["yes"])
        })
    }
}

impl Page {
    fn sent(mut self, fields: &Fields, problems: &Problems) -> Self {
        self.kind = self.kind.sent(fields, problems);
        self.title = self.title.sent(fields, problems);
        self.indicator = self.indicator.sent(fields, problems);
        self.label = self.label.sent(fields, problems);
        self.commitment = self.commitment.sent(fields, problems);
        self.when = self.when.sent(fields, problems);
        self.together = self.together.map(|one| one.sent(fields, problems));
        self.reason = self.reason.sent(fields, problems);
        self.on = self.on.sent(fields, problems);
        self
    }

    /// What was typed of a part of the objective, in words.
    fn typed(&self, kind: Option<Kind>, part: &str) -> Option<String> {
        match (kind?, part) {
            (Kind::Reworded, "title") => Some(self.title.value.clone()),
            (Kind::Reworded, "indicator") => Some(self.indicator.value.clone()),
            (Kind::Renumbered, "ref") => Some(self.label.value.clone()),
            (Kind::Linked, "commitmentId") => {
                let mut choices = self.commitment.choices.iter();
                let chosen = choices.find(|one| one.value == self.commitment.value);
                Some(chosen.map_or_else(String::new, |one| one.label.clone()))
            }
            (Kind::NoAction | Kind::Dropped | Kind::Reinstated, "state") => {
                let kind = kind?.words();
                Some(format!("{kind}: {}", self.reason.value))
            }
            _ => None,
        }
    }
}

/// How what was just done to the objective `id` is undone.
///
/// # Errors
/// When the schema does not answer.
pub async fn undo(
    (web, desk): (&Web, &Desk),
    (what, id): (Kind, &str),
) -> Result<Option<Undo>, Instead> {
    let found = match find(web, desk, (id, May::Follow)).await {
        Ok(found) => found,
        Err(Instead::NotHere) => return Ok(None),
        Err(other) => return Err(other),
    };
    let objective = &found.objective;
    let undo = |words: &'static str, kind: Kind| {
        let undo = Undo {
            words: words.into(),
            to: desk.at(&format!("/objectives/{id}")),
            fields: found.ground().fields(),
        };
        undo.with("kind", kind.name())
            .with("reason", MISTAKE)
            .with("commandId", web.gateway.services().ids.next().to_string())
    };
    let back = "Put it back as it was";
    Ok(match what {
        Kind::Dropped if objective.is_dropped() => {
            Some(undo("Take it up again", Kind::Reinstated).with(TOGETHER, "yes"))
        }
        Kind::Reworded => objective.wording_changes.last().map(|change| {
            undo(back, Kind::Reworded)
                .with("title", &change.from.title)
                .with("indicator", change.from.comment.clone().unwrap_or_default())
        }),
        Kind::Renumbered => objective
            .ref_changes
            .last()
            .map(|change| undo(back, Kind::Renumbered).with("ref", &change.from)),
        Kind::Linked => objective.commitment_changes.last().map(|change| {
            let served = change.from.as_ref().map(|it| it.id.clone());
            undo(back, Kind::Linked).with("commitmentId", served.unwrap_or_default())
        }),
        Kind::Dropped | Kind::NoAction | Kind::Reinstated => None,
    })
}

impl Room for Page {
    type Thing = Found;

    async fn find(at: At<'_>) -> Result<Found, Instead> {
        find(at.web, at.desk, (at.named(0)?, May::Follow)).await
    }

    async fn new(at: At<'_>, found: &Found, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let objective = found.objective.clone();
        let plan = (found.plan.title.as_str(), found.plan.id.as_str());
        let two = |name, label| Area {
            rows: 2,
            ..Area::new(name, label)
        };
        let serves = objective.commitment.as_ref().map(|it| it.id.clone());
        let frame = at
            .desk
            .in_plan(format!("Objective {}", objective.ref_), plan)?;
        let mut page = Self {
            frame: frame.mending(problems),
            here: at.desk.at(&format!("/objectives/{}", objective.id)),
            conflict: None,
            ground: found.ground(),
            command: at.command(),
            kind: found.kind(),
            title: two("title", "What is to be reached").with(&objective.title),
            indicator: two("indicator", "How one will know (the indicator)")
                .with(objective.indicator.clone().unwrap_or_default()),
            label: Field {
                short: true,
                ..Field::words("ref", "Its new ref")
            }
            .with(&objective.ref_),
            commitment: served::commitments(at.web, at.desk)
                .await?
                .with(serves.unwrap_or_default()),
            when: Field::words("timescale.text", "A timescale the plan gives all the same")
                .hinting("Such as: N/A. It may stay empty."),
            together: found.together(),
            reason: Area::new("reason", "Why?")
                .hinting("It stays on record beside what it was before."),
            on: DateField::new("occurredOn", "When was it decided?")
                .hinting("Today, when left empty."),
            steps: history::steps(&objective),
            acts: !objective.is_dropped(),
            objective,
        };
        if fields.nothing_typed() {
            if let Some(kind) = at.address.some("kind") {
                page.kind = page.kind.with([kind]);
            }
        } else {
            page = page.sent(fields, problems);
        }
        Ok(page)
    }

    async fn record(at: At<'_>, found: &Found, sent: (&Fields, Option<i64>)) -> Answered {
        let there = Address::read(&at.desk.plan(&found.plan.id), "")
            .with("done", sent.0.one("kind"))
            .with("of", &found.objective.id);
        let problems = record::record(at.both(), found, sent).await?;
        Ok(or_on_to(problems, there.to_string()))
    }

    fn ground(found: &Found) -> Ground {
        found.ground()
    }

    fn contested(&mut self, at: At<'_>, found: &Found, fields: &Fields) {
        let kind = Kind::named(fields.one("kind"));
        let back = at.desk.plan(&found.plan.id);
        let typed = |part: &str| self.typed(kind, part);
        self.conflict = Some(found.ground().against(fields, back, typed));
    }
}
