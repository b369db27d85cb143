//! The sign-in pages: `/sign-in`, `/register`, `/identifier-sign-in`, `/identifier-register`.

use crate::{
    Provider, cookies,
    domain::{language, oidc_error::OidcError, parameters::Parameters, region, screen},
    endpoints::{
        response,
        shown_error::{accept_language, shown},
    },
    error::ErrorResponse,
    flows::experience,
    pages::{self, SignInPage},
    store::Event,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use tenant::SignInMode;

/// Shows the page if the browser has a live interaction.
pub(crate) async fn get(
    State(provider): State<Provider>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let optional = |name| parameters.optional(name).ok().flatten();
    let secret = cookies::read(&headers, cookies::INTERACTION);
    let application = match experience::interaction(&provider, secret).await {
        Ok(interaction) => provider.applications.find(&interaction.request.client_id),
        Err(error) => {
            let over = OidcError::SessionNotFound("interaction session not found");
            let body = ErrorResponse::from(error);
            return shown(&provider, &headers, optional("app_id"), &over, body);
        }
    };
    let preferred = language::preferred_tags(
        optional("ui_locales"),
        accept_language(&headers),
        &provider.experience.language_info,
    );
    pages::sign_in(&SignInPage {
        language: language::choose(&preferred),
        application,
        event: event(provider.experience.sign_in_mode, uri.path()),
        region: preferred.iter().find_map(|tag| region::of_tag(tag)),
        login_hint: optional("login_hint"),
        sms_inbox: provider.sms_inbox.as_ref(),
    })
}

/// `GET /direct/{method}/{target}`: to the page that Logto shows when it has no such connector.
pub(crate) async fn direct(RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    response::see_other(&screen::fallback(&parameters))
}

/// The event that the page begins with. The tenant may allow only one.
fn event(mode: SignInMode, path: &str) -> Event {
    match mode {
        SignInMode::Register => Event::Register,
        SignInMode::SignInAndRegister if path.ends_with("register") => Event::Register,
        SignInMode::SignIn | SignInMode::SignInAndRegister => Event::SignIn,
    }
}
