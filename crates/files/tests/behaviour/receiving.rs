//! A file comes whole or not at all, once, and lies sealed.

use bytes::Bytes;
use domain::file::MAX_FILE_BYTES;
use domain::ids::LedgerId;
use files::{Hint, Offered, Refused};
use futures::stream;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::{PDF, World, compact, refused, somebody};

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_file_is_handed_out_as_it_came_and_lies_sealed(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    assert_eq!(received.media_type, "application/pdf");
    assert_eq!(received.bytes, PDF.len() as u64);
    let content = world.content(compact(), received.hash).await;
    assert_eq!(content.as_deref(), Some(PDF));
    let objects = world.objects();
    assert_eq!(objects.len(), 1);
    let lies = std::fs::read(&objects[0]).expect("an object");
    let plan = b"action plan";
    assert!(!lies.windows(plan.len()).any(|window| window == plan));
    let path = objects[0].display().to_string();
    assert!(!path.contains(&received.hash.to_string()), "{path}");
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_long_file_comes_in_parts_and_is_handed_out_the_same(pool: PgPool) {
    let world = World::new(&pool).await;
    let mut content = PDF.to_vec();
    content.extend((0..12_000_000_u32).map(|n| u8::try_from(n % 253).unwrap_or(0)));
    let received = world.send(&content).await.expect("received");
    let read = world.content(compact(), received.hash).await;
    assert!(read.is_some_and(|read| read == content));
    assert_eq!(world.objects().len(), 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn the_same_content_is_there_once_in_each_compact(pool: PgPool) {
    let world = World::new(&pool).await;
    let first = world.send(PDF).await.expect("received");
    assert_eq!(world.send(PDF).await.expect("received again"), first);
    assert_eq!((world.objects().len(), world.rows("stored").await), (1, 1));
    let other = LedgerId::new(Uuid::from_u128(2));
    assert_eq!(world.content(other, first.hash).await, None);
    world.send_to(other, PDF).await.expect("received elsewhere");
    assert_eq!((world.objects().len(), world.rows("stored").await), (2, 2));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_who_send_the_same_at_once_both_get_the_file(pool: PgPool) {
    let world = World::new(&pool).await;
    let (one, two) = tokio::join!(world.send(PDF), world.send(PDF));
    assert_eq!(one.expect("received"), two.expect("received"));
    assert_eq!((world.objects().len(), world.rows("stored").await), (1, 1));
    assert_eq!(world.rows("incoming").await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_not_taken_leaves_nothing_behind(pool: PgPool) {
    let world = World::new(&pool).await;
    let too_long = vec![b'x'; usize::try_from(MAX_FILE_BYTES).expect("fits") + 1];
    for (content, why) in [
        (&too_long[..], Refused::TooLong),
        (b"", Refused::Empty),
        (b"MZ\x90\0program", Refused::OtherKind),
        (
            b"<html><script>alert(1)</script></html>",
            Refused::OtherKind,
        ),
    ] {
        assert_eq!(refused(world.send(content).await), why);
    }
    let just_fits = &too_long[1..];
    world.send(just_fits).await.expect("25 MB are taken");
    assert_eq!(world.objects().len(), 1, "of what was taken");
    assert_eq!(world.rows("incoming").await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_is_announced_as_too_long_is_refused_before_it_is_read(pool: PgPool) {
    let world = World::new(&pool).await;
    let offered = Offered {
        bytes: Some(MAX_FILE_BYTES + 1),
        hint: Hint::None,
    };
    let unread = stream::poll_fn(|_| -> std::task::Poll<Option<Result<Bytes, String>>> {
        panic!("nothing of it is read")
    });
    let received = world
        .files
        .receive(compact(), (somebody(), offered), unread)
        .await;
    assert_eq!(refused(received), Refused::TooLong);
    assert_eq!(world.number("select count(*) from file_upload").await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn whoever_hangs_up_half_way_leaves_nothing_behind(pool: PgPool) {
    let world = World::new(&pool).await;
    for length in [1_000, 8_000_000] {
        let mut half = PDF.to_vec();
        half.resize(length, b'x');
        let parts = [Ok(Bytes::from(half)), Err("gone")];
        let offered = Offered {
            bytes: Some(9_000_000),
            hint: Hint::None,
        };
        let received = world
            .files
            .receive(compact(), (somebody(), offered), stream::iter(parts))
            .await;
        assert_eq!(refused(received), Refused::Incomplete);
        assert_eq!(world.objects(), Vec::<std::path::PathBuf>::new());
        assert_eq!(world.number("select count(*) from file_upload").await, 0);
    }
    let offered = Offered {
        bytes: Some(PDF.len() as u64 + 1),
        hint: Hint::None,
    };
    let short = stream::iter([Ok::<_, String>(Bytes::from_static(PDF))]);
    let received = world
        .files
        .receive(compact(), (somebody(), offered), short)
        .await;
    assert_eq!(refused(received), Refused::Incomplete);
    assert!(world.objects().is_empty());
}
