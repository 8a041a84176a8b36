//! The texts that a command would put others in the place of.

use crate::text::Text;

use super::Commitment;
use super::achievement::Achievement;
use super::command::CommitmentCommand;
use super::reading::Reading;

impl Commitment {
    /// Those that stand where this command writes. What is typed and says the same is the same text: nothing is sealed twice,
    /// and whether anything would change can be seen.
    pub fn standing(&self, command: &CommitmentCommand) -> Vec<&Text> {
        match command {
            CommitmentCommand::RewordCommitment { .. } => {
                let statement = self.statement.iter();
                let comments = statement.filter_map(|statement| statement.words.comment.as_ref());
                comments.collect()
            }
            CommitmentCommand::CorrectReading { reading, .. } => {
                let reading = self.readings.get(reading).into_iter();
                reading.flat_map(Reading::texts).collect()
            }
            CommitmentCommand::CorrectAchievement { achievement, .. } => {
                let achievement = self.achievements.get(achievement).into_iter();
                achievement.map(Achievement::text).collect()
            }
            _ => Vec::new(),
        }
    }
}
