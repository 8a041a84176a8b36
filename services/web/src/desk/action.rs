//! One action: what it is, what happened to it, and a form for what happened now.

mod record;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::Desk;
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{ActionChangeKind, ActionState};
use crate::form::{Area, Choice, Choices, DateField, Field, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskAction, "documents/desk/action.graphql");

use desk_action::{DeskActionNode as Node, DeskActionNodeOnAction as Action};

/// What can happen to an action that is open.
const OPEN: [(ActionChangeKind, &str); 6] = [
    (ActionChangeKind::Completed, "It is done"),
    (ActionChangeKind::Progressed, "It moved on"),
    (ActionChangeKind::Rescheduled, "It has another timescale"),
    (ActionChangeKind::Reassigned, "Somebody else will do it"),
    (
        ActionChangeKind::Reworded,
        "It should be put in other words",
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
    action: Action,
    command: String,
    kind: Choices,
    text: Area,
    owner: Field,
    when: Field,
    due: DateField,
    reason: Area,
    on: DateField,
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        (action, here): (Action, String),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let known: &[(ActionChangeKind, &str)] = match action.state {
            ActionState::Open => &OPEN,
            _ => &ENDED,
        };
        let choices = known
            .iter()
            .map(|(kind, words)| Choice::new(kind.name(), *words));
        let mut kind = Choices::new(Kind::Radios, "kind", "What happened?", choices);
        if known.len() == 1 {
            kind = kind.with([ActionChangeKind::Reopened.name()]);
        }
        let frame = desk.frame("Change an action")?;
        let mut page = Self {
            frame: frame.mending(problems),
            here,
            command: web.gateway.services().ids.next().to_string(),
            kind,
            text: Area::new("text", "What will be done").with(&action.text),
            owner: Field::words("owner", "Who will do it")
                .with(action.owner.as_deref().unwrap_or_default()),
            when: Field::words("timescale.text", "When, in the words as agreed")
                .hinting("Such as: End of November 2007"),
            due: DateField::new("timescale.dueOn", "The last day that keeps to these words")
                .hinting("Leave it empty where the words name no day."),
            reason: Area::new("reason", "Why, or what was said of it").hinting(
                "Needed for another timescale, other words, giving it up and taking it up again.",
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
        self.reason = self.reason.sent(fields, problems);
        self.on = self.on.sent(fields, problems);
        self
    }
}

async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Action, Instead> {
    let variables = desk_action::Variables { id: id.to_owned() };
    let answer = ask::<DeskAction>(&web.gateway, variables, desk.looker.caller()).await?;
    match answer.node {
        Some(Node::Action(action)) => Ok(action),
        _ => Err(Instead::NotHere),
    }
}

fn done(kind: &str) -> Option<&'static str> {
    Some(match ActionChangeKind::named(kind)? {
        ActionChangeKind::Completed => {
            "The action is completed. If that was a mistake, take it up again below."
        }
        ActionChangeKind::Dropped => {
            "The action is dropped. If that was a mistake, take it up again below."
        }
        ActionChangeKind::Reopened => "The action is open again.",
        _ => "The change is recorded.",
    })
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
    let mut page = Page::new((&web, &desk), (action, here), nothing)?;
    page.frame = page.frame.done(done(address.one("done")));
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
    let action = find(&web, &desk, &id).await?;
    match record::record(&web, &desk, (&action.id, &fields)).await? {
        None => Ok(onwards(
            &Address::read(&here, "")
                .with("done", fields.one("kind"))
                .to_string(),
        )),
        Some(problems) => to_mend(&Page::new(
            (&web, &desk),
            (action, here),
            (&fields, &problems),
        )?),
    }
}
