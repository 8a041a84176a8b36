//! How many statements something takes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::{Layer, Registry};

/// Counts the statements that sqlx says it runs on this thread, which is the test's only one. Those about the
/// connection itself come and go with the pool, and are not counted.
pub struct Counted {
    counts: Arc<Counts>,
    _listening: tracing::subscriber::DefaultGuard,
}

#[derive(Default)]
struct Counts {
    statements: AtomicUsize,
    about_keys: AtomicUsize,
}

impl Counted {
    /// Counts from here on, until this is dropped.
    pub fn begin() -> Self {
        let counts = Arc::<Counts>::default();
        let counter = Registry::default().with(Counter(Arc::clone(&counts)));
        Self {
            counts,
            _listening: tracing::subscriber::set_default(counter),
        }
    }

    /// All of them.
    pub fn so_far(&self) -> usize {
        self.counts.statements.load(Ordering::Relaxed)
    }

    /// Those that ask for keys.
    pub fn about_keys(&self) -> usize {
        self.counts.about_keys.load(Ordering::Relaxed)
    }
}

struct Counter(Arc<Counts>);

impl<S: tracing::Subscriber> Layer<S> for Counter {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut asks = Asks::default();
        event.record(&mut asks);
        if event.metadata().target() == "sqlx::query" && !asks.of_the_connection {
            self.0.statements.fetch_add(1, Ordering::Relaxed);
            let about_keys = usize::from(asks.about_keys);
            self.0.about_keys.fetch_add(about_keys, Ordering::Relaxed);
        }
    }
}

/// What a statement is about.
#[derive(Default)]
struct Asks {
    /// Only the connection: setting a new one up, or seeing that it came back clean.
    of_the_connection: bool,
    /// Keys of subjects.
    about_keys: bool,
}

impl tracing::field::Visit for Asks {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        let says = format!("{value:?}");
        if field.name() == "summary" {
            self.of_the_connection =
                says.contains("set_config") || says.contains("statement_timestamp");
        }
        self.about_keys |= says.contains("vault.subject");
    }
}
