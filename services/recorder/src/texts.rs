//! Texts on their way into the record: each sealed before the command it came with is decided.
//!
//! From there on nobody decides on what a text says, only on which text it is. A text that says what stands in its place
//! already is that text, and not sealed again: so whether a command would change anything can be told without reading.

use std::collections::HashMap;

use domain::ids::{LedgerId, SubjectId};
use domain::{Command, Sealed, Text, Texts};
use vault::{Context, ToSeal, ToUnseal, Unsealed, Vault, VaultError};

use crate::aggregates::Loaded;
use crate::recorder::{internal, refused};
use crate::submission::RecordError;

/// Seals every text of a command.
///
/// # Errors
/// When the vault cannot; nothing was recorded.
pub(crate) async fn seal(
    vault: &Vault,
    ledger: LedgerId,
    command: &mut Command,
    loaded: &Loaded,
) -> Result<(), RecordError> {
    let mut typed = Vec::new();
    command.texts(&mut |text| typed.extend(said(text).map(str::to_owned)));
    if typed.is_empty() {
        return Ok(());
    }
    let known = standing(vault, ledger, loaded.standing(command)).await?;
    if let Command::Person { id, .. } = command {
        let subject = SubjectId::new(id.uuid());
        seal_for(vault, ledger, subject, command, &known).await?;
    }
    typed.clear();
    command.texts(&mut |text| typed.extend(said(text).map(str::to_owned)));
    let new = typed.iter().filter(|says| !known.contains_key(*says));
    let new: Vec<&str> = new.map(String::as_str).collect();
    let context = Context::text(ledger);
    let sealed = vault
        .seal_new(&context, &new)
        .await
        .map_err(|error| internal(&error))?;
    let mut sealed = sealed.into_iter();
    command.texts(&mut |text| {
        let Some(says) = said(text) else {
            return;
        };
        let standing = known.get(says).cloned();
        if let Some(sealed) = standing.or_else(|| sealed.next()) {
            text.seal(sealed);
        }
    });
    Ok(())
}

/// Seals what is a person's own under the person's key, so that it goes when the person does.
async fn seal_for(
    vault: &Vault,
    ledger: LedgerId,
    subject: SubjectId,
    command: &mut Command,
    known: &HashMap<String, Sealed>,
) -> Result<(), RecordError> {
    let mut typed = Vec::new();
    command.own_texts(&mut |text| typed.extend(said(text).map(str::to_owned)));
    typed.retain(|says| !known.contains_key(says));
    let context = &Context::text(ledger);
    let to_seal = typed.iter().map(|plain| ToSeal {
        subject,
        context,
        plain,
    });
    let sealed = vault.seal_many(&to_seal.collect::<Vec<_>>()).await;
    let sealed = sealed.map_err(|error| match error {
        VaultError::Fenced(_) => refused(
            "ERASED",
            "",
            "this person has been erased, and nothing more is written down about them; enter \
             somebody who comes back anew",
        ),
        error => internal(&error),
    })?;
    let mut sealed = sealed.into_iter();
    command.own_texts(&mut |text| {
        let Some(says) = said(text) else {
            return;
        };
        let standing = known.get(says).cloned();
        if let Some(sealed) = standing.or_else(|| sealed.next()) {
            text.seal(sealed);
        }
    });
    Ok(())
}

/// What was typed into a text that is not sealed yet, if anything was.
fn said(text: &Text) -> Option<&str> {
    let typed = text.sealed().is_none().then(|| text.plain()).flatten()?;
    let typed = typed.trim();
    (!typed.is_empty()).then_some(typed)
}

/// The texts that stand, by what they say. Of what was redacted or never sealed nobody says anything here.
async fn standing(
    vault: &Vault,
    ledger: LedgerId,
    texts: Vec<&Text>,
) -> Result<HashMap<String, Sealed>, RecordError> {
    let sealed: Vec<&Sealed> = texts.into_iter().filter_map(Text::sealed).collect();
    let says = unseal(vault, ledger, &sealed).await?;
    let known = sealed.into_iter().zip(says);
    let known = known.filter_map(|(sealed, says)| Some((says?, sealed.clone())));
    Ok(known.collect())
}

/// Opens what a refusal quotes, so that whoever is refused can be told of it.
///
/// # Errors
/// When the vault cannot.
pub(crate) async fn open(
    vault: &Vault,
    ledger: LedgerId,
    quoting: &mut impl Texts,
) -> Result<(), RecordError> {
    let mut sealed = Vec::new();
    quoting.texts(&mut |text| sealed.extend(text.sealed().cloned()));
    let says = unseal(vault, ledger, &sealed.iter().collect::<Vec<_>>()).await?;
    let mut says = says.into_iter();
    quoting.texts(&mut |text| {
        if text.sealed().is_some() {
            text.open(says.next().flatten());
        }
    });
    Ok(())
}

/// What these say, in their order; none for one that was redacted.
async fn unseal(
    vault: &Vault,
    ledger: LedgerId,
    sealed: &[&Sealed],
) -> Result<Vec<Option<String>>, RecordError> {
    if sealed.is_empty() {
        return Ok(Vec::new());
    }
    let context = Context::text(ledger);
    let texts: Vec<ToUnseal<'_>> = sealed
        .iter()
        .map(|sealed| ToUnseal {
            sealed,
            context: &context,
        })
        .collect();
    let says = vault.unseal_many(&texts).await;
    let says = says.map_err(|error| internal(&error))?.into_iter();
    Ok(says.map(Unsealed::into_plain).collect())
}
