//! What was made of commitments from outside, and what was released across compacts, as far as they are seen.

use std::collections::HashMap;
use std::sync::Arc;

use access::{Action, CompactLedger, Resource};
use domain::Visibility;
use domain::commitment::Outcome;
use domain::facts::CompactFact;
use domain::ids::{CompactId, LedgerId, RegionId};
use domain::session::Session;
use ledger::Position;
use views::commitment::Detail;
use views::page::PageRequest;
use views::queries::CommitmentFilter;
use views::undertakings::{Undertaking, released};
use views::{AssessmentView, CommitmentView, ProgressFilter, RegionRegister, ref_order};

use super::batches::{AssessmentsKey, Key};
use super::things::matter_of_commitment;
use super::{Place, Reads};
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::types::time::When;

/// A commitment as it is seen, with its compact.
#[derive(Clone)]
pub struct Seen {
    /// The compact.
    pub compact: CompactFact,
    /// The commitment.
    pub commitment: Arc<CommitmentView>,
}

impl Reads {
    /// What was made of a commitment, or of one of its outcomes, in the order made; none when that is not read.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn assessments(
        &self,
        commitment: &CommitmentView,
        outcome: Option<Outcome>,
    ) -> Result<Option<Vec<Arc<AssessmentView>>>, ApiError> {
        let Some(compact) = self.compact_of(commitment.ledger).await? else {
            return Ok(None);
        };
        let matter = matter_of_commitment(compact, commitment);
        if !self.sight.may(Action::ReadAssessments, matter).await? {
            return Ok(None);
        }
        let key = key_of(compact, commitment);
        let all = self.load(key).await?.unwrap_or_default();
        let wanted = all.iter().filter(|it| {
            let about = it.about.outcome;
            outcome.is_none_or(|outcome| about == Some(outcome))
        });
        Ok(Some(wanted.cloned().collect()))
    }

    /// Whether somebody reads all that is made of a commitment: those it concerns do.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn reads_judgements(&self, commitment: &CommitmentView) -> Result<bool, ApiError> {
        let Some(compact) = self.compact_of(commitment.ledger).await? else {
            return Ok(false);
        };
        let matter = matter_of_commitment(compact, commitment);
        self.sight.may(Action::ReadAssessments, matter).await
    }

    /// What is shown of what was made of a commitment, or of one of its outcomes, in the order made: all of it to those it concerns, and to
    /// others what was released as far as they read; none where nothing is shown, so that nobody can tell that there is more.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn judgements(
        &self,
        commitment: &CommitmentView,
        outcome: Option<Outcome>,
    ) -> Result<Option<Vec<Arc<AssessmentView>>>, ApiError> {
        if let Some(all) = self.assessments(commitment, outcome).await? {
            return Ok(Some(all));
        }
        let Some(compact) = self.compact_of(commitment.ledger).await? else {
            return Ok(None);
        };
        let let_out = commitment.visibility.current;
        if !self.reads_released(compact, let_out, let_out).await? {
            return Ok(None);
        }
        let all = self.load(key_of(compact, commitment)).await?;
        let mut shown = Vec::new();
        for view in all.unwrap_or_default() {
            let about = view.about.outcome;
            let wanted = outcome.is_none_or(|outcome| about == Some(outcome));
            let as_far = view.visibility.current;
            if wanted && self.reads_released(compact, let_out, as_far).await? {
                shown.push(Arc::new(AssessmentView::clone(&view).as_released()));
            }
        }
        Ok((!shown.is_empty()).then_some(shown))
    }

    /// Whether a judgement that was let out `as_far` is read, of a commitment that is let out so far: it is let out no further than
    /// that, and while it is a draft it is no group's.
    async fn reads_released(
        &self,
        compact: CompactLedger,
        commitment: Visibility,
        as_far: Visibility,
    ) -> Result<bool, ApiError> {
        let released = compact.matter(commitment.min(as_far));
        self.sight.may(Action::ReadRecord, released).await
    }

    /// What was made of each of some commitments, read together; none of those of which it is not read.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn assessments_of_each(
        &self,
        seen: &[Seen],
    ) -> Result<Vec<Option<Vec<Arc<AssessmentView>>>>, ApiError> {
        let mut keys = Vec::with_capacity(seen.len());
        for it in seen {
            let compact = self.compact_of(it.commitment.ledger).await?;
            let mut key = None;
            if let Some(compact) = compact {
                let matter = matter_of_commitment(compact, &it.commitment);
                let read = self.sight.may(Action::ReadAssessments, matter).await?;
                key = read.then(|| key_of(compact, &it.commitment));
            }
            keys.push(key);
        }
        let read = self.loader.load_many(keys.iter().flatten().copied()).await;
        let mut found = read.map_err(ApiError::from)?;
        let each = keys.into_iter();
        Ok(each
            .map(|key| key.map(|key| found.remove(&key).unwrap_or_default()))
            .collect())
    }

    /// An assessment or a challenge, if it is read: as those it concerns read it, or as it was released.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn assessment(&self, node: &NodeId) -> Result<Option<Arc<AssessmentView>>, ApiError> {
        let Some((view, compact, commitment)) = self.judged(node).await? else {
            return Ok(None);
        };
        let matter = matter_of_commitment(compact, &commitment);
        if self.sight.may(Action::ReadAssessments, matter).await? {
            return Ok(Some(view));
        }
        let let_out = commitment.visibility.current;
        let as_far = view.visibility.current;
        let read = self.reads_released(compact, let_out, as_far).await?;
        Ok(read.then(|| Arc::new(AssessmentView::clone(&view).as_released())))
    }

    /// Whether somebody reads how an assessment or a challenge came to be: those it concerns do, however far it was let out.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn reads_how_judged(&self, node: &NodeId) -> Result<bool, ApiError> {
        let Some((_, compact, commitment)) = self.judged(node).await? else {
            return Ok(false);
        };
        let matter = matter_of_commitment(compact, &commitment);
        self.sight.may(Action::ReadAssessments, matter).await
    }

    /// An assessment or a challenge, whoever reads it, with the commitment it is about.
    async fn judged(
        &self,
        node: &NodeId,
    ) -> Result<Option<(Arc<AssessmentView>, CompactLedger, Arc<CommitmentView>)>, ApiError> {
        let Some(Place::Region(region)) = self.place(node.ledger).await? else {
            return Ok(None);
        };
        let key = Key::<AssessmentView>::new(node.ledger, node.uuid());
        let Some(view) = self.load(key).await? else {
            return Ok(None);
        };
        let compact = self.compact_of(view.about.compact_id.ledger()).await?;
        let Some(compact) = compact.filter(|compact| compact.region == region) else {
            return Ok(None);
        };
        let key =
            Key::<CommitmentView>::new(compact.compact.ledger(), view.about.commitment_id.uuid());
        let Some(commitment) = self.load(key).await? else {
            return Ok(None);
        };
        Ok(Some((view, compact, commitment)))
    }

    /// What the compacts of a region have released, as far as it is seen: by the compact's name and the commitment's session and
    /// ref.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn released(
        &self,
        region: &RegionRegister,
        filter: &ProgressFilter,
        only: Option<CompactId>,
        detail: Detail,
    ) -> Result<Vec<Seen>, ApiError> {
        let views = &self.services.views;
        let Some((_, compacts)) = views.released(region.ledger, filter, detail).await? else {
            return Ok(Vec::new());
        };
        let all = released(&compacts).into_iter();
        let wanted = all.filter(|it| only.is_none_or(|only| it.compact.id == only));
        let mut seen = Vec::new();
        for Undertaking {
            compact,
            commitment,
        } in wanted
        {
            let Some(ledger) = self.compact_of(compact.id.ledger()).await? else {
                continue;
            };
            let view = self.seen_commitment(ledger, Arc::new(commitment)).await?;
            seen.extend(view.map(|commitment| Seen {
                compact: compact.clone(),
                commitment,
            }));
        }
        Ok(seen)
    }

    /// Whether the caller reads a region's totals.
    ///
    /// # Errors
    /// When the views cannot be read.
    pub async fn reads_totals(&self, region: RegionId) -> Result<bool, ApiError> {
        let totals = Resource::Region(region);
        self.sight.may(Action::ReadRegionalTotals, totals).await
    }

    /// The commitments of a compact's session that are seen, now or as they were, in the order of their refs then.
    ///
    /// # Errors
    /// When the views or the ledger cannot be read, or the meeting is not one of the compact's.
    pub async fn session_then(
        &self,
        ledger: LedgerId,
        session: Session,
        when: &When,
    ) -> Result<Vec<Arc<CommitmentView>>, ApiError> {
        let filter = CommitmentFilter {
            session: Some(session),
            ..CommitmentFilter::default()
        };
        let size = u32::try_from(self.limits().page).unwrap_or(u32::MAX);
        let mut request = PageRequest::first(size, None);
        let mut then = Vec::new();
        loop {
            let page = self.commitments(ledger, &filter, &request).await?;
            let next = page.edges.last().map(|edge| edge.cursor.clone());
            for edge in page.edges {
                let id = edge.node.id.uuid();
                let node = NodeId::new(NodeKind::Commitment, ledger, id);
                then.extend(self.commitment_then(&node, when.clone()).await?);
            }
            match next.filter(|_| page.has_next_page) {
                Some(after) => request = PageRequest::first(size, Some(after)),
                None => break,
            }
        }
        then.sort_by_cached_key(|view| (ref_order(&view.label.current), view.id));
        Ok(then)
    }
}

/// The last entry of a ledger that is in some of its commitments; none of none.
pub(crate) fn made_from(commitments: &[Arc<CommitmentView>]) -> Option<Position> {
    commitments.iter().map(|it| it.last.position).max()
}

fn key_of(compact: CompactLedger, commitment: &CommitmentView) -> AssessmentsKey {
    AssessmentsKey {
        region: compact.region.ledger(),
        compact: compact.compact,
        commitment: commitment.id,
    }
}

/// What was made of commitments, by commitment.
pub(super) fn by_commitment(
    keys: &[AssessmentsKey],
    views: Vec<AssessmentView>,
) -> HashMap<AssessmentsKey, Vec<Arc<AssessmentView>>> {
    let mut found: HashMap<AssessmentsKey, Vec<Arc<AssessmentView>>> = HashMap::new();
    for view in views {
        let key = AssessmentsKey {
            region: view.ledger,
            compact: view.about.compact_id,
            commitment: view.about.commitment_id,
        };
        if keys.contains(&key) {
            found.entry(key).or_default().push(Arc::new(view));
        }
    }
    found
}
