//! What the running system says about itself: its log, its figures and its health.
//!
//! Three small rooms, and no network in any of them: a service decides under which address it answers, this crate decides
//! what the answer is.
//! - [`log`]: where `tracing` events go, and in which form;
//! - [`figures`]: the `metrics` of the process, rendered for Prometheus;
//! - [`health`]: named checks, each green or red with a reason.

pub mod figures;
pub mod health;
pub mod log;

pub use self::{
    figures::Figures,
    health::{Check, Health, Report},
    log::{Format, Settings, init},
};

/// Why the process cannot say what it should.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The log filter could not be understood.
    #[error(
        "the log filter `{filter}` is not understood; write for example `info` or `info,ledger=debug`"
    )]
    Filter {
        /// The filter as given.
        filter: String,
        /// What is wrong with it.
        #[source]
        source: tracing_subscriber::filter::ParseError,
    },
    /// The log was set up before.
    #[error("the log of this process is set up already")]
    LogSetUpTwice(#[source] tracing::subscriber::SetGlobalDefaultError),
    /// The figures were set up before, or a bucket list is empty.
    #[error("the figures of this process could not be set up")]
    Figures(#[source] metrics_exporter_prometheus::BuildError),
    /// The operating system gave no thread.
    #[error("no thread could be started to look after the figures")]
    Thread(#[source] std::io::Error),
}
