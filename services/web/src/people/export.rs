//! Everything a compact holds about somebody, as a file to give to them.

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};

use super::{run, sender};
use crate::address::Address;
use crate::ask::PageError;
use crate::change::{Changed, change};
use crate::documents::document;
use crate::documents::scalars::JSON;
use crate::form::Fields;
use crate::instead::Instead;
use crate::visit::{Visit, Web};

document!(ExportPerson, "documents/export-person.graphql", one_of);

/// `POST /people/{slug}/{id}/export`
pub async fn send(
    State(web): State<Web>,
    visit: Visit,
    address: Address,
    Path((slug, id)): Path<(String, String)>,
    fields: Fields,
) -> Result<Response, Instead> {
    let looker = sender(&web, &visit, &fields, address.path()).await?;
    run(&looker, &slug)?;
    let input = export_person::ExportPersonInput { person_id: id };
    let variables = export_person::Variables { input };
    let document = match change::<ExportPerson>(&web.gateway, variables, looker.caller()).await? {
        Changed::Done(done) => done.answer.export_person.and_then(|it| it.document),
        Changed::ToMend(_) => None,
    };
    let document = document.ok_or(Instead::NotHere)?;
    let text = serde_json::to_string_pretty(&document)
        .map_err(|error| Instead::Broken(PageError::Behind(error.into())))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"what-is-held-about-you.json\"",
        ),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, text).into_response())
}
