//! A gateway with everything behind it, and a small compact to ask about.

use std::collections::BTreeSet;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use access::Access;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use axum::{Router, response::Response};
use chrono::NaiveDate;
use domain::clock::SystemClock;
use domain::ids::{AccountId, CommandId, GrantId, IdSource, LedgerId, RandomIds, RegionId};
use domain::region::GrantTerms;
use domain::{Command, Post, RegionCommand};
use files::{Files, Parts, Room, Store};
use futures::future::BoxFuture;
use futures::{FutureExt, StreamExt};
use gateway::{
    Caller, Decisions, Door, Gateway, Grants, Identify, Limits, NodeId, NodeKind, NotIdentified,
    Pace, Paces, SecurityLog, Services, Throttle, TrustedDocuments, guarded, router,
};
use ledger::{Ledger, Options, ServiceRole};
use recorder::{Installation, Recorder, RecorderClient, Submission};
use reminders::Outbox;
use serde_json::{Value, json};
use sqlx::PgPool;
use testkit::service::sign_in;
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tower::ServiceExt;
use uuid::Uuid;
use vault::{SystemRandomness, Vault};
use views::search::PurgeWords;
use views::{Historian, Projected, Projection, ViewReader};

/// The account that asks and changes, unless a test says otherwise.
pub const SECRETARIAT: &str = "00000000-0000-4000-8000-0000000000a1";

/// The day on which the region's record and the first roles begin.
const DAY: NaiveDate = NaiveDate::from_ymd_opt(2006, 1, 1).expect("a day of the calendar");

fn region_of(id: &str) -> RegionId {
    NodeId::decode(id).expect("a region").uuid().into()
}

/// A gateway with everything behind it.
pub struct World {
    pub closing: CancellationToken,
    pub gateway: Gateway,
    pub throttle: Throttle,
    router: Router,
    left: Arc<Mutex<BTreeSet<String>>>,
    /// What was written down of personal data that was taken out.
    pub logged: Arc<Logged>,
    /// For the installation's own work: beginning a region, giving the first roles.
    office: Arc<Recorder>,
    projected: Projected,
    turn: Arc<Semaphore>,
    _projecting: DropGuard,
}

/// How a world is made.
struct Made {
    /// Whether its views follow what is recorded.
    projecting: bool,
    /// Who records; the world's own office where none is named.
    recorder: Option<RecorderClient>,
    paces: Paces,
    /// What the gateway reads through; a pool of the usual size where none is given.
    reading: Option<PgPool>,
    /// What is known beforehand.
    documents: TrustedDocuments,
}

impl Default for Made {
    fn default() -> Self {
        Self {
            projecting: true,
            recorder: None,
            paces: Paces::default(),
            reading: None,
            documents: TrustedDocuments::default(),
        }
    }
}

/// An answer: its status, headers and body.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Value,
}

/// Takes whoever calls at their word: a header names the account. The tests' own: what a gateway does for somebody does not
/// depend on how they were told.
#[derive(Clone, Default)]
struct AtTheirWord {
    /// Whose sessions have ended.
    left: Arc<Mutex<BTreeSet<String>>>,
}

impl Identify for AtTheirWord {
    fn identify<'a>(
        &'a self,
        headers: &'a HeaderMap,
        _: Option<std::net::IpAddr>,
    ) -> BoxFuture<'a, Result<Caller, NotIdentified>> {
        let named = headers.get("x-actor").map(|value| value.to_str().ok());
        if let Some(Some(account)) = named
            && self.left.lock().expect("the list").contains(account)
        {
            let ended = NotIdentified {
                status: StatusCode::UNAUTHORIZED,
                code: "SESSION_ENDED",
                words: "your session has ended: sign in again".into(),
                retry_after: None,
            };
            return std::future::ready(Err(ended)).boxed();
        }
        let caller = match named {
            None => Ok(Caller::public()),
            Some(id) => id
                .and_then(|id| id.parse().ok())
                .map(Caller::signed_in)
                .ok_or(NotIdentified {
                    status: StatusCode::UNAUTHORIZED,
                    code: "BAD_ACTOR",
                    words: "the header `x-actor` must be the id of an account".into(),
                    retry_after: None,
                }),
        };
        std::future::ready(caller).boxed()
    }
}

/// Remembers what was written down, and about whom.
#[derive(Default)]
pub struct Logged {
    /// Who took out whose data.
    pub exported: Mutex<Vec<(String, Uuid)>>,
    /// Who was refused a change, in which ledger.
    pub refused: Mutex<Vec<(String, Uuid)>>,
}

