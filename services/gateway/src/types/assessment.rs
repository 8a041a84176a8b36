//! What is made of outcomes from outside: the funder's assessments, and independent challenges.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::assessment::Judgement as DomainJudgement;
use domain::commitment::Outcome as OutcomeId;
use domain::ids::LedgerId;
use views::{AssessmentView, CommitmentView};

use super::achievement::Achievement;
use super::changes::{JudgementChange, VisibilityChange};
use super::commitment::Commitment;
use super::history::Told;
use super::reading::Reading;
use super::record::{Ending, Origin};
use super::said::Said;
use super::scalars::{Figure, Position, Session};
use super::words::{Role, Visibility};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::reads;

connections! {
    /// What was made of a commitment or of one of its outcomes, in the order made.
    AssessmentConnection, AssessmentEdge of Assessment;
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum AssessmentKind {
    /// The funder's view of a report.
    Assessment,
    /// An independent doubt about a report.
    Challenge,
}

/// How far something was completed, as somebody outside the compact sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::assessment::Completion")]
pub enum Completion {
    /// All of it.
    Achieved,
    /// Part of it.
    PartlyAchieved,
    /// None of it.
    NotAchieved,
    /// What is there does not say.
    CannotTell,
}

/// How sure somebody is of what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::assessment::Confidence")]
pub enum Confidence {
    /// Not very.
    Low,
    /// Fairly.
    Medium,
    /// Very.
    High,
}

/// How what was judged stands by now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "views::assessment::ReportNow")]
pub enum ReportNow {
    /// It says what it said when it was judged.
    Unchanged,
    /// It was corrected since; or, of a commitment as a whole, something was recorded of it since.
    Changed,
    /// It was taken back since.
    Withdrawn,
}

/// What is made of an outcome.
#[derive(SimpleObject)]
pub struct Judgement {
    /// How far it was completed.
    completion: Completion,
    /// How sure that is.
    confidence: Confidence,
    /// Why.
    comment: Said,
}

impl Judgement {
    fn new(ledger: LedgerId, judgement: &DomainJudgement) -> Self {
        Self {
            completion: judgement.completion.into(),
            confidence: judgement.confidence.into(),
            comment: Said::new(ledger, &judgement.comment),
        }
    }
}

/// The compact's answer to a challenge.
#[derive(SimpleObject)]
pub struct ChallengeAnswer {
    /// The answer.
    text: Said,
    /// Where in the region's record it comes from.
    made: Origin,
}

/// An assessment or a challenge.
#[derive(Clone)]
pub struct Assessment(Arc<AssessmentView>);

impl From<Arc<AssessmentView>> for Assessment {
    fn from(view: Arc<AssessmentView>) -> Self {
        Self(view)
    }
}

impl Assessment {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Assessment, self.0.ledger, self.0.id.uuid())
    }

    /// The commitment it is about, as it is now, if it is seen.
    async fn about(&self, ctx: &Context<'_>) -> Result<Option<Arc<CommitmentView>>, ApiError> {
        let about = &self.0.about;
        let ledger = about.compact_id.ledger();
        let node = NodeId::new(NodeKind::Commitment, ledger, about.commitment_id.uuid());
        reads(ctx).commitment(&node).await
    }
}

/// What somebody outside a compact makes of what it reported: a record of its own, beside the report and never over it.
#[Object]
impl Assessment {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// Whether it is the funder's assessment or an independent challenge.
    async fn kind(&self) -> AssessmentKind {
        if self.0.challenge.is_some() {
            AssessmentKind::Challenge
        } else {
            AssessmentKind::Assessment
        }
    }

    /// The role it was made in; none when the installation itself recorded it.
    async fn made_as(&self) -> Option<Role> {
        let mut roles = domain::Role::ALL.into_iter();
        let role = roles.find(|role| role.as_str() == self.0.made_as);
        role.map(Role::from)
    }

