//! The sign-in page: phone number, then code. The script gets the sentences of all languages, so that a person can
//! change the language at any moment.

use crate::{
    domain::{
        application::Application,
        calling_code::{self, Region},
        language::Language,
        phone_number::PhoneNumber,
    },
    pages::{
        initial,
        layout::Page,
        template::fill,
        texts::{self, Texts},
    },
    store::Event,
};
use axum::response::Response;
use http::StatusCode;
use serde_json::{Map, Value, json};
use url::Url;

/// What the page is told.
pub(crate) struct SignInPage<'a> {
    pub(crate) language: Language,
    pub(crate) application: Option<&'a Application>,
    pub(crate) event: Event,
    /// The region whose calling code is chosen at first.
    pub(crate) region: Option<Region>,
    pub(crate) login_hint: Option<&'a str>,
    /// Where the messages of a local run are shown.
    pub(crate) sms_inbox: Option<&'a Url>,
}

const USUAL_REGION: Region = Region {
    name: "US",
    calling_code: "1",
};

/// Writes the page.
pub(crate) fn sign_in(page: &SignInPage<'_>) -> Response {
    let texts = Texts::of(page.language);
    let name = page.application.map_or("", |application| &application.name);
    let title_key = match page.event {
        Event::SignIn => "sign_in_title",
        Event::Register => "register_title",
    };
    let (region, phone) = hinted(page);
    let text = |key| texts.get(key);
    let body = fill(
        include_str!("html/sign_in.html"),
        &[
            ("application", name),
            ("initial", &initial(name)),
            ("title_key", title_key),
            ("title", text(title_key)),
            ("phone_lead", text("phone_lead")),
            ("country_label", text("country_label")),
            ("phone_label", text("phone_label")),
            ("calling_code", region.calling_code),
            ("phone", phone),
            ("send_code", text("send_code")),
            ("code_title", text("code_title")),
            ("code_label", text("code_label")),
            ("verify", text("verify")),
            ("change_number", text("change_number")),
            ("no_script", text("no_script")),
            ("language_label", text("language_label")),
        ],
    )
    .replace("<!-- regions -->", &regions(region))
    .replace("<!-- languages -->", &languages(page.language))
    .replace("<!-- inbox -->", &inbox(page.sms_inbox, texts))
    .replace("<!-- data -->", &data(page, name));
    Page {
        title: &format!("{} · {name}", text(title_key)),
        body: &body,
        script: Some("sign-in.js"),
        ..Page::new(page.language)
    }
    .response(StatusCode::OK)
}

/// The region and the number to begin with: from `login_hint` if it is a number, else by language.
fn hinted<'a>(page: &SignInPage<'a>) -> (Region, &'a str) {
    let region = page.region.unwrap_or(USUAL_REGION);
    let Some(hint) = page.login_hint else {
        return (region, "");
    };
    let digits = hint.strip_prefix('+').unwrap_or(hint);
    match PhoneNumber::from_digits(digits).and_then(|_| calling_code::split(digits)) {
        Some((region, national)) => (region, national),
        None => (region, ""),
    }
}

fn regions(chosen: Region) -> String {
    let mut options = String::new();
    for region in calling_code::regions() {
        let template = if region.name == chosen.name {
            r#"<option value="{{code}}" data-region="{{name}}" selected>{{name}} +{{code}}</option>"#
        } else {
            r#"<option value="{{code}}" data-region="{{name}}">{{name}} +{{code}}</option>"#
        };
        let values = [("code", region.calling_code), ("name", region.name)];
        options.push_str(&fill(template, &values));
    }
    options
}

fn languages(current: Language) -> String {
    let mut buttons = String::new();
    for language in Language::ALL {
        let pressed = if language == current { "true" } else { "false" };
        buttons.push_str(&fill(
            include_str!("html/language_button.html"),
            &[
                ("tag", language.tag()),
                ("pressed", pressed),
                ("name", Texts::of(language).get("language_name")),
            ],
        ));
    }
    buttons
}

fn inbox(address: Option<&Url>, texts: &Texts) -> String {
    address.map_or_else(String::new, |address| {
        fill(
            include_str!("html/inbox.html"),
            &[
                ("hint", texts.get("inbox_hint")),
                ("address", address.as_str()),
                ("link", texts.get("inbox_link")),
            ],
        )
    })
}

/// What the script reads, as a JSON data block. `<` is escaped, so that no value ends the block.
fn data(page: &SignInPage<'_>, application: &str) -> String {
    let texts: Map<String, Value> = Language::ALL
        .into_iter()
        .filter_map(|language| {
            let texts = serde_json::from_str(texts::source(language)).ok()?;
            Some((language.tag().to_owned(), texts))
        })
        .collect();
    let home = page.application.and_then(Application::home);
    let data = json!({
        "language": page.language.tag(),
        "application": application,
        "home": home,
        "event": page.event,
        "texts": texts,
    });
    data.to_string().replace('<', "\\u003c")
}
