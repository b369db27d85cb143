//! Verification codes, and the limit of messages to one number.

use crate::{
    domain::{
        lifetime,
        verification_code::{MESSAGES, TRIES},
    },
    store::{Seconds, Store, StoreError},
};
use connector_aliyun_sms::PhoneNumber;

/// A code that will be sent.
pub(crate) struct NewVerification<'a> {
    pub(crate) id: &'a str,
    pub(crate) interaction_id: &'a str,
    pub(crate) phone: &'a PhoneNumber,
    pub(crate) digest: Vec<u8>,
    pub(crate) expires_at: Seconds,
}

/// A code that a person may hold.
pub(crate) struct CodeInHand {
    pub(crate) id: String,
    pub(crate) phone: PhoneNumber,
    /// Whether the code was entered already.
    pub(crate) verified: bool,
    /// Seconds until the page may send another code.
    pub(crate) resend_in: Seconds,
}

/// The result of checking a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Try {
    Right,
    Wrong,
    Expired,
    TooMany,
    /// The code was used, a newer code replaced it, or it never existed.
    NoCode,
}

impl Store {
    /// Counts a message to this number. Returns `false` if the limit is reached. This is one statement, so that
    /// parallel requests cannot exceed the limit.
    pub(crate) async fn count_message(
        &self,
        phone: &PhoneNumber,
        now: Seconds,
    ) -> Result<bool, StoreError> {
        let counted = sqlx::query(
            "INSERT INTO messages (phone, sent_at) SELECT ?1, ?2
             WHERE (SELECT count(*) FROM messages WHERE phone = ?1 AND sent_at > ?3) < ?4",
        )
        .bind(phone.digits())
        .bind(now)
        .bind(now - lifetime::MESSAGE_WINDOW)
        .bind(MESSAGES)
        .execute(&self.pool)
        .await?;
        Ok(counted.rows_affected() == 1)
    }

    /// Seconds until the number may receive another message.
    pub(crate) async fn wait_for_message(
        &self,
        phone: &PhoneNumber,
        now: Seconds,
    ) -> Result<Seconds, StoreError> {
        let first: Option<Seconds> =
            sqlx::query_scalar("SELECT min(sent_at) FROM messages WHERE phone = ? AND sent_at > ?")
                .bind(phone.digits())
                .bind(now - lifetime::MESSAGE_WINDOW)
                .fetch_one(&self.pool)
                .await?;
        Ok(first.map_or(0, |first| first + lifetime::MESSAGE_WINDOW - now))
    }

