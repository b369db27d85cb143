//! Wrong codes for one number, over all codes, interactions and browsers. After too many of them the number is blocked.

use crate::{
    domain::{lifetime::WRONG_CODE_WINDOW, verification_code::WRONG_CODES},
    store::{Seconds, Store, StoreError},
};
use connector_aliyun_sms::PhoneNumber;

impl Store {
    /// Counts a try before it is made, so that parallel tries cannot exceed the limit. `None` if the number is blocked.
    pub(crate) async fn count_try(
        &self,
        phone: &PhoneNumber,
        now: Seconds,
    ) -> Result<Option<i64>, StoreError> {
        sqlx::query_scalar(
            "INSERT INTO wrong_codes (phone, tried_at) SELECT ?1, ?2 WHERE NOT EXISTS
             (SELECT 1 FROM wrong_codes WHERE phone = ?1 AND blocks AND tried_at > ?3)
             AND (SELECT count(*) FROM wrong_codes WHERE phone = ?1 AND tried_at > ?3) < ?4 RETURNING id",
        )
        .bind(phone.digits())
        .bind(now)
        .bind(now - WRONG_CODE_WINDOW)
        .bind(WRONG_CODES)
        .fetch_optional(&self.pool)
        .await
    }

    /// Forgets a try whose code was not wrong.
    pub(crate) async fn forget_try(&self, id: i64) -> Result<(), StoreError> {
        sqlx::query("DELETE FROM wrong_codes WHERE id = ?")
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Returns whether this wrong try blocks the number.
    pub(crate) async fn was_one_too_many(&self, id: i64, now: Seconds) -> Result<bool, StoreError> {
        let blocks: Option<bool> = sqlx::query_scalar(
            "UPDATE wrong_codes AS this SET blocks = (SELECT count(*) FROM wrong_codes AS every
             WHERE every.phone = this.phone AND every.tried_at > ?2) >= ?3 WHERE id = ?1 RETURNING blocks",
        )
        .bind(id)
        .bind(now - WRONG_CODE_WINDOW)
        .bind(WRONG_CODES)
        .fetch_optional(&self.pool)
        .await?;
        Ok(blocks.unwrap_or_default())
    }

    /// Seconds until a blocked number may be tried again.
    pub(crate) async fn blocked_for(
        &self,
        phone: &PhoneNumber,
        now: Seconds,
    ) -> Result<Seconds, StoreError> {
        let last: Option<Seconds> =
            sqlx::query_scalar("SELECT max(tried_at) FROM wrong_codes WHERE phone = ? AND blocks")
                .bind(phone.digits())
                .fetch_one(&self.pool)
                .await?;
        Ok(last.map_or(0, |last| last + WRONG_CODE_WINDOW - now))
    }
}
