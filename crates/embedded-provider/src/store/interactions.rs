//! Interactions: what the person does between an authorization request and its response. The browser has a secret. The
//! id is part of addresses and gives no access.

use crate::{
    domain::authorization_request::AuthorizationRequest,
    store::{Seconds, Store, StoreError},
};
use serde::{Deserialize, Serialize};

/// What an interaction is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    SignIn,
    Consent,
}

/// Logto's `InteractionEvent`, as far as this provider has pages for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    SignIn,
    Register,
}

/// A live interaction.
pub(crate) struct Interaction {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) request: AuthorizationRequest,
    /// Whether the person has signed in for this request.
    pub(crate) signed_in: bool,
    /// The session that consents.
    pub(crate) session_uid: Option<String>,
    /// `None` until the experience begins.
    pub(crate) event: Option<Event>,
    /// The identified user. `None` until a user is identified.
    pub(crate) user_id: Option<String>,
}

/// An interaction to store.
pub(crate) struct NewInteraction<'a> {
    pub(crate) id: &'a str,
    pub(crate) digest: Vec<u8>,
    pub(crate) kind: Kind,
    pub(crate) request: &'a AuthorizationRequest,
    pub(crate) signed_in: bool,
    pub(crate) session_uid: Option<&'a str>,
    pub(crate) expires_at: Seconds,
}

row! {
    struct InteractionRow {
        id: String,
        kind: String,
        request: String,
        signed_in: bool,
        session_uid: Option<String>,
        event: Option<String>,
        user_id: Option<String>,
    }
}

impl TryFrom<InteractionRow> for Interaction {
    type Error = StoreError;

    fn try_from(row: InteractionRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            kind: if row.kind == "consent" {
                Kind::Consent
            } else {
                Kind::SignIn
            },
            request: serde_json::from_str(&row.request)
                .map_err(|error| StoreError::Decode(error.into()))?,
            signed_in: row.signed_in,
            session_uid: row.session_uid,
            event: row.event.as_deref().map(|event| match event {
                "Register" => Event::Register,
                _ => Event::SignIn,
            }),
            user_id: row.user_id,
        })
    }
}

impl Event {
    const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "SignIn",
            Self::Register => "Register",
        }
    }
}

impl Store {
    pub(crate) async fn begin_interaction(
        &self,
        new: NewInteraction<'_>,
    ) -> Result<(), StoreError> {
        let request =
            serde_json::to_string(new.request).map_err(|error| StoreError::Encode(error.into()))?;
        sqlx::query(
            "INSERT INTO interactions (id, digest, kind, request, signed_in, session_uid, expires_at)
             VALUES (?, ?, ?, ?, ?, ?, ?)",
        )
        .bind(new.id)
        .bind(new.digest)
        .bind(match new.kind {
            Kind::SignIn => "sign_in",
            Kind::Consent => "consent",
        })
        .bind(request)
        .bind(new.signed_in)
        .bind(new.session_uid)
        .bind(new.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The interaction of the browser's cookie.
    pub(crate) async fn interaction(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<Interaction>, StoreError> {
        let row: Option<InteractionRow> =
            sqlx::query_as("SELECT * FROM interactions WHERE digest = ? AND expires_at > ?")
                .bind(digest)
                .bind(now)
                .fetch_optional(&self.pool)
                .await?;
        row.map(Interaction::try_from).transpose()
    }

    /// A request of this session that waits for consent: the one of this id, or the oldest.
    pub(crate) async fn waiting_consent(
        &self,
        session_uid: &str,
        id: Option<&str>,
        now: Seconds,
    ) -> Result<Option<Interaction>, StoreError> {
        let row: Option<InteractionRow> = sqlx::query_as(
            "SELECT * FROM interactions WHERE kind = 'consent' AND session_uid = ?1
             AND id = coalesce(?2, id) AND NOT submitted AND expires_at > ?3 ORDER BY rowid LIMIT 1",
        )
        .bind(session_uid)
        .bind(id)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.map(Interaction::try_from).transpose()
    }

    /// Begins or restarts the experience: forgets the identified user and all codes.
    pub(crate) async fn begin_experience(&self, id: &str, event: Event) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query(
            "UPDATE interactions SET event = ?, user_id = NULL, submitted = 0 WHERE id = ?",
        )
        .bind(event.as_str())
        .bind(id)
        .execute(&mut *transaction)
        .await?;
        sqlx::query("DELETE FROM verifications WHERE interaction_id = ?")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await
    }

    /// Switches between sign-in and registration. A verified number stays verified.
    pub(crate) async fn change_event(&self, id: &str, event: Event) -> Result<(), StoreError> {
        sqlx::query("UPDATE interactions SET event = ?, user_id = NULL WHERE id = ?")
            .bind(event.as_str())
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    pub(crate) async fn identify(&self, id: &str, user_id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE interactions SET user_id = ? WHERE id = ?")
            .bind(user_id)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    pub(crate) async fn submit(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE interactions SET submitted = 1 WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Takes a submitted interaction, so that it continues once, and deletes its codes.
    pub(crate) async fn take_submitted_interaction(
        &self,
        id: &str,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<Interaction>, StoreError> {
        let row: Option<InteractionRow> = sqlx::query_as(
            "DELETE FROM interactions
             WHERE id = ? AND digest = ? AND submitted AND expires_at > ? RETURNING *",
        )
        .bind(id)
        .bind(digest)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        row.map(Interaction::try_from).transpose()
    }
}
