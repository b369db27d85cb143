//! Which tab of this site in this browser is the leader (Web Locks).

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
    /// Calls `holder` when it gets the lock, which it holds until the promise that it returns is settled.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "locks"], js_name = request)]
    fn request_lock(name: &str, holder: &Function) -> Result<Promise, JsValue>;
}

/// Whether this tab is the leader, which it tries to become while that is wanted.
#[hook]
pub(super) fn use_leader(is_wanted: bool) -> bool {
    let is_leader = use_state(|| false);
    use_effect_with(is_wanted, {
        let is_leader = is_leader.setter();
        move |&is_wanted| {
            let candidacy = is_wanted.then(|| {
                let is_leader = is_leader.clone();
                Candidacy::announce(move || is_leader.set(true))
            });
            move || {
                is_leader.set(false);
                drop(candidacy);
            }
        }
    });
    *is_leader
}

/// A request for the lock, and later the lock; dropping it releases both.
struct Candidacy {
    is_wanted: Rc<Cell<bool>>,
    release: Rc<RefCell<Option<Function>>>,
}

impl Candidacy {
    fn announce(on_elected: impl Fn() + 'static) -> Self {
        let candidacy = Self {
            is_wanted: Rc::new(Cell::new(true)),
            release: Rc::default(),
        };
        let on_elected = {
            let is_wanted = Rc::clone(&candidacy.is_wanted);
            Rc::new(move || {
                if is_wanted.get() {
                    on_elected();
                }
            })
        };
        let holder = {
            let is_wanted = Rc::clone(&candidacy.is_wanted);
            let release = Rc::clone(&candidacy.release);
            let on_elected = Rc::clone(&on_elected);
            Closure::once_into_js(move || {
                on_elected();
                if is_wanted.get() {
                    Promise::new(&mut |resolve, _| *release.borrow_mut() = Some(resolve))
                } else {
                    Promise::resolve(&JsValue::NULL)
                }
            })
        };
        // Without locks (an old browser, a site without https, a page without an origin) every tab is its own leader.
        match request_lock(NAME, holder.unchecked_ref()) {
            Ok(request) => spawn_local(async move {
                if JsFuture::from(request).await.is_err() {
                    on_elected();
                }
            }),
            Err(_) => on_elected(),
        }
        candidacy
    }
}

impl Drop for Candidacy {
    fn drop(&mut self) {
        self.is_wanted.set(false);
        if let Some(release) = self.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}
