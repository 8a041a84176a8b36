//! People a compact has written down.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::ids::LedgerId;
use domain::mention;
use views::PersonView;

use super::changes::{PersonChange, PersonTerms};
use super::history::Told;
use super::record::{Ending, Origin};
use super::region::Organisation;
use super::said::Said;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads, uuid_in_region};

connections! {
    /// People of a compact, in the order they were entered.
    PersonConnection, PersonEdge of Person;
}

/// A person a compact has written down.
#[derive(Clone)]
pub struct Person(Arc<PersonView>);

impl From<Arc<PersonView>> for Person {
    fn from(view: Arc<PersonView>) -> Self {
        Self(view)
    }
}

/// A page of a compact's people, or of those of one organisation.
pub(crate) async fn people(
    reads: &Reads,
    ledger: LedgerId,
    organisation: Option<&ID>,
    page: PageArguments,
) -> Result<PersonConnection, ApiError> {
    let request = page.request(reads.limits())?;
    let organisation = match organisation {
        Some(id) => Some(uuid_in_region(reads, ledger, id).await?.into()),
        None => None,
    };
    let rows = Listed::from(reads.people(ledger, organisation, &request).await?);
    Ok(rows.filter_map(|view| Some(Person(Arc::new(view)))).into())
}

/// A person a compact has written down: a clerk, a chair, whoever an action or a minute names. Texts mention them by
/// `mention`, and are shown with their name in its place. Only who works in the compact sees its people.
#[Object]
impl Person {
    /// Their id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    /// Their name; none once they are erased.
    async fn name(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.name())
    }

    /// What they do: their job title.
    async fn position(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.position())
    }

    /// Where they do it.
    async fn organisation(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Organisation>> {
        let Some(fact) = self.0.organisation() else {
            return Ok(None);
        };
        let region = reads(ctx).region_of(self.0.ledger).await?;
        Ok(region.and_then(|region| Organisation::of(&region, fact.id)))
    }

    /// Their e-mail address.
    async fn email(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.email())
    }

    /// Their telephone number.
    async fn telephone(&self) -> Option<Said> {
        Said::maybe(self.0.ledger, self.0.telephone())
    }

    /// How a text mentions them: write this where their name would stand.
    async fn mention(&self) -> String {
        mention::of(self.0.id)
    }

    /// Every change of what is said of them, oldest first; none once they are erased.
    async fn changes(&self) -> Vec<PersonChange> {
        let changes = self.0.terms.as_ref().map(|terms| terms.changes.as_slice());
        let ledger = self.0.ledger;
        PersonChange::all(ledger, changes.unwrap_or_default(), |terms| {
            PersonTerms::of(ledger, terms)
        })
    }

    /// Where in the record they were entered.
    async fn entered(&self) -> Origin {
        Origin::new(self.0.ledger, self.0.entered)
    }

    /// That they were erased, and why.
    async fn erased(&self) -> Option<Ending> {
        let erased = self.0.erased.as_ref()?;
        Some(Ending::new(self.0.ledger, erased))
    }

    /// How often what is said of them changed: send it as `expectedVersion` to change only what you have seen.
    async fn version(&self) -> u64 {
        self.0.version
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }
}

impl Person {
    fn node(&self) -> NodeId {
        NodeId::new(NodeKind::Person, self.0.ledger, self.0.id.uuid())
    }
}

impl Shown for Person {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.whole else {
            return Ok(None);
        };
        Ok(reads(ctx).person(node).await?.map(Self))
    }
}
