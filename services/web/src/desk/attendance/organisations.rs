//! The organisations that may have come to a meeting, and what they are called.

use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::form::Choice;
use crate::instead::Instead;
use crate::visit::Web;

document!(CameBefore, "documents/desk/came-before.graphql");
document!(Organisations, "documents/desk/organisations.graphql");

use came_before::CameBeforeCompact as Compact;

/// How many pages of the register are offered to choose from.
const MOST_PAGES: usize = 20;

/// The organisations that may have come.
#[derive(Default)]
pub struct MayCome {
    /// Those that came before or are in the chair of a group: id and name.
    pub known: Vec<(String, String)>,
    /// Every organisation in the register.
    pub register: Vec<Choice>,
}

impl MayCome {
    /// Those that may have come to a meeting of this group.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where there is no such compact; when the schema does not answer.
    pub async fn find(web: &Web, desk: &Desk, group: &str) -> Result<Self, Instead> {
        let variables = came_before::Variables {
            compact: desk.place.id.clone(),
            group: group.to_owned(),
        };
        let answer = ask::<CameBefore>(&web.gateway, variables, desk.looker.caller()).await?;
        let compact = answer.compact.ok_or(Instead::NotHere)?;
        Ok(Self {
            known: known(&compact),
            register: register(web, desk).await?,
        })
    }

    /// What an organisation is called.
    pub fn name_of(&self, organisation: &str) -> Option<&str> {
        let mut known = self.known.iter();
        let known = known.find(|(id, _)| id == organisation);
        let mut register = self.register.iter();
        known.map(|(_, name)| name.as_str()).or_else(|| {
            let found = register.find(|choice| choice.value == organisation);
            found.map(|choice| choice.label.as_str())
        })
    }
}

/// Who came to this group's meetings first, then who came to others', then who is in a chair.
fn known(compact: &Compact) -> Vec<(String, String)> {
    let theirs = compact.theirs.nodes.iter().rev();
    let theirs = theirs.flat_map(|meeting| meeting.attendance.iter().flatten());
    let theirs = theirs.filter_map(|one| one.organisation.as_ref());
    let theirs = theirs.map(|one| (one.id.clone(), one.name.clone()));
    let met = compact.calendar.nodes.iter();
    let met = met.flat_map(|meeting| meeting.attendance.iter().flatten());
    let met = met.filter_map(|one| one.organisation.as_ref());
    let met = met.map(|one| (one.id.clone(), one.name.clone()));
    let chairs = compact.groups.iter();
    let chairs = chairs.filter_map(|group| group.chair.as_ref());
    let chairs = chairs.map(|one| (one.id.clone(), one.name.clone()));
    let mut known: Vec<(String, String)> = Vec::new();
    for one in theirs.chain(met).chain(chairs) {
        if !known.contains(&one) {
            known.push(one);
        }
    }
    known.sort_by(|one, other| one.1.cmp(&other.1));
    known
}

/// The organisations of the region's register, to choose from.
///
/// # Errors
/// When the schema does not answer.
pub async fn register(web: &Web, desk: &Desk) -> Result<Vec<Choice>, Instead> {
    let mut register = Vec::new();
    let mut after = None;
    for _ in 0..MOST_PAGES {
        let variables = organisations::Variables { after };
        let asked = ask::<Organisations>(&web.gateway, variables, desk.looker.caller());
        let Some(page) = asked.await?.organisations else {
            break;
        };
        let these = page.nodes.into_iter();
        register.extend(these.map(|one| Choice::new(one.id, one.name)));
        after = page.page_info.end_cursor;
        if !page.page_info.has_next_page {
            break;
        }
    }
    Ok(register)
}
