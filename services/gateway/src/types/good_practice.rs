//! Good practice: its versions, and what other compacts asked and said of it.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use domain::facts::CompactFact;
use domain::ids::LedgerId;
use views::good_practice::{PracticeVersion as VersionView, QuestionView, SaidView, ThanksView};
use views::{AdoptionFilter, GoodPracticeView, PracticeFilter};

use super::adoption::{self, AdoptionConnection};
use super::changes::{OrganisationMention, VisibilityChange};
use super::compact::Compact;
use super::file::{Document, File};
use super::history::Told;
use super::record::{Ending, Origin};
use super::region::{Organisation, Theme};
use super::said::Said;
use super::words::{Category, Visibility};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads, uuid_in};

connections! {
    /// Good practice, by title.
    GoodPracticeConnection, GoodPracticeEdge of GoodPractice;
}

/// Which good practice; what is left out does not narrow the list.
#[derive(Clone, Debug, Default, async_graphql::InputObject)]
pub struct GoodPracticeFilterInput {
    /// Of this theme, by its code.
    pub theme: Option<String>,
    /// Of this compact.
    pub compact_id: Option<ID>,
    /// Of an organisation of this category, as the register has it now.
    pub category: Option<Category>,
    /// Of this organisation.
    pub organisation_id: Option<ID>,
    /// Only what somebody took up and has not given up, or only what nobody has; of adoptions you may see.
    pub adopted: Option<bool>,
    /// What was withdrawn too.
    #[graphql(default)]
    pub withdrawn: bool,
}

impl GoodPracticeFilterInput {
    /// The filter as the views take it.
    ///
    /// # Errors
    /// When an id names something else, or the register cannot be read.
    pub(crate) async fn read(
        self,
        reads: &Reads,
        region: LedgerId,
    ) -> Result<PracticeFilter, ApiError> {
        let compact = self.compact_id.as_ref();
        let compact = compact.map(|id| crate::reads::node_of(NodeKind::Compact, "compactId", id));
        let one = self.organisation_id.as_ref();
        let one = one.map(|id| uuid_in(region, NodeKind::Organisation, "organisationId", id));
        let mut organisations = one.transpose()?.map(|id| vec![id]);
        if let Some(category) = self.category {
            let wanted = domain::region::Category::from(category);
            let register = reads.region(region.uuid().into()).await?;
            let all = register.iter().flat_map(|it| it.organisations.values());
            let of_category = all.filter(|it| it.category.current == wanted);
            let of_category = of_category.map(|it| it.id.uuid());
            let asked = organisations.take();
            let fits = |id: &uuid::Uuid| asked.as_ref().is_none_or(|asked| asked.contains(id));
            organisations = Some(of_category.filter(fits).collect());
        }
        Ok(PracticeFilter {
            ledger: compact.transpose()?.map(|node| node.ledger),
            theme: self.theme,
            organisations,
            adopted: self.adopted,
            withdrawn: self.withdrawn,
        })
    }
}

/// A page of a region's good practice: of what was released and nothing else where the second of `which` says so.
pub(crate) async fn practices(
    reads: &Reads,
    region: LedgerId,
    which: (GoodPracticeFilterInput, bool),
    page: PageArguments,
) -> Result<GoodPracticeConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let (filter, released) = which;
    let filter = filter.read(reads, region).await?;
    let rows = reads.practices(region.uuid().into(), (&filter, released), &request);
    let rows = Listed::from(rows.await?);
    Ok(rows
        .filter_map(|view| Some(GoodPractice::from(view)))
        .into())
}

/// A piece of good practice.
#[derive(Clone)]
pub struct GoodPractice(Arc<GoodPracticeView>);

impl From<Arc<GoodPracticeView>> for GoodPractice {
    fn from(view: Arc<GoodPracticeView>) -> Self {
        Self(view)
    }
}

impl GoodPractice {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::GoodPractice, self.0.ledger, self.0.id.uuid())
    }

    fn current(&self) -> &VersionView {
        self.0.current()
    }
}

