//! Processor time: what a command costs each side, whatever else the machine is doing.
//!
//! Server and clients share the cores, and on a busy machine throughput says as much about the others
//! as about us. Processor time per command does not. Read from `/proc`; a server elsewhere has none.

use std::fs;

use serde::Serialize;
use sqlx::{Connection, PgConnection};

/// Ticks of `/proc/PID/stat` in a second: fixed in Linux's interface.
const TICKS_PER_SECOND: f64 = 100.0;

/// Reads the processor time of this process and of one server.
pub struct Meter {
    postmaster: Option<u32>,
}

/// Processor time, in seconds.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Spent {
    /// By this process: contender and callers.
    pub client: f64,
    /// By the server: every process of it.
    pub server: f64,
}

impl Meter {
    /// A meter of the server at `url`.
    ///
    /// # Errors
    /// When the server does not answer.
    pub async fn of(url: &str) -> anyhow::Result<Self> {
        let mut connection = PgConnection::connect(url).await?;
        let (backend,): (i32,) = sqlx::query_as("select pg_backend_pid()")
            .fetch_one(&mut connection)
            .await?;
        let postmaster = u32::try_from(backend)
            .ok()
            .and_then(stat)
            .map(|stat| stat.parent);
        connection.close().await?;
        Ok(Self { postmaster })
    }

    /// What has been spent until now.
    pub fn read(&self) -> Spent {
        let client = stat(std::process::id()).map_or(0, |stat| stat.own);
        let server = self.postmaster.map_or(0, |postmaster| {
            let ended = stat(postmaster).map_or(0, |stat| stat.own + stat.children);
            ended
                + processes()
                    .filter_map(stat)
                    .filter(|stat| stat.parent == postmaster)
                    .map(|stat| stat.own)
                    .sum::<u32>()
        });
        Spent {
            client: f64::from(client) / TICKS_PER_SECOND,
            server: f64::from(server) / TICKS_PER_SECOND,
        }
    }
}

impl Spent {
    /// What was spent since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            client: self.client - earlier.client,
            server: self.server - earlier.server,
        }
    }
}

struct Stat {
    parent: u32,
    /// Ticks of the process itself.
    own: u32,
    /// Ticks of its children that have ended.
    children: u32,
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

fn stat(process: u32) -> Option<Stat> {
    parse(&fs::read_to_string(format!("/proc/{process}/stat")).ok()?)
}

/// Fields after the name, which stands in brackets and may hold anything (proc(5)).
fn parse(stat: &str) -> Option<Stat> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
    Some(Stat {
        parent: field(4)?,
        own: field(14)? + field(15)?,
        children: field(16)? + field(17)?,
    })
}

#[cfg(test)]
mod tests {
    use super::{Meter, parse};

    #[test]
    fn a_name_with_brackets_and_spaces_is_passed_over() {
        let line = "7 (a) b (c) S 3 7 7 0 -1 0 0 0 0 0 11 22 33 44 20 0 1 0 5 0 0";
        let stat = parse(line).unwrap();
        assert_eq!((stat.parent, stat.own, stat.children), (3, 33, 77));
    }

    #[test]
    fn work_is_counted() {
        let meter = Meter { postmaster: None };
        let before = meter.read();
        let mut sum = 0_u64;
        while meter.read().since(before).client < 0.05 {
            sum = std::hint::black_box(sum + 1);
        }
        assert!(meter.read().since(before).server.abs() < f64::EPSILON);
    }
}
