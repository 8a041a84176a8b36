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

use to_publish_meetings::ToPublishMeetingsCompactCalendarNodes as Meeting;

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

/// The page of a list that an address asks for.
///
/// # Errors
/// When the schema does not answer.
pub async fn list(
    web: &Web,
    desk: &Desk,
    what: What,
    address: &Address,
) -> Result<(Vec<Row>, Pages), Instead> {
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
    let rows = all.nodes.into_iter().map(|one| Row {
        id: one.id,
        title: format!("{}, {}: {}", one.session, one.ref_, one.title),
        about: String::new(),
        visibility: one.visibility,
        version: one.version,
    });
    Ok((rows.collect(), pages))
}

async fn plans(web: &Web, desk: &Desk, address: &Address) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_plans, desk, Part::of(address, SIZE));
    let answer = ask::<ToPublishPlans>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.action_plans;
    let pages = pages_of!("action plans", address, all.page_info);
    let rows = all.nodes.into_iter().map(|one| Row {
        id: one.id,
        title: one.title,
        about: one.group.map(|group| group.name).unwrap_or_default(),
        visibility: one.visibility,
        version: one.version,
    });
    Ok((rows.collect(), pages))
}

impl Meeting {
    fn called(&self) -> String {
        let group = self.group.as_ref();
        let group = group.map_or("A group", |group| group.name.as_str());
        let arranged = self.arrangement.as_ref();
        let arranged = arranged.map(|called| arranged!(day of called));
        let when = held_or_called(self.held_on.as_ref(), arranged);
        format!("{group}, {when}")
    }
}

async fn meetings(web: &Web, desk: &Desk, address: &Address) -> Result<(Vec<Row>, Pages), Instead> {
    let asked = of_the_compact!(to_publish_meetings, desk, Part::latest(address, SIZE));
    let answer = ask::<ToPublishMeetings>(&web.gateway, asked, desk.looker.caller()).await?;
    let all = answer.compact.ok_or(Instead::NotHere)?.calendar;
    let pages = pages_of!("meetings", address, all.page_info).backwards();
    // What has no record of its own has nothing that could be let out.
    let rows = all.nodes.into_iter().rev().filter_map(|one| {
        Some(Row {
            title: one.called(),
            about: one
                .minutes
                .map(MinutesState::words)
                .unwrap_or_default()
                .to_owned(),
            visibility: one.visibility?,
            version: one.version,
            id: one.id,
        })
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
    let rows = all.nodes.into_iter().map(|one| Row {
        id: one.id,
        title: one.title,
        about: one.organisation.map(|one| one.name).unwrap_or_default(),
        visibility: one.visibility,
        version: one.version,
    });
    Ok((rows.collect(), pages))
}
