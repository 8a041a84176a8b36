//! Forms of the desk that files go with: who may send one is looked at before anything of a file is taken.

use gateway::{NotTaken, Offered, Refused};

use super::Desk;
use crate::form::{Brought, Fields, Posted, Problems, Taken, Upload};
use crate::instead::Instead;
use crate::visit::{Visit, Web};

/// What a form had, and what was wrong with its files.
pub type Typed = (Fields, Problems);

impl Web {
    /// The desk that a form was sent from, and the form; its files are in the compact from then on, and stand among its fields.
    ///
    /// # Errors
    /// As [`Web::desk_sending`]; a form that cannot be read.
    pub async fn desk_posting(
        &self,
        visit: &Visit,
        posted: Posted,
        (slug, here): (&str, &str),
    ) -> Result<(Desk, Typed), Instead> {
        let (fields, problems) = match posted {
            Posted::Plain(fields) => {
                let problems = lost(&fields);
                (fields, problems)
            }
            Posted::Parts(parts) => {
                // Whoever is not let in is told so once what they typed is read.
                let desk = self.desk(visit, slug, here).await.ok();
                let mut reading = parts.begin(desk.is_some());
                while let Some(brought) = reading.next().await? {
                    let of = (brought.field.clone(), brought.name.clone());
                    let own = desk.as_ref().filter(|desk| desk.is_of(reading.fields()));
                    let taken = match own {
                        Some(desk) => desk.take(self, brought).await?,
                        None => Taken::Lost,
                    };
                    reading.came((&of.0, &of.1), taken);
                }
                reading.done()
            }
        };
        let desk = self.desk_sending(visit, &fields, (slug, here)).await?;
        Ok((desk, (fields, problems.renamed(at_its_field))))
    }
}

impl Desk {
    /// Whether a form is one of this session's.
    fn is_of(&self, fields: &Fields) -> bool {
        let visitor = self.looker.visitor.as_ref();
        visitor.is_some_and(|visitor| fields.must_be_of(visitor).is_ok())
    }

    /// Takes a file into the compact.
    async fn take(&self, web: &Web, brought: Brought) -> Result<Taken, Instead> {
        let offered = Offered {
            bytes: None,
            hint: brought.hint,
        };
        let file = (offered, brought.content);
        let caller = self.looker.caller();
        let taken = web.gateway.take_file(caller, &self.place.slug, file).await;
        match taken {
            Ok(received) => Ok(Taken::Here(received)),
            Err(NotTaken::Refused(Refused::Busy)) => Err(Instead::AskLater),
            Err(NotTaken::Refused(why)) => Ok(Taken::Not(why.to_string())),
            Err(NotTaken::Forbidden | NotTaken::Unknown) => Err(Instead::NotHere),
            Err(NotTaken::Api(error)) => Err(Instead::from_api(error)),
        }
    }
}

/// The files a form had when its session had ended: they are to be chosen again.
fn lost(fields: &Fields) -> Problems {
    let mut problems = Problems::default();
    for (name, file) in fields.iter() {
        if let Some(field) = name.strip_suffix(".lost") {
            let words =
                format!("choose “{file}” again: it could not be sent while you were not signed in");
            problems.add(field, words);
        }
    }
    problems
}

/// What is wrong with a file is said at the field it was chosen in.
fn at_its_field(field: &str) -> String {
    field.strip_suffix(".file").unwrap_or(field).to_owned()
}

/// What a form's files come to, for a mutation's input: each in the order they were sent.
pub fn files<F>(fields: &Fields, name: &str, file: impl Fn(String, String) -> F) -> Vec<F> {
    let kept = Upload::kept(fields, name).into_iter();
    kept.map(|sent| file(sent.hash, sent.name)).collect()
}
