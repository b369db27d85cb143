//! What an authorization request needs next: a sign-in, consent, or nothing (OpenID Connect Core 1.0, sections 3.1.2.3
//! and 3.1.2.4).

use crate::domain::{
    authorization_request::AuthorizationRequest, oidc_error::OidcError, scope::Scopes,
};

/// The next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    SignIn,
    Consent,
    Respond,
}

/// The signed-in person, and the time of the sign-in (seconds since 1970).
pub(crate) struct SignedIn<'a> {
    pub(crate) user: &'a str,
    pub(crate) at: i64,
    /// The grant of this person for this client in this session. `None` if there is none.
    pub(crate) granted: Option<&'a Scopes>,
}

/// What the person has already done for this request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) signed_in: bool,
    pub(crate) consented: bool,
}

/// Decides the next step. With `prompt=none`, a step that needs a page becomes its error.
pub(crate) fn next_step(
    request: &AuthorizationRequest,
    signed_in: Option<&SignedIn<'_>>,
    done: Done,
    now: i64,
) -> Result<NextStep, OidcError> {
    let Some(signed_in) = signed_in.filter(|signed_in| {
        done.signed_in || (!request.prompts.login && is_fresh(request, signed_in, now))
    }) else {
        return ask(request, NextStep::SignIn, OidcError::LoginRequired);
    };
    if let Some(hinted) = &request.hinted_user
        && hinted != signed_in.user
    {
        // Another person signed in than the client named. Asking again would not help.
        if done.signed_in {
            return Err(OidcError::LoginRequired);
        }
        return ask(request, NextStep::SignIn, OidcError::LoginRequired);
    }
    let covered = signed_in
        .granted
        .is_some_and(|granted| request.scopes.missing_in(granted).is_empty());
    if !covered || (request.prompts.consent && !done.consented) {
        return ask(request, NextStep::Consent, OidcError::ConsentRequired);
    }
    Ok(NextStep::Respond)
}

fn is_fresh(request: &AuthorizationRequest, signed_in: &SignedIn<'_>, now: i64) -> bool {
    request
        .max_age
        .is_none_or(|age| age > 0 && now - signed_in.at <= age)
}

fn ask(
    request: &AuthorizationRequest,
    step: NextStep,
    error: OidcError,
) -> Result<NextStep, OidcError> {
    if request.prompts.none {
        Err(error)
    } else {
        Ok(step)
    }
}
