//! Sessions of the provider: one browser, one person. The cookie contains a secret that changes at every sign-in.

use crate::{
    domain::scope::Scopes,
    store::{Seconds, Store, StoreError},
};

row! {
    /// A live session.
    #[derive(Clone)]
    pub(crate) struct Session {
        /// Stays the same while the same person is signed in.
        pub(crate) uid: String,
        pub(crate) user_id: String,
        pub(crate) signed_in_at: Seconds,
    }
}

row! {
    /// A client whose part in a session has ended.
    pub(crate) struct Departure {
        pub(crate) application_id: String,
        pub(crate) sid: String,
        grant_id: String,
        outlives_sign_out: bool,
    }
}

/// A client's part in a session.
pub(crate) struct Participation {
    pub(crate) sid: String,
    pub(crate) grant_id: String,
    pub(crate) granted: Scopes,
}

impl Store {
    /// The live session of this digest. `None` if its user has been deleted, even by a tool that leaves the row.
    pub(crate) async fn session(
        &self,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Option<Session>, StoreError> {
        sqlx::query_as(
            "SELECT uid, user_id, signed_in_at FROM sessions JOIN users ON users.id = user_id
             WHERE digest = ? AND expires_at > ?",
        )
        .bind(digest)
        .bind(now)
        .fetch_optional(&self.pool)
        .await
    }

    pub(crate) async fn begin_session(
        &self,
        session: &Session,
        digest: &[u8],
        expires_at: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO sessions (uid, digest, user_id, signed_in_at, expires_at)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(&session.uid)
        .bind(digest)
        .bind(&session.user_id)
        .bind(session.signed_in_at)
        .bind(expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Updates the session after the same person signed in again: new time, new secret. The old secret no longer works.
    pub(crate) async fn renew_session(
        &self,
        session: &Session,
        digest: &[u8],
        expires_at: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "UPDATE sessions SET digest = ?, signed_in_at = ?, expires_at = ? WHERE uid = ?",
        )
        .bind(digest)
        .bind(session.signed_in_at)
        .bind(expires_at)
        .bind(&session.uid)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Extends a session that was used.
    pub(crate) async fn extend_session(
        &self,
        uid: &str,
        expires_at: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query("UPDATE sessions SET expires_at = ? WHERE uid = ?")
            .bind(expires_at)
            .bind(uid)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Ends a session and the grants that do not outlive it. Returns the clients that took part.
    pub(crate) async fn end_session(&self, uid: &str) -> Result<Vec<Departure>, StoreError> {
        self.end_participations(uid, None).await
    }

    /// Ends a client's part in a session. The session continues. Returns the client, if it took part.
    pub(crate) async fn leave_session(
        &self,
        uid: &str,
        application_id: &str,
    ) -> Result<Vec<Departure>, StoreError> {
        self.end_participations(uid, Some(application_id)).await
    }

    /// Ends the part of one client, or the whole session.
    async fn end_participations(
        &self,
        uid: &str,
        application_id: Option<&str>,
    ) -> Result<Vec<Departure>, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let departures: Vec<Departure> = sqlx::query_as(
            "DELETE FROM participations
             WHERE session_uid = ?1 AND application_id = coalesce(?2, application_id) RETURNING *",
        )
        .bind(uid)
        .bind(application_id)
        .fetch_all(&mut *transaction)
        .await?;
        for departure in departures
            .iter()
            .filter(|departure| !departure.outlives_sign_out)
        {
            sqlx::query("DELETE FROM grants WHERE id = ?")
                .bind(&departure.grant_id)
                .execute(&mut *transaction)
                .await?;
        }
        if application_id.is_none() {
            sqlx::query("DELETE FROM sessions WHERE uid = ?")
                .bind(uid)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(departures)
    }

    pub(crate) async fn participation(
        &self,
        session_uid: &str,
        application_id: &str,
    ) -> Result<Option<Participation>, StoreError> {
        let row: Option<(String, String, String)> = sqlx::query_as(
            "SELECT sid, grant_id, scopes FROM participations
             JOIN grants ON grants.id = grant_id
             WHERE session_uid = ? AND participations.application_id = ?",
        )
        .bind(session_uid)
        .bind(application_id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.map(|(sid, grant_id, scopes)| Participation {
            sid,
            grant_id,
            granted: Scopes::parse(&scopes),
        }))
    }
}
