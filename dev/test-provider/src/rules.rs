//! What a relying party must keep to in every request, whatever the provider answers.

use crate::{
    CLIENT_ID, CLIENT_SECRET, Endpoint, TestProvider,
    grants::{Grant, Parameters},
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use http::{HeaderMap, header::AUTHORIZATION};
use sha2::{Digest, Sha256};
use url::form_urlencoded;

/// `state`, `nonce` and the verifier have so many characters and more: 128 bits in base64url.
const SHORTEST_SECRET: usize = 22;

impl TestProvider {
    /// Pairs as a map; a name must not come twice (RFC 6749, section 3.1).
    pub(crate) fn read(&self, pairs: &[u8]) -> Parameters {
        let mut parameters = Parameters::new();
        for (name, value) in form_urlencoded::parse(pairs).into_owned() {
            let twice = parameters.insert(name, value).is_some();
            self.requests.require(!twice, "a parameter comes once");
        }
        parameters
    }

    /// The authorization request (OpenID Connect Core 1.0, section 3.1.2.1, and RFC 7636, section 4.3).
    pub(crate) fn check_authorization_request(&self, request: &Parameters) {
        let value = |name: &str| request.get(name).map_or("", String::as_str);
        let require = |kept, rule| self.requests.require(kept, rule);
        require(value("client_id") == CLIENT_ID, "client_id is ours");
        require(
            value("redirect_uri") == self.redirect_uri,
            "redirect_uri is exactly the registered one",
        );
        require(value("response_type") == "code", "response_type is code");
        let scopes: Vec<_> = value("scope").split(' ').collect();
        require(scopes.contains(&"openid"), "scope has openid");
        require(
            value("code_challenge_method") == "S256" && value("code_challenge").len() == 43,
            "the request has a challenge by S256",
        );
        require(
            value("state").len() >= SHORTEST_SECRET && value("nonce").len() >= SHORTEST_SECRET,
            "state and nonce are long",
        );
        require(value("state") != value("nonce"), "state is not the nonce");
        for name in ["max_age", "request", "client_secret", "code_verifier"] {
            require(
                !request.contains_key(name),
                "the request has no such parameter",
            );
        }
    }

    /// Nothing is asked before discovery and its keys.
    pub(crate) fn check_order(&self) {
        let known = [Endpoint::Discovery, Endpoint::Jwks]
            .iter()
            .all(|endpoint| self.requests.has_any(*endpoint));
        self.requests
            .require(known, "discovery and keys are read before anything else");
    }

    /// `client_secret_basic` with id and secret form-encoded, and no other way beside it (RFC 6749, section 2.3.1).
    pub(crate) fn authenticates(&self, headers: &HeaderMap, form: &Parameters) -> bool {
        let encode =
            |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
        let credentials = format!("{}:{}", encode(CLIENT_ID), encode(CLIENT_SECRET));
        let expected = format!("Basic {}", STANDARD.encode(credentials));
        let right = headers
            .get(AUTHORIZATION)
            .is_some_and(|value| value.as_bytes() == expected.as_bytes());
        self.requests
            .require(right, "the client authenticates by Basic");
        self.requests
            .require(!form.contains_key("client_secret"), "and in no other way");
        right
    }

    /// The exchange of a code belongs to its authorization request (RFC 7636, section 4.6).
    pub(crate) fn check_code_grant(&self, form: &Parameters, request: &Parameters) {
        self.requests.require(
            form.get("redirect_uri") == request.get("redirect_uri"),
            "redirect_uri is that of the authorization request",
        );
        let verifier = form.get("code_verifier").map_or("", String::as_str);
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        self.requests.require(
            request.get("code_challenge") == Some(&challenge),
            "the verifier is that of the challenge",
        );
    }

    /// The access token is in the header and nowhere else (RFC 6750, section 2.1); returns its grant.
    pub(crate) fn check_access_token(
        &self,
        headers: &HeaderMap,
        query: Option<&str>,
        body: &[u8],
    ) -> Option<Grant> {
        self.requests.require(
            query.is_none() && body.is_empty(),
            "the access token is only in the header",
        );
        let token = headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok()?.strip_prefix("Bearer "));
        let grants = self.grants.lock().unwrap();
        let now = self.settings.clock.now();
        let now = self.settings.access_tokens_expire.then_some(now);
        let grant = token.and_then(|token| grants.of_access_token(token, now));
        self.requests
            .require(grant.is_some(), "the access token is one that was given");
        grant.cloned()
    }

    /// RP-Initiated Logout 1.0, section 2.
    pub(crate) fn check_end_session(&self, request: &Parameters) {
        let issued = request
            .get("id_token_hint")
            .is_none_or(|hint| self.grants.lock().unwrap().id_tokens.contains(hint));
        self.requests
            .require(issued, "id_token_hint is an ID token that was given");
        self.requests.require(
            request.get("client_id").map(String::as_str) == Some(CLIENT_ID),
            "the client says who it is",
        );
        self.requests.require(
            request.get("post_logout_redirect_uri") == Some(&self.post_logout_redirect_uri),
            "post_logout_redirect_uri is the registered one",
        );
        let state = request.get("state").map_or("", String::as_str);
        self.requests
            .require(state.len() >= SHORTEST_SECRET, "the request has a state");
    }
}
