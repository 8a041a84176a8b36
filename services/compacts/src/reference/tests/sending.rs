//! Sending, against a recorder that is played: what is waited for, what is asked again, what stops.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use domain::ids::{CommandId, LedgerId};
use domain::stream::StreamId;
use recorder::{Answer, Installation, RecordError, Submission};

use super::planned;
use crate::reference::{ImportError, Plan, import};

/// A recorder that answers as a real one would, after the errors it was told to begin with.
#[derive(Clone, Default)]
struct Played(Arc<Mutex<Memory>>);

#[derive(Default)]
struct Memory {
    script: VecDeque<RecordError>,
    versions: HashMap<(LedgerId, StreamId), u64>,
    answers: HashMap<CommandId, Answer>,
    received: usize,
}

impl Memory {
    fn record(&mut self, sent: &Submission<Installation>) -> Result<Answer, RecordError> {
        self.received += 1;
        if let Some(error) = self.script.pop_front() {
            if error == RecordError::OutcomeUnknown {
                self.answer(sent);
            }
            return Err(error);
        }
        Ok(self.answer(sent))
    }

    fn answer(&mut self, sent: &Submission<Installation>) -> Answer {
        if let Some(answer) = self.answers.get(&sent.command_id) {
            let repeated = true;
            return Answer {
                repeated,
                ..answer.clone()
            };
        }
        let mut streams: Vec<(StreamId, u64)> = Vec::new();
        for command in &sent.commands {
            let stream = command.stream();
            let version = self.versions.entry((sent.ledger, stream)).or_default();
            *version += 1;
            streams.retain(|(other, _)| *other != stream);
            streams.push((stream, *version));
        }
        let answer = Answer {
            ledger: sent.ledger,
            position: 1,
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            streams,
            repeated: false,
        };
        self.answers.insert(sent.command_id, answer.clone());
        answer
    }
}

impl Played {
    /// One that begins with these errors.
    fn script(&self, script: impl IntoIterator<Item = RecordError>) -> &Self {
        self.0.lock().expect("the memory").script = script.into_iter().collect();
        self
    }

    fn record(&self) -> impl AsyncFn(Submission<Installation>) -> Result<Answer, RecordError> {
        async |sent| self.0.lock().expect("the memory").record(&sent)
    }

    fn received(&self) -> usize {
        self.0.lock().expect("the memory").received
    }
}

fn busy() -> RecordError {
    RecordError::Busy {
        retry_after_seconds: 0,
    }
}

fn commands(plan: &Plan) -> usize {
    plan.submissions().map(|sent| sent.commands.len()).sum()
}

#[tokio::test]
async fn everything_is_sent_in_order_and_a_second_import_adds_nothing() {
    let (plan, played) = (planned(), Played::default());
    played.script([]);
    let mut seen = Vec::new();
    let first = import(played.record(), &plan, |now| {
        seen.push((now.done, now.path.clone()));
    })
    .await
    .expect("the first import");
    let expected = plan.steps.iter().enumerate();
    let expected: Vec<_> = expected
        .map(|(n, step)| (n + 1, step.path.clone()))
        .collect();
    assert_eq!(seen, expected);
    assert_eq!(first.commands(), commands(&plan));
    assert_eq!(
        first.entries(),
        commands(&plan) as u64,
        "one entry a command, as played"
    );
    assert_eq!(first.repeated(), 0);
    assert_eq!(first.ledgers.len(), 6);
    assert_eq!(first.ledgers[0].name, "East Midlands");

    let second = import(played.record(), &plan, |_| {})
        .await
        .expect("the second import");
    assert_eq!(second.entries(), 0);
    assert_eq!(second.repeated(), second.commands());
}

#[tokio::test]
async fn a_busy_recorder_is_waited_for_and_a_lost_answer_is_asked_for_again() {
    let (plan, played) = (planned(), Played::default());
    played.script([busy(), busy(), RecordError::OutcomeUnknown]);
    let report = import(played.record(), &plan, |_| {})
        .await
        .expect("an import");
    assert_eq!(played.received(), plan.steps.len() + 3);
    assert_eq!(report.repeated(), 0, "what this import sent first is new");
    assert_eq!(report.entries(), commands(&plan) as u64);
}

#[tokio::test]
async fn a_recorder_that_stays_busy_stops_the_import_where_it_can_go_on() {
    let (plan, played) = (planned(), Played::default());
    played.script(std::iter::repeat_n(busy(), 50));
    let error = import(played.record(), &plan, |_| {})
        .await
        .expect_err("too busy");
    assert!(
        matches!(&error, ImportError::NotRecorded { done: 0, source, .. } if *source == busy()),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .contains("importing again carries on from there"),
        "{error}"
    );
}

#[tokio::test]
async fn a_changed_file_is_named_by_the_path_that_changed() {
    let (plan, played) = (planned(), Played::default());
    played.script([RecordError::CommandReused]);
    let error = import(played.record(), &plan, |_| {})
        .await
        .expect_err("changed");
    let expected = "the file differs from what was imported before at east-midlands;";
    assert!(error.to_string().starts_with(expected), "{error}");
}

#[tokio::test]
async fn the_report_is_a_table_with_a_line_for_what_is_left() {
    let (plan, played) = (planned(), Played::default());
    played.script([]);
    let report = import(played.record(), &plan, |_| {})
        .await
        .expect("an import");
    let table = report.to_string();
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines.len(), 9, "{table}");
    assert!(
        lines[0].ends_with("commands  repeated   entries"),
        "{table}"
    );
    assert!(lines[7].starts_with("all together"), "{table}");
    assert!(
        lines[8].starts_with("left for later: 1 charter, 6 charter aims, 7 seminars"),
        "{table}"
    );
    let widths: Vec<usize> = lines[..8].iter().map(|line| line.chars().count()).collect();
    assert!(widths.iter().all(|width| *width == widths[0]), "{table}");
}