type Noted<'a> = BoxFuture<'a, Result<(), Box<dyn std::error::Error + Send + Sync>>>;

fn note(list: &Mutex<Vec<(String, Uuid)>>, account: AccountId, thing: Uuid) -> Noted<'_> {
    let mut list = list.lock().expect("the list");
    list.push((account.to_string(), thing));
    std::future::ready(Ok(())).boxed()
}

impl SecurityLog for Logged {
    fn exported(&self, account: AccountId, person: Uuid) -> Noted<'_> {
        note(&self.exported, account, person)
    }

    fn refused(&self, account: AccountId, ledger: LedgerId) -> Noted<'_> {
        note(&self.refused, account, ledger.uuid())
    }
}

/// Where people keep what they are still typing.
fn drawers(pool: &PgPool, vault: Vault) -> accounts::Accounts {
    let parts = accounts::Parts {
        pool: sign_in(pool, ServiceRole::Gateway),
        sealing: Arc::new(accounts::VaultSealing::new(vault, Uuid::nil().into())),
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        randomness: Arc::new(SystemRandomness),
    };
    accounts::Accounts::new(parts, accounts::Settings::default()).expect("settings")
}

/// Files that are kept for as long as the test lasts.
fn files(pool: &PgPool, vault: &Vault) -> Files {
    Files::new(Parts {
        store: Store::in_memory(),
        pool: pool.clone(),
        vault: vault.clone(),
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
        randomness: Arc::new(SystemRandomness),
        room: Room::default(),
    })
}

/// The ledger, and the recorder that writes it.
fn office(pool: &PgPool, access: &Arc<Access>, vault: &Vault) -> (Ledger, Arc<Recorder>) {
    let options = Options {
        notify: false,
        ..Options::default()
    };
    let clock = Arc::new(SystemClock);
    let recording = sign_in(pool, ServiceRole::Recorder);
    let ledger = Ledger::start(recording, options, clock.clone());
    let (access, vault) = (Arc::clone(access), vault.clone());
    let words: Arc<dyn vault::Purge> =
        Arc::new(PurgeWords::new(sign_in(pool, ServiceRole::Recorder)));
    let office = Recorder::new(ledger.clone(), access, vault, clock, 100);
    (ledger, Arc::new(office.purging([words])))
}

impl World {
    pub async fn new(pool: &PgPool) -> Self {
        Self::with(pool, Made::default()).await
    }

    /// A world whose views stand still.
    pub async fn without_projector(pool: &PgPool) -> Self {
        let made = Made {
            projecting: false,
            ..Made::default()
        };
        Self::with(pool, made).await
    }

    /// A world whose recorder is at an address where nobody answers.
    pub async fn without_recorder(pool: &PgPool) -> Self {
        let nobody = RecorderClient::http("http://127.0.0.1:1").expect("an address");
        let made = Made {
            projecting: false,
            recorder: Some(nobody),
            ..Made::default()
        };
        Self::with(pool, made).await
    }

    /// A world where everybody is kept to these paces.
    pub async fn paced(pool: &PgPool, paces: Paces) -> Self {
        let made = Made {
            paces,
            ..Made::default()
        };
        Self::with(pool, made).await
    }

    /// A world that knows these documents beforehand.
    pub async fn knowing(pool: &PgPool, documents: TrustedDocuments) -> Self {
        let made = Made {
            documents,
            ..Made::default()
        };
        Self::with(pool, made).await
    }

    /// A world that reads through this pool, where nobody is kept to a pace.
    pub async fn reading_through(pool: &PgPool, reading: PgPool) -> Self {
        let pace = Pace {
            per_second: NonZeroU32::MAX,
            burst: NonZeroU32::MAX,
        };
        let made = Made {
            reading: Some(reading),
            paces: Paces {
                address: pace,
                account: pace,
                token: pace,
                ledger: pace,
            },
            ..Made::default()
        };
        Self::with(pool, made).await
    }

