//! Whose turn it is among the tabs of this site in this browser (Web Locks).

use js_sys::{Function, Promise};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use yew::prelude::*;

const NAME: &str = "auth-events";

#[wasm_bindgen]
extern "C" {
    /// Calls `holder` when it is its turn, which lasts until the promise that it returns is settled.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, holder: &Function) -> Result<Promise, JsValue>;
}

/// Whether it is this page's turn, which it waits for while it wants one.
#[hook]
pub(super) fn use_turn(is_wanted: bool) -> bool {
    let has_turn = use_state(|| false);
    use_effect_with(is_wanted, {
        let has_turn = has_turn.setter();
        move |&is_wanted| {
            let turn = is_wanted.then(|| {
                let has_turn = has_turn.clone();
                Turn::ask_for(move || has_turn.set(true))
            });
            move || {
                has_turn.set(false);
                drop(turn);
            }
        }
    });
    *has_turn
}

/// A turn that has been asked for, and perhaps come; dropping it lets the next one have it.
struct Turn {
    is_wanted: Rc<Cell<bool>>,
    end: Rc<RefCell<Option<Function>>>,
}

impl Turn {
    fn ask_for(has_come: impl Fn() + 'static) -> Self {
        let turn = Self {
            is_wanted: Rc::new(Cell::new(true)),
            end: Rc::default(),
        };
        let has_come = {
            let is_wanted = Rc::clone(&turn.is_wanted);
            Rc::new(move || {
                if is_wanted.get() {
                    has_come();
                }
            })
        };
        let comes = {
            let (is_wanted, end) = (Rc::clone(&turn.is_wanted), Rc::clone(&turn.end));
            let has_come = Rc::clone(&has_come);
            Closure::once_into_js(move || {
                has_come();
                if is_wanted.get() {
                    Promise::new(&mut |resolve, _| *end.borrow_mut() = Some(resolve))
                } else {
                    Promise::resolve(&JsValue::NULL)
                }
            })
        };
        // Without locks (an old browser, a site without https, a page without an origin) each page follows for itself.
        match request_lock(NAME, comes.unchecked_ref()) {
            Ok(asked) => spawn_local(async move {
                if JsFuture::from(asked).await.is_err() {
                    has_come();
                }
            }),
            Err(_) => has_come(),
        }
        turn
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.is_wanted.set(false);
        if let Some(end) = self.end.take() {
            let _ = end.call0(&JsValue::NULL);
        }
    }
}
