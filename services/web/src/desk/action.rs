//! One action: what it is, what happened to it, and a form for what happened now.
//!
//! It is changed by who may change its plan ([`May`]). Where somebody else changed it while the form was open, both versions are shown.

mod record;

use askama::Template;

use super::Desk;
use super::plan::{May, open};
use super::room::{Answered, At, Room, Sent, or_on_to};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{ActionChangeKind, ActionState};
use crate::form::{
    Area, Choice, Choices, Conflict, DateField, Field, Fields, Ground, Kind, Problems, Select,
};
use crate::instead::Instead;
use crate::page::{Frame, Undo};
use crate::uk;
use crate::visit::Web;

document!(DeskAction, "documents/desk/action.graphql");

use desk_action::{
    DeskActionNode as Node, DeskActionNodeOnAction as Action,
    DeskActionNodeOnActionChanges as Change,
};

/// What can happen to an action that is open.
const OPEN: [(ActionChangeKind, &str); 7] = [
    (ActionChangeKind::Completed, "It is done"),
    (ActionChangeKind::Progressed, "It moved on"),
    (ActionChangeKind::Rescheduled, "It has another timescale"),
    (ActionChangeKind::Reassigned, "Somebody else will do it"),
    (
        ActionChangeKind::Reworded,
        "It should be put in other words",
    ),
    (
        ActionChangeKind::Merged,
        "It goes on as part of another action",
    ),
    (ActionChangeKind::Dropped, "It is given up"),
];

/// And to one that has ended.
const ENDED: [(ActionChangeKind, &str); 1] = [(ActionChangeKind::Reopened, "It is taken up again")];

#[derive(Template)]
#[template(path = "desk/action.html")]
pub struct Page {
    frame: Frame,
    here: String,
    /// Where actions are changed.
    actions: String,
    action: Action,
    /// Above the form, where somebody else changed it meanwhile.
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    kind: Choices,
    text: Area,
    owner: Field,
    when: Field,
    due: DateField,
    into: Select,
    reason: Area,
    on: DateField,
}

impl Action {
    /// What its form stands on.
    fn ground(&self) -> Ground {
        let when = self.timescale.as_ref();
        let when = when.map_or_else(String::new, |when| match &when.due_on {
            Some(due) => format!("{} (by {})", when.text, uk::day(due)),
            None => when.text.clone(),
        });
        Ground::new(self.action_plan.version)
            .and("text", "What will be done", &self.text)
            .and("owner", "Owner", self.owner.clone().unwrap_or_default())
            .and("timescale", "Timescale", when)
            .and("state", "Where it stands", self.state.words())
    }

    /// What the update said with which a change came, where that is not told already: one update may carry several.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn said_with(&self, at: &usize) -> Option<&str> {
        let (before, rest) = self.changes.split_at_checked(*at)?;
        let change = rest.first()?;
        let said = change.update.as_ref()?.text.as_str();
        let told = |one: &Change| {
            one.update
                .as_ref()
                .is_some_and(|update| update.text == said)
        };
        let again = change.reason.as_deref() == Some(said) || before.iter().any(told);
        (!again).then_some(said)
    }

    /// What can have happened to it, with the words for each.
    fn kinds(&self) -> &'static [(ActionChangeKind, &'static str)] {
        match self.state {
            ActionState::Open => &OPEN,
            _ => &ENDED,
        }
    }
}

impl Page {
    fn sent(mut self, fields: &Fields, problems: &Problems) -> Self {
        self.kind = self.kind.sent(fields, problems);
        self.text = self.text.sent(fields, problems);
        self.owner = self.owner.sent(fields, problems);
        self.when = self.when.sent(fields, problems);
        self.due = self.due.sent(fields, problems);
        self.into = self.into.sent(fields, problems);
        self.reason = self.reason.sent(fields, problems);
        self.on = self.on.sent(fields, problems);
        self
    }
}

impl Page {
    /// What was typed of a part of the action, in words.
    fn typed(&self, fields: &Fields, part: &str) -> Option<String> {
        let kind = ActionChangeKind::named(fields.one("kind"))?;
        match (kind, part) {
            (ActionChangeKind::Reworded, "text") => fields.text("text"),
            (ActionChangeKind::Reassigned, "owner") => fields.some("owner"),
            (ActionChangeKind::Rescheduled, "timescale") => fields.some("timescale.text"),
            (
                ActionChangeKind::Reworded
                | ActionChangeKind::Reassigned
                | ActionChangeKind::Rescheduled,
                _,
            ) => None,
            (_, "state") => {
                let choice = self
                    .kind
                    .choices
                    .iter()
                    .find(|one| one.value == kind.name());
                let words = choice.map_or(kind.words(), |one| one.label.as_str());
                Some(format!("{words}: {}", self.reason.value))
            }
            _ => None,
        }
    }
}