    async fn with(pool: &PgPool, made: Made) -> Self {
        let Made {
            projecting,
            recorder,
            paces,
            reading,
            documents,
        } = made;
        let throttle = Throttle::new(paces);
        let access = Arc::new(Access::load().expect("the policies"));
        let vault = testkit::service::vault(pool).await;
        let (ledger, office) = office(pool, &access, &vault);
        let recorder = recorder.unwrap_or_else(|| RecorderClient::InProcess(Arc::clone(&office)));
        let drafts = drawers(pool, vault.clone());
        let reading = reading.unwrap_or_else(|| sign_in(pool, ServiceRole::Gateway));
        let reader = ledger.reader().over(reading.clone());
        let projected = Projected::new(reading.clone());
        let (stop, turn) = (CancellationToken::new(), Arc::new(Semaphore::new(1)));
        if projecting {
            keep_projecting(pool, &ledger, (&stop, &turn));
        }
        let closing = CancellationToken::new();
        let logged = Arc::new(Logged::default());
        let services = Services {
            files: files(&reading, &vault),
            reminders: Outbox::new(reading.clone()),
            historian: Historian::new(reader.clone(), reading.clone()).opening(vault.clone()),
            grants: Grants::new(ViewReader::new(reading.clone()), projected.clone()),
            views: ViewReader::new(reading).opening(vault),
            ledger: reader,
            decisions: Decisions::by(access),
            recorder,
            projected: projected.clone(),
            clock: Arc::new(SystemClock),
            ids: Arc::new(RandomIds),
            limits: Limits::default(),
            throttle: throttle.clone(),
            documents,
            security: logged.clone(),
            drafts: Arc::new(drafts),
            patience: Duration::from_millis(if projecting { 20_000 } else { 50 }),
        };
        let gateway = Gateway::new(services, closing.clone()).expect("a gateway");
        let at_their_word = AtTheirWord::default();
        Self {
            left: Arc::clone(&at_their_word.left),
            router: guarded(
                router(gateway.clone(), Arc::new(at_their_word)),
                Door::default(),
            ),
            logged,
            closing,
            gateway,
            throttle,
            office,
            projected,
            turn,
            _projecting: stop.drop_guard(),
        }
    }

    /// What is served, to be put behind something else as well.
    pub fn routes(&self) -> Router {
        self.router.clone()
    }

    /// Ends an account's session.
    pub fn sign_out(&self, account: &str) {
        let mut left = self.left.lock().expect("the list");
        left.insert(account.to_owned());
    }

    /// Lets the views stand still until they are resumed.
    pub async fn pause_projector(&self) {
        let turn = self.turn.acquire().await.expect("a turn");
        turn.forget();
    }

    /// Lets the views go on.
    pub fn resume_projector(&self) {
        self.turn.add_permits(1);
    }

    /// Serves it on a port of this machine, for clients that need a connection, and gives the address.
    pub async fn serve(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
        let listener = listener.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = self.router.clone();
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Sends a request as it is, to `localhost` unless it names a host.
    pub async fn send(&self, mut request: Request<Body>) -> Response {
        let host = request.headers_mut().entry(header::HOST);
        host.or_insert(HeaderValue::from_static("localhost"));
        let sent = self.router.clone().oneshot(request).await;
        sent.expect("an answer")
    }

    /// Sends a request and reads the whole answer.
    pub async fn ask(&self, request: Request<Body>) -> Answer {
        let response = self.send(request).await;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = to_bytes(response.into_body(), 1 << 24)
            .await
            .expect("a body");
        let text = String::from_utf8_lossy(&body);
        assert!(
            !text.contains("[sealed]"),
            "a field shows a text that nobody opened; let it answer a `Said`: {text}"
        );
        let body = serde_json::from_slice(&body)
            .unwrap_or_else(|_| Value::String(text.clone().into_owned()));
        Answer {
            status,
            headers,
            body,
        }
    }

    /// Records something as the installation's own work, and waits until it shows.
    pub async fn record(&self, region: RegionId, command: RegionCommand) {
        let submission = Submission {
            ledger: region.ledger(),
            command_id: CommandId::new(RandomIds.next()),
            actor: Installation {
                id: "operator".to_owned(),
                role: "operator".to_owned(),
            },
            causation: None,
            occurred_on: Some(DAY),
            meeting: None,
            expected_version: None,
            commands: vec![Command::Region {
                id: region,
                command,
            }],
        };
        let recorded = self.office.record_own(submission).await.expect("recorded");
        let deadline = tokio::time::Instant::now() + Duration::from_mins(1);
        let shown = self
            .projected
            .wait(recorded.ledger, recorded.position, deadline);
        shown.await.expect("shown");
    }

    /// Gives an account a role that counts from the first day on.
    pub async fn grant(&self, region: &str, account: &str, post: Post) {
        let terms = GrantTerms {
            account: account.parse().expect("an account"),
            post,
            from: DAY,
            until: None,
        };
        let grant = GrantId::new(RandomIds.next());
        self.record(region_of(region), RegionCommand::GrantRole { grant, terms })
            .await;
    }

    /// Begins a region's record and gives whoever asks its administrator's role; the region's id.
    pub async fn begin_region(&self) -> String {
        let region = RegionId::new(RandomIds.next());
        let establish = RegionCommand::EstablishRegion {
            slug: "midshire".to_owned(),
            name: "Midshire".to_owned(),
            funder: "The funder".to_owned(),
            note: None,
            secretariat_cost_gbp_per_year: None,
        };
        self.record(region, establish).await;
        let node = NodeId::new(NodeKind::Region, region.ledger(), region.uuid());
        let id = node.encode().to_string();
        self.grant(&id, SECRETARIAT, Post::RegionalAdministrator)
            .await;
        id
    }

    /// Sends an operation by POST as the secretariat.
    pub async fn post(&self, query: &str, variables: Value) -> Value {
        self.post_as(Some(SECRETARIAT), query, variables).await
    }

    /// Sends an operation by POST as an account, or as the public.
    pub async fn post_as(&self, account: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql").header("content-type", "application/json");
        let request = match account {
            Some(account) => request.header("x-actor", account),
            None => request,
        };
        let request = request.body(Body::from(body)).expect("a request");
        self.ask(request).await.body
    }

    /// Sends a subscription as an account, or as the public, and gives everything that is heard until it ends.
    pub async fn hear_as(&self, account: Option<&str>, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream");
        let request = match account {
            Some(account) => request.header("x-actor", account),
            None => request,
        };
        let answer = self.ask(request.body(Body::from(body)).expect("a request"));
        let answer = tokio::time::timeout(Duration::from_mins(1), answer).await;
        let text = answer.expect("an end").body;
        let text = text.as_str().expect("events").to_owned();
        let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
        data.filter_map(|data| serde_json::from_str::<Value>(data).ok())
            .collect()
    }

    /// The data of an operation that must answer without errors.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.post(query, variables).await;
        assert!(answer.get("errors").is_none(), "{answer:#}");
        answer["data"].clone()
    }

