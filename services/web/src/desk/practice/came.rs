//! What came of something that was taken up, as a command.

use super::adoption::FOLLOW;
use crate::change::change;
use crate::desk::posting::files;
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Visibility;
use crate::form::{DateField, Fields, Problems, Upload};
use crate::instead::Instead;
use crate::visit::Web;

document!(AdaptPractice, "documents/desk/adapt-practice.graphql");
document!(ReportResult, "documents/desk/report-result.graphql");
document!(WithdrawAdoption, "documents/desk/withdraw-adoption.graphql");
document!(
    ReleaseAdoption,
    "documents/desk/release-adoption.graphql",
    one_of
);

/// An adoption, and the practice it follows in its newer version, where there is one.
type Followed<'f> = (&'f str, Option<(String, i64)>);

/// Records what a form says came of an adoption. What is wrong, where something is.
///
/// # Errors
/// When it cannot be sent.
pub async fn record(
    at: (&Web, &Desk),
    adoption: Followed<'_>,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    match fields.one("step") {
        "adapted" => adapt(at, adoption, fields).await,
        "reported" => report(at, adoption.0, fields).await,
        "shared" => share(at, adoption.0, fields).await,
        "withdrawn" => withdraw(at, adoption.0, fields).await,
        _ => Err(Instead::NotHere),
    }
}

fn day(fields: &Fields, name: &str) -> Result<Option<Date>, Problems> {
    DateField::read(fields, name).map_err(|words| {
        let mut problems = Problems::default();
        problems.add(name, words);
        problems
    })
}

/// What the schema says is wrong, each place as the form calls it.
fn at_fields(problems: Problems, names: &[(&str, &str)]) -> Problems {
    problems.renamed(|field| {
        let found = names.iter().find(|(theirs, _)| *theirs == field);
        found.map_or(field, |(_, ours)| *ours).to_owned()
    })
}

async fn adapt(
    (web, desk): (&Web, &Desk),
    (id, newer): Followed<'_>,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let occurred_on = match day(fields, "adaptedOn") {
        Ok(day) => day,
        Err(problems) => return Ok(Some(problems)),
    };
    let following = newer.filter(|_| fields.one("follow") == FOLLOW);
    let (practice_id, number) = following.unzip();
    let input = adapt_practice::AdaptPracticeInput {
        adoption_id: id.to_owned(),
        changed: fields.text("changed").unwrap_or_default(),
        practice_id,
        number,
        written_as_id: fields.some("writtenAsId"),
        occurred_on,
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = adapt_practice::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<AdaptPractice>(&web.gateway, sent, caller).await?;
    let names = [
        ("occurredOn", "adaptedOn"),
        ("practiceId", "follow"),
        ("number", "follow"),
    ];
    Ok(problems_of(changed).map(|problems| at_fields(problems, &names)))
}

async fn report(
    (web, desk): (&Web, &Desk),
    id: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let occurred_on = match day(fields, "reportedOn") {
        Ok(day) => day,
        Err(problems) => return Ok(Some(problems)),
    };
    let file = files(fields, "evidence", |hash, name| report_result::FileInput {
        hash,
        name,
    });
    let mut file = file.into_iter();
    let link = fields.some("link").map(|url| report_result::LinkInput {
        note: fields.some("linkNote"),
        url,
    });
    let (file, second) = (file.next(), file.next());
    if second.is_some() || (file.is_some() && link.is_some()) {
        let mut problems = Problems::default();
        problems.add(
            "evidence",
            "give one file or one link, and not both; leave the others out",
        );
        return Ok(Some(problems));
    }
    let rests = file.is_some() || link.is_some();
    let input = report_result::ReportResultInput {
        adoption_id: id.to_owned(),
        text: fields.text("text").unwrap_or_default(),
        evidence: rests.then_some(report_result::DocumentInput { file, link }),
        occurred_on,
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = report_result::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<ReportResult>(&web.gateway, sent, caller).await?;
    let names = [
        ("occurredOn", "reportedOn"),
        ("evidence.link.url", "link"),
        ("evidence.link.note", "linkNote"),
    ];
    let problems = problems_of(changed);
    Ok(problems.map(|problems| Upload::gathered(at_fields(problems, &names), "evidence")))
}

async fn share(
    (web, desk): (&Web, &Desk),
    id: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let Some(to) = Visibility::named(fields.one("to")) else {
        let mut problems = Problems::default();
        problems.add("to", "say who may read it");
        return Ok(Some(problems));
    };
    let input = release_adoption::ReleaseAdoptionInput {
        adoption_id: id.to_owned(),
        to,
        reason: fields.text("takenBack"),
        command_id: fields.command(),
        expected_version: None,
        meeting: None,
        occurred_on: None,
    };
    let sent = release_adoption::Variables { input };
    let caller = desk.looker.caller();
    let changed = change::<ReleaseAdoption>(&web.gateway, sent, caller).await?;
    let names = [("reason", "takenBack")];
    Ok(problems_of(changed).map(|problems| at_fields(problems, &names)))
}

async fn withdraw(
    (web, desk): (&Web, &Desk),
    id: &str,
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let input = withdraw_adoption::WithdrawAdoptionInput {
        adoption_id: id.to_owned(),
        reason: fields.text("reason").unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = withdraw_adoption::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<WithdrawAdoption>(&web.gateway, sent, caller).await?,
    ))
}
