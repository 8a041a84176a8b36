//! A forgotten password: asking for a link. Whoever asks is told the same, whether there is such an account or not.

use accounts::{AccountError, EmailAddress};
use askama::Template;
use axum::extract::State;
use axum::response::Response;

use crate::form::{Field, Fields};
use crate::instead::Instead;
use crate::page::{Frame, shown, to_mend, to_wait};
use crate::visit::{Visit, Web};

const TITLE: &str = "Forgotten your password?";

#[derive(Template)]
#[template(path = "forgotten.html")]
struct AskPage {
    frame: Frame,
    /// Whether letters are sent from here.
    letters: bool,
    email: Field,
}

#[derive(Template)]
#[template(path = "forgotten-asked.html")]
struct AskedPage {
    frame: Frame,
}

impl AskPage {
    fn new(web: &Web, visit: &Visit, email: Field) -> Result<Self, Instead> {
        Ok(Self {
            frame: Frame::new(TITLE, visit, None)?.complaining([&email]),
            letters: web.letters.is_some(),
            email,
        })
    }
}

/// `GET /forgotten`
pub async fn show(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    shown(&AskPage::new(&web, &visit, email())?)
}

/// `POST /forgotten`
pub async fn ask(
    State(web): State<Web>,
    visit: Visit,
    fields: Fields,
) -> Result<Response, Instead> {
    let Some(letters) = &web.letters else {
        return Err(Instead::go("/forgotten"));
    };
    let typed = fields.one("email");
    let Some(address) = EmailAddress::read(typed) else {
        let problem = "enter your e-mail address, like clerk@example.org";
        let email = email().with(typed).but(Some(problem));
        return to_mend(&AskPage::new(&web, &visit, email)?);
    };
    let accounts = web.accounts().await?;
    match accounts.ask_for_reset(&address, &visit.caller).await {
        Ok(letter) => {
            if let Some(letter) = letter {
                letters.send_reset(letter.account, letter.link);
            }
            let frame = Frame::new("Look into your mail", &visit, None)?;
            shown(&AskedPage { frame })
        }
        Err(AccountError::TryLater(wait)) => {
            let email = email().with(typed).but(Some(wait.to_string()));
            to_wait(&AskPage::new(&web, &visit, email)?, wait.seconds)
        }
        Err(error) => Err(error.into()),
    }
}

fn email() -> Field {
    Field {
        autocomplete: "email",
        ..Field::email()
    }
}
