//! Waking readers: how far each ledger is known to go.
//!
//! Readers always read the store; a wake-up only says that it is worth looking. In one process the
//! writers tell it directly. Across processes, one task per process that appends sends NOTIFY after
//! the commit, many appends in one: inside the append's own transaction it would make every commit
//! of the database queue for one lock. A lost notification costs a poll's delay and nothing else.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError, Weak};
use std::time::Duration;

use domain::ids::LedgerId;
use sqlx::PgPool;
use sqlx::postgres::PgListener;
use tokio::sync::{Notify, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use crate::entry::Position;
use crate::supervise::supervised;

const CHANNEL: &str = "ledger_appended";

/// The least time between two rounds of notifications.
const NOTIFY_EVERY: Duration = Duration::from_millis(20);

/// How long to wait before listening again after the database went away.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// How far each ledger is known to go, in this process.
#[derive(Default)]
pub(crate) struct Wake {
    heads: Mutex<HashMap<LedgerId, watch::Sender<Position>>>,
    listener: OnceLock<DropGuard>,
}

impl Wake {
    /// Follows a ledger's known position.
    pub(crate) fn watch(&self, ledger: LedgerId) -> watch::Receiver<Position> {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        heads.entry(ledger).or_default().subscribe()
    }

    /// Makes known that a ledger goes to `position`. Never takes it back.
    pub(crate) fn advance(&self, ledger: LedgerId, position: Position) {
        let mut heads = self.heads.lock().unwrap_or_else(PoisonError::into_inner);
        heads.entry(ledger).or_default().send_if_modified(|known| {
            let further = position > *known;
            *known = position.max(*known);
            further
        });
    }

    /// Starts listening for other processes' appends, once, until the last reader is dropped.
    pub(crate) fn listen_across_processes(self: &Arc<Self>, pool: &PgPool) {
        self.listener.get_or_init(|| {
            let stop = CancellationToken::new();
            let (wake, pool) = (Arc::downgrade(self), pool.clone());
            let listening = supervised("listener", move || listen(wake.clone(), pool.clone()));
            tokio::spawn(stop.clone().run_until_cancelled_owned(listening));
            stop.drop_guard()
        });
    }
}

/// Listens until the pool is closed or nobody is left to wake.
async fn listen(wake: Weak<Wake>, pool: PgPool) {
    while !pool.is_closed() && wake.strong_count() > 0 {
        if let Err(error) = listen_once(&wake, &pool).await
            && !pool.is_closed()
        {
            tracing::warn!(%error, "listening for appends failed; polling until it works again");
            tokio::time::sleep(LISTEN_AGAIN_AFTER).await;
        }
    }
}

async fn listen_once(wake: &Weak<Wake>, pool: &PgPool) -> Result<(), sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(CHANNEL).await?;
    loop {
        let notification = listener.recv().await?;
        let Some(wake) = wake.upgrade() else {
            return Ok(());
        };
        if let Some((ledger, position)) = parse(notification.payload()) {
            wake.advance(ledger, position);
        }
    }
}

fn parse(payload: &str) -> Option<(LedgerId, Position)> {
    let (ledger, position) = payload.split_once(' ')?;
    Some((ledger.parse().ok()?, position.parse().ok()?))
}

/// Appends that other processes have not been told of: one position per ledger, the last.
#[derive(Default)]
pub(crate) struct Outbox {
    waiting: Mutex<HashMap<LedgerId, Position>>,
    filled: Notify,
}

impl Outbox {
    /// Puts an append in, over an earlier one of the same ledger.
    pub(crate) fn put(&self, ledger: LedgerId, position: Position) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(ledger, position);
        self.filled.notify_one();
    }

    fn take(&self) -> Vec<String> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting
            .drain()
            .map(|(ledger, position)| format!("{ledger} {position}"))
            .collect()
    }

    /// Sends what is put in, at most every [`NOTIFY_EVERY`], until told to stop; then what is left.
    pub(crate) async fn deliver(self: Arc<Self>, pool: PgPool, stop: CancellationToken) {
        let mut stopping = false;
        while !stopping {
            stopping = stop
                .run_until_cancelled(self.filled.notified())
                .await
                .is_none();
            let payloads = self.take();
            if payloads.is_empty() {
                continue;
            }
            if let Err(error) = notify(&pool, &payloads).await {
                tracing::warn!(%error, "other processes were not told of appends; they will find them by polling");
            }
            stopping |= stop
                .run_until_cancelled(tokio::time::sleep(NOTIFY_EVERY))
                .await
                .is_none();
        }
    }
}

/// A notification makes its transaction wait for the disk, in the way of the appends; there is nothing
/// in it to keep, so this one does not.
async fn notify(pool: &PgPool, payloads: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "select set_config('synchronous_commit', 'off', true), pg_notify($1, payload)
         from unnest($2::text[]) as payload",
        CHANNEL,
        payloads,
    )
    .fetch_all(pool)
    .await?;
    Ok(())
}
