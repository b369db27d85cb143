//! Whose turn it is among the tabs of this site in this browser (Web Locks).

use js_sys::{Function, Promise};
use std::{
    cell::{Cell, RefCell},
    rc::Rc,
};
use wasm_bindgen::prelude::*;
use yew::prelude::*;

const NAME: &str = "auth-events";

#[wasm_bindgen]
extern "C" {
    /// Calls `holder` when it is its turn, which lasts until the promise that it returns is settled.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, holder: &Function) -> Result<Promise, JsValue>;
}

/// Whether it is this page's turn. It lasts until the component goes, and cannot be taken away.
#[hook]
pub(super) fn use_turn() -> bool {
    let has_turn = use_state(|| false);
    use_effect_with((), {
        let has_turn = has_turn.setter();
        move |()| {
            let turn = Turn::ask_for(move || has_turn.set(true));
            move || drop(turn)
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
    fn ask_for(has_come: impl FnOnce() + 'static) -> Self {
        let turn = Self {
            is_wanted: Rc::new(Cell::new(true)),
            end: Rc::default(),
        };
        let (is_wanted, end) = (Rc::clone(&turn.is_wanted), Rc::clone(&turn.end));
        let has_come = Rc::new(Cell::new(Some(has_come)));
        let comes = {
            let has_come = Rc::clone(&has_come);
            move || {
                if !is_wanted.get() {
                    return Promise::resolve(&JsValue::NULL);
                }
                if let Some(has_come) = has_come.take() {
                    has_come();
                }
                Promise::new(&mut |resolve, _| *end.borrow_mut() = Some(resolve))
            }
        };
        let comes = Closure::once_into_js(comes);
        // Without locks (an old browser, or a site without https) each page follows for itself.
        if request_lock(NAME, comes.unchecked_ref()).is_err()
            && let Some(has_come) = has_come.take()
        {
            has_come();
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
