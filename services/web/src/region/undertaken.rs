//! Who undertakes what under each theme, all of it: the schema's pages put together.

use crate::ask::ask;
use crate::documents::document;
use crate::documents::scalars::Session;
use crate::documents::words::CommitmentStatus;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::visit::Web;

document!(RegionUndertakings, "documents/region-undertakings.graphql");

use region_undertakings::{
    RegionUndertakingsRegionUndertakingsEdges as Edge,
    RegionUndertakingsRegionUndertakingsEdgesNodeUndertakingsNodes as Node,
};

/// How many themes are asked for at once.
const THEMES: i64 = 20;

/// What is undertaken under one theme.
pub struct Theme {
    /// The theme's name; none for what has no theme.
    pub name: Option<String>,
    /// The theme's code; none for what has no theme.
    pub code: Option<String>,
    /// Each commitment under it, by the compact's name and the ref.
    pub undertaken: Vec<Undertaken>,
}

/// One commitment, and whose it is.
pub struct Undertaken {
    /// The compact's name in addresses.
    pub slug: String,
    /// The compact's name.
    pub compact: String,
    /// Its label.
    pub label: String,
    /// What is promised.
    pub title: String,
    /// Where it stands.
    pub status: CommitmentStatus,
}

impl Theme {
    /// What a compact undertakes under it.
    pub fn of<'a>(&'a self, slug: &'a str) -> impl Iterator<Item = &'a Undertaken> {
        self.undertaken.iter().filter(move |it| it.slug == slug)
    }
}

fn undertaken(node: Node) -> Option<Undertaken> {
    let (compact, commitment) = (node.compact?, node.commitment);
    Some(Undertaken {
        slug: compact.slug,
        compact: compact.name,
        label: commitment.ref_,
        title: commitment.title,
        status: commitment.status,
    })
}

/// Every theme of the register, with what is undertaken under it in a session.
///
/// # Errors
/// When the schema does not answer.
pub async fn themes(web: &Web, looker: &Looker, session: &Session) -> Result<Vec<Theme>, Instead> {
    let mut themes = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let (edges, more) = page(web, looker, (session, THEMES), (after.clone(), None)).await?;
        let Some(last) = edges.last().map(|edge| edge.cursor.clone()) else {
            return Ok(themes);
        };
        for edge in edges {
            let cursor = edge.cursor.clone();
            themes.push(whole(web, looker, session, (edge, after.take())).await?);
            after = Some(cursor);
        }
        if !more {
            return Ok(themes);
        }
        after = Some(last);
    }
}

/// One theme with all that is under it, where that is more than comes at once.
async fn whole(
    web: &Web,
    looker: &Looker,
    session: &Session,
    (edge, before): (Edge, Option<String>),
) -> Result<Theme, Instead> {
    let theme = edge.node.theme;
    let (name, code) = theme.map(|theme| (theme.name, theme.code)).unzip();
    let mut listed = edge.node.undertakings;
    let mut all: Vec<Undertaken> = listed.nodes.into_iter().filter_map(undertaken).collect();
    while listed.page_info.has_next_page {
        let inner = listed.page_info.end_cursor.clone();
        let (edges, _) = page(web, looker, (session, 1), (before.clone(), inner)).await?;
        let Some(edge) = edges.into_iter().next() else {
            break;
        };
        listed = edge.node.undertakings;
        all.extend(listed.nodes.into_iter().filter_map(undertaken));
    }
    Ok(Theme {
        name,
        code,
        undertaken: all,
    })
}

async fn page(
    web: &Web,
    looker: &Looker,
    (session, themes): (&Session, i64),
    (after, inner_after): (Option<String>, Option<String>),
) -> Result<(Vec<Edge>, bool), Instead> {
    let variables = region_undertakings::Variables {
        session: session.clone(),
        themes,
        after,
        inner_after,
    };
    let answer = ask::<RegionUndertakings>(&web.gateway, variables, looker.caller()).await?;
    let listed = answer.region.map(|region| region.undertakings);
    Ok(listed.map_or_else(
        || (Vec::new(), false),
        |listed| (listed.edges, listed.page_info.has_next_page),
    ))
}
