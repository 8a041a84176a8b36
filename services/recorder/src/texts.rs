//! Texts on their way into the record: each sealed before the command it came with is decided.
//!
//! From there on nobody decides on what a text says, only on which text it is. A text that says what stands in its place
//! already is that text, and not sealed again: so whether a command would change anything can be told without reading.

use std::collections::HashMap;

use domain::ids::{LedgerId, SubjectId};
use domain::mention::{self, SOME_PERSON};
use domain::{Command, Sealed, Text, Texts};
use vault::{Context, ToSeal, Vault, VaultError};

use crate::aggregates::Loaded;
use crate::recorder::{internal, refused};
use crate::submission::RecordError;

/// Shows texts of a command to whoever seals them.
type Show = fn(&mut Command, &mut dyn FnMut(&mut Text));

/// The texts that stand where a command writes, by what they say.
type Standing = HashMap<String, Sealed>;

/// Seals every text of a command: what is a person's own under the person's key, so that it goes when the person does, and
/// every other under its own.
///
/// # Errors
/// When the vault cannot; nothing was recorded.
pub(crate) async fn seal(
    vault: &Vault,
    ledger: LedgerId,
    command: &mut Command,
    loaded: &Loaded,
) -> Result<(), RecordError> {
    let mut says_something = false;
    command.texts(&mut |text| says_something |= said(text).is_some());
    if !says_something {
        return Ok(());
    }
    let standing = standing(vault, ledger, loaded.standing(command)).await?;
    let context = Context::text(ledger);
    if let Command::Person { id, .. } = command {
        let subject = id.subject();
        let new = not_standing(command, Command::own_texts, &standing);
        let sealed = seal_for(vault, subject, &context, &new).await?;
        put(command, Command::own_texts, &standing, sealed);
    }
    let new = not_standing(command, Command::texts, &standing);
    let new: Vec<&str> = new.iter().map(String::as_str).collect();
    let sealed = vault.seal_new(&context, &new).await;
    let sealed = sealed.map_err(|error| internal(&error))?;
    put(command, Command::texts, &standing, sealed);
    Ok(())
}

async fn seal_for(
    vault: &Vault,
    subject: SubjectId,
    context: &Context,
    texts: &[String],
) -> Result<Vec<Sealed>, RecordError> {
    let to_seal = texts.iter().map(|plain| ToSeal {
        subject,
        context,
        plain,
    });
    let sealed = vault.seal_many(&to_seal.collect::<Vec<_>>()).await;
    sealed.map_err(|error| match error {
        VaultError::Fenced(_) => refused(
            "ERASED",
            "",
            "this person has been erased, and nothing more is written down about them; enter \
             somebody who comes back anew",
        ),
        error => internal(&error),
    })
}

/// What was typed into a text that is not sealed yet, if anything was.
fn said(text: &Text) -> Option<&str> {
    let typed = text.sealed().is_none().then(|| text.plain()).flatten()?;
    let typed = typed.trim();
    (!typed.is_empty()).then_some(typed)
}

/// What was typed into these texts of a command and does not stand already.
fn not_standing(command: &mut Command, show: Show, standing: &Standing) -> Vec<String> {
    let mut typed = Vec::new();
    show(command, &mut |text| {
        let new = said(text).filter(|says| !standing.contains_key(*says));
        typed.extend(new.map(str::to_owned));
    });
    typed
}

/// Seals what was typed: as what stands and says the same, else as the next of `sealed`.
fn put(command: &mut Command, show: Show, standing: &Standing, sealed: Vec<Sealed>) {
    let mut sealed = sealed.into_iter();
    show(command, &mut |text| {
        let Some(says) = said(text) else {
            return;
        };
        let stands = standing.get(says).cloned();
        if let Some(sealed) = stands.or_else(|| sealed.next()) {
            text.seal(sealed);
        }
    });
}

/// Of what was redacted or never sealed nobody says anything here.
async fn standing(
    vault: &Vault,
    ledger: LedgerId,
    texts: Vec<&Text>,
) -> Result<Standing, RecordError> {
    let mut texts: Vec<Text> = texts.into_iter().cloned().collect();
    open(vault, ledger, texts.as_mut_slice()).await?;
    let standing = texts.iter().filter_map(|text| {
        let says = text.plain()?;
        Some((says.to_owned(), text.sealed()?.clone()))
    });
    Ok(standing.collect())
}

/// Opens what a refusal quotes, so that whoever is refused can read it. People it mentions are not named: who they are is for
/// the views to tell.
///
/// # Errors
/// When the vault cannot.
pub(crate) async fn open_quoted<T: Texts + ?Sized>(
    vault: &Vault,
    ledger: LedgerId,
    quoting: &mut T,
) -> Result<(), RecordError> {
    open(vault, ledger, quoting).await?;
    quoting.texts(&mut |text| {
        if let Some(says) = text.sealed().and(text.plain()) {
            let says = mention::with_names(says, |_| Some(SOME_PERSON));
            text.open(Some(says));
        }
    });
    Ok(())
}

/// Opens what is quoted, so that whoever is told can read it.
///
/// # Errors
/// When the vault cannot.
pub(crate) async fn open<T: Texts + ?Sized>(
    vault: &Vault,
    ledger: LedgerId,
    quoting: &mut T,
) -> Result<(), RecordError> {
    let opened = vault.open_texts(ledger, [quoting]).await;
    opened.map_err(|error| internal(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_sealed_once_and_what_stands_stays_as_it_is() {
        let sealed = |n: u8| {
            let subject = SubjectId::new(uuid::Uuid::from_u128(n.into()));
            Sealed::new(subject, [n; 24], vec![n; 32]).expect("sealed")
        };
        let mut command = Command::Person {
            id: uuid::Uuid::from_u128(1).into(),
            command: domain::PersonCommand::CorrectPerson {
                terms: domain::person::PersonInput {
                    name: " The clerk ".into(),
                    position: Some("Clerk".into()),
                    organisation: None,
                    email: None,
                    telephone: Some("  ".into()),
                },
                reason: "Clerk".into(),
            },
        };
        let standing = Standing::from([("The clerk".to_owned(), sealed(1))]);
        let own = not_standing(&mut command, Command::own_texts, &standing);
        assert_eq!(own, ["Clerk"]);
        put(&mut command, Command::own_texts, &standing, vec![sealed(2)]);
        let rest = not_standing(&mut command, Command::texts, &standing);
        assert_eq!(rest, ["Clerk"], "the reason has its own");
        put(&mut command, Command::texts, &standing, vec![sealed(3)]);
        let mut subjects = Vec::new();
        command.texts(&mut |text| {
            subjects.extend(
                text.sealed()
                    .map(|sealed| sealed.subject().uuid().as_u128()),
            );
        });
        assert_eq!(
            subjects,
            [1, 2, 3],
            "and what is blank stays as it was typed"
        );
    }
}