    /// Opens a stream of events and gives what its first part holds.
    pub async fn first_event(&self, query: &str, variables: Value) -> String {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let request = Request::post("/graphql")
            .header("content-type", "application/json")
            .header("accept", "text/event-stream")
            .header("x-actor", SECRETARIAT)
            .body(Body::from(body))
            .expect("a request");
        let mut events = self.send(request).await.into_body().into_data_stream();
        let first = tokio::time::timeout(Duration::from_secs(20), events.next()).await;
        let first = first.expect("an event in time").expect("an event");
        String::from_utf8_lossy(&first.expect("bytes")).into_owned()
    }

    /// Sends a mutation that must be recorded; `shown` is what to answer beside the receipt.
    pub async fn change(&self, field: &str, input: Value, shown: &str) -> Value {
        let region = input["regionId"].as_str().map(str::to_owned);
        let payload = self.attempt(field, input, shown).await;
        assert_eq!(payload["userErrors"], json!([]), "{field}: {payload:#}");
        assert_eq!(payload["projected"], true, "{field}: {payload:#}");
        if let (Some(compact), Some(region)) = (payload["newId"].as_str(), region)
            && field == "openCompact"
        {
            let compact = NodeId::decode(compact).expect("a compact").uuid();
            let post = Post::Secretariat {
                compact_id: compact.into(),
            };
            self.grant(&region, SECRETARIAT, post).await;
        }
        payload
    }

    /// Sends a mutation that may be refused.
    pub async fn attempt(&self, field: &str, input: Value, shown: &str) -> Value {
        let kind = format!("{}{}Input", field[..1].to_uppercase(), &field[1..]);
        let query = format!(
            "mutation M($input: {kind}!) {{ {field}(input: $input) {{ {shown} position recordedAt repeated projected newId userErrors {{ field code message expectedVersion actualVersion }} }} }}"
        );
        self.data(&query, json!({ "input": input })).await[field].clone()
    }

    /// Sends a mutation and gives the id of what it made.
    pub async fn make(&self, field: &str, input: Value) -> String {
        let payload = self.change(field, input, "").await;
        payload["newId"].as_str().expect("a new id").to_owned()
    }
}

fn keep_projecting(
    pool: &PgPool,
    ledger: &Ledger,
    (stop, turn): (&CancellationToken, &Arc<Semaphore>),
) {
    let projecting = project(projection(pool, ledger), ledger.clone(), Arc::clone(turn));
    tokio::spawn(stop.clone().run_until_cancelled_owned(projecting));
}

