//! Any address that the app does not know.

use crate::{
    navigation::Navigation,
    texts::{Notice, Texts},
};
use shared::path;
use yew::prelude::*;

/// Says that there is nothing here, and leads home.
pub(crate) fn not_found(navigation: &Navigation, texts: &Texts) -> Html {
    let Notice { title, lead } = texts.not_found;
    html! {
        <section class="card" id="not-found">
            <h1>{ title }</h1>
            <p>{ lead }</p>
            <p class="actions">{ navigation.link(path::HOME, "button primary", texts.to_the_start) }</p>
        </section>
    }
}
