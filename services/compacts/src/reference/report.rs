//! What an import did, and what the files hold beyond it.

use std::fmt;

use domain::ids::LedgerId;

use super::ReferenceData;
use super::file::compact::CompactFile;

/// What one import did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportReport {
    /// Ledger by ledger, the region's first.
    pub ledgers: Vec<LedgerReport>,
    /// What the files hold that was not imported.
    pub left: Vec<LeftForLater>,
}

/// What one import did to one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerReport {
    /// The ledger.
    pub ledger: LedgerId,
    /// The name people know it by.
    pub name: String,
    /// Commands sent.
    pub commands: usize,
    /// Of these, the ones that had been imported before.
    pub repeated: usize,
    /// Entries added. One command can add several entries, and opening a compact adds the first
    /// entry of the compact's own ledger.
    pub entries: u64,
}

/// Something the files hold for later work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftForLater {
    /// What it is called, one of it and several.
    pub what: [&'static str; 2],
    /// How many there are.
    pub count: usize,
}

impl ImportReport {
    /// Entries added, to all ledgers together.
    pub fn entries(&self) -> u64 {
        self.ledgers.iter().map(|ledger| ledger.entries).sum()
    }

    /// Commands sent, to all ledgers together.
    pub fn commands(&self) -> usize {
        self.ledgers.iter().map(|ledger| ledger.commands).sum()
    }

    /// Commands that had been imported before, in all ledgers together.
    pub fn repeated(&self) -> usize {
        self.ledgers.iter().map(|ledger| ledger.repeated).sum()
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const ALL: &str = "all together";
        let names = self
            .ledgers
            .iter()
            .map(|ledger| ledger.name.chars().count());
        let width = names.chain([ALL.len()]).max().unwrap_or_default();
        let mut row = |name: &str, commands: &str, repeated: &str, entries: &str| {
            writeln!(
                f,
                "{name:<width$}  {commands:>8}  {repeated:>8}  {entries:>8}"
            )
        };
        row("", "commands", "repeated", "entries")?;
        for LedgerReport {
            name,
            commands,
            repeated,
            entries,
            ..
        } in &self.ledgers
        {
            let [commands, repeated] = [commands, repeated].map(usize::to_string);
            row(name, &commands, &repeated, &entries.to_string())?;
        }
        let [commands, repeated] = [self.commands(), self.repeated()].map(|n| n.to_string());
        row(ALL, &commands, &repeated, &self.entries().to_string())?;
        if !self.left.is_empty() {
            let left: Vec<String> = self.left.iter().map(ToString::to_string).collect();
            writeln!(f, "left for later: {}", left.join(", "))?;
        }
        Ok(())
    }
}

impl LeftForLater {
    /// What the files hold for later work, without the kinds they hold none of.
    pub(super) fn in_data(data: &ReferenceData) -> Vec<Self> {
        let files = || data.compacts.iter().map(|(_, file)| file);
        let total = |count: fn(&CompactFile) -> usize| files().map(count).sum();
        let kinds: [([&'static str; 2], usize); 10] = [
            (
                ["charter", "charters"],
                total(|file| file.charter.iter().count()),
            ),
            (
                ["charter aim", "charter aims"],
                total(|file| file.charter.iter().map(|charter| charter.aim.len()).sum()),
            ),
            (["seminar", "seminars"], total(|file| file.seminar.len())),
            (["bid", "bids"], total(|file| file.bid.len())),
            (["survey", "surveys"], total(|file| file.survey.len())),
            (
                ["linked group", "linked groups"],
                total(|file| file.linked_group.len()),
            ),
            (
                ["briefing", "briefings"],
                total(|file| file.briefing.iter().map(|row| row.titles.len()).sum()),
            ),
            (
                ["size of a distribution list", "sizes of distribution lists"],
                total(|file| file.compact.contacts_on_distribution_list.iter().count()),
            ),
            (
                ["website address", "website addresses"],
                total(|file| file.compact.website_path.iter().count()),
            ),
            (
                ["organisation's membership", "organisations' memberships"],
                total(|file| file.organisation.len()),
            ),
        ];
        let held = kinds.into_iter().filter(|(_, count)| *count > 0);
        held.map(|(what, count)| Self { what, count }).collect()
    }
}

impl fmt::Display for LeftForLater {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, several] = self.what;
        let word = if self.count == 1 { one } else { several };
        write!(f, "{} {word}", self.count)
    }
}
