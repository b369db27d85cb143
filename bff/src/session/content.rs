//! What is stored of a session, and how it is packed: a row takes two fifths of its text. In memory that is most of
//! what a session costs; the other stores have less to read and to send.
//!
//! Most of a session stands in it twice (the claims, and the ID token that they were read from) or in every other one too
//! (names of fields and of scopes). So an ID token is kept decoded, and everything is written as references to what came
//! before it and to dictionaries (LZ4). What pages ask for again and again is unpacked without the tokens.
//!
//! The length of a row tells who can see it whether a token repeats four characters of the claims. To learn one by that,
//! somebody would have to change a person's claims millions of times, and each change comes with a refresh.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use lz4_flex::block::{
    compress_prepend_size_with_dict as compress, decompress_size_prepended_with_dict as decompress,
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::HashMap;

/// Under this key a record's data has its [`Content`].
pub(super) const CONTENT: &str = "content";

/// What `who` has in most sessions: pieces of JSON, and `1`, with which the times of these years begin. A change of a
/// dictionary takes the next version of what is sealed (`keys.rs`): what was packed with another one does not unpack.
const WHO_DICTIONARY: &str = r#"{"claims":{"iss":"https://.logto.app/oidc","sub":"","aud":"","exp":1,"iat":1,"name":"","picture":"https://","updated_at":1,"username":"","created_at":1,"phone_number":"86","phone_number_verified":true,"email":"","email_verified":false,"roles":[],"organizations":[]},"scopes":["openid","offline_access","profile","phone","email","custom_data","identities","roles","urn:logto:scope:organizations"],"times":{"since":1,"last_seen_at":1,"refresh_token_since":1},"sid":"","device":{"browser":"Chrome","system":"Windows"}}"#;

/// The same for `tokens` and the decoded ID token.
const TOKENS_DICTIONARY: &str = r#"{"access_token":"","access_token_times":{"renew_at":1,"expires_at":1},"refresh_token":""}{"alg":"RS256","typ":"JWT","kid":"{"alg":"ES384","kid":"{"sub":"","name":null,"picture":null,"updated_at":1,"username":null,"created_at":1,"phone_number":null,"phone_number_verified":false,"email":null,"email_verified":false,"roles":[],"organizations":[],"nonce":"","sid":"","aud":"","exp":1,"iat":1,"iss":"https://"}"#;

/// The parts of a session's content.
#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// Who is signed in, as JSON.
    pub(crate) who: String,
    /// The tokens besides the ID token, as JSON.
    pub(super) tokens: String,
    pub(super) id_token: String,
}

impl Content {
    pub(super) fn of(data: &HashMap<String, Value>) -> Option<Self> {
        Self::deserialize(data.get(CONTENT)?).ok()
    }

    pub(super) fn pack(&self) -> Vec<u8> {
        let id_token = decoded(&self.id_token);
        let as_it_came = || vec![self.id_token.as_bytes().to_vec()];
        let mut tokens = framed(&[&self.tokens]);
        tokens.extend(framed(&id_token.unwrap_or_else(as_it_came)));
        framed(&[
            compress(self.who.as_bytes(), WHO_DICTIONARY.as_bytes()),
            compress(&tokens, dictionary_of_tokens(&self.who).as_bytes()),
        ])
    }

    /// None when it is no packed content.
    pub(super) fn unpack(packed: &[u8]) -> Option<Self> {
        let who = Self::unpack_who(packed)?;
        let (_, packed_tokens) = next_part(packed)?;
        let (packed_tokens, _) = next_part(packed_tokens)?;
        let framed = decompress(packed_tokens, dictionary_of_tokens(&who).as_bytes()).ok()?;
        let (tokens, id_token) = next_part(&framed)?;
        Some(Self {
            who,
            tokens: text(tokens)?,
            id_token: encoded(id_token)?,
        })
    }

