//! One meeting at the desk: its minutes as they stand, what is to be done with them next, and where what is wrong in them is put right.

mod attendance;
mod item;
mod later;
mod minutes;
mod place;
mod why;

use std::sync::Arc;

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{get, post};
use domain::ids::IdSource;

use self::later::At;
use super::papers::{self, NewPaper};
use super::{Desk, publish, room};
use crate::address::Address;
use crate::arranged::arranged;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, UUID};
use crate::documents::words::{ActionState, Attending, MinutesState, Visibility};
use crate::form::{Area, Choice, DateField, Field, Fields, Posted, Problems, Select, sentence};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskMeeting, "documents/desk/meeting.graphql");

use desk_meeting::{
    DeskMeetingMeeting as Meeting, DeskMeetingMeetingAttendanceChanges as AttendancePutRight,
    DeskMeetingMeetingCorrectionsFrom as HeldAt, DeskMeetingMeetingPapers as Paper,
};

/// The pages of one meeting.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/desk/{slug}/meetings/{id}", get(show))
        .route("/desk/{slug}/meetings/{id}/minutes", post(send))
        .route("/desk/{slug}/meetings/{id}/papers", post(send_paper))
        .route(
            "/desk/{slug}/meetings/{id}/attendance",
            get(room::show::<attendance::Page>).post(room::send::<attendance::Page>),
        )
        .route(
            "/desk/{slug}/meetings/{id}/place",
            get(room::show::<place::Page>).post(room::send::<place::Page>),
        )
        .route(
            "/desk/{slug}/meetings/{id}/items/{item}",
            get(room::show::<item::Page>).post(room::send::<item::Page>),
        )
}

#[derive(Template)]
#[template(path = "desk/meeting.html")]
struct Page {
    frame: Frame,
    meeting: Meeting,
    desk: String,
    here: String,
    /// Where it is recorded.
    record: String,
    /// Where the plans are.
    plans: String,
    /// Where things are published, for who may.
    publish: Option<String>,
    /// Where it is seen as others see it.
    others: String,
    send_to: String,
    ids: Arc<dyn IdSource>,
    came: Vec<(Attending, Vec<String>)>,
    on: DateField,
    /// The first day its group met after it.
    met_since: Option<Date>,
    agreed_at: Select,
    note: Area,
    of: Select,
    papers: Vec<(Paper, Field)>,
    new_paper: NewPaper,
    papers_to: String,
}

impl Paper {
    /// Where it is read.
    fn href(&self) -> Option<&str> {
        let document = &self.document;
        let file = document.file.as_ref().map(|file| file.url.as_str());
        file.or_else(|| document.link.as_ref().map(|link| link.url.as_str()))
    }
}

impl Meeting {
    fn title(&self) -> String {
        let group = self.group.as_ref();
        let group = group.map_or("Meeting", |group| group.name.as_str());
        let on = self.arrangement.as_ref().and_then(|when| when.on);
        match self.held_on.or(on) {
            Some(day) => format!("{group}, {}", uk::day(&day)),
            None => group.to_owned(),
        }
    }

    /// When and where it is called for.
    fn called_for(&self) -> Option<String> {
        let when = self.arrangement.as_ref();
        when.map(|when| sentence(&arranged!(when).in_words()))
    }

    /// When it began and where it was held, as far as that is known.
    fn held_at(&self) -> Option<String> {
        place::in_words(self.time.as_deref(), self.venue.as_deref())
    }

    /// Who came, by how they did.
    fn came(&self) -> Vec<(Attending, Vec<String>)> {
        let ways = Attending::ALL.iter().map(|way| {
            let those = self.attendance.iter().flatten();
            let those = those.filter(|one| one.attending == *way);
            let named = those.map(|one| {
                let organisation = one.organisation.as_ref().map(|found| found.name.clone());
                match (organisation, one.who.clone()) {
                    (Some(organisation), Some(who)) => format!("{organisation} ({who})"),
                    (Some(only), None) | (None, Some(only)) => only,
                    (None, None) => String::new(),
                }
            });
            (*way, named.collect::<Vec<_>>())
        });
        ways.filter(|(_, those)| !those.is_empty()).collect()
    }