/// A piece of good practice: what an organisation does that others could. The fields tell of the version that stands.
#[Object]
impl GoodPractice {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The compact whose it is.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let compact = reads(ctx).compact(self.0.ledger).await?;
        Ok(compact.map(Compact::from))
    }

    /// Its heading.
    async fn title(&self) -> &str {
        &self.current().terms.title
    }

    /// The theme it serves.
    async fn theme(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Theme>> {
        let region = reads(ctx).region_of(self.0.ledger).await?;
        Ok(region.and_then(|region| Theme::of(&region, &self.current().terms.theme)))
    }

    /// The organisation whose practice it is; none for the compact's own.
    async fn organisation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        let Some(fact) = &self.current().terms.organisation else {
            return Ok(None);
        };
        let region = reads(ctx).region_of(self.0.ledger).await?;
        Ok(region.and_then(|region| Organisation::of(&region, fact.id)))
    }

    /// What is done, and how.
    async fn summary(&self) -> Said {
        Said::new(self.0.ledger, &self.current().terms.summary)
    }

    /// Whom to ask.
    async fn contact(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.current().terms.contact.as_ref())
    }

    /// What shows that it works.
    async fn evidence(&self) -> Vec<Document> {
        evidence(self.0.ledger, self.current())
    }

    /// What others need to do the same, such as forms.
    async fn documents(&self) -> Vec<File> {
        documents(self.0.ledger, self.current())
    }

    /// The number of the version that stands, from 1.
    async fn number(&self) -> u32 {
        self.current().number
    }

    /// Its versions, oldest first; only the one that stands to whoever does not read its history.
    async fn versions(&self) -> Vec<PracticeVersion> {
        let versions = self.0.versions.iter();
        versions
            .map(|version| PracticeVersion::new(self.0.ledger, version))
            .collect()
    }

    /// That it was withdrawn, and why: nobody is to take it up any more.
    async fn withdrawn(&self) -> Option<Ending> {
        let ended = self.0.withdrawn.as_ref()?;
        Some(Ending::new(self.0.ledger, ended))
    }

    /// What other compacts asked about it, oldest first: to its own compact, and to each secretariat what it asked itself.
    async fn questions(&self) -> Vec<PracticeQuestion> {
        let questions = self.0.questions.iter();
        questions
            .filter_map(|question| PracticeQuestion::of(&self.0, question.id))
            .collect()
    }

    /// What other compacts said in thanks, oldest first: to its own compact, and to each secretariat what it said itself.
    async fn thanks(&self) -> Vec<PracticeThanks> {
        let thanks = self.0.thanks.iter();
        thanks
            .map(|thanks| PracticeThanks::new(self.0.ledger, thanks))
            .collect()
    }

    /// Where it was taken up, by day, as far as that was released to you.
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
        let filter = AdoptionFilter {
            from: Some(self.0.ledger),
            practice: Some(self.0.id),
            ..AdoptionFilter::default()
        };
        Ok(adoption::adoptions(&reads(ctx), self.0.ledger, (filter, false), page).await?)
    }

    /// How far it is let out.
    async fn visibility(&self) -> Visibility {
        self.0.visibility.current.into()
    }

    /// Every change of how far it is let out, oldest first.
    async fn visibility_changes(&self) -> Vec<VisibilityChange> {
        let changes = &self.0.visibility.changes;
        VisibilityChange::all(self.0.ledger, changes, |it| (*it).into())
    }

    /// Where in the record it was written down.
    async fn written(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.written())
    }

    /// How often it changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }
}

impl Shown for GoodPractice {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        match &outcome.whole {
            Some(node) => Ok(reads(ctx).practice(node).await?.map(Self)),
            None => Ok(None),
        }
    }
}

/// A version of a piece of good practice.
#[derive(SimpleObject)]
pub struct PracticeVersion {
    /// Its number, from 1.
    number: u32,
    /// Its heading.
    title: String,
    /// The code of the theme it served.
    theme: String,
    /// The organisation whose practice it was, as it was called then; none for the compact's own.
    organisation: Option<OrganisationMention>,
    /// What was done, and how.
    summary: Said,
    /// Whom to ask.
    contact: Option<Said>,
    /// What showed that it worked.
    evidence: Vec<Document>,
    /// What others needed to do the same, such as forms.
    documents: Vec<File>,
    /// What was changed, in words.
    changed: Option<Said>,
    /// Why.
    reason: Option<Said>,
    /// Where in the record it comes from.
    made: Origin,
}

/// What shows that a version of a practice works.
fn evidence(ledger: LedgerId, version: &VersionView) -> Vec<Document> {
    let all = version.terms.evidence.iter();
    all.map(|it| Document::of(ledger, it)).collect()
}

