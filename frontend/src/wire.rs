//! Reading what the bff sends, by the browser's own JSON parser.
//!
//! The types of `shared` could read themselves (serde), and do so in the bff. Here that would be a quarter of the whole
//! WebAssembly, for a parser that every browser has.

use js_sys::{Array, JSON, Reflect};
use shared::{
    Address, Audience, AuthStatus, Claims, Device, Json, OrganizationData, ProblemCode,
    SessionEvent, SessionInfo, SessionTimes, Sessions, SignOutResponse, SignedOut, SignedOutReason,
};
use wasm_bindgen::{JsCast, JsValue};

/// A value of JSON, or the absence of one.
pub(crate) struct Value(JsValue);

/// What can be read from a value.
pub(crate) trait Read: Sized {
    /// `None` when the value is not of this shape.
    fn read(value: &Value) -> Option<Self>;
}

/// Reads a JSON text.
pub(crate) fn parse<T: Read>(json: &str) -> Option<T> {
    T::read(&Value(JSON::parse(json).ok()?))
}

impl Value {
    /// A member of an object; absent when this is none.
    fn get(&self, name: &str) -> Self {
        Self(Reflect::get(&self.0, &name.into()).unwrap_or(JsValue::UNDEFINED))
    }

    pub(crate) fn text(&self, name: &str) -> Option<String> {
        self.get(name).0.as_string()
    }

    fn yes_no(&self, name: &str) -> Option<bool> {
        self.get(name).0.as_bool()
    }

    /// A fraction is cut off.
    fn whole(&self, name: &str) -> Option<i64> {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a number without bounds becomes the nearest possible one"
        )]
        let whole = self.get(name).0.as_f64()? as i64;
        Some(whole)
    }

    fn list<T: Read>(&self, name: &str) -> Option<Vec<T>> {
        Vec::read(&self.get(name))
    }

    fn object<T: Read>(&self, name: &str) -> Option<T> {
        T::read(&self.get(name))
    }
}

impl<T: Read> Read for Vec<T> {
    /// Every member must be readable.
    fn read(value: &Value) -> Option<Self> {
        let list: &Array = value.0.dyn_ref()?;
        list.iter().map(|member| T::read(&Value(member))).collect()
    }
}

impl Read for String {
    fn read(value: &Value) -> Option<Self> {
        value.0.as_string()
    }
}

impl Read for Json {
    fn read(value: &Value) -> Option<Self> {
        if value.0.is_null() || value.0.is_undefined() {
            return None;
        }
        let text = JSON::stringify(&value.0).ok()?;
        Some(Self::from_text(text.into()))
    }
}

impl Read for AuthStatus {
    fn read(value: &Value) -> Option<Self> {
        if !value.yes_no("isAuthenticated")? {
            return Some(Self::SignedOut);
        }
        Some(Self::SignedIn {
            claims: Box::new(value.object("claims")?),
            session: value.object("session")?,
            scopes: value.list("scopes").unwrap_or_default(),
        })
    }
}

impl Read for SessionTimes {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            expires_in: value.whole("expiresIn")?,
            idle_expires_in: value.whole("idleExpiresIn")?,
        })
    }
}

impl Read for Claims {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            iss: value.text("iss"),
            sub: value.text("sub")?,
            aud: value.object("aud"),
            exp: value.whole("exp"),
            iat: value.whole("iat"),
            auth_time: value.whole("auth_time"),
            name: value.text("name"),
            family_name: value.text("family_name"),
            given_name: value.text("given_name"),
            middle_name: value.text("middle_name"),
            nickname: value.text("nickname"),
            preferred_username: value.text("preferred_username"),
            profile: value.text("profile"),
            picture: value.text("picture"),
            website: value.text("website"),
            gender: value.text("gender"),
            birthdate: value.text("birthdate"),
            zoneinfo: value.text("zoneinfo"),
            locale: value.text("locale"),
            updated_at: value.whole("updated_at"),
            username: value.text("username"),
            created_at: value.whole("created_at"),
            phone_number: value.text("phone_number"),
            phone_number_verified: value.yes_no("phone_number_verified"),
            email: value.text("email"),
            email_verified: value.yes_no("email_verified"),
            address: value.object("address"),
            roles: value.list("roles"),
            organizations: value.list("organizations"),
            organization_roles: value.list("organization_roles"),
            organization_data: value.list("organization_data"),
            custom_data: value.object("custom_data"),
            identities: value.object("identities"),
            sso_identities: value.object("sso_identities"),
        })
    }
}

