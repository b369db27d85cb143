//! Documents: what the Management API manages. The oldest come first.

use crate::{
    domain::management::Object,
    store::{Store, StoreError},
};

/// Where a document is.
#[derive(Clone, Copy)]
pub(crate) struct Address<'a> {
    pub(crate) kind: &'a str,
    /// The id of the document that this one belongs to. Empty if there is none.
    pub(crate) parent: &'a str,
    pub(crate) id: &'a str,
}

/// One document.
pub(crate) struct Document {
    pub(crate) id: String,
    pub(crate) parent: String,
    pub(crate) body: Object,
    pub(crate) created_at_ms: i64,
}

/// Another document of the kind and the parent has the id or the unique value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Taken;

row! {
    struct Row {
        id: String,
        parent: String,
        body: String,
        created_at_ms: i64,
    }
}

impl TryFrom<Row> for Document {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            parent: row.parent,
            body: serde_json::from_str(&row.body)
                .map_err(|error| StoreError::Decode(Box::new(error)))?,
            created_at_ms: row.created_at_ms,
        })
    }
}

impl Store {
    /// All documents of a kind, or those of one parent.
    pub(crate) async fn documents(
        &self,
        kind: &str,
        parent: Option<&str>,
    ) -> Result<Vec<Document>, StoreError> {
        let rows: Vec<Row> = sqlx::query_as(
            "SELECT id, parent, body, created_at_ms FROM documents
             WHERE kind = ?1 AND (?2 IS NULL OR parent = ?2) ORDER BY rowid",
        )
        .bind(kind)
        .bind(parent)
        .fetch_all(&self.pool)
        .await?;
        rows.into_iter().map(Document::try_from).collect()
    }

    pub(crate) async fn document(&self, at: Address<'_>) -> Result<Option<Document>, StoreError> {
        let row: Option<Row> = sqlx::query_as(
            "SELECT id, parent, body, created_at_ms FROM documents
             WHERE kind = ? AND parent = ? AND id = ?",
        )
        .bind(at.kind)
        .bind(at.parent)
        .bind(at.id)
        .fetch_optional(&self.pool)
        .await?;
        row.map(Document::try_from).transpose()
    }

    /// Adds a document.
    pub(crate) async fn add_document(
        &self,
        at: Address<'_>,
        unique_value: Option<&str>,
        body: &Object,
        now_ms: i64,
    ) -> Result<Result<(), Taken>, StoreError> {
        let done = sqlx::query(
            "INSERT INTO documents (kind, parent, id, unique_value, body, created_at_ms)
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(at.kind)
        .bind(at.parent)
        .bind(at.id)
        .bind(unique_value)
        .bind(text(body)?)
        .bind(now_ms)
        .execute(&self.pool)
        .await;
        unless_taken(done)
    }

    /// Replaces the body of a document that exists.
    pub(crate) async fn replace_document(
        &self,
        at: Address<'_>,
        unique_value: Option<&str>,
        body: &Object,
    ) -> Result<Result<(), Taken>, StoreError> {
        let done = sqlx::query(
            "UPDATE documents SET unique_value = ?, body = ?
             WHERE kind = ? AND parent = ? AND id = ?",
        )
        .bind(unique_value)
        .bind(text(body)?)
        .bind(at.kind)
        .bind(at.parent)
        .bind(at.id)
        .execute(&self.pool)
        .await;
        unless_taken(done)
    }

    /// Adds the document, or replaces the one that is there.
    pub(crate) async fn put_document(
        &self,
        at: Address<'_>,
        body: &Object,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO documents (kind, parent, id, body, created_at_ms) VALUES (?, ?, ?, ?, ?)
             ON CONFLICT (kind, parent, id) DO UPDATE SET body = excluded.body",
        )
        .bind(at.kind)
        .bind(at.parent)
        .bind(at.id)
        .bind(text(body)?)
        .bind(now_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    /// Gives a document another id.
    pub(crate) async fn rename_document(
        &self,
        at: Address<'_>,
        new_id: &str,
    ) -> Result<Result<(), Taken>, StoreError> {
        let done =
            sqlx::query("UPDATE documents SET id = ? WHERE kind = ? AND parent = ? AND id = ?")
                .bind(new_id)
                .bind(at.kind)
                .bind(at.parent)
                .bind(at.id)
                .execute(&self.pool)
                .await;
        unless_taken(done)
    }

    /// Deletes a document and the documents that belong to it. Returns whether there was one.
    pub(crate) async fn delete_document(&self, at: Address<'_>) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let deleted = sqlx::query("DELETE FROM documents WHERE kind = ? AND parent = ? AND id = ?")
            .bind(at.kind)
            .bind(at.parent)
            .bind(at.id)
            .execute(&mut *transaction)
            .await?;
        if deleted.rows_affected() > 0 && at.parent.is_empty() {
            sqlx::query("DELETE FROM documents WHERE parent = ?")
                .bind(at.id)
                .execute(&mut *transaction)
                .await?;
        }
        transaction.commit().await?;
        Ok(deleted.rows_affected() > 0)
    }

    /// Replaces all documents of a kind that belong to a parent by documents with these ids.
    pub(crate) async fn replace_documents(
        &self,
        kind: &str,
        parent: &str,
        ids: &[String],
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        sqlx::query("DELETE FROM documents WHERE kind = ? AND parent = ?")
            .bind(kind)
            .bind(parent)
            .execute(&mut *transaction)
            .await?;
        for id in ids {
            sqlx::query(
                "INSERT INTO documents (kind, parent, id, body, created_at_ms)
                 VALUES (?, ?, ?, '{}', ?) ON CONFLICT DO NOTHING",
            )
            .bind(kind)
            .bind(parent)
            .bind(id)
            .bind(now_ms)
            .execute(&mut *transaction)
            .await?;
        }
        transaction.commit().await
    }
}

fn text(body: &Object) -> Result<String, StoreError> {
    serde_json::to_string(body).map_err(|error| StoreError::Encode(Box::new(error)))
}

fn unless_taken<Done>(done: Result<Done, StoreError>) -> Result<Result<(), Taken>, StoreError> {
    match done {
        Ok(_) => Ok(Ok(())),
        Err(StoreError::Database(error)) if error.is_unique_violation() => Ok(Err(Taken)),
        Err(error) => Err(error),
    }
}
