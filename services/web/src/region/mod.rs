//! The region's board: where things stand across compacts, for whoever pays for them and for everybody who reads what is published.
//!
//! What is shown of a compact is what it released, as far as the reader sees it: the schema decides. Pages that add figures up, or
//! tell what was made of them, are there for those who read the region's totals.

mod adoptions;
mod assess;
mod board;
pub mod judged;
mod progress;
mod release;
mod to_assess;
mod totals;
mod undertaken;
mod undertakings;

use axum::Router;
use axum::routing::get;

use crate::address::Address;
use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Session;
use crate::documents::words::{CommitmentStatus, Role};
use crate::form::{Choice, Select};
use crate::instead::Instead;
use crate::looker::Looker;
use crate::session::Shown;
use crate::uk;
use crate::visit::Web;

document!(RegionSessions, "documents/region-sessions.graphql");

pub use region_sessions::RegionSessionsCompactsNodes as CompactSeen;

/// Where the board is.
pub const BOARD: &str = "/region";

/// Its pages.
pub fn routes() -> Router<Web> {
    Router::new()
        .route("/region", get(board::show))
        .route("/region/undertakings", get(undertakings::show))
        .route("/region/adoptions", get(adoptions::show))
        .route("/region/progress", get(progress::show))
        .route("/region/totals", get(totals::show))
        .route("/region/to-assess", get(to_assess::show))
        .route("/region/commitments/{id}", get(judged::show))
        .route(
            "/region/commitments/{id}/release",
            get(release::show).post(release::send),
        )
        .route(
            "/region/commitments/{id}/assess",
            get(assess::show).post(assess::send),
        )
}

/// A page beside others, by address.
pub struct View {
    /// What it says.
    pub text: &'static str,
    /// Where it is.
    pub href: String,
    /// Whether it is the one shown.
    pub current: bool,
}

/// The pages of the board that whoever looks can come to. The session that is looked at goes with them.
pub fn views(looker: &Looker, here: &str, session: Option<&str>) -> Vec<View> {
    let all = [
        ("Side by side", BOARD, true),
        (
            "Who undertakes what (section 4)",
            "/region/undertakings",
            true,
        ),
        ("Good practice taken up", "/region/adoptions", true),
        ("Progress", "/region/progress", false),
        ("Added up", "/region/totals", false),
        ("To assess", "/region/to-assess", false),
    ];
    let seen = all
        .into_iter()
        .filter(|(.., everybody)| *everybody || reads_totals(looker));
    seen.map(|(text, path, _)| {
        let address = Address::read(path, "");
        let address = match session {
            Some(session) if path != "/region/adoptions" => address.with("session", session),
            _ => address,
        };
        View {
            text,
            href: address.to_string(),
            current: path == here,
        }
    })
    .collect()
}

/// Whether somebody assesses what compacts released.
pub fn judges(looker: &Looker) -> bool {
    looker.is(Role::Funder)
}

/// Whether somebody is offered what adds up and judges. The schema decides whether they see it.
pub fn reads_totals(looker: &Looker) -> bool {
    let roles = [
        Role::Funder,
        Role::RegionalAdministrator,
        Role::Secretariat,
        Role::GroupLead,
        Role::MemberRepresentative,
    ];
    roles.into_iter().any(|role| looker.is(role)) || audits_region(looker)
}

fn audits_region(looker: &Looker) -> bool {
    let mut posts = looker.posts.iter();
    posts.any(|post| post.role == Role::Auditor && post.compact.is_none())
}

/// The region, its compacts, and which session is looked at.
pub struct Ground {
    /// The region's name.
    pub name: String,
    /// Who pays for the approach; nobody before there is a region.
    pub funder: Option<String>,
    /// Its compacts, by name.
    pub compacts: Vec<CompactSeen>,
    /// The sessions anything is promised in, the last first.
    pub sessions: Vec<Session>,
    /// The one that is looked at; none where nothing is promised yet.
    pub session: Option<Session>,
    /// The session of today, where nothing is promised for it and the latest stands in its place.
    pub instead_of: Option<Session>,
}

