//! People: written down, put right, erased; texts redacted; and everything held about somebody, for them.

use async_graphql::{Context, ID, InputObject, Json, Object, SimpleObject};
use domain::ids::{IdSource, PersonId, SubjectId};
use domain::person::PersonInput;
use domain::{Command, PersonCommand};
use uuid::Uuid;

use super::draft::{new_id, registered};
use super::{Draft, Input, Place, Recording, UserError, mutations};
use crate::caller::Caller;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::reads::reads;
use crate::services::Services;
use crate::types::held;
use crate::types::history::stream_of;
use crate::types::node::Node;
use crate::types::person::Person;

mutations! {
    /// Changes to what is known of people.
    PeopleMutations;

    /// Write a person down, so that texts can mention them.
    enter_person(EnterPersonInput) -> EnterPersonPayload {
        /// The person.
        person: Person,
    }
    /// Put right, or bring up to date, what is said of a person. All of it is sent: what is left out is said no more.
    correct_person(CorrectPersonInput) -> CorrectPersonPayload {
        /// The person as they are spoken of now.
        person: Person,
    }
    /// Erase a person: what was ever said of them is made unreadable for good, everywhere, and cannot be brought back. The
    /// record keeps that somebody was erased, when and why. Texts that mention them show no name from then on; what gives
    /// their name in plain words is redacted text by text.
    erase_person(ErasePersonInput) -> ErasePersonPayload {
        /// What is left of them: that they were there.
        person: Person,
    }
    /// Redact a text: what it says is made unreadable for good, wherever it stands, and cannot be brought back. The record
    /// keeps that a text was redacted, when and why.
    redact_text(RedactTextInput) -> RedactTextPayload {
        /// What it stood in.
        node: Node,
    }
}

/// What is said of a person.
#[derive(InputObject)]
pub struct SaidOfPerson {
    /// Their name.
    name: String,
    /// What they do: their job title.
    position: Option<String>,
    /// Where they do it.
    organisation_id: Option<ID>,
    /// Their e-mail address.
    email: Option<String>,
    /// Their telephone number.
    telephone: Option<String>,
}

impl SaidOfPerson {
    fn read(self) -> Result<PersonInput, UserError> {
        let organisation = self.organisation_id.as_ref();
        let organisation =
            organisation.map(|id| registered(NodeKind::Organisation, "organisationId", id));
        Ok(PersonInput {
            name: self.name.into(),
            position: self.position.map(Into::into),
            organisation: organisation.transpose()?,
            email: self.email.map(Into::into),
            telephone: self.telephone.map(Into::into),
        })
    }
}

/// A person who is not written down yet.
#[derive(InputObject)]
pub struct EnterPersonInput {
    /// The compact.
    compact_id: ID,
    /// The id of the new person; made when left out.
    new_id: Option<Uuid>,
    #[graphql(flatten)]
    said: SaidOfPerson,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for EnterPersonInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, ids: &dyn IdSource) -> Result<Draft, UserError> {
        let compact = Place::read(NodeKind::Compact, "compactId", &self.compact_id)?;
        let id: PersonId = new_id(self.new_id, ids);
        let person = Place::fresh(NodeKind::Person, compact.ledger(), id.uuid(), "compactId");
        let terms = self.said.read()?;
        Ok(ask(&person, PersonCommand::EnterPerson { terms }).making())
    }
}

/// What should be said of a person, all of it.
#[derive(InputObject)]
pub struct CorrectPersonInput {
    /// The person.
    person_id: ID,
    #[graphql(flatten)]
    said: SaidOfPerson,
    /// Why.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for CorrectPersonInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let person = place(&self.person_id)?;
        let command = PersonCommand::CorrectPerson {
            terms: self.said.read()?,
            reason: self.reason.into(),
        };
        Ok(ask(&person, command))
    }
}

/// The erasure of a person.
#[derive(InputObject)]
pub struct ErasePersonInput {
    /// The person.
    person_id: ID,
    /// Why; it stays on record, so it says who asked for it and not who it was.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for ErasePersonInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let person = place(&self.person_id)?;
        let reason = self.reason.into();
        Ok(ask(&person, PersonCommand::ErasePerson { reason }))
    }
}

/// The redaction of a text.
#[derive(InputObject)]
pub struct RedactTextInput {
    /// What the text stands in: the region, a compact, a commitment, an action plan or a person, or a part of one.
    id: ID,
    /// The text, as `texts` of its history tells.
    text: Uuid,
    /// Why; it stays on record.
    reason: String,
    #[graphql(flatten)]
    recording: Recording,
}

impl Input for RedactTextInput {
    fn recording(&self) -> &Recording {
        &self.recording
    }

    fn draft(self, _: &dyn IdSource) -> Result<Draft, UserError> {
        let found = NodeId::decode(&self.id);
        let node = found.map_err(|error| UserError::not_a_node("id", error))?;
        let stream = stream_of(&node);
        let whole = Place::of_stream(node.ledger, stream, "id");
        let text = SubjectId::new(self.text);
        let command = Command::redact_text(stream, text, self.reason.into());
        Ok(Draft::new(&whole, command))
    }
}

fn place(id: &ID) -> Result<Place, UserError> {
    Place::read(NodeKind::Person, "personId", id)
}

fn ask(person: &Place, command: PersonCommand) -> Draft {
    let id = person.id();
    Draft::new(person, Command::Person { id, command })
}

/// What is held about people, for them.
#[derive(Default)]
pub struct ExportMutations;

/// Whose data is asked for.
#[derive(InputObject)]
pub struct ExportPersonInput {
    /// The person.
    person_id: ID,
}

/// What is held about a person.
#[derive(SimpleObject)]
pub struct ExportPersonPayload {
    /// Everything, as JSON: what is said of the person, what was before, and every entry that tells of them. None when there
    /// are `userErrors`.
    document: Option<Json<serde_json::Value>>,
    /// What the person who asks can mend.
    user_errors: Vec<UserError>,
}

/// What is held about people, for them.
#[Object]
impl ExportMutations {
    /// Take out everything a compact holds about a person, to be given to them. That it was taken out is written down in the
    /// security log, and nothing is recorded in the ledger.
    async fn export_person(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose.")] input: ExportPersonInput,
    ) -> async_graphql::Result<Option<ExportPersonPayload>> {
        Ok(Some(export(ctx, &input.person_id).await?))
    }
}

async fn export(ctx: &Context<'_>, person: &ID) -> Result<ExportPersonPayload, ApiError> {
    let caller = ctx.data_unchecked::<Caller>();
    let account = caller.account().ok_or(ApiError::SignInRequired)?;
    let refused = |error: UserError| ExportPersonPayload {
        document: None,
        user_errors: vec![error.in_a_sentence()],
    };
    let node = match NodeId::expect(NodeKind::Person, person) {
        Ok(node) => node,
        Err(error) => return Ok(refused(UserError::not_a_node("personId", error))),
    };
    let Some(held) = reads(ctx).held(&node).await? else {
        let message = "there is no such person here; choose one of the compact's people";
        return Ok(refused(UserError::new("personId", "UNKNOWN", message)));
    };
    let services = ctx.data_unchecked::<Services>();
    let exported = services.security.exported(account, node.uuid()).await;
    // What cannot be written down is not given out.
    exported.map_err(ApiError::internal)?;
    Ok(ExportPersonPayload {
        document: Some(Json(held::document(&held))),
        user_errors: Vec::new(),
    })
}
