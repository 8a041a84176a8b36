//! The whole way into a real ledger: imported once, imported again, interrupted, changed.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::clock::SystemClock;
use domain::ids::LedgerId;
use ledger::{Ledger, Options};
use recorder::{Answer, Installation, RecordError, Recorder, Submission};
use sqlx::PgPool;

use super::{ReferenceData, plan, planned};
use crate::reference::data::embedded_texts;
use crate::reference::{ImportError, Plan, import};

struct House {
    ledger: Ledger,
    recorder: Recorder,
}

impl House {
    async fn over(pool: PgPool) -> Self {
        let vault = testkit::service::vault(&pool).await;
        let ledger = Ledger::start(pool, Options::default(), Arc::new(SystemClock));
        let access = Arc::new(access::Access::load().expect("the policies"));
        let recorder = Recorder::new(ledger.clone(), access, vault, Arc::new(SystemClock), 1_000);
        Self { ledger, recorder }
    }

    fn record(&self) -> impl AsyncFn(Submission<Installation>) -> Result<Answer, RecordError> {
        async |submission| self.recorder.record_own(submission).await
    }

    /// How many entries each ledger has.
    async fn entries(&self) -> BTreeMap<LedgerId, u64> {
        let reader = self.ledger.reader();
        let mut entries = BTreeMap::new();
        for ledger in reader.ledgers().await.expect("the ledgers") {
            let head = reader.head(ledger).await.expect("a head");
            entries.insert(ledger, head.map_or(0, |head| head.position));
        }
        entries
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn importing_twice_adds_nothing_the_second_time(pool: PgPool) {
    let (house, plan) = (House::over(pool).await, planned());
    let first = import(house.record(), &plan, |_| {})
        .await
        .expect("the first import");
    let entries = house.entries().await;
    let reported: BTreeMap<_, _> = first
        .ledgers
        .iter()
        .map(|row| (row.ledger, row.entries))
        .collect();
    assert_eq!(entries, reported, "the report says what is there");
    assert_eq!(entries.len(), 6);
    assert_eq!(first.repeated(), 0);

    let second = import(house.record(), &plan, |_| {})
        .await
        .expect("the second import");
    assert_eq!(second.entries(), 0);
    assert_eq!(second.repeated(), first.commands());
    assert_eq!(house.entries().await, entries);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn every_ledger_is_a_history_in_the_order_of_its_dates(pool: PgPool) {
    let (house, plan) = (House::over(pool).await, planned());
    import(house.record(), &plan, |_| {})
        .await
        .expect("an import");
    for (ledger, count) in house.entries().await {
        let read = house.ledger.reader().read(ledger, 0, 10_000).await;
        let entries = read.expect("the entries");
        assert_eq!(entries.len() as u64, count);
        let dates = entries
            .iter()
            .map(|entry| entry.decode().expect("a leaf").recorded.occurred_on);
        assert!(dates.is_sorted(), "ledger {ledger}");
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_import_that_was_interrupted_carries_on_and_ends_the_same(pool: PgPool) {
    let (house, plan) = (House::over(pool).await, planned());
    let half = Plan {
        steps: plan.steps[..plan.steps.len() / 2].to_vec(),
        ..plan.clone()
    };
    let begun = import(house.record(), &half, |_| {})
        .await
        .expect("the first half");
    let rest = import(house.record(), &plan, |_| {})
        .await
        .expect("the rest");
    assert_eq!(rest.repeated(), begun.commands());
    let total: u64 = house.entries().await.values().sum();
    assert_eq!(begun.entries() + rest.entries(), total);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_changed_file_stops_at_the_path_that_changed_and_adds_nothing(pool: PgPool) {
    let (house, before) = (House::over(pool).await, planned());
    import(house.record(), &before, |_| {})
        .await
        .expect("an import");
    let entries = house.entries().await;
    let mut texts = embedded_texts();
    let text = texts
        .get_mut("lincolnshire-rutland.toml")
        .expect("the file");
    *text = text.replacen(
        "Sharing vacancies across the sector",
        "Sharing some vacancies",
        1,
    );
    let changed = ReferenceData::from_texts(&texts).and_then(|data| plan(&data));
    let changed = changed.expect("the change is well formed");
    let error = import(house.record(), &changed, |_| {})
        .await
        .expect_err("a change");
    let ImportError::Differs { path } = error else {
        panic!("it differs: {error}");
    };
    assert_eq!(
        path.to_string(),
        "lincolnshire-rutland/commitment/2007-08/3"
    );
    assert_eq!(house.entries().await, entries);
}
