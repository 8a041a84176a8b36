//! A commitment that goes on in a later session: into one that is there already, or into one that is proposed in the same breath.

use std::sync::OnceLock;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::change::{about_frame, must_run, whole};
use super::ground::of_life;
use super::propose::sessions;
use super::sheet::{Said, stands, when, why};
use super::step::Step;
use super::take::{send, typed_at};
use super::{Commitment, find};
use crate::address::Address;
use crate::ask::ask;
use crate::change::{Changed, change};
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::{Date, Position, Session, UUID};
use crate::documents::words::CommitmentStatus;
use crate::form::{
    Blank, Choice, Choices, Conflict, Contested, Field, Fields, Ground, Kind, Problems, Select,
    Settled, settle,
};
use crate::instead::Instead;
use crate::page::{Frame, onwards, shown, to_mend, with_status};
use crate::uk;
use crate::visit::{Visit, Web};

document!(
    LaterCommitments,
    "documents/desk/commitment/later.graphql",
    one_of
);
document!(
    ProposeCommitment,
    "documents/desk/commitment/propose-commitment.graphql",
    one_of
);
document!(
    CarryForward,
    "documents/desk/commitment/carry-forward.graphql",
    one_of
);

use later_commitments::LaterCommitmentsCommitmentsNodes as Later;

/// What the id of the proposal's own command is called.
const PROPOSAL: &str = "proposalCommandId";

#[derive(Template)]
#[template(path = "desk/commitment/carry.html")]
struct Page {
    frame: Frame,
    here: String,
    back: String,
    about: String,
    command: String,
    proposal: String,
    /// Above the form, where somebody else changed it meanwhile.
    conflict: Option<Conflict>,
    ground: Ground,
    stands: Vec<(&'static str, String)>,
    way: Blank,
    into: Blank,
    anew: Vec<Blank>,
    last: Vec<Blank>,
}

/// The commitments of later sessions, that it can go on in.
async fn later(web: &Web, desk: &Desk, commitment: &Commitment) -> Result<Vec<Later>, Instead> {
    let variables = later_commitments::Variables {
        compact: desk.place.id.clone(),
        before: None,
    };
    let answer = ask::<LaterCommitments>(&web.gateway, variables, desk.looker.caller()).await?;
    let all = answer.commitments.nodes.into_iter();
    let later = all.filter(|one| {
        one.session > commitment.session && one.status != CommitmentStatus::Withdrawn
    });
    Ok(later.collect())
}

fn way(later: &[Later]) -> Choices {
    let anew = Choice {
        hint:
            "With the same words, aims, themes and groups, as a draft. Its measures are set anew."
                .to_owned(),
        ..Choice::new("NEW", "Into a new commitment, proposed now")
    };
    let there = Choice::new("THERE", "Into a commitment that is there already");
    let mut choices = vec![anew];
    if !later.is_empty() {
        choices.push(there);
    }
    Choices::new(Kind::Radios, "way", "Where does it go on?", choices).with(["NEW"])
}

fn anew(commitment: &Commitment, today: Date) -> Vec<Blank> {
    let known = sessions(next(&commitment.session).as_deref().into_iter(), today);
    let known = known
        .iter()
        .filter(|session| **session > commitment.session)
        .map(|one| Choice::new(one, uk::session(one)));
    let number = Field {
        short: true,
        ..Field::words("ref", "Its number there")
    };
    vec![
        Select::new("session", "The session it goes on in", known)
            .with(next(&commitment.session).unwrap_or_default())
            .into(),
        number.with(&commitment.ref_).into(),
        Field::words("title", "What is promised there")
            .with(&commitment.title)
            .into(),
    ]
}

/// The session after this one.
fn next(session: &str) -> Option<String> {
    let began: i32 = session.get(..4)?.parse().ok()?;
    Some(uk::session_of(&Date::from_ymd_opt(began + 1, 4, 1)?))
}

async fn page(
    (web, desk, here): (&Web, &Desk, &str),
    commitment: &Commitment,
    (fields, problems): (&Fields, &Problems),
) -> Result<Page, Instead> {
    let later = later(web, desk, commitment).await?;
    let today = web.identity.clock().now().date_naive();
    let sent = |blank: Blank| {
        if fields.nothing_typed() {
            return blank;
        }
        blank.sent(fields, problems)
    };
    let known = later.iter().map(|one| {
        let words = format!("{}, {}: {}", one.session, one.ref_, one.title);
        Choice::new(&one.id, words)
    });
    let known = std::iter::once(Choice::new("", "Choose one")).chain(known);
    let into = Select::new("intoId", "The commitment it goes on in", known);
    let all = |blanks: Vec<Blank>| blanks.into_iter().map(sent).collect();
    let id = || web.gateway.services().ids.next().to_string();
    Ok(Page {
        frame: about_frame(desk, "Carry it forward", commitment)?.mending(problems),
        here: here.to_owned(),
        back: whole(desk, commitment),
        about: format!(
            "{}, {}",
            uk::session(&commitment.session),
            commitment.called()
        ),
        command: id(),
        proposal: id(),
        conflict: None,
        ground: of_life(commitment),
        stands: stands(commitment),
        way: sent(way(&later).into()),
        into: sent(into.into()),
        anew: all(anew(commitment, today)),
        last: all(vec![
            why("Why is it carried forward?"),
            when("On which day was that decided?"),
        ]),
    })
}

/// `GET /desk/{slug}/commitments/{id}/carry-forward`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk(&visit, &slug, here).await?;
    must_run(&desk)?;
    let commitment = find(&web, &desk, &id).await?;
    if !Step::Conclude.is_open(&commitment) {
        return Ok(onwards(&whole(&desk, &commitment)));
    }
    let nothing = (&Fields::default(), &Problems::default());
    shown(&page((&web, &desk, here), &commitment, nothing).await?)
}

