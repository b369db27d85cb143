//! How the provider lies: one function over every answer, mostly made for one endpoint.

use crate::{Endpoint, Reply, SignedToken};
use serde_json::Value;
use std::sync::Arc;

type Spoil = dyn Fn(&mut Reply) + Send + Sync;

/// One way to be wrong.
#[derive(Clone)]
pub struct Mutation(Arc<Spoil>);

impl Mutation {
    pub(crate) fn apply(&self, reply: &mut Reply) {
        (self.0)(reply);
    }

    /// Both ways at once.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(Arc::new(move |reply| {
            self.apply(reply);
            other.apply(reply);
        }))
    }
}

/// Every answer is right.
#[must_use]
pub fn nothing() -> Mutation {
    Mutation(Arc::new(|_| {}))
}

/// Spoils the answers of one endpoint.
#[must_use]
pub fn at(endpoint: Endpoint, spoil: impl Fn(&mut Reply) + Send + Sync + 'static) -> Mutation {
    Mutation(Arc::new(move |reply| {
        if reply.endpoint == endpoint {
            spoil(reply);
        }
    }))
}

fn json(endpoint: Endpoint, spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    at(endpoint, move |reply| spoil(&mut reply.json))
}

/// Spoils the discovery document.
#[must_use]
pub fn discovery(spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::Discovery, spoil)
}

/// Spoils the published keys, a list.
#[must_use]
pub fn jwks(spoil: impl Fn(&mut Vec<Value>) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::Jwks, move |set| {
        spoil(set["keys"].as_array_mut().unwrap());
    })
}

/// Spoils the parameters of the authorization response.
#[must_use]
pub fn authorization_response(spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::Authorization, spoil)
}

/// Spoils what a code is exchanged for, but for the ID token.
#[must_use]
pub fn tokens(spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::Token, spoil)
}

/// Spoils the ID token that a code is exchanged for.
#[must_use]
pub fn id_token(spoil: impl Fn(&mut SignedToken) + Send + Sync + 'static) -> Mutation {
    id_token_at(Endpoint::Token, spoil)
}

/// Spoils what a refresh token is exchanged for, but for the ID token.
#[must_use]
pub fn refresh(spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::Refresh, spoil)
}

/// Spoils the ID token that a refresh token is exchanged for.
#[must_use]
pub fn refreshed_id_token(spoil: impl Fn(&mut SignedToken) + Send + Sync + 'static) -> Mutation {
    id_token_at(Endpoint::Refresh, spoil)
}

fn id_token_at(
    endpoint: Endpoint,
    spoil: impl Fn(&mut SignedToken) + Send + Sync + 'static,
) -> Mutation {
    at(endpoint, move |reply| {
        spoil(reply.id_token.as_mut().unwrap());
    })
}

/// Spoils the claims of the userinfo endpoint.
#[must_use]
pub fn user_info(spoil: impl Fn(&mut Value) + Send + Sync + 'static) -> Mutation {
    json(Endpoint::UserInfo, spoil)
}

/// Discovery offers pushed authorization requests (RFC 9126).
#[must_use]
pub fn pushed() -> Mutation {
    discovery(|document| {
        let endpoint = document["token_endpoint"]
            .as_str()
            .unwrap()
            .replace("/token", "/request");
        document["pushed_authorization_request_endpoint"] = endpoint.into();
    })
}
