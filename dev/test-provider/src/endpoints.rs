//! The endpoints: each checks its request, makes the right answer, and lets the story spoil it.

use crate::{
    CLIENT_ID, Endpoint, Reply, SignedToken, TestProvider,
    grants::{Grant, Parameters},
    keys,
};
use axum::{
    Router,
    body::Bytes,
    extract::{RawQuery, State},
    response::Response,
    routing::{any, get, post},
};
use http::{HeaderMap, Uri};
use serde_json::{Value, json};
use std::sync::Arc;
use time::OffsetDateTime;

type Shared = Arc<TestProvider>;

pub(crate) fn router(provider: Shared) -> Router {
    Router::new()
        .route("/oidc/.well-known/openid-configuration", get(discovery))
        .route("/oidc/{prefix}/jwks", get(jwks))
        .route("/oidc/{prefix}/request", post(pushed_authorization))
        .route("/oidc/{prefix}/auth", get(authorization))
        .route("/oidc/{prefix}/token", post(token))
        .route("/oidc/{prefix}/me", any(user_info))
        .route("/oidc/{prefix}/revocation", post(revocation))
        .route("/oidc/{prefix}/session/end", get(end_session))
        .fallback(elsewhere)
        .with_state(provider)
}

async fn discovery(State(provider): State<Shared>, uri: Uri) -> Response {
    provider.requests.note(Endpoint::Discovery, uri.path());
    let at = |endpoint: &str| format!("{}/{endpoint}", provider.endpoints);
    // It offers HS256 and none on purpose: what a provider offers must not decide what is accepted.
    let document = json!({
        "issuer": provider.settings.issuer,
        "authorization_endpoint": at("auth"),
        "token_endpoint": at("token"),
        "userinfo_endpoint": at("me"),
        "jwks_uri": at("jwks"),
        "revocation_endpoint": at("revocation"),
        "end_session_endpoint": at("session/end"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "HS256", "ES256", "ES384", "none"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true
    });
    provider
        .send(Reply::new(Endpoint::Discovery, 200, document))
        .await
}

async fn jwks(State(provider): State<Shared>, uri: Uri) -> Response {
    provider.requests.note(Endpoint::Jwks, uri.path());
    provider
        .send(Reply::new(Endpoint::Jwks, 200, keys::published()))
        .await
}

/// RFC 9126, section 2.
async fn pushed_authorization(
    State(provider): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    provider
        .requests
        .note(Endpoint::PushedAuthorization, uri.path());
    provider.check_order();
    let request = provider.read(&body);
    provider.authenticates(&headers, &request);
    provider.check_authorization_request(&request);
    provider.requests.require(
        !request.contains_key("request_uri"),
        "a pushed request refers to no other",
    );
    let request_uri = provider.grants.lock().unwrap().push(request);
    let answer = json!({"request_uri": request_uri, "expires_in": 60});
    provider
        .send(Reply::new(Endpoint::PushedAuthorization, 201, answer))
        .await
}

async fn authorization(
    State(provider): State<Shared>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response {
    provider.requests.note(Endpoint::Authorization, uri.path());
    provider.check_order();
    let mut request = provider.read(query.unwrap_or_default().as_bytes());
    if let Some(pushed) = request.get("request_uri") {
        provider.requests.require(
            request.len() == 2 && request.contains_key("client_id"),
            "beside request_uri there is only client_id",
        );
        let pushed = provider.grants.lock().unwrap().take_pushed(pushed);
        provider
            .requests
            .require(pushed.is_some(), "request_uri is one that was given");
        request = pushed.unwrap_or_default();
    }
    provider.check_authorization_request(&request);
    let state = request.get("state").cloned().unwrap_or_default();
    let code = provider.grants.lock().unwrap().code_for(request);
    let answer = json!({"code": code, "state": state, "iss": provider.settings.issuer});
    provider
        .send(Reply::new(Endpoint::Authorization, 303, answer))
        .await
}

async fn token(
    State(provider): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = provider.read(&body);
    let refresh = form.get("grant_type").map(String::as_str) == Some("refresh_token");
    let endpoint = if refresh {
        Endpoint::Refresh
    } else {
        Endpoint::Token
    };
    provider.requests.note(endpoint, uri.path());
    provider.check_order();
    provider
        .requests
        .require(uri.query().is_none(), "a token request has no query");
    let reply = if !provider.authenticates(&headers, &form) {
        Reply::new(endpoint, 401, json!({"error": "invalid_client"}))
    } else if refresh {
        return provider.refresh_or_fail(&form).await;
    } else {
        provider.exchange(&form)
    };
    provider.send(reply).await
}

impl TestProvider {
    fn now(&self) -> OffsetDateTime {
        self.settings.clock.now()
    }

    fn exchange(&self, form: &Parameters) -> Reply {
        self.requests.require(
            form.get("grant_type").map(String::as_str) == Some("authorization_code"),
            "grant_type is authorization_code",
        );
        let code = form.get("code").map_or("", String::as_str);
        let grant = self.grants.lock().unwrap().take_code(code);
        self.requests
            .require(grant.is_some(), "the code is one that was given");
        let Some(grant) = grant else {
            return Reply::new(Endpoint::Token, 400, json!({"error": "invalid_grant"}));
        };
        self.check_code_grant(form, &grant.request);
        let mut claims = self.claims(&grant);
        claims["nonce"] = grant.request["nonce"].clone().into();
        self.tokens(Endpoint::Token, grant, claims)
    }

    async fn refresh_or_fail(&self, form: &Parameters) -> Response {
        let token = form.get("refresh_token").map_or("", String::as_str);
        let (reply, is_exchanged) = self.refresh(token);
        let response = self.send(reply).await;
        let status = response.status().as_u16();
        if is_exchanged && (status == 429 || status >= 500) {
            self.grants.lock().unwrap().give_back(token);
        }
        response
    }

    /// OpenID Connect Core 1.0, section 12: the new ID token needs no nonce.
    fn refresh(&self, token: &str) -> (Reply, bool) {
        let reuse = self.settings.refresh_token_reuse;
        let grant = self
            .grants
            .lock()
            .unwrap()
            .refresh(token, reuse, self.now());
        self.requests
            .require(grant.is_some(), "the refresh token is the newest");
        let Some(grant) = grant else {
            let refused = json!({"error": "invalid_grant"});
            return (Reply::new(Endpoint::Refresh, 400, refused), false);
        };
        let claims = self.claims(&grant);
        (self.tokens(Endpoint::Refresh, grant, claims), true)
    }

    fn tokens(&self, endpoint: Endpoint, grant: Grant, claims: Value) -> Reply {
        let life = self.settings.access_token_life;
        let tokens = self
            .grants
            .lock()
            .unwrap()
            .tokens_for(grant, life, self.now());
        let mut reply = Reply::new(endpoint, 200, tokens);
        reply.id_token = Some(SignedToken::new(claims));
        reply
    }

    fn claims(&self, grant: &Grant) -> Value {
        let now = self.settings.clock.unix();
        let mut claims = json!({
            "iss": self.settings.issuer, "sub": grant.sub(), "aud": CLIENT_ID, "exp": now + 3_600,
            "iat": now, "sid": grant.sid()
        });
        let further = self.settings.claims.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(further);
        claims
    }
}

/// The claims that the granted scopes ask for (OpenID Connect Core 1.0, section 5.4).
async fn user_info(
    State(provider): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    provider.requests.note(Endpoint::UserInfo, uri.path());
    let grant = provider.check_access_token(&headers, uri.query(), &body);
    let Some(grant) = grant else {
        let refused = json!({"error": "invalid_token"});
        return provider
            .send(Reply::new(Endpoint::UserInfo, 401, refused))
            .await;
    };
    let mut claims = json!({"sub": grant.sub()});
    for (name, further) in [
        ("profile", json!({"name": "Ada Lovelace"})),
        (
            "phone",
            json!({"phone_number": "8613900000000", "phone_number_verified": true}),
        ),
    ] {
        if grant.scope().split(' ').any(|scope| scope == name) {
            let further = further.as_object().unwrap().clone();
            claims.as_object_mut().unwrap().extend(further);
        }
    }
    provider
        .send(Reply::new(Endpoint::UserInfo, 200, claims))
        .await
}

/// RFC 7009, section 2.1.
async fn revocation(
    State(provider): State<Shared>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    provider.requests.note(Endpoint::Revocation, uri.path());
    let form = provider.read(&body);
    provider.authenticates(&headers, &form);
    let token = form.get("token").map_or("", String::as_str);
    let known = provider.grants.lock().unwrap().revoke(token);
    provider
        .requests
        .require(known, "the revoked token is one that was given");
    provider
        .send(Reply::new(Endpoint::Revocation, 200, json!({})))
        .await
}

async fn end_session(
    State(provider): State<Shared>,
    uri: Uri,
    RawQuery(query): RawQuery,
) -> Response {
    provider.requests.note(Endpoint::EndSession, uri.path());
    let request = provider.read(query.unwrap_or_default().as_bytes());
    provider.check_end_session(&request);
    provider
        .send(Reply::new(Endpoint::EndSession, 200, json!({})))
        .await
}

async fn elsewhere(State(provider): State<Shared>, uri: Uri) -> Response {
    provider.requests.note(Endpoint::Elsewhere, uri.path());
    provider
        .requests
        .require(false, "only endpoints of discovery are asked");
    provider
        .send(Reply::new(Endpoint::Elsewhere, 404, json!({})))
        .await
}