impl Ground {
    /// The region as whoever looks sees it, in the session that the address names, or else in that of today, or else in the last.
    ///
    /// # Errors
    /// [`Instead::NotHere`] when the address names a session in which nothing is promised.
    pub async fn of(web: &Web, looker: &Looker, address: &Address) -> Result<Self, Instead> {
        let asked =
            ask::<RegionSessions>(&web.gateway, region_sessions::Variables, looker.caller());
        let answer = asked.await?;
        let compacts = answer.compacts.nodes;
        let all = compacts.iter().flat_map(|compact| &compact.sessions);
        let mut sessions: Vec<Session> = all.map(|counted| counted.session.clone()).collect();
        sessions.sort_by(|one, other| other.cmp(one));
        sessions.dedup();
        let all: Vec<&str> = sessions.iter().map(String::as_str).collect();
        let Shown {
            session,
            instead_of,
        } = Shown::of(web, &all, address)?;
        let region = answer.region;
        Ok(Self {
            name: region
                .as_ref()
                .map_or_else(|| "The region".to_owned(), |it| it.name.clone()),
            funder: region.map(|it| it.funder),
            compacts,
            sessions,
            session,
            instead_of,
        })
    }

    /// The session that is looked at, in words.
    pub fn in_words(&self) -> String {
        self.session.as_deref().map(uk::session).unwrap_or_default()
    }

    /// A choice among the sessions.
    pub fn choice(&self) -> Select {
        let choices = self
            .sessions
            .iter()
            .map(|it| Choice::new(it.clone(), uk::session(it)));
        let hint = self.instead_of.as_deref().map(|now| {
            let now = uk::session(now);
            format!("There is nothing for this year, {now}: this is the latest there is.")
        });
        Select {
            hint: hint.unwrap_or_default().into(),
            ..Select::new("session", "Session", choices)
        }
        .with(self.session.clone().unwrap_or_default())
        .going()
    }
}

/// How long ago, in words: so many days, months or years.
#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "templates hand over references"
)]
pub fn age(days: &i64) -> String {
    match *days {
        ..=0 => "today".to_owned(),
        days @ 1..=59 => format!("{} ago", uk::count(days, "day", "days")),
        days @ 60..=729 => format!("{} months ago", days / 30),
        days => format!("{} years ago", days / 365),
    }
}

/// A compact's name where everything in its column is one: without the words that all of them end with.
pub fn short(name: &str) -> &str {
    let ends = [" Public Sector Compact", " Compact"];
    let shorter = ends.into_iter().find_map(|end| name.strip_suffix(end));
    shorter.filter(|it| !it.is_empty()).unwrap_or(name)
}

impl CompactSeen {
    /// How many commitments stand so in a session.
    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    pub fn standing(&self, session: &str, status: &CommitmentStatus) -> i64 {
        let counted = self.counted(session).filter(|it| it.status == *status);
        counted.map(|it| it.count).sum()
    }

    /// How many commitments a session has.
    pub fn promised(&self, session: &str) -> i64 {
        self.counted(session).map(|it| it.count).sum()
    }

    fn counted(
        &self,
        session: &str,
    ) -> impl Iterator<Item = &region_sessions::RegionSessionsCompactsNodesSessionsByStatus> {
        let sessions = self.sessions.iter().filter(move |it| it.session == session);
        sessions.flat_map(|it| &it.by_status)
    }
}

#[cfg(test)]
mod tests {
    use super::{age, short};

    #[test]
    fn an_age_is_said_as_people_say_it() {
        let said = [0, 1, 45, 100, 729, 6_787].map(|days| age(&days));
        let wanted = [
            "today",
            "1 day ago",
            "45 days ago",
            "3 months ago",
            "24 months ago",
            "18 years ago",
        ];
        assert_eq!(said, wanted);
    }

    #[test]
    fn a_compact_is_called_shortly_where_only_compacts_stand() {
        assert_eq!(short("Derbyshire Public Sector Compact"), "Derbyshire");
        assert_eq!(
            (short("North Compact"), short("D2N2"), short(" Compact")),
            ("North", "D2N2", " Compact")
        );
    }
}
