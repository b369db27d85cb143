//! What a page may ask of a sign-in: the query of `GET /sign-in`. Names and values are those of Logto's SDKs.

use serde::{Deserialize, Serialize};

/// The query of `GET /sign-in`, in camelCase. Other parameters are ignored: links carry those of campaigns and apps.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInOptions {
    /// Where the person was: a local path, or an address of this site, that the sign-in returns to. Anything else leads to `/`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub return_to: Option<String>,
    /// The first page that the provider shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_screen: Option<FirstScreen>,
    /// The identifiers that the first page offers, separated by spaces.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "words")]
    pub identifiers: Vec<SignInIdentifier>,
    /// Skips the provider's page: straight to a social or enterprise connector.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_sign_in: Option<DirectSignIn>,
    /// An identifier to fill in for the person, e.g. a phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_hint: Option<String>,
    /// Whether the provider may, must or must not ask the person, separated by spaces. The bff's setting decides when empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty", with = "words")]
    pub prompt: Vec<Prompt>,
    /// Languages for the provider's pages, best first, separated by spaces (BCP 47).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ui_locales: Option<String>,
    /// The organization to sign in to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_id: Option<String>,
}

/// The first page that Logto shows (authorization request parameter `first_screen`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstScreen {
    /// Sign in with any method.
    SignIn,
    /// Register.
    Register,
    /// Reset the password.
    ResetPassword,
    /// Sign in by an identifier only.
    #[serde(rename = "identifier:sign_in")]
    IdentifierSignIn,
    /// Register by an identifier only.
    #[serde(rename = "identifier:register")]
    IdentifierRegister,
    /// Enterprise single sign-on.
    SingleSignOn,
}

impl FirstScreen {
    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Register => "register",
            Self::ResetPassword => "reset_password",
            Self::IdentifierSignIn => "identifier:sign_in",
            Self::IdentifierRegister => "identifier:register",
            Self::SingleSignOn => "single_sign_on",
        }
    }
}

/// What a person can sign in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInIdentifier {
    /// Phone number.
    Phone,
    /// E-mail address.
    Email,
    /// User name.
    Username,
}

impl SignInIdentifier {
    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Username => "username",
        }
    }
}

/// Whether the provider asks the person (OpenID Connect Core 1.0, section 3.1.2.1), as far as Logto knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Prompt {
    /// Must not ask.
    None,
    /// Asks for consent; without it Logto gives no refresh token.
    Consent,
    /// Asks to sign in even when a session exists.
    Login,
}

impl Prompt {
    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Consent => "consent",
            Self::Login => "login",
        }
    }
}

/// Straight to a connector: `social:<target>` or `sso:<connector id>`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DirectSignIn {
    /// Social or enterprise.
    pub method: DirectSignInMethod,
    /// The connector's target or id.
    pub target: String,
}

/// Which kind of connector [`DirectSignIn`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectSignInMethod {
    /// A social connector, by its target.
    Social,
    /// An enterprise connector, by its id.
    Sso,
}

impl TryFrom<String> for DirectSignIn {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (method, target) = text.split_once(':').unwrap_or((&text, ""));
        let method = match method {
            "social" => DirectSignInMethod::Social,
            "sso" => DirectSignInMethod::Sso,
            _ => return Err("must begin with `social:` or `sso:`"),
        };
        if target.is_empty() {
            return Err("names no connector after the colon");
        }
        Ok(Self {
            method,
            target: target.to_owned(),
        })
    }
}

impl From<DirectSignIn> for String {
    fn from(direct: DirectSignIn) -> Self {
        let method = match direct.method {
            DirectSignInMethod::Social => "social",
            DirectSignInMethod::Sso => "sso",
        };
        format!("{method}:{}", direct.target)
    }
}

/// A list as words in one parameter.
mod words {
    use super::{Prompt, SignInIdentifier};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) trait Word: Copy + 'static {
        /// Every word of the list.
        const ALL: &'static [Self];
        /// The error for a list with an unknown word, or with words that exclude each other.
        const REFUSAL: &'static str;

        fn as_word(self) -> &'static str;

        fn fit_together(_: &[Self]) -> bool {
            true
        }
    }

    impl Word for SignInIdentifier {
        const ALL: &'static [Self] = &[Self::Phone, Self::Email, Self::Username];
        const REFUSAL: &'static str = "`identifiers` is not made of phone, email, username";

        fn as_word(self) -> &'static str {
            self.as_str()
        }
    }

    impl Word for Prompt {
        const ALL: &'static [Self] = &[Self::None, Self::Consent, Self::Login];
        const REFUSAL: &'static str =
            "`prompt` is neither none nor made of consent, login, separated by a space";

        fn as_word(self) -> &'static str {
            self.as_str()
        }

        /// `none` excludes the others (OpenID Connect Core 1.0, section 3.1.2.1).
        fn fit_together(prompts: &[Self]) -> bool {
            prompts.len() <= 1 || !prompts.contains(&Self::None)
        }
    }

    pub(super) fn serialize<T: Word, S: Serializer>(
        list: &[T],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let words: Vec<_> = list.iter().map(|word| word.as_word()).collect();
        serializer.serialize_str(&words.join(" "))
    }

    pub(super) fn deserialize<'de, T: Word, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<T>, D::Error> {
        let text = String::deserialize(deserializer)?;
        let known = |word: &str| T::ALL.iter().copied().find(|known| known.as_word() == word);
        let list: Option<Vec<T>> = text.split_whitespace().map(known).collect();
        list.filter(|list| !list.is_empty() && T::fit_together(list))
            .ok_or_else(|| D::Error::custom(T::REFUSAL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn options_have_the_names_of_logtos_sdks() {
        let wire = json!({
            "returnTo": "/books?page=2", "firstScreen": "identifier:sign_in", "identifiers": "phone email",
            "directSignIn": "social:wechat", "loginHint": "8613800138000", "prompt": "login consent",
            "uiLocales": "ja en", "organizationId": "uxa0heymfqsc"
        });
        let options: SignInOptions = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(
            options.identifiers,
            [SignInIdentifier::Phone, SignInIdentifier::Email]
        );
        assert_eq!(serde_json::to_value(options).unwrap(), wire);
    }

    #[test]
    fn values_on_the_wire_are_the_ones_that_are_read() {
        for screen in [
            FirstScreen::SignIn,
            FirstScreen::Register,
            FirstScreen::ResetPassword,
            FirstScreen::IdentifierSignIn,
            FirstScreen::IdentifierRegister,
            FirstScreen::SingleSignOn,
        ] {
            assert_eq!(
                serde_json::to_value(screen).unwrap(),
                json!(screen.as_str())
            );
        }
        for prompt in [Prompt::None, Prompt::Consent, Prompt::Login] {
            assert_eq!(
                serde_json::to_value(prompt).unwrap(),
                json!(prompt.as_str())
            );
        }
    }

    #[test]
    fn q28_a_value_that_is_not_an_options_is_refused() {
        for wrong in [
            json!({"prompt": "select_account"}),
            json!({"prompt": "none login"}),
            json!({"prompt": "consent none"}),
            json!({"identifiers": "phone fax"}),
            json!({"directSignIn": "ftp:x"}),
            json!({"directSignIn": "social:"}),
        ] {
            assert!(
                serde_json::from_value::<SignInOptions>(wrong.clone()).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn q14_what_is_not_an_option_is_ignored() {
        let options = json!({"utm_source": "letter", "redirectUri": "https://evil.example/", "from": "singlemessage"});
        assert_eq!(
            serde_json::from_value::<SignInOptions>(options).unwrap(),
            SignInOptions::default()
        );
    }
}
