//! What a record refers to is there and is what it was; each way in which it is not is found.

use files::{Examined, FaultOf};
use sqlx::PgPool;

use crate::support::{PDF, World, compact};

async fn faults(world: &World) -> Vec<FaultOf> {
    let Examined { faults, .. } = world.files.examine(compact()).await.expect("examined");
    faults.into_iter().map(|fault| fault.fault).collect()
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn files_that_are_there_are_found_as_they_were(pool: PgPool) {
    let world = World::new(&pool).await;
    let one = world.send(PDF).await.expect("received");
    let two = world
        .send(b"Notes of the meeting\n")
        .await
        .expect("received");
    world.refer_to(&[one.hash, two.hash]).await;
    let examined = world.files.examine(compact()).await.expect("examined");
    assert_eq!((examined.referred_to, examined.faults.len()), (2, 0));
}

#[sqlx::test(migrator = "ledger::MIGRATOR")]
async fn a_missing_a_changed_and_another_file_are_each_found(pool: PgPool) {
    let world = World::new(&pool).await;
    let received = world.send(PDF).await.expect("received");
    world.refer_to(&[received.hash]).await;
    let place = world.objects().remove(0);
    let whole = std::fs::read(&place).expect("an object");

    let mut changed = whole.clone();
    *changed.last_mut().expect("a byte") ^= 1;
    std::fs::write(&place, changed).expect("changed");
    assert_eq!(faults(&world).await, [FaultOf::Changed]);
    std::fs::write(&place, &whole[..whole.len() - 1]).expect("cut short");
    assert_eq!(faults(&world).await, [FaultOf::Changed]);
    std::fs::remove_file(&place).expect("lost");
    assert_eq!(faults(&world).await, [FaultOf::Missing]);
    std::fs::write(&place, &whole).expect("put back");
    assert_eq!(faults(&world).await, []);

    world
        .run("update file_reference set hashes = array[repeat('ab', 32)]")
        .await;
    assert_eq!(
        faults(&world).await,
        [FaultOf::Missing],
        "never uploaded here"
    );
    world
        .run("update file_upload set hash = decode(repeat('ab', 32), 'hex')")
        .await;
    assert_eq!(faults(&world).await, [FaultOf::AnotherHash]);
}
