//! The region's adoption graph: what came from whom, and went where.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use domain::ids::{LedgerId, RegionId};
use views::AdoptionFilter;
use views::queries::Passed;

use super::adoption::{self, AdoptionConnection};
use super::compact::Compact;
use super::good_practice::{self, GoodPracticeConnection, GoodPracticeFilterInput};
use crate::paging::PageArguments;
use crate::reads::reads;

/// What was taken up across a region, of what was released.
pub struct AdoptionGraph {
    region: LedgerId,
    passed: Arc<Vec<Passed>>,
}

impl AdoptionGraph {
    /// Of a region, with how much passed between its compacts.
    pub fn new(region: RegionId, passed: Vec<Passed>) -> Self {
        Self {
            region: region.ledger(),
            passed: Arc::new(passed),
        }
    }
}

/// The region's adoption graph: good practice and compacts are its nodes, each adoption an edge from the practice to whoever took it up.
/// It is made of what was released: of adoptions that their compacts released, while their sources are released too.
#[Object]
impl AdoptionGraph {
    /// The good practice that somebody took up and has not given up, by title.
    async fn practices(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<GoodPracticeConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let filter = GoodPracticeFilterInput {
            adopted: Some(true),
            withdrawn: true,
            ..GoodPracticeFilterInput::default()
        };
        Ok(good_practice::practices(&reads(ctx), self.region, (filter, true), page).await?)
    }

    /// The adoptions, by day; those that were given up are among them, and say so.
    async fn adoptions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<AdoptionConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = (AdoptionFilter::default(), true);
        Ok(adoption::adoptions(&reads(ctx), self.region, all, page).await?)
    }

    /// How much each compact took up from each, of what has not been given up.
    async fn passed(&self, ctx: &Context<'_>) -> async_graphql::Result<Vec<PracticePassed>> {
        let reads = reads(ctx);
        let mut shown = Vec::with_capacity(self.passed.len());
        for passed in self.passed.iter() {
            let (from, by) = (
                reads.compact(passed.from).await?,
                reads.compact(passed.by).await?,
            );
            if let (Some(from), Some(by)) = (from, by) {
                shown.push(PracticePassed {
                    from: from.into(),
                    to: by.into(),
                    count: passed.count,
                });
            }
        }
        Ok(shown)
    }
}

/// How much one compact took up from another.
#[derive(SimpleObject)]
pub struct PracticePassed {
    /// Whose practice it was.
    from: Compact,
    /// Who took it up.
    to: Compact,
    /// How many adoptions.
    count: u64,
}
