//! What is stored in clear, what is given on request, and what is left when somebody was forgotten.

use std::io::Write;
use std::sync::{Arc, Mutex};

use accounts::{
    Caller, EmailAddress, Errand, NewApiToken, OpenIdPerson, Password, SecurityEvent, TokenAccess,
    TokenScope,
};
use chrono::Duration;
use domain::ids::AccountId;
use sqlx::PgPool;

use crate::support::{House, PASSWORD, code_of, office};

const EMAIL: &str = "r.alder@council.example";
const SUBJECT: &str = "canary-subject-1";
const TOKEN_NAME: &str = "canary token name";

/// A token for everything, for a day.
fn token(house: &House) -> NewApiToken {
    NewApiToken {
        name: TOKEN_NAME.into(),
        scope: TokenScope::Everything,
        access: TokenAccess::Read,
        expires_at: house.now() + Duration::days(1),
    }
}

/// Does everything an account can, and gives every secret that came up on the way.
async fn lived(house: &House) -> (AccountId, Vec<String>) {
    let (session, seed, codes) = house.with_second_factor(EMAIL).await;
    let account = session.account();
    let known = OpenIdPerson {
        issuer: "https://id.example".into(),
        subject: SUBJECT.into(),
    };
    house.link_openid(&session, &known).await.unwrap();
    let new = token(house);
    let (_, token) = house.make_token(&session, &new).await.unwrap();
    let email = EmailAddress::read(EMAIL).unwrap();
    let letter = house.ask_for_reset(&email).await.unwrap().unwrap();
    let wrong = Password::typed("canary wrong password");
    assert!(house.sign_in_with(EMAIL, &wrong).await.is_err());
    house.turn(Duration::seconds(60));
    let signed_in = house.sign_in(EMAIL).await;
    let code = code_of(&seed, house.now());
    let signed_in = house
        .pass_second_factor(&signed_in.session, &code)
        .await
        .unwrap();
    let exported = SecurityEvent::PersonalDataExported;
    house
        .accounts
        .record(exported, Some(account), None, &office())
        .await
        .unwrap();
    let of = accounts::DraftOf {
        ledger: uuid::Uuid::from_u128(9).into(),
        kind: "meeting".into(),
        about: uuid::Uuid::from_u128(10),
    };
    let draft = house.accounts.save_draft(account, &of, DRAFT, None).await;
    draft.unwrap();
    let ticket = house.sets_out(Errand::Link(session.id())).await;
    let mut secrets = vec![
        ticket.expose().to_string(),
        token.expose().to_string(),
        letter.link.expose().to_string(),
        signed_in.token.expose().to_string(),
        seed,
        PASSWORD.into(),
        "canary wrong password".into(),
    ];
    secrets.extend(codes);
    (account, secrets)
}

const PERSONAL: [&str; 7] = [
    "Robin",
    "Alder",
    EMAIL,
    SUBJECT,
    TOKEN_NAME,
    DRAFT,
    "192.0.2.77",
];

/// What somebody is typing.
const DRAFT: &str = "canary of half a sentence";

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn no_personal_data_and_no_secret_stands_in_clear_in_any_table(pool: PgPool) {
    let house = House::new(pool).await;
    let (_, secrets) = lived(&house).await;
    let stored = house.everything_stored().await;
    let canaries = PERSONAL
        .into_iter()
        .chain(secrets.iter().map(String::as_str));
    for canary in canaries {
        // Bytes are shown as hexadecimal.
        let as_bytes = data_encoding::HEXLOWER.encode(canary.as_bytes());
        assert!(
            !stored.contains(canary) && !stored.contains(&as_bytes),
            "{canary}"
        );
    }
    assert!(
        stored.contains("192.0.2.0/24") && stored.contains("Firefox on Windows"),
        "it was looked at"
    );
}

