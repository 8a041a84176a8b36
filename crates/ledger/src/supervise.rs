//! Long-lived tasks that outlive their own faults.
//!
//! A task that panicked and was gone would leave a process that takes requests it can no longer serve.
//! So the tasks that keep the ledger are started again, with nothing remembered, and it shows.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;

/// The pause before a task is started again, so that one that breaks at once does not spin.
const BEFORE_RESTART: Duration = Duration::from_millis(50);

/// Does `work` until it ends by itself. Whenever it panics it is done anew; a log line and the counter
/// `ledger_task_restarts_total` say so.
///
/// What one turn shares with the next may have been left half-changed by the panic. It must not matter.
pub async fn supervised<F>(task: &'static str, mut work: impl FnMut() -> F)
where
    F: Future<Output = ()>,
{
    while let Err(panic) = AssertUnwindSafe(work()).catch_unwind().await {
        metrics::counter!("ledger_task_restarts_total", "task" => task).increment(1);
        tracing::error!(
            task,
            panic = panic_message(&*panic),
            "a task of the ledger broke; it is started again"
        );
        tokio::time::sleep(BEFORE_RESTART).await;
    }
}

/// What a panic said.
pub fn panic_message(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<&str>().copied();
    text.or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("it did not say why")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_that_breaks_is_done_anew_until_it_ends_by_itself() {
        let mut tries = 0;
        supervised("test", || {
            tries += 1;
            async move { assert!(tries == 4, "try {tries} breaks") }
        })
        .await;
        assert_eq!(tries, 4);
    }

    #[test]
    fn what_a_panic_said_is_told() {
        assert_eq!(panic_message(&"short"), "short");
        assert_eq!(panic_message(&"made up".to_owned()), "made up");
        assert_eq!(panic_message(&17), "it did not say why");
    }
}
