//! A walk through the house: people of every role, and the public, ask whatever comes to mind, all at once, over a few
//! connections, and some hang up before they are answered. Whatever anybody is told is compared with what they may know.

mod answer;
mod house;
mod others_eyes;
mod question;
mod sees;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use domain::Visibility;
use futures::StreamExt;
use futures::future::join_all;
use ledger::pool::{Address, Pool, ServiceRole, connect_lazily};
use serde_json::{Value, json};
use sqlx::{PgPool, Row};
use testkit::chance::Chance;
use tokio::sync::RwLock;
use tokio::time::{Instant, timeout};
use uuid::Uuid;

use crate::sdl::Schema;
use crate::world::World;
use house::House;
use question::{Asker, Cursors, Question};
use sees::{Eyes, Part};

/// How many connections there are, and how many people who want one.
const CONNECTIONS: u32 = 3;
const WALKERS: u64 = 8;

/// How many cursors of each kind of list are remembered.
const CURSORS: usize = 50;

/// How long somebody waits for an answer before they count as left alone.
const PATIENCE: Duration = Duration::from_mins(1);

/// How long somebody listens for the next event.
const A_MOMENT: Duration = Duration::from_millis(300);

/// A walk.
struct Walk {
    world: World,
    reading: Pool,
    house: RwLock<House>,
    schema: Schema,
    cursors: Mutex<Cursors>,
    told: Told,
}

/// What happened on the way.
#[derive(Default)]
struct Told {
    requests: AtomicU64,
    hang_ups: AtomicU64,
    refusals: AtomicU64,
    changes: AtomicU64,
    events: AtomicU64,
    /// How often somebody was told each kind of thing they may not know, and one example.
    leaks: Mutex<BTreeMap<String, (u64, String)>>,
}

fn count(of: &AtomicU64) -> u64 {
    of.fetch_add(1, Ordering::Relaxed) + 1
}

/// What somebody does.
enum Deed {
    Asks(Question),
    Changes(String),
    Follows(String),
}

impl Walk {
    async fn begin(pool: &PgPool) -> Self {
        Self::begin_through(
            pool,
            connect_lazily(&Address::of_pool(pool), ServiceRole::Gateway, CONNECTIONS),
        )
        .await
    }

    async fn begin_through(pool: &PgPool, reading: Pool) -> Self {
        let world = World::reading_through(pool, reading.clone()).await;
        let house = House::build(&world).await;
        // Looking for something to project again and again would take more time than all the asking.
        world.pause_projector().await;
        Self {
            world,
            reading,
            house: RwLock::new(house),
            schema: Schema::read(),
            cursors: Mutex::default(),
            told: Told::default(),
        }
    }

    /// Lets everybody ask until there were so many requests.
    async fn go(&self, seed: u64, requests: u64) {
        let began = Instant::now();
        join_all((0..WALKERS).map(|walker| async move {
            let mut chance = Chance::seeded(seed.wrapping_mul(1_000_003) ^ walker);
            while count(&self.told.requests) <= requests {
                if chance.below(1_000) < 3 {
                    self.change(&mut chance).await;
                } else {
                    self.ask(&mut chance).await;
                }
            }
        }))
        .await;
        let Told {
            hang_ups,
            refusals,
            changes,
            events,
            ..
        } = &self.told;
        println!(
            "{requests} requests with the seed {seed} in {:?}: {hang_ups:?} hung up, {refusals:?} refused, {changes:?} changes \
             between, {events:?} events followed",
            began.elapsed(),
        );
    }

    /// Somebody asks something, and is told nothing they may not know.
    async fn ask(&self, chance: &mut Chance) {
        let house = self.house.read().await;
        let person = usize::try_from(chance.below(house.people.len() as u64)).expect("a person");
        let eyes = &house.people[person];
        let deed = self.deed(chance, &house, eyes);
        let request = request(eyes, &deed);
        let patience = if chance.percent(7) {
            Duration::from_micros(chance.below(4_000))
        } else {
            PATIENCE
        };
        let hangs_up = patience < PATIENCE;
        let answering = self.answer(request, &deed, chance.below(4));
        let Ok(answer) = timeout(patience, answering).await else {
            assert!(hangs_up, "no answer to {}", text(&deed));
            count(&self.told.hang_ups);
            return;
        };
        self.compare(&house, eyes, &deed, &answer);
    }

    fn deed(&self, chance: &mut Chance, house: &House, eyes: &Eyes) -> Deed {
        let what = chance.below(100);
        let cursors = self.cursors.lock().expect("the cursors");
        // What they may change is changed elsewhere, where it is known what then is.
        let changes_nothing =
            |at: &usize| !eyes.parts.contains(&Part::Administrator) && !eyes.works_in(*at);
        let elsewhere = (0..house.compacts.len()).find(changes_nothing);
        let only = if what < 8 { elsewhere } else { None };
        let mut asker = Asker {
            chance,
            house,
            schema: &self.schema,
            cursors: &cursors,
            only,
        };
        match what {
            0..8 if only.is_some() => Deed::Changes(asker.mutation()),
            8..12 => Deed::Follows(asker.subscription()),
            _ => Deed::Asks(asker.query(eyes)),
        }
    }

