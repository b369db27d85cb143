//! What can go wrong between the browser and the bff: one closed list.

use serde::{Deserialize, Serialize};

/// An error answer (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Identifies the kind of problem: `urn:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in one English sentence, for programs; a page shows words of its own, chosen by `code`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable name of the kind.
    pub code: ProblemCode,
    /// What was wrong with this very request, when the caller can mend it. Never an internal error's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// The problem of this kind, without detail.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            kind: format!("urn:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
        }
    }

    /// The same problem with words for whoever made the request.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

/// Declares the closed list: variant, name on the wire, HTTP status, English title; the words of the English page; and for
/// the operator what has happened, what to do, and what the log has where that is not the one line with the code.
macro_rules! problem_codes {
    ($($variant:ident = $name:literal, $status:literal, $title:literal {
        on_the_page: $on_the_page:literal,
        when: $when:literal,
        what_to_do: $what_to_do:literal,
        $(in_the_log: $in_the_log:literal,)?
    })+) => {
        /// Every way in which the bff can refuse. The names are stable: pages, clients and operators rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $(#[doc = $when] #[serde(rename = $name)] $variant,)+
        }

        impl ProblemCode {
            /// All codes, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status of an answer with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// The kind in one English sentence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }

            /// What the English page says has happened. The other languages are in the frontend.
            #[must_use]
            pub const fn on_the_page(self) -> &'static str {
                match self { $(Self::$variant => $on_the_page),+ }
            }

            /// What an operator should know of it (`docs/errors.md`). The app does not use it, so the linker leaves these
            /// texts out of the WebAssembly.
            #[must_use]
            pub const fn advice(self) -> Advice {
                match self {
                    $(Self::$variant => Advice {
                        when: $when,
                        what_to_do: $what_to_do,
                        in_the_log: [$(Some($in_the_log),)? None][0],
                    },)+
                }
            }
        }
    };
}

/// What an operator should know of a problem, in Markdown.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// What has happened.
    pub when: &'static str,
    /// What the operator does.
    pub what_to_do: &'static str,
    /// What the log has, where that is not just the line with the code.
    pub in_the_log: Option<&'static str>,
}

