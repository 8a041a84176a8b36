//! Sixty-four callers on few streams who hang up and try again, two processes, sessions killed under
//! the writers; and readers who follow all the while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::ids::LedgerId;
use domain::stream::StreamId;
use futures::StreamExt;
use ledger::{Append, AppendError, Ledger, Options, Reader, Receipt, RequestDigest};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use testkit::chance::Chance;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::audit::{Promised, Seen, audit};
use crate::support::{DEADLINE, at_noon, everything, ledger_id, note, stream};

const CALLERS: u64 = 64;
const COMMANDS: u64 = 8;
/// How many sessions are ended at most.
const KILLS: u64 = 40;
const STREAMS: u64 = 4;
const LEDGERS: [LedgerId; 2] = [ledger_id(1), ledger_id(2)];

/// What the callers know between them.
#[derive(Default)]
struct Board {
    versions: Mutex<HashMap<(LedgerId, StreamId), u64>>,
    promised: Mutex<HashMap<LedgerId, Vec<Promised>>>,
    conflicts: Mutex<u64>,
    hung_up: Mutex<u64>,
}

impl Board {
    fn version(&self, ledger: LedgerId, stream: StreamId) -> u64 {
        let versions = self.versions.lock().unwrap();
        versions.get(&(ledger, stream)).copied().unwrap_or(0)
    }

    fn learn(&self, ledger: LedgerId, stream: StreamId, version: u64) {
        let mut versions = self.versions.lock().unwrap();
        let known = versions.entry((ledger, stream)).or_default();
        *known = version.max(*known);
    }

    fn promise(&self, append: &Append, receipt: &Receipt) {
        let (stream, version) = receipt.streams[0];
        self.learn(receipt.ledger, stream, version);
        let promised = Promised {
            command: append.command,
            stream,
            position: receipt.first_position,
            version,
        };
        self.promised
            .lock()
            .unwrap()
            .entry(receipt.ledger)
            .or_default()
            .push(promised);
    }
}

/// One caller: each command until it is answered, under the same id, through either process.
async fn call(number: u64, processes: [Ledger; 2], board: Arc<Board>) {
    let mut chance = Chance::seeded(number);
    for command in 0..COMMANDS {
        let id = u128::from(1 + number * COMMANDS + command);
        let ledger = LEDGERS[usize::from(chance.percent(20))];
        let stream = stream(u128::from(chance.below(STREAMS)));
        loop {
            let version = board.version(ledger, stream);
            let mut append = note(ledger, id, stream, version, "noted");
            append.digest = RequestDigest::of(&id.to_be_bytes());
            let process = &processes[usize::from(chance.percent(50))];
            match try_once(process, append.clone(), &mut chance).await {
                None => *board.hung_up.lock().unwrap() += 1,
                Some(Ok(receipt)) => break board.promise(&append, &receipt),
                Some(Err(AppendError::Conflict { actual, .. })) => {
                    *board.conflicts.lock().unwrap() += 1;
                    board.learn(ledger, stream, actual);
                }
                Some(Err(AppendError::Busy { .. })) => tokio::task::yield_now().await,
                Some(Err(other)) => panic!("{other:?}"),
            }
        }
    }
}

/// Sends a command, and in four cases of ten hangs up at some moment before the answer.
async fn try_once(
    process: &Ledger,
    append: Append,
    chance: &mut Chance,
) -> Option<Result<Receipt, AppendError>> {
    if !chance.percent(40) {
        return Some(process.append(append).await);
    }
    let moment = Duration::from_micros(chance.below(4_000));
    tokio::time::timeout(moment, process.append(append))
        .await
        .ok()
}

/// Ends the writers' sessions, again and again, until told to stop. Answers how many it ended.
async fn kill_sessions(pool: PgPool, mut stop: oneshot::Receiver<()>) -> u64 {
    let mut killed = 0;
    while killed < KILLS
        && tokio::time::timeout(Duration::from_millis(40), &mut stop)
            .await
            .is_err()
    {
        let ended = sqlx::query(
            "select pg_terminate_backend(pid) from pg_stat_activity
             where application_name = 'storm' and datname = current_database() limit 1",
        )
        .execute(&pool);
        killed += ended.await.unwrap().rows_affected();
    }
    killed
}

/// Follows a ledger until its end is announced and reached.
async fn follow(reader: Reader, ledger: LedgerId, mut end: oneshot::Receiver<u64>) -> Vec<Seen> {
    let mut seen = Vec::new();
    let mut entries = reader.subscribe(ledger, 0);
    let mut last = u64::MAX;
    while (seen.len() as u64) < last {
        tokio::select! {
            announced = &mut end, if last == u64::MAX => last = announced.unwrap(),
            entry = entries.next() => seen.push(Seen::of(&entry.unwrap().unwrap())),
        }
    }
    seen
}

fn process(pool: &PgPool) -> Ledger {
    let options = (*pool.connect_options()).clone().application_name("storm");
    let pool = PgPoolOptions::new()
        .max_connections(8)
        .connect_lazy_with(options);
    Ledger::start(pool, Options::default(), at_noon())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn in_a_storm_nothing_is_lost_repeated_skipped_or_reordered(pool: PgPool) {
    let processes = [process(&pool), process(&pool)];
    let board = Arc::new(Board::default());
    let mut announce = Vec::new();
    let mut followers = Vec::new();
    for ledger in LEDGERS {
        let (send, end) = oneshot::channel();
        announce.push(send);
        followers.push(tokio::spawn(follow(Reader::new(pool.clone()), ledger, end)));
    }
    let (stop, stopped) = oneshot::channel();
    let killer = tokio::spawn(kill_sessions(pool.clone(), stopped));
    let mut callers = JoinSet::new();
    for number in 0..CALLERS {
        callers.spawn(call(number, processes.clone(), Arc::clone(&board)));
    }
    tokio::time::timeout(DEADLINE, callers.join_all())
        .await
        .expect("an answer to every command");
    // Nobody hears it if enough were killed already.
    let _ = stop.send(());
    let killed = killer.await.unwrap();
    for process in processes {
        process.shutdown().await;
    }

    let reader = Reader::new(pool);
    let promised = std::mem::take(&mut *board.promised.lock().unwrap());
    for ((ledger, announce), follower) in LEDGERS.into_iter().zip(announce).zip(followers) {
        let entries: Vec<Seen> = everything(&reader, ledger)
            .await
            .iter()
            .map(Seen::of)
            .collect();
        assert_eq!(audit(&entries, &promised[&ledger]), Ok(()));
        assert_eq!(
            entries.len(),
            promised[&ledger].len(),
            "what is recorded was promised"
        );
        announce.send(entries.len() as u64).unwrap();
        let followed = tokio::time::timeout(DEADLINE, follower)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(followed, entries, "the follower saw the same");
    }
    let (conflicts, hung_up) = (
        *board.conflicts.lock().unwrap(),
        *board.hung_up.lock().unwrap(),
    );
    assert!(
        conflicts > 0 && hung_up > 0 && killed > 0,
        "{conflicts} {hung_up} {killed}"
    );
    println!("{conflicts} conflicts, {hung_up} hung up, {killed} sessions killed");
}
