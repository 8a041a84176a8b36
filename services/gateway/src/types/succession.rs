//! Compacts that others carry on.

use std::sync::Arc;

use async_graphql::{Context, Object};
use views::CompactOverview;

use super::compact::Compact;
use super::record::Origin;
use super::said::Said;
use crate::reads::reads;

/// That another compact carries on.
pub struct Succession(Arc<CompactOverview>);

impl Succession {
    /// Of this compact; none while nobody carries it on.
    pub(super) fn of(compact: &Arc<CompactOverview>) -> Option<Self> {
        let succeeded = compact.succeeded.is_some();
        succeeded.then(|| Self(Arc::clone(compact)))
    }
}

/// That another compact carries on, and why.
#[Object]
impl Succession {
    /// The compact that carries on.
    async fn by(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let Some(succession) = &self.0.succeeded else {
            return Ok(None);
        };
        let by = reads(ctx).compact(succession.by.id.ledger()).await?;
        Ok(by.map(Compact::from))
    }

    /// Its name when this was recorded.
    async fn name(&self) -> &str {
        let succession = self.0.succeeded.as_ref();
        succession.map_or("", |succession| succession.by.name.as_str())
    }

    /// Why.
    async fn reason(&self) -> Said {
        let succession = self.0.succeeded.as_ref();
        Said::or_nothing(self.0.ledger, succession.map(|it| &it.reason))
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Option<Origin> {
        let succession = self.0.succeeded.as_ref()?;
        Some(Origin::new(self.0.ledger, succession.made))
    }
}