    /// Who may read it, in words.
    fn readers(&self) -> Option<&'static str> {
        self.visibility.map(publish::readers)
    }

    /// The plans that it put something onto and that are drafts.
    fn draft_plans(&self) -> Vec<(&str, &str)> {
        let updates = self.items.iter().flat_map(|item| &item.updates);
        let updates = updates.map(|update| &update.action_plan);
        let updates = updates.map(|plan| (plan.visibility, (&*plan.id, &*plan.title)));
        let actions = self.items.iter().flat_map(|item| &item.actions);
        let actions = actions.map(|raised| &raised.action.action_plan);
        let actions = actions.map(|plan| (plan.visibility, (&*plan.id, &*plan.title)));
        let mut drafts = Vec::new();
        for (visibility, plan) in updates.chain(actions) {
            if visibility == Visibility::Draft && !drafts.contains(&plan) {
                drafts.push(plan);
            }
        }
        drafts
    }

    /// Whether an item can still be added to its minutes.
    fn may_add(&self) -> bool {
        !matches!(
            self.minutes,
            Some(MinutesState::Circulated | MinutesState::Agreed)
        )
    }

    /// Why and when who came was put right, oldest first.
    fn attendance_put_right(&self) -> impl Iterator<Item = &AttendancePutRight> {
        let changes = self.attendance_changes.iter();
        changes.filter(|change| change.from.is_some())
    }

    /// Whether its minutes are agreed, and somebody is left to be let read them.
    fn may_publish(&self) -> bool {
        self.minutes == Some(MinutesState::Agreed) && self.visibility != Some(Visibility::Public)
    }

    /// The meetings at which its minutes can have been agreed: those after they were circulated.
    fn may_be_agreed_at<'l>(&self, later: &'l [At]) -> impl Iterator<Item = &'l At> {
        let circulated = self.circulated.as_ref().map(|made| made.occurred_on);
        let after = move |at: &&At| circulated.is_none_or(|on| at.held_on >= on);
        later.iter().filter(after)
    }

    fn may_circulate(&self) -> bool {
        self.minutes == Some(MinutesState::Draft)
    }

    fn may_agree(&self) -> bool {
        self.minutes == Some(MinutesState::Circulated)
    }
}

impl Page {
    /// The id of what a form asks, another for each: two that are sent from one look at the page are two changes.
    fn command(&self) -> String {
        self.ids.next().to_string()
    }

    fn new(
        (web, desk): (&Web, &Desk),
        (meeting, later): (Meeting, Vec<At>),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let mut items = vec![Choice::new("", "The meeting as a whole")];
        items.extend(
            meeting
                .items
                .iter()
                .map(|item| Choice::new(&item.id, &item.title)),
        );
        let frame = desk.frame(meeting.title())?.mending(problems);
        let met_since = later.first().map(|at| at.held_on);
        let agreed_at = meeting.may_be_agreed_at(&later).map(At::choice);
        let publish = desk.at(&format!("/publish?what=meetings&only={}", meeting.id));
        let mut page = Self {
            frame,
            desk: desk.at(""),
            here: desk.at(&format!("/meetings/{}", meeting.id)),
            record: desk.at(&format!("/record/{}", meeting.id)),
            plans: desk.at("/plans"),
            publish: desk.looker.runs(&desk.place.slug).then_some(publish),
            others: publish::as_others_see(desk, &meeting.id),
            send_to: desk.at(&format!("/meetings/{}/minutes", meeting.id)),
            ids: Arc::clone(&web.gateway.services().ids),
            came: meeting.came(),
            on: DateField::new("occurredOn", "When were they circulated?")
                .hinting(minutes::when_circulated(met_since)),
            met_since,
            agreed_at: Select::new(later::AT, "At which meeting were they agreed?", agreed_at),
            note: Area::new("text", "What is to be noted"),
            of: Select::new("itemId", "About", items),
            papers: of_papers(&meeting, problems),
            new_paper: NewPaper::new(),
            papers_to: desk.at(&format!("/meetings/{}/papers", meeting.id)),
            meeting,
        };
        if fields.one("step") == "added" {
            page.new_paper = page.new_paper.sent(fields, problems);
        } else if !fields.nothing_typed() {
            page.on = page.on.sent(fields, problems);
            page.agreed_at = page.agreed_at.sent(fields, problems);
            page.note = page.note.sent(fields, problems);
            page.of = page.of.sent(fields, problems);
        }
        Ok(page)
    }
}

