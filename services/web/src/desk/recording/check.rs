//! A meeting that was typed, on one page to be looked through, and its recording.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::command::{RecordMeeting, Written, record_meeting};
use super::ground::Ground;
use super::kept::{self, Kept};
use super::onto::{Onto, of_minutes};
use super::page::FormPage;
use super::sheet::{self, is_blank};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::attendance::in_words;
use crate::documents::words::Attending;
use crate::form::{DateField, Fields, as_read, time_of_day};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

/// An item as it will be recorded.
struct Item {
    title: String,
    discussion: Option<String>,
    decision: Option<String>,
    carried_over: bool,
    updates: Vec<Update>,
    actions: Vec<String>,
}

/// An update as it will be recorded.
struct Update {
    objectives: String,
    text: String,
    changes: Vec<String>,
}

#[derive(Template)]
#[template(path = "desk/recording/check.html")]
struct Page<'g> {
    frame: Frame,
    here: String,
    group: String,
    on: String,
    place: String,
    came: Vec<(Attending, Vec<String>)>,
    items: Vec<Item>,
    /// What was suggested, and has nothing written under it.
    untouched: Vec<String>,
    next: Option<String>,
    /// What stands in plans at once.
    onto: Vec<Onto<'g>>,
    /// Who reads the minutes at once.
    minutes: &'static str,
}

/// `GET /desk/{slug}/record/{about}/check`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let here = desk.at(&format!("/record/{about}"));
    let Some(Kept { fields, .. }) = kept::find(&web, &desk, &about).await? else {
        return Err(Instead::go(here));
    };
    let ground = Ground::find(&web, &desk, &about).await?;
    let (written, input) = Written::of(&fields, &ground);
    if !written.wrong.is_empty() {
        return Err(Instead::go(here));
    }
    let time = input.time.as_deref().map(as_read);
    let place = [time, input.venue.clone()];
    let place: Vec<String> = place.into_iter().flatten().collect();
    let on = input.occurred_on.as_ref().map(uk::weekday);
    let title = "Check the meeting before you record it";
    shown(&Page {
        frame: desk.frame(title)?.crumb("Record a meeting", here.clone()),
        here,
        group: ground.group_name.clone(),
        on: on.unwrap_or_default(),
        place: place.join(", "),
        came: in_words(&ground.may_come, &fields),
        items: items(&fields, sheet::Kept::Recorded)
            .map(|row| item(&ground, &fields, &row))
            .collect(),
        untouched: items(&fields, sheet::Kept::Untouched)
            .filter_map(|row| fields.text(&format!("{row}.title")))
            .collect(),
        next: next(&fields),
        onto: Onto::all(&ground, &input),
        minutes: of_minutes(ground.visibility),
    })
}

/// `POST /desk/{slug}/record/{about}/check`: records it.
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, about)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let here = desk.at(&format!("/record/{about}"));
    let Some(kept) = kept::find(&web, &desk, &about).await? else {
        return Err(Instead::go(here));
    };
    let ground = Ground::find(&web, &desk, &about).await?;
    let (written, input) = Written::of(&kept.fields, &ground);
    if !written.wrong.is_empty() {
        let wrong = written.wrong;
        return to_mend(&FormPage::new((&desk, ground), &kept, &wrong)?);
    }
    let called = ground.meeting.clone();
    let sent = record_meeting::Variables { input };
    match change::<RecordMeeting>(&web.gateway, sent, desk.looker.caller()).await? {
        Changed::Done(done) => {
            kept::discard(&web, &desk, &about).await?;
            let meeting = called.or(done.new_id).ok_or(Instead::AskLater)?;
            Ok(onwards(
                &desk.at(&format!("/meetings/{meeting}?done=recorded")),
            ))
        }
        Changed::ToMend(problems) => {
            let problems = written.places.typed_at(problems);
            to_mend(&FormPage::new((&desk, ground), &kept, &problems)?)
        }
    }
}

