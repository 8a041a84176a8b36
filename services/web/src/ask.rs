//! Asking the schema, and what to show when it does not answer.

use async_graphql::{Request, Response as Answer, ServerError, Value, Variables};
use gateway::{Caller, Gateway};
use graphql_client::GraphQLQuery;

use crate::instead::Instead;
use crate::mentions;

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// The schema refused the question.
    #[error("the question was not answered: {0:?}")]
    Unanswered(Vec<ServerError>),
    /// What is asked with cannot be written as the schema wants it.
    #[error("the question could not be written")]
    Question(#[source] serde_json::Error),
    /// The answer does not have the shape the page was written for.
    #[error("the answer does not fit the page: {0}")]
    Answer(String),
    /// The page could not be written.
    #[error("the page could not be written")]
    Template(#[from] askama::Error),
    /// Something the page needs does not work.
    #[error("what the page needs does not work")]
    Behind(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Asks the schema a document's question as somebody.
///
/// # Errors
/// [`Instead::NotHere`] when the address asks for what can not be, [`Instead::AskLater`] when too much is asked at once, and
/// [`Instead::Broken`] when there is no answer, or not the expected one.
pub async fn ask<Q: GraphQLQuery>(
    gateway: &Gateway,
    variables: Q::Variables,
    caller: Caller,
) -> Result<Q::ResponseData, Instead>
where
    Q::ResponseData: Send,
{
    let answer = gateway.execute(request::<Q>(variables)?, caller).await;
    read(data(answer)?)
}

/// A document's question, ready to be sent.
pub fn request<Q: GraphQLQuery>(variables: Q::Variables) -> Result<Request, Instead> {
    let body = Q::build_query(variables);
    let variables = serde_json::to_value(body.variables);
    let mut variables = variables.map_err(|error| Instead::Broken(PageError::Question(error)))?;
    mentions::write_out(&mut variables);
    Ok(Request::new(body.query)
        .operation_name(body.operation_name)
        .variables(Variables::from_json(variables)))
}

/// What was answered, where all of it was.
pub fn data(answer: Answer) -> Result<Value, Instead> {
    if answer.errors.is_empty() {
        return Ok(answer.data);
    }
    let of_all = |codes: &[&str]| {
        let mut errors = answer.errors.iter();
        errors.all(|error| codes.contains(&code(error)))
    };
    if of_all(&["BAD_INPUT"]) {
        return Err(Instead::NotHere);
    }
    if of_all(&[
        "BUSY",
        "TOO_MANY_REQUESTS",
        "BEHIND",
        "STANDS_STILL",
        "MOVED",
    ]) {
        return Err(Instead::AskLater);
    }
    Err(Instead::Broken(PageError::Unanswered(answer.errors)))
}

/// An error's code; empty when it has none.
pub fn code(error: &ServerError) -> &str {
    let code = error.extensions.as_ref().and_then(|all| all.get("code"));
    match code {
        Some(Value::String(code)) => code,
        _ => "",
    }
}

/// An answer as the type that was made from its document.
pub fn read<A: serde::de::DeserializeOwned>(data: Value) -> Result<A, Instead> {
    async_graphql::from_value(data)
        .map_err(|error| Instead::Broken(PageError::Answer(error.to_string())))
}
