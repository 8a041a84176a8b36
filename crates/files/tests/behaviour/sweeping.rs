//! What nothing refers to is taken away after a day, and nothing else ever.

use files::{Swept, UNUSED_FOR};
use sqlx::PgPool;

use crate::support::{PDF, World, compact};

async fn sweep(world: &World) -> Swept {
    world.files.sweep(UNUSED_FOR).await.expect("swept")
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_nothing_refers_to_goes_after_a_day_and_can_be_sent_again(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    world.turn(23);
    assert_eq!(sweep(&world).await, Swept::default());
    world.turn(2);
    let swept = sweep(&world).await;
    assert_eq!((swept.marked, swept.unused), (1, 1));
    assert!(world.objects().is_empty());
    assert_eq!(world.number("select count(*) from file_upload").await, 0);
    assert_eq!(sweep(&world).await, Swept::default(), "twice does no harm");
    assert_eq!(world.send(PDF).await.expect("sent again"), received);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_something_refers_to_stays(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    world.refer_to(&[received.hash]).await;
    world.turn(24 * 365);
    assert_eq!(sweep(&world).await, Swept::default());
    assert!(world.content(compact(), received.hash).await.is_some());
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_command_that_is_about_to_refer_to_a_file_keeps_it(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    world.turn(30);
    // The command looks it up a moment before the sweep, and is still being recorded.
    let found = world
        .uploads
        .look_up(compact(), &[received.hash].into())
        .await;
    assert_eq!(found.expect("an answer").len(), 1);
    assert_eq!(sweep(&world).await, Swept::default());
    assert!(world.content(compact(), received.hash).await.is_some());
}

/// The race: marked, and then a command comes; or the reference is recorded and not in the view yet.
#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn once_a_file_is_going_no_command_finds_it_and_what_was_recorded_before_keeps_it(
    pool: PgPool,
) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    world.turn(30);
    // Recorded long ago, says the ledger; the view has not folded it yet.
    world.head(5).await;
    let swept = sweep(&world).await;
    assert_eq!((swept.marked, swept.waiting, swept.unused), (1, 1, 0));
    let found = world
        .uploads
        .look_up(compact(), &[received.hash].into())
        .await;
    assert!(found.expect("an answer").is_empty(), "it is going");
    assert_eq!(world.objects().len(), 1, "and has not gone");

    world.refer_to(&[received.hash]).await;
    world.known_up_to(5).await;
    let swept = sweep(&world).await;
    assert_eq!((swept.kept, swept.unused), (1, 0));
    assert!(world.content(compact(), received.hash).await.is_some());
    let found = world
        .uploads
        .look_up(compact(), &[received.hash].into())
        .await;
    assert_eq!(found.expect("an answer").len(), 1);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_sweep_that_stopped_after_any_step_is_carried_on(pool: PgPool) {
    let world = World::new(&pool).await;
    world.send(PDF).await.expect("received");
    world.turn(30);
    // Stopped after it was marked, and after the content was gone.
    world.run("update file_upload set state = 'going'").await;
    for object in world.objects() {
        std::fs::remove_file(object).expect("gone");
    }
    assert_eq!(sweep(&world).await.unused, 1);
    assert_eq!(world.number("select count(*) from file_upload").await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn what_a_killed_process_left_half_written_is_cleared_away(pool: PgPool) {
    let world = World::new(&pool).await;
    let content = "00000000-0000-0000-0000-000000000077";
    world
        .run(&format!(
            "insert into file_upload (ledger_id, content_id, content_key, state, used_at)
             values ('{}', '{content}', '{{}}', 'incoming', '2026-05-29T12:00:00Z')",
            compact()
        ))
        .await;
    let folder = world.folder().join("files").join(compact().to_string());
    std::fs::create_dir_all(&folder).expect("a folder");
    for left in [format!("{content}#1"), content.to_owned()] {
        std::fs::write(folder.join(left), "half").expect("written");
    }
    std::fs::write(folder.join("another#1"), "being written").expect("written");
    assert_eq!(sweep(&world).await, Swept::default(), "it may still come");
    world.turn(2);
    assert_eq!(sweep(&world).await.left_behind, 1);
    assert_eq!(world.objects(), [folder.join("another#1")]);
    assert_eq!(world.rows("incoming").await, 0);
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn two_who_sweep_at_once_do_no_harm(pool: PgPool) {
    let world = World::new(&pool).await;
    for n in 0..20 {
        let text = format!("Note {n}\n");
        world.send(text.as_bytes()).await.expect("received");
    }
    let kept = world.send(PDF).await.expect("received");
    world.refer_to(&[kept.hash]).await;
    world.turn(30);
    let (one, two) = tokio::join!(sweep(&world), sweep(&world));
    assert_eq!(one.marked + two.marked, 20);
    sweep(&world).await;
    assert_eq!((world.objects().len(), world.rows("stored").await), (1, 1));
    assert!(world.content(compact(), kept.hash).await.is_some());
}
