//! Every route of the Management API.

use crate::{
    Provider,
    domain::management::{kind, relation},
    endpoints::management::{
        access, connectors, email_domains, relations, secrets, settings, things, turn,
    },
    flows::management::settings as all_settings,
    provider::Administration,
    same_origin,
};
use axum::{
    Extension, Router, middleware,
    routing::{MethodRouter, delete, get, patch, post},
};
use std::sync::Arc;

/// Routes that need no token.
pub(super) fn public() -> Router<Provider> {
    Router::new()
        .route("/api/status", get(settings::status))
        .route(
            "/api/.well-known/sign-in-exp",
            get(settings::public_experience),
        )
}

/// Routes that need a token for the Management API.
pub(super) fn protected(
    provider: &Provider,
    administration: Arc<Administration>,
) -> Router<Provider> {
    let state = (provider.clone(), administration);
    let test = Router::new().route("/api/connectors/{one}/test", post(connectors::test));
    changes()
        .route_layer(middleware::from_fn_with_state(state.clone(), turn::wait))
        // A test message changes nothing, so nothing waits for it.
        .merge(test)
        .route_layer(middleware::from_fn_with_state(
            provider.clone(),
            same_origin::require,
        ))
        .route_layer(middleware::from_fn_with_state(state, access::require))
}

fn changes() -> Router<Provider> {
    let mut routes: Vec<(String, MethodRouter<Provider>)> = vec![
        at(
            "applications/{one}/custom-data",
            patch(things::merge_custom_data),
        ),
        at(
            "applications/{one}/secrets",
            get(secrets::list).post(secrets::create),
        ),
        at(
            "applications/{one}/secrets/{other}",
            patch(secrets::rename).delete(secrets::delete),
        ),
        at(
            "applications/{one}/legacy-secret",
            delete(secrets::delete_legacy),
        ),
        at(
            "resources/{one}/is-default",
            patch(things::change_default_resource),
        ),
        at("hooks/{one}/signing-key", patch(things::change_signing_key)),
        at(
            "organizations/{one}/jit/email-domains",
            get(email_domains::list)
                .post(email_domains::create)
                .put(email_domains::replace),
        ),
        at(
            "organizations/{one}/jit/email-domains/{other}",
            delete(email_domains::delete),
        ),
        at("connectors", get(connectors::list).post(connectors::create)),
        at(
            "connectors/{one}",
            get(connectors::get)
                .patch(connectors::change)
                .delete(connectors::delete),
        ),
        at("connector-factories", get(connectors::factories)),
        at("connector-factories/{one}", get(connectors::factory)),
    ];
    for kind in kind::ALL {
        let id = if kind.has_parent() {
            "{other}"
        } else {
            "{one}"
        };
        let list = get(things::list).post(things::create);
        let one = get(things::get)
            .patch(things::change)
            .delete(things::delete);
        routes.push(at(kind.path, list.layer(Extension(kind))));
        routes.push(at(
            &format!("{}/{id}", kind.path),
            one.layer(Extension(kind)),
        ));
    }
    for relation in relation::ALL {
        let list = get(relations::list)
            .post(relations::add)
            .put(relations::replace);
        let one = delete(relations::delete);
        routes.push(at(relation.path, list.layer(Extension(relation))));
        routes.push(at(
            &format!("{}/{{other}}", relation.path),
            one.layer(Extension(relation)),
        ));
    }
    for of in &all_settings::ALL {
        let settings = get(settings::get).patch(settings::change);
        routes.push(at(of.name, settings.layer(Extension(of))));
    }
    routes
        .into_iter()
        .fold(Router::new(), |router, (path, methods)| {
            router.route(&path, methods)
        })
}

fn at(path: &str, methods: MethodRouter<Provider>) -> (String, MethodRouter<Provider>) {
    (format!("/api/{path}"), methods)
}
