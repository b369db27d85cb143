//! Free data: JSON whose shape is somebody else's business, kept as text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use serde_json::Value;

/// JSON as text. Most of what passes it on never looks inside, and a browser need not know how to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(String);

impl Json {
    /// What a browser wrote (`JSON.stringify`), or anybody else who is sure that it is JSON.
    #[must_use]
    pub const fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The data, as a type of one's own.
    ///
    /// # Errors
    /// When it has another shape.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value: Value = serde_json::from_str(&self.0).map_err(serde::ser::Error::custom)?;
        value.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Value::deserialize(deserializer)?.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn free_data_goes_through_unchanged_and_is_read_as_ones_own_type() {
        #[derive(Debug, PartialEq, Deserialize)]
        struct Member {
            tier: String,
        }
        let wire = json!({"tier": "gold", "n": [1, null, {"a": 1.5}]});
        let free: Json = serde_json::from_value(wire.clone()).unwrap();
        assert_eq!(serde_json::to_value(&free).unwrap(), wire);
        let tier = "gold".to_owned();
        assert_eq!(free.read::<Member>().unwrap(), Member { tier });
        assert!(free.read::<Vec<u8>>().is_err());
    }

    #[test]
    fn what_is_no_json_is_not_sent_on() {
        assert!(serde_json::to_string(&Json::from_text("{".to_owned())).is_err());
    }
}
