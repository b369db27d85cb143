//! Which sign-in page is shown first. Logto's parameters `first_screen`, `direct_sign_in` and others become a path and a
//! query.

use crate::domain::{oidc_error::OidcError, parameters::Parameters};
use serde::{Deserialize, Serialize};

/// The parameters that the page receives, in Logto's order.
const PASSED_ON: [&str; 5] = [
    "organization_id",
    "ui_locales",
    "one_time_token",
    "login_hint",
    "identifier",
];

/// The page and its parameters.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Screen {
    first: Option<String>,
    /// `method/target` of a direct sign-in.
    direct: Option<String>,
    passed_on: Vec<(String, String)>,
}

impl Screen {
    pub(crate) fn from_request(parameters: &Parameters) -> Result<Self, OidcError> {
        let read = |name| {
            parameters
                .optional(name)
                .map(|value| value.map(str::to_owned))
        };
        let mut passed_on = Vec::new();
        for name in PASSED_ON {
            passed_on.extend(read(name)?.map(|value| (name.to_owned(), value)));
        }
        Ok(Self {
            first: read("first_screen")?.or(read("interaction_mode")?),
            direct: read("direct_sign_in")?.as_deref().and_then(direct_path),
            passed_on,
        })
    }

    /// The page's path and query, relative to the endpoint. An unsupported screen becomes the sign-in page.
    pub(crate) fn location(&self, application: &str) -> String {
        let first = match self.first.as_deref() {
            Some("register" | "signUp") => "register",
            Some("identifier:sign_in") => "identifier-sign-in",
            Some("identifier:register") => "identifier-register",
            _ => "sign-in",
        };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("app_id", application);
        query.extend_pairs(&self.passed_on);
        let Some(direct) = &self.direct else {
            return format!("/{first}?{}", query.finish());
        };
        query.append_pair("fallback", first);
        format!("/direct/{direct}?{}", query.finish())
    }
}

/// The path of `method:target`, e.g. `social:google`. Another value is ignored.
fn direct_path(direct_sign_in: &str) -> Option<String> {
    let (method, target) = direct_sign_in.split_once(':')?;
    let is_name = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        !text.is_empty() && text.bytes().all(is_part)
    };
    (matches!(method, "social" | "sso") && is_name(target)).then(|| format!("{method}/{target}"))
}

/// Where `/direct/{method}/{target}` leads, by its query: this tenant has no social or enterprise connector, so it is the
/// screen that the client named as fallback.
pub(crate) fn fallback(query: &Parameters) -> String {
    let known = ["register", "identifier-sign-in", "identifier-register"];
    let named = query.optional("fallback").ok().flatten();
    let screen = known.into_iter().find(|screen| Some(*screen) == named);
    let query = query.without("fallback");
    format!("/{}?{query}", screen.unwrap_or("sign-in"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_screen_is_a_path_and_the_rest_a_query() {
        let cases = [
            ("", "/sign-in?app_id=b"),
            ("first_screen=register", "/register?app_id=b"),
            ("first_screen=sign_in", "/sign-in?app_id=b"),
            ("first_screen=reset_password", "/sign-in?app_id=b"),
            (
                "first_screen=identifier:sign_in&identifier=phone",
                "/identifier-sign-in?app_id=b&identifier=phone",
            ),
            (
                "first_screen=identifier:register",
                "/identifier-register?app_id=b",
            ),
            (
                "login_hint=8613800138000",
                "/sign-in?app_id=b&login_hint=8613800138000",
            ),
            ("ui_locales=zh-CN", "/sign-in?app_id=b&ui_locales=zh-CN"),
            (
                "login_hint=%2B8613900000000&ui_locales=ja+zh-CN",
                "/sign-in?app_id=b&ui_locales=ja+zh-CN&login_hint=%2B8613900000000",
            ),
            ("interaction_mode=signUp", "/register?app_id=b"),
            (
                "first_screen=nope&acr_values=x&unknown=y",
                "/sign-in?app_id=b",
            ),
            ("organization_id=o", "/sign-in?app_id=b&organization_id=o"),
            (
                "one_time_token=tok123&login_hint=a%40shop.test",
                "/sign-in?app_id=b&one_time_token=tok123&login_hint=a%40shop.test",
            ),
            (
                "login_hint=%22%3E%3Cx",
                "/sign-in?app_id=b&login_hint=%22%3E%3Cx",
            ),
        ];
        for (query, location) in cases {
            let screen = Screen::from_request(&Parameters::parse(query))
                .ok()
                .unwrap();
            assert_eq!(screen.location("b"), location, "{query}");
        }
    }

    #[test]
    fn q54_a_direct_sign_in_is_a_path_with_a_fallback() {
        let cases = [
            (
                "direct_sign_in=social:google&first_screen=register",
                "/direct/social/google?app_id=b&fallback=register",
                "/register?app_id=b",
            ),
            (
                "direct_sign_in=sso:1234&login_hint=a%40shop.test",
                "/direct/sso/1234?app_id=b&login_hint=a%40shop.test&fallback=sign-in",
                "/sign-in?app_id=b&login_hint=a%40shop.test",
            ),
            (
                "direct_sign_in=social:wechat-web&first_screen=identifier:sign_in&identifier=phone",
                "/direct/social/wechat-web?app_id=b&identifier=phone&fallback=identifier-sign-in",
                "/identifier-sign-in?app_id=b&identifier=phone",
            ),
        ];
        for (query, location, leads_to) in cases {
            let screen = Screen::from_request(&Parameters::parse(query))
                .ok()
                .unwrap();
            let direct = screen.location("b");
            assert_eq!(direct, location, "{query}");
            let (_, query) = direct.split_once('?').unwrap();
            assert_eq!(fallback(&Parameters::parse(query)), leads_to);
        }
        for ignored in [
            "nonsense",
            "social:",
            "social:..",
            "..:x",
            "sso:%2Fevil%3F",
            ":",
        ] {
            let query = Parameters::parse(&format!("direct_sign_in={ignored}"));
            let screen = Screen::from_request(&query).ok().unwrap();
            assert_eq!(screen.location("b"), "/sign-in?app_id=b", "{ignored}");
        }
        let elsewhere = Parameters::parse("fallback=%2F%2Fevil.example&app_id=b");
        assert_eq!(fallback(&elsewhere), "/sign-in?app_id=b");
    }
}
