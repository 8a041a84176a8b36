//! The gateway itself: a schema, what its resolvers reach for, and the one way in for every request.
//!
//! Whatever the transport (HTTP, events, a socket, the pages in this process), a request passes
//! [`Gateway::prepare`], which scans, parses and weighs it, and its errors pass [`error::present`].

use std::sync::Arc;

use async_graphql::parser::types::{DocumentOperations, OperationType};
use async_graphql::{Request, Response, Schema};
use axum::body::Bytes;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use futures::{FutureExt, StreamExt, stream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;
use views::Folded;

use crate::answers::{Answers, Asked};
use crate::caller::{Caller, Shown};
use crate::directory::Directory;
use crate::error::{self, ApiError};
use crate::limits::scan::scan;
use crate::limits::shape::Shape;
use crate::limits::weigh::weigh;
use crate::mutations::Mutation;
use crate::query::Query;
use crate::reads::Reads;
use crate::services::Services;
use crate::subscription::Subscription;
use crate::throttle::Key;

/// How many sockets' worth of subscriptions may be open at once.
const SOCKETS: usize = 100;

type ApiSchema = Schema<Query, Mutation, Subscription>;

/// Answers GraphQL requests. Cheap to clone.
#[derive(Clone)]
pub struct Gateway {
    inner: Arc<Inner>,
}

struct Inner {
    schema: ApiSchema,
    shape: Shape,
    services: Services,
    directory: Arc<Directory>,
    answers: Answers,
    subscriptions: Arc<Semaphore>,
    closing: CancellationToken,
}

/// A request that may be executed.
pub struct Prepared {
    request: Request,
    /// Whether anybody at all may have it answered.
    for_the_public: bool,
    /// The operation's name, where it has one.
    pub operation: Option<String>,
    /// What kind of operation.
    pub kind: OperationType,
}

impl Prepared {
    /// Whether everybody who may ask this is answered the same, and nothing comes of it.
    pub(crate) fn is_answered_alike(&self) -> bool {
        self.for_the_public && self.kind == OperationType::Query
    }
}

impl Gateway {
    /// A gateway over these services. When `closing` is cancelled, every subscription ends.
    ///
    /// # Errors
    /// When the schema cannot be read back as text, which only a broken build can cause.
    pub fn new(
        services: Services,
        closing: CancellationToken,
    ) -> Result<Self, async_graphql::parser::Error> {
        let schema = schema_builder().data(services.clone()).finish();
        let shape = Shape::read(&schema.sdl())?;
        let most = SOCKETS * services.limits.subscriptions;
        Ok(Self {
            inner: Arc::new(Inner {
                schema,
                shape,
                services,
                directory: Arc::default(),
                answers: Answers::default(),
                subscriptions: Arc::new(Semaphore::new(most)),
                closing,
            }),
        })
    }

    /// What the resolvers reach for.
    pub fn services(&self) -> &Services {
        &self.inner.services
    }

    /// How far every ledger is shown by now: a figure for each that is another as soon as more of it is. Whatever is answered after
    /// this tells of that much, or of more.
    ///
    /// # Errors
    /// When it cannot be told.
    pub async fn shown(&self) -> Result<Folded, ApiError> {
        let folded = self.inner.services.projected.folded().await;
        folded.map_err(ApiError::internal)
    }

    /// Cancelled when the gateway closes.
    pub(crate) fn closing(&self) -> &CancellationToken {
        &self.inner.closing
    }

    /// Executes a query or mutation for a caller. This is the way in for the pages in this process.
    ///
    /// The work runs in a task of its own, so that a caller who goes away interrupts nothing half-way.
    pub async fn execute(&self, request: Request, caller: Caller) -> Response {
        match self.prepare(request) {
            Ok(prepared) => self.run(prepared, caller).await,
            Err(refused) => *refused,
        }
    }

    /// Checks a request against every limit and parses it.
    ///
    /// # Errors
    /// The answer to send instead, when it is over a limit or not GraphQL.
    pub fn prepare(&self, mut request: Request) -> Result<Prepared, Box<Response>> {
        let Services {
            limits,
            ids,
            documents,
            ..
        } = &self.inner.services;
        let refused = |error: ApiError| Box::new(error.into_response(ids.as_ref()));
        scan(&request.query, limits).map_err(|over| refused(over.into()))?;
        if let Some(read) = documents.parsed(&request.query) {
            request.set_parsed_query(read);
        }
        if let Err(error) = request.parsed_query() {
            let mut response = Response::from_errors(vec![error]);
            error::present(&mut response, ids.as_ref());
            return Err(Box::new(response));
        }
        let variables = request.variables.clone();
        let name = request.operation_name.clone();
        let Ok(document) = request.parsed_query() else {
            return Err(Box::default());
        };
        weigh(document, &variables, &self.inner.shape, limits)
            .map_err(|over| refused(over.into()))?;
        let (operation, kind) = selected(&document.operations, name.as_deref());
        Ok(Prepared {
            for_the_public: documents.is_for_the_public(&request.query),
            request,
            operation,
            kind,
        })
    }

    /// Executes a prepared query or mutation.
    pub async fn run(&self, prepared: Prepared, caller: Caller) -> Response {
        let reads = caller.token().is_some_and(|token| !token.writes);
        if reads && prepared.kind == OperationType::Mutation {
            return ApiError::ReadOnlyToken.into_response(self.inner.services.ids.as_ref());
        }
        if let Err(refused) = self.may_ask(&prepared, &caller) {
            return *refused;
        }
        let gateway = self.clone();
        let span = tracing::Span::current();
        let changes = prepared.kind == OperationType::Mutation;
        let shown = caller.shown().filter(|_| changes).cloned();
        let task = async move {
            let reads = Arc::new(gateway.reads(caller.clone()));
            let request = prepared.request.data(caller).data(reads);
            let mut response = gateway.answer(request).await;
            error::present(&mut response, gateway.inner.services.ids.as_ref());
            // Whatever is asked next for the same request may be about what was changed, or what somebody else had changed.
            if let Some(shown) = shown {
                shown.forget();
            }
            response
        };
        match tokio::spawn(task.instrument(span)).await {
            Ok(response) => response,
            Err(panicked) => {
                ApiError::internal(panicked).into_response(self.inner.services.ids.as_ref())
            }
        }
    }

    /// The answer to the same question, where it was answered before and that is still true. Nothing else need be done with the
    /// request then: what was answered was within every limit.
    pub(crate) async fn kept(&self, asked: &mut Asked) -> Option<Bytes> {
        if !self.inner.answers.knows(asked) {
            return None;
        }
        let today = self.inner.services.clock.today();
        // Where it cannot be told how far the ledgers are shown, the answer says so itself.
        let shown = self.shown().await.ok()?;
        asked.of((shown, today));
        self.inner.answers.find(asked)
    }

    /// Keeps an answer without errors to a prepared question, where anybody at all is answered the same.
    pub(crate) fn keep(&self, asked: &Asked, answer: Bytes) {
        self.inner.answers.keep(asked, answer);
    }

    /// What the schema answers. Boxed: it is as many futures deep as the schema has mutations, and no crate that calls the
    /// gateway need look through them when it is optimised.
    fn answer(&self, request: Request) -> BoxFuture<'static, Response> {
        let schema = self.inner.schema.clone();
        async move { schema.execute(request).await }.boxed()
    }

    /// Executes a prepared operation of any kind as a stream of answers: one for a query or mutation. A subscription
    /// ends when what its caller `shown` at the door is no longer theirs.
    pub fn run_stream(
        &self,
        prepared: Prepared,
        caller: Caller,
        shown: Shown,
    ) -> BoxStream<'static, Response> {
        if prepared.kind != OperationType::Subscription {
            let gateway = self.clone();
            return stream::once(async move { gateway.run(prepared, caller).await }).boxed();
        }
        if let Err(refused) = self.may_ask(&prepared, &caller) {
            return stream::once(async move { *refused }).boxed();
        }
        let Ok(permit) = Arc::clone(&self.inner.subscriptions).try_acquire_owned() else {
            let refused =
                ApiError::TooManySubscriptions.into_response(self.inner.services.ids.as_ref());
            return stream::once(async move { refused }).boxed();
        };
        let reads = Arc::new(self.reads_following(caller.clone()));
        let request = prepared.request.data(caller).data(reads).data(shown);
        let ids = Arc::clone(&self.inner.services.ids);
        self.inner
            .schema
            .execute_stream(request)
            .map(move |mut response| {
                let _held_while_open = &permit;
                error::present(&mut response, ids.as_ref());
                response
            })
            .take_until(self.inner.closing.clone().cancelled_owned())
            .boxed()
    }

    /// Whether a caller may have this answered now; the answer to send instead, when not.
    fn may_ask(&self, prepared: &Prepared, caller: &Caller) -> Result<(), Box<Response>> {
        if !prepared.for_the_public && caller.account().is_none() {
            let refused = ApiError::TrustedDocumentsOnly;
            return Err(Box::new(
                refused.into_response(self.inner.services.ids.as_ref()),
            ));
        }
        self.count(caller)
    }

    /// Counts an operation of an account; the answer to send instead, when it asks too often.
    fn count(&self, caller: &Caller) -> Result<(), Box<Response>> {
        let Services { throttle, ids, .. } = &self.inner.services;
        let Some(account) = caller.account() else {
            return Ok(());
        };
        let taken = throttle.take(Key::Account(account));
        taken.map_err(|wait| Box::new(ApiError::from(wait).into_response(ids.as_ref())))
    }

    /// What this caller reads.
    pub(crate) fn reads(&self, caller: Caller) -> Reads {
        Reads::new(&self.inner.services, &self.inner.directory, caller)
    }

    /// What this caller reads for as long as something is followed.
    fn reads_following(&self, caller: Caller) -> Reads {
        Reads::following(&self.inner.services, &self.inner.directory, caller)
    }
}

/// The operation that will run, and its kind; a query when none fits, which execution then refuses.
fn selected(
    operations: &DocumentOperations,
    name: Option<&str>,
) -> (Option<String>, OperationType) {
    let mut all = operations.iter();
    let found = match name {
        Some(name) => all.find(|(known, _)| known.is_some_and(|known| known == name)),
        None => all.next(),
    };
    found.map_or((None, OperationType::Query), |(name, operation)| {
        (name.map(ToString::to_string), operation.node.ty)
    })
}

/// The schema, without what its resolvers reach for.
pub(crate) fn schema_builder() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query, Mutation::default(), Subscription)
}
