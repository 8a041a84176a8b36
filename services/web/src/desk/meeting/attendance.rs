//! Who came to a meeting that is recorded: taken down where nobody did, or put right.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Held;
use super::why::{Given, Why};
use crate::address::Address;
use crate::change::change;
use crate::desk::attendance::{
    Came, MayCome, Table, as_typed, in_words, look_for_contradictions, said,
};
use crate::desk::recording::sheet::{Step, in_order, with_row, without_row};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Attending;
use crate::form::{Conflict, Contested, Fields, Ground, Problems, Settled, settle};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::visit::{Visit, Web};

document!(
    TakeAttendance,
    "documents/desk/take-attendance.graphql",
    one_of
);

use take_attendance::{AttendanceInput, MeetingInput, TakeAttendanceInput};

#[derive(Template)]
#[template(path = "desk/meeting/attendance.html")]
struct Page {
    frame: Frame,
    here: String,
    conflict: Option<Conflict>,
    ground: Ground,
    command: String,
    came: Table,
    /// Why it is put right; not asked where nobody took it down before.
    why: Option<Why>,
}

/// A meeting that was held, and who may have come.
struct Found {
    held: Held,
    may_come: MayCome,
}

impl Found {
    async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Self, Instead> {
        let held = Held::find(web, desk, id).await?;
        let may_come = MayCome::find(web, desk, &held.group).await?;
        Ok(Self { held, may_come })
    }

    /// Whether it was taken down before.
    fn is_taken(&self) -> bool {
        self.held.meeting.attendance.is_some()
    }

    fn came(&self) -> Vec<Came> {
        let came = self.held.meeting.attendance.iter().flatten();
        let came = came.map(|one| Came {
            organisation: one.organisation.as_ref().map(|known| known.id.clone()),
            who: one.who.clone(),
            way: one.attending,
        });
        came.collect()
    }

    /// As it is recorded, in the fields of the form.
    fn typed(&self) -> Fields {
        as_typed(&self.came(), &self.may_come)
    }

    fn ground(&self) -> Ground {
        let came = told(&self.may_come, &self.typed());
        Ground::new(self.held.meeting.version).and("attendance", "Who came", came)
    }
}

/// Who came, in lines.
fn told(may_come: &MayCome, fields: &Fields) -> String {
    let ways = in_words(may_come, fields).into_iter();
    let lines = ways.map(|(way, those)| format!("{}: {}", way.words(), those.join(", ")));
    lines.collect::<Vec<_>>().join("\n")
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        found: &Found,
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let title = if found.is_taken() {
            "Put right who came"
        } else {
            "Take down who came"
        };
        let here = format!("{}/attendance", found.held.address(desk));
        let why = found.is_taken().then(|| Why::new(&found.held.later));
        Ok(Self {
            frame: found.held.frame(desk, title)?.mending(problems),
            conflict: None,
            ground: found.ground(),
            command: web.gateway.services().ids.next().to_string(),
            came: Table::new(&here, &found.may_come, (fields, problems)),
            why: why.map(|why| why.sent(fields, problems)),
            here,
        })
    }
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    fields: &'s Fields,
}

impl Contested for Sending<'_> {
    type Thing = Found;

    async fn find(&self) -> Result<Found, Instead> {
        let (web, desk) = self.at;
        Found::find(web, desk, self.id).await
    }

    fn ground(&self, found: &Found) -> Ground {
        found.ground()
    }

    async fn record(
        &self,
        found: &Found,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        record(self.at, found, (self.fields, version)).await
    }
}

/// `GET /desk/{slug}/meetings/{id}/attendance`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let found = Found::find(&web, &desk, &id).await?;
    let typed = (&found.typed(), &Problems::default());
    shown(&Page::new((&web, &desk), &found, typed)?)
}

/// `POST /desk/{slug}/meetings/{id}/attendance`: records it, or comes back with a row more or less.
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let desk = web
        .desk_sending(&visit, &fields, (&slug, address.path()))
        .await?;
    let rows = match Step::of(&fields) {
        Step::Add(list) => Some(with_row(&in_order(&fields), &list).0),
        Step::Remove(row) => Some(without_row(&fields, &row)),
        Step::Keep | Step::Check => None,
    };
    if let Some(fields) = rows {
        let found = Found::find(&web, &desk, &id).await?;
        let mut page = Page::new((&web, &desk), &found, (&fields, &Problems::default()))?;
        // What it was first shown is what it stands on, however often it comes back.
        page.ground = page.ground.as_sent(&fields);
        return shown(&page);
    }
    let sending = Sending {
        at: (&web, &desk),
        id: &id,
        fields: &fields,
    };
    match settle(&sending, &fields).await? {
        Settled::Recorded(found) => {
            let there = found.held.address(&desk);
            Ok(onwards(&format!("{there}?done=attendance")))
        }
        Settled::ToMend(found, problems) => {
            to_mend(&Page::new((&web, &desk), &found, (&fields, &problems))?)
        }
        Settled::Contested(found, problems) => {
            let mut page = Page::new((&web, &desk), &found, (&fields, &problems))?;
            let typed = told(&found.may_come, &fields);
            let back = found.held.address(&desk);
            let conflict = found
                .ground()
                .against(&fields, back, |_| Some(typed.clone()));
            page.conflict = Some(conflict);
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}

async fn record(
    (web, desk): (&Web, &Desk),
    found: &Found,
    (fields, expected_version): (&Fields, Option<i64>),
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    look_for_contradictions(&found.may_come, fields, &mut wrong);
    let why = found.is_taken().then(|| Given::read(fields, &mut wrong));
    let said: Vec<_> = said(fields).collect();
    if said.is_empty() {
        wrong.add("came", "tick who came, or who sent apologies");
    }
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let rows: Vec<String> = said.iter().map(|one| one.row.clone()).collect();
    let attendance = said.into_iter().map(|one| AttendanceInput {
        attending: one.way,
        organisation_id: one.organisation,
        who: one.who,
    });
    let (reason, occurred_on, at) = why.map_or((None, None, None), |why| {
        (Some(why.reason), why.occurred_on, why.at)
    });
    let input = TakeAttendanceInput {
        attendance: attendance.collect(),
        command_id: fields.command(),
        expected_version,
        meeting: at.map(|at| MeetingInput {
            id: at.id,
            held_on: at.held_on,
            group_id: found.held.group.clone(),
        }),
        meeting_id: found.held.meeting.id.clone(),
        occurred_on,
        reason,
    };
    let sent = take_attendance::Variables { input };
    let changed = change::<TakeAttendance>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(problems_of(changed).map(|problems| {
        problems.renamed(|place| {
            let row = place.strip_prefix("attendance.").and_then(|rest| {
                let at = rest.split('.').next()?.parse::<usize>().ok()?;
                rows.get(at)
            });
            match (row, place) {
                (Some(row), _) => format!("{row}.who"),
                (None, "attendance") => "came".to_owned(),
                (None, other) => other.to_owned(),
            }
        })
    }))
}
