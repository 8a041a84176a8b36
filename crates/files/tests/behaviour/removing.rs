//! A file whose key was destroyed is gone, in every copy, and does not come back.

use files::{Opened, Refused, UNUSED_FOR};
use sqlx::PgPool;
use vault::Purge;

use crate::support::{PDF, World, compact, refused};

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_removed_file_is_not_handed_out_nor_taken_again_and_its_content_goes(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    let known = world
        .uploads
        .look_up(compact(), &[received.hash].into())
        .await;
    let content = known.expect("an answer")[&received.hash].content;
    let sealed = std::fs::read(&world.objects()[0]).expect("an object");

    // As the vault does it: fenced, destroyed, and then whoever derived something is told.
    for change in [
        "fenced_at = now()",
        "wrapped_key = null, master_key_id = null, destroyed_at = now()",
    ] {
        world
            .run(&format!(
                "update vault.subject set {change} where subject_id = '{content}'"
            ))
            .await;
    }
    let gone = world
        .files
        .open(compact(), received.hash)
        .await
        .expect("an answer");
    assert!(matches!(gone, Opened::Removed), "before anybody was told");
    world.uploads.purge(content).await.expect("told");
    world.uploads.purge(content).await.expect("told again");

    let gone = world
        .files
        .open(compact(), received.hash)
        .await
        .expect("an answer");
    assert!(matches!(gone, Opened::Removed));
    let known = world
        .uploads
        .look_up(compact(), &[received.hash].into())
        .await;
    assert!(
        known.expect("an answer").is_empty(),
        "nothing new refers to it"
    );
    assert_eq!(refused(world.send(PDF).await), Refused::Removed);
    let swept = world.files.sweep(UNUSED_FOR).await.expect("swept");
    assert_eq!((swept.cleared, world.objects().len()), (1, 0));
    assert_eq!(
        world.files.sweep(UNUSED_FOR).await.expect("swept").cleared,
        0
    );
    assert_eq!(world.rows("removed").await, 1, "the hash is remembered");

    // A copy that a backup kept does not help: put back where it was, nobody opens it.
    world
        .run("update file_upload set state = 'stored', cleared = false")
        .await;
    let place = sealed_place(&world, &content.to_string());
    let folder = place.parent().expect("a folder");
    std::fs::create_dir_all(folder).expect("a folder");
    std::fs::write(place, sealed).expect("put back");
    let gone = world
        .files
        .open(compact(), received.hash)
        .await
        .expect("an answer");
    assert!(matches!(gone, Opened::Removed));
}

fn sealed_place(world: &World, content: &str) -> std::path::PathBuf {
    world
        .folder()
        .join("files")
        .join(compact().to_string())
        .join(content)
}
