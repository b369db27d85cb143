//! How sessions are found: hashes instead of ids and names, so that a copy of the database opens no session and names nobody.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use sha2::{Digest, Sha256};
use tower_sessions::session::Id;

/// The first half of a SHA-256. A session id has as many bits, and 128 random bits need no salt.
pub(crate) type Hash = [u8; 16];

pub(crate) fn hash(text: impl AsRef<[u8]>) -> Hash {
    let digest: [u8; 32] = Sha256::digest(text).into();
    std::array::from_fn(|byte| digest[byte])
}

/// The application that rows belong to. Applications that share a database neither find nor end each other's sessions.
#[derive(Clone, Copy)]
pub(crate) struct Realm(Hash);

impl Realm {
    pub(crate) fn new(name: &str) -> Self {
        Self(hash(name))
    }

    /// The name in the database of what this process names by a hash, and the other way round.
    pub(crate) fn translate(self, hash: Hash) -> Hash {
        std::array::from_fn(|byte| hash[byte] ^ self.0[byte])
    }
}

/// The hash under which a session is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct SessionKey(
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")] pub(crate) Hash,
);

impl SessionKey {
    pub(crate) fn translated(self, realm: Realm) -> Self {
        Self(realm.translate(self.0))
    }

    /// A public name of the session: it can be shown to its owner and opens nothing, not even the store.
    #[must_use]
    pub fn handle(&self) -> String {
        let digest = Sha256::new_with_prefix("handle").chain_update(self.0);
        hex::encode(&digest.finalize()[..16])
    }
}

impl From<&Id> for SessionKey {
    fn from(id: &Id) -> Self {
        Self(hash(id.0.to_le_bytes()))
    }
}

/// Sessions that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// The sessions of one person.
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    Subject(Hash),
    /// The sessions that began in one session of the OpenID Provider.
    #[serde(serialize_with = "to_hex", deserialize_with = "from_hex")]
    ProviderSession(Hash),
}

impl Group {
    pub(crate) fn translated(self, realm: Realm) -> Self {
        match self {
            Self::Subject(hash) => Self::Subject(realm.translate(hash)),
            Self::ProviderSession(hash) => Self::ProviderSession(realm.translate(hash)),
        }
    }

    /// The sessions of the person with this `sub`.
    #[must_use]
    pub fn subject(sub: &str) -> Self {
        Self::Subject(hash(sub))
    }

    /// The sessions that began in the provider's session with this `sid`.
    #[must_use]
    pub fn provider_session(sid: &str) -> Self {
        Self::ProviderSession(hash(sid))
    }

    /// The sessions of a person whose provider gave no `sid`.
    #[must_use]
    pub fn without_sid(sub: &str) -> Self {
        Self::ProviderSession(unknown_session(sub))
    }
}

/// Takes the place of a `sid` that is not known. No provider's `sid` looks like this.
fn unknown_session(sub: &str) -> Hash {
    hash(format!("unknown:{}", hex::encode(hash(sub))))
}

/// The groups of a session. They never change while the session lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Index {
    pub(crate) subject: Option<Hash>,
    pub(crate) provider_session: Option<Hash>,
}

impl Index {
    pub(crate) fn translated(self, realm: Realm) -> Self {
        Self {
            subject: self.subject.map(|hash| realm.translate(hash)),
            provider_session: self.provider_session.map(|hash| realm.translate(hash)),
        }
    }

    /// The index of a session of the person with this `sub`, which began in the provider's session `sid`.
    #[must_use]
    pub fn new(sub: &str, sid: Option<&str>) -> Self {
        let session = sid.map_or_else(|| unknown_session(sub), hash);
        Self {
            subject: Some(hash(sub)),
            provider_session: Some(session),
        }
    }

    pub(crate) fn groups(&self) -> impl Iterator<Item = Group> + use<> {
        let groups = [
            self.subject.map(Group::Subject),
            self.provider_session.map(Group::ProviderSession),
        ];
        groups.into_iter().flatten()
    }
}

fn to_hex<S: Serializer>(hash: &Hash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex::encode(hash))
}

fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Hash, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut hash = Hash::default();
    hex::decode_to_slice(&text, &mut hash).map_err(D::Error::custom)?;
    Ok(hash)
}
