//! Drafts: what is still being typed is kept, and is no event.

use accounts::DraftError;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use domain::ids::AccountId;

use super::UserError;
use crate::caller::Caller;
use crate::error::ApiError;
use crate::node::NodeId;
use crate::services::{DraftOf, Services};
use crate::types::draft::{Draft, kept_under};
use crate::types::node;

/// What is still being typed.
#[derive(Default)]
pub struct DraftMutations;

/// Something being typed.
#[derive(InputObject)]
pub struct SaveDraftInput {
    /// What it is about: the id of a group, a meeting, an action plan or a commitment. There is one draft of yours about each.
    about_id: ID,
    /// What it says, in whatever form you will read it again: at most 100,000 characters.
    content: String,
    /// The version you saw, nought for none: it is not saved over one that was saved since. Left out, the last to save wins.
    expected_version: Option<u32>,
}

/// A draft that is no longer needed.
#[derive(InputObject)]
pub struct DiscardDraftInput {
    /// What it is about.
    about_id: ID,
}

/// The answer to `SaveDraftInput`.
#[derive(SimpleObject)]
pub struct SaveDraftPayload {
    /// The draft as it is kept now; none when there are `userErrors`.
    draft: Option<Draft>,
    /// What the person who asks can mend.
    user_errors: Vec<UserError>,
}

/// The answer to `DiscardDraftInput`.
#[derive(SimpleObject)]
pub struct DiscardDraftPayload {
    /// Whether there was one.
    discarded: bool,
    /// What the person who asks can mend.
    user_errors: Vec<UserError>,
}

/// What is still being typed: kept for whoever types it, and no part of any record.
#[Object]
impl DraftMutations {
    /// Keep what you are typing, in the place of what you kept before about the same thing. Nobody else sees it, nothing is
    /// recorded, and it is taken out a month after it was last saved.
    async fn save_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is kept.")] input: SaveDraftInput,
    ) -> async_graphql::Result<Option<SaveDraftPayload>> {
        Ok(Some(save(ctx, input).await?))
    }

    /// Discard what you were typing.
    async fn discard_draft(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is discarded.")] input: DiscardDraftInput,
    ) -> async_graphql::Result<Option<DiscardDraftPayload>> {
        Ok(Some(discard(ctx, &input.about_id).await?))
    }
}

async fn save(ctx: &Context<'_>, input: SaveDraftInput) -> Result<SaveDraftPayload, ApiError> {
    let account = owner(ctx)?;
    let refused = |error: UserError| SaveDraftPayload {
        draft: None,
        user_errors: vec![error.in_a_sentence()],
    };
    let of = match about(ctx, &input.about_id).await? {
        Ok(of) => of,
        Err(error) => return Ok(refused(error)),
    };
    let services = ctx.data_unchecked::<Services>();
    let saved = services
        .drafts
        .save(account, &of, &input.content, input.expected_version);
    Ok(match saved.await {
        Ok(listed) => SaveDraftPayload {
            draft: Some(Draft::new(account, listed)),
            user_errors: Vec::new(),
        },
        Err(error) => refused(mendable(error)?),
    })
}

async fn discard(ctx: &Context<'_>, id: &ID) -> Result<DiscardDraftPayload, ApiError> {
    let account = owner(ctx)?;
    // What can no longer be seen can still be discarded: the draft is the owner's.
    let Some(of) = NodeId::decode(id).ok().as_ref().and_then(kept_under) else {
        return Ok(DiscardDraftPayload {
            discarded: false,
            user_errors: vec![unknown().in_a_sentence()],
        });
    };
    let services = ctx.data_unchecked::<Services>();
    let discarded = services.drafts.discard(account, &of).await;
    Ok(DiscardDraftPayload {
        discarded: discarded.map_err(ApiError::internal)?,
        user_errors: Vec::new(),
    })
}

/// Whose draft it is: a person's who signed in. A program that came with a token types nothing, and its token may be good for less.
fn owner(ctx: &Context<'_>) -> Result<AccountId, ApiError> {
    let caller = ctx.data_unchecked::<Caller>();
    let account = caller.account().filter(|_| caller.token().is_none());
    account.ok_or(ApiError::SignInRequired)
}

/// What the draft is about, if that is something there are drafts about, and is seen.
async fn about(ctx: &Context<'_>, id: &ID) -> Result<Result<DraftOf, UserError>, ApiError> {
    let Some(node) = NodeId::decode(id).ok() else {
        return Ok(Err(unknown()));
    };
    let Some(of) = kept_under(&node) else {
        return Ok(Err(unknown()));
    };
    let found = node::find(ctx, &node).await?;
    Ok(found.map(|_| of).ok_or_else(unknown))
}

fn unknown() -> UserError {
    let message = "there is no such thing to write about; choose a group, a meeting, an action plan or a commitment";
    UserError::new("aboutId", "UNKNOWN", message)
}

fn mendable(error: DraftError) -> Result<UserError, ApiError> {
    let (field, code) = match &error {
        DraftError::TooLong => ("content", "TOO_LONG"),
        DraftError::TooMany => ("aboutId", "TOO_MANY"),
        DraftError::Conflict { .. } => ("expectedVersion", "CONFLICT"),
        DraftError::NoSuchAccount => return Err(ApiError::SignInRequired),
        DraftError::Store(_) => return Err(ApiError::internal(error)),
    };
    Ok(UserError::new(field, code, error.to_string()))
}
