//! The browser around the app: address, cookies, languages, data blocks. Elsewhere only listeners touch `window`.
//!
//! A browser may refuse storage or cookies; then the app goes on without, so nothing here fails.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Element, FocusOptions, HtmlDocument, HtmlElement, Location, Storage, UrlSearchParams,
    VisibilityState, Window,
};

pub(crate) fn window() -> Window {
    web_sys::window().expect("the app runs in a window")
}

pub(crate) fn document() -> HtmlDocument {
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

/// The address below the site: path, query and fragment.
pub(crate) fn address() -> String {
    path() + &query() + &location().hash().unwrap_or_default()
}

/// Makes this the address, as a new step of the history, without loading anything.
pub(crate) fn push_address(address: &str) {
    let pushed = window()
        .history()
        .and_then(|history| history.push_state_with_url(&JsValue::NULL, "", Some(address)));
    if pushed.is_ok() {
        window().scroll_to_with_x_and_y(0.0, 0.0);
    } else {
        visit(address);
    }
}

/// Leaves for this address.
pub(crate) fn visit(address: &str) {
    // Only an unparsable address fails here, and `link` has let none through.
    let _ = location().assign(address);
}

/// The first value of this name in the query.
pub(crate) fn query_parameter(name: &str) -> Option<String> {
    UrlSearchParams::new_with_str(&query()).ok()?.get(name)
}

/// Takes the first element of this selector off the page.
pub(crate) fn remove(selector: &str) {
    if let Ok(Some(element)) = document().query_selector(selector) {
        element.remove();
    }
}

/// The `id` of the element that has the keyboard's attention.
pub(crate) fn focused_id() -> Option<String> {
    let id = document().active_element()?.id();
    (!id.is_empty()).then_some(id)
}

/// Gives the keyboard's attention to the first element of this selector, and with it a screen reader's.
pub(crate) fn focus(selector: &str) {
    let Ok(Some(element)) = document().query_selector(selector) else {
        return;
    };
    // A heading takes it only by a script, and is no stop for the keyboard.
    if element.tag_name() == "H1" {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let element: &HtmlElement = element.unchecked_ref();
    let options = FocusOptions::new();
    options.set_prevent_scroll(true); // after "back" the browser shows what was seen before
    let _ = element.focus_with_options(&options);
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

/// As [`data_block`], and takes the block away: what it says is soon old, and may be about a person who has gone. (To
/// empty it would be to write into a `<script>`, which trusted types forbid.)
pub(crate) fn take_data_block(id: &str) -> String {
    let text = data_block(id);
    if let Some(block) = element(id) {
        block.remove();
    }
    text
}

/// Whether the page can be seen: its tab is in front, and the device is awake.
pub(crate) fn is_visible() -> bool {
    document().visibility_state() == VisibilityState::Visible
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

/// The language that the document is in.
pub(crate) fn document_language() -> String {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute("lang"))
        .unwrap_or_default()
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

/// The time, in milliseconds since 1970, by this browser's clock.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// A number from 0 to 1 by chance; nothing secret comes of it.
pub(crate) fn random() -> f64 {
    js_sys::Math::random()
}

/// A moment, in milliseconds since 1970, in the words of this language and the person's time zone.
pub(crate) fn local_time(milliseconds: f64, language: &str) -> String {
    in_words(
        milliseconds,
        language,
        &[("dateStyle", "long"), ("timeStyle", "short")],
    )
}

/// The time of the day alone, as [`local_time`].
pub(crate) fn local_clock(milliseconds: f64, language: &str) -> String {
    in_words(milliseconds, language, &[("timeStyle", "short")])
}

fn in_words(milliseconds: f64, language: &str, styles: &[(&str, &str)]) -> String {
    let options = js_sys::Object::new();
    for &(part, style) in styles {
        let _ = js_sys::Reflect::set(&options, &part.into(), &style.into());
    }
    js_sys::Date::new(&JsValue::from_f64(milliseconds))
        .to_locale_string(language, &options)
        .into()
}
