//! A page as the bff would send it, with the app in it.

use js_sys::Promise;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Document, Element, HtmlDocument, HtmlElement, Window};

pub(crate) const SIGNED_OUT: &str = r#"{"isAuthenticated":false}"#;
pub(crate) const SIGNED_IN: &str = r#"{"isAuthenticated":true,
    "claims":{"sub":"rm551g7117ni","phone_number":"8613944668173","phone_number_verified":true,
        "email":null,"email_verified":false},
    "session":{"expiresIn":1209600,"idleExpiresIn":86400}}"#;

pub(crate) fn window() -> Window {
    web_sys::window().unwrap()
}

pub(crate) fn document() -> HtmlDocument {
    let document: Document = window().document().unwrap();
    document.unchecked_into()
}

/// What the bff puts into a page.
#[derive(Clone, Copy, Default)]
pub(crate) struct Page<'a> {
    /// Path and query.
    pub(crate) address: &'a str,
    /// The data block `auth-status`.
    pub(crate) status: &'a str,
    /// The data block `problem`.
    pub(crate) problem: &'a str,
}

/// The app in its page; dropping it leaves the document as it was.
pub(crate) struct App {
    elements: Vec<Element>,
    mounted: Option<frontend::Mounted>,
}

impl App {
    /// Opens the page and waits until the app is in it.
    pub(crate) async fn open(page: Page<'_>) -> Self {
        super::fake_stream::install();
        let history = window().history().unwrap();
        history
            .replace_state_with_url(&JsValue::NULL, "", Some(page.address))
            .unwrap();
        let root = add_element("div", shared::path::ROOT_ELEMENT, "");
        let elements = vec![
            add_element("script", shared::path::AUTH_STATUS_ELEMENT, page.status),
            add_element("script", shared::path::PROBLEM_ELEMENT, page.problem),
            root.clone(),
        ];
        let app = Self {
            elements,
            mounted: Some(frontend::mount(root)),
        };
        app.wait_for("header").await;
        app
    }

    /// The app's own element.
    fn root(&self) -> &HtmlElement {
        self.elements.last().unwrap().unchecked_ref()
    }

    /// What a person reads.
    pub(crate) fn text(&self) -> String {
        self.root().inner_text()
    }

    pub(crate) fn find(&self, selector: &str) -> Option<HtmlElement> {
        let found = self.root().query_selector(selector).unwrap();
        found.map(JsCast::unchecked_into)
    }

    pub(crate) fn text_of(&self, selector: &str) -> String {
        self.find(selector).expect(selector).inner_text()
    }

    pub(crate) fn attribute(&self, selector: &str, name: &str) -> String {
        let element = self.find(selector).expect(selector);
        element.get_attribute(name).unwrap_or_default()
    }

    pub(crate) fn click(&self, selector: &str) {
        self.find(selector).expect(selector).click();
    }

    /// Waits until there is such an element. The app renders between two turns of the event loop.
    pub(crate) async fn wait_for(&self, selector: &str) {
        for _ in 0..100 {
            if self.find(selector).is_some() {
                return settle().await;
            }
            next_turn().await;
        }
        panic!("no {selector} in: {}", self.text());
    }

    /// Does what translators do: each text is in another node than before.
    pub(crate) fn translate(&self) {
        let replace =
            "const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT), texts = [];
            while (walker.nextNode()) texts.push(walker.currentNode);
            for (const text of texts) {
                const font = document.createElement('font');
                text.replaceWith(font);
                font.append(text.data);
            }";
        let replace = js_sys::Function::new_with_args("root", replace);
        replace.call1(&JsValue::NULL, self.root()).unwrap();
    }

    /// Chooses a language.
    pub(crate) async fn speak(&self, tag: &str) {
        self.click(&format!(".languages [lang={tag}]"));
        self.wait_for(&format!(".languages [lang={tag}][aria-pressed=true]"))
            .await;
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(mounted) = self.mounted.take() {
            mounted.unmount();
        }
        for element in &self.elements {
            element.remove();
        }
        set_cookie("language=; Path=/; Max-Age=0");
        window()
            .session_storage()
            .unwrap()
            .unwrap()
            .clear()
            .unwrap();
    }
}

pub(crate) fn set_cookie(cookie: &str) {
    document().set_cookie(cookie).unwrap();
}

/// Adds an element to the document, in place of the one that a failed test may have left.
fn add_element(name: &str, id: &str, text: &str) -> Element {
    if let Some(left) = document().get_element_by_id(id) {
        left.remove();
    }
    let element = document().create_element(name).unwrap();
    element.set_id(id);
    if name == "script" {
        element.set_attribute("type", "application/json").unwrap();
    }
    element.set_text_content(Some(text));
    document().body().unwrap().append_child(&element).unwrap();
    element
}

/// Lets everything run that is ready to run.
pub(crate) async fn settle() {
    for _ in 0..5 {
        next_turn().await;
    }
}

async fn next_turn() {
    let turn = Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback(&resolve).unwrap();
    });
    JsFuture::from(turn).await.unwrap();
}