problem_codes! {
    AccessDenied = "access_denied", 403, "The sign-in was declined" {
        on_the_page: "The sign-in was declined.",
        when: "The person declined, or a rule of the provider kept them out (`error=access_denied`).",
        what_to_do: "Nothing. If many people meet it, look at the provider's rules: who may register, who is suspended.",
    }
    UnknownSignIn = "unknown_sign_in", 400, "This sign-in was not begun in this browser, or has expired or been used" {
        on_the_page: "This sign-in took more than an hour, was used already, or was begun in another browser.",
        when: "No pending sign-in of this browser has the `state` of the callback: it was used, is older than an hour, or began in another browser; or `state` is missing, or a parameter came twice.",
        what_to_do: "Nothing, now and then: old tabs and the back button do this. If everybody meets it, the cookie of the pending sign-in does not come back: `BASE_URL` must be the address that people really use, and all instances need the same `COOKIE_SECRET`.",
    }
    InteractionRequired = "interaction_required", 403, "The sign-in needs the person" {
        on_the_page: "The sign-in needs you to enter something.",
        when: "A sign-in with `prompt=none` found that the person would have to act; or a request needs an access token, and the session's has expired and cannot be renewed.",
        what_to_do: "Nothing, if the app asks with `prompt=none` to see whether somebody is signed in at the provider. Otherwise take `none` out of `LOGTO_PROMPT`. Access tokens are renewed only with a refresh token: Logto gives one when `LOGTO_SCOPES` has `offline_access` and `LOGTO_PROMPT` has `consent`.",
    }
    ProviderRefused = "provider_refused", 502, "The provider refused the sign-in" {
        on_the_page: "The sign-in service refused the sign-in.",
        when: "The provider answered the authorization request with any other error, or refused one that was pushed (`cause` then has the status).",
        what_to_do: "The provider's log has the reason; its words are not repeated here. Compare the redirect URI, `LOGTO_APP_SECRET`, `LOGTO_SCOPES` and `LOGTO_RESOURCES` with the application there.",
    }
    InvalidResponse = "invalid_response", 400, "The answer did not come from the provider" {
        on_the_page: "The answer did not come from our sign-in service, so we did not accept it.",
        when: "The `iss` of the authorization response is another issuer's, or missing although the provider promises it; or there is neither a code nor an error.",
        what_to_do: "A wrong `OIDC_ISSUER` shows earlier, so think of a forged answer first. One is chance; a series is somebody who tries. If a proxy stands in between, it must not change the query of `/callback`.",
    }
    CodeRefused = "code_refused", 502, "The provider did not accept the authorization code" {
        on_the_page: "The sign-in service did not confirm this sign-in.",
        when: "The provider's token endpoint answered with an error, or with something that is no token response.",
        what_to_do: "Read `cause`. `invalid_client`: `LOGTO_APP_ID` or `LOGTO_APP_SECRET` is not that of the application. `invalid_grant`: the code was used, is too old, or `BASE_URL` is not what the provider knows.",
    }
    InvalidIdToken = "invalid_id_token", 502, "The identity in the answer could not be verified" {
        on_the_page: "We could not verify that it was you.",
        when: "The signature or a claim of an ID token is wrong, at the sign-in or when tokens were renewed.",
        what_to_do: "`cause` says which. An algorithm: give what the provider signs with in `ID_TOKEN_ALGORITHMS`. A time: set the clocks, 60 seconds apart is the most. If it is neither, distrust the provider, or whoever speaks for it.",
    }
    IdentityTooLarge = "identity_too_large", 502, "The identity in the answer is too large" {
        on_the_page: "The sign-in service sent more details of your account than we can handle.",
        when: "The provider's ID token has more than 131,072 bytes, at the sign-in or when tokens were renewed. People in thousands of organizations have such tokens.",
        what_to_do: "`cause` has the size. Ask for fewer claims in the ID token (Logto: Custom ID token claims), or take scopes such as `urn:logto:scope:organizations` out of `LOGTO_SCOPES`.",
    }
    InvalidUserInfo = "invalid_user_info", 502, "The answer was about another person" {
        on_the_page: "The sign-in service sent details of another person, so we do not show them.",
        when: "The userinfo endpoint speaks of another person than the ID token did. Its answer is thrown away.",
        what_to_do: "Take it seriously: a cache in front of the provider may mix answers up, or the provider is not what it should be.",
    }
    ProviderUnavailable = "provider_unavailable", 503, "The provider cannot be reached" {
        on_the_page: "The sign-in service cannot be reached at the moment.",
        when: "The provider does not answer, answers too late or not as it should, or its discovery document is not usable.",
        what_to_do: "Read `cause`, and the line `event=\"discovery.failed\"` before it. This machine must reach `LOGTO_ENDPOINT`, or `OIDC_INTERNAL_URL` if that is set; `/readyz` says `provider` only until it has been reached once. People who are signed in stay so, and sign-ins work again by themselves.",
    }
    StoreUnavailable = "store_unavailable", 503, "Sessions cannot be read or written" {
        on_the_page: "We cannot look up sign-ins at the moment.",
        when: "Sessions cannot be read or written.",
        what_to_do: "Read `cause`; `/readyz` says `store`. SQLite: look at the disk, and at the rights of the file in `SESSION_STORE`. PostgreSQL or Redis: is it up, does the address in `SESSION_STORE` lead to the primary, may the user make tables? `store.connection_replaced` and `store.listening_failed` in the log say more. Nobody loses a cookie by this: sessions are back with the store.",
    }
    NotSignedIn = "not_signed_in", 401, "Nobody is signed in" {
        on_the_page: "Your session has ended.",
        when: "The request needs a session and there is none; or the provider ended it, which the bff learned when it renewed the access token.",
        what_to_do: "Nothing.",
    }
    NotAllowed = "not_allowed", 403, "You may not do this" {
        on_the_page: "Your account is not allowed to do this.",
        when: "The person lacks what the route's rule or scopes require, or is not a member of the active organization, or no organization is active.",
        what_to_do: "Nothing, if the person should not. Else give the role in Logto; the next token has it. Compare `require` and `scopes` in `API_ROUTES` with the tenant.",
    }
    ApiUnavailable = "api_unavailable", 502, "The API cannot be reached" {
        on_the_page: "A part of this site cannot be reached at the moment.",
        when: "An API of `API_ROUTES` did not accept the connection, or its response is not HTTP.",
        what_to_do: "`cause` names the fault. Look at the API, and at `upstream` of the route.",
    }
    ApiTimedOut = "api_timed_out", 504, "The API took too long" {
        on_the_page: "A part of this site took too long to answer.",
        when: "An API of `API_ROUTES` did not begin its response in `firstByteSeconds`.",
        what_to_do: "Look at the API. If it is slow by design, raise `firstByteSeconds` of the route.",
    }
    CrossSite = "cross_site", 403, "The request did not come from this site" {
        on_the_page: "The request did not come from this site, so we refused it.",
        when: "A request that changes something came without `X-CSRF: 1`, or from another origin, or a page of this site was opened at another host name than that of `BASE_URL`; `detail` in the answer then names both.",
        what_to_do: "Nothing, if it was another site. If it was your own page, `BASE_URL` must be what the address bar shows, and a proxy must leave `Origin`, `Sec-Fetch-Site` and `X-CSRF` alone.",
    }
    NotANavigation = "not_a_navigation", 403, "A sign-in starts by visiting this address" {
        on_the_page: "A sign-in starts only when you follow the link yourself.",
        when: "A script, a frame or a preload requested `/sign-in` or `/callback`. It used nothing up.",
        what_to_do: "Nothing. A page of yours that does so should have a link in its place.",
    }
    InvalidRequest = "invalid_request", 400, "The request is wrong" {
        on_the_page: "There is something in the address that we do not understand.",
        when: "A parameter or the body is wrong.",
        what_to_do: "`detail` in the answer says which and is not in the log, for it may repeat the request. Mend the link or the program that asks.",
    }
    InvalidLogoutToken = "invalid_logout_token", 400, "The logout token is not valid" {
        on_the_page: "A request to end a session could not be verified.",
        when: "The provider, or somebody else, posted a logout token that is missing, wrong or used.",
        what_to_do: "`cause` names what is wrong; where it only repeats the code, there was not exactly one token in a form, or it was used before. If it is your provider that is refused: issuer, `LOGTO_APP_ID`, `ID_TOKEN_ALGORITHMS`, clocks.",
    }
    InvalidWebhook = "invalid_webhook", 401, "The webhook call is not valid" {
        on_the_page: "A message from the sign-in service could not be verified.",
        when: "A call of the webhook has no right signature, is older than ten minutes, or is not what Logto sends.",
        what_to_do: "If it is your Logto that is refused: `LOGTO_WEBHOOK_SIGNING_KEY` must be the key that Logto shows for this webhook, and the clocks must agree.",
    }
    NotFound = "not_found", 404, "There is nothing here" {
        on_the_page: "There is nothing at this address.",
        when: "There is nothing at this address.",
        what_to_do: "Nothing. If it is Logto's webhook, set `LOGTO_WEBHOOK_SIGNING_KEY`. If it is `/healthz`, `/readyz` or `/metrics`, ask at `ADMIN_LISTEN`.",
        in_the_log: "`event=\"request.refused\" code=\"not_found\"`; for a file below `/assets` only `event=\"request\"` with `status=404`.",
    }
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here" {
        on_the_page: "This address cannot be used in that way.",
        when: "The address is there and does not take this method.",
        what_to_do: "Nothing. A program that meets it must be mended: signing out, for one, is a POST.",
        in_the_log: "`event=\"request\"` with `status=405`, and for most addresses `event=\"request.refused\" code=\"method_not_allowed\"`.",
    }
    RateLimited = "rate_limited", 429, "Too many requests from this address" {
        on_the_page: "There were too many sign-ins from your network in a short time.",
        when: "One address asked for `/sign-in` and `/callback` more often than `SIGN_IN_REQUESTS_PER_MINUTE` allows, or posted so many logout tokens that were refused. Or one session opened a 17th event stream (`/api/auth/events`).",
        what_to_do: "Nothing, if it is one client: the log of the proxy says whose requests were 429, for the bff's log has no addresses. If many people meet it, they share an address: behind a reverse proxy, name it in `TRUSTED_PROXIES`; behind a large network, allow more. If it is the provider at `/backchannel-logout`, look for `invalid_logout_token` before it.",
    }
    Busy = "busy", 503, "There is no room for more at the moment" {
        on_the_page: "Too many people are here at the moment.",
        when: "As many event streams (`/api/auth/events`) are open as there can be: half of the connections, so that there are always some for pages, sign-ins and logout tokens.",
        what_to_do: "Look at `bff_event_streams`. If it grows with the people who are there, start another instance, or allow more open files where `connections.limited` is in the log. If few people have many streams, look for a page that opens streams and does not close them. Pages without a stream work; they learn of changes when they ask.",
    }
    PayloadTooLarge = "payload_too_large", 413, "The request is too large" {
        on_the_page: "The request was too large.",
        when: "The body is larger than 16 KiB, or than `largestBodyBytes` of a route in `API_ROUTES`.",
        what_to_do: "Nothing. No page or provider that belongs here sends so much.",
        in_the_log: "`event=\"request\"` with `status=413`.",
    }
    TimedOut = "timed_out", 504, "The answer took too long" {
        on_the_page: "The answer took too long.",
        when: "The answer was not there after 20 seconds.",
        what_to_do: "Look at the store and at the load of the machine. At `/api/auth/user-info` a provider that is slow several times in a row can cause it, too; everything else that waits for the provider ends earlier.",
        in_the_log: "`event=\"request\"` with `status=504`.",
    }
    Internal = "internal", 500, "Something went wrong here" {
        on_the_page: "Something went wrong on our side.",
        when: "A fault of the bff.",
        what_to_do: "Please report it, with the line of the log that says where.",
        in_the_log: "`event=\"request\"` with `status=500`, and before it `event=\"request.panicked\"`.",
    }
}

impl std::str::FromStr for ProblemCode {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .ok_or(UnknownCode)
    }
}

/// The text is no [`ProblemCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not a problem code")
    }
}

impl std::error::Error for UnknownCode {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_is_rfc_9457_with_a_stable_code() {
        let problem = Problem::new(ProblemCode::InvalidRequest)
            .with_detail("`prompt` is not one of none, consent, login");
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            json!({
                "type": "urn:problem:invalid_request",
                "title": "The request is wrong",
                "status": 400,
                "code": "invalid_request",
                "detail": "`prompt` is not one of none, consent, login"
            })
        );
    }

    #[test]
    fn every_code_is_read_from_its_own_name() {
        for &code in ProblemCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(serde_json::to_value(code).unwrap(), json!(code.as_str()));
            assert!((400..600).contains(&code.status()));
        }
        assert_eq!("nope".parse::<ProblemCode>(), Err(UnknownCode));
    }
}