/// The papers, each with the field for why it is taken back.
fn of_papers(meeting: &Meeting, problems: &Problems) -> Vec<(Paper, Field)> {
    let papers = meeting.papers.iter().cloned().map(|paper| {
        let reason = papers::reason_of(&paper.paper);
        let problem = problems.at(&reason.name);
        (paper, reason.but(problem))
    });
    papers.collect()
}

/// The meeting, and those its group held after it.
async fn find(web: &Web, desk: &Desk, id: &str) -> Result<(Meeting, Vec<At>), Instead> {
    let variables = desk_meeting::Variables { id: id.to_owned() };
    let answer = ask::<DeskMeeting>(&web.gateway, variables, desk.looker.caller()).await?;
    let meeting = answer.meeting.ok_or(Instead::NotHere)?;
    let (Some(group), Some(held)) = (&meeting.group, meeting.held_on) else {
        return Ok((meeting, Vec::new()));
    };
    let later = later::meetings(web, desk, (&group.id, held)).await?;
    Ok((meeting, later))
}

/// A meeting of the desk's compact that was held, of which something is put right.
pub struct Held {
    meeting: Meeting,
    /// Whose it is.
    group: String,
    /// The meetings of the group after it.
    later: Vec<At>,
}

impl Held {
    async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Self, Instead> {
        let (meeting, later) = find(web, desk, id).await?;
        let group = meeting
            .group
            .as_ref()
            .filter(|group| meeting.held_on.is_some() && group.compact.slug == desk.place.slug);
        let group = group.ok_or(Instead::NotHere)?.id.clone();
        Ok(Self {
            meeting,
            group,
            later,
        })
    }

    /// Where the meeting is at the desk.
    fn address(&self, desk: &Desk) -> String {
        desk.at(&format!("/meetings/{}", self.meeting.id))
    }

    fn frame(&self, desk: &Desk, title: &'static str) -> Result<Frame, Instead> {
        let frame = desk.frame(title)?;
        Ok(frame.crumb(self.meeting.title(), self.address(desk)))
    }
}

fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "called" => "The meeting is called.",
        "moved" => "The meeting is moved.",
        "off" => "The meeting is called off.",
        "agenda" => "The agenda is set.",
        "recorded" => "The meeting is recorded. Its minutes are a draft until you circulate them.",
        "circulated" => {
            "It is recorded that the minutes were circulated. Who may read them is as it was."
        }
        "agreed" => {
            "It is recorded that the minutes were agreed as a true record. Who may read them is as it was."
        }
        "attendance" => {
            "Who came is recorded as you ticked it. What stood there before stays in the record."
        }
        "place" => {
            "It is put right when the meeting began and where it was held. What stood there before stays in the record."
        }
        "corrected" => "The item is put right. What it said before stays in the record.",
        "minuted" => "The item is added to the minutes.",
        "added" => "The paper is added.",
        "taken-back" => "The paper is taken back.",
        "noted" => "The note stands with the minutes.",
        _ => return None,
    })
}

/// `GET /desk/{slug}/meetings/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = find(&web, &desk, &id).await?;
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((&web, &desk), found, nothing)?;
    page.frame = page.frame.done(done(address.one("done")));
    shown(&page)
}

/// `POST /desk/{slug}/meetings/{id}/minutes`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let back = format!("/desk/{slug}/meetings/{id}");
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let found = find(&web, &desk, &id).await?;
    let step = fields.one("step");
    let problems = minutes::take_a_step((&web, &desk), &found, (step, &fields)).await?;
    match problems {
        None => Ok(onwards(
            &Address::read(&back, "").with("done", step).to_string(),
        )),
        Some(problems) => to_mend(&Page::new((&web, &desk), found, (&fields, &problems))?),
    }
}

/// `POST /desk/{slug}/meetings/{id}/papers`
pub async fn send_paper(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    posted: Posted,
) -> Result<Response, Instead> {
    let here = address.path();
    let (desk, (fields, wrong)) = web.desk_posting(&visit, posted, (&slug, here)).await?;
    let found = find(&web, &desk, &id).await?;
    let problems = if wrong.is_empty() {
        papers::record((&web, &desk), &found.0.id, &fields).await?
    } else {
        Some(wrong)
    };
    match problems {
        None => {
            let back = desk.at(&format!(
                "/meetings/{id}?done={}#papers",
                fields.one("step")
            ));
            Ok(onwards(&back))
        }
        Some(problems) => to_mend(&Page::new((&web, &desk), found, (&fields, &problems))?),
    }
}
