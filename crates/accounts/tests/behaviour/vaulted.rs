//! Over the vault itself.

use std::sync::Arc;

use accounts::{Accounts, Parts, Sealing, Settings, SignInRefused, SystemRandomness, VaultSealing};
use domain::ids::{AccountId, LedgerId};
use sqlx::PgPool;
use testkit::clock::SetClock;
use testkit::ids::CountingIds;
use uuid::Uuid;
use vault::{MasterKeyFile, Vault};

use crate::support::{House, PASSWORD, code_of, quick};

const EMAIL: &str = "r.alder@council.example";

async fn sealing(pool: &PgPool, folder: &tempfile::TempDir) -> VaultSealing {
    let randomness = Arc::new(SystemRandomness);
    let master = MasterKeyFile::open(&folder.path().join("master.key"), randomness).unwrap();
    let clock = Arc::new(SetClock::at("2009-06-01T09:00:00Z".parse().unwrap()));
    // The keys are in tables no other role may read.
    let options = (*pool.connect_options())
        .clone()
        .options([("role", "compacts_keys")]);
    let keys = sqlx::postgres::PgPoolOptions::new()
        .max_connections(1)
        .connect_with(options)
        .await;
    let vault = Vault::open(
        keys.unwrap(),
        Arc::new(master),
        Arc::new(SystemRandomness),
        clock,
    );
    VaultSealing::new(vault.await.unwrap(), LedgerId::new(Uuid::from_u128(9)))
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_account_lives_over_the_vault_and_what_it_sealed_is_gone_with_its_key(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let sealing = sealing(&pool, &folder).await;
    let mut house = House::new(pool).await;
    let parts = Parts {
        pool: house.pool.clone(),
        sealing: Arc::new(sealing),
        clock: Arc::<SetClock>::clone(&house.clock),
        ids: Arc::new(CountingIds::new(7)),
        randomness: Arc::new(SystemRandomness),
    };
    house.accounts = Accounts::new(
        parts,
        Settings {
            hashing: quick(),
            ..Settings::default()
        },
    )
    .unwrap();
    let (session, seed, _) = house.with_second_factor(EMAIL).await;
    let account = session.account();
    let found = house.accounts.account(account).await.unwrap().unwrap();
    assert_eq!(
        (found.email.as_str(), found.name.as_str()),
        (EMAIL, "Robin Alder")
    );
    house.turn(chrono::Duration::seconds(60));
    let owing = house.sign_in(EMAIL).await.session;
    let code = code_of(&seed, house.now());
    house.pass_second_factor(&owing, &code).await.unwrap();

    let mut owner = house.owner().await;
    let destroy = "update vault.subject set fenced_at = now(),
        destroyed_at = now(), wrapped_key = null, master_key_id = null";
    sqlx::query(destroy).execute(&mut *owner).await.unwrap();
    owner.commit().await.unwrap();
    let erased = house.accounts.account(account).await.unwrap().unwrap();
    assert_eq!((erased.email.as_str(), erased.name.as_str()), ("", ""));
    assert!(house.accounts.forget(account).await.unwrap().account);
    let password = accounts::Password::typed(PASSWORD);
    let gone = house.sign_in_with(EMAIL, &password).await;
    assert!(matches!(gone, Err(SignInRefused::Refused)));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_moved_to_another_account_or_field_is_not_opened(pool: PgPool) {
    let folder = tempfile::tempdir().unwrap();
    let sealing = sealing(&pool, &folder).await;
    let [mine, other] = [1, 2].map(|nth| AccountId::new(Uuid::from_u128(nth)));
    let sealed = sealing
        .seal(mine, "account.name", "Robin Alder")
        .await
        .unwrap();
    let opened = sealing.open(mine, "account.name", &sealed).await.unwrap();
    assert_eq!(opened.as_deref(), Some("Robin Alder"));
    assert!(sealing.open(mine, "account.email", &sealed).await.is_err());
    assert!(sealing.open(other, "account.name", &sealed).await.is_err());
    assert!(
        sealing
            .open(mine, "account.name", b"not sealed")
            .await
            .is_err()
    );
    assert_eq!(sealing.blind_index("a", "b"), sealing.blind_index("a", "b"));
    assert_ne!(sealing.blind_index("a", "b"), sealing.blind_index("c", "b"));
}
