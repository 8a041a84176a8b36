//! Taking good practice up, for the compact or an organisation of it, from the version that was read. That it is taken up once, as long
//! as that stands, is the record's to see to: its words are shown at the field.

use super::Practice;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::AdoptionState;
use crate::form::{Area, Choice, DateField, Fields, Problems, Select};
use crate::instead::Instead;
use crate::visit::Web;

document!(TakenUpOf, "documents/desk/taken-up-of.graphql");
document!(AdoptPractice, "documents/desk/adopt-practice.graphql");

/// How many pages of a hundred adoptions are looked through.
const MOST_PAGES: usize = 20;

/// That it was taken up here, and by whom.
pub struct Here {
    /// The adoption.
    pub id: String,
    /// Since when.
    pub on: Date,
    /// How it stands.
    pub state: AdoptionState,
    /// The organisation, by its id and name; none for the compact itself.
    pub organisation: Option<(String, String)>,
}

/// The form.
pub struct TakeUp {
    pub who: Select,
    pub note: Area,
    pub on: DateField,
}

impl TakeUp {
    /// An empty one for this practice: nobody takes up their own.
    pub fn new(desk: &Desk, practice: &Practice, register: Vec<Choice>) -> Self {
        let own = practice.is_of(desk);
        let first = if own {
            Choice::new("", "Choose an organisation")
        } else {
            Choice::new("", desk.place.name.clone())
        };
        let whose = practice.organisation.as_ref().map(|one| one.id.as_str());
        let others = register.into_iter();
        let others = others.filter(|one| !own || Some(one.value.as_str()) != whose);
        Self {
            who: Select::new(
                "organisationId",
                "Who takes it up?",
                [first].into_iter().chain(others),
            ),
            note: Area::new("note", "What is to be known of it").hinting("May be left empty."),
            on: DateField::new("occurredOn", "When was that?").hinting("Today, when left empty."),
        }
    }

    /// The same as it was sent, with what is wrong.
    #[must_use]
    pub fn sent(self, fields: &Fields, problems: &Problems) -> Self {
        Self {
            who: self.who.sent(fields, problems),
            note: self.note.sent(fields, problems),
            on: self.on.sent(fields, problems),
        }
    }
}

/// Where it was taken up in this compact, as far as that is on record: what was given up too.
///
/// # Errors
/// When the schema does not answer.
pub async fn here(web: &Web, desk: &Desk, practice: &str) -> Result<Vec<Here>, Instead> {
    let (mut found, mut after) = (Vec::new(), None);
    for _ in 0..MOST_PAGES {
        let variables = taken_up_of::Variables {
            id: practice.to_owned(),
            after,
        };
        let answer = ask::<TakenUpOf>(&web.gateway, variables, desk.looker.caller()).await?;
        let Some(practice) = answer.good_practice else {
            break;
        };
        let list = practice.adoptions;
        let own = list.nodes.into_iter().filter(|one| {
            let compact = one.compact.as_ref();
            compact.is_some_and(|compact| compact.id == desk.place.id)
        });
        found.extend(own.map(|one| Here {
            id: one.id,
            on: one.adopted_on,
            state: one.state,
            organisation: one.organisation.map(|it| (it.id, it.name)),
        }));
        after = list.page_info.end_cursor;
        if !list.page_info.has_next_page {
            break;
        }
    }
    Ok(found)
}

/// Takes it up. The adoption's id, or what is wrong.
///
/// # Errors
/// When it cannot be sent.
pub async fn take_up(
    web: &Web,
    desk: &Desk,
    (practice, fields): (&Practice, &Fields),
) -> Result<Result<String, Problems>, Instead> {
    let mut wrong = Problems::default();
    let on = DateField::read(fields, "occurredOn").unwrap_or_else(|words| {
        wrong.add("occurredOn", words);
        None
    });
    let who = fields.some("organisationId");
    if who.is_none() && practice.is_of(desk) {
        wrong.add("organisationId", "choose the organisation that takes it up");
    }
    if !wrong.is_empty() {
        return Ok(Err(wrong));
    }
    let input = adopt_practice::AdoptPracticeInput {
        compact_id: desk.place.id.clone(),
        organisation_id: who,
        practice_id: practice.id.clone(),
        number: fields.one("number").parse().ok(),
        note: fields.text("note"),
        occurred_on: on,
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = adopt_practice::Variables { input };
    let changed = change::<AdoptPractice>(&web.gateway, sent, desk.looker.caller()).await?;
    Ok(match changed {
        Changed::Done(done) => Ok(done.new_id.unwrap_or_default()),
        Changed::ToMend(problems) => Err(problems),
    })
}
