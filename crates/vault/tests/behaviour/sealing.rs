//! Sealing and unsealing, beside others who do the same.

use std::collections::HashSet;
use std::fmt::Write;
use std::time::Instant;

use sqlx::PgPool;
use vault::{Context, OpenError, Sealed, ToSeal, ToUnseal, Unsealed, VaultError};

use crate::support::{Home, ledger_id, name_of, subject};

#[sqlx::test(migrations = "../../migrations")]
async fn what_one_process_seals_another_unseals(pool: PgPool) {
    let home = Home::new();
    let (one, other) = (home.vault(&pool).await, home.vault(&pool).await);
    let here = name_of(subject(1));
    let sealed = one.seal(subject(1), &here, "Mary Example").await.unwrap();
    let opened = other.unseal(&sealed, &here).await.unwrap();
    assert_eq!(opened.plain(), Some("Mary Example"));
    let again = one.seal(subject(1), &here, "Mary Example").await.unwrap();
    assert_ne!(again, sealed, "two seals of one text differ");
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_batch_is_answered_in_its_order_and_subjects_keep_apart(pool: PgPool) {
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let contexts: Vec<Context> = (0..7).map(|at| name_of(subject(at % 3))).collect();
    let names: Vec<String> = (0..7).map(|at| format!("name {at}")).collect();
    let texts: Vec<ToSeal<'_>> = (0..7_u128)
        .zip(contexts.iter().zip(&names))
        .map(|(at, (context, plain))| ToSeal {
            subject: subject(at % 3),
            context,
            plain,
        })
        .collect();
    let sealed = vault.seal_many(&texts).await.unwrap();
    let back: Vec<ToUnseal<'_>> = sealed
        .iter()
        .zip(&contexts)
        .map(|(sealed, context)| ToUnseal { sealed, context })
        .collect();
    let opened = vault.unseal_many(&back).await.unwrap();
    let opened: Vec<_> = opened.iter().map(Unsealed::plain).collect();
    assert_eq!(
        opened,
        names
            .iter()
            .map(|name| Some(name.as_str()))
            .collect::<Vec<_>>()
    );
    assert_eq!(
        home.randomness.keys().len(),
        1 + 1 + 3,
        "master, secret, and one each"
    );
    assert!(vault.seal_many(&[]).await.unwrap().is_empty());
    assert!(vault.unseal_many(&[]).await.unwrap().is_empty());
}

#[sqlx::test(migrations = "../../migrations")]
async fn many_that_seal_for_a_new_subject_at_once_use_one_key(pool: PgPool) {
    let home = Home::new();
    let here = name_of(subject(1));
    let mut vaults = Vec::new();
    for _ in 0..8 {
        vaults.push(home.vault(&pool).await);
    }
    let sealing = vaults
        .iter()
        .map(|vault| vault.seal(subject(1), &here, "Mary Example"));
    let sealed: Vec<Sealed> = futures::future::try_join_all(sealing).await.unwrap();
    let fresh = home.vault(&pool).await;
    for sealed in &sealed {
        let opened = fresh.unseal(sealed, &here).await.unwrap();
        assert_eq!(opened.plain(), Some("Mary Example"));
    }
    assert_eq!(sealed.iter().collect::<HashSet<_>>().len(), 8);
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_was_moved_or_never_had_a_key_is_an_error(pool: PgPool) {
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let here = name_of(subject(1));
    let sealed = vault.seal(subject(1), &here, "Mary Example").await.unwrap();
    vault
        .seal(subject(2), &name_of(subject(2)), "Somebody")
        .await
        .unwrap();
    let elsewhere = Context::new(ledger_id(2), here.place());
    let moved = vault.unseal(&sealed, &elsewhere).await;
    assert!(matches!(moved, Err(VaultError::Tampered(whose)) if whose == subject(1)));
    let given = Sealed::new(subject(2), *sealed.nonce(), sealed.text().to_vec()).unwrap();
    let given = vault.unseal(&given, &here).await;
    assert!(matches!(given, Err(VaultError::Tampered(whose)) if whose == subject(2)));
    let unknown = Sealed::new(subject(3), *sealed.nonce(), sealed.text().to_vec()).unwrap();
    let unknown = vault.unseal(&unknown, &here).await;
    assert!(matches!(unknown, Err(VaultError::NoKey(whose)) if whose == subject(3)));
}

#[sqlx::test(migrations = "../../migrations")]
async fn wrapped_keys_that_were_swapped_open_nothing(pool: PgPool) {
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let mut sealed = Vec::new();
    for whose in [subject(1), subject(2)] {
        sealed.push(
            vault
                .seal(whose, &name_of(whose), "Mary Example")
                .await
                .unwrap(),
        );
    }
    sqlx::raw_sql(
        "update vault.subject as mine set wrapped_key = theirs.wrapped_key
         from vault.subject as theirs where mine.subject_id <> theirs.subject_id",
    )
    .execute(&pool)
    .await
    .unwrap();
    let fresh = home.vault(&pool).await;
    let swapped = fresh.unseal(&sealed[0], &name_of(subject(1))).await;
    assert!(matches!(swapped, Err(VaultError::Master(_))), "{swapped:?}");
}

#[sqlx::test(migrations = "../../migrations")]
async fn a_database_without_its_master_key_is_not_opened(pool: PgPool) {
    let home = Home::new();
    let before = home
        .vault(&pool)
        .await
        .blind_index("email", "mary@example.org");
    let elsewhere = Home::new();
    // The same randomness would make the same master key again.
    elsewhere.randomness.skip();
    let refused = elsewhere.try_vault(&pool).await;
    let Err(refused @ OpenError::UnknownMasterKey(_)) = refused else {
        panic!("{refused:?}");
    };
    assert!(refused.to_string().contains("backup"), "{refused}");
    let again = home
        .vault(&pool)
        .await
        .blind_index("email", "mary@example.org");
    assert_eq!(
        before, again,
        "it is looked up by the same value after a restart"
    );
}

#[sqlx::test(migrations = "../../migrations")]
async fn what_is_looked_up_is_not_what_is_digested(pool: PgPool) {
    let vault = Home::new().vault(&pool).await;
    let index = vault.blind_index("email", "mary@example.org");
    assert_ne!(index, vault.blind_index("email", "mary@example.com"));
    assert_ne!(index, vault.keyed_digest("email", b"mary@example.org"));
}

/// Prints what sealing costs; only the figures of an optimised build mean anything.
#[sqlx::test(migrations = "../../migrations")]
async fn the_cost_of_a_batch_is_told(pool: PgPool) {
    let home = Home::new();
    let vault = home.vault(&pool).await;
    let here = name_of(subject(1));
    let plain = "x".repeat(400);
    let mut said = String::new();
    for size in [1, 50, 1000] {
        let text = ToSeal {
            subject: subject(1),
            context: &here,
            plain: &plain,
        };
        let sealed = vault.seal_many(&vec![text; size]).await.unwrap();
        let back: Vec<ToUnseal<'_>> = sealed
            .iter()
            .map(|sealed| ToUnseal {
                sealed,
                context: &here,
            })
            .collect();
        let began = Instant::now();
        vault.seal_many(&vec![text; size]).await.unwrap();
        let sealing = began.elapsed();
        let began = Instant::now();
        let opened = vault.unseal_many(&back).await.unwrap();
        let unsealing = began.elapsed();
        assert_eq!(opened.len(), size);
        writeln!(said, "{size:>5} fields of 400 bytes, key in memory: sealed in {sealing:?}, unsealed in {unsealing:?}").unwrap();
    }
    println!("{said}");
}
