//! What is to change of an objective, as commands.

use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::desk::plan::May;
use crate::desk::plan::found::Found;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{DateField, Fields, Problems};
use crate::instead::Instead;
use crate::visit::Web;

use super::TOGETHER;

document!(RewordObjective, "documents/desk/reword-objective.graphql");
document!(
    RenumberObjective,
    "documents/desk/renumber-objective.graphql"
);
document!(LinkObjective, "documents/desk/link-objective.graphql");
document!(NoteNoAction, "documents/desk/note-no-action.graphql");
document!(DropObjective, "documents/desk/drop-objective.graphql");
document!(
    ReinstateObjective,
    "documents/desk/reinstate-objective.graphql"
);
document!(ReopenAction, "documents/desk/reopen-action.graphql");

/// What can be changed of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its words.
    Reworded,
    /// Its ref.
    Renumbered,
    /// The commitment it serves.
    Linked,
    /// That nothing is done for it at present.
    NoAction,
    /// That it is given up.
    Dropped,
    /// That it is pursued again.
    Reinstated,
}

impl Kind {
    const LIVE: [Self; 5] = [
        Self::Reworded,
        Self::Renumbered,
        Self::Linked,
        Self::NoAction,
        Self::Dropped,
    ];

    /// What somebody can change of an objective, dropped or not.
    pub fn of(may: May, dropped: bool) -> Vec<Self> {
        if dropped {
            return vec![Self::Reinstated];
        }
        let known = Self::LIVE.into_iter();
        known.filter(|kind| may >= kind.needs()).collect()
    }

    const fn needs(self) -> May {
        match self {
            Self::Reworded | Self::Renumbered | Self::Linked => May::SetUp,
            Self::NoAction | Self::Dropped | Self::Reinstated => May::Follow,
        }
    }

    /// As forms and addresses name it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reworded => "REWORDED",
            Self::Renumbered => "RENUMBERED",
            Self::Linked => "LINKED",
            Self::NoAction => "NO_ACTION",
            Self::Dropped => "DROPPED",
            Self::Reinstated => "REINSTATED",
        }
    }

    /// As it is said in the form.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Reworded => "Put it in other words",
            Self::Renumbered => "Give it another ref",
            Self::Linked => "It serves another commitment",
            Self::NoAction => "There is no action for it at present",
            Self::Dropped => "Give it up, and its open actions with it",
            Self::Reinstated => "Take it up again",
        }
    }

    /// What is said once it is recorded.
    pub const fn done(self) -> &'static str {
        match self {
            Self::Reworded => "The objective has its new words.",
            Self::Renumbered => "The objective has its new ref.",
            Self::Linked => "It is recorded which commitment the objective serves.",
            Self::NoAction => "It is recorded that there is no action at present.",
            Self::Dropped => "The objective is dropped, and its open actions with it.",
            Self::Reinstated => "The objective is taken up again.",
        }
    }

    /// The one that a form or an address names.
    pub fn named(name: &str) -> Option<Self> {
        let mut all = Self::LIVE.into_iter().chain([Self::Reinstated]);
        all.find(|kind| kind.name() == name)
    }
}

/// What a form says is to change.
struct Said<'f> {
    objective_id: String,
    fields: &'f Fields,
    expected_version: Option<i64>,
    occurred_on: Option<Date>,
    reason: String,
}

/// Records what the form says is to change of the objective, as seen at a version of its plan. What is wrong with it, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    (web, desk): (&Web, &Desk),
    found: &Found,
    (fields, version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let occurred_on = DateField::taken(fields, "occurredOn", &mut wrong);
    let kind = Kind::named(fields.one("kind")).filter(|kind| found.may >= kind.needs());
    let Some(kind) = kind else {
        wrong.add("kind", "say what is to change");
        return Ok(Some(wrong));
    };
    let reason = fields.text("reason").unwrap_or_default();
    if reason.is_empty() {
        wrong.add("reason", "say why");
    }
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let said = Said {
        objective_id: found.objective.id.clone(),
        fields,
        expected_version: version,
        occurred_on,
        reason,
    };
    let changed = said.recorded((web, desk), kind).await?;
    if changed.is_none() && kind == Kind::Reinstated && fields.some(TOGETHER).is_some() {
        return reopen((web, desk), found, (fields, occurred_on)).await;
    }
    Ok(changed)
}