    /// The whole answer; of what is followed, the first few events.
    async fn answer(&self, request: Request<Body>, deed: &Deed, events: u64) -> Value {
        if !matches!(deed, Deed::Follows(_)) {
            return self.world.ask(request).await.body;
        }
        let mut body = self
            .world
            .send(request)
            .await
            .into_body()
            .into_data_stream();
        let mut all = Vec::new();
        for _ in 0..=events {
            // Whoever hears nothing for a moment has heard all there is.
            let Ok(Some(Ok(event))) = timeout(A_MOMENT, body.next()).await else {
                break;
            };
            let event = String::from_utf8_lossy(&event).into_owned();
            let over = event.contains("event: complete") || event.contains("errors");
            for line in event.lines().filter_map(|line| line.strip_prefix("data: ")) {
                all.extend(serde_json::from_str::<Value>(line).ok());
            }
            if over {
                break;
            }
        }
        Value::Array(all)
    }

    fn compare(&self, house: &House, eyes: &Eyes, deed: &Deed, answer: &Value) {
        let seen_with = match deed {
            Deed::Asks(question) => &question.eyes,
            _ => eyes,
        };
        let mut leaks = answer::leaks(house, seen_with, text(deed), answer);
        match deed {
            Deed::Asks(Question { nothing: true, .. }) if !answer["data"]["viewAs"].is_null() => {
                leaks.push("looked as others do".to_owned());
            }
            Deed::Changes(_) if answer.to_string().contains("\"position\":") && changed(answer) => {
                leaks.push("changed what is not theirs".to_owned());
            }
            Deed::Follows(_) => {
                self.told.events.fetch_add(
                    answer.as_array().map_or(0, Vec::len) as u64,
                    Ordering::Relaxed,
                );
            }
            _ => {}
        }
        let refused = answer.to_string().contains("\"code\":");
        if refused {
            count(&self.told.refusals);
        }
        let mut cursors = self.cursors.lock().expect("the cursors");
        answer::cursors(answer, &mut cursors);
        for places in cursors.values_mut() {
            let more = places.len().saturating_sub(CURSORS);
            places.drain(..more);
        }
        let mut told = self.told.leaks.lock().expect("the leaks");
        for leak in leaks {
            let example = format!(
                "{:?} sent {} and was answered {answer}",
                eyes.parts,
                text(deed)
            );
            told.entry(leak).or_insert((0, example)).0 += 1;
        }
    }

    /// Something is changed, with nobody looking: who may see what is then otherwise. Some who change hang up and ask again.
    async fn change(&self, chance: &mut Chance) {
        let mut house = self.house.write().await;
        self.world.resume_projector();
        let at = usize::try_from(chance.below(house.promises.len() as u64)).expect("a thing");
        let (promise, plan) = (house.promises[at].thing, house.plans[at].thing);
        let to = |now: Visibility, chance: &mut Chance| {
            let others = Visibility::ALL.into_iter().filter(|other| *other != now);
            let others: Vec<Visibility> = others.collect();
            others[usize::try_from(chance.below(3)).expect("one of three")]
        };
        let step = match chance.below(9) {
            0 => house.reword(at),
            1 => house.change_target(at),
            2 => house.read(at),
            3 => house.retitle(at),
            4 => house.reword_action(at),
            5 => house.correct(at),
            6 => {
                let other = at / 4 * 4 + usize::try_from(chance.below(4)).expect("one of four");
                house.link(at, other)
            }
            7 => {
                let to = to(house.things[promise].visibility, chance);
                house.release_promise(at, to)
            }
            _ => {
                let to = to(house.things[plan].visibility, chance);
                house.release_plan(at, to)
            }
        };
        let mut input = step.input.clone();
        let command =
            Uuid::from_u128(u128::from(chance.number()) << 64 | u128::from(chance.number()));
        input["commandId"] = json!(command);
        if chance.percent(30) {
            let patience = Duration::from_micros(chance.below(12_000));
            let sending = self.world.attempt(step.field, input.clone(), "");
            if timeout(patience, sending).await.is_err() {
                count(&self.told.hang_ups);
            }
        }
        let payload = self.world.attempt(step.field, input, "").await;
        let errors = payload["userErrors"].to_string();
        assert!(
            errors == "[]" || errors.contains("UNCHANGED") || errors.contains("SAME"),
            "{}: {payload}",
            step.field
        );
        assert!(errors != "[]" || payload["projected"] == true, "{payload}");
        self.world.pause_projector().await;
        house.done(&step, payload["newId"].as_str());
        count(&self.told.changes);
    }

    /// Everything that was told to somebody who may not know it.
    fn leaks(&self) -> Vec<String> {
        let leaks = self.told.leaks.lock().expect("the leaks");
        let said = |(what, (times, example)): (&String, &(u64, String))| {
            format!("{what}, {times} times: {example}")
        };
        leaks.iter().map(said).collect()
    }
}

