//! How often one may guess.

use accounts::{Password, SignInRefused};
use chrono::Duration;
use futures::future::join_all;
use sqlx::PgPool;

use crate::support::{House, PASSWORD, elsewhere};

const EMAIL: &str = "r.alder@council.example";

/// What a wrong password is answered with: nothing, or seconds to wait.
async fn guess(house: &House, email: &str, nth: u8) -> Option<u32> {
    let wrong = Password::typed("not the password");
    match house
        .accounts
        .sign_in(email, &wrong, &elsewhere(nth), None)
        .await
    {
        Err(SignInRefused::Refused) => None,
        Err(SignInRefused::TryLater(wait)) => Some(wait.seconds),
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn guesses_at_one_account_shut_it_for_longer_and_longer_whether_it_is_there_or_not(
    pool: PgPool,
) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    for email in [EMAIL, "nobody@council.example"] {
        for nth in 0..6 {
            assert_eq!(guess(&house, email, nth).await, None, "{email} {nth}");
        }
        for wait in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
            let hashed = house.accounts.passwords_hashed();
            assert_eq!(guess(&house, email, 99).await, Some(wait), "{email}");
            assert_eq!(
                house.accounts.passwords_hashed(),
                hashed,
                "nothing is hashed for it"
            );
            house.turn(Duration::seconds(wait.into()));
            assert_eq!(guess(&house, email, 98).await, None, "{email} after {wait}");
        }
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn while_it_is_shut_the_right_password_is_refused_in_the_same_way(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    for nth in 0..6 {
        guess(&house, EMAIL, nth).await;
    }
    let right = Password::typed(PASSWORD);
    let shut = house.sign_in_with(EMAIL, &right).await;
    assert!(
        matches!(shut, Err(SignInRefused::TryLater(wait)) if wait.seconds == 1),
        "{shut:?}"
    );
    house.turn(Duration::seconds(1));
    house.sign_in(EMAIL).await;
    // Who came in starts from nothing again.
    for nth in 0..6 {
        assert_eq!(guess(&house, EMAIL, nth).await, None);
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn many_guesses_at_the_same_moment_are_counted_one_by_one(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let hashed = house.accounts.passwords_hashed();
    let guesses = (0..40).map(|nth| {
        let accounts = house.accounts.clone();
        tokio::spawn(async move {
            let wrong = Password::typed("not the password");
            accounts.sign_in(EMAIL, &wrong, &elsewhere(nth), None).await
        })
    });
    let answers: Vec<_> = join_all(guesses)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let looked_at = answers
        .iter()
        .filter(|answer| matches!(answer, Err(SignInRefused::Refused)));
    assert_eq!(looked_at.count(), 6);
    assert_eq!(house.accounts.passwords_hashed() - hashed, 6);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn guesses_at_many_accounts_shut_the_address_they_come_from(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    for nth in 0..31 {
        assert_eq!(
            guess(&house, &format!("p{nth}@council.example"), 1).await,
            None
        );
        // Whoever has an account of their own does not clear the count by signing in to it.
        if nth < 5 {
            let right = Password::typed(PASSWORD);
            house
                .accounts
                .sign_in(EMAIL, &right, &elsewhere(1), None)
                .await
                .unwrap();
        }
    }
    assert_eq!(guess(&house, "another@council.example", 1).await, Some(1));
    assert_eq!(
        guess(&house, "another@council.example", 2).await,
        None,
        "others are not shut out"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_day_without_a_guess_clears_the_count(pool: PgPool) {
    let house = House::new(pool).await;
    for nth in 0..6 {
        guess(&house, EMAIL, nth).await;
    }
    assert_eq!(guess(&house, EMAIL, 9).await, Some(1));
    house.turn(Duration::hours(24) + Duration::seconds(1));
    for nth in 0..6 {
        assert_eq!(guess(&house, EMAIL, nth).await, None, "{nth}");
    }
    let swept = house.accounts.sweep().await.unwrap().counts;
    assert_eq!(swept, 1, "of the one address nobody came from again");
    house.turn(Duration::hours(25));
    let counts = house.count("select count(*) from account.throttle").await;
    assert!(counts > 0);
    assert_eq!(
        house.accounts.sweep().await.unwrap().counts.cast_signed(),
        counts
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_counted_survives_a_restart(pool: PgPool) {
    let house = House::new(pool).await;
    for nth in 0..6 {
        guess(&house, EMAIL, nth).await;
    }
    let settings = accounts::Settings {
        hashing: crate::support::quick(),
        ..Default::default()
    };
    let again = house.again(settings);
    assert_eq!(guess(&again, EMAIL, 9).await, Some(1));
}
