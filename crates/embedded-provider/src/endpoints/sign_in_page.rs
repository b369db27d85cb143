//! The sign-in pages: `/sign-in`, `/register`, `/identifier-sign-in`, `/identifier-register`.

use crate::{
    Provider, cookies,
    domain::{language, oidc_error::OidcError, parameters::Parameters, region, screen},
    endpoints::{
        response,
        shown_error::{preferred_languages, shown},
    },
    error::ErrorResponse,
    flows::{authorize, experience, verification},
    pages::{self, SignInPage},
    store::Event,
};
use axum::{
    extract::{RawQuery, State},
    http::{HeaderMap, Uri},
    response::Response,
};
use tenant::SignInMode;

/// Shows the page if the browser has a live interaction. Without one, a person who is signed in gets back to the
/// application: that is what `Back` shows after a sign-in.
pub(crate) async fn get(
    State(provider): State<Provider>,
    uri: Uri,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let optional = |name| parameters.optional(name).ok().flatten();
    let secret = cookies::read(&headers, cookies::INTERACTION);
    let interaction = match experience::interaction(&provider, secret).await {
        Ok(interaction) => interaction,
        Err(error) => {
            let named = optional("app_id");
            if let Some(home) = home_of_a_signed_in_person(&provider, &headers, named).await {
                return response::see_other(&home);
            }
            let over = OidcError::SessionNotFound("interaction session not found");
            let body = ErrorResponse::from(error);
            return shown(&provider, &headers, named, &over, body);
        }
    };
    let tenant = provider.tenant();
    if let Some(missing) = tenant.missing_for_a_sign_in() {
        let client_id = Some(interaction.request.client_id.as_str());
        let error = OidcError::NotSetUp(missing);
        let body = ErrorResponse::from(error.clone());
        return shown(&provider, &headers, client_id, &error, body);
    }
    let preferred = preferred_languages(&provider, &headers, optional("ui_locales"));
    let application = tenant.applications.find(&interaction.request.client_id);
    pages::sign_in(&SignInPage {
        language: language::choose(&preferred),
        application: application.as_deref(),
        event: event(tenant.experience.sign_in_mode, uri.path()),
        region: preferred.iter().find_map(|tag| region::of_tag(tag)),
        login_hint: optional("login_hint"),
        has_begun: interaction.event.is_some(),
        code: verification::code_in_hand(&provider, &interaction).await,
        sms_inbox: tenant.sms.inbox(),
    })
}

/// `GET /direct/{method}/{target}`: to the page that Logto shows when it has no such connector.
pub(crate) async fn direct(RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    response::see_other(&screen::fallback(&parameters))
}

async fn home_of_a_signed_in_person(
    provider: &Provider,
    headers: &HeaderMap,
    application: Option<&str>,
) -> Option<String> {
    let session = cookies::read(headers, cookies::SESSION);
    authorize::session(provider, session).await.ok()??;
    let tenant = provider.tenant();
    tenant.applications.named_or_only(application)?.home()
}

/// The event that the page begins with. The tenant may allow only one.
fn event(mode: SignInMode, path: &str) -> Event {
    match mode {
        SignInMode::Register => Event::Register,
        SignInMode::SignInAndRegister if path.ends_with("register") => Event::Register,
        SignInMode::SignIn | SignInMode::SignInAndRegister => Event::SignIn,
    }
}