fn wrong<A>(changed: Changed<A>) -> Option<Problems> {
    match changed {
        Changed::Done(_) => None,
        Changed::ToMend(problems) => Some(problems.renamed(|field| match field {
            "note" => "reason".to_owned(),
            "timescale" => "timescale.text".to_owned(),
            other => other.to_owned(),
        })),
    }
}

/// Makes the command of one kind from what was said, with what else it says, and sends it.
macro_rules! send {
    ($said:expr, $at:expr, $document:ident, $module:ident :: $input:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let input = $module::$input {
            objective_id: $said.objective_id.clone(),
            expected_version: $said.expected_version,
            command_id: $said.fields.command(),
            occurred_on: $said.occurred_on,
            $($field: $value,)*
            ..Default::default()
        };
        let sent = $module::Variables { input };
        let (web, desk) = $at;
        Ok(wrong(change::<$document>(&web.gateway, sent, desk.looker.caller()).await?))
    }};
}

impl Said<'_> {
    async fn recorded(self, at: (&Web, &Desk), kind: Kind) -> Result<Option<Problems>, Instead> {
        let reason = self.reason.clone();
        match kind {
            Kind::Reworded => send!(
                self,
                at,
                RewordObjective,
                reword_objective::RewordObjectiveInput {
                    title: self.fields.text("title").unwrap_or_default(),
                    indicator: self.fields.text("indicator"),
                    reason: reason,
                }
            ),
            Kind::Renumbered => send!(
                self,
                at,
                RenumberObjective,
                renumber_objective::RenumberObjectiveInput {
                    ref_: self.fields.some("ref").unwrap_or_default(),
                    reason: reason,
                }
            ),
            Kind::Linked => send!(
                self,
                at,
                LinkObjective,
                link_objective::LinkObjectiveInput {
                    commitment_id: self.fields.some("commitmentId"),
                    reason: reason,
                }
            ),
            Kind::NoAction => send!(
                self,
                at,
                NoteNoAction,
                note_no_action::NoteNoActionInput {
                    note: reason,
                    timescale: self.timescale(),
                }
            ),
            Kind::Dropped => send!(
                self,
                at,
                DropObjective,
                drop_objective::DropObjectiveInput { reason: reason }
            ),
            Kind::Reinstated => send!(
                self,
                at,
                ReinstateObjective,
                reinstate_objective::ReinstateObjectiveInput { reason: reason }
            ),
        }
    }

    fn timescale(&self) -> Option<note_no_action::TimescaleInput> {
        let text = self.fields.some("timescale.text")?;
        Some(note_no_action::TimescaleInput {
            text,
            due_on: None,
            note: None,
        })
    }
}

/// Takes up again the actions that were dropped with the objective, as it was before it was taken up.
async fn reopen(
    (web, desk): (&Web, &Desk),
    found: &Found,
    (fields, occurred_on): (&Fields, Option<Date>),
) -> Result<Option<Problems>, Instead> {
    for action_id in found.objective.dropped_together() {
        let input = reopen_action::ReopenActionInput {
            action_id,
            reason: fields.text("reason").unwrap_or_default(),
            occurred_on,
            ..Default::default()
        };
        let sent = reopen_action::Variables { input };
        let changed = change::<ReopenAction>(&web.gateway, sent, desk.looker.caller()).await?;
        if let Some(problems) = wrong(changed) {
            return Ok(Some(problems));
        }
    }
    Ok(None)
}
