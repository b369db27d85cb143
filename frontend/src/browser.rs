//! The browser around the app: address, cookies, languages, data blocks. Nothing else touches `window`.
//!
//! A browser may refuse storage or cookies; then the app goes on without, so nothing here fails.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlDocument, Location, Storage, Window};

pub(crate) fn window() -> Window {
    web_sys::window().expect("the app runs in a window")
}

fn document() -> HtmlDocument {
    let document = window().document().expect("a window has a document");
    document.unchecked_into()
}

fn location() -> Location {
    window().location()
}

/// The path of the address.
pub(crate) fn path() -> String {
    location().pathname().unwrap_or_default()
}

/// The query of the address, with its `?` when there is one.
pub(crate) fn query() -> String {
    location().search().unwrap_or_default()
}

/// The fragment of the address, with its `#` when there is one.
pub(crate) fn fragment() -> String {
    location().hash().unwrap_or_default()
}

/// Leaves for this address.
pub(crate) fn visit(address: &str) {
    // Only an unparsable address fails here, and `link` has let none through.
    let _ = location().assign(address);
}

/// The element with this `id`.
pub(crate) fn element(id: &str) -> Option<Element> {
    document().get_element_by_id(id)
}

/// What the bff wrote into the JSON data block with this `id`; empty when it wrote nothing, as under `trunk serve`.
pub(crate) fn data_block(id: &str) -> String {
    element(id)
        .and_then(|block| block.text_content())
        .unwrap_or_default()
}

/// The cookies that scripts may read, `name=value; name=value`.
pub(crate) fn cookies() -> String {
    document().cookie().unwrap_or_default()
}

/// Sets one cookie; the text is that of a `Set-Cookie` header.
pub(crate) fn set_cookie(cookie: &str) {
    let _ = document().set_cookie(cookie);
}

/// The languages that the person reads, best first (BCP 47).
pub(crate) fn languages() -> Vec<String> {
    let tags = window().navigator().languages();
    tags.iter().filter_map(|tag| tag.as_string()).collect()
}

/// Tells the browser, and with it screen readers, in which language the page is.
pub(crate) fn set_document_language(tag: &str) {
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute("lang", tag);
    }
}

/// Names the page in the tab and in the history.
pub(crate) fn set_title(title: &str) {
    document().set_title(title);
}

/// Storage that lives as long as the tab.
fn tab_storage() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// What [`store`] kept in this tab under this key.
pub(crate) fn stored(key: &str) -> Option<String> {
    tab_storage()?.get_item(key).ok().flatten()
}

/// Keeps a text for as long as the tab lives.
pub(crate) fn store(key: &str, text: &str) {
    if let Some(storage) = tab_storage() {
        let _ = storage.set_item(key, text);
    }
}

/// A moment, in milliseconds since 1970, in the words of this language and the person's time zone.
pub(crate) fn local_time(milliseconds: f64, language: &str) -> String {
    let options = js_sys::Object::new();
    for (part, style) in [("dateStyle", "long"), ("timeStyle", "short")] {
        let _ = js_sys::Reflect::set(&options, &part.into(), &style.into());
    }
    js_sys::Date::new(&JsValue::from_f64(milliseconds))
        .to_locale_string(language, &options)
        .into()
}
