//! What of a compact can be let out, with how far it is.

use super::What;
use crate::address::Address;
use crate::arranged::{arranged, held_or_called};
use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Session};
use crate::documents::words::{MinutesState, Visibility};
use crate::instead::Instead;
use crate::parts::{Pages, Part, pages_of};
use crate::visit::Web;

document!(
    ToPublishCommitments,
    "documents/desk/publish/commitments.graphql"
);
document!(ToPublishPlans, "documents/desk/publish/plans.graphql");
document!(ToPublishMeetings, "documents/desk/publish/meetings.graphql");
document!(
    ToPublishPractices,
    "documents/desk/publish/practices.graphql"
);

document!(ToPublishOne, "documents/desk/publish/one.graphql");

use to_publish_one::ToPublishOneNode as One;

/// What an address calls the one thing that it asks for.
pub const ONLY: &str = "only";

/// How many stand on a page.
const SIZE: i64 = 25;

/// Something that can be let out.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What is to be known of it.
    pub about: String,
    /// How far it is let out.
    pub visibility: Visibility,
    /// Its version.
    pub version: i64,
}

/// A row of what a document says of a thing, in a list or alone.
macro_rules! row {
    (commitment $it:expr) => {{
        let it = $it;
        row!(it, it.visibility, format!("{}, {}: {}", it.session, it.ref_, it.title), String::new())
    }};
    (plan $it:expr) => {{
        let it = $it;
        row!(it, it.visibility, it.title, it.group.map(|group| group.name).unwrap_or_default())
    }};
    (practice $it:expr) => {{
        let it = $it;
        row!(it, it.visibility, it.title, it.organisation.map(|one| one.name).unwrap_or_default())
    }};
    (meeting $it:expr, $visibility:expr) => {{
        let it = $it;
        let arranged = it.arrangement.as_ref();
        let arranged = arranged.map(|called| arranged!(day of called));
        let when = held_or_called(it.held_on.as_ref(), arranged);
        let group = it.group.as_ref();
        let group = group.map_or("A group", |group| group.name.as_str());
        let minutes = it.minutes.map(MinutesState::words).unwrap_or_default();
        row!(it, $visibility, format!("{group}, {when}"), minutes.to_owned())
    }};
    ($it:ident, $visibility:expr, $title:expr, $about:expr) => {
        Row {
            visibility: $visibility,
            title: $title,
            about: $about,
            version: $it.version,
            id: $it.id,
        }
    };
}

/// The page of a list that an address asks for; or the one thing that it names.
///
/// # Errors
/// When the schema does not answer.
pub async fn list(
    web: &Web,
    desk: &Desk,
    what: What,
    address: &Address,
) -> Result<(Vec<Row>, Pages), Instead> {
    if let Some(id) = address.some(ONLY) {
        return Ok((vec![one(web, desk, (what, id)).await?], Pages::default()));
    }
    match what {
        What::Commitments => commitments(web, desk, address).await,
        What::Plans => plans(web, desk, address).await,
        What::Meetings => meetings(web, desk, address).await,
        What::Practices => practices(web, desk, address).await,
    }
}

/// The variables of a list of the compact's.
macro_rules! of_the_compact {
    ($module:ident, $desk:expr, $part:expr) => {{
        let part = $part;
        $module::Variables {
            compact: $desk.place.id.clone(),
            first: part.first,
            after: part.after,
            last: part.last,
            before: part.before,
        }
    }};
}

async fn commitments(
    web: &Web,
    desk: &Desk,
    address: &Address,
) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_commitments, desk, Part::of(address, SIZE));
    let answer = ask::<ToPublishCommitments>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.commitments;
    let pages = pages_of!("commitments", address, all.page_info);
    let rows = all.nodes.into_iter().map(|one| row!(commitment one));
    Ok((rows.collect(), pages))
}

async fn plans(web: &Web, desk: &Desk, address: &Address) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_plans, desk, Part::of(address, SIZE));
    let answer = ask::<ToPublishPlans>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.action_plans;
    let pages = pages_of!("action plans", address, all.page_info);
    let rows = all.nodes.into_iter().map(|one| row!(plan one));
    Ok((rows.collect(), pages))
}

async fn meetings(web: &Web, desk: &Desk, address: &Address) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_meetings, desk, Part::latest(address, SIZE));
    let answer = ask::<ToPublishMeetings>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.compact.ok_or(Instead::NotHere)?.calendar;
    let pages = pages_of!("meetings", address, all.page_info).backwards();
    // What has no record of its own has nothing that could be let out.
    let rows = all.nodes.into_iter().rev().filter_map(|one| {
        let visibility = one.visibility?;
        Some(row!(meeting one, visibility))
    });
    Ok((rows.collect(), pages))
}

async fn practices(
    web: &Web,
    desk: &Desk,
    address: &Address,
) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_practices, desk, Part::of(address, SIZE));
    let answer = ask::<ToPublishPractices>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.compact.ok_or(Instead::NotHere)?.good_practices;
    let pages = pages_of!("good practice", address, all.page_info);
    let rows = all.nodes.into_iter().map(|one| row!(practice one));
    Ok((rows.collect(), pages))
}

/// The one thing of this kind and of the desk's compact that an address asks for.
async fn one(web: &Web, desk: &Desk, (what, id): (What, &str)) -> Result<Row, Instead> {
    let asked = to_publish_one::Variables { id: id.to_owned() };
    let answer = ask::<ToPublishOne>(&web.gateway, asked, desk.looker.caller()).await?;
    let own = |compact: &str| compact == desk.place.id;
    let row = match (what, answer.node) {
        (What::Commitments, Some(One::Commitment(it))) if own(&it.compact.id) => {
            Some(row!(commitment it))
        }
        (What::Plans, Some(One::ActionPlan(it))) if own(&it.compact.id) => Some(row!(plan it)),
        (What::Meetings, Some(One::Meeting(it)))
            if it
                .group
                .as_ref()
                .is_some_and(|group| own(&group.compact.id)) =>
        {
            it.let_out.map(|visibility| row!(meeting it, visibility))
        }
        _ => None,
    };
    row.ok_or(Instead::NotHere)
}
