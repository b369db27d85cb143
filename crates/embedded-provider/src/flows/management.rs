//! The Management API: what each request does. Changes are made one after the other, so that what a change has checked
//! still holds when it is made.

pub(crate) mod access;
pub(crate) mod connectors;
pub(crate) mod email_domains;
pub(crate) mod relations;
pub(crate) mod secrets;
pub(crate) mod settings;
pub(crate) mod things;
mod view;

use crate::{
    Provider,
    domain::management::{error::ManagementError, kind::Kind},
    store::{Address, Document},
};

/// The document of a kind that has no parent.
async fn owner(
    provider: &Provider,
    kind: &'static Kind,
    id: &str,
) -> Result<Option<Document>, ManagementError> {
    let at = Address {
        kind: kind.name,
        parent: "",
        id,
    };
    Ok(provider.store.document(at).await?)
}
