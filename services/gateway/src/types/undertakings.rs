//! Who undertakes what under each theme: the regional paper's section 4.

use std::sync::Arc;

use async_graphql::{Context, Object};
use views::RegionRegister;

use super::commitment::Commitment;
use super::compact::Compact;
use super::region::Theme;
use crate::error::ApiError;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, Seen, reads};

connections! {
    /// What is undertaken under each theme, by the theme's code; what has no theme comes last.
    ThemeUndertakingsConnection, ThemeUndertakingsEdge of ThemeUndertakings;
    /// What compacts undertake, by the compact's name and the commitment's ref.
    UndertakingConnection, UndertakingEdge of Undertaking;
}

/// What is undertaken under one theme.
#[derive(Clone)]
pub struct ThemeUndertakings {
    region: Arc<RegionRegister>,
    theme: Option<String>,
    undertakings: Vec<Seen>,
}

/// What compacts undertake under one theme in a session, as far as they have released it.
#[Object]
impl ThemeUndertakings {
    /// The theme; none for what has no theme.
    async fn theme(&self) -> Option<Theme> {
        Theme::of(&self.region, self.theme.as_deref()?)
    }

    /// Who undertakes what: empty under a theme that nobody has taken up.
    async fn undertakings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<UndertakingConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.undertakings.iter();
        let all = all.map(|seen| (place(seen), seen)).collect();
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        Ok(rows
            .filter_map(|seen| Some(Undertaking(seen.clone())))
            .into())
    }
}

/// The place of a commitment in lists across compacts.
pub(super) fn place(seen: &Seen) -> (String, String, String, [uuid::Uuid; 2]) {
    let Seen {
        compact,
        commitment,
    } = seen;
    views::undertakings::place(compact, commitment)
}

/// One commitment, and the compact that undertakes it.
#[derive(Clone)]
pub struct Undertaking(Seen);

/// One commitment, and the compact that undertakes it.
#[Object]
impl Undertaking {
    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let compact = reads(ctx).compact(self.0.compact.id.ledger()).await?;
        Ok(compact.map(Compact::from))
    }

    /// The commitment.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.0.commitment))
    }
}

/// A page of what is undertaken under each theme of a region's register.
pub(super) fn page_of(
    reads: &Reads,
    region: &Arc<RegionRegister>,
    seen: &[Seen],
    page: &PageArguments,
) -> Result<ThemeUndertakingsConnection, ApiError> {
    let commitments = seen.iter().map(|it| &*it.commitment);
    let under = views::undertakings::under_each_theme(region, commitments);
    let rows = under.into_iter().map(|(theme, places)| {
        // Whatever has no theme comes last.
        let place = (theme.is_none(), theme.clone());
        let row = ThemeUndertakings {
            region: Arc::clone(region),
            theme,
            undertakings: places.into_iter().map(|at| seen[at].clone()).collect(),
        };
        (place, row)
    });
    Listed::of_whole(rows.collect(), page, reads.limits()).map(Into::into)
}
