//! One action: what it is, what happened to it, and a form for what happened now.
//!
//! It is changed by who may change its plan ([`May`]). Where somebody else changed it while the form was open, both versions are shown.

mod record;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Desk;
use super::plan::{May, open};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{ActionChangeKind, ActionState};
use crate::form::{
    Area, Choice, Choices, Conflict, Contested, DateField, Field, Fields, Ground, Kind, Problems,
    Select, Settled, settle,
};
use crate::instead::Instead;
use crate::page::{Frame, Undo, onwards, shown, to_mend, with_status};
use crate::uk;
use crate::visit::{Visit, Web};

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
struct Page {
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
    async fn new(
        (web, desk): (&Web, &Desk),
        (action, here): (Action, String),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let known = action.kinds();
        let others = open::actions(web, desk, &action.action_plan.id).await?;
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
        let frame = desk.in_plan("Change an action", (&plan.title, &plan.id))?;
        let mut page = Self {
            frame: frame.mending(problems),
            here,
            actions: desk.at("/actions"),
            conflict: None,
            ground: action.ground(),
            command: web.gateway.services().ids.next().to_string(),
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
            action,
        };
        if !fields.nothing_typed() {
            page = page.sent(fields, problems);
        }
        Ok(page)
    }

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
fn undo(web: &Web, here: &str, action: &Action) -> Option<Undo> {
    if action.state == ActionState::Open {
        return None;
    }
    let undo = Undo {
        words: "Take it up again".into(),
        to: here.to_owned(),
        fields: action.ground().fields(),
    };
    let undo = undo
        .with("kind", ActionChangeKind::Reopened.name())
        .with("reason", "It was a mistake.")
        .with("commandId", web.gateway.services().ids.next().to_string());
    Some(undo)
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Action;

    async fn find(&self) -> Result<Action, Instead> {
        let (web, desk) = self.at;
        find(web, desk, self.id).await
    }

    fn ground(&self, action: &Action) -> Ground {
        action.ground()
    }

    async fn record(
        &self,
        action: &Action,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        let (web, desk) = self.at;
        record::record(web, desk, (&action.id, self.fields, version)).await
    }
}

/// `GET /desk/{slug}/actions/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let action = find(&web, &desk, &id).await?;
    let here = address.path().to_owned();
    let nothing = (&Fields::default(), &Problems::default());
    let said = done(address.one("done"));
    let undo = said.and_then(|_| undo(&web, &here, &action));
    let mut page = Page::new((&web, &desk), (action, here), nothing).await?;
    page.frame = page.frame.done(said).undone_by(undo);
    shown(&page)
}

/// `POST /desk/{slug}/actions/{id}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path().to_owned();
    let desk = web.desk_sending(&visit, &fields, (&slug, &here)).await?;
    let sending = Sending {
        at: (&web, &desk),
        id: &id,
        fields: &fields,
    };
    match settle(&sending, &fields).await? {
        Settled::Recorded(_) => {
            let there = Address::read(&here, "").with("done", fields.one("kind"));
            Ok(onwards(&there.to_string()))
        }
        Settled::ToMend(action, problems) => {
            to_mend(&Page::new((&web, &desk), (action, here), (&fields, &problems)).await?)
        }
        Settled::Contested(action, problems) => {
            let ground = action.ground();
            let sent = (&fields, &problems);
            let mut page = Page::new((&web, &desk), (action, here.clone()), sent).await?;
            let conflict = ground.against(&fields, here, |part| page.typed(&fields, part));
            page.conflict = Some(conflict);
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}
