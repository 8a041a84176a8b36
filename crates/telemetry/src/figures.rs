//! The figures of the process, rendered for Prometheus.
//!
//! Code records them with the `metrics` macros, wherever they arise; this room collects them. Durations are recorded in
//! seconds under names ending in `_seconds`, and sorted into the buckets below, so that the figures of several processes
//! may be added up.

use std::{
    panic::{self, AssertUnwindSafe},
    thread,
    time::Duration,
};

use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::TelemetryError;

/// Upper bounds for durations, in seconds: from a cached read to a request about to be given up.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// How often recorded values are moved into their buckets when nobody asks for them, so that they do not pile up.
const UPKEEP: Duration = Duration::from_secs(5);

/// The figures recorded in this process.
#[derive(Clone)]
pub struct Figures {
    handle: PrometheusHandle,
}

impl Figures {
    /// Collects the figures of the whole process from now on.
    ///
    /// # Errors
    /// [`TelemetryError::Figures`] on a second call; [`TelemetryError::Thread`] if there is no thread to be had.
    pub fn install() -> Result<Self, TelemetryError> {
        let recorder = recorder()?;
        let handle = recorder.handle();
        metrics::set_global_recorder(recorder)
            .map_err(|error| TelemetryError::Figures(error.into()))?;
        let upkept = handle.clone();
        thread::Builder::new()
            .name("figures-upkeep".into())
            .spawn(move || {
                loop {
                    thread::sleep(UPKEEP);
                    // Given up for good, the recorded values would pile up unseen.
                    if panic::catch_unwind(AssertUnwindSafe(|| upkept.run_upkeep())).is_err() {
                        tracing::error!("looking after the figures broke; it is tried again");
                    }
                }
            })
            .map_err(TelemetryError::Thread)?;
        Ok(Self { handle })
    }

    /// Every figure as it stands, in Prometheus's text format (`text/plain; version=0.0.4`).
    pub fn render(&self) -> String {
        self.handle.render()
    }
}

fn recorder() -> Result<PrometheusRecorder, TelemetryError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS)
        .map_err(TelemetryError::Figures)?;
    Ok(builder.build_recorder())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rendered_as_buckets_that_can_be_added_up() {
        let recorder = recorder().unwrap();
        let handle = recorder.handle();
        metrics::with_local_recorder(&recorder, || {
            metrics::counter!("events_appended_total").increment(3);
            metrics::histogram!("append_seconds").record(0.003);
        });
        let text = handle.render();
        assert!(text.contains("events_appended_total 3"), "{text}");
        assert!(
            text.contains("append_seconds_bucket{le=\"0.0025\"} 0"),
            "{text}"
        );
        assert!(
            text.contains("append_seconds_bucket{le=\"0.005\"} 1"),
            "{text}"
        );
    }

    #[test]
    fn figures_are_collected_once_in_a_process() {
        let first = Figures::install().unwrap();
        metrics::counter!("collected_total").increment(1);
        assert!(first.render().contains("collected_total 1"));
        assert!(matches!(
            Figures::install(),
            Err(TelemetryError::Figures(_))
        ));
    }
}