    /// Who is signed in, as JSON, without the tokens.
    pub(super) fn unpack_who(packed: &[u8]) -> Option<String> {
        let (packed_who, _) = next_part(packed)?;
        let who = decompress(packed_who, WHO_DICTIONARY.as_bytes()).ok()?;
        String::from_utf8(who).ok()
    }
}

/// The ID token repeats the claims, so they are part of its dictionary.
fn dictionary_of_tokens(who: &str) -> String {
    [TOKENS_DICTIONARY, who].concat()
}

/// The parts of an ID token (RFC 7515, section 7.1) without their base64; none when that would not give it back as it
/// came.
fn decoded(id_token: &str) -> Option<Vec<Vec<u8>>> {
    let parts = id_token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part));
    let parts = parts.collect::<Result<Vec<_>, _>>().ok()?;
    (parts.len() == 3).then_some(parts)
}

/// The ID token of three parts, or of one that is as it came.
fn encoded(framed: &[u8]) -> Option<String> {
    let (first, rest) = next_part(framed)?;
    if rest.is_empty() {
        return text(first);
    }
    let (payload, rest) = next_part(rest)?;
    let (signature, _) = next_part(rest)?;
    Some(
        [first, payload, signature]
            .map(|part| URL_SAFE_NO_PAD.encode(part))
            .join("."),
    )
}

fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}

/// Parts one after the other, each with its length before it.
fn framed(parts: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let mut framed = Vec::new();
    for part in parts.iter().map(AsRef::as_ref) {
        // All of it came in one answer of the provider, of 1 MiB at most.
        let length = u32::try_from(part.len()).unwrap_or(u32::MAX);
        framed.extend_from_slice(&length.to_le_bytes());
        framed.extend_from_slice(part);
    }
    framed
}