/// What others need to do what a version of a practice says.
fn documents(ledger: LedgerId, version: &VersionView) -> Vec<File> {
    let all = version.terms.documents.iter();
    all.map(|it| File::of(ledger, it)).collect()
}

impl PracticeVersion {
    fn new(ledger: LedgerId, version: &VersionView) -> Self {
        let terms = &version.terms;
        Self {
            number: version.number,
            title: terms.title.clone(),
            theme: terms.theme.clone(),
            organisation: terms.organisation.as_ref().map(Into::into),
            summary: Said::new(ledger, &terms.summary),
            contact: Said::maybe(ledger, terms.contact.as_ref()),
            evidence: evidence(ledger, version),
            documents: documents(ledger, version),
            changed: Said::maybe(ledger, version.changed.as_ref()),
            reason: Said::maybe(ledger, version.reason.as_ref()),
            made: Origin::new(ledger, version.made),
        }
    }
}

/// A compact as it was called when it was mentioned.
#[derive(Clone, SimpleObject)]
pub struct CompactMention {
    /// Its name then.
    name: String,
    /// Its name in URLs.
    slug: String,
}

impl From<&CompactFact> for CompactMention {
    fn from(fact: &CompactFact) -> Self {
        Self {
            name: fact.name.clone(),
            slug: fact.slug.clone(),
        }
    }
}

/// What another compact asked about a piece of good practice.
#[derive(Clone)]
pub struct PracticeQuestion {
    practice: Arc<GoodPracticeView>,
    question: QuestionView,
}

impl PracticeQuestion {
    /// The question with this id.
    pub fn of(practice: &Arc<GoodPracticeView>, id: domain::ids::QuestionId) -> Option<Self> {
        let question = practice.questions.iter().find(|it| it.id == id)?.clone();
        let practice = Arc::clone(practice);
        Some(Self { practice, question })
    }

    fn node(&self) -> NodeId {
        let (ledger, whole) = (self.practice.ledger, self.practice.id.uuid());
        NodeId::part(
            NodeKind::PracticeQuestion,
            ledger,
            whole,
            self.question.id.uuid(),
        )
    }
}

/// What another compact asked about a piece of good practice, and what it was answered.
#[Object]
impl PracticeQuestion {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// What it is about.
    async fn good_practice(&self) -> GoodPractice {
        GoodPractice(Arc::clone(&self.practice))
    }

    /// The compact that asked, as it was called then.
    async fn asked_by(&self) -> CompactMention {
        (&self.question.by).into()
    }

    /// What it asked.
    async fn text(&self) -> Said {
        Said::new(self.practice.ledger, &self.question.text)
    }

    /// Where in the record it comes from.
    async fn made(&self) -> Origin {
        Origin::new(self.practice.ledger, self.question.made)
    }

    /// What it was answered, oldest first.
    async fn answers(&self) -> Vec<PracticeAnswer> {
        let answers = self.question.answers.iter();
        answers
            .map(|answer| PracticeAnswer::new(self.practice.ledger, answer))
            .collect()
    }
}

impl Shown for PracticeQuestion {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let (Some(whole), Some(part)) = (&outcome.whole, &outcome.part) else {
            return Ok(None);
        };
        let practice = reads(ctx).practice(whole).await?;
        Ok(practice.and_then(|practice| Self::of(&practice, part.uuid().into())))
    }
}

/// An answer to what another compact asked.
#[derive(SimpleObject)]
pub struct PracticeAnswer {
    /// The answer.
    text: Said,
    /// Where in the record it comes from.
    made: Origin,
}

impl PracticeAnswer {
    fn new(ledger: LedgerId, said: &SaidView) -> Self {
        Self {
            text: Said::new(ledger, &said.text),
            made: Origin::new(ledger, said.made),
        }
    }
}

/// Thanks from another compact.
#[derive(SimpleObject)]
pub struct PracticeThanks {
    /// The compact that gave them, as it was called then.
    given_by: CompactMention,
    /// What it said.
    text: Said,
    /// Where in the record they come from.
    made: Origin,
}

impl PracticeThanks {
    fn new(ledger: LedgerId, thanks: &ThanksView) -> Self {
        Self {
            given_by: (&thanks.by).into(),
            text: Said::new(ledger, &thanks.text),
            made: Origin::new(ledger, thanks.made),
        }
    }
}
