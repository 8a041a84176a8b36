//! The accounts with their roles: a table for people, JSON for programs.

use accounts::{Account, AccountState};
use chrono::{DateTime, NaiveDate, Utc};
use domain::Post;
use domain::ids::{AccountId, GrantId};
use serde::Serialize;
use views::RoleGrantView;

use super::grant::days;
use super::office::Office;
use super::register::Register;

/// An account as programs are told of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Listed<'a> {
    account: AccountId,
    name: &'a str,
    email: &'a str,
    state: AccountState,
    created_at: DateTime<Utc>,
    second_factor: bool,
    roles: Vec<ListedRole>,
}

/// A role as programs are told of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListedRole {
    grant: GrantId,
    /// The role, and the ids of what it is held over.
    held: Post,
    words: String,
    from: NaiveDate,
    /// The last day; before the first for a role that was taken away before it began.
    until: Option<NaiveDate>,
    /// Whether it is held today.
    counts: bool,
}

/// Every account, in the order they were made.
///
/// # Errors
/// When the accounts cannot be read.
pub async fn every_account(office: &Office) -> anyhow::Result<Vec<Account>> {
    let mut all: Vec<Account> = Vec::new();
    loop {
        let last = all.last().map(|account| account.id);
        let page = office.accounts.accounts(last).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// For programs: every role ever given is in it.
///
/// # Errors
/// None that can be expected: it is text and dates.
pub fn json(accounts: &[Account], register: &Register, today: NaiveDate) -> anyhow::Result<String> {
    let listed: Vec<Listed<'_>> = accounts
        .iter()
        .map(|account| Listed {
            account: account.id,
            name: &account.name,
            email: &account.email,
            state: account.state,
            created_at: account.created_at,
            second_factor: account.second_factor,
            roles: register
                .grants_of(account.id)
                .map(|grant| listed_role(register, grant, today))
                .collect(),
        })
        .collect();
    Ok(serde_json::to_string_pretty(&listed)?)
}

fn listed_role(register: &Register, grant: &RoleGrantView, today: NaiveDate) -> ListedRole {
    ListedRole {
        grant: grant.id,
        held: grant.held.post,
        words: register.words(grant),
        from: grant.from,
        until: grant.until.current,
        counts: grant.is_held(today),
    }
}

/// For people: a line for each account, and one more for each further role. Roles that are over are left out.
pub fn table(accounts: &[Account], register: &Register, today: NaiveDate) -> String {
    let mut lines = vec![["ACCOUNT", "NAME", "E-MAIL", "STATE", "ROLES"].map(str::to_owned)];
    for account in accounts {
        let is_over = |grant: &RoleGrantView| {
            let until = grant.until.current;
            until.is_some_and(|until| until < today || until < grant.from)
        };
        let grants = register.grants_of(account.id);
        let mut roles = grants.filter(|grant| !is_over(grant)).map(|grant| {
            let days = days(grant.from, grant.until.current);
            shown(&format!("{}, {days}", register.words(grant)))
        });
        lines.push([
            account.id.to_string(),
            shown(&account.name),
            shown(&account.email),
            state(account.state).to_owned(),
            roles.next().unwrap_or_else(|| "none".to_owned()),
        ]);
        lines.extend(roles.map(|role| {
            let mut line: [String; 5] = Default::default();
            line[4] = role;
            line
        }));
    }
    in_columns(&lines)
}

const fn state(state: AccountState) -> &'static str {
    match state {
        AccountState::Invited => "invited",
        AccountState::Active => "active",
        AccountState::Disabled => "disabled",
    }
}

/// A text as a terminal may be shown it: what could move its cursor is not.
fn shown(text: &str) -> String {
    text.chars()
        .map(|char| if char.is_control() { '\u{fffd}' } else { char })
        .collect()
}

/// Lines of cells, each column as wide as its widest cell.
fn in_columns(lines: &[[String; 5]]) -> String {
    let width = |column: usize| {
        let cells = lines.iter().map(|line| line[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for line in lines {
        let cells: Vec<String> = line
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        text.push_str(cells.join("  ").trim_end());
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_is_as_wide_as_its_widest_cell() {
        let lines = [
            ["A", "B", "C", "D", "E"].map(str::to_owned),
            ["", "Zoë", "", "", "two words"].map(str::to_owned),
        ];
        assert_eq!(
            in_columns(&lines),
            "A  B    C  D  E\n   Zoë        two words\n"
        );
    }

    #[test]
    fn a_name_cannot_move_the_cursor_of_whoever_lists_it() {
        assert_eq!(shown("A\u{1b}[2Jnn\n"), "A\u{fffd}[2Jnn\u{fffd}");
    }
}
