//! Which sign-in page is shown first. Logto's parameters `first_screen`, `identifier`, `login_hint` and `ui_locales`
//! become a path and a query.

use crate::domain::{oidc_error::OidcError, parameters::Parameters};
use serde::{Deserialize, Serialize};

/// The page and its parameters.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Screen {
    first: Option<String>,
    identifier: Option<String>,
    login_hint: Option<String>,
    ui_locales: Option<String>,
}

impl Screen {
    pub(crate) fn from_request(parameters: &Parameters) -> Result<Self, OidcError> {
        let read = |name| {
            parameters
                .optional(name)
                .map(|value| value.map(str::to_owned))
        };
        Ok(Self {
            first: read("first_screen")?,
            identifier: read("identifier")?,
            login_hint: read("login_hint")?,
            ui_locales: read("ui_locales")?,
        })
    }

    /// The page's path and query, relative to the endpoint. An unsupported screen becomes the sign-in page.
    pub(crate) fn location(&self, application: &str) -> String {
        let path = match self.first.as_deref() {
            Some("register") => "/register",
            Some("identifier:sign_in") => "/identifier-sign-in",
            Some("identifier:register") => "/identifier-register",
            _ => "/sign-in",
        };
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.append_pair("app_id", application);
        let passed_on = [
            ("identifier", &self.identifier),
            ("login_hint", &self.login_hint),
            ("ui_locales", &self.ui_locales),
        ];
        for (name, value) in passed_on {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        format!("{path}?{}", query.finish())
    }
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
}
