//! The one error at the edge: what a client is told, and what stays in the log.
//!
//! What a person can mend is no error here but a `userErrors` entry of the mutation's payload
//! ([`crate::mutations::user_error`]). Resolvers answer with [`ApiError`]; [`present`] turns each into a
//! message and a code, and masks everything else behind a reference that the log has too.

use std::error::Error as StdError;
use std::time::Duration;

use async_graphql::{ErrorExtensionValues, Response, ServerError};
use domain::ids::{IdSource, LedgerId};

use crate::caller::NotIdentified;
use crate::limits::OverLimit;
use crate::throttle::Wait;

/// How many mistakes in one document are told.
const MISTAKES: usize = 20;

/// Why a request, or one field of it, has no answer.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// An argument does not fit.
    #[error("{argument}: {message}")]
    BadInput {
        /// The argument.
        argument: &'static str,
        /// What does not fit and what would.
        message: String,
    },
    /// A change was sent by nobody in particular.
    #[error("sign in first, or send a token: a change is made by somebody with an account")]
    SignInRequired,
    /// Who is asking no longer holds: their session ended, or their token.
    #[error(transparent)]
    NotIdentified(#[from] NotIdentified),
    /// A change was sent with a token that reads.
    #[error("this token reads and changes nothing; make one that may change things at /account")]
    ReadOnlyToken,
    /// The public asks for something else than the documents that are known beforehand.
    #[error(
        "here, whoever is not signed in is answered trusted documents only; sign in, send a token, or send the `documentId` of one"
    )]
    TrustedDocumentsOnly,
    /// The ledger takes nothing more at the moment.
    #[error("the ledger is busy; nothing was recorded; try again in {} seconds", .retry_after.as_secs())]
    Busy {
        /// How long to wait.
        retry_after: Duration,
    },
    /// The caller asks too often, or too much is changed in one compact.
    #[error("too much is asked at once; try again in {} seconds", .retry_after.as_secs())]
    TooManyRequests {
        /// How long to wait.
        retry_after: Duration,
    },
    /// It is not known whether a change was recorded.
    #[error(
        "it is not known whether this was recorded; send it again with the same commandId, which is safe (commandId {command_id})"
    )]
    OutcomeUnknown {
        /// The id to send again.
        command_id: uuid::Uuid,
    },
    /// What is shown has not yet reached the position asked for.
    #[error(
        "what is shown has not yet reached position {at_least} of ledger {ledger}; try again in a moment"
    )]
    Behind {
        /// The ledger.
        ledger: LedgerId,
        /// The position asked for.
        at_least: u64,
    },
    /// Part of what is shown stands still before the position asked for.
    #[error(
        "part of what is shown stands still before position {at_least} of ledger {ledger}; the record itself is complete; ask whoever runs this server to rebuild the views"
    )]
    StandsStill {
        /// The ledger.
        ledger: LedgerId,
        /// The position asked for.
        at_least: u64,
    },
    /// What was found was taken back, or let out to fewer, before the rest of it was read.
    #[error("this changed while it was being read; ask again")]
    Moved,
    /// The request goes over a limit.
    #[error(transparent)]
    OverLimit(#[from] OverLimit),
    /// Too many subscriptions are open.
    #[error("too many subscriptions are open; close one, or try again later")]
    TooManySubscriptions,
    /// Something broke elsewhere, and was logged there.
    #[error("something went wrong on our side; quote the reference {reference}")]
    Logged {
        /// What to look for in the log.
        reference: String,
    },
    /// Something broke.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn StdError + Send + Sync>),
}

impl ApiError {
    /// Something broke that no client can mend.
    pub fn internal(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadInput { .. } => "BAD_INPUT",
            Self::SignInRequired => "SIGN_IN_REQUIRED",
            Self::NotIdentified(refused) => refused.code,
            Self::ReadOnlyToken => "READ_ONLY_TOKEN",
            Self::TrustedDocumentsOnly => "TRUSTED_DOCUMENTS_ONLY",
            Self::Busy { .. } => "BUSY",
            Self::TooManyRequests { .. } => "TOO_MANY_REQUESTS",
            Self::OutcomeUnknown { .. } => "OUTCOME_UNKNOWN",
            Self::Behind { .. } => "BEHIND",
            Self::StandsStill { .. } => "STANDS_STILL",
            Self::Moved => "MOVED",
            Self::OverLimit(limit) => limit.code(),
            Self::TooManySubscriptions => "TOO_MANY_SUBSCRIPTIONS",
            Self::Logged { .. } | Self::Internal(_) => "INTERNAL",
        }
    }

    /// The same, with what broke in the log and a reference to it in its place.
    pub(crate) fn logged(self, ids: &dyn IdSource) -> Self {
        let Self::Internal(cause) = &self else {
            return self;
        };
        let cause: &(dyn StdError + 'static) = cause.as_ref();
        let reference = ids.next().to_string();
        tracing::error!(reference, error = cause, "a request could not be answered");
        Self::Logged { reference }
    }

    /// The error as a request's whole answer.
    pub fn into_response(self, ids: &dyn IdSource) -> Response {
        let error =
            async_graphql::Error::from(self).into_server_error(async_graphql::Pos::default());
        let mut response = Response::from_errors(vec![ServerError {
            locations: Vec::new(),
            ..error
        }]);
        present(&mut response, ids);
        response
    }
}

