//! A bff that answers from a list, in place of the browser's `fetch`.

use super::page::window;
use js_sys::{Promise, Reflect};
use std::{cell::RefCell, collections::VecDeque, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{Response, ResponseInit};

/// An answer of the fake bff.
pub(crate) enum Answer {
    /// A response with this status and body.
    Response(u16, &'static str),
    /// No response.
    NetworkError,
    /// A response that does not come while the test runs.
    Never,
}

/// One request: method, path, `X-CSRF` header, body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) csrf: Option<String>,
    pub(crate) body: Option<String>,
}

/// Stands in for `fetch`: records each request and gives the next answer of its list.
pub(crate) struct FakeBff {
    requests: Rc<RefCell<Vec<Request>>>,
    fetch: JsValue,
    _closure: Closure<dyn FnMut(String, JsValue) -> Promise>,
}

impl FakeBff {
    pub(crate) fn answering(answers: impl Into<VecDeque<Answer>>) -> Self {
        let mut answers: VecDeque<_> = answers.into();
        let requests = Rc::new(RefCell::new(Vec::new()));
        let closure = {
            let requests = Rc::clone(&requests);
            Closure::<dyn FnMut(String, JsValue) -> Promise>::new(move |path, init: JsValue| {
                requests.borrow_mut().push(read_request(path, &init));
                answer(answers.pop_front().expect("an answer is left"))
            })
        };
        let fetch = Reflect::get(&window(), &"fetch".into()).unwrap();
        Reflect::set(&window(), &"fetch".into(), closure.as_ref()).unwrap();
        Self {
            requests,
            fetch,
            _closure: closure,
        }
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.borrow().clone()
    }
}

impl Drop for FakeBff {
    fn drop(&mut self) {
        Reflect::set(&window(), &"fetch".into(), &self.fetch).unwrap();
    }
}

fn read_request(path: String, init: &JsValue) -> Request {
    let member = |name: &str| Reflect::get(init, &name.into()).unwrap();
    let headers: Option<web_sys::Headers> = member("headers").dyn_into().ok();
    Request {
        method: member("method").as_string().unwrap_or("GET".to_owned()),
        path,
        csrf: headers.and_then(|headers| headers.get("x-csrf").unwrap()),
        body: member("body").as_string(),
    }
}

fn answer(answer: Answer) -> Promise {
    match answer {
        Answer::Response(status, body) => {
            let init = ResponseInit::new();
            init.set_status(status);
            // Browsers let an answer without content have no body, not even an empty one.
            let body = (status != 204).then_some(body);
            let response = Response::new_with_opt_str_and_init(body, &init).unwrap();
            Promise::resolve(&JsValue::from(response))
        }
        Answer::NetworkError => Promise::reject(&"no network".into()),
        Answer::Never => Promise::new(&mut |_, _| {}),
    }
}
