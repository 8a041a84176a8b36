//! Who came to a meeting that is recorded: taken down where nobody did, or put right.

use askama::Template;

use super::Held;
use super::why::{Given, Why};
use crate::change::change;
use crate::desk::attendance::{
    Came, MayCome, Table, as_typed, in_words, look_for_contradictions, said,
};
use crate::desk::recording::sheet::grown;
use crate::desk::room::{Answered, At, Room, Sent, or_on_to};
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Attending;
use crate::form::{Conflict, Fields, Ground, Problems};
use crate::instead::Instead;
use crate::page::Frame;
use crate::visit::Web;

document!(
    TakeAttendance,
    "documents/desk/take-attendance.graphql",
    one_of
);

use take_attendance::{AttendanceInput, MeetingInput, TakeAttendanceInput};

#[derive(Template)]
#[template(path = "desk/meeting/attendance.html")]
pub struct Page {
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
pub struct Found {
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

impl Room for Page {
    type Thing = Found;

    async fn find(at: At<'_>) -> Result<Found, Instead> {
        Found::find(at.web, at.desk, at.named(0)?).await
    }

    async fn new(at: At<'_>, found: &Found, (fields, problems): Sent<'_>) -> Result<Self, Instead> {
        let stands = found.typed();
        let fields = if fields.nothing_typed() {
            &stands
        } else {
            fields
        };
        let title = if found.is_taken() {
            "Put right who came"
        } else {
            "Take down who came"
        };
        let here = format!("{}/attendance", found.held.address(at.desk));
        let why = found.is_taken().then(|| Why::new(&found.held.later));
        Ok(Self {
            frame: found.held.frame(at.desk, title)?.mending(problems),
            conflict: None,
            ground: found.ground(),
            command: at.command(),
            came: Table::new(&here, &found.may_come, (fields, problems)),
            why: why.map(|why| why.sent(fields, problems)),
            here,
        })
    }

    async fn record(at: At<'_>, found: &Found, sent: (&Fields, Option<i64>)) -> Answered {
        let there = format!("{}?done=attendance", found.held.address(at.desk));
        Ok(or_on_to(record(at.both(), found, sent).await?, there))
    }

    fn ground(found: &Found) -> Ground {
        found.ground()
    }

    fn contested(&mut self, at: At<'_>, found: &Found, fields: &Fields) {
        let typed = told(&found.may_come, fields);
        let back = found.held.address(at.desk);
        let conflict = found
            .ground()
            .against(fields, back, |_| Some(typed.clone()));
        self.conflict = Some(conflict);
    }

    fn grown(fields: &Fields) -> Option<Fields> {
        grown(fields)
    }

    fn keep(&mut self, fields: &Fields) {
        // What it was first shown is what it stands on, however often it comes back.
        self.ground = self.ground.clone().as_sent(fields);
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