/// The rows of the items of which this becomes.
fn items(fields: &Fields, what: sheet::Kept) -> impl Iterator<Item = String> + '_ {
    let rows = fields.rows("items").into_iter();
    let rows = rows.map(|at| format!("items.{at}"));
    rows.filter(move |row| sheet::kept(fields, row) == what)
}

fn item(ground: &Ground, fields: &Fields, row: &str) -> Item {
    let one = |name: &str| fields.text(&format!("{row}.{name}"));
    let below = |list: &str| {
        let list = format!("{row}.{list}");
        let rows = fields.rows(&list).into_iter();
        rows.map(move |at| format!("{list}.{at}"))
    };
    let actions = below("actions").filter(|row| !is_blank(fields, row, &["objective"]));
    let updates = below("updates").filter(|row| !is_blank(fields, row, &[]));
    Item {
        title: one("title").unwrap_or_default(),
        discussion: one("discussion"),
        decision: one("decision"),
        carried_over: one("carriedOver").is_some(),
        actions: actions.map(|row| action(ground, fields, &row)).collect(),
        updates: updates.map(|row| update(ground, fields, &row)).collect(),
    }
}

fn action(ground: &Ground, fields: &Fields, row: &str) -> String {
    let one = |name: &str| fields.some(&format!("{row}.{name}"));
    let mut words = vec![one("text").unwrap_or_default()];
    words.extend(one("owner").map(|owner| format!("owner: {owner}")));
    words.extend(when(fields, row));
    let objective = one("objective").and_then(|id| ground.objective(&id));
    words.push(match objective {
        Some(objective) => format!("under objective {}", objective.label),
        None => "under a heading of its own".to_owned(),
    });
    words.join("; ")
}

fn when(fields: &Fields, row: &str) -> Option<String> {
    let words = fields.some(&format!("{row}.timescale.text"));
    let due = fields.some(&format!("{row}.due"));
    match (words, due) {
        (Some(words), Some(due)) => Some(format!("{words} (by {due})")),
        (Some(one), None) | (None, Some(one)) => Some(one),
        (None, None) => None,
    }
}

fn update(ground: &Ground, fields: &Fields, row: &str) -> Update {
    let ticked = format!("{row}.objectiveIds");
    let objectives = fields.all(&ticked).filter_map(|id| ground.objective(id));
    let objectives: Vec<String> = objectives.map(|one| one.label.clone()).collect();
    let changes = fields.rows(&format!("{row}.changes")).into_iter();
    let changes = changes.map(|at| change_in_words(ground, fields, &format!("{row}.changes.{at}")));
    Update {
        objectives: objectives.join(", "),
        text: fields.text(&format!("{row}.text")).unwrap_or_default(),
        changes: changes.filter(|words| !words.is_empty()).collect(),
    }
}

fn change_in_words(ground: &Ground, fields: &Fields, row: &str) -> String {
    if is_blank(fields, row, &[]) {
        return String::new();
    }
    let one = |name: &str| fields.some(&format!("{row}.{name}"));
    let of = one("of").unwrap_or_default();
    let mut actions = ground.plans.iter().flat_map(|plan| &plan.objectives);
    let action = actions.find_map(|objective| {
        let mut doing = objective.actions.iter();
        doing.find(|action| action.id == of)
    });
    let named = match (action, ground.objective(&of)) {
        (Some(action), _) => action.text.clone(),
        (None, Some(objective)) => format!("Objective {}", objective.label),
        (None, None) => String::new(),
    };
    let what = super::rows::words_of(fields.one(&format!("{row}.what")));
    let mut words = vec![format!("{named}: {what}")];
    words.extend(when(fields, row));
    words.extend(one("owner"));
    words.extend(one("text"));
    words.extend(one("reason"));
    words.join("; ")
}

fn next(fields: &Fields) -> Option<String> {
    let on = DateField::read(fields, "next.on").ok().flatten();
    let parts = [
        on.as_ref().map(uk::weekday),
        fields.some("next.words"),
        time_of_day(fields, "next.time")
            .ok()
            .flatten()
            .as_deref()
            .map(as_read),
        fields.some("next.venue"),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
