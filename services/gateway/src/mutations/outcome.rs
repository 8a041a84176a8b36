//! Outcomes: what the recorder answered, and how a payload shows what changed.

use std::future::Future;
use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use chrono::{DateTime, Utc};
use recorder::Answer;
use tokio::sync::OnceCell;

use super::user_error::UserError;
use crate::error::ApiError;
use crate::node::NodeId;
use crate::reads::reads;
use crate::services::Shows;
use crate::types::scalars::Position;

/// What came of one mutation.
#[derive(Debug)]
pub struct Outcome {
    /// The aggregate that was to change; none when the input did not name one.
    pub whole: Option<NodeId>,
    /// The part of it the change was about.
    pub part: Option<NodeId>,
    /// What each row was about, of a change that is a list of them.
    pub rows: Vec<NodeId>,
    made: Option<NodeId>,
    answer: Option<Answer>,
    user_errors: Vec<UserError>,
    projected: OnceCell<bool>,
}

/// What a payload can show after a change.
pub trait Shown: Sized + Send {
    /// The thing as it is now that the change shows; none when it is not there.
    fn shown(
        ctx: &Context<'_>,
        outcome: &Outcome,
    ) -> impl Future<Output = Result<Option<Self>, ApiError>> + Send;
}

impl Outcome {
    /// Nothing was recorded, and the person can mend it.
    pub fn refused(error: UserError) -> Self {
        Self {
            whole: None,
            part: None,
            rows: Vec::new(),
            made: None,
            answer: None,
            user_errors: vec![error.in_a_sentence()],
            projected: OnceCell::new(),
        }
    }

    /// It is recorded.
    pub fn recorded(
        nodes: (NodeId, Option<NodeId>, Option<NodeId>),
        rows: Vec<NodeId>,
        answer: Answer,
    ) -> Self {
        let (whole, part, made) = nodes;
        Self {
            whole: Some(whole),
            part,
            rows,
            made,
            answer: Some(answer),
            user_errors: Vec::new(),
            projected: OnceCell::new(),
        }
    }

    /// What changed, once the change shows; none when nothing was recorded or it does not show yet.
    ///
    /// # Errors
    /// When it cannot be read. The change stands all the same.
    pub async fn shown<T: Shown>(&self, ctx: &Context<'_>) -> Result<Option<T>, ApiError> {
        if self.projected(ctx).await? {
            T::shown(ctx, self).await
        } else {
            Ok(None)
        }
    }

    /// Waits, once and not for long, until what is shown has reached the change.
    async fn projected(&self, ctx: &Context<'_>) -> Result<bool, ApiError> {
        let Some(answer) = &self.answer else {
            return Ok(false);
        };
        let reads = reads(ctx);
        let wait = async || {
            let shows = reads.reached(answer.ledger, answer.position).await?;
            Ok::<_, ApiError>(shows == Shows::Yes)
        };
        self.projected.get_or_try_init(wait).await.copied()
    }
}

/// What every payload says beside what changed.
pub struct Receipt(Arc<Outcome>);

impl Receipt {
    pub(crate) fn new(outcome: &Arc<Outcome>) -> Self {
        Self(Arc::clone(outcome))
    }
}

/// What every payload says beside what changed.
#[Object]
impl Receipt {
    /// The place of the change in its ledger, to ask later queries for with `atLeast`; none when nothing
    /// was recorded.
    async fn position(&self) -> Option<Position> {
        let answer = self.0.answer.as_ref()?;
        Some(Position(answer.position))
    }

    /// When it was recorded; none when nothing was.
    async fn recorded_at(&self) -> Option<DateTime<Utc>> {
        let answer = self.0.answer.as_ref()?;
        Some(answer.recorded_at)
    }

    /// Whether it had been recorded before, by the same `commandId`.
    async fn repeated(&self) -> bool {
        self.0.answer.as_ref().is_some_and(|answer| answer.repeated)
    }

    /// Whether what is shown has reached the change. When false although there is a `position`, the change
    /// is recorded and will show shortly, or, where a part of what is shown stands still, once that is
    /// rebuilt.
    async fn projected(&self, ctx: &Context<'_>) -> async_graphql::Result<bool> {
        Ok(self.0.projected(ctx).await?)
    }

    /// The id of what the change made, if it made something: known even before it shows.
    async fn new_id(&self) -> Option<ID> {
        self.0.made.as_ref().map(NodeId::encode)
    }

    /// What the person can mend. Nothing was recorded unless this is empty.
    async fn user_errors(&self) -> &[UserError] {
        &self.0.user_errors
    }
}
