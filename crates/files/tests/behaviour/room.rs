//! What nothing refers to may take so much room in a compact, and so much of it from one account.

use domain::ids::{AccountId, LedgerId};
use files::{ReceiveError, Received, Refused, Room, UNUSED_FOR};
use futures::future::join_all;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{PDF, World, compact};

fn account(number: u128) -> AccountId {
    AccountId::new(Uuid::from_u128(number))
}

/// A document like no other, as long as all of them.
fn document(number: u8) -> Vec<u8> {
    let mut content = PDF.to_vec();
    content.push(number);
    content
}

/// Room for so many of them from one account, and so many in a compact.
async fn with_room(pool: &PgPool, of_account: u64, of_compact: u64) -> World {
    let length = document(0).len() as u64;
    World::with_room(
        pool,
        Room {
            of_account: of_account * length,
            of_compact: of_compact * length,
        },
    )
    .await
}

fn has_no_room(received: &Result<Received, ReceiveError>) -> bool {
    matches!(received, Err(ReceiveError::Refused(Refused::NoRoom)))
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn an_account_and_a_compact_have_so_much_room_for_what_nothing_refers_to(pool: PgPool) {
    let world = with_room(&pool, 2, 3).await;
    let send = async |by, number| world.send_by(by, compact(), &document(number)).await;
    let first = send(account(1), 1).await.expect("room");
    send(account(1), 2).await.expect("room");
    assert!(has_no_room(&send(account(1), 3).await), "of the account");
    assert_eq!(world.objects().len(), 2, "nothing is left of it");
    assert_eq!(world.number("select count(*) from file_upload").await, 2);
    assert_eq!(send(account(1), 1).await.expect("it is there"), first);

    send(account(2), 4).await.expect("another's room");
    assert!(has_no_room(&send(account(2), 5).await), "of the compact");
    let elsewhere = LedgerId::new(Uuid::from_u128(77));
    let there = world.send_by(account(1), elsewhere, &document(6)).await;
    there.expect("another compact's room");

    world.refer_to(&[first.hash]).await;
    send(account(1), 3)
        .await
        .expect("what is referred to takes none of it");
    assert!(has_no_room(&send(account(1), 7).await));
    world.turn(25);
    world.files.sweep(UNUSED_FOR).await.expect("swept");
    send(account(1), 7)
        .await
        .expect("what was not used is gone");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn those_who_send_at_the_same_time_do_not_pass_it_together(pool: PgPool) {
    let world = with_room(&pool, 2, 3).await;
    let all = (0..8_u8).map(async |number| {
        let by = account(u128::from(number % 4));
        world.send_by(by, compact(), &document(number)).await
    });
    let all = join_all(all).await;
    let taken = all.iter().filter(|received| received.is_ok()).count();
    assert_eq!(taken, 3, "{all:?}");
    assert!(
        all.iter().all(|it| it.is_ok() || has_no_room(it)),
        "{all:?}"
    );
    assert_eq!(world.objects().len(), 3);
    assert_eq!(world.rows("stored").await, 3);
}
