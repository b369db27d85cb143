//! Users, by phone number.

use crate::{
    domain::user::User,
    secrets,
    store::{Store, StoreError},
};
use connector_aliyun_sms::PhoneNumber;

row! {
    struct UserRow {
        id: String,
        phone: String,
        created_at_ms: i64,
        updated_at_ms: i64,
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            phone: PhoneNumber::from_digits(&row.phone)
                .map_err(|error| StoreError::Decode(Box::new(error)))?,
            created_at_ms: row.created_at_ms,
            updated_at_ms: row.updated_at_ms,
        })
    }
}

impl Store {
    pub(crate) async fn user(&self, id: &str) -> Result<Option<User>, StoreError> {
        let row: Option<UserRow> = sqlx::query_as("SELECT * FROM users WHERE id = ?")
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        row.map(User::try_from).transpose()
    }

    pub(crate) async fn user_id_of(
        &self,
        phone: &PhoneNumber,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar("SELECT id FROM users WHERE phone = ?")
            .bind(phone.digits())
            .fetch_optional(&self.pool)
            .await
    }

    /// Registers a number and returns the new user's id. `None` if the number is registered already.
    pub(crate) async fn register(
        &self,
        phone: &PhoneNumber,
        now_ms: i64,
    ) -> Result<Option<String>, StoreError> {
        sqlx::query_scalar(
            "INSERT INTO users (id, phone, created_at_ms, updated_at_ms) VALUES (?1, ?2, ?3, ?3)
             ON CONFLICT (phone) DO NOTHING RETURNING id",
        )
        .bind(secrets::short_id::<12>())
        .bind(phone.digits())
        .bind(now_ms)
        .fetch_optional(&self.pool)
        .await
    }

    /// Updates `updated_at`, as Logto does at every sign-in.
    pub(crate) async fn touch_user(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        sqlx::query("UPDATE users SET updated_at_ms = ? WHERE id = ?")
            .bind(now_ms)
            .bind(id)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
