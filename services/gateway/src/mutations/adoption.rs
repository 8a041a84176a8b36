//! Adoptions: taking up what others do, changing it to fit, telling how it went.

use async_graphql::{ID, InputObject};
use domain::adoption::SourceInput;
use domain::ids::{AdoptionId, CompactId, IdSource};
use domain::{AdoptionCommand, Command};
use uuid::Uuid;

use super::draft::{new_id, registered};
use super::files::DocumentInput;
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::node::{NodeId, NodeKind};
use crate::types::adoption::Adoption;
use crate::types::words::Visibility;

mutations! {
    /// Taking up good practice, and what came of it.
    AdoptionMutations;

    /// Take up a good practice of another compact that you may see, or one of your own by another organisation. It is your compact's own
    /// record, with credit to whose it was; `occurredOn` is the day it was taken up.
    adopt_practice(AdoptPracticeInput) -> AdoptPracticePayload {
        /// The new adoption.
        adoption: Adoption,
    }
    /// Tell what was changed to fit, and where it applies, the later version that is followed or the practice written from it.
    adapt_practice(AdaptPracticeInput) -> AdaptPracticePayload {
        /// The adoption as it is now.
        adoption: Adoption,
    }
    /// Tell how it went.
    report_result(ReportResultInput) -> ReportResultPayload {
        /// The adoption as it is now.
        adoption: Adoption,
    }
    /// Give it up.
    withdraw_adoption(WithdrawAdoptionInput) -> WithdrawAdoptionPayload {
        /// The adoption as it is now.
        adoption: Adoption,
    }
    /// Release it to the compact, the region or the public; or take it back, which needs a reason.
    release_adoption(ReleaseAdoptionInput) -> ReleaseAdoptionPayload {
        /// The adoption as it is now.
        adoption: Adoption,
    }
}

/// What is to be taken up, and by whom.
#[derive(InputObject)]
pub struct AdoptPracticeInput {
    /// The compact that takes it up, itself or by an organisation of it.
    compact_id: ID,
    /// The organisation; none for the compact itself.
    organisation_id: Option<ID>,
    /// The good practice.
    practice_id: ID,
    /// The version that is taken up; the one that stands when left out.
    number: Option<u32>,
    /// What is to be known of it.
    note: Option<String>,
    /// The id of the new adoption; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AdoptPracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = Place::read(NodeKind::Compact, "compactId", &self.compact_id)?;
        let id: AdoptionId = new_id(self.new_id, ids);
        let adoption = Place::fresh(NodeKind::Adoption, compact.ledger(), id.uuid(), "compactId");
        let organisation = self.organisation_id.as_ref();
        let organisation =
            organisation.map(|id| registered(NodeKind::Organisation, "organisationId", id));
        let command = AdoptionCommand::AdoptPractice {
            by: compact.id(),
            organisation: organisation.transpose()?,
            source: source("practiceId", &self.practice_id, self.number)?,
            note: self.note.map(Into::into),
        };
        Ok(ask(&adoption, command).making())
    }
}

/// What was changed to fit.
#[derive(InputObject)]
pub struct AdaptPracticeInput {
    /// The adoption.
    adoption_id: ID,
    /// What was changed.
    changed: String,
    /// The good practice it was taken up from, where a later version of it is followed from now on.
    practice_id: Option<ID>,
    /// The version that is followed from now on; the one that stands when left out. Not without `practiceId`.
    number: Option<u32>,
    /// The good practice of your own compact that was written from it.
    written_as_id: Option<ID>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for AdaptPracticeInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let adoption = place(&self.adoption_id)?;
        let following = match (&self.practice_id, self.number) {
            (Some(id), number) => Some(source("practiceId", id, number)?),
            (None, Some(_)) => {
                let message = "say of which good practice: send its id too";
                return Err(UserError::new("practiceId", "MISSING", message.to_owned()));
            }
            (None, None) => None,
        };
        let written_as = self.written_as_id.as_ref().map(|id| {
            let field = "writtenAsId";
            adoption.beside::<Uuid>(NodeKind::GoodPractice, field, id)?;
            source(field, id, None)
        });
        let command = AdoptionCommand::AdaptPractice {
            changed: self.changed.into(),
            following,
            written_as: written_as.transpose()?,
        };
        Ok(ask(&adoption, command))
    }
}

/// How it went.
#[derive(InputObject)]
pub struct ReportResultInput {
    /// The adoption.
    adoption_id: ID,
    /// How it went, by the day this is dated.
    text: String,
    /// What shows that it went so: a link, or a file that was uploaded.
    evidence: Option<DocumentInput>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReportResultInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let adoption = place(&self.adoption_id)?;
        let evidence = self.evidence.map(DocumentInput::read).transpose();
        let command = AdoptionCommand::ReportResult {
            text: self.text.into(),
            evidence: evidence.map_err(|error| error.inside("evidence"))?,
        };
        Ok(ask(&adoption, command))
    }
}

/// Why what was taken up is given up.
#[derive(InputObject)]
pub struct WithdrawAdoptionInput {
    /// The adoption.
    adoption_id: ID,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for WithdrawAdoptionInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let adoption = place(&self.adoption_id)?;
        let reason = self.reason.into();
        Ok(ask(&adoption, AdoptionCommand::WithdrawAdoption { reason }))
    }
}

/// How far an adoption is let out from now on.
#[derive(InputObject)]
pub struct ReleaseAdoptionInput {
    /// The adoption.
    adoption_id: ID,
    /// How far it is let out from now on.
    to: Visibility,
    /// Why; needed when fewer people can read it than before.
    reason: Option<String>,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ReleaseAdoptionInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let adoption = place(&self.adoption_id)?;
        let command = AdoptionCommand::ReleaseAdoption {
            to: self.to.into(),
            reason: self.reason.map(Into::into),
        };
        Ok(ask(&adoption, command))
    }
}

/// A good practice of whichever compact, in a version of it.
fn source(field: &'static str, id: &ID, version: Option<u32>) -> Result<SourceInput, UserError> {
    let node = NodeId::expect(NodeKind::GoodPractice, id);
    let node = node.map_err(|error| UserError::not_a_node(field, error))?;
    Ok(SourceInput {
        compact: CompactId::new(node.ledger.uuid()),
        practice: node.uuid().into(),
        version,
    })
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Adoption, "adoptionId", id)
}

fn ask(adoption: &Place, command: AdoptionCommand) -> Draft {
    let id = adoption.id();
    let asked = Draft::new(adoption, Command::Adoption { id, command });
    asked.renaming(&[("version", "number")])
}