fn changed(answer: &Value) -> bool {
    let payloads = answer["data"].as_object().into_iter().flatten();
    payloads
        .into_iter()
        .any(|(_, payload)| payload["position"].is_number())
}

const fn text(deed: &Deed) -> &str {
    match deed {
        Deed::Asks(Question { text, .. }) | Deed::Changes(text) | Deed::Follows(text) => {
            text.as_str()
        }
    }
}

fn request(eyes: &Eyes, deed: &Deed) -> Request<Body> {
    let accept = match deed {
        Deed::Follows(_) => "text/event-stream",
        _ => "application/json",
    };
    let request = Request::post("/graphql")
        .header("content-type", "application/json")
        .header("accept", accept);
    let request = match &eyes.account {
        Some(account) => request.header("x-actor", account),
        None => request,
    };
    let body = json!({ "query": text(deed) }).to_string();
    request.body(Body::from(body)).expect("a request")
}

/// So many connections of the pool at once: those that are inside a transaction, or about some ledger.
async fn unclean(reading: &Pool, connections: u32) -> Vec<String> {
    let connections = join_all((0..connections).map(|_| reading.acquire())).await;
    let mut found = Vec::new();
    for connection in connections {
        let mut connection = connection.expect("every connection came back");
        // Sent as plain text: prepared, it would be parsed at one moment and run at another.
        let row = sqlx::raw_sql(
            "select now() = statement_timestamp() as idle,
                 coalesce(current_setting('compacts.ledgers', true), '') as scope",
        )
        .fetch_one(&mut *connection)
        .await
        .expect("an answer");
        let (idle, scope): (bool, String) = (row.get("idle"), row.get("scope"));
        if !idle || !scope.is_empty() {
            found.push(format!("idle: {idle}, about: “{scope}”"));
        }
    }
    found
}

/// Walks as far as asked, and fails if anybody was told what they may not know, or left a connection behind.
async fn walk_through(pool: &PgPool, seed: u64, requests: u64) {
    let walk = Walk::begin(pool).await;
    walk.go(seed, requests).await;
    let leaks = walk.leaks();
    assert!(
        leaks.is_empty(),
        "{} leaks:\n{}",
        leaks.len(),
        leaks.join("\n")
    );
    // One of them listens for what other processes record, for as long as there is a gateway.
    assert_eq!(unclean(&walk.reading, CONNECTIONS - 1).await, [""; 0]);
    let hang_ups = walk.told.hang_ups.load(Ordering::Relaxed);
    assert!(hang_ups * 50 > requests, "only {hang_ups} hung up");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn nobody_who_walks_through_the_house_is_told_what_they_may_not_know(pool: PgPool) {
    walk_through(&pool, 1, 600).await;
}

/// `make walk` runs it.
#[sqlx::test(migrator = "ledger::MIGRATOR")]
#[ignore = "as long as it is asked to be"]
async fn nobody_who_walks_for_long_is_told_what_they_may_not_know(pool: PgPool) {
    let said = |name: &str, usual: u64| {
        let said = std::env::var(name).ok();
        said.map_or(usual, |said| said.parse().expect("a number"))
    };
    walk_through(&pool, said("WALK_SEED", 1), said("WALK_REQUESTS", 200_000)).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_walk_finds_who_reads_what_they_may_not(pool: PgPool) {
    let walk = Walk::begin(&pool).await;
    let house = walk.house.read().await;
    // Everybody from elsewhere with eyes that read everything in a compact, which nobody was told of.
    let post = house.post(Part::CompactAuditor(0));
    let elsewhere = house.people.iter().filter(|eyes| !eyes.is_of(0));
    walk.world.resume_projector();
    for account in elsewhere.filter_map(|eyes| eyes.account.as_ref()) {
        walk.world.grant(&house.region, account, post).await;
    }
    walk.world.pause_projector().await;
    drop(house);
    walk.go(2, 400).await;
    let leaks = walk.leaks();
    let of_things = leaks.iter().filter(|leak| leak.contains("Thing("));
    assert!(of_things.count() > 5, "{} leaks", leaks.len());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_connection_that_is_about_a_ledger_still_is_found(pool: PgPool) {
    for left in ["set compacts.ledgers = '{}'", "begin"] {
        let unchecked = sqlx::postgres::PgPoolOptions::new().max_connections(CONNECTIONS);
        let unchecked = unchecked.connect_with((*pool.connect_options()).clone());
        let unchecked = unchecked.await.expect("a pool");
        assert_eq!(unclean(&unchecked, CONNECTIONS).await, [""; 0]);
        let mut connection = unchecked.acquire().await.expect("a connection");
        let leaving = sqlx::raw_sql(left).execute(&mut *connection);
        leaving.await.expect("left so");
        drop(connection);
        assert_eq!(unclean(&unchecked, CONNECTIONS).await.len(), 1, "{left}");
    }
}
