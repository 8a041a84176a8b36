//! Taking the words of a redacted text away.

use domain::ids::SubjectId;
use futures::FutureExt;
use futures::future::BoxFuture;
use ledger::{Pool, Scope};
use vault::{Purge, StepFailed};

/// Takes the words of whatever was erased out of the search. Its key is gone by then, so they are not kept anew.
#[derive(Clone, Debug)]
pub struct PurgeWords {
    pool: Pool,
}

impl PurgeWords {
    /// Takes them away over this pool: the recorder's, which carries erasures out.
    pub const fn new(pool: Pool) -> Self {
        Self { pool }
    }

    async fn purge_now(&self, subject: SubjectId) -> Result<(), sqlx::Error> {
        let mut work = Scope::Everywhere.begin(&self.pool).await?;
        // Nobody has a text open to keep its words from here on, until they are gone.
        sqlx::query("select pg_advisory_xact_lock(hashtextextended('good_practice_words', 0))")
            .execute(&mut *work)
            .await?;
        sqlx::query!(
            "delete from good_practice_words where subject_id = $1",
            subject.uuid()
        )
        .execute(&mut *work)
        .await?;
        work.commit().await
    }
}

impl Purge for PurgeWords {
    fn name(&self) -> &'static str {
        "search"
    }

    fn purge(&self, subject: SubjectId) -> BoxFuture<'_, Result<(), StepFailed>> {
        async move { Ok(self.purge_now(subject).await?) }.boxed()
    }
}