/// A form that was sent.
struct Sending<'s> {
    at: (&'s Web, &'s Desk),
    id: &'s str,
    said: &'s Said<'s>,
    /// The commitment it goes on in, once that is there.
    into: OnceLock<String>,
}

impl Contested for Sending<'_> {
    type Thing = Commitment;

    async fn find(&self) -> Result<Commitment, Instead> {
        let (web, desk) = self.at;
        find(web, desk, self.id).await
    }

    fn ground(&self, commitment: &Commitment) -> Ground {
        of_life(commitment)
    }

    async fn record(
        &self,
        commitment: &Commitment,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        let said = Said {
            version,
            ..*self.said
        };
        let into = match self.into.get() {
            Some(into) => into.clone(),
            None => match into(self.at, commitment, &said).await? {
                Ok(into) => self.into.get_or_init(|| into).clone(),
                Err(problems) => return Ok(Some(problems)),
            },
        };
        carried(self.at, (commitment, &into), &said).await
    }
}

/// `POST /desk/{slug}/commitments/{id}/carry-forward`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    Path((slug, id)): Path<(String, String)>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let here = address.path();
    let desk = web.desk_sending(&visit, &fields, (&slug, here)).await?;
    must_run(&desk)?;
    let there = (&web, &desk, here);
    let commitment = find(&web, &desk, &id).await?;
    let mut wrong = Problems::default();
    let said = Said::read(&fields, &mut wrong);
    said.wants_reason(&mut wrong);
    // What is to be proposed is proposed only where nothing stands in the way of carrying into it.
    let carried = commitment.carried_forward.as_ref();
    let sent_before = carried.is_some_and(|it| it.reason == said.reason());
    if !sent_before && of_life(&commitment).is_other_than(&fields) {
        return contested(there, &commitment, (&fields, wrong.of_conflict())).await;
    }
    if !wrong.is_empty() {
        return to_mend(&page(there, &commitment, (&fields, &wrong)).await?);
    }
    let sending = Sending {
        at: (&web, &desk),
        id: &id,
        said: &said,
        into: OnceLock::new(),
    };
    let settled = settle(&sending, &fields).await?;
    let sent = match sending.into.get() {
        Some(into) => going_into(&fields, into),
        None => fields.clone(),
    };
    match settled {
        Settled::Recorded(_) => {
            let there = Address::read(&whole(&desk, &commitment), "");
            Ok(onwards(&there.with("done", "carry-forward").to_string()))
        }
        Settled::ToMend(found, wrong) => to_mend(&page(there, &found, (&sent, &wrong)).await?),
        Settled::Contested(found, wrong) => contested(there, &found, (&sent, wrong)).await,
    }
}

