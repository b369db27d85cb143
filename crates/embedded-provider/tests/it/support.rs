//! Support for the stories: a provider on its own port, a browser, a relying party.

pub(crate) mod answer;
pub(crate) mod browser;
pub(crate) mod management_api;
pub(crate) mod relying_party;
pub(crate) mod world;

pub(crate) use answer::Answer;
pub(crate) use browser::Browser;
pub(crate) use management_api::ManagementApi;
pub(crate) use relying_party::{RelyingParty, Request};
pub(crate) use world::{PHONE, World};
