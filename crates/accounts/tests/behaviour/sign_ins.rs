//! Coming in by password.

use accounts::{AccountError, Hashing, Password, Settings, SignInRefused, WeakPassword};
use sqlx::PgPool;

use crate::support::{House, PASSWORD, elsewhere, office, quick};

const EMAIL: &str = "r.alder@council.example";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_is_refused_is_told_the_same_after_the_same_work(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    house.invited("invited@council.example").await;
    let disabled = house.member("disabled@council.example").await;
    house.accounts.disable(disabled).await.unwrap();
    let mut told = Vec::new();
    for (email, password) in [
        (EMAIL, "not the password"),
        ("nobody@council.example", PASSWORD),
        ("invited@council.example", PASSWORD),
        ("disabled@council.example", PASSWORD),
        ("no address at all", PASSWORD),
        (EMAIL, ""),
    ] {
        let (hashed, events) = (
            house.accounts.passwords_hashed(),
            house.events().await.len(),
        );
        let refused = house.sign_in_with(email, &Password::typed(password)).await;
        let refused = refused.expect_err("refused");
        assert!(
            matches!(refused, SignInRefused::Refused),
            "{email}: {refused:?}"
        );
        told.push(refused.to_string());
        assert_eq!(house.accounts.passwords_hashed() - hashed, 1, "{email}");
        assert_eq!(
            house.events().await.split_off(events),
            ["sign_in.refused"],
            "{email}"
        );
    }
    told.dedup();
    assert_eq!(told, ["the e-mail address or the password is not right"]);
    let hashed = house.accounts.passwords_hashed();
    house.sign_in(EMAIL).await;
    assert_eq!(
        house.accounts.passwords_hashed() - hashed,
        1,
        "let in, it is one too"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_hash_at_another_cost_is_made_anew_when_its_owner_comes(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let stored = "select password_hash from account.account";
    let hash = async || -> String {
        let mut owner = house.owner().await;
        sqlx::query_scalar(stored)
            .fetch_one(&mut *owner)
            .await
            .unwrap()
    };
    assert!(
        hash().await.starts_with("$argon2id$v=19$m=8,t=1,p=1$"),
        "{}",
        hash().await
    );
    let dearer = Hashing {
        memory_kib: 16,
        passes: 2,
        ..quick()
    };
    let later = house.again(Settings {
        hashing: dearer,
        ..Settings::default()
    });
    let wrong = later
        .accounts
        .sign_in(EMAIL, &Password::typed("not the password"), &office(), None)
        .await;
    assert!(wrong.is_err());
    assert!(
        hash().await.contains("m=8,"),
        "a wrong password changes nothing"
    );
    later.sign_in(EMAIL).await;
    let anew = hash().await;
    assert!(anew.starts_with("$argon2id$v=19$m=16,t=2,p=1$"), "{anew}");
    later.sign_in(EMAIL).await;
    assert_eq!(hash().await, anew, "once");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_usual_cost_is_what_is_recommended_and_works(pool: PgPool) {
    let house = House::with(pool, Settings::default()).await;
    house.member(EMAIL).await;
    house.sign_in(EMAIL).await;
    let hash = house.count("select count(*) from account.account where password_hash like '$argon2id$v=19$m=19456,t=2,p=1$%'");
    assert_eq!(hash.await, 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn signing_in_ends_the_session_the_browser_held(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let first = house.sign_in(EMAIL).await;
    let password = Password::typed(PASSWORD);
    let second = house
        .accounts
        .sign_in(EMAIL, &password, &office(), Some(&first.token))
        .await
        .unwrap();
    assert!(!house.is_in(&first.token).await);
    assert!(house.is_in(&second.token).await);
    assert_ne!(first.session.id(), second.session.id());
    // A session the browser was handed by somebody else is not carried on either.
    let wrong = Password::typed("not the password");
    let refused = house
        .accounts
        .sign_in(EMAIL, &wrong, &office(), Some(&second.token))
        .await;
    assert!(refused.is_err());
    assert!(
        house.is_in(&second.token).await,
        "who is refused ends nothing"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn changing_a_password_ends_every_session_but_goes_on_under_a_new_one(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let (here, there) = (house.sign_in(EMAIL).await, house.sign_in(EMAIL).await);
    let (old, new) = (
        Password::typed(PASSWORD),
        Password::typed("quiet harbour bicycle"),
    );
    let wrong = (&new, &new);
    let refused = house.change_password(&here.session, wrong).await;
    assert!(
        matches!(refused, Err(AccountError::WrongPassword)),
        "{refused:?}"
    );
    let weak = (&old, &Password::typed("robinalder2009"));
    let refused = house.change_password(&here.session, weak).await;
    assert!(
        matches!(
            refused,
            Err(AccountError::WeakPassword(WeakPassword::YourOwn))
        ),
        "{refused:?}"
    );
    assert!(house.is_in(&there.token).await);

    let goes_on = house
        .change_password(&here.session, (&old, &new))
        .await
        .unwrap();
    for ended in [&here, &there] {
        assert!(!house.is_in(&ended.token).await);
    }
    assert!(house.is_in(&goes_on.token).await);
    assert!(
        house
            .accounts
            .sign_in(EMAIL, &old, &elsewhere(1), None)
            .await
            .is_err()
    );
    house
        .accounts
        .sign_in(EMAIL, &new, &elsewhere(1), None)
        .await
        .unwrap();
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_two_who_change_one_password_at_once_one_succeeds(pool: PgPool) {
    let house = House::new(pool).await;
    house.member(EMAIL).await;
    let session = house.sign_in(EMAIL).await.session;
    let tries = ["quiet harbour bicycle", "green piano mountain"].map(|new| {
        let (accounts, session) = (house.accounts.clone(), session.clone());
        tokio::spawn(async move {
            let pair = (&Password::typed(PASSWORD), &Password::typed(new));
            accounts.change_password(&session, pair, &office()).await
        })
    });
    let mut answers = Vec::new();
    for answer in tries {
        answers.push(answer.await.unwrap());
    }
    let done: Vec<_> = answers.iter().flatten().collect();
    assert_eq!(done.len(), 1, "{answers:?}");
    assert!(house.is_in(&done[0].token).await);
    assert_eq!(
        house
            .accounts
            .sessions(session.account())
            .await
            .unwrap()
            .len(),
        1
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_shut_account_is_out_at_once_and_its_sessions_stay_ended(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let signed_in = house.sign_in(EMAIL).await;
    house.accounts.disable(account).await.unwrap();
    assert!(!house.is_in(&signed_in.token).await);
    assert!(matches!(
        house.accounts.disable(account).await,
        Err(AccountError::NoSuchAccount)
    ));
    house.accounts.enable(account).await.unwrap();
    assert!(!house.is_in(&signed_in.token).await);
    house.sign_in(EMAIL).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_list_of_accounts_is_paged_and_misses_nobody(pool: PgPool) {
    let house = House::new(pool).await;
    for nth in 0..101 {
        house.invited(&format!("p{nth}@council.example")).await;
    }
    let first = house.accounts.accounts(None).await.unwrap();
    let second = house.accounts.accounts(Some(first[99].id)).await.unwrap();
    assert_eq!((first.len(), second.len()), (100, 1));
    assert!(first.iter().all(|one| one.id != second[0].id));
    assert!(
        house
            .accounts
            .accounts(Some(second[0].id))
            .await
            .unwrap()
            .is_empty()
    );
}
