//! How far streams go, asked for everybody who waits in one question.
//!
//! Every command asks before it is decided. Each by itself would take a connection and several round trips; so while one question
//! is on its way, those who come wait for the next, which is asked for all of them. Nobody is answered by a question that was
//! begun before they asked.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};

use domain::ids::LedgerId;
use domain::stream::StreamId;
use sqlx::PgPool;
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::reader::ReadError;
use crate::writer::read_versions;

/// What is known of each stream that was asked about.
type Found = HashMap<(LedgerId, Uuid), u64>;

/// Somebody who waits, and what they ask about.
struct Waiting {
    streams: Vec<(LedgerId, Uuid)>,
    answer: oneshot::Sender<Arc<Found>>,
}

/// Everybody who waits. Cheap to clone; every clone is the same.
#[derive(Clone, Default)]
pub(crate) struct Versions {
    waiting: Arc<Mutex<Vec<Waiting>>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

impl Versions {
    /// How many entries each of these streams has now; 0 for one that does not exist.
    pub(crate) async fn ask(
        &self,
        pool: &PgPool,
        streams: &[(LedgerId, StreamId)],
    ) -> Result<HashMap<(LedgerId, StreamId), u64>, ReadError> {
        let asked: Vec<(LedgerId, Uuid)> = streams
            .iter()
            .map(|(ledger, stream)| (*ledger, stream.id))
            .collect();
        let found = self.found(pool, asked).await?;
        let version = |ledger, stream: StreamId| found.get(&(ledger, stream.id)).copied();
        let known = streams.iter().map(|(ledger, stream)| {
            let version = version(*ledger, *stream).unwrap_or_default();
            ((*ledger, *stream), version)
        });
        Ok(known.collect())
    }

    async fn found(
        &self,
        pool: &PgPool,
        streams: Vec<(LedgerId, Uuid)>,
    ) -> Result<Arc<Found>, ReadError> {
        loop {
            let (answer, mut told) = oneshot::channel();
            self.enter(Waiting {
                streams: streams.clone(),
                answer,
            });
            let turn = tokio::select! {
                biased;
                told = &mut told => match told {
                    Ok(found) => return Ok(found),
                    // Whoever asked went away or was not answered: ask again.
                    Err(_) => continue,
                },
                turn = self.turn.lock() => turn,
            };
            if let Ok(found) = told.try_recv() {
                return Ok(found);
            }
            // It is our turn to ask: for ourselves, and for all who have come until now.
            let everybody = self.take();
            let others = everybody.iter().flat_map(|one| &one.streams);
            let all: HashSet<_> = others.chain(&streams).copied().collect();
            let found = Arc::new(read(pool, &Vec::from_iter(all)).await?);
            for one in everybody {
                // Who went away meanwhile needs no answer.
                drop(one.answer.send(Arc::clone(&found)));
            }
            drop(turn);
            return Ok(found);
        }
    }

    fn enter(&self, one: Waiting) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.push(one);
    }

    fn take(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *waiting)
    }
}

async fn read(pool: &PgPool, streams: &[(LedgerId, Uuid)]) -> Result<Found, ReadError> {
    let mut connection = pool.acquire().await?;
    let rows = read_versions(&mut connection, streams).await?;
    let found = rows.into_iter().map(|row| {
        let ledger = LedgerId::new(row.ledger_id);
        ((ledger, row.stream_id), row.version.cast_unsigned())
    });
    Ok(found.collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::ids::CommitmentId;
    use futures::future::join_all;
    use sqlx::postgres::PgPoolOptions;

    use super::*;

    fn stream(of: u128) -> (LedgerId, StreamId) {
        let id = CommitmentId::new(Uuid::from_u128(of));
        (LedgerId::new(Uuid::from_u128(of)), StreamId::commitment(id))
    }

    /// One connection, so that whoever holds it keeps every question waiting.
    async fn narrow(pool: &PgPool) -> PgPool {
        let options = PgPoolOptions::new().max_connections(1);
        let options = options.connect_with((*pool.connect_options()).clone());
        options.await.expect("a connection")
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn all_who_come_while_a_question_is_on_its_way_share_the_next(pool: PgPool) {
        let (pool, versions) = (narrow(&pool).await, Versions::default());
        let held = pool.acquire().await.expect("the connection");
        let asking = (0..50).map(|of| {
            let (pool, versions) = (pool.clone(), versions.clone());
            tokio::spawn(async move { versions.ask(&pool, &[stream(of)]).await })
        });
        let asking: Vec<_> = asking.collect();
        while versions.count() < 49 {
            tokio::task::yield_now().await;
        }
        drop(held);
        for (of, answer) in (0..).zip(join_all(asking).await) {
            let answer = answer.expect("it ran").expect("an answer");
            assert_eq!(answer, HashMap::from([(stream(of), 0)]), "its own alone");
        }
        assert!(versions.take().is_empty());
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn who_waits_is_answered_when_whoever_asked_goes_away(pool: PgPool) {
        let (pool, versions) = (narrow(&pool).await, Versions::default());
        let held = pool.acquire().await.expect("the connection");
        let ask = |of: u128| {
            let (pool, versions) = (pool.clone(), versions.clone());
            tokio::spawn(async move { versions.ask(&pool, &[stream(of)]).await })
        };
        let first = ask(1);
        // It has taken itself off the list, and waits for the connection.
        let taken = || versions.turn.try_lock().is_err() && versions.count() == 0;
        while !taken() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let second = ask(2);
        while versions.count() == 0 {
            tokio::task::yield_now().await;
        }
        first.abort();
        drop(held);
        let answer = second.await.expect("it ran").expect("an answer");
        assert_eq!(answer, HashMap::from([(stream(2), 0)]));
    }

    #[sqlx::test(migrations = "../../migrations")]
    async fn a_question_that_fails_fails_whoever_asked_it_and_the_rest_ask_again(pool: PgPool) {
        let (good, versions) = (narrow(&pool).await, Versions::default());
        let bad = narrow(&pool).await;
        bad.close().await;
        let turn = versions.turn.clone().lock_owned().await;
        let ask = |pool: &PgPool| {
            let (pool, versions) = (pool.clone(), versions.clone());
            tokio::spawn(async move { versions.ask(&pool, &[stream(1)]).await })
        };
        let failing = ask(&bad);
        while versions.count() < 1 {
            tokio::task::yield_now().await;
        }
        let waiting = ask(&good);
        while versions.count() < 2 {
            tokio::task::yield_now().await;
        }
        drop(turn);
        assert!(failing.await.expect("it ran").is_err());
        assert!(waiting.await.expect("it ran").is_ok());
    }

    impl Versions {
        fn count(&self) -> usize {
            self.waiting.lock().expect("the list").len()
        }
    }
}
