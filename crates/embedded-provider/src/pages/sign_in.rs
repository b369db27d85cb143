//! The sign-in page: phone number, then code. The script has the texts of all languages, so that a person can change the
//! language at any moment without losing what was typed.

use crate::{
    domain::{
        application::Application,
        calling_code::{self, Region},
        language::Language,
        phone_number::PhoneNumber,
    },
    pages::{
        Brand,
        response::{Forms, response},
        texts::{self, Texts},
    },
    store::Event,
};
use askama::Template;
use axum::response::Response;
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
    pub(crate) region: Option<Region>,
    pub(crate) login_hint: Option<&'a str>,
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
    region: Region,
    phone: &'a str,
    sms_inbox: Option<&'a Url>,
    data: ScriptData<'a>,
}

/// What the script reads from the page's JSON data block.
#[derive(Serialize)]
struct ScriptData<'a> {
    language: &'static str,
    application: &'a str,
    home: Option<String>,
    event: Event,
    texts: BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>,
}

const DEFAULT_REGION: Region = Region {
    name: "US",
    calling_code: "1",
};

/// Renders the page.
pub(crate) fn sign_in(page: &SignInPage<'_>) -> Response {
    let texts = Texts::of(page.language);
    let name = page.application.map_or("", |application| &application.name);
    let (title_key, title) = match page.event {
        Event::SignIn => ("sign_in_title", texts.sign_in_title),
        Event::Register => ("register_title", texts.register_title),
    };
    let (region, phone) = hinted(page);
    let data = ScriptData {
        language: page.language.tag(),
        application: name,
        home: page.application.and_then(Application::home),
        event: page.event,
        texts: Language::ALL
            .map(|language| (language.tag(), texts::all(language)))
            .into(),
    };
    let template = SignInTemplate {
        texts,
        application: Brand(name),
        title_key,
        title,
        region,
        phone,
        sms_inbox: page.sms_inbox,
        data,
    };
    response(StatusCode::OK, &template, &Forms::default())
}

/// The region and the number that are filled in: those of `login_hint` if it is a number.
fn hinted<'a>(page: &SignInPage<'a>) -> (Region, &'a str) {
    let region = page.region.unwrap_or(DEFAULT_REGION);
    let Some(hint) = page.login_hint else {
        return (region, "");
    };
    let digits = hint.strip_prefix('+').unwrap_or(hint);
    match PhoneNumber::from_digits(digits).and_then(|_| calling_code::split(digits)) {
        Some((region, national)) => (region, national),
        None => (region, ""),
    }
}
