//! What people do from the office: the same calls, all from the browser there.

use accounts::{
    AccountError, ApiToken, ApiTokenId, EmailAddress, Errand, LinkFor, LinkRefused, LinkToken,
    NewApiToken, OpenIdErrand, OpenIdPerson, OpenIdTicket, Password, Proof, RecoveryCodes,
    ResetLetter, SecondFactorError, SessionToken, SignInRefused, SignedIn, TokenError, WebSession,
};
use domain::ids::AccountId;

use crate::support::{House, office, person};

impl House {
    /// Invites somebody who was not invited before.
    pub async fn invited(&self, email: &str) -> (AccountId, LinkToken) {
        self.accounts.invite(&person(email)).await.unwrap()
    }

    pub async fn accept_invitation_vouched(
        &self,
        link: &LinkToken,
        known: &OpenIdPerson,
    ) -> Result<LinkFor, LinkRefused> {
        self.accounts
            .accept_invitation_vouched(link.kept(), known, &office())
            .await
    }

    pub async fn ask_for_reset(
        &self,
        email: &EmailAddress,
    ) -> Result<Option<ResetLetter>, AccountError> {
        self.accounts.ask_for_reset(email, &office()).await
    }

    pub async fn set_password_by_link(
        &self,
        link: &LinkToken,
        password: &Password,
    ) -> Result<LinkFor, LinkRefused> {
        self.accounts
            .set_password_by_link(link, password, &office())
            .await
    }

    pub async fn change_password(
        &self,
        session: &WebSession,
        old_and_new: (&Password, &Password),
    ) -> Result<SignedIn, AccountError> {
        self.accounts
            .change_password(session, old_and_new, &office())
            .await
    }

    /// Signs in with a browser that holds no session.
    pub async fn sign_in_with(
        &self,
        email: &str,
        password: &Password,
    ) -> Result<SignedIn, SignInRefused> {
        self.accounts
            .sign_in(email, password, &office(), None)
            .await
    }

    /// The same by a provider's word, which may be for a second factor too.
    pub async fn sign_in_vouched(
        &self,
        known: &OpenIdPerson,
        second_factor: bool,
    ) -> Result<SignedIn, SignInRefused> {
        let at = None;
        self.sign_in_proved(known, Proof { at, second_factor })
            .await
    }

    pub async fn sign_in_proved(
        &self,
        known: &OpenIdPerson,
        proof: Proof,
    ) -> Result<SignedIn, SignInRefused> {
        self.accounts
            .sign_in_vouched(known, proof, None, &office())
            .await
    }

    /// Somebody sets out for a provider: their browser's ticket.
    pub async fn sets_out(&self, errand: Errand) -> OpenIdTicket {
        let what = OpenIdErrand {
            issuer: "https://id.example".to_owned(),
            errand,
            prove_anew: false,
            next: "/account".to_owned(),
        };
        let begun = self.accounts.begin_openid(what, &office()).await;
        begun.unwrap().0
    }

    pub async fn link_openid(
        &self,
        session: &WebSession,
        known: &OpenIdPerson,
    ) -> Result<(), AccountError> {
        self.accounts.link_openid(session, known, &office()).await
    }

    pub async fn confirm_second_factor(
        &self,
        session: &WebSession,
        code: &str,
    ) -> Result<(SignedIn, RecoveryCodes), SecondFactorError> {
        self.accounts
            .confirm_second_factor(session, code, &office())
            .await
    }

    pub async fn pass_second_factor(
        &self,
        session: &WebSession,
        code: &str,
    ) -> Result<SignedIn, SecondFactorError> {
        self.accounts
            .pass_second_factor(session, code, &office())
            .await
    }

    pub async fn make_token(
        &self,
        session: &WebSession,
        new: &NewApiToken,
    ) -> Result<(ApiTokenId, ApiToken), TokenError> {
        self.accounts.make_token(session, new, &office()).await
    }

    /// Whether a token opens a session.
    pub async fn is_in(&self, token: &SessionToken) -> bool {
        self.accounts.session(token).await.unwrap().is_some()
    }

    /// The session that a token opens.
    pub async fn session(&self, token: &SessionToken) -> WebSession {
        let session = self.accounts.session(token).await.unwrap();
        session.expect("in")
    }
}
