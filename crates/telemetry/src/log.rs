//! Where `tracing` events go: standard error, as lines for people or as JSON for a collector.

use std::io;

use serde::{Deserialize, Serialize};
use tracing::Subscriber;
use tracing_subscriber::{EnvFilter, Layer, fmt::MakeWriter, layer::SubscriberExt};

use crate::TelemetryError;

/// The database's remarks, such as that a table it was to make is there already. They are for who asks for them.
const REMARKS: &str = "sqlx::postgres::notice";

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// For people at a terminal.
    #[default]
    Text,
    /// One JSON object a line, with the fields of the spans the event happened in.
    Json,
}

/// What is logged, and how.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// The form of a line.
    pub format: Format,
    /// What is let through, as `tracing` directives: `info`, or `info,ledger=debug`.
    pub filter: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            format: Format::default(),
            filter: "info".into(),
        }
    }
}

/// Sends the events of the whole process to standard error from now on.
///
/// # Errors
/// [`TelemetryError::Filter`] if the filter is not understood, [`TelemetryError::LogSetUpTwice`] on a second call.
pub fn init(settings: &Settings) -> Result<(), TelemetryError> {
    let subscriber = subscriber(settings, io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(TelemetryError::LogSetUpTwice)
}

/// The subscriber that [`init`] sets, over any writer.
fn subscriber<W>(
    settings: &Settings,
    writer: W,
) -> Result<impl Subscriber + Send + Sync + use<W>, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .parse(&settings.filter)
        .map_err(|source| TelemetryError::Filter {
            filter: settings.filter.clone(),
            source,
        })?;
    let filter = match format!("{REMARKS}=warn").parse() {
        Ok(fewer) if !settings.filter.contains(REMARKS) => filter.add_directive(fewer),
        _ => filter,
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(writer);
    let lines = match settings.format {
        Format::Text => lines
            .with_ansi(io::IsTerminal::is_terminal(&io::stderr()))
            .boxed(),
        Format::Json => lines
            .json()
            .flatten_event(true)
            .with_current_span(false)
            .boxed(),
    };
    Ok(tracing_subscriber::registry().with(filter).with(lines))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    /// A writer whose lines a test can read.
    #[derive(Clone, Default)]
    struct Paper(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Paper {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn written(settings: &Settings, act: impl FnOnce()) -> String {
        let paper = Paper::default();
        let subscriber = subscriber(settings, {
            let paper = paper.clone();
            move || paper.clone()
        });
        tracing::subscriber::with_default(subscriber.unwrap(), act);
        String::from_utf8(paper.0.lock().unwrap().clone()).unwrap()
    }

    #[test]
    fn a_json_line_carries_the_event_and_the_spans_it_happened_in() {
        let settings = Settings {
            format: Format::Json,
            ..Settings::default()
        };
        let line = written(&settings, || {
            let _span = tracing::info_span!("record", correlation = "abc").entered();
            tracing::info!(position = 7, "appended");
        });
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["message"], "appended");
        assert_eq!(line["position"], 7);
        assert_eq!(line["spans"][0]["correlation"], "abc");
    }

    #[test]
    fn the_filter_decides_what_is_let_through() {
        let settings = Settings {
            filter: "warn".into(),
            ..Settings::default()
        };
        let lines = written(&settings, || {
            tracing::info!("usual");
            tracing::warn!("unusual");
        });
        assert!(
            lines.contains("unusual") && !lines.contains("INFO"),
            "{lines}"
        );
    }

    #[test]
    fn the_databases_remarks_are_let_through_for_who_asks() {
        let remark = || tracing::info!(target: REMARKS, "already exists, skipping");
        assert_eq!(written(&Settings::default(), remark), "");
        let asking = Settings {
            filter: format!("info,{REMARKS}=info"),
            ..Settings::default()
        };
        assert!(written(&asking, remark).contains("skipping"));
    }

    #[test]
    fn a_filter_that_is_not_understood_is_named() {
        let settings = Settings {
            filter: "ledger=loud".into(),
            ..Settings::default()
        };
        let refusal = init(&settings).unwrap_err();
        assert!(refusal.to_string().contains("ledger=loud"), "{refusal}");
    }
}
