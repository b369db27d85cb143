//! A program that manages a tenant.

use crate::support::{Answer, World, relying_party::basic};
use reqwest::{Client, Method, RequestBuilder, header::AUTHORIZATION, redirect::Policy};
use serde_json::{Value, json};

pub(crate) const APP_ID: &str = "m-default";
pub(crate) const APP_SECRET: &str = "the secret of the Management API";
pub(crate) const RESOURCE: &str = "https://default.logto.app/api";

/// The Management API, with an access token.
pub(crate) struct ManagementApi {
    client: Client,
    endpoint: String,
    pub(crate) token: String,
}

impl ManagementApi {
    pub(crate) async fn open(world: &World) -> Self {
        let issued = request_token(world, &[("resource", RESOURCE), ("scope", "all")]).await;
        assert_eq!(issued.status, 200, "{}", issued.text);
        Self {
            client: http_client(),
            endpoint: world.endpoint.clone(),
            token: issued.json()["access_token"].as_str().unwrap().to_owned(),
        }
    }

    /// A request to a path below `/api`.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client
            .request(method, format!("{}/api/{path}", self.endpoint))
            .bearer_auth(&self.token)
    }

    pub(crate) async fn send(&self, method: &str, path: &str, body: &Value) -> Answer {
        let request = self.request(method.parse().unwrap(), path);
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        Answer::of(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &Value::Null).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send("POST", path, &body).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send("PATCH", path, &body).await
    }

    pub(crate) async fn delete(&self, path: &str) -> Answer {
        self.send("DELETE", path, &Value::Null).await
    }

    /// Creates something. Returns its id.
    pub(crate) async fn create(&self, path: &str, body: Value) -> String {
        let created = self.post(path, body).await;
        assert!(matches!(created.status, 200 | 201), "{}", created.text);
        created.json()["id"].as_str().unwrap().to_owned()
    }

    /// Makes the tenant one that signs people in by phone.
    pub(crate) async fn set_up_sign_in(&self) {
        self.create("connectors", connector()).await;
        let experience = self.patch("sign-in-exp", phone_experience()).await;
        assert_eq!(experience.status, 200, "{}", experience.text);
    }
}

/// A client that follows no redirects.
pub(crate) fn http_client() -> Client {
    Client::builder().redirect(Policy::none()).build().unwrap()
}

/// Requests a token by `client_secret_basic`.
pub(crate) async fn request_token(world: &World, fields: &[(&str, &str)]) -> Answer {
    let fields = [&[("grant_type", "client_credentials")], fields].concat();
    let request = http_client()
        .post(format!("{}/oidc/token", world.admin_endpoint))
        .header(AUTHORIZATION, basic(APP_ID, APP_SECRET))
        .form(&fields);
    Answer::of(request.send().await.unwrap()).await
}

/// The body that creates the connector of the example tenant.
pub(crate) fn connector() -> Value {
    let codes = |number| {
        json!({
            "china": format!("SMS_10000000{number}"),
            "overseas": format!("SMS_20000000{number}"),
        })
    };
    json!({
        "connectorId": "aliyun-short-message-service",
        "config": {
            "accessKeyId": "access key id",
            "accessKeySecret": "access key secret",
            "signName": "Bookstore",
            "templates": [
                {"usageType": "SignIn", "templateCode": codes(1)},
                {"usageType": "Register", "templateCode": codes(2)},
                {"usageType": "ForgotPassword", "templateCode": codes(3)},
                {"usageType": "Generic", "templateCode": codes(4)},
            ],
        },
    })
}

/// Sign-in and registration by phone and verification code.
pub(crate) fn phone_experience() -> Value {
    json!({
        "signUp": {"identifiers": ["phone"], "password": false, "verify": true},
        "signIn": {"methods": [{
            "identifier": "phone",
            "password": false,
            "verificationCode": true,
            "isPasswordPrimary": false,
        }]},
        "signInMode": "SignInAndRegister",
    })
}

/// The body that creates the application of the example tenant.
pub(crate) fn application() -> Value {
    json!({
        "name": "Bookstore",
        "type": "Traditional",
        "oidcClientMetadata": {
            "redirectUris": ["http://localhost:3000/callback"],
            "postLogoutRedirectUris": ["http://localhost:3000/"],
        },
    })
}
