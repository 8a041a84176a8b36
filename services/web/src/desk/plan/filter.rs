//! Which objectives of a plan are shown: those with open or overdue actions, of an owner, or with some words in them. It stands in the
//! address.

use chrono::NaiveDate;

use crate::address::Address;
use crate::compact::plan::sheet::{Action, Objective, SIZE, Sheet};
use crate::desk::Desk;
use crate::documents::words::{ActionState, ObjectiveStateKind};
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::parts::{Pages, Part, pages_of};
use crate::past::Asked;
use crate::visit::Web;

/// How many pages of the schema's are looked through for one page of what is shown.
const MOST_PAGES: usize = 25;

/// Which of the objectives are shown.
pub struct Filter {
    show: String,
    owner: String,
    words: String,
    today: NaiveDate,
}

impl Filter {
    /// What `address` asks for.
    pub fn of(address: &Address, today: NaiveDate) -> Self {
        Self {
            show: address.one("show").to_owned(),
            owner: address.one("owner").to_owned(),
            words: address.one("words").to_owned(),
            today,
        }
    }

    /// Whether it leaves anything out.
    pub fn is_on(&self) -> bool {
        [&self.show, &self.owner, &self.words]
            .iter()
            .any(|asked| !asked.is_empty())
    }

    /// Which actions, as a field.
    pub fn show(&self) -> Select {
        let choices = [
            Choice::new("", "Everything"),
            Choice::new("open", "With open actions"),
            Choice::new("overdue", "With overdue actions"),
            Choice::new("none", "Without an open action"),
        ];
        Select::new("show", "Objectives", choices).with(&self.show)
    }

    /// Whose, as a field.
    pub fn owner(&self) -> Field {
        Field::words("owner", "Owner has the words").with(&self.owner)
    }

    /// Which words, as a field.
    pub fn words(&self) -> Field {
        Field::words("words", "Objective or action has the words").with(&self.words)
    }

    fn takes(&self, objective: &Objective, day: NaiveDate) -> bool {
        let actions = &objective.actions.nodes;
        let open = |action: &Action| action.state == ActionState::Open;
        let stands = match self.show.as_str() {
            "open" => actions.iter().any(open),
            "overdue" => actions.iter().any(|action| action.overdue(day)),
            "none" => {
                objective.state.kind != ObjectiveStateKind::Dropped && !actions.iter().any(open)
            }
            _ => true,
        };
        let owned = self.owner.is_empty()
            || actions
                .iter()
                .any(|action| has(action.owner.as_deref().unwrap_or_default(), &self.owner));
        let said = [Some(&objective.title), objective.indicator.as_ref()];
        let said = said.into_iter().flatten();
        let mut said = said.chain(actions.iter().map(|action| &action.text));
        stands && owned && (self.words.is_empty() || said.any(|said| has(said, &self.words)))
    }

    /// The part of the plan that is asked for, with what is left out left out; the way to the parts beside it; and the day it is looked at.
    ///
    /// # Errors
    /// As [`Sheet::ask`].
    pub async fn sheet(
        &self,
        (web, desk): (&Web, &Desk),
        id: &str,
        (asked, address): (&Asked, &Address),
    ) -> Result<(Sheet, Pages, NaiveDate), Instead> {
        let at = (desk.place.slug.as_str(), id);
        let mut part = Part::of(address, SIZE);
        let backwards = part.last.is_some();
        let mut sheet = Sheet::ask((web, &desk.looker), at, asked, part.clone()).await?;
        let day = asked.day(&sheet.meetings).unwrap_or(self.today);
        let Some(mut plan) = sheet.plan.take() else {
            return Ok((sheet, Pages::default(), day));
        };
        let keep = |all: &mut Vec<Objective>| all.retain(|one| self.takes(one, day));
        keep(&mut plan.objectives.nodes);
        for _ in 1..MOST_PAGES {
            let info = &plan.objectives.page_info;
            let full = plan.objectives.nodes.len() >= usize::try_from(SIZE).unwrap_or(usize::MAX);
            let next = if backwards {
                info.start_cursor.clone().filter(|_| info.has_previous_page)
            } else {
                info.end_cursor.clone().filter(|_| info.has_next_page)
            };
            let Some(next) = next.filter(|_| !full) else {
                break;
            };
            if backwards {
                part.before = Some(next);
            } else {
                part.after = Some(next);
            }
            let more = Sheet::ask((web, &desk.looker), at, asked, part.clone()).await?;
            let Some(mut more) = more.plan else {
                break;
            };
            keep(&mut more.objectives.nodes);
            let (info, found) = (&mut plan.objectives.page_info, more.objectives);
            if backwards {
                info.start_cursor = found.page_info.start_cursor;
                info.has_previous_page = found.page_info.has_previous_page;
                plan.objectives.nodes.splice(0..0, found.nodes);
            } else {
                info.end_cursor = found.page_info.end_cursor;
                info.has_next_page = found.page_info.has_next_page;
                plan.objectives.nodes.extend(found.nodes);
            }
        }
        let pages = pages_of!("objectives", address, plan.objectives.page_info);
        sheet.plan = Some(plan);
        Ok((sheet, pages, day))
    }
}

/// Whether words are in a text, in capitals or not.
fn has(text: &str, words: &str) -> bool {
    text.to_lowercase().contains(&words.to_lowercase())
}