impl Read for Audience {
    fn read(value: &Value) -> Option<Self> {
        let one = String::read(value).map(Self::One);
        one.or_else(|| Vec::read(value).map(Self::Several))
    }
}

impl Read for Address {
    fn read(value: &Value) -> Option<Self> {
        value.0.is_object().then(|| Self {
            formatted: value.text("formatted"),
            street_address: value.text("street_address"),
            locality: value.text("locality"),
            region: value.text("region"),
            postal_code: value.text("postal_code"),
            country: value.text("country"),
        })
    }
}

impl Read for OrganizationData {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            id: value.text("id")?,
            name: value.text("name")?,
            description: value.text("description"),
        })
    }
}

impl Read for Sessions {
    fn read(value: &Value) -> Option<Self> {
        let sessions = value.list("sessions")?;
        Some(Self { sessions })
    }
}

impl Read for SessionInfo {
    fn read(value: &Value) -> Option<Self> {
        let device = value.get("device");
        Some(Self {
            id: value.text("id")?,
            created_at: value.whole("createdAt")?,
            last_seen_at: value.whole("lastSeenAt")?,
            device: Device {
                browser: device.text("browser"),
                system: device.text("system"),
            },
            is_current: value.yes_no("isCurrent")?,
        })
    }
}

impl Read for SignOutResponse {
    fn read(value: &Value) -> Option<Self> {
        let redirect_to = value.text("redirectTo")?;
        Some(Self { redirect_to })
    }
}

/// Of a problem the app reads the code; the words are its own, in the person's language.
impl Read for ProblemCode {
    fn read(value: &Value) -> Option<Self> {
        value.text("code")?.parse().ok()
    }
}