    /// The commitment, as it is now.
    async fn commitment(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Commitment>> {
        Ok(self.about(ctx).await?.map(Commitment::from))
    }

    /// The session of the commitment.
    async fn session(&self) -> Session {
        self.0.about.session.into()
    }

    /// The commitment's ref then.
    #[graphql(name = "ref")]
    async fn label(&self) -> &str {
        &self.0.about.label
    }

    /// The reading it is about, as it is now; none when it is about something else, or the reading was taken back and its history is
    /// not yours to read.
    async fn reading(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Reading>> {
        let Some(OutcomeId::Reading(id)) = self.0.about.outcome else {
            return Ok(None);
        };
        let commitment = self.about(ctx).await?;
        Ok(commitment.and_then(|commitment| Reading::of(&commitment, id)))
    }

    /// The achievement it is about, as it is now; none when it is about something else, or the report was taken back and its history
    /// is not yours to read.
    async fn achievement(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Achievement>> {
        let Some(OutcomeId::Achievement(id)) = self.0.about.outcome else {
            return Ok(None);
        };
        let commitment = self.about(ctx).await?;
        Ok(commitment.and_then(|commitment| Achievement::of(&commitment, id)))
    }

    /// Whether it is about the commitment as a whole, and not about one of its outcomes.
    async fn of_whole(&self) -> bool {
        self.0.about.outcome.is_none()
    }

    /// The place in the compact's ledger it was made from: nothing recorded there later was taken into account.
    async fn made_from(&self) -> Position {
        Position(self.0.about.position)
    }

    /// How what was judged stands by now; none when the commitment is not yours to see any more.
    async fn report_now(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<ReportNow>> {
        let commitment = self.about(ctx).await?;
        Ok(commitment.map(|commitment| self.0.report_now(&commitment).into()))
    }

    /// What is made of it; none of a challenge.
    async fn judgement(&self) -> Option<Judgement> {
        let judgement = self.0.judgement.as_ref()?;
        Some(Judgement::new(self.0.ledger, &judgement.current))
    }

    /// Every view it came to, oldest first; for those it concerns, and nobody else.
    async fn revisions(&self) -> Vec<JudgementChange> {
        let changes = self.0.judgement.iter().flat_map(|it| &it.changes);
        let changes: Vec<_> = changes.cloned().collect();
        let ledger = self.0.ledger;
        JudgementChange::all(ledger, &changes, |judgement| {
            Judgement::new(ledger, judgement)
        })
    }

    /// What is doubted, and why; none of an assessment.
    async fn doubt(&self) -> Option<Said> {
        let challenge = self.0.challenge.as_ref()?;
        Some(Said::new(self.0.ledger, &challenge.comment))
    }

    /// The figure that was found instead, where a challenge of a reading gives one, in the reading's unit.
    async fn found(&self) -> Option<Figure> {
        self.0.challenge.as_ref()?.found.map(Figure::from)
    }

    /// What the compact answered to a challenge, oldest first.
    async fn answers(&self) -> Vec<ChallengeAnswer> {
        let answers = self.0.challenge.iter().flat_map(|it| &it.answers);
        let answer = |answer: &views::assessment::AnswerView| ChallengeAnswer {
            text: Said::new(self.0.ledger, &answer.text),
            made: Origin::new(self.0.ledger, answer.made),
        };
        answers.map(answer).collect()
    }

    /// Where in the region's record it was made.
    async fn made(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.made)
    }

    /// That it was taken back, and why.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.0.withdrawn.as_ref()?;
        Some(Ending::new(self.0.ledger, withdrawn))
    }

    /// How far it is let out beyond those it concerns, who are the funder, the regional administrator, the compact's secretariat and its
    /// auditors: a draft is told to them alone. It is never let out further than the commitment it is about.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.current.into()
    }

    /// Every change of how far it is let out, oldest first; for those it concerns, and nobody else.
    async fn visibility_changes(&self) -> Vec<VisibilityChange> {
        let changes = &self.0.visibility.changes;
        VisibilityChange::all(self.0.ledger, changes, |it| (*it).into())
    }

    /// How often it changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }
}

impl Shown for Assessment {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).assessment(node).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// What outsiders make of a commitment, or of one of its outcomes.
pub(super) struct Judged {
    commitment: Arc<CommitmentView>,
    /// The outcome; none for the commitment with all of them.
    outcome: Option<OutcomeId>,
}

impl Judged {
    pub(super) fn new(commitment: &Arc<CommitmentView>, outcome: Option<OutcomeId>) -> Self {
        let commitment = Arc::clone(commitment);
        Self {
            commitment,
            outcome,
        }
    }

    /// A page of assessments, or of challenges; none for whoever is shown none of that kind and does not read those that were not
    /// released.
    async fn page(
        &self,
        ctx: &Context<'_>,
        kind: AssessmentKind,
        page: PageArguments,
    ) -> Result<Option<AssessmentConnection>, ApiError> {
        let reads = reads(ctx);
        let all = reads.judgements(&self.commitment, self.outcome).await?;
        let Some(all) = all else {
            return Ok(None);
        };
        let challenges = kind == AssessmentKind::Challenge;
        let all = all.into_iter();
        let all = all.filter(|view| view.challenge.is_some() == challenges);
        let all: Vec<_> = all.map(|view| (view.made.position, view)).collect();
        if all.is_empty() && !reads.reads_judgements(&self.commitment).await? {
            return Ok(None);
        }
        let rows = Listed::of_whole(all, &page, reads.limits())?;
        Ok(Some(rows.filter_map(|view| Some(Assessment(view))).into()))
    }
}

/// What outsiders make of a commitment, or of one of its outcomes.
#[Object]
impl Judged {
    /// The funder's assessments of it, and of what came of it, in the order made: all of them for those they concern, and for others those
    /// that were released to them; none for whoever reads none.
    async fn assessments(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AssessmentConnection>> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(self.page(ctx, AssessmentKind::Assessment, page).await?)
    }

    /// Independent challenges of it, and of what came of it, in the order made: all of them for those they concern, and for others those
    /// that were released to them; none for whoever reads none.
    async fn challenges(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<Option<AssessmentConnection>> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        Ok(self.page(ctx, AssessmentKind::Challenge, page).await?)
    }
}