async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Action, Instead> {
    let variables = desk_action::Variables { id: id.to_owned() };
    let answer = ask::<DeskAction>(&web.gateway, variables, desk.looker.caller()).await?;
    let Some(Node::Action(action)) = answer.node else {
        return Err(Instead::NotHere);
    };
    let plan = &action.action_plan;
    if plan.compact.slug != desk.place.slug {
        return Err(Instead::NotHere);
    }
    let group = plan.group.as_ref().map(|group| group.id.as_str());
    May::of(desk, group).must(May::Follow)?;
    Ok(action)
}

fn done(kind: &str) -> Option<&'static str> {
    Some(match ActionChangeKind::named(kind)? {
        ActionChangeKind::Completed => "The action is completed.",
        ActionChangeKind::Dropped => "The action is dropped.",
        ActionChangeKind::Merged => "The action goes on as part of the other.",
        ActionChangeKind::Reopened => "The action is open again.",
        _ => "The change is recorded.",
    })
}

/// How it is undone that the action has just ended.
fn undo(at: At<'_>, action: &Action) -> Option<Undo> {
    if action.state == ActionState::Open {
        return None;
    }
    let undo = Undo {
        words: "Take it up again".into(),
        to: at.address.path().to_owned(),
        fields: action.ground().fields(),
    };
    let undo = undo
        .with("kind", ActionChangeKind::Reopened.name())
        .with("reason", "It was a mistake.")
        .with("commandId", at.command());
    Some(undo)
}

impl Room for Page {
    type Thing = Action;

    async fn find(at: At<'_>) -> Result<Action, Instead> {
        find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(
        at: At<'_>,
        action: &Action,
        (fields, problems): Sent<'_>,
    ) -> Result<Self, Instead> {
        let said = done(at.address.one("done"));
        let undo = said.and_then(|_| undo(at, action));
        let known = action.kinds();
        let others = open::actions(at.web, at.desk, &action.action_plan.id).await?;
        let others = others.into_iter().filter(|other| other.value != action.id);
        let none = [Choice::new("", "Choose an action")];
        let choices = known
            .iter()
            .map(|(kind, words)| Choice::new(kind.name(), *words));
        let mut kind = Choices::new(Kind::Radios, "kind", "What happened?", choices);
        if known.len() == 1 {
            kind = kind.with([ActionChangeKind::Reopened.name()]);
        }
        let plan = &action.action_plan;
        let frame = at
            .desk
            .in_plan("Change an action", (&plan.title, &plan.id))?;
        let mut page = Self {
            frame: frame.done(said).undone_by(undo).mending(problems),
            here: at.address.path().to_owned(),
            actions: at.desk.at("/actions"),
            conflict: None,
            ground: action.ground(),
            command: at.command(),
            kind,
            text: Area::new("text", "What will be done").with(&action.text),
            owner: Field::words("owner", "Who will do it")
                .with(action.owner.as_deref().unwrap_or_default()),
            when: Field::words("timescale.text", "When, in the words as agreed")
                .hinting("Such as: End of November 2007"),
            due: DateField::new("timescale.dueOn", "The last day that keeps to these words")
                .hinting("Leave it empty where the words name no day."),
            into: Select::new(
                "intoId",
                "Which action does it go on in?",
                none.into_iter().chain(others),
            ),
            reason: Area::new("reason", "Why, or what was said of it").hinting(
                "Needed for another timescale, other words, going on in another action, giving it up and taking it up again.",
            ),
            on: DateField::new("occurredOn", "When was that?").hinting("Today, when left empty."),
            action: action.clone(),
        };
        if !fields.nothing_typed() {
            page = page.sent(fields, problems);
        }
        Ok(page)
    }

    async fn record(
        at: At<'_>,
        action: &Action,
        (fields, version): (&Fields, Option<i64>),
    ) -> Answered {
        let there = Address::read(at.address.path(), "").with("done", fields.one("kind"));
        let sent = (action.id.as_str(), fields, version);
        let problems = record::record(at.web, at.desk, sent).await?;
        Ok(or_on_to(problems, there.to_string()))
    }

    fn ground(action: &Action) -> Ground {
        action.ground()
    }

    fn contested(&mut self, at: At<'_>, action: &Action, fields: &Fields) {
        let back = at.address.path().to_owned();
        let typed = |part: &str| self.typed(fields, part);
        self.conflict = Some(action.ground().against(fields, back, typed));
    }
}
