//! The auditor of the storm: what was seen against what was promised. Itself shown to see flaws.

use std::collections::{HashMap, HashSet};

use domain::ids::CommandId;
use domain::stream::StreamId;
use ledger::RawEntry;
use ledger::leaf::Envelope;

/// An entry as a reader saw it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    pub position: u64,
    pub stream: StreamId,
    pub version: u64,
    pub command: CommandId,
}

impl Seen {
    pub fn of(raw: &RawEntry) -> Self {
        let recorded = Envelope::read(&raw.leaf).unwrap().into_recorded();
        assert_eq!(recorded.position, raw.position);
        assert_eq!(recorded.stream_version, raw.stream_version);
        Self {
            position: recorded.position,
            stream: recorded.stream,
            version: recorded.stream_version,
            command: recorded.command,
        }
    }
}

/// What a caller was told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Promised {
    pub command: CommandId,
    pub stream: StreamId,
    pub position: u64,
    pub version: u64,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Flaw {
    Gap { before: u64 },
    OutOfOrder { at: u64 },
    VersionSkipped { stream: StreamId, version: u64 },
    RecordedTwice(CommandId),
    Lost(CommandId),
    TwoWinners { stream: StreamId, version: u64 },
}

/// Holds what was seen of a ledger, from its first entry, against what its callers were promised.
pub fn audit(seen: &[Seen], promised: &[Promised]) -> Result<(), Flaw> {
    let mut versions: HashMap<StreamId, u64> = HashMap::new();
    let mut commands = HashSet::new();
    for (entry, expected) in seen.iter().zip(1..) {
        if entry.position > expected {
            return Err(Flaw::Gap {
                before: entry.position,
            });
        }
        if entry.position < expected {
            return Err(Flaw::OutOfOrder { at: entry.position });
        }
        let (stream, version) = (entry.stream, versions.entry(entry.stream).or_default());
        *version += 1;
        if entry.version != *version {
            return Err(Flaw::VersionSkipped {
                stream,
                version: *version,
            });
        }
        if !commands.insert(entry.command) {
            return Err(Flaw::RecordedTwice(entry.command));
        }
    }
    let mut winners = HashMap::new();
    for &Promised {
        command,
        stream,
        position,
        version,
    } in promised
    {
        if *winners.entry((stream, version)).or_insert(command) != command {
            return Err(Flaw::TwoWinners { stream, version });
        }
        let at = usize::try_from(position).unwrap().checked_sub(1);
        if at.and_then(|at| seen.get(at))
            != Some(&Seen {
                position,
                stream,
                version,
                command,
            })
        {
            return Err(Flaw::Lost(command));
        }
    }
    Ok(())
}

mod tests {
    use super::{Flaw, Promised, Seen, audit};
    use crate::support::{command_id, stream};

    /// Ten entries on two streams, each promised.
    fn sound() -> (Vec<Seen>, Vec<Promised>) {
        let seen = (1..=10).map(|position| Seen {
            position,
            stream: stream(u128::from(position % 2)),
            version: position.div_ceil(2),
            command: command_id(u128::from(position)),
        });
        let seen: Vec<Seen> = seen.collect();
        let promised = seen.iter().map(|entry| Promised {
            command: entry.command,
            stream: entry.stream,
            position: entry.position,
            version: entry.version,
        });
        let promised = promised.collect();
        (seen, promised)
    }

    #[test]
    fn a_sound_history_passes() {
        let (seen, promised) = sound();
        assert_eq!(audit(&seen, &promised), Ok(()));
    }

    #[test]
    fn a_planted_gap_is_found() {
        let (mut seen, promised) = sound();
        seen.remove(4);
        assert_eq!(audit(&seen, &promised), Err(Flaw::Gap { before: 6 }));
    }

    #[test]
    fn a_planted_duplicate_is_found() {
        let (mut seen, promised) = sound();
        seen.insert(5, seen[4]);
        assert_eq!(audit(&seen, &promised), Err(Flaw::OutOfOrder { at: 5 }));
    }

    #[test]
    fn a_planted_swap_is_found() {
        let (mut seen, promised) = sound();
        seen.swap(3, 4);
        assert_eq!(audit(&seen, &promised), Err(Flaw::Gap { before: 5 }));
    }

    #[test]
    fn a_command_planted_twice_is_found() {
        let (mut seen, promised) = sound();
        seen[7].command = seen[2].command;
        assert_eq!(
            audit(&seen, &promised),
            Err(Flaw::RecordedTwice(command_id(3)))
        );
    }

    #[test]
    fn a_planted_skip_in_a_stream_is_found() {
        let (mut seen, promised) = sound();
        seen[9].version = 6;
        let (stream, version) = (stream(0), 5);
        assert_eq!(
            audit(&seen, &promised),
            Err(Flaw::VersionSkipped { stream, version })
        );
    }

    #[test]
    fn a_planted_loss_is_found() {
        let (mut seen, promised) = sound();
        seen.pop();
        assert_eq!(audit(&seen, &promised), Err(Flaw::Lost(command_id(10))));
    }

    #[test]
    fn a_planted_second_winner_is_found() {
        let (seen, mut promised) = sound();
        promised.push(Promised {
            command: command_id(77),
            ..promised[3]
        });
        let (stream, version) = (stream(0), 2);
        assert_eq!(
            audit(&seen, &promised),
            Err(Flaw::TwoWinners { stream, version })
        );
    }
}
