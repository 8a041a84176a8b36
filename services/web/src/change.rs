//! Changing something as whoever looks at a page: a document with one mutation, sent through the schema like anybody else's.
//!
//! The document asks for `position`, `projected` and `userErrors { field code message }` (a test sees to it), so that what comes of
//! it can be read here without knowing which mutation it was. The answer comes when the views show the change.

use async_graphql::Value;
use gateway::{Caller, Gateway};
use graphql_client::GraphQLQuery;
use serde::Deserialize;

use crate::ask::{code, data, read, request};
use crate::form::Problems;
use crate::instead::Instead;

/// What came of a change.
pub enum Changed<A> {
    /// It is recorded.
    Done(Done<A>),
    /// Nothing was recorded: this is to be mended first.
    ToMend(Problems),
}

/// A change that is recorded.
pub struct Done<A> {
    /// What the document asked for.
    pub answer: A,
    /// The id of what was made new, where something was.
    pub new_id: Option<String>,
}

/// What every document of a mutation asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    #[serde(default)]
    new_id: Option<String>,
    user_errors: Problems,
}

/// Sends a document's mutation for somebody. Where it is not known whether it was recorded, it is sent once more under the same
/// `commandId`, which is safe.
///
/// # Errors
/// What to show instead, when the schema refuses it for a reason that nobody mends by typing.
pub async fn change<Q: GraphQLQuery>(
    gateway: &Gateway,
    variables: Q::Variables,
    caller: Caller,
) -> Result<Changed<Q::ResponseData>, Instead>
where
    Q::Variables: Clone,
    Q::ResponseData: Send,
{
    let again = request::<Q>(variables.clone())?;
    let mut answer = gateway
        .execute(request::<Q>(variables)?, caller.clone())
        .await;
    if answer
        .errors
        .iter()
        .any(|error| code(error) == "OUTCOME_UNKNOWN")
    {
        answer = gateway.execute(again, caller).await;
    }
    let data = data(answer)?;
    let payload: Payload = read(payload(&data))?;
    if !payload.user_errors.is_empty() {
        return Ok(Changed::ToMend(payload.user_errors));
    }
    Ok(Changed::Done(Done {
        answer: read(data)?,
        new_id: payload.new_id,
    }))
}

/// What the one mutation answered.
fn payload(data: &Value) -> Value {
    match data {
        Value::Object(fields) => fields.values().next().cloned().unwrap_or_default(),
        _ => Value::Null,
    }
}
