//! Invitations and resets.

use accounts::{
    AccountError, AccountState, EmailAddress, LinkPurpose, LinkRefused, LinkToken, Password,
    SignInRefused, WeakPassword,
};
use chrono::Duration;
use futures::future::join_all;
use sqlx::PgPool;

use crate::support::{House, PASSWORD, office, person};

const EMAIL: &str = "r.alder@council.example";

fn password() -> Password {
    Password::typed(PASSWORD)
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_invitation_lets_its_holder_in_once(pool: PgPool) {
    let house = House::new(pool).await;
    let (account, link) = house.invited(EMAIL).await;
    let found = house.accounts.account(account).await.unwrap().unwrap();
    assert_eq!(
        (found.email.as_str(), found.name.as_str()),
        (EMAIL, "Robin Alder")
    );
    assert_eq!(found.state, AccountState::Invited);
    let before = house.sign_in_with(EMAIL, &password()).await;
    assert!(matches!(before, Err(SignInRefused::Refused)));

    let shown = house.accounts.link(&link).await.unwrap().unwrap();
    assert_eq!(
        (shown.account, shown.purpose),
        (account, LinkPurpose::Invitation)
    );
    // The link comes back as text.
    let link = LinkToken::read(&link.expose()).unwrap();
    house
        .set_password_by_link(&link, &password())
        .await
        .unwrap();
    assert_eq!(
        house
            .sign_in(" R.Alder@Council.example ")
            .await
            .session
            .account(),
        account
    );

    let again = house.set_password_by_link(&link, &password()).await;
    assert!(matches!(again, Err(LinkRefused::NoLonger)));
    assert_eq!(house.accounts.link(&link).await.unwrap(), None);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn of_many_who_use_one_link_at_once_one_is_let_in(pool: PgPool) {
    let house = House::new(pool).await;
    let (account, link) = house.invited(EMAIL).await;
    let passwords: Vec<String> = (0..8).map(|n| format!("ladder violin soup {n}")).collect();
    let tries = passwords.iter().map(|text| {
        let (accounts, link, password) =
            (house.accounts.clone(), link.clone(), Password::typed(text));
        tokio::spawn(async move {
            accounts
                .set_password_by_link(&link, &password, &office())
                .await
        })
    });
    let answers: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let let_in: Vec<usize> = (0..8).filter(|nth| answers[*nth].is_ok()).collect();
    assert_eq!(let_in.len(), 1, "{answers:?}");
    // It is the winner's password that holds.
    let signing_in = house
        .sign_in_with(EMAIL, &Password::typed(&passwords[let_in[0]]))
        .await;
    assert_eq!(signing_in.unwrap().session.account(), account);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_link_too_old_replaced_or_made_up_does_nothing(pool: PgPool) {
    let house = House::new(pool).await;
    let (account, first) = house.invited(EMAIL).await;
    let second = house.accounts.invite_again(account).await.unwrap();
    let made_up = LinkToken::read(&"A".repeat(43)).unwrap();
    house.turn(Duration::days(7) - Duration::seconds(1));
    for link in [&first, &made_up] {
        let refused = house.set_password_by_link(link, &password()).await;
        assert!(matches!(refused, Err(LinkRefused::NoLonger)));
    }
    assert!(
        house.accounts.link(&second).await.unwrap().is_some(),
        "a second before its time"
    );
    house.turn(Duration::seconds(1));
    let refused = house.set_password_by_link(&second, &password()).await;
    assert!(matches!(refused, Err(LinkRefused::NoLonger)));
    let third = house.accounts.invite_again(account).await.unwrap();
    house.accounts.disable(account).await.unwrap();
    let refused = house.set_password_by_link(&third, &password()).await;
    assert!(matches!(refused, Err(LinkRefused::NoLonger)));
    // Opened again, somebody who never came is invited again, not let in.
    house.accounts.enable(account).await.unwrap();
    house.accounts.invite_again(account).await.unwrap();
    assert!(matches!(
        house.accounts.reset_link(account).await,
        Err(AccountError::NoSuchAccount)
    ));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_password_that_is_no_good_leaves_the_link_good(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, link) = house.invited(EMAIL).await;
    for (text, why) in [
        ("too short", WeakPassword::TooShort),
        ("Password2009!", WeakPassword::Common),
        ("Robin.Alder.2009", WeakPassword::YourOwn),
        ("compacts-compacts", WeakPassword::YourOwn),
    ] {
        let set = house
            .set_password_by_link(&link, &Password::typed(text))
            .await;
        assert!(
            matches!(set, Err(LinkRefused::WeakPassword(found)) if found == why),
            "{text}: {set:?}"
        );
    }
    house
        .set_password_by_link(&link, &password())
        .await
        .unwrap();
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_address_belongs_to_one_account_however_it_is_spelt(pool: PgPool) {
    let house = House::new(pool).await;
    let spellings = [
        "clerk@council.example",
        "Clerk@Council.Example",
        "ＣＬＥＲＫ@council.example",
    ];
    let tries = spellings.map(|email| {
        let accounts = house.accounts.clone();
        tokio::spawn(async move { accounts.invite(&person(email)).await })
    });
    let answers: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let taken = |answer: &Result<_, _>| matches!(answer, Err(AccountError::EmailTaken));
    assert_eq!(answers.iter().filter(|answer| taken(answer)).count(), 2);

    let other = house.member("other@council.example").await;
    let corrected = house
        .accounts
        .correct(other, &person("CLERK@council.example"))
        .await;
    assert!(
        matches!(corrected, Err(AccountError::EmailTaken)),
        "{corrected:?}"
    );
    house
        .accounts
        .correct(other, &person("new@council.example"))
        .await
        .unwrap();
    assert_eq!(
        house.sign_in("new@council.example").await.session.account(),
        other
    );
    let nobody = person("x@council.example");
    let nobody = house
        .accounts
        .correct(domain::ids::AccountId::new(uuid::Uuid::nil()), &nobody)
        .await;
    assert!(matches!(nobody, Err(AccountError::NoSuchAccount)));
    let nameless = accounts::NewAccount {
        name: "  ".into(),
        ..person("y@council.example")
    };
    assert!(matches!(
        house.accounts.invite(&nameless).await,
        Err(AccountError::Name)
    ));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_reset_ends_what_was_signed_in_and_works_once(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    let before = house.sign_in(EMAIL).await;
    let email = EmailAddress::read(EMAIL).unwrap();
    let first = house.ask_for_reset(&email).await.unwrap().unwrap();
    let letter = house.ask_for_reset(&email).await.unwrap().unwrap();
    assert_eq!(letter.account, account);
    assert!(
        house.accounts.link(&first.link).await.unwrap().is_none(),
        "the newer one holds"
    );
    assert!(house.is_in(&before.token).await, "asking ends nothing");

    let new = Password::typed("quiet harbour bicycle");
    house
        .set_password_by_link(&letter.link, &new)
        .await
        .unwrap();
    assert!(!house.is_in(&before.token).await);
    let old = house.sign_in_with(EMAIL, &password()).await;
    assert!(matches!(old, Err(SignInRefused::Refused)));
    house.sign_in_with(EMAIL, &new).await.unwrap();

    let by_administrator = house.accounts.reset_link(account).await.unwrap();
    house.turn(Duration::hours(1));
    assert!(
        house
            .accounts
            .link(&by_administrator)
            .await
            .unwrap()
            .is_none(),
        "an hour later"
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_reset_for_nobody_is_answered_like_any_other(pool: PgPool) {
    let house = House::new(pool).await;
    let invited = "invited@council.example";
    house.invited(invited).await;
    let disabled = house.member("disabled@council.example").await;
    house.accounts.disable(disabled).await.unwrap();
    house.member(EMAIL).await;
    let events = house.events().await.len();
    for email in [
        "nobody@council.example",
        invited,
        "disabled@council.example",
        EMAIL,
    ] {
        let email = EmailAddress::read(email).unwrap();
        for nth in 0..4 {
            let asked = house.ask_for_reset(&email).await.unwrap();
            assert_eq!(asked.is_some(), email.expose() == EMAIL, "{nth}");
        }
        let shut = house.ask_for_reset(&email).await;
        assert!(
            matches!(shut, Err(AccountError::TryLater(wait)) if wait.seconds == 60),
            "{shut:?}"
        );
    }
    let asked = house.events().await.split_off(events);
    assert_eq!(asked, vec!["reset.asked"; 16]);
}