fn projection(pool: &PgPool, ledger: &Ledger) -> Projection {
    let pool = sign_in(pool, ServiceRole::Projector);
    Projection::new(ledger.reader().over(pool.clone()), pool)
}

async fn project(projection: Projection, ledger: Ledger, turn: Arc<Semaphore>) {
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    loop {
        tick.tick().await;
        let _turn = turn.acquire().await.expect("a turn");
        for id in ledger.reader().ledgers().await.expect("the ledgers") {
            step(&projection, id).await;
        }
    }
}

async fn step(projection: &Projection, ledger: LedgerId) {
    while let Ok(step) = projection.step(ledger).await {
        if step.caught_up {
            return;
        }
    }
}

/// A small compact: a region with three organisations, one compact with a group, two commitments, one of
/// them measured, and a plan with two objectives and an action.
pub struct Small {
    pub region: String,
    pub organisation: String,
    pub indicator: String,
    pub compact: String,
    pub group: String,
    pub commitment: String,
    pub measure: String,
    pub plan: String,
    pub objectives: [String; 2],
    pub action: String,
}

impl Small {
    pub async fn set_up(world: &World) -> Self {
        let (region, indicator, organisation) = register(world).await;
        let compact = world
            .make(
                "openCompact",
                json!({ "regionId": region, "slug": "north", "name": "North Compact",
                    "area": "The north", "launchedOn": "2007-02-01", "occurredOn": "2007-02-01" }),
            )
            .await;
        let group = world
            .make(
                "formGroup",
                json!({ "compactId": compact, "code": "LD", "kind": "THEME",
                    "name": "Learning and development", "occurredOn": "2007-02-02" }),
            )
            .await;
        let (commitment, measure) = promise(world, &compact, &group, &indicator).await;
        let plan = world
            .make(
                "setActionPlan",
                json!({ "groupId": group, "title": "Plan 2007", "occurredOn": "2007-05-01" }),
            )
            .await;
        let objectives = [
            objective(world, &plan, "1", Some(&commitment)).await,
            objective(world, &plan, "2", None).await,
        ];
        let action = world
            .make(
                "setAction",
                json!({ "objectiveId": objectives[0], "text": "Ask every member", "owner": "Chair",
                    "timescale": { "text": "September", "dueOn": "2007-09-30" },
                    "occurredOn": "2007-05-01" }),
            )
            .await;
        Self {
            region,
            organisation,
            indicator,
            compact,
            group,
            commitment,
            measure,
            plan,
            objectives,
            action,
        }
    }
}

async fn register(world: &World) -> (String, String, String) {
    let region = world.begin_region().await;
    for (code, name) in [("pledge", "Skills pledge"), ("entry", "Entry to work")] {
        let theme =
            json!({ "regionId": region, "code": code, "name": name, "occurredOn": "2006-01-01" });
        world.make("addTheme", theme).await;
    }
    let indicator = world
        .make(
            "defineIndicator",
            json!({ "regionId": region, "name": "organisations pledged", "unit": "organisations",
                "additive": true, "occurredOn": "2006-01-01" }),
        )
        .await;
    let mut organisation = String::new();
    for name in ["Borough Council", "Hospital Trust", "City College"] {
        let input = json!({ "regionId": region, "name": name, "category": "LOCAL_GOVERNMENT",
            "occurredOn": "2006-01-01" });
        organisation = world.make("registerOrganisation", input).await;
    }
    (region, indicator, organisation)
}

async fn promise(world: &World, compact: &str, group: &str, indicator: &str) -> (String, String) {
    let mut first = None;
    for label in ["1", "2"] {
        let commitment = world
            .make(
                "proposeCommitment",
                json!({ "compactId": compact, "session": "2007-08", "ref": label,
                    "title": format!("Promise {label}"), "themes": ["pledge"], "groupIds": [group],
                    "occurredOn": "2007-04-01" }),
            )
            .await;
        first.get_or_insert(commitment);
    }
    let commitment = first.expect("a commitment");
    let measure = world
        .make(
            "addMeasure",
            json!({ "commitmentId": commitment, "indicatorId": indicator, "kind": "TOTAL",
                "target": "60", "dueOn": "2008-03-31", "occurredOn": "2007-04-01" }),
        )
        .await;
    (commitment, measure)
}

async fn objective(world: &World, plan: &str, label: &str, commitment: Option<&str>) -> String {
    let input = json!({ "actionPlanId": plan, "ref": label, "title": format!("Objective {label}"),
        "commitmentId": commitment, "occurredOn": "2007-05-01" });
    world.make("addObjective", input).await
}
