//! One thing of the compact with others' eyes: what a member, another compact, the funder and the public see of it, as the schema answers them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use gateway::{NodeId, NodeKind};

use super::runs;
use super::seen::EYES;
use crate::address::Address;
use crate::arranged::{arranged, held_or_called};
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Figure, Session};
use crate::documents::words::{ActionState, Audience, CommitmentStatus, MinutesState};
use crate::form::sentence;
use crate::instead::Instead;
use crate::page::{Frame, shown};
use crate::parts::Views;
use crate::uk;
use crate::visit::{Visit, Web};

document!(AsCommitment, "documents/desk/as/commitment.graphql", one_of);
document!(AsPlan, "documents/desk/as/plan.graphql", one_of);
document!(AsMeeting, "documents/desk/as/meeting.graphql", one_of);
document!(AsPractice, "documents/desk/as/practice.graphql", one_of);

use as_commitment::AsCommitmentViewAsCommitment as Commitment;
use as_meeting::AsMeetingViewAsMeeting as Meeting;
use as_plan::AsPlanViewAsActionPlan as Plan;
use as_practice::AsPracticeViewAsGoodPractice as Practice;

/// What is seen of it.
enum Seen {
    /// A commitment.
    Commitment(Box<Commitment>),
    /// An action plan.
    Plan(Box<Plan>),
    /// A meeting.
    Meeting(Box<Meeting>),
    /// Good practice.
    Practice(Box<Practice>),
    /// Nothing: it does not exist for them.
    Nothing,
}

/// What a thing can be, and where it is for whoever works at the desk.
#[derive(Clone, Copy)]
enum Kind {
    Commitment,
    Plan,
    Meeting,
    Practice,
}

#[derive(Template)]
#[template(path = "desk/publish/seen-one.html")]
struct Page {
    frame: Frame,
    who: &'static str,
    eyes_of: Views,
    seen: Seen,
    /// Where it is with one's own eyes.
    back: String,
    /// Where it is let out further.
    publish: String,
    /// Where everything is that they see.
    all: String,
}

impl Meeting {
    fn called(&self) -> String {
        let arranged = self.arrangement.as_ref();
        let arranged = arranged.map(|called| arranged!(day of called));
        sentence(&held_or_called(self.held_on.as_ref(), arranged))
    }
}

impl Kind {
    fn of(id: &str) -> Option<Self> {
        Some(match NodeId::decode(id).ok()?.kind {
            NodeKind::Commitment => Self::Commitment,
            NodeKind::ActionPlan => Self::Plan,
            NodeKind::Meeting => Self::Meeting,
            NodeKind::GoodPractice => Self::Practice,
            _ => return None,
        })
    }

    /// What it is, and what its pages at the desk and its part of publishing are called in addresses.
    const fn named(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Commitment => ("commitment", "commitments", "commitments"),
            Self::Plan => ("action plan", "plans", "plans"),
            Self::Meeting => ("meeting", "meetings", "meetings"),
            Self::Practice => ("good practice", "practice", "practices"),
        }
    }
}

/// Where a thing of this desk is seen as others see it.
pub fn address_of(desk: &Desk, id: &str) -> String {
    desk.at(&format!("/as/public/{id}"))
}

/// `GET /desk/{slug}/as/{audience}/{id}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, audience, id)): Path<(String, String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = runs(web.desk(&visit, &slug, address.path()).await?)?;
    let named = EYES.into_iter().find(|(_, name, _)| *name == audience);
    let (audience, name, who) = named.ok_or(Instead::NotHere)?;
    let kind = Kind::of(&id).ok_or(Instead::NotHere)?;
    let (what, room, listed) = kind.named();
    let there = |name: &str| desk.at(&format!("/as/{name}/{id}"));
    let all = EYES.into_iter().map(|(audience, name, _)| {
        let words = format!("As {}", audience.words().to_lowercase());
        (words, there(name))
    });
    shown(&Page {
        frame: desk
            .frame(format!("The {what} as {who} sees it"))?
            .crumb("Publish", desk.at("/publish")),
        eyes_of: Views::new("Whose eyes these are", all, &there(name)),
        seen: see((&web, &desk), (audience, kind), &id).await?,
        back: desk.at(&format!("/{room}/{id}")),
        publish: publish_of(&desk, (kind, listed), &id),
        all: desk.at(&format!("/as/{name}?what={listed}")),
        who,
    })
}

/// Where it is let out further: good practice is with the others of its kind.
fn publish_of(desk: &Desk, (kind, listed): (Kind, &str), id: &str) -> String {
    match kind {
        Kind::Practice => desk.at(&format!("/publish?what={listed}")),
        Kind::Commitment | Kind::Plan | Kind::Meeting => {
            desk.at(&format!("/publish?what={listed}&only={id}"))
        }
    }
}

async fn see(
    (web, desk): (&Web, &Desk),
    (audience, kind): (Audience, Kind),
    id: &str,
) -> Result<Seen, Instead> {
    /// The answer to a question, put with others' eyes.
    macro_rules! answer {
        ($name:ident, $module:ident) => {{
            let asked = $module::Variables {
                compact: desk.place.id.clone(),
                audience,
                id: id.to_owned(),
            };
            let answer = ask::<$name>(&web.gateway, asked, desk.looker.caller()).await?;
            answer.view_as.ok_or(Instead::NotHere)?
        }};
    }
    let seen = match kind {
        Kind::Commitment => answer!(AsCommitment, as_commitment)
            .commitment
            .map(|one| Seen::Commitment(Box::new(one))),
        Kind::Plan => answer!(AsPlan, as_plan)
            .action_plan
            .map(|one| Seen::Plan(Box::new(one))),
        Kind::Meeting => answer!(AsMeeting, as_meeting)
            .meeting
            .map(|one| Seen::Meeting(Box::new(one))),
        Kind::Practice => answer!(AsPractice, as_practice)
            .good_practice
            .map(|one| Seen::Practice(Box::new(one))),
    };
    Ok(seen.unwrap_or(Seen::Nothing))
}
