//! The projector against a real ledger: what is appended turns up in the views.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use domain::clock::{Clock, SystemClock};
use domain::commitment::{CommitmentAgreed, CommitmentProposed, CommitmentStarted};
use domain::ids::{CommandId, CommitmentId, LedgerId};
use domain::stream::StreamId;
use domain::{CommitmentEvent, Dated};
use ledger::{Append, Ledger, NewEvent, Options, RequestDigest, ServiceRole, StreamAppend};
use projector::{Deps, Settings, run};
use sqlx::PgPool;
use telemetry::Health;
use testkit::breaking::{BreakingClock, BreakingFigures, Charges};
use testkit::service::sign_in;
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use views::{CommitmentView, Projected, ViewReader};

const DEADLINE: Duration = Duration::from_secs(20);

fn ledger_id(number: u128) -> LedgerId {
    LedgerId::new(Uuid::from_u128(number))
}

/// Appends one event to the stream of commitment 1.
async fn record(ledger: &Ledger, to: LedgerId, version: u64, event: CommitmentEvent) {
    let dated = Dated {
        occurred_on: NaiveDate::from_ymd_opt(2008, 4, 1).expect("a date"),
        meeting: None,
        event,
    };
    let append = Append {
        ledger: to,
        command: CommandId::new(Uuid::from_u128(1_000 + u128::from(version))),
        digest: RequestDigest::of(&version.to_be_bytes()),
        actor: "principal-1".to_owned(),
        role: "secretariat".to_owned(),
        causation: None,
        streams: vec![StreamAppend {
            stream: StreamId::commitment(CommitmentId::new(Uuid::from_u128(1))),
            expected_version: version,
            events: vec![NewEvent::of(&dated).expect("an event")],
        }],
    };
    ledger.append(append).await.expect("it is recorded");
}

fn proposed() -> CommitmentEvent {
    CommitmentProposed {
        session: "2008-09".parse().expect("a session"),
        label: "1".to_owned(),
        title: "Encourage organisations to commit to the Skills Pledge".to_owned(),
        comment: None,
        classification: domain::commitment::Classification::default(),
        due_on: None,
    }
    .into()
}

struct Running {
    projected: Projected,
    health: Health,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(pool: &PgPool, ledger: &Ledger, holder: u128) -> Self {
        Self::start_by(pool, ledger, holder, Arc::new(SystemClock))
    }

    fn start_by(pool: &PgPool, ledger: &Ledger, holder: u128, clock: Arc<dyn Clock>) -> Self {
        let pool = sign_in(pool, ServiceRole::Projector);
        let (projected, health) = (Projected::new(pool.clone()), Health::default());
        let stop = CancellationToken::new();
        let deps = Deps {
            reader: ledger.reader().over(pool.clone()),
            pool,
            projected: projected.clone(),
            health: health.clone(),
            clock,
        };
        let settings = Settings {
            lease: Duration::from_secs(2),
            ..Settings::new(Uuid::from_u128(holder))
        };
        let task = tokio::spawn(run(deps, settings, stop.clone()));
        Self {
            projected,
            health,
            stop,
            task,
        }
    }

    async fn reaches(&self, ledger: LedgerId, position: u64) {
        let deadline = Instant::now() + DEADLINE;
        self.projected
            .wait(ledger, position, deadline)
            .await
            .expect("the views catch up");
    }

    /// Until `/readyz` would say this.
    async fn says(&self, words: &str) {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let report = format!("{:?}", self.health.report());
            if report.contains(words) {
                return;
            }
            assert!(Instant::now() < deadline, "{report}");
            tokio::task::yield_now().await;
        }
    }

    async fn stop(self) {
        self.stop.cancel();
        self.task.await.expect("it stops cleanly");
    }
}

fn start(pool: &PgPool) -> Ledger {
    let pool = sign_in(pool, ServiceRole::Recorder);
    Ledger::start(pool, Options::default(), Arc::new(SystemClock))
}

async fn agreed(pool: &PgPool, ledger: LedgerId) -> Option<CommitmentView> {
    ViewReader::new(sign_in(pool, ServiceRole::Gateway))
        .one(ledger, Uuid::from_u128(1))
        .await
        .expect("the view can be read")
}

