//! Drafts: kept for their owner, a version each time, and gone with them.

use accounts::{DraftError, DraftOf, MOST_DRAFTS};
use chrono::TimeDelta;
use domain::ids::LedgerId;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::House;

fn about(ledger: u128, thing: u128) -> DraftOf {
    DraftOf {
        ledger: LedgerId::new(Uuid::from_u128(ledger)),
        kind: "meeting".to_owned(),
        about: Uuid::from_u128(thing),
    }
}

/// Connections that may look at every table.
async fn owner(pool: &PgPool) -> PgPool {
    let options = (*pool.connect_options()).clone();
    let owner = sqlx::postgres::PgPoolOptions::new().max_connections(1);
    owner.connect_with(options).await.expect("a connection")
}

/// A ledger there is, so that it is among all there are.
async fn begin(pool: &PgPool, ledger: u128) {
    let begun = sqlx::query(
        "insert into ledger_head (ledger_id, position, recorded_at) values ($1, 0, now())",
    );
    let begun = begun.bind(Uuid::from_u128(ledger)).execute(pool).await;
    begun.expect("begun");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_last_to_save_wins_unless_they_say_what_they_saw(pool: PgPool) {
    let house = House::new(pool).await;
    let accounts = &house.accounts;
    let account = house.member("a@council.example").await;
    let of = about(1, 2);
    let saved = accounts.save_draft(account, &of, "one", Some(0)).await;
    assert_eq!(saved.expect("saved").version, 1);
    let late = accounts.save_draft(account, &of, "late", Some(0)).await;
    assert!(matches!(late, Err(DraftError::Conflict { actual: 1 })));
    let blind = accounts.save_draft(account, &of, "two", None).await;
    assert_eq!(blind.expect("saved").version, 2);
    let kept = accounts.draft(account, &of).await.expect("read");
    assert_eq!(kept.expect("a draft").content, "two");
    let elsewhere = accounts.draft(account, &about(3, 2)).await;
    assert_eq!(elsewhere.expect("read"), None);
    assert!(accounts.discard_draft(account, &of).await.expect("gone"));
    let gone = accounts.save_draft(account, &of, "three", Some(2)).await;
    assert!(matches!(gone, Err(DraftError::Conflict { actual: 0 })));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn there_are_only_so_many_and_they_have_their_time(pool: PgPool) {
    let owner = owner(&pool).await;
    begin(&owner, 1).await;
    let house = House::new(pool).await;
    let accounts = &house.accounts;
    let account = house.member("a@council.example").await;
    for thing in 0..MOST_DRAFTS {
        let of = about(1, u128::try_from(thing).expect("a number"));
        accounts
            .save_draft(account, &of, "x", None)
            .await
            .expect("saved");
    }
    let more = accounts
        .save_draft(account, &about(1, 999), "x", None)
        .await;
    assert!(matches!(more, Err(DraftError::TooMany)));
    let again = accounts.save_draft(account, &about(1, 1), "y", None).await;
    assert_eq!(again.expect("one there is").version, 2);
    house.turn(TimeDelta::days(31));
    let listed = accounts.drafts(account, about(1, 0).ledger).await;
    assert_eq!(listed.expect("read"), []);
    assert_eq!(accounts.sweep().await.expect("swept").drafts, 50);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn they_are_told_to_whoever_asks_what_is_held_and_go_with_the_account(pool: PgPool) {
    let owner = owner(&pool).await;
    begin(&owner, 1).await;
    let house = House::new(pool).await;
    let accounts = &house.accounts;
    let account = house.member("a@council.example").await;
    let other = house.member("b@council.example").await;
    for who in [account, other] {
        let of = about(1, 2);
        let saved = accounts.save_draft(who, &of, "Quiet words", None).await;
        saved.expect("saved");
    }
    let held = accounts.everything_about(account).await.expect("read");
    let held = held.expect("an account").drafts;
    assert_eq!(held.len(), 1);
    assert_eq!(held[0].content, "Quiet words");
    accounts.forget(account).await.expect("forgotten");
    let left: Vec<Uuid> = sqlx::query_scalar("select account_id from account.draft")
        .fetch_all(&owner)
        .await
        .expect("rows");
    assert_eq!(left, [other.uuid()]);
}