/// The first part, and what comes after it.
fn next_part(framed: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = framed.split_first_chunk()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    rest.split_at_checked(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HEADER: &str = r#"{"alg":"ES384","kid":"IywXbxTabwjBXG8T6djgHjWR_Gfp0hyfWSbbvu7TouY"}"#;
    const PAYLOAD: &str = r#"{"sub":"rm551g7117ni","name":null,"picture":null,"updated_at":195374701759,"username":null,"created_at":195374701724,"phone_number":"8613900139000","phone_number_verified":true,"email":null,"email_verified":false,"roles":[],"organizations":[],"nonce":"b5ecvA7RUwHqXo2LzD9sTg","sid":"ZZXGz9v1WoSYm7iqygqVoZBpYulUOKSXan77lkbGw8j","aud":"1w9fx6ddektc5ego4vr40","exp":195378301,"iat":195374701,"iss":"https://example.logto.app/oidc"}"#;

    /// The first session of a person at Logto, with its default scopes and key.
    fn of_logto() -> Content {
        let signature: [u8; 96] = std::array::from_fn(|byte| {
            u8::try_from(byte)
                .unwrap()
                .wrapping_mul(151)
                .wrapping_add(89)
        });
        Content {
            who: r#"{"claims":{"iss":"https://example.logto.app/oidc","sub":"rm551g7117ni","aud":"1w9fx6ddektc5ego4vr40","exp":195378301,"iat":195374701,"updated_at":195374701759,"created_at":195374701724,"phone_number":"8613900139000","phone_number_verified":true,"email_verified":false,"roles":[],"organizations":[]},"scopes":["openid","offline_access","profile","phone"],"times":{"since":195374701,"last_seen_at":195374701,"refresh_token_since":195374701},"sid":"ZZXGz9v1WoSYm7iqygqVoZBpYulUOKSXan77lkbGw8j","device":{"browser":"Firefox","system":"Android"}}"#.to_owned(),
            tokens: r#"{"access_token":"qLTGXiQFCs0BW0xCcXEIJXemidN5O9MI9j6zQXlD8DY","access_token_times":{"renew_at":195378230,"expires_at":195378301},"refresh_token":"LODgeGQxEAGxbzHvsqrPG6cMjpha4kOqEvjUidaLjgi"}"#.to_owned(),
            id_token: [HEADER.as_bytes(), PAYLOAD.as_bytes(), &signature]
                .map(|part| URL_SAFE_NO_PAD.encode(part))
                .join("."),
        }
    }

    fn unpacks_as_it_was(content: &Content) -> bool {
        let packed = content.pack();
        Content::unpack(&packed).is_some_and(|unpacked| unpacked == *content)
            && Content::unpack_who(&packed).is_some_and(|who| who == content.who)
    }

    #[test]
    fn a_session_of_logto_takes_two_fifths_of_its_text_and_comes_back_as_it_was() {
        let content = of_logto();
        let text = content.who.len() + content.tokens.len() + content.id_token.len();
        let packed = content.pack().len();
        assert!(5 * packed < 2 * text, "{packed} of {text}");
        assert!(unpacks_as_it_was(&content));
    }

    /// Whoever changes a dictionary changes the version of what is sealed, too.
    #[test]
    fn what_this_version_packed_before_still_unpacks() {
        let before = include_str!("content/packed.hex");
        let packed = hex::decode(before.trim()).unwrap();
        assert!(Content::unpack(&packed).unwrap() == of_logto());
    }

    #[test]
    fn an_id_token_that_base64_would_change_is_kept_as_it_came() {
        for id_token in [
            "",
            ".",
            "..",
            "YQ.YQ.YQ",
            "YR.YQ.YQ",
            "YQ==.YQ.YQ",
            "a.b",
            "YQ.YQ.YQ.YQ",
            "!",
        ] {
            let content = Content {
                id_token: id_token.to_owned(),
                ..of_logto()
            };
            assert!(unpacks_as_it_was(&content), "{id_token}");
        }
    }

    #[test]
    fn texts_longer_than_what_lz4_looks_back_come_back_as_they_were() {
        let random = |length: usize| -> String {
            let bytes = (0..length).map(|_| rand::random::<u8>());
            URL_SAFE_NO_PAD.encode(bytes.collect::<Vec<_>>())
        };
        let content = Content {
            tokens: random(100_000),
            id_token: format!("{0}.{0}.{1}", random(70_000), random(16)),
            ..of_logto()
        };
        assert!(unpacks_as_it_was(&content));
        for length in [45_000, 49_000, 150_000] {
            let who = random(length);
            let id_token = format!("e30.{who}.e30");
            let content = Content {
                who,
                id_token,
                ..of_logto()
            };
            assert!(unpacks_as_it_was(&content), "{length}");
        }
    }

    #[test]
    fn nothing_that_is_cut_off_unpacks() {
        let packed = of_logto().pack();
        for length in 0..packed.len() {
            assert!(Content::unpack(&packed[..length]).is_none(), "{length}");
        }
    }

    proptest! {
        #![proptest_config(crate::properties::cases(512))]

        #[test]
        fn every_content_comes_back_as_it_was(
            who in "(\\PC|\n|\0){0,99}",
            tokens in "(\\PC|\n|\0){0,99}",
            id_token in "[A-Za-z0-9_.=-]{0,99}|(\\PC|\n|\0){0,9}",
        ) {
            let content = Content { who, tokens, id_token };
            prop_assert!(unpacks_as_it_was(&content));
        }

        #[test]
        fn no_bytes_make_it_panic(
            who in prop::collection::vec(any::<u8>(), 0..99),
            tokens in prop::collection::vec(any::<u8>(), 0..99),
        ) {
            let sized = |bytes: &[u8]| [&99_u32.to_le_bytes(), bytes].concat();
            let _ = Content::unpack(&framed(&[sized(&who), sized(&tokens)]));
            let right = compress(b"{}", WHO_DICTIONARY.as_bytes());
            let _ = Content::unpack(&framed(&[right, sized(&tokens)]));
        }
    }
}
