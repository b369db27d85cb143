//! Sign-out at the provider (OpenID Connect RP-Initiated Logout 1.0). A valid request becomes a question with a
//! one-time secret. The person's answer ends the session, or only the client's part in it.

use crate::{
    Provider,
    domain::{
        application::Application, id_token::HintClaims, lifetime, oidc_error::OidcError,
        parameters::Parameters,
    },
    flows::{authorize, back_channel_logout, hint},
    keys::VerifyError,
    secrets::{self, Purpose},
    store::{Session, SignOut},
};
use std::sync::Arc;

/// A checked request.
pub(crate) struct Question {
    /// A one-time secret that proves that the answer comes from our page.
    pub(crate) xsrf: String,
    /// Where the browser goes after the answer.
    pub(crate) redirect_uri: Option<String>,
    pub(crate) application_name: Option<String>,
    /// Whether the page needs no answer of the person: the client's ID token is for the person of this session, or
    /// there is no session.
    pub(crate) is_settled: bool,
    /// Whether there is a session that an answer can end.
    pub(crate) has_session: bool,
}

/// Checks the request and stores the question.
pub(crate) async fn ask(
    provider: &Provider,
    parameters: &Parameters,
    session_secret: Option<&str>,
) -> Result<Question, OidcError> {
    let hint = parameters
        .optional("id_token_hint")?
        .map(|hint| read_hint(provider, hint))
        .transpose()?;
    let application = application(provider, parameters, hint.as_ref())?;
    let application = application.as_deref();
    let redirect_uri = redirect_uri(parameters, application)?;
    let state = parameters.optional("state")?.map(str::to_owned);
    let session = authorize::session(provider, session_secret).await?;
    let is_settled = is_settled(session.as_ref(), hint.as_ref());
    let has_session = session.is_some();
    let xsrf = secrets::opaque();
    let sign_out = SignOut {
        session_uid: session.map(|session| session.uid),
        application_id: application.map(|application| application.id.clone()),
        redirect_uri: redirect_uri.clone(),
        state,
    };
    let digest = provider.digests.digest(Purpose::SignOut, &xsrf);
    let expires_at = provider.clock.unix() + lifetime::INTERACTION;
    provider
        .store
        .keep_sign_out(&digest, &sign_out, expires_at)
        .await?;
    Ok(Question {
        xsrf,
        redirect_uri,
        application_name: application.map(|application| application.name.clone()),
        is_settled,
        has_session,
    })
}

/// What an answer did.
pub(crate) struct Answered {
    /// Where the browser goes next.
    pub(crate) location: String,
    /// Whether the browser's session has ended, if it had one.
    pub(crate) is_signed_out: bool,
}

/// Takes the question and does what the person chose. A question about another session changes nothing.
pub(crate) async fn answer(
    provider: &Provider,
    parameters: &Parameters,
    session_secret: Option<&str>,
) -> Result<Answered, OidcError> {
    let xsrf = parameters.required("xsrf")?;
    let digest = provider.digests.digest(Purpose::SignOut, xsrf);
    let sign_out = provider
        .store
        .take_sign_out(&digest, provider.clock.unix())
        .await?
        .ok_or(OidcError::InvalidRequest(
            "could not find logout details".into(),
        ))?;
    let session = authorize::session(provider, session_secret).await?;
    let matches = session.as_ref().map(|session| &session.uid) == sign_out.session_uid.as_ref();
    let wants_out = parameters.has("logout");
    if let Some(session) = session.filter(|_| matches) {
        end_or_leave(provider, &session, &sign_out, wants_out).await?;
    }
    Ok(Answered {
        location: destination(provider, &sign_out),
        is_signed_out: matches && wants_out,
    })
}

async fn end_or_leave(
    provider: &Provider,
    session: &Session,
    sign_out: &SignOut,
    wants_out: bool,
) -> Result<(), OidcError> {
    if wants_out {
        back_channel_logout::end_session(provider, session).await?;
    } else if let Some(application_id) = &sign_out.application_id {
        back_channel_logout::leave_session(provider, session, application_id).await?;
    }
    Ok(())
}

fn read_hint(provider: &Provider, hint: &str) -> Result<HintClaims, OidcError> {
    hint::read(provider, hint).map_err(|error| {
        OidcError::invalid_request(match error {
            VerifyError::Undecodable => "could not decode id_token_hint",
            VerifyError::NotOurs => "could not validate id_token_hint",
        })
    })
}

fn application(
    provider: &Provider,
    parameters: &Parameters,
    hint: Option<&HintClaims>,
) -> Result<Option<Arc<Application>>, OidcError> {
    let named = parameters.optional("client_id")?;
    let Some(hint) = hint else {
        return named
            .map(|id| provider.tenant().applications.client(id))
            .transpose();
    };
    if named.is_some_and(|id| id != hint.aud) {
        return Err(OidcError::invalid_request(
            "client_id does not match the provided id_token_hint",
        ));
    }
    provider
        .tenant()
        .applications
        .find(&hint.aud)
        .map(Some)
        .ok_or(OidcError::UnknownAudience)
}

/// Without a known client the address is not registered, so the browser is not sent there.
fn redirect_uri(
    parameters: &Parameters,
    application: Option<&Application>,
) -> Result<Option<String>, OidcError> {
    match (
        parameters.optional("post_logout_redirect_uri")?,
        application,
    ) {
        (Some(address), Some(application)) => application
            .address_after_sign_out(address)
            .map(|registered| Some(registered.to_owned()))
            .ok_or(OidcError::InvalidRequest(
                "post_logout_redirect_uri not registered".into(),
            )),
        _ => Ok(None),
    }
}

fn is_settled(session: Option<&Session>, hint: Option<&HintClaims>) -> bool {
    match (session, hint) {
        (None, _) => true,
        (Some(session), Some(hint)) => session.user_id == hint.sub,
        (Some(_), None) => false,
    }
}

fn destination(provider: &Provider, sign_out: &SignOut) -> String {
    let Some(redirect_uri) = &sign_out.redirect_uri else {
        return provider.endpoint.address("/oidc/session/end/success");
    };
    let Some(state) = &sign_out.state else {
        return redirect_uri.clone();
    };
    let state = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("state", state)
        .finish();
    let separator = if redirect_uri.contains('?') { '&' } else { '?' };
    format!("{redirect_uri}{separator}{state}")
}
