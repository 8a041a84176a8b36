//! What is sent to do harm: each refused by name, with little more work than anything that is refused, and
//! leaving nothing behind.

mod sent;
mod work;

use std::thread;

use sqlx::PgPool;

use self::sent::{Abuse, all, yardstick};
use self::work::Worker;
use crate::world::World;

/// How many times as long as what was sent an answer may be, and how much it may be in any case.
const LONGER: usize = 2;
const SHORT: usize = 4096;

/// Sends it and looks at the answer.
async fn answer(world: &World, abuse: &Abuse) -> Result<(), String> {
    let answer = world.ask((abuse.request)()).await;
    let shown = answer.body.to_string();
    let bytes = shown.len();
    let code = answer.body["errors"][0]["extensions"]["code"].as_str();
    if code != Some(abuse.expected) {
        return Err(format!("is not {}: {shown:.200}", abuse.expected));
    }
    if bytes > abuse.bytes * LONGER + SHORT {
        return Err(format!("is answered with {bytes} bytes: {shown:.200}"));
    }
    Ok(())
}

/// What is wrong with the way abuses are answered.
fn complaints(world: &World) -> Vec<String> {
    let worker = Worker::new();
    let work = |abuse: &Abuse| worker.often(|| answer(world, abuse));
    let usual = work(&yardstick()).expect("refused");
    let judged = all().into_iter().filter_map(|abuse| {
        let wrong = match work(&abuse) {
            Err(wrong) => Some(wrong),
            Ok(work) => {
                println!("{} {}", abuse.what, work.shown());
                work.wrong(usual)
            }
        };
        wrong.map(|wrong| format!("{} {wrong}", abuse.what))
    });
    judged.collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_abuse_is_refused_by_name_with_the_work_of_any_refusal_and_leaves_nothing_behind(
    pool: PgPool,
) {
    let world = World::without_projector(&pool).await;
    let found = thread::scope(|scope| scope.spawn(|| complaints(&world)).join());
    let found = found.expect("looked at");
    assert!(found.is_empty(), "{found:#?}");
}
