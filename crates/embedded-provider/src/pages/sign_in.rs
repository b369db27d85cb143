//! The sign-in page: phone number, then code. The script has the texts of all languages, so that a person can change the
//! language at any moment without losing what was typed.

use crate::{
    domain::{application::Application, language::Language, lifetime},
    pages::{
        Brand,
        response::{Forms, response},
        texts::{self, Texts},
    },
    store::{CodeInHand, Event, Seconds},
};
use askama::Template;
use axum::response::Response;
use connector_aliyun_sms::{PhoneNumber, PhoneRegion};
use http::StatusCode;
use serde::Serialize;
use std::collections::BTreeMap;
use url::Url;

/// What the page shows.
pub(crate) struct SignInPage<'a> {
    pub(crate) language: Language,
    pub(crate) application: Option<&'a Application>,
    pub(crate) event: Event,
    /// The region that is selected when the page opens.
    pub(crate) region: Option<PhoneRegion>,
    pub(crate) login_hint: Option<&'a str>,
    /// Whether the experience has begun. Beginning again would forget the codes.
    pub(crate) has_begun: bool,
    /// The code that the person may hold.
    pub(crate) code: Option<CodeInHand>,
    /// Where a local run shows its messages.
    pub(crate) sms_inbox: Option<&'a Url>,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInTemplate<'a> {
    texts: &'a Texts,
    application: Brand<'a>,
    title_key: &'a str,
    title: &'a str,
    region: Option<PhoneRegion>,
    phone: &'a str,
    sms_inbox: Option<&'a Url>,
    data: ScriptData<'a>,
}

/// What the script reads from the page's JSON data block.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScriptData<'a> {
    language: &'static str,
    application: &'a str,
    home: Option<String>,
    event: Event,
    has_begun: bool,
    code: Option<ScriptCode<'a>>,
    resend_pause: Seconds,
    texts: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

/// The code that the person may hold.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ScriptCode<'a> {
    id: &'a str,
    phone: &'a str,
    shown: String,
    verified: bool,
    resend_in: Seconds,
}

/// Renders the page.
pub(crate) fn sign_in(page: &SignInPage<'_>) -> Response {
    let texts = Texts::of(page.language);
    let name = page.application.map_or("", |application| &application.name);
    let (title_key, title) = match page.event {
        Event::SignIn => ("sign_in_title", texts.sign_in_title),
        Event::Register => ("register_title", texts.register_title),
    };
    // The hint is a number as the Experience API and claims have it, or with `+`.
    let hinted: Option<PhoneNumber> = page.login_hint.and_then(|hint| hint.parse().ok());
    let number = page.code.as_ref().map(|code| &code.phone);
    let (region, phone) = number
        .or(hinted.as_ref())
        .and_then(PhoneNumber::region_and_national_digits)
        .map_or((page.region, ""), |(region, digits)| (Some(region), digits));
    let data = ScriptData {
        language: page.language.tag(),
        application: name,
        home: page.application.and_then(Application::home),
        event: page.event,
        has_begun: page.has_begun,
        code: page.code.as_ref().map(|code| ScriptCode {
            id: &code.id,
            phone: code.phone.digits(),
            shown: code.phone.international(),
            verified: code.verified,
            resend_in: code.resend_in,
        }),
        resend_pause: lifetime::RESEND_PAUSE,
        texts: Language::ALL
            .map(|language| (language.tag(), texts::all(language)))
            .into(),
    };
    let template = SignInTemplate {
        texts,
        application: Brand(name),
        title_key,
        title,
        region: region.or_else(|| PhoneRegion::from_code("US")),
        phone,
        sms_inbox: page.sms_inbox,
        data,
    };
    response(StatusCode::OK, &template, &Forms::default())
}
