//! An event stream that tells what a story wants, in place of the browser's `EventSource`.

use js_sys::{Array, Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::window;

/// Keeps every stream that was opened in `fakeStreams`, and opens none.
const INSTALL: &str = "
window.fakeStreams = [];
window.EventSource = class extends EventTarget {
    static CLOSED = 2;
    constructor(url) { super(); this.url = url; this.readyState = 1; window.fakeStreams.push(this); }
    close() { this.readyState = 2; }
};";
const TELL: &str = "for (const stream of window.fakeStreams.filter((stream) => stream.readyState < 2)) \
    stream.dispatchEvent(name === 'open' || name === 'error' ? new Event(name) : new MessageEvent(name, { data }));";
const REFUSE: &str = "for (const stream of window.fakeStreams) \
    { stream.readyState = 2; stream.dispatchEvent(new Event('error')); }";

/// Every stream that the app opens from now on is a fake.
pub(crate) fn install() {
    Function::new_no_args(INSTALL)
        .call0(&JsValue::NULL)
        .unwrap();
}

/// The addresses of the streams that are open.
pub(crate) fn open_streams() -> Vec<String> {
    let streams: Array = Reflect::get(&window().unwrap(), &"fakeStreams".into())
        .unwrap()
        .unchecked_into();
    let member = |stream: &JsValue, name: &str| Reflect::get(stream, &name.into()).unwrap();
    streams
        .iter()
        .filter(|stream| member(stream, "readyState").as_f64() < Some(2.0))
        .map(|stream| member(&stream, "url").as_string().unwrap())
        .collect()
}

/// Every open stream tells this.
pub(crate) fn tell(name: &str, data: &str) {
    Function::new_with_args("name, data", TELL)
        .call2(&JsValue::NULL, &name.into(), &data.into())
        .unwrap();
}

/// The bff refuses every stream.
pub(crate) fn refuse() {
    Function::new_no_args(REFUSE).call0(&JsValue::NULL).unwrap();
}
