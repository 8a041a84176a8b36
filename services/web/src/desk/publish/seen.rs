//! The compact with others' eyes: what a member, another compact, the funder and the public see of it, as the schema answers them.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{What, runs};
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
use crate::parts::{Pages, Part, Views, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    AsCommitments,
    "documents/desk/as/commitments.graphql",
    one_of
);
document!(AsPlans, "documents/desk/as/plans.graphql", one_of);
document!(AsMeetings, "documents/desk/as/meetings.graphql", one_of);
document!(AsPractices, "documents/desk/as/practices.graphql", one_of);

use as_commitments::AsCommitmentsViewAsCommitmentsNodes as Commitment;
use as_meetings::AsMeetingsViewAsCompactCalendarNodes as Meeting;
use as_plans::AsPlansViewAsActionPlansNodes as Plan;
use as_practices::AsPracticesViewAsCompactGoodPracticesNodes as Practice;

/// How many stand on a page.
const SIZE: i64 = 25;

/// How many of those that have much in them.
const FEW: i64 = 5;

/// Whose eyes these can be, as addresses name them, and how they are spoken of.
pub(super) const EYES: [(Audience, &str, &str); 4] = [
    (Audience::Public, "public", "the public"),
    (Audience::Funder, "funder", "the funder"),
    (Audience::OtherCompact, "other-compact", "another compact"),
    (Audience::Member, "member", "a member's representative"),
];

/// What is seen.
#[derive(Default)]
struct Seen {
    commitments: Vec<Commitment>,
    plans: Vec<Plan>,
    meetings: Vec<Meeting>,
    practices: Vec<Practice>,
    pages: Pages,
}

#[derive(Template)]
#[template(path = "desk/publish/seen.html")]
struct Page {
    frame: Frame,
    desk: String,
    compact: String,
    who: &'static str,
    eyes: Views,
    views: Views,
    seen: Seen,
}

impl Seen {
    fn is_empty(&self) -> bool {
        self.commitments.is_empty()
            && self.plans.is_empty()
            && self.meetings.is_empty()
            && self.practices.is_empty()
    }
}

impl Meeting {
    fn called(&self) -> String {
        let arranged = self.arrangement.as_ref();
        let arranged = arranged.map(|called| arranged!(day of called));
        sentence(&held_or_called(self.held_on.as_ref(), arranged))
    }
}

/// `GET /desk/{slug}/as/{audience}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, audience)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = runs(web.desk(&visit, &slug, address.path()).await?)?;
    let named = EYES.into_iter().find(|(_, name, _)| *name == audience);
    let (audience, name, who) = named.ok_or(Instead::NotHere)?;
    let what = What::of(&address)?;
    let asked = address.some("what").unwrap_or("commitments").to_owned();
    let there = |name: &str| format!("{}?what={asked}", desk.at(&format!("/as/{name}")));
    let all = EYES.into_iter().map(|(audience, name, _)| {
        let words = format!("As {}", audience.words().to_lowercase());
        (words, there(name))
    });
    let seen = see(&web, &desk, (audience, what), &address).await?;
    shown(&Page {
        frame: desk
            .frame(format!("What {who} sees"))?
            .crumb("Publish", desk.at("/publish")),
        compact: desk.place.name.clone(),
        eyes: Views::new("Whose eyes these are", all, &there(name)),
        views: what.views(address.path()),
        desk: desk.at(""),
        who,
        seen,
    })
}

async fn see(
    web: &Web,
    desk: &Desk,
    (audience, what): (Audience, What),
    address: &Address,
) -> Result<Seen, Instead> {
    // What has much in it stands on a page by few.
    let part = match what {
        What::Meetings => Part::latest(address, FEW),
        What::Plans => Part::of(address, FEW),
        What::Commitments | What::Practices => Part::of(address, SIZE),
    };
    /// The answer to a question, put with others' eyes.
    macro_rules! answer {
        ($name:ident, $module:ident) => {{
            let asked = $module::Variables {
                compact: desk.place.id.clone(),
                audience,
                first: part.first,
                after: part.after,
                last: part.last,
                before: part.before,
            };
            let answer = ask::<$name>(&web.gateway, asked, desk.looker.caller()).await?;
            answer.view_as.ok_or(Instead::NotHere)?
        }};
    }
    let nothing = Seen::default();
    Ok(match what {
        What::Commitments => {
            let all = answer!(AsCommitments, as_commitments).commitments;
            Seen {
                pages: pages_of!("commitments", address, all.page_info),
                commitments: all.nodes,
                ..nothing
            }
        }
        What::Plans => {
            let all = answer!(AsPlans, as_plans).action_plans;
            Seen {
                pages: pages_of!("action plans", address, all.page_info),
                plans: all.nodes,
                ..nothing
            }
        }
        What::Meetings => match answer!(AsMeetings, as_meetings).compact {
            Some(compact) => Seen {
                pages: pages_of!("meetings", address, compact.calendar.page_info).backwards(),
                meetings: compact.calendar.nodes.into_iter().rev().collect(),
                ..nothing
            },
            None => nothing,
        },
        What::Practices => match answer!(AsPractices, as_practices).compact {
            Some(compact) => Seen {
                pages: pages_of!("good practice", address, compact.good_practices.page_info),
                practices: compact.good_practices.nodes,
                ..nothing
            },
            None => nothing,
        },
    })
}
