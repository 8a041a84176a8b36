//! A form at the desk, from its address to what comes of it.
//!
//! A room that has one says what the form is about ([`Room::find`]), what its fields are ([`Room::new`]) and how it is recorded
//! ([`Room::record`]). Showing it, sending it, and both versions where somebody else changed the thing meanwhile ([`settle`]) are the same
//! for all of them, and are here:
//!
//! ```text
//! .route("/desk/{slug}/plans/{id}/title", get(room::show::<title::Page>).post(room::send::<title::Page>))
//! ```

use std::future::Future;
use std::marker::PhantomData;
use std::sync::OnceLock;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;

use super::Desk;
use crate::address::Address;
use crate::form::{Contested, Fields, Ground, Problems, Settled, settle};
use crate::instead::Instead;
use crate::page::{onwards, shown, to_mend, with_status};
use crate::visit::{Visit, Web};

/// Where a form is, and who works at it.
#[derive(Clone, Copy)]
pub struct At<'a> {
    /// What things are asked and sent with.
    pub web: &'a Web,
    /// The desk.
    pub desk: &'a Desk,
    /// Its address.
    pub address: &'a Address,
    /// What the address names, after the compact.
    named: &'a [String],
}

impl<'a> At<'a> {
    /// What the address names in this place after the compact, counted from nought.
    ///
    /// # Errors
    /// [`Instead::NotHere`] where it names less.
    pub fn named(self, place: usize) -> Result<&'a str, Instead> {
        let named = self.named.get(place);
        named.map(String::as_str).ok_or(Instead::NotHere)
    }

    /// The desk, and what things are asked and sent with.
    pub const fn both(self) -> (&'a Web, &'a Desk) {
        (self.web, self.desk)
    }

    /// The id of a command that a form is to send.
    pub fn command(self) -> String {
        self.web.gateway.services().ids.next().to_string()
    }
}

/// What was sent, and what is wrong with it.
pub type Sent<'a> = (&'a Fields, &'a Problems);

/// What comes of sending a form: where to go on to, or what is to be mended.
pub type Answered = Result<Result<String, Problems>, Instead>;

/// Where to go on to, where nothing is to be mended.
pub fn or_on_to(problems: Option<Problems>, there: impl Into<String>) -> Result<String, Problems> {
    problems.map_or_else(|| Ok(there.into()), Err)
}

/// A page with a form.
pub trait Room: Template + Send + Sized {
    /// What the form is about.
    type Thing: Send + Sync;

    /// What the address is about, for whoever may change it.
    fn find(at: At<'_>) -> impl Future<Output = Result<Self::Thing, Instead>> + Send;

    /// The form about a thing as it was sent; as the thing stands, where nothing was.
    fn new(
        at: At<'_>,
        thing: &Self::Thing,
        sent: Sent<'_>,
    ) -> impl Future<Output = Result<Self, Instead>> + Send;

    /// Records what was typed, as seen at a version where the form stands on one.
    fn record(
        at: At<'_>,
        thing: &Self::Thing,
        sent: (&Fields, Option<i64>),
    ) -> impl Future<Output = Answered> + Send;

    /// What the form stands on; nothing, where what it records is in nobody's way.
    fn ground(_: &Self::Thing) -> Ground {
        Ground::new(0)
    }

    /// Puts both versions above the form, where somebody else changed what it stands on.
    fn contested(&mut self, _: At<'_>, _: &Self::Thing, _: &Fields) {}

    /// The form with a row more or less, where a button asked for that and for nothing else.
    fn grown(_: &Fields) -> Option<Fields> {
        None
    }

    /// What a form keeps of what it was first shown, where it comes back with a row more or less.
    fn keep(&mut self, _: &Fields) {}
}

/// A form that was sent.
struct Sending<'s, R> {
    at: At<'s>,
    fields: &'s Fields,
    /// Where to go on to, once it is recorded.
    there: OnceLock<String>,
    room: PhantomData<fn() -> R>,
}

impl<R: Room> Contested for Sending<'_, R> {
    type Thing = R::Thing;

    async fn find(&self) -> Result<R::Thing, Instead> {
        R::find(self.at).await
    }

    fn ground(&self, thing: &R::Thing) -> Ground {
        R::ground(thing)
    }

    async fn record(
        &self,
        thing: &R::Thing,
        version: Option<i64>,
    ) -> Result<Option<Problems>, Instead> {
        let answered = R::record(self.at, thing, (self.fields, version)).await?;
        Ok(answered.map(|there| self.there.get_or_init(|| there)).err())
    }
}

/// `GET`: the form.
///
/// # Errors
/// The page to sign in; [`Instead::NotHere`] for who has no business here.
pub async fn show<R: Room>(
    State(web): State<Web>,
    visit: Visit,
    Path(named): Path<Vec<String>>,
    address: Address,
) -> Result<Response, Instead> {
    let (slug, named) = named.split_first().ok_or(Instead::NotHere)?;
    let desk = web.desk(&visit, slug, address.path()).await?;
    let at = At {
        web: &web,
        desk: &desk,
        address: &address,
        named,
    };
    let thing = R::find(at).await?;
    let nothing = (&Fields::default(), &Problems::default());
    shown(&R::new(at, &thing, nothing).await?)
}

/// `POST`: records it, or comes back with what is to be mended.
///
/// # Errors
/// As [`show`]; when it cannot be sent.
pub async fn send<R: Room>(
    State(web): State<Web>,
    visit: Visit,
    Path(named): Path<Vec<String>>,
    address: Address,
    fields: Fields,
) -> Result<Response, Instead> {
    let (slug, named) = named.split_first().ok_or(Instead::NotHere)?;
    let here = (slug.as_str(), address.path());
    let desk = web.desk_sending(&visit, &fields, here).await?;
    let at = At {
        web: &web,
        desk: &desk,
        address: &address,
        named,
    };
    match R::grown(&fields) {
        Some(grown) => regrown::<R>(at, &grown).await,
        None => sent::<R>(at, &fields).await,
    }
}

async fn regrown<R: Room>(at: At<'_>, fields: &Fields) -> Result<Response, Instead> {
    let thing = R::find(at).await?;
    let mut page = R::new(at, &thing, (fields, &Problems::default())).await?;
    page.keep(fields);
    shown(&page)
}

async fn sent<R: Room>(at: At<'_>, fields: &Fields) -> Result<Response, Instead> {
    let sending = Sending::<R> {
        at,
        fields,
        there: OnceLock::new(),
        room: PhantomData,
    };
    match settle(&sending, fields).await? {
        Settled::Recorded(_) => {
            let there = sending.there.into_inner();
            Ok(onwards(&there.ok_or(Instead::NotHere)?))
        }
        Settled::ToMend(thing, problems) => {
            to_mend(&R::new(at, &thing, (fields, &problems)).await?)
        }
        Settled::Contested(thing, problems) => {
            let mut page = R::new(at, &thing, (fields, &problems)).await?;
            page.contested(at, &thing, fields);
            with_status(StatusCode::CONFLICT, &page)
        }
    }
}
