//! Changing the master key.

use sqlx::PgPool;
use vault::{MasterKeyFile, OpenError, Rewrapped, Sealed, Unsealed};

use crate::support::{Home, erasures, furnish, name_of, request, subject};

/// Takes every line of a key but the last out of the file.
fn keep_only_the_newest(home: &Home) {
    let text = std::fs::read_to_string(home.master_file()).unwrap();
    let newest = text.lines().last().unwrap();
    std::fs::write(home.master_file(), format!("{newest}\n")).unwrap();
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_was_sealed_is_read_under_the_new_master_key_alone(pool: PgPool) {
    furnish(&pool).await;
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let mut sealed: Vec<Sealed> = Vec::new();
    for whose in (1..=25).map(subject) {
        sealed.push(
            vault
                .seal(whose, &name_of(whose), "Mary Example")
                .await
                .unwrap(),
        );
    }
    let index = vault.blind_index("email", "mary@example.org");
    erasures(vault, &pool)
        .erase(&request(subject(1)))
        .await
        .unwrap();

    MasterKeyFile::add_key(&home.master_file(), &*home.randomness).unwrap();
    let vault = home.vault(&pool).await;
    let part = vault.rewrap(10).await.unwrap();
    assert_eq!(
        part,
        Rewrapped { now: 11, left: 14 },
        "ten subjects and the secret"
    );
    // Stopped half-way, the older master key cannot be done without.
    let whole = std::fs::read(home.master_file()).unwrap();
    keep_only_the_newest(&home);
    let early = home.try_vault(&pool).await;
    assert!(
        matches!(early, Err(OpenError::UnknownMasterKey(_))),
        "{early:?}"
    );
    std::fs::write(home.master_file(), whole).unwrap();
    assert_eq!(
        vault.rewrap(100).await.unwrap(),
        Rewrapped { now: 14, left: 0 }
    );
    assert_eq!(
        vault.rewrap(100).await.unwrap(),
        Rewrapped { now: 0, left: 0 }
    );

    keep_only_the_newest(&home);
    let vault = home.vault(&pool).await;
    assert_eq!(vault.blind_index("email", "mary@example.org"), index);
    for (whose, sealed) in (1..=25).map(subject).zip(&sealed) {
        let opened = vault.unseal(sealed, &name_of(whose)).await.unwrap();
        if whose == subject(1) {
            assert_eq!(opened, Unsealed::Erased, "erased stays erased");
        } else {
            assert_eq!(opened.plain(), Some("Mary Example"));
        }
    }
}
