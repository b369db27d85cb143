//! What the provider has handed out, so that it knows what may come back.

use serde_json::{Value, json};
use std::collections::HashMap;

/// An authorization request as it came, by name.
pub(super) type Parameters = HashMap<String, String>;

/// Everything that was handed out. Numbers make it unique.
#[derive(Default)]
pub(super) struct Grants {
    count: usize,
    codes: HashMap<String, Parameters>,
    pushed: HashMap<String, Parameters>,
    refresh_tokens: HashMap<String, Parameters>,
    access_tokens: HashMap<String, Parameters>,
    pub(super) id_tokens: Vec<String>,
}

impl Grants {
    pub(super) fn unique(&mut self, what: &str) -> String {
        self.count += 1;
        format!("{what}-{}", self.count)
    }

    pub(super) fn code_for(&mut self, request: Parameters) -> String {
        let code = self.unique("code");
        self.codes.insert(code.clone(), request);
        code
    }

    /// A code works once.
    pub(super) fn take_code(&mut self, code: &str) -> Option<Parameters> {
        self.codes.remove(code)
    }

    pub(super) fn push(&mut self, request: Parameters) -> String {
        let uri = self.unique("urn:ietf:params:oauth:request_uri:pushed");
        self.pushed.insert(uri.clone(), request);
        uri
    }

    /// A pushed request works once.
    pub(super) fn take_pushed(&mut self, uri: &str) -> Option<Parameters> {
        self.pushed.remove(uri)
    }

    /// A refresh token works once: each refresh gives another one.
    pub(super) fn take_refresh_token(&mut self, token: &str) -> Option<Parameters> {
        self.refresh_tokens.remove(token)
    }

    /// What a refresh token stands for.
    pub(super) fn refresh_grant(&self, token: &str) -> Option<Parameters> {
        self.refresh_tokens.get(token).cloned()
    }

    /// A refresh that ended in a fault has spent nothing.
    pub(super) fn give_back(&mut self, token: &str, grant: Parameters) {
        self.refresh_tokens.insert(token.to_owned(), grant);
    }

    pub(super) fn knows_refresh_token(&self, token: &str) -> bool {
        self.refresh_tokens.contains_key(token)
    }

    pub(super) fn scope_of(&self, access_token: &str) -> Option<&str> {
        let request = self.access_tokens.get(access_token)?;
        Some(request.get("scope")?)
    }

    /// The token endpoint's answer, but for the ID token.
    pub(super) fn tokens_for(&mut self, request: Parameters) -> Value {
        let (access_token, refresh_token) =
            (self.unique("access-token"), self.unique("refresh-token"));
        self.access_tokens
            .insert(access_token.clone(), request.clone());
        self.refresh_tokens.insert(refresh_token.clone(), request);
        json!({
            "access_token": access_token, "refresh_token": refresh_token, "token_type": "Bearer",
            "expires_in": 3_600
        })
    }
}
