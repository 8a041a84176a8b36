//! For you: what others did about what a compact has before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_graphql::{Context, SimpleObject, Union};
use domain::commitment::Status;
use domain::ids::{LedgerId, ObjectiveId};
use views::action_plan::ObjectiveState;
use views::page::PageRequest;
use views::search::{OpenMatter, Reason, Suggestion as Suggested};
use views::{ActionPlanView, CommitmentFilter, CommitmentView};

use super::commitment::Commitment;
use super::good_practice::GoodPractice;
use super::objective::Objective;
use super::region::Theme;
use crate::error::ApiError;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, practice_node, reads};

/// How many commitments, and how many plans, are looked at: the latest.
const LOOKED_AT: u32 = 200;

connections! {
    /// What others did about what a compact has open, the best first; at most fifty.
    SuggestionConnection, SuggestionEdge of Suggestion;
}

/// What others did about something a compact has open.
#[derive(Clone, SimpleObject)]
pub struct Suggestion {
    /// What they did.
    good_practice: GoodPractice,
    /// Why it is suggested, the weightiest first; at most three.
    because: Vec<SuggestionReason>,
}

/// Why something is suggested.
#[derive(Clone, SimpleObject)]
pub struct SuggestionReason {
    /// The objective or the commitment it fits.
    matter: SuggestionMatter,
    /// The theme that both serve.
    theme: Option<Theme>,
    /// The words that both are written in.
    words: Vec<String>,
}

/// What a compact has open.
#[derive(Clone, Union)]
pub enum SuggestionMatter {
    /// A commitment that is not concluded.
    Commitment(Commitment),
    /// An objective of a plan that has not been dropped.
    Objective(Objective),
}

/// What a compact has open, as it is asked for and as it is shown.
#[derive(Default)]
struct Open {
    asked: Vec<OpenMatter>,
    shown: Vec<SuggestionMatter>,
}

impl Open {
    fn commitment(&mut self, view: &Arc<CommitmentView>) {
        let open = matches!(
            view.status.current,
            Status::Draft | Status::Agreed | Status::InProgress
        );
        if open {
            let themes = view.classification.current.themes.iter().cloned();
            self.asked.push(OpenMatter {
                title: view.words.current.title.clone(),
                themes: themes.collect(),
            });
            let commitment = Commitment::from(Arc::clone(view));
            self.shown.push(SuggestionMatter::Commitment(commitment));
        }
    }

    fn plan(&mut self, plan: &Arc<ActionPlanView>) {
        for objective in &plan.objectives {
            if matches!(objective.state.current, ObjectiveState::Dropped { .. }) {
                continue;
            }
            let Some(shown) = Objective::of(plan, ObjectiveId::new(objective.id.uuid())) else {
                continue;
            };
            self.asked.push(OpenMatter {
                title: objective.words.current.title.clone(),
                themes: BTreeSet::new(),
            });
            self.shown.push(SuggestionMatter::Objective(shown));
        }
    }
}

/// A page of what is suggested to a compact.
pub(crate) async fn suggestions(
    ctx: &Context<'_>,
    compact: LedgerId,
    page: PageArguments,
) -> Result<SuggestionConnection, ApiError> {
    let reads = reads(ctx);
    let open = open(&reads, compact).await?;
    let suggested = reads.suggestions(compact, &open.asked).await?;
    let all = suggested.into_iter().enumerate().collect();
    let listed = Listed::of_whole(all, &page, reads.limits())?;
    let Listed {
        rows,
        page_info,
        total,
    } = listed;
    let mut shown = Vec::with_capacity(rows.len());
    for (cursor, suggestion) in rows {
        if let Some(suggestion) = show(&reads, compact, &open, suggestion).await? {
            shown.push((cursor, suggestion));
        }
    }
    let rows = shown;
    Ok(Listed {
        rows,
        page_info,
        total,
    }
    .into())
}

/// What the compact has open, of what the caller sees.
async fn open(reads: &Reads, compact: LedgerId) -> Result<Open, ApiError> {
    let latest = PageRequest::last(LOOKED_AT, None);
    let mut open = Open::default();
    let filter = CommitmentFilter::default();
    let commitments = reads.commitments(compact, &filter, &latest).await?;
    for edge in &commitments.edges {
        open.commitment(&edge.node);
    }
    let plans = reads.action_plans(compact, None, &latest).await?;
    for edge in &plans.edges {
        open.plan(&edge.node);
    }
    Ok(open)
}

async fn show(
    reads: &Reads,
    compact: LedgerId,
    open: &Open,
    suggestion: Suggested,
) -> Result<Option<Suggestion>, ApiError> {
    let node = practice_node(suggestion.ledger, suggestion.practice);
    let Some(practice) = reads.practice(&node).await? else {
        return Ok(None);
    };
    let region = reads.region_of(compact).await?;
    let because = suggestion.reasons.into_iter().filter_map(|reason| {
        let Reason {
            matter,
            theme,
            words,
            ..
        } = reason;
        let theme = theme.and_then(|code| Theme::of(region.as_ref()?, &code));
        Some(SuggestionReason {
            matter: open.shown.get(matter)?.clone(),
            theme,
            words,
        })
    });
    Ok(Some(Suggestion {
        because: because.collect(),
        good_practice: practice.into(),
    }))
}