/// What a subscriber writes.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn no_personal_data_and_no_secret_is_said_to_the_log(pool: PgPool) {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(move || writer.clone())
        .finish();
    let house = House::new(pool).await;
    // The runtime of a test has one thread, so what is spawned is heard as well.
    let listening = tracing::subscriber::set_default(subscriber);
    let (account, secrets) = lived(&house).await;
    drop(listening);
    let said = String::from_utf8(written.0.lock().unwrap().clone()).unwrap();
    for canary in PERSONAL
        .into_iter()
        .chain(secrets.iter().map(String::as_str))
    {
        assert!(!said.contains(canary), "{canary}");
    }
    for heard in [
        "sign_in.refused",
        "second_factor.passed",
        "personal_data.exported",
        "192.0.2.0/24",
    ] {
        assert!(said.contains(heard), "{heard}");
    }
    assert!(said.contains(&account.to_string()));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn everything_about_somebody_is_given_on_request_and_nobody_else_s(pool: PgPool) {
    let house = House::new(pool).await;
    house.member("o@council.example").await;
    house.sign_in("o@council.example").await;
    let (account, secrets) = lived(&house).await;
    let held = house
        .accounts
        .everything_about(account)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (held.account.email.as_str(), held.account.name.as_str()),
        (EMAIL, "Robin Alder")
    );
    assert!(held.password && held.account.second_factor);
    assert_eq!(
        (
            held.openid[0].subject.as_str(),
            held.tokens[0].name.as_str()
        ),
        (SUBJECT, TOKEN_NAME)
    );
    assert_eq!(
        (
            held.sessions.len(),
            held.recovery_codes_left,
            held.links.len()
        ),
        (2, 10, 1)
    );
    let log = house
        .count("select count(*) from account.security_log where account_id is not null")
        .await;
    let others = house.count(
        "select count(*) from account.security_log where account_id in
            (select account_id from account.web_session s where second_factor_at is null)",
    );
    assert_eq!(
        i64::try_from(held.security_log.len()).unwrap(),
        log - others.await
    );
    let exported = serde_json::to_string(&held).unwrap();
    for secret in secrets {
        assert!(!exported.contains(&secret), "{secret}");
    }
    assert!(!exported.contains("o@council.example"));
    let nobody = AccountId::new(uuid::Uuid::nil());
    assert!(
        house
            .accounts
            .everything_about(nobody)
            .await
            .unwrap()
            .is_none()
    );
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn who_is_forgotten_is_in_no_table_and_others_are_untouched(pool: PgPool) {
    let house = House::new(pool).await;
    let other = house.member("o@council.example").await;
    let kept = house.sign_in("o@council.example").await;
    let (account, _) = lived(&house).await;
    let mut owner = house.owner().await;
    let index: String = sqlx::query_scalar(
        "select encode(email_index, 'hex') from account.account where account_id = $1",
    )
    .bind(account.uuid())
    .fetch_one(&mut *owner)
    .await
    .unwrap();
    drop(owner);
    let before = house.everything_stored().await;
    assert!(
        before.matches(&account.to_string()).count() > 10 && before.matches(&index).count() > 1
    );
    let entries = house
        .count("select count(*) from account.security_log")
        .await;

    let forgotten = house.accounts.forget(account).await.unwrap();
    assert_eq!(
        (forgotten.account, forgotten.sessions, forgotten.tokens),
        (true, 2, 1)
    );
    assert!(forgotten.entries > 5, "{forgotten:?}");
    let after = house.everything_stored().await;
    assert!(!after.contains(&account.to_string()) && !after.contains(&index));
    assert_eq!(
        house
            .count("select count(*) from account.security_log")
            .await,
        entries,
        "what happened stays"
    );
    assert!(
        house
            .accounts
            .everything_about(account)
            .await
            .unwrap()
            .is_none()
    );
    assert_eq!(
        house.accounts.forget(account).await.unwrap(),
        accounts::Forgotten::default(),
        "again"
    );

    assert!(house.accounts.account(other).await.unwrap().is_some());
    assert!(house.is_in(&kept.token).await);
    // What was counted about the address is gone with it: it starts from nothing, as one never seen.
    house.invited(EMAIL).await;
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_was_counted_about_somebody_is_forgotten_with_them(pool: PgPool) {
    let house = House::new(pool).await;
    let (session, _, _) = house.with_second_factor(EMAIL).await;
    let counted = async || house.count("select count(*) from account.throttle").await;
    let before = counted().await;
    let owing = house.sign_in(EMAIL).await.session;
    // At a code, at the password, at a reset; with no address to be counted by.
    let nowhere = Caller::local();
    let refused = house
        .accounts
        .pass_second_factor(&owing, "abc", &nowhere)
        .await;
    assert!(refused.is_err());
    let wrong = Password::typed("canary wrong password");
    let refused = house.accounts.sign_in(EMAIL, &wrong, &nowhere, None).await;
    assert!(refused.is_err());
    let email = EmailAddress::read(EMAIL).unwrap();
    house
        .accounts
        .ask_for_reset(&email, &nowhere)
        .await
        .unwrap();
    assert_eq!(counted().await, before + 3);
    house.accounts.forget(session.account()).await.unwrap();
    assert_eq!(counted().await, before);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_log_is_read_back_page_by_page_and_goes_when_it_is_old(pool: PgPool) {
    let house = House::new(pool).await;
    let account = house.member(EMAIL).await;
    for _ in 0..150 {
        let refused = SecurityEvent::AccessRefused;
        house
            .accounts
            .record(refused, Some(account), None, &office())
            .await
            .unwrap();
    }
    let mut seen = Vec::new();
    loop {
        let before = seen
            .last()
            .map(|last: &accounts::SecurityEntry| (last.at, last.id));
        let page = house.accounts.security_log(account, before).await.unwrap();
        if page.is_empty() {
            break;
        }
        seen.extend(page);
    }
    assert_eq!(seen.len(), 152, "with the invitation and its acceptance");
    let mut ids: Vec<_> = seen.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 152);
    house.turn(Duration::days(400));
    assert_eq!(house.accounts.sweep().await.unwrap().entries, 0);
    house.turn(Duration::seconds(1));
    assert_eq!(house.accounts.sweep().await.unwrap().entries, 152);
}

#[test]
fn every_kind_of_event_has_a_name_of_its_own() {
    let mut names: Vec<&str> = SecurityEvent::ALL
        .iter()
        .map(|event| event.stored())
        .collect();
    let all = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all);
}
