//! A ledger in plain words: everything that was recorded, the latest first, or what somebody looks for in it.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

use super::{Choices, DESK, Ledger, about, kinds};
use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::{Date, DateTime, Position};
use crate::documents::words::Role;
use crate::form::{Choice, Field, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::parts::{Pages, Part, pages_of};
use crate::uk;
use crate::visit::{Visit, Web};

document!(AuditHistory, "documents/audit-history.graphql");

use audit_history::AuditHistoryLedgerHistory as Listed;
use audit_history::AuditHistoryLedgerHistoryNodes as Line;

/// What the days between which something was written down are called in addresses, as the schema calls them.
const RECORDED_FROM: &str = "recordedFrom";
const RECORDED_UNTIL: &str = "recordedUntil";

/// How many sentences stand on a page.
const SIZE: i64 = 25;

#[derive(Template)]
#[template(path = "audit/history.html")]
struct Page {
    frame: Frame,
    ledger: Ledger,
    of_compact: bool,
    looked_for: LookedFor,
    /// Where the one thing that is asked about is seen.
    seen_at: Option<String>,
    about: Option<String>,
    narrowed: bool,
    lines: Vec<Line>,
    pages: Pages,
}

/// The fields by which somebody looks for something.
struct LookedFor {
    words: Field,
    kind: Select,
    role: Select,
    since: Field,
    until: Field,
    recorded_from: Field,
    recorded_until: Field,
    meeting: Option<Select>,
    of: String,
}

/// `GET /audit/{ledger}`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path(slug): Path<String>,
) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, address.path()).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let ledger = Ledger::named(&web, &looker, &slug).await?;
    let choices = ledger.choices(&web, &looker).await?;
    let looked_for = LookedFor::read(&address, choices.as_ref());
    let listed = match looked_for.filter(&address) {
        Some(filter) => listed(&web, &looker, (&ledger, filter), &address).await?,
        None => None,
    };
    let pages = listed
        .as_ref()
        .map(|listed| pages_of!("the record", &address, listed.page_info).backwards());
    let (about, page) = match address.some("of") {
        Some(of) => match about::found(&web, &looker, (&slug, of)).await? {
            Some(found) => (Some(found.words), found.page),
            None => (Some("One thing".to_owned()), None),
        },
        None => (None, None),
    };
    let narrowed = [
        "words",
        "kind",
        "role",
        "since",
        "until",
        RECORDED_FROM,
        RECORDED_UNTIL,
        "meeting",
        "of",
    ];
    kept.shown(&Page {
        frame: Frame::of(
            about.clone().unwrap_or_else(|| "The record".to_owned()),
            &looker,
        )?
        .within(DESK)
        .at(&ledger.name)
        .crumb("The record", DESK)
        .crumb(ledger.name.clone(), format!("/audit/{slug}")),
        of_compact: choices.is_some(),
        narrowed: narrowed
            .into_iter()
            .any(|name| address.some(name).is_some()),
        lines: listed.map(|listed| listed.nodes).unwrap_or_default(),
        pages: pages.unwrap_or_default(),
        seen_at: page,
        about,
        looked_for,
        ledger,
    })
}

async fn listed(
    web: &Web,
    looker: &Looker,
    (ledger, filter): (&Ledger, audit_history::HistoryFilterInput),
    address: &Address,
) -> Result<Option<Listed>, Instead> {
    let Part {
        first,
        after,
        last,
        before,
    } = Part::latest(address, SIZE);
    let variables = audit_history::Variables {
        ledger: ledger.id.clone(),
        filter: Some(filter),
        first,
        after,
        last,
        before,
    };
    let answer = ask::<AuditHistory>(&web.gateway, variables, looker.caller()).await?;
    Ok(Some(answer.ledger_history))
}

/// A role as entries name it.
fn recorded_as(role: Role) -> String {
    role.name().to_lowercase().replace('_', "-")
}

/// A field for a day, and what is wrong with what it says.
fn day(address: &Address, name: &'static str, label: &'static str) -> Field {
    let typed = address.one(name);
    let wrong = !typed.is_empty() && typed.parse::<Date>().is_err();
    Field {
        kind: "date",
        short: true,
        ..Field::new(name, label, "off")
    }
    .with(typed)
    .but(wrong.then_some("enter a real date, such as 2007-09-24"))
}

impl Line {
    /// Where whoever reads it is led to what it tells of.
    fn see(&self, ledger: &str) -> Option<String> {
        about::see(ledger, (&self.subject, &self.parts))
    }
}

impl LookedFor {
    fn read(address: &Address, choices: Option<&Choices>) -> Self {
        let roles = Role::ALL.iter();
        let roles = roles.map(|role| Choice::new(recorded_as(*role), role.words()));
        let roles = [Choice::new("", "Anybody")].into_iter().chain(roles);
        let meeting = choices.map(|choices| {
            let meetings =
                choices.meetings("meeting", "Recorded from the meeting of", "Any, or none");
            meetings.with(address.one("meeting"))
        });
        Self {
            words: Field::words("words", "Words").with(address.one("words")),
            kind: Select::new("kind", "What happened", kinds::choices()).with(address.one("kind")),
            role: Select::new("role", "Who recorded it", roles).with(address.one("role")),
            since: day(address, "since", "True on or after"),
            until: day(address, "until", "True on or before"),
            recorded_from: day(address, RECORDED_FROM, "Recorded on or after"),
            recorded_until: day(address, RECORDED_UNTIL, "Recorded on or before"),
            meeting,
            of: address.one("of").to_owned(),
        }
    }

    /// What the schema is asked for; none where a day is none.
    fn filter(&self, address: &Address) -> Option<audit_history::HistoryFilterInput> {
        let days = [
            &self.since,
            &self.until,
            &self.recorded_from,
            &self.recorded_until,
        ];
        if days.iter().any(|day| day.problem.is_some()) {
            return None;
        }
        let day = |field: &Field| field.value.parse::<Date>().ok();
        let said = |name: &str| address.some(name).map(str::to_owned);
        let words: Option<String> = said("words").map(|words| words.chars().take(200).collect());
        Some(audit_history::HistoryFilterInput {
            about_id: said("of"),
            meeting_id: said("meeting"),
            role: said("role"),
            since: day(&self.since),
            until: day(&self.until),
            recorded_from: day(&self.recorded_from).as_ref().and_then(uk::begins),
            recorded_until: day(&self.recorded_until).as_ref().and_then(uk::ends),
            types: address.some("kind").and_then(kinds::types),
            words,
        })
    }
}
