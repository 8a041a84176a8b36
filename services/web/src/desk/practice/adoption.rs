//! Something the compact took up: what has changed at its source since, what was changed here, how it went, and who may read that.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use domain::ids::IdSource;

use super::entry::READERS;
use crate::address::Address;
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::documents::words::{AdoptionState, PracticePart, Visibility, WordsStanding};
use crate::form::{
    Area, Choice, Choices, DateField, Field, Fields, Kind, Posted, Problems, Select, Upload,
};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(DeskAdoption, "documents/desk/adoption.graphql");

use desk_adoption::{
    DeskAdoptionAdoption as Adoption, DeskAdoptionAdoptionResultsEvidence as Evidence,
};

/// What is chosen where the newer version of the source is followed from now on.
pub const FOLLOW: &str = "follow";

#[derive(Template)]
#[template(path = "desk/practice/adoption.html")]
struct Page {
    frame: Frame,
    here: String,
    desk: String,
    ids: Arc<dyn IdSource>,
    adoption: Adoption,
    changed: Area,
    follow: Choices,
    written_as: Select,
    adapted_on: DateField,
    result: Area,
    link: Field,
    link_note: Field,
    file: Upload,
    reported_on: DateField,
    to: Choices,
    taken_back: Area,
    reason: Area,
}

impl Evidence {
    /// Where it leads and what it says.
    fn link(&self) -> Option<(&str, &str)> {
        let file = self.file.as_ref();
        let file = file.map(|file| (file.url.as_str(), file.name.as_str()));
        let link = self.link.as_ref();
        let link = link.map(|link| {
            let words = link.note.as_deref().unwrap_or(&link.url);
            (link.url.as_str(), words)
        });
        file.or(link)
    }
}

impl Adoption {
    fn stands(&self) -> bool {
        self.state != AdoptionState::Withdrawn
    }
}

impl Page {
    fn new(
        (web, desk): (&Web, &Desk),
        (found, here): (Found, &str),
        (fields, problems): (&Fields, &Problems),
    ) -> Result<Self, Instead> {
        let Found { adoption, own } = found;
        let frame = desk
            .practice_frame(adoption.credit.title.clone())?
            .crumb("Taken up from others", desk.at_practice("/taken-up"));
        let newer = adoption.source_change.iter().map(|change| {
            let words = format!("From now on version {} is followed", change.stands);
            Choice::new(FOLLOW, words)
        });
        let none = [Choice::new("", "Nothing was written of it")].into_iter();
        let readers = READERS.iter();
        let readers = readers.map(|(to, words)| Choice::new(to.name(), *words));
        let to = Choices::new(Kind::Radios, "to", "Who may read it?", readers);
        let day = |name, legend| DateField::new(name, legend).hinting("Today, when left empty.");
        let page = Self {
            frame: frame.mending(problems),
            here: here.to_owned(),
            desk: desk.at(""),
            ids: Arc::clone(&web.gateway.services().ids),
            changed: Area::new("changed", "What did you change to make it fit?"),
            follow: Choices::new(Kind::Checkboxes, "follow", "The newer version", newer),
            written_as: Select::new(
                "writtenAsId",
                "What you wrote down of your own from it",
                none.chain(own),
            ),
            adapted_on: day("adaptedOn", "When was that?"),
            result: Area::new("text", "How did it go?"),
            link: Field {
                kind: "url",
                ..Field::new("link", "Where what it rests on can be seen", "off")
            }
            .hinting("The address of a page, beginning with https://. May be left empty."),
            link_note: Field::words("linkNote", "What is to be seen there"),
            file: Upload::new("evidence", "Or a file that shows it"),
            reported_on: day("reportedOn", "On which day did it stand so?"),
            to: to.with([adoption.visibility.name()]),
            taken_back: Area::new(
                "takenBack",
                "Why, where fewer people may read it than before",
            ),
            reason: Area::new("reason", "Why is it given up?"),
            adoption,
        };
        Ok(page.sent(fields, problems))
    }