/// The form as it was typed, below both versions of what somebody else changed meanwhile.
async fn contested(
    there: (&Web, &Desk, &str),
    commitment: &Commitment,
    (fields, wrong): (&Fields, Problems),
) -> Result<Response, Instead> {
    let mut page = page(there, commitment, (fields, &wrong)).await?;
    let reason = fields.text("reason").unwrap_or_default();
    let typed = |part: &str| (part == "state").then(|| format!("Carried forward: {reason}"));
    page.conflict = Some(page.ground.against(fields, page.back.clone(), typed));
    with_status(StatusCode::CONFLICT, &page)
}

/// The commitment it goes on in, proposed where it is not there yet.
async fn into(
    (web, desk): (&Web, &Desk),
    commitment: &Commitment,
    said: &Said<'_>,
) -> Result<Result<String, Problems>, Instead> {
    let mut wrong = Problems::default();
    if said.fields.one("way") == "THERE" {
        return Ok(said.fields.some("intoId").ok_or_else(|| {
            wrong.add("intoId", "choose the commitment it goes on in");
            wrong
        }));
    }
    let themes = commitment.themes.iter().map(|theme| theme.code.clone());
    let groups = commitment.groups.iter().map(|group| group.id.clone());
    let input = propose_commitment::ProposeCommitmentInput {
        compact_id: desk.place.id.clone(),
        session: said.fields.some("session").unwrap_or_default(),
        ref_: said.fields.some("ref").unwrap_or_default(),
        title: said.fields.some("title").unwrap_or_default(),
        comment: commitment.comment.clone(),
        aims: commitment.aims.clone(),
        themes: themes.collect(),
        group_ids: groups.collect(),
        due_on: None,
        command_id: said.fields.one(PROPOSAL).parse().ok(),
        occurred_on: said.occurred_on,
        expected_version: None,
        meeting: None,
        new_id: None,
    };
    let sent = propose_commitment::Variables { input };
    match change::<ProposeCommitment>(&web.gateway, sent, desk.looker.caller()).await? {
        Changed::Done(done) => Ok(Ok(done.new_id.ok_or(Instead::NotHere)?)),
        Changed::ToMend(problems) => Ok(Err(typed_at(problems))),
    }
}

async fn carried(
    (web, desk): (&Web, &Desk),
    (commitment, into): (&Commitment, &str),
    said: &Said<'_>,
) -> Result<Option<Problems>, Instead> {
    let there = (web, desk.looker.caller());
    let wrong = send!(there, said; CarryForward, carry_forward::CarryForwardInput {
        commitment_id: commitment.id.clone(),
        into_id: into.to_owned(),
        reason: said.reason(),
    });
    Ok(wrong)
}

/// The same form, going into a commitment that is there: what was proposed once is not proposed again.
fn going_into(fields: &Fields, into: &str) -> Fields {
    let own = |name: &str| ["way", "intoId"].contains(&name);
    let others = fields.iter().filter(|(name, _)| !own(name));
    let chosen = [("way", "THERE"), ("intoId", into)];
    others.chain(chosen).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_proposed_once_is_gone_into_and_not_proposed_again() {
        assert_eq!(next("2008-09").as_deref(), Some("2009-10"));
        let fields = Fields::from_iter([("way", "NEW"), ("reason", "Not done yet.")]);
        let fields = going_into(&fields, "abc");
        assert_eq!((fields.one("way"), fields.one("intoId")), ("THERE", "abc"));
        assert_eq!(fields.one("reason"), "Not done yet.");
    }
}