    /// Stores a code. The earlier codes of its interaction stay valid until it is [accepted](Self::accept_verification).
    pub(crate) async fn begin_verification(
        &self,
        new: NewVerification<'_>,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO verifications (id, interaction_id, phone, digest, expires_at)
             VALUES (?, ?, ?, ?, ?)",
        )
        .bind(new.id)
        .bind(new.interaction_id)
        .bind(new.phone.digits())
        .bind(new.digest)
        .bind(new.expires_at)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The service has accepted the message, so the earlier codes of the interaction no longer work.
    pub(crate) async fn accept_verification(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query(
            "DELETE FROM verifications AS earlier WHERE EXISTS (SELECT 1 FROM verifications AS new
             WHERE new.id = ? AND new.interaction_id = earlier.interaction_id AND new.rowid > earlier.rowid)",
        )
        .bind(id)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// The service has refused the message, so nobody can hold its code.
    pub(crate) async fn delete_verification(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM verifications WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Remembers when the page of an interaction may send another code.
    pub(crate) async fn wait_to_resend(
        &self,
        interaction_id: &str,
        until: Seconds,
    ) -> Result<(), StoreError> {
        sqlx::query("INSERT OR REPLACE INTO resend_waits (interaction_id, until) VALUES (?, ?)")
            .bind(interaction_id)
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The newest code of an interaction that has not expired.
    pub(crate) async fn code_in_hand(
        &self,
        interaction_id: &str,
        now: Seconds,
    ) -> Result<Option<CodeInHand>, StoreError> {
        let row: Option<(String, String, bool, Option<Seconds>)> = sqlx::query_as(
            "SELECT id, phone, verified, until FROM verifications
             LEFT JOIN resend_waits USING (interaction_id)
             WHERE interaction_id = ? AND expires_at > ? ORDER BY verifications.rowid DESC LIMIT 1",
        )
        .bind(interaction_id)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.and_then(|(id, phone, verified, until)| {
            Some(CodeInHand {
                id,
                phone: PhoneNumber::from_digits(&phone).ok()?,
                verified,
                resend_in: until.map_or(0, |until| (until - now).max(0)),
            })
        }))
    }

    /// The other codes of a verification's interaction and number: messages that the service may have sent.
    pub(crate) async fn other_verifications(&self, id: &str) -> Result<Vec<String>, StoreError> {
        sqlx::query_scalar(
            "SELECT other.id FROM verifications AS this JOIN verifications AS other
             USING (interaction_id, phone) WHERE this.id = ? AND other.id <> this.id",
        )
        .bind(id)
        .fetch_all(&self.pool)
        .await
    }

    /// Marks a verification as used by the code of another one for the same number.
    pub(crate) async fn verify_by_another(&self, id: &str) -> Result<(), StoreError> {
        sqlx::query("UPDATE verifications SET verified = 1 WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// The number that a code of this interaction was sent to.
    pub(crate) async fn phone_of_verification(
        &self,
        id: &str,
        interaction_id: &str,
    ) -> Result<Option<PhoneNumber>, StoreError> {
        let phone: Option<String> = sqlx::query_scalar(
            "SELECT phone FROM verifications WHERE id = ? AND interaction_id = ?",
        )
        .bind(id)
        .bind(interaction_id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(phone.and_then(|phone| PhoneNumber::from_digits(&phone).ok()))
    }

    /// Checks a code. One statement counts the attempt, compares the code and marks it as used, so that only one of two
    /// parallel correct attempts succeeds.
    pub(crate) async fn try_code(
        &self,
        id: &str,
        digest: &[u8],
        now: Seconds,
    ) -> Result<Try, StoreError> {
        let right: Option<bool> = sqlx::query_scalar(
            "UPDATE verifications SET tries = tries + 1, verified = (digest = ?2)
             WHERE id = ?1 AND NOT verified AND tries < ?3 AND expires_at > ?4
             RETURNING verified",
        )
        .bind(id)
        .bind(digest)
        .bind(TRIES)
        .bind(now)
        .fetch_optional(&self.pool)
        .await?;
        match right {
            Some(true) => Ok(Try::Right),
            Some(false) => Ok(Try::Wrong),
            None => self.why_not_tried(id, now).await,
        }
    }

    async fn why_not_tried(&self, id: &str, now: Seconds) -> Result<Try, StoreError> {
        let row: Option<(bool, Seconds)> =
            sqlx::query_as("SELECT verified, expires_at FROM verifications WHERE id = ?")
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(match row {
            None | Some((true, _)) => Try::NoCode,
            Some((false, expires_at)) if expires_at <= now => Try::Expired,
            Some(_) => Try::TooMany,
        })
    }

    /// The verified number of this interaction.
    pub(crate) async fn verified_phone(
        &self,
        id: &str,
        interaction_id: &str,
    ) -> Result<Option<PhoneNumber>, StoreError> {
        let phone: Option<String> = sqlx::query_scalar(
            "SELECT phone FROM verifications WHERE id = ? AND interaction_id = ? AND verified",
        )
        .bind(id)
        .bind(interaction_id)
        .fetch_optional(&self.pool)
        .await?;
        Ok(phone.and_then(|phone| PhoneNumber::from_digits(&phone).ok()))
    }
}
