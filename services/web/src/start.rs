//! Where somebody begins who has signed in and asked for no page: at what their role is for.

use axum::extract::State;
use axum::response::Response;

use crate::documents::words::Role;
use crate::instead::Instead;
use crate::looker::Looker;
use crate::page::onwards;
use crate::visit::{ACCOUNT, START, Visit, Web};
use crate::{audit, desk, region};

/// `GET /start`
pub async fn show(State(web): State<Web>, visit: Visit) -> Result<Response, Instead> {
    let looker = web.looker_in(&visit, START).await?;
    Ok(onwards(&beginning(&looker)))
}

/// The page that is theirs: a compact's desk, the region's board, the record, or their compact; the account's where they hold no such role.
fn beginning(looker: &Looker) -> String {
    let first = |role| looker.places(role).first().copied();
    if let Some(place) = first(Role::Secretariat).or_else(|| first(Role::GroupLead)) {
        return desk::address_of(&place.slug);
    }
    if looker.is(Role::Funder) {
        return region::BOARD.to_owned();
    }
    if looker.is(Role::Auditor) {
        return audit::DESK.to_owned();
    }
    let member_of = first(Role::MemberRepresentative);
    member_of.map_or_else(
        || ACCOUNT.to_owned(),
        |place| format!("/compacts/{}", place.slug),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::looker::{Place, Post};

    #[test]
    fn everybody_begins_at_what_their_role_is_for() {
        let begins = |roles: &[Role]| {
            let posts = roles.iter().map(|role| Post {
                role: *role,
                compact: Some(Place {
                    id: "c".to_owned(),
                    slug: "north".to_owned(),
                    name: "North".to_owned(),
                }),
                group: None,
            });
            let posts = posts.collect();
            beginning(&Looker {
                posts,
                ..Looker::public()
            })
        };
        assert_eq!(begins(&[Role::Secretariat]), "/desk/north");
        assert_eq!(begins(&[Role::GroupLead]), "/desk/north");
        assert_eq!(begins(&[Role::Auditor, Role::Secretariat]), "/desk/north");
        assert_eq!(begins(&[Role::Funder]), region::BOARD);
        assert_eq!(begins(&[Role::Auditor]), audit::DESK);
        assert_eq!(begins(&[Role::MemberRepresentative]), "/compacts/north");
        assert_eq!(begins(&[Role::RegionalAdministrator]), ACCOUNT);
        assert_eq!(begins(&[]), ACCOUNT);
    }
}
