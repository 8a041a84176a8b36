//! What a search of good practice comes to.

use async_graphql::SimpleObject;
use domain::ids::LedgerId;
use views::search::{Found, Hit, Piece, Respelt};

use super::good_practice::{GoodPractice, GoodPracticeFilterInput};
use crate::error::ApiError;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::Reads;

connections! {
    /// Good practice that was found: what has more of the words first, and then where they count more (a heading more than a theme, a
    /// theme more than a summary). At most 500.
    PracticeHitConnection, PracticeHitEdge of PracticeHit;
}

/// What a search came to.
#[derive(SimpleObject)]
pub struct PracticeSearch {
    /// What was found.
    hits: PracticeHitConnection,
    /// Words that are written nowhere, with what was looked for in their place.
    respelt: Vec<RespeltWord>,
}

/// A piece of good practice that was found.
#[derive(Clone, SimpleObject)]
pub struct PracticeHit {
    /// The practice.
    good_practice: GoodPractice,
    /// Its heading, with the words in it that were looked for.
    title: Vec<FoundText>,
    /// What is done and how, where the words stand.
    summary: Vec<FoundText>,
    /// How many of the words it has.
    words: u64,
    /// How many words were looked for.
    of: u64,
}

/// A piece of a text.
#[derive(Clone, SimpleObject)]
pub struct FoundText {
    /// What it says.
    text: String,
    /// Whether it was looked for.
    found: bool,
}

/// A word that is written nowhere.
#[derive(SimpleObject)]
pub struct RespeltWord {
    /// As it was typed.
    typed: String,
    /// What was looked for in its place.
    meant: Vec<String>,
}

impl From<Piece> for FoundText {
    fn from(Piece { text, found }: Piece) -> Self {
        Self { text, found }
    }
}

impl From<Hit> for PracticeHit {
    fn from(hit: Hit) -> Self {
        Self {
            good_practice: std::sync::Arc::new(hit.practice).into(),
            title: hit.title.into_iter().map(Into::into).collect(),
            summary: hit.summary.into_iter().map(Into::into).collect(),
            words: hit.words,
            of: hit.of,
        }
    }
}

impl From<Respelt> for RespeltWord {
    fn from(Respelt { typed, meant }: Respelt) -> Self {
        Self { typed, meant }
    }
}

/// A search of a region's good practice.
pub(crate) async fn search(
    reads: &Reads,
    region: LedgerId,
    (words, filter): (&str, GoodPracticeFilterInput),
    page: PageArguments,
) -> Result<PracticeSearch, ApiError> {
    let request = page.request(reads.limits())?;
    let filter = filter.read(reads, region).await?;
    let found = reads.search_practices(region.uuid().into(), (words, &filter), &request);
    let Found { hits, respelt } = found.await?;
    let hits = Listed::from(hits);
    Ok(PracticeSearch {
        hits: hits.filter_map(|hit| Some(hit.into())).into(),
        respelt: respelt.into_iter().map(Into::into).collect(),
    })
}
