//! The board's first page: the compacts side by side, by session and theme, and what waits for whoever judges.

use askama::Template;
use axum::extract::State;
use axum::response::Response;

use super::undertaken::{Theme, themes};
use super::{BOARD, CompactSeen, Ground, View, reads_totals, short, views};
use crate::address::Address;
use crate::ask::ask;
use crate::chart::{Heat, HeatRow};
use crate::documents::document;
use crate::documents::scalars::Session;
use crate::documents::words::CommitmentStatus;
use crate::form::Select;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::Frame;
use crate::uk;
use crate::visit::{Visit, Web};

document!(RegionAwaiting, "documents/region-awaiting.graphql");

#[derive(Template)]
#[template(path = "region/board.html")]
struct Page {
    frame: Frame,
    views: Vec<View>,
    choice: Select,
    session: Session,
    in_words: String,
    funder: Option<String>,
    statuses: Vec<CommitmentStatus>,
    compacts: Vec<CompactSeen>,
    heat: Option<Heat>,
    without: Vec<String>,
    awaiting: Option<i64>,
    /// Whether whoever looks may see the list behind a number.
    lists: bool,
}

impl Page {
    fn promised(&self) -> i64 {
        let all = self.compacts.iter();
        all.map(|compact| compact.promised(&self.session)).sum()
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "templates hand over references"
    )]
    fn standing(&self, status: &CommitmentStatus) -> i64 {
        let all = self.compacts.iter();
        all.map(|compact| compact.standing(&self.session, status))
            .sum()
    }
}

/// `GET /region`
pub async fn show(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
) -> Result<Response, Instead> {
    let looker = web.looker(&visit).await?;
    let kept = web.kept(&looker, (&visit, &address)).await?;
    if let Some(had) = kept.had_by(&visit) {
        return Ok(had);
    }
    let ground = Ground::of(&web, &looker, &address).await?;
    let themes = match &ground.session {
        Some(session) => themes(&web, &looker, session).await?,
        None => Vec::new(),
    };
    let awaiting = awaiting(&web, &looker, ground.session.clone()).await?;
    let session = ground.session.clone().unwrap_or_default();
    let stands = |status: &&CommitmentStatus| {
        let mut all = ground.compacts.iter();
        all.any(|compact| compact.standing(&session, status) > 0)
    };
    kept.shown(&Page {
        frame: Frame::of("The region's board", &looker)?
            .within(BOARD)
            .at(&ground.name),
        views: views(&looker, BOARD, ground.session.as_deref()),
        choice: ground.choice(),
        in_words: ground.in_words(),
        statuses: CommitmentStatus::ALL
            .iter()
            .filter(stands)
            .copied()
            .collect(),
        heat: heat(&themes, &ground, reads_totals(&looker)),
        lists: reads_totals(&looker),
        without: without(&themes),
        awaiting,
        session,
        funder: ground.funder,
        compacts: ground.compacts,
    })
}

/// How many outcomes nobody has assessed; none for whoever does not read that.
async fn awaiting(
    web: &Web,
    looker: &Looker,
    session: Option<Session>,
) -> Result<Option<i64>, Instead> {
    if !reads_totals(looker) {
        return Ok(None);
    }
    let variables = region_awaiting::Variables { session };
    let answer = ask::<RegionAwaiting>(&web.gateway, variables, looker.caller()).await?;
    let overview = answer.region.and_then(|region| region.overview);
    Ok(overview.and_then(|overview| overview.unassessed.total_count))
}

/// Where the commitments are listed that a compact has under a theme in a session.
fn list(session: Option<&str>, theme: &Theme, slug: &str) -> String {
    let list = Address::read("/region/progress", "").with("compact", slug);
    let narrowed = [("session", session), ("theme", theme.code.as_deref())];
    let narrowed = narrowed
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    narrowed
        .fold(list, |list, (name, value)| list.with(name, value))
        .to_string()
}

/// Theme by compact: how many commitments; each number leads to its list for who may see that.
fn heat(themes: &[Theme], ground: &Ground, lists: bool) -> Option<Heat> {
    if themes.is_empty() || ground.compacts.is_empty() {
        return None;
    }
    let row = |theme: &Theme| {
        let counts = ground.compacts.iter();
        let counts = counts.map(|compact| theme.of(&compact.slug).count());
        HeatRow {
            of: theme
                .name
                .clone()
                .unwrap_or_else(|| "Under no theme".to_owned()),
            numbers: counts
                .map(|count| u32::try_from(count).unwrap_or(u32::MAX))
                .collect(),
            lists: ground
                .compacts
                .iter()
                .filter(|_| lists && theme.code.is_some())
                .map(|compact| list(ground.session.as_deref(), theme, &compact.slug))
                .collect(),
        }
    };
    let columns = ground
        .compacts
        .iter()
        .map(|compact| short(&compact.name).to_owned());
    let title = format!("Commitments by theme and compact, {}", ground.in_words());
    let rows = themes.iter().map(row).collect();
    Some(Heat::new(
        "themes",
        (title, "Theme"),
        columns.collect(),
        rows,
    ))
}

/// The themes that nobody has taken up.
fn without(themes: &[Theme]) -> Vec<String> {
    let empty = themes.iter().filter(|theme| theme.undertaken.is_empty());
    empty.filter_map(|theme| theme.name.clone()).collect()
}