/// The JSON of a server-sent event, which comes as a name and data.
pub(crate) fn of_event(name: &str, data: &str) -> String {
    format!(r#"{{"event":"{name}","data":{data}}}"#)
}

impl Read for SessionEvent {
    fn read(value: &Value) -> Option<Self> {
        let data = value.get("data");
        Some(match value.text("event")?.as_str() {
            "signed-out" => {
                let reason = SignedOutReason::from_name(&data.text("reason")?)?;
                Self::SignedOut(SignedOut { reason })
            }
            "expiring" => Self::Expiring(SessionTimes::read(&data)?),
            "claims-changed" => Self::ClaimsChanged(shared::ClaimsChanged {}),
            _ => return None,
        })
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::json;
    use shared::{ClaimsChanged, Problem};
    use wasm_bindgen_test::wasm_bindgen_test;

    /// What serde reads, the browser reads to the same; and what serde refuses, it refuses.
    fn agree<T: Read + DeserializeOwned + PartialEq + std::fmt::Debug>(json: &serde_json::Value) {
        let text = json.to_string();
        let by_serde = serde_json::from_value::<T>(json.clone()).ok();
        assert_eq!(parse::<T>(&text), by_serde, "{text}");
    }

    fn everything() -> serde_json::Value {
        json!({
            "iss": "https://id.example/oidc", "sub": "ktd83eqha1zz", "aud": ["a", "b"], "exp": 1.5, "iat": 2,
            "auth_time": 3, "name": "Ada Lovelace", "family_name": "Lovelace", "given_name": "Ada",
            "middle_name": "K", "nickname": "ada", "preferred_username": "ada l",
            "profile": "https://example.com/ada", "picture": "https://example.com/a.png",
            "website": "https://example.com", "gender": "female", "birthdate": "1815-12-10",
            "zoneinfo": "Europe/London", "locale": "en-GB", "updated_at": 1_795_374_701_759_i64,
            "username": "ada_l", "created_at": 4, "phone_number": "8613900139001",
            "phone_number_verified": true, "email": "ada@example.com", "email_verified": false,
            "address": {"formatted": "f", "street_address": "s", "locality": "l", "region": "r",
                "postal_code": "p", "country": "UK"},
            "roles": ["librarian"], "organizations": ["uxa0heymfqsc"],
            "organization_roles": ["uxa0heymfqsc:manager"],
            "organization_data": [{"id": "uxa0heymfqsc", "name": "Shop 1", "description": "first"}],
            "custom_data": {"tier": "gold"}, "identities": {"wechat": {"userId": "u"}},
            "sso_identities": [{"issuer": "x"}]
        })
    }

    #[wasm_bindgen_test]
    fn claims_are_read_as_serde_reads_them() {
        agree::<Claims>(&everything());
        for member in everything().as_object().unwrap().keys() {
            let mut claims = everything();
            claims[member] = serde_json::Value::Null;
            agree::<Claims>(&claims);
            claims.as_object_mut().unwrap().remove(member);
            agree::<Claims>(&claims);
        }
        agree::<Claims>(&json!({"sub": "a", "aud": "one", "exp": 1e300}));
    }

    #[wasm_bindgen_test]
    fn answers_are_read_as_serde_reads_them() {
        let session = json!({"expiresIn": 1_209_600, "idleExpiresIn": 86_400});
        for status in [
            json!({"isAuthenticated": false}),
            json!({"isAuthenticated": true}),
            json!({"isAuthenticated": true, "claims": everything(), "session": session}),
            json!({"isAuthenticated": true, "claims": everything(), "session": session, "scopes": ["openid"]}),
            json!({"isAuthenticated": true, "claims": {}, "session": session}),
            json!({"isAuthenticated": true, "claims": everything()}),
            json!({}),
            json!(null),
            json!("x"),
        ] {
            agree::<AuthStatus>(&status);
        }
        let sessions = json!({"sessions": [
            {"id": "5f1c", "createdAt": 1, "lastSeenAt": 2, "device": {"browser": "Firefox", "system": "Windows"}, "isCurrent": true},
            {"id": "5f1d", "createdAt": 1, "lastSeenAt": 2, "device": {}, "isCurrent": false},
        ]});
        agree::<Sessions>(&sessions);
        agree::<Sessions>(&json!({"sessions": [{}]}));
        agree::<SignOutResponse>(&json!({"redirectTo": "/"}));
        agree::<SignOutResponse>(&json!({}));
    }

    #[wasm_bindgen_test]
    fn the_code_of_every_problem_is_read() {
        for &expected in ProblemCode::ALL {
            let problem = serde_json::to_string(&Problem::new(expected)).unwrap();
            assert_eq!(parse(&problem), Some(expected));
        }
        for text in [
            "",
            "Bad Gateway",
            "null",
            "[]",
            "{}",
            r#"{"code":1}"#,
            r#"{"code":"nope"}"#,
        ] {
            assert_eq!(parse::<ProblemCode>(text), None, "{text}");
        }
    }

    #[wasm_bindgen_test]
    fn every_event_is_read() {
        let reasons = SignedOutReason::ALL.iter();
        let expiring = SessionTimes {
            expires_in: 600,
            idle_expires_in: 60,
        };
        let events = reasons
            .map(|&reason| SessionEvent::SignedOut(SignedOut { reason }))
            .chain([
                SessionEvent::Expiring(expiring),
                SessionEvent::ClaimsChanged(ClaimsChanged {}),
            ]);
        for event in events {
            let json = serde_json::to_value(event).unwrap();
            agree::<SessionEvent>(&json);
            let text = of_event(json["event"].as_str().unwrap(), &json["data"].to_string());
            assert_eq!(parse(&text), Some(event));
        }
        for (name, data) in [
            ("nope", "{}"),
            ("signed-out", "{}"),
            ("signed-out", "x"),
            ("expiring", "{}"),
        ] {
            let json = of_event(name, data);
            assert_eq!(parse::<SessionEvent>(&json), None, "{json}");
        }
    }
}
