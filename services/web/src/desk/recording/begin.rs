//! Which meeting is to be recorded: one that was called, one of a group that nobody called, or one whose minutes are half typed.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use crate::address::Address;
use crate::arranged::arranged;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime};
use crate::form::{Choice, Choices, DateField, Fields, Kind, Problems};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(ToRecord, "documents/desk/to-record.graphql");

use to_record::ToRecordCompact as Compact;

/// Minutes that are half typed.
struct Half {
    about: String,
    title: String,
    saved: String,
}

#[derive(Template)]
#[template(path = "desk/recording/begin.html")]
struct Page {
    frame: Frame,
    here: String,
    halves: Vec<Half>,
    about: Choices,
    on: DateField,
}

impl Compact {
    /// What there is to record, each by the id and the name it has.
    fn meetings(&self) -> Vec<Choice> {
        let called = self.calendar.nodes.iter();
        let called = called.filter(|met| met.held_on.is_none() && met.cancelled.is_none());
        let called = called.map(|met| {
            let group = met.group.as_ref();
            let group = group.map_or("A group", |group| group.name.as_str());
            let when = met.arrangement.as_ref();
            let when = when.map(|when| arranged!(day of when));
            Choice {
                value: met.id.clone(),
                label: format!("{group}, called for {}", when.unwrap_or_default().day()),
                hint: String::new(),
            }
        });
        let groups = self.groups.iter().filter(|group| group.wound_up.is_none());
        let groups = groups.map(|group| Choice {
            value: group.id.clone(),
            label: format!("{}, on another day", group.name),
            hint: String::new(),
        });
        called.chain(groups).collect()
    }

    /// What a draft is about; nothing where that is no meeting.
    fn title_of(&self, about: &str) -> Option<String> {
        let mut all = self.meetings().into_iter();
        all.find(|choice| choice.value == about)
            .map(|choice| choice.label)
    }
}

/// `GET /desk/{slug}/record`: asks which, and goes on to it once that is said in the address.
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    let variables = to_record::Variables {
        compact: desk.place.id.clone(),
    };
    let answer = ask::<ToRecord>(&web.gateway, variables, desk.looker.caller()).await?;
    let compact = answer.compact.ok_or(Instead::NotHere)?;
    let drafts = answer.viewer.into_iter().flat_map(|viewer| viewer.drafts);
    let halves = drafts.filter_map(|draft| {
        let about = draft.about_id?;
        Some(Half {
            title: compact.title_of(&about)?,
            saved: uk::moment(&draft.saved_at),
            about,
        })
    });
    let halves = halves.collect();
    let fields: Fields = ["about", "on.day", "on.month", "on.year"]
        .iter()
        .map(|name| (*name, address.one(name)))
        .collect();
    let mut wrong = Problems::default();
    if address.some("go").is_some() {
        match chosen(&desk, &compact, &fields) {
            Ok(there) => return Ok(onwards(&there)),
            Err(problems) => wrong = problems,
        }
    }
    let done = match address.one("done") {
        "discarded" => Some("What was typed is thrown away. Nothing of it was recorded."),
        _ => None,
    };
    let page = Page {
        frame: desk.frame("Record a meeting")?.done(done).mending(&wrong),
        here: address.path().to_owned(),
        halves,
        about: Choices::new(Kind::Radios, "about", "Which meeting?", compact.meetings())
            .sent(&fields, &wrong),
        on: DateField::new("on", "On which day was it held?")
            .hinting("For example, 24 9 2007. May be left empty for a meeting that was called for a day.")
            .sent(&fields, &wrong),
    };
    if wrong.is_empty() {
        shown(&page)
    } else {
        to_mend(&page)
    }
}

/// Where the chosen meeting is recorded.
fn chosen(desk: &Desk, compact: &Compact, fields: &Fields) -> Result<String, Problems> {
    let mut wrong = Problems::default();
    let about = fields.one("about");
    if compact.title_of(about).is_none() {
        wrong.add("about", "choose which meeting it was");
    }
    let on = DateField::read(fields, "on").unwrap_or_else(|words| {
        wrong.add("on", words);
        None
    });
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let there = Address::read(&desk.at(&format!("/record/{about}")), "");
    let there = match on {
        Some(on) => there.with("on", &on.to_string()),
        None => there,
    };
    Ok(there.to_string())
}
