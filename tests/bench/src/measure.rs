//! Samples: so many callers, for so long, each sending its next command when the last one is answered.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use futures::future::BoxFuture;
use serde::Serialize;
use tokio::sync::Barrier;

use crate::cpu::{Meter, Spent};

/// One caller: a closed loop around [`Caller::call`].
pub trait Caller: Send + 'static {
    /// Sends one command and waits until it is acknowledged, which means committed.
    fn call(&mut self) -> impl Future<Output = anyhow::Result<()>> + Send;
}

/// Something that answers commands, and is measured doing so.
pub trait Contender: Sync {
    /// The name in tables.
    fn name(&self) -> String;

    /// Runs `callers` callers for `time`.
    fn sample(&self, callers: usize, time: Duration) -> BoxFuture<'_, anyhow::Result<Sample>>;
}

/// Takes one sample, metered.
///
/// # Errors
/// As [`drive`].
pub async fn metered(
    contender: &dyn Contender,
    callers: usize,
    time: Duration,
    meter: &Meter,
) -> anyhow::Result<Sample> {
    let before = meter.read();
    let mut sample = contender.sample(callers, time).await?;
    sample.spent = Some(meter.read().since(before));
    Ok(sample)
}

/// What one sample found.
#[derive(Clone, Debug, Serialize)]
pub struct Sample {
    /// Commands acknowledged.
    pub done: u64,
    /// From the start together to the last answer, in seconds.
    pub seconds: f64,
    /// The latency half of the commands stayed under, in milliseconds.
    pub p50_ms: f64,
    /// The latency 99 in 100 commands stayed under, in milliseconds.
    pub p99_ms: f64,
    /// Processor time spent meanwhile, where it was metered.
    pub spent: Option<Spent>,
}

impl Sample {
    /// Processor time per command, client and server, in microseconds.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn cpu_us(&self) -> [f64; 2] {
        let spent = self.spent.unwrap_or_default();
        [spent.client, spent.server].map(|seconds| seconds * 1e6 / self.done as f64)
    }

    /// Commands acknowledged per second.
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub fn per_second(&self) -> f64 {
        self.done as f64 / self.seconds
    }
}

/// Lets all of `callers` loop for `time`, started together.
///
/// # Errors
/// The first error of any caller: a benchmark that fails some of its commands measures nothing.
pub async fn drive<C: Caller>(callers: Vec<C>, time: Duration) -> anyhow::Result<Sample> {
    let start = Arc::new(Barrier::new(callers.len() + 1));
    let tasks: Vec<_> = callers
        .into_iter()
        .map(|caller| tokio::spawn(call_until(caller, Arc::clone(&start), time)))
        .collect();
    start.wait().await;
    let began = Instant::now();
    let mut latencies = Vec::new();
    for task in tasks {
        latencies.extend(task.await.context("a caller panicked")??);
    }
    let seconds = began.elapsed().as_secs_f64();
    latencies.sort_unstable();
    Ok(Sample {
        done: latencies.len() as u64,
        seconds,
        p50_ms: quantile(&latencies, 50),
        p99_ms: quantile(&latencies, 99),
        spent: None,
    })
}

async fn call_until<C: Caller>(
    mut caller: C,
    start: Arc<Barrier>,
    time: Duration,
) -> anyhow::Result<Vec<u32>> {
    let mut latencies = Vec::with_capacity(4096);
    start.wait().await;
    let end = Instant::now() + time;
    let mut sent = Instant::now();
    while sent < end {
        caller.call().await?;
        let answered = Instant::now();
        let micros = (answered - sent).as_micros();
        latencies.push(u32::try_from(micros).unwrap_or(u32::MAX));
        sent = answered;
    }
    Ok(latencies)
}

/// The latency, in milliseconds, that `percent` in 100 of the sorted `micros` do not exceed.
fn quantile(micros: &[u32], percent: usize) -> f64 {
    let rank = (micros.len() * percent).div_ceil(100);
    micros
        .get(rank.saturating_sub(1))
        .map_or(0.0, |found| f64::from(*found) / 1000.0)
}

/// The median; the mean of the middle two when there is no middle one. Zero of nothing.
pub fn median(figures: &[f64]) -> f64 {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => sorted[odd / 2],
        even => f64::midpoint(sorted[even / 2 - 1], sorted[even / 2]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counter(u64);

    impl Caller for Counter {
        async fn call(&mut self) -> anyhow::Result<()> {
            tokio::task::yield_now().await;
            self.0 += 1;
            anyhow::ensure!(self.0 < 1000, "a thousand calls");
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_failing_caller_fails_the_sample() {
        let outcome = drive(vec![Counter(0), Counter(990)], Duration::from_secs(5)).await;
        assert!(outcome.is_err());
    }

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        assert!((median(&[3.0, 1.0, 2.0]) - 2.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 3.0]) - 2.5).abs() < f64::EPSILON);
    }

    #[test]
    fn a_quantile_is_one_of_the_figures() {
        let micros: Vec<u32> = (1..=200).map(|n| n * 1000).collect();
        assert!((quantile(&micros, 50) - 100.0).abs() < f64::EPSILON);
        assert!((quantile(&micros, 99) - 198.0).abs() < f64::EPSILON);
        assert!((quantile(&[7000], 99) - 7.0).abs() < f64::EPSILON);
    }
}