/// Every view is folded to its ledger's end, and is what the ledger says.
async fn is_sound(pool: &PgPool) {
    let report = views::check(pool, |_| ControlFlow::Continue(())).await;
    let report = report.expect("the check runs");
    assert_eq!(report.findings, []);
    assert_eq!(report.behind, []);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_appended_can_be_read_once_its_position_was_waited_for(pool: PgPool) {
    let ledger = start(&pool);
    let running = Running::start(&pool, &ledger, 1);
    record(&ledger, ledger_id(1), 0, proposed()).await;
    record(&ledger, ledger_id(1), 1, CommitmentAgreed {}.into()).await;
    running.reaches(ledger_id(1), 2).await;
    let view = agreed(&pool, ledger_id(1)).await.unwrap();
    assert_eq!(view.version, 2);
    is_sound(&pool).await;
    running.stop().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_projector_that_starts_again_carries_on_where_it_stopped(pool: PgPool) {
    let ledger = start(&pool);
    let first = Running::start(&pool, &ledger, 1);
    record(&ledger, ledger_id(1), 0, proposed()).await;
    first.reaches(ledger_id(1), 1).await;
    first.stop().await;
    record(&ledger, ledger_id(1), 1, CommitmentAgreed {}.into()).await;
    let second = Running::start(&pool, &ledger, 2);
    second.reaches(ledger_id(1), 2).await;
    assert_eq!(agreed(&pool, ledger_id(1)).await.unwrap().version, 2);
    is_sound(&pool).await;
    second.stop().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn another_projector_takes_over_what_one_that_died_had_leased(pool: PgPool) {
    let ledger = start(&pool);
    let first = Running::start(&pool, &ledger, 1);
    record(&ledger, ledger_id(1), 0, proposed()).await;
    first.reaches(ledger_id(1), 1).await;
    first.task.abort();
    assert!(first.task.await.is_err_and(|ended| ended.is_cancelled()));
    let second = Running::start(&pool, &ledger, 2);
    record(&ledger, ledger_id(1), 1, CommitmentAgreed {}.into()).await;
    second.reaches(ledger_id(1), 2).await;
    is_sound(&pool).await;
    second.stop().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_parked_view_turns_the_projector_unready_and_says_what_to_do(pool: PgPool) {
    let ledger = start(&pool);
    let running = Running::start(&pool, &ledger, 1);
    record(&ledger, ledger_id(1), 0, proposed()).await;
    running.reaches(ledger_id(1), 1).await;
    sqlx::query("update view_checkpoint set leaf_hash = decode(repeat('00', 32), 'hex')")
        .execute(&pool)
        .await
        .unwrap();
    record(&ledger, ledger_id(1), 1, CommitmentAgreed {}.into()).await;
    running.says("parked").await;
    let parked = views::parked(&pool).await.unwrap();
    assert!(parked.iter().all(|(_, _, at)| {
        at.parked
            .as_ref()
            .is_some_and(|parked| parked.reason.starts_with("history changed"))
    }));
    assert!(!parked.is_empty());
    running.stop().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_ledger_whose_follower_broke_is_followed_by_another(pool: PgPool) {
    let figures = BreakingFigures::on("projector_entries_folded_total");
    let _installed = metrics::set_default_local_recorder(&figures);
    let ledger = start(&pool);
    let running = Running::start(&pool, &ledger, 1);
    record(&ledger, ledger_id(1), 0, proposed()).await;
    running.reaches(ledger_id(1), 1).await;
    figures.charges().set(1);
    record(&ledger, ledger_id(1), 1, CommitmentAgreed {}.into()).await;
    running.reaches(ledger_id(1), 2).await;
    // The first wait may end with the step that broke; this entry is the next follower's.
    record(&ledger, ledger_id(1), 2, CommitmentStarted {}.into()).await;
    running.reaches(ledger_id(1), 3).await;
    assert_eq!(figures.counted("projector_follower_restarts_total"), 1);
    running.stop().await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_projector_that_no_longer_watches_its_lag_turns_red(pool: PgPool) {
    let ledger = start(&pool);
    let charges = Arc::new(Charges::default());
    let clock = BreakingClock {
        now: SystemClock.now(),
        charges: Arc::clone(&charges),
    };
    let running = Running::start_by(&pool, &ledger, 1, Arc::new(clock));
    running.says("ready: true").await;
    charges.set(1);
    running.says("has stopped").await;
    running.stop().await;
}
