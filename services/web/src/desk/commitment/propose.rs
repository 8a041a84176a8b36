//! A commitment proposed for a session: what is promised, what it belongs to and, where that is known already, how it is measured.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::blanks::{aims, measuring, places, ticked};
use super::change::{measure_refused, must_run};
use super::sheet::{Said, day, when};
use super::take::{add_measure, typed_at};
use super::{Choosable, choosable};
use crate::address::Address;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session, UUID};
use crate::form::{Area, Blank, Choice, DateField, Field, Fields, Problems, Select};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend};
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    ProposeCommitment,
    "documents/desk/commitment/propose-commitment.graphql",
    one_of
);

/// What the id of the measure's own command is called.
const MEASURE_COMMAND: &str = "measureCommandId";

#[derive(Template)]
#[template(path = "desk/commitment/propose.html")]
struct Page {
    frame: Frame,
    here: String,
    back: String,
    command: String,
    measure_command: String,
    statement: Vec<Blank>,
    measure: Vec<Blank>,
    /// Whether something was typed of the measure.
    measured: bool,
}

/// The sessions a commitment can be proposed for: those there are, this one and the next, the latest first.
pub fn sessions<'s>(known: impl Iterator<Item = &'s str>, today: Date) -> Vec<String> {
    let mut all: Vec<String> = known.map(str::to_owned).collect();
    let next = today.checked_add_months(chrono::Months::new(12));
    all.push(uk::session_of(&today));
    all.extend(next.map(|next| uk::session_of(&next)));
    all.sort_unstable_by(|one, other| other.cmp(one));
    all.dedup();
    all
}

fn statement(choices: &Choosable, session: &str, today: Date) -> Vec<Blank> {
    let known = choices.compact.iter().flat_map(|all| &all.sessions);
    let known = sessions(known.map(|one| one.session.as_str()), today);
    let known = known.iter().map(|one| Choice::new(one, uk::session(one)));
    let mut blanks = vec![
        Select::new("session", "For which session?", known)
            .with(session)
            .into(),
        Field {
            short: true,
            ..Field::words("ref", "Its number in the statement")
        }
        .hinting("Such as 1 or 2a: every number is there once in a session.")
        .into(),
        Field::words("title", "What is promised?").into(),
        Area::new("comment", "What is to be said with it")
            .hinting("May be left empty.")
            .into(),
    ];
    blanks.extend(places(Some(choices), None));
    blanks.push(
        DateField::new("commitmentDueOn", "By when is all of it to be done?")
            .hinting("For example, 31 3 2009. May be left empty.")
            .into(),
    );
    blanks.push(when("On which day was it proposed?"));
    blanks
}

async fn page(
    (web, desk): (&Web, &Desk),
    (here, session): (&str, Option<&str>),
    (fields, problems): (&Fields, &Problems),
) -> Result<Page, Instead> {
    let choices = choosable(web, desk).await?;
    let today = web.identity.clock().now().date_naive();
    let session = session.map_or_else(|| uk::session_of(&today), str::to_owned);
    let sent = |blanks: Vec<Blank>| -> Vec<Blank> {
        if fields.nothing_typed() {
            return blanks;
        }
        let blanks = blanks.into_iter();
        blanks.map(|blank| blank.sent(fields, problems)).collect()
    };
    let id = || web.gateway.services().ids.next().to_string();
    Ok(Page {
        frame: desk
            .frame("Propose a commitment")?
            .crumb("Commitments", desk.at("/commitments"))
            .mending(problems),
        here: here.to_owned(),
        back: desk.at("/commitments"),
        command: id(),
        measure_command: id(),
        statement: sent(statement(&choices, &session, today)),
        measured: measure_typed(fields),
        measure: sent(measuring(Some(&choices))),
    })
}

fn measure_typed(fields: &Fields) -> bool {
    let all = ["indicatorId", "kind", "target", "baseline", "dueOn.day"];
    all.iter().any(|name| fields.some(name).is_some())
}

/// `GET /desk/{slug}/commitments/new`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
) -> Result<Response, Instead> {
    let desk = web.desk(&visit, &slug, address.path()).await?;
    must_run(&desk)?;
    let nothing = (&Fields::default(), &Problems::default());
    let there = (address.path(), address.some("session"));
    shown(&page((&web, &desk), there, nothing).await?)
}

/// `POST /desk/{slug}/commitments/new`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path(slug): Path<String>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    must_run(&desk)?;
    let mut wrong = Problems::default();
    let said = Said::read(&fields, &mut wrong);
    let input = proposed(&desk, &said, &mut wrong);
    if measure_typed(&fields) && fields.some("indicatorId").is_none() {
        wrong.add(
            "indicatorId",
            "choose what is counted, or leave the whole measure empty",
        );
    }
    if wrong.is_empty() {
        let sent = propose_commitment::Variables { input };
        match change::<ProposeCommitment>(&web.gateway, sent, desk.looker.caller()).await? {
            Changed::Done(done) => {
                let id = done.new_id.ok_or(Instead::NotHere)?;
                return and_measured((&web, &desk), &id, said).await;
            }
            Changed::ToMend(problems) => {
                wrong = typed_at(problems).renamed(|place| match place {
                    "dueOn" => "commitmentDueOn".to_owned(),
                    other => other.to_owned(),
                });
            }
        }
    }
    to_mend(&page((&web, &desk), (here, None), (&fields, &wrong)).await?)
}

fn proposed(
    desk: &Desk,
    said: &Said<'_>,
    wrong: &mut Problems,
) -> propose_commitment::ProposeCommitmentInput {
    let fields = said.fields;
    let due_on = day(fields, "commitmentDueOn", wrong);
    for (name, words) in [
        ("session", "choose the session"),
        ("ref", "enter its number"),
        ("title", "say what is promised"),
    ] {
        if fields.some(name).is_none() {
            wrong.add(name, words);
        }
    }
    propose_commitment::ProposeCommitmentInput {
        compact_id: desk.place.id.clone(),
        session: fields.some("session").unwrap_or_default(),
        ref_: fields.some("ref").unwrap_or_default(),
        title: fields.some("title").unwrap_or_default(),
        comment: fields.text("comment"),
        aims: aims(fields),
        themes: ticked(fields, "themes"),
        group_ids: ticked(fields, "groups"),
        due_on,
        command_id: said.command,
        occurred_on: said.occurred_on,
        expected_version: None,
        meeting: None,
        new_id: None,
    }
}

/// Adds the measure, where one was typed, and goes on to the new commitment.
async fn and_measured(
    (web, desk): (&Web, &Desk),
    id: &str,
    said: Said<'_>,
) -> Result<Response, Instead> {
    let there = desk.at(&format!("/commitments/{id}"));
    if measure_typed(said.fields) {
        let said = Said {
            command: said.fields.one(MEASURE_COMMAND).parse().ok(),
            version: None,
            ..said
        };
        let caller = (web, desk.looker.caller());
        if let Some(wrong) = add_measure(caller, id.to_owned(), &said).await? {
            return measure_refused((web, desk), id, (said.fields, &wrong)).await;
        }
    }
    let there = Address::read(&there, "").with("done", "proposed");
    Ok(onwards(&there.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sessions_to_choose_from_are_those_there_are_this_one_and_the_next() {
        let today = Date::from_ymd_opt(2009, 11, 30).expect("a day");
        let known = ["2007-08", "2009-10"];
        let all = sessions(known.into_iter(), today);
        assert_eq!(all, ["2010-11", "2009-10", "2007-08"]);
    }
}