    /// The same, the form that was sent as it was.
    fn sent(mut self, fields: &Fields, problems: &Problems) -> Self {
        match fields.one("step") {
            "adapted" => {
                self.changed = self.changed.sent(fields, problems);
                self.follow = self.follow.sent(fields, problems);
                self.written_as = self.written_as.sent(fields, problems);
                self.adapted_on = self.adapted_on.sent(fields, problems);
            }
            "reported" => {
                self.result = self.result.sent(fields, problems);
                self.link = self.link.sent(fields, problems);
                self.link_note = self.link_note.sent(fields, problems);
                self.file = self.file.sent(fields, problems);
                self.reported_on = self.reported_on.sent(fields, problems);
            }
            "shared" => {
                self.to = self.to.sent(fields, problems);
                self.taken_back = self.taken_back.sent(fields, problems);
            }
            "withdrawn" => self.reason = self.reason.sent(fields, problems),
            _ => {}
        }
        self
    }
}

/// An adoption of the compact's, and its own good practice to choose from.
pub struct Found {
    adoption: Adoption,
    own: Vec<Choice>,
}

impl Found {
    async fn find(web: &Web, desk: &Desk, id: &str) -> Result<Self, Instead> {
        let asked = desk_adoption::Variables {
            id: id.to_owned(),
            compact: desk.place.id.clone(),
        };
        let answer = ask::<DeskAdoption>(&web.gateway, asked, desk.looker.caller()).await?;
        let adoption = answer.adoption.ok_or(Instead::NotHere)?;
        let here = adoption.compact.as_ref();
        if here.is_none_or(|compact| compact.id != desk.place.id) {
            return Err(Instead::NotHere);
        }
        let own = answer.compact.into_iter();
        let own = own.flat_map(|compact| compact.good_practices.nodes);
        let own = own.map(|one| Choice::new(one.id, one.title)).collect();
        Ok(Self { adoption, own })
    }

    /// What is sent of it: its id, and the practice it follows where that has a newer version.
    pub fn followed(&self) -> (&str, Option<(String, i64)>) {
        let newer = self.adoption.source_change.as_ref();
        let source = self.adoption.source.as_ref();
        let newer = newer.zip(source);
        let newer = newer.map(|(change, source)| (source.id.clone(), change.stands));
        (&self.adoption.id, newer)
    }
}

fn done(what: &str) -> Option<&'static str> {
    Some(match what {
        "adopted" => "It is taken up. It is a draft until you share that you did.",
        "adapted" => "What you changed is recorded.",
        "reported" => "How it went is recorded.",
        "shared" => "It is recorded who may read it.",
        "withdrawn" => "It is recorded that you gave it up.",
        _ => return None,
    })
}

/// `GET /desk/{slug}/adoptions/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.practice_desk(&visit, &slug, address.path()).await?;
    let found = Found::find(&web, &desk, &id).await?;
    let nothing = (&Fields::default(), &Problems::default());
    let mut page = Page::new((&web, &desk), (found, address.path()), nothing)?;
    page.frame = page.frame.done(done(address.one("done")));
    shown(&page)
}

/// `POST /desk/{slug}/adoptions/{id}`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    posted: Posted,
) -> Result<Response, Instead> {
    let here = address.path();
    let (desk, (fields, wrong)) = web.desk_posting(&visit, posted, (&slug, here)).await?;
    let desk = desk.of_secretariat()?;
    let found = Found::find(&web, &desk, &id).await?;
    let problems = if wrong.is_empty() {
        super::came::record((&web, &desk), found.followed(), &fields).await?
    } else {
        Some(wrong)
    };
    match problems {
        None => Ok(onwards(
            &Address::read(here, "")
                .with("done", fields.one("step"))
                .to_string(),
        )),
        Some(problems) => to_mend(&Page::new(
            (&web, &desk),
            (found, here),
            (&fields, &problems),
        )?),
    }
}
