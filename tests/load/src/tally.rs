//! What was measured.

use std::time::Duration;

use anyhow::Context as _;

/// Answers to one question.
#[derive(Debug, Default)]
pub struct Tally {
    took: Vec<Duration>,
    bytes: usize,
    in_all: Duration,
}

impl Tally {
    /// What stands over the lines.
    pub const HEAD: &str =
        "question                               requests/s   p50 ms   p99 ms   bytes each";

    /// Counts an answer.
    pub fn answered(&mut self, took: Duration, bytes: usize) {
        self.took.push(took);
        self.bytes += bytes;
    }

    /// What several connections were answered in `in_all`.
    pub fn together(each: Vec<Self>, in_all: Duration) -> Self {
        let mut all = Self {
            in_all,
            ..Self::default()
        };
        for one in each {
            all.took.extend(one.took);
            all.bytes += one.bytes;
        }
        all.took.sort_unstable();
        all
    }

    /// What `hundredths` of the answers took at most, in milliseconds.
    fn within(&self, hundredths: usize) -> f64 {
        let at = (self.took.len() * hundredths).div_ceil(100).max(1) - 1;
        let took = self.took.get(at).copied().unwrap_or_default();
        took.as_secs_f64() * 1_000.0
    }

    /// How many were answered a second.
    #[expect(clippy::cast_precision_loss, reason = "rates for people to read")]
    pub fn rate(&self) -> f64 {
        self.took.len() as f64 / self.in_all.as_secs_f64()
    }

    /// One line of the report.
    pub fn line(&self, name: &str) -> String {
        let rate = self.rate();
        let each = self.bytes.checked_div(self.took.len()).unwrap_or(0);
        let (half, nearly_all) = (self.within(50), self.within(99));
        format!("{name:<38} {rate:>10.0} {half:>8.1} {nearly_all:>8.1} {each:>12}")
    }
}

/// How much memory a process has, and had at most, in MiB.
///
/// # Errors
/// When the system does not say.
pub fn resident(pid: u32) -> anyhow::Result<(u64, u64)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let find = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let line = line.with_context(|| format!("no {name}"))?;
        let kib: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        anyhow::Ok(kib / 1_024)
    };
    Ok((find("VmRSS:")?, find("VmHWM:")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_sorted_answers() {
        let each = (1..=100).rev().map(|ms| {
            let mut one = Tally::default();
            one.answered(Duration::from_millis(ms), 10);
            one
        });
        let tally = Tally::together(each.collect(), Duration::from_secs(1));
        assert!((tally.within(50) - 50.0).abs() < 0.001);
        assert!((tally.within(99) - 99.0).abs() < 0.001);
        assert!(tally.line("x").ends_with(" 10"), "{}", tally.line("x"));
    }
}
