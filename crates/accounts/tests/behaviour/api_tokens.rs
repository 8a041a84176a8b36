//! Tokens of programs.

use accounts::{
    ApiTokenId, NewApiToken, TokenAccess, TokenError, TokenRefused, TokenScope, WebSession,
};
use chrono::Duration;
use domain::ids::CompactId;
use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{House, office};

const EMAIL: &str = "r.alder@council.example";

fn compact(nth: u128) -> CompactId {
    CompactId::new(Uuid::from_u128(nth))
}

fn wanted(house: &House) -> NewApiToken {
    NewApiToken {
        name: "nightly report of Robin's".into(),
        scope: TokenScope::Compacts(vec![compact(1), compact(2)]),
        access: TokenAccess::Read,
        expires_at: house.now() + Duration::days(30),
    }
}

async fn owner(house: &House) -> WebSession {
    house.member(EMAIL).await;
    house.sign_in(EMAIL).await.session
}

/// A token's text.
async fn made(house: &House, session: &WebSession) -> (ApiTokenId, String) {
    let made = house.make_token(session, &wanted(house)).await;
    let (id, token) = made.unwrap();
    (id, token.expose().to_string())
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_lets_a_program_in_for_what_it_names_and_no_more(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    let (id, text) = made(&house, &session).await;
    let bearer = house.accounts.bearer(&text, &office()).await.unwrap();
    assert_eq!((bearer.id, bearer.account), (id, session.account()));
    assert!(bearer.scope.covers(compact(1)) && !bearer.scope.covers(compact(3)));
    assert_eq!(bearer.access, TokenAccess::Read);
    assert!(!bearer.owner_has_second_factor);

    let all = NewApiToken {
        scope: TokenScope::Everything,
        access: TokenAccess::Write,
        ..wanted(&house)
    };
    let (_, all) = house.make_token(&session, &all).await.unwrap();
    let bearer = house
        .accounts
        .bearer(&all.expose(), &office())
        .await
        .unwrap();
    assert!(bearer.scope.covers(compact(3)) && bearer.access == TokenAccess::Write);
    let listed = house
        .accounts
        .tokens(session.account(), None)
        .await
        .unwrap();
    assert_eq!(listed.len(), 2);
    assert!(
        listed
            .iter()
            .all(|token| token.name == "nightly report of Robin's")
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_ends_when_it_expires_is_revoked_or_its_owner_is_shut_out(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    let account = session.account();
    let (revoked, revoked_text) = made(&house, &session).await;
    let (_, expiring) = made(&house, &session).await;
    let other = house.member("o@council.example").await;
    assert!(
        !house.accounts.revoke_token(other, revoked).await.unwrap(),
        "not one's own"
    );
    assert!(
        house
            .accounts
            .bearer(&revoked_text, &office())
            .await
            .is_ok()
    );
    assert!(house.accounts.revoke_token(account, revoked).await.unwrap());
    assert!(
        !house.accounts.revoke_token(account, revoked).await.unwrap(),
        "once"
    );
    let refused = house.accounts.bearer(&revoked_text, &office()).await;
    assert!(matches!(refused, Err(TokenRefused::NotGood)));

    house.turn(Duration::days(30) - Duration::seconds(1));
    assert!(house.accounts.bearer(&expiring, &office()).await.is_ok());
    house.turn(Duration::seconds(1));
    let refused = house.accounts.bearer(&expiring, &office()).await;
    assert!(matches!(refused, Err(TokenRefused::NotGood)));

    let session = house.sign_in(EMAIL).await.session;
    let (_, text) = made(&house, &session).await;
    house.accounts.disable(account).await.unwrap();
    assert!(matches!(
        house.accounts.bearer(&text, &office()).await,
        Err(TokenRefused::NotGood)
    ));
    house.accounts.enable(account).await.unwrap();
    assert!(matches!(
        house.accounts.bearer(&text, &office()).await,
        Err(TokenRefused::NotGood)
    ));
    house.turn(Duration::days(91));
    assert_eq!(house.accounts.sweep().await.unwrap().tokens, 3);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_that_promises_too_much_is_not_made(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    let good = wanted(&house);
    let now = house.now();
    let many = TokenScope::Compacts((0..101).map(compact).collect());
    for (new, refused) in [
        (
            NewApiToken {
                name: " ".into(),
                ..good.clone()
            },
            "a name",
        ),
        (
            NewApiToken {
                name: "n".repeat(101),
                ..good.clone()
            },
            "a name",
        ),
        (
            NewApiToken {
                scope: TokenScope::Compacts(Vec::new()),
                ..good.clone()
            },
            "choose 1 to 100 compacts",
        ),
        (
            NewApiToken {
                scope: many,
                ..good.clone()
            },
            "choose 1 to 100 compacts",
        ),
        (
            NewApiToken {
                expires_at: now,
                ..good.clone()
            },
            "at most 365 days",
        ),
        (
            NewApiToken {
                expires_at: now + Duration::days(365) + Duration::seconds(1),
                ..good.clone()
            },
            "at most 365 days",
        ),
    ] {
        let error = house.make_token(&session, &new).await.unwrap_err();
        assert!(error.to_string().contains(refused), "{error}");
    }
    let year = NewApiToken {
        expires_at: now + Duration::days(365),
        ..good.clone()
    };
    house.make_token(&session, &year).await.unwrap();
    house.turn(Duration::minutes(15));
    let stale = house.make_token(&session, &good).await;
    assert!(matches!(stale, Err(TokenError::SignInAgain)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn there_are_never_more_than_fifty_even_when_two_are_made_at_once(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    for _ in 0..48 {
        made(&house, &session).await;
    }
    let new = wanted(&house);
    let tries = (0..6).map(|_| {
        let (accounts, session, new) = (house.accounts.clone(), session.clone(), new.clone());
        tokio::spawn(async move {
            accounts
                .make_token(&session, &new, &office())
                .await
                .map(drop)
        })
    });
    let answers: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 2);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, Ok(()) | Err(TokenError::TooMany)))
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn bad_tokens_are_written_down_until_the_address_is_shut_and_good_ones_still_work(
    pool: PgPool,
) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    let (_, good) = made(&house, &session).await;
    let (id, bad) = made(&house, &session).await;
    house
        .accounts
        .revoke_token(session.account(), id)
        .await
        .unwrap();
    let events = house.events().await.len();
    for _ in 0..31 {
        assert!(matches!(
            house.accounts.bearer(&bad, &office()).await,
            Err(TokenRefused::NotGood)
        ));
    }
    for _ in 0..10 {
        assert!(matches!(
            house.accounts.bearer(&bad, &office()).await,
            Err(TokenRefused::TryLater(_))
        ));
    }
    // What is no token at all costs nothing and is not written down.
    for text in [
        "",
        "cmp_",
        "ghp_16charactersandmore",
        &good[..61],
        &(good.clone() + "a"),
    ] {
        assert!(
            matches!(
                house.accounts.bearer(text, &office()).await,
                Err(TokenRefused::NotAToken(_))
            ),
            "{text}"
        );
    }
    assert_eq!(
        house.events().await.split_off(events),
        vec!["token.refused"; 31]
    );
    house.accounts.bearer(&good, &office()).await.unwrap();
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn its_last_use_is_written_down_once_a_minute(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    let (_, text) = made(&house, &session).await;
    let last = async || {
        house
            .accounts
            .tokens(session.account(), None)
            .await
            .unwrap()[0]
            .last_used_at
    };
    assert_eq!(last().await, None);
    let began = house.now();
    for (after, seen) in [(0, 0), (59, 0), (1, 60)] {
        house.turn(Duration::seconds(after));
        house.accounts.bearer(&text, &office()).await.unwrap();
        assert_eq!(last().await, Some(began + Duration::seconds(seen)));
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_token_is_counted_after_the_one_that_is_just_being_made(pool: PgPool) {
    let house = House::new(pool).await;
    let session = owner(&house).await;
    for _ in 0..49 {
        made(&house, &session).await;
    }
    // The fiftieth is being made: its maker holds the owner and has not committed.
    let mut maker = house.owner().await;
    sqlx::query("select from account.account for no key update")
        .execute(&mut *maker)
        .await
        .unwrap();
    let fiftieth = "insert into account.api_token
        select gen_random_uuid(), decode(repeat('ab', 32), 'hex'), account_id, name_sealed, compacts, writes,
            created_at, expires_at from account.api_token limit 1";
    sqlx::query(fiftieth).execute(&mut *maker).await.unwrap();
    let (accounts, new) = (house.accounts.clone(), wanted(&house));
    let another = tokio::spawn(async move {
        accounts
            .make_token(&session, &new, &office())
            .await
            .map(drop)
    });
    let deadline = tokio::time::Instant::now() + std::time::Duration::from_mins(1);
    let waits = "select count(*) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'";
    while house.count(waits).await == 0 {
        assert!(!another.is_finished(), "it did not wait");
        assert!(tokio::time::Instant::now() < deadline, "nobody waits");
    }
    maker.commit().await.unwrap();
    assert!(matches!(another.await.unwrap(), Err(TokenError::TooMany)));
}