impl From<Wait> for ApiError {
    fn from(Wait(retry_after): Wait) -> Self {
        Self::TooManyRequests { retry_after }
    }
}

/// Gives every error of an answer its code, and masks what no client should read.
///
/// An error with no source is async-graphql's own (parsing, validation, a scalar): its message is for
/// the client. An error whose source is not [`ApiError`] came from below unnamed, and is masked.
///
/// Of the mistakes in a document only the first few are told: an answer must not be many times as long as
/// what was sent.
pub fn present(response: &mut Response, ids: &dyn IdSource) {
    let mut of_the_document = 0;
    response.errors.retain(|error| {
        of_the_document += usize::from(error.path.is_empty());
        !error.path.is_empty() || of_the_document <= MISTAKES
    });
    for error in &mut response.errors {
        let Some(source) = error.source.clone() else {
            set(error, "code", "BAD_REQUEST");
            continue;
        };
        match source.downcast_ref::<ApiError>() {
            Some(known) => present_known(error, known, ids),
            None => mask(error, ids),
        }
    }
}

fn present_known(error: &mut ServerError, known: &ApiError, ids: &dyn IdSource) {
    if let ApiError::Internal(cause) = known {
        let cause: &(dyn StdError + 'static) = cause.as_ref();
        let reference = ids.next().to_string();
        tracing::error!(reference, path = ?error.path, error = cause, "a field could not be resolved");
        error.message = ApiError::Logged {
            reference: reference.clone(),
        }
        .to_string();
        set(error, "reference", reference);
    }
    set(error, "code", known.code());
    match known {
        ApiError::Busy { retry_after } | ApiError::TooManyRequests { retry_after } => {
            set(error, "retryAfterSeconds", retry_after.as_secs());
        }
        ApiError::BadInput { argument, .. } => set(error, "argument", *argument),
        ApiError::OutcomeUnknown { command_id } => set(error, "commandId", command_id.to_string()),
        _ => {}
    }
}

fn mask(error: &mut ServerError, ids: &dyn IdSource) {
    let reference = ids.next().to_string();
    tracing::error!(reference, path = ?error.path, message = error.message, "an unnamed error reached the edge");
    error.message = ApiError::Logged {
        reference: reference.clone(),
    }
    .to_string();
    set(error, "reference", reference);
    set(error, "code", "INTERNAL");
}

fn set(error: &mut ServerError, name: &str, value: impl Into<async_graphql::Value>) {
    let extensions = error
        .extensions
        .get_or_insert_with(ErrorExtensionValues::default);
    extensions.set(name, value);
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::RandomIds;

    fn presented(error: async_graphql::Error) -> serde_json::Value {
        let error = error.into_server_error(async_graphql::Pos::default());
        let mut response = Response::from_errors(vec![error]);
        present(&mut response, &RandomIds);
        serde_json::to_value(&response).expect("an answer")["errors"][0].clone()
    }

    #[test]
    fn what_broke_below_is_masked_with_a_reference() {
        let secret = std::io::Error::other("password of the database");
        for error in [
            async_graphql::Error::from(ApiError::internal(secret)),
            async_graphql::Error::from(std::io::Error::other("password of the database")),
        ] {
            let shown = presented(error);
            assert_eq!(shown["extensions"]["code"], "INTERNAL");
            let reference = shown["extensions"]["reference"]
                .as_str()
                .expect("a reference");
            let message = shown["message"].as_str().expect("a message");
            assert!(message.contains(reference), "{message}");
            assert!(!shown.to_string().contains("password"), "{shown}");
        }
    }

    #[test]
    fn what_the_client_can_mend_keeps_its_words_and_code() {
        let shown = presented(async_graphql::Error::from(ApiError::SignInRequired));
        assert_eq!(shown["extensions"]["code"], "SIGN_IN_REQUIRED");
        assert!(
            shown["message"]
                .as_str()
                .is_some_and(|words| words.contains("sign in"))
        );
    }

    #[test]
    fn busy_says_how_long_to_wait() {
        let busy = ApiError::Busy {
            retry_after: Duration::from_secs(3),
        };
        assert_eq!(presented(busy.into())["extensions"]["retryAfterSeconds"], 3);
    }
}
