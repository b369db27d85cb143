//! Whether a component is on the page yet.

use yew::prelude::*;

/// False while the first picture is made, which must be the same in every browser, then true. What depends on the
/// browser, like its clock and its time zone, waits for it.
#[hook]
pub(crate) fn use_mounted() -> bool {
    let mounted = use_state(|| false);
    use_effect_with((), {
        let mounted = mounted.setter();
        move |()| mounted.set(true)
    });
    *mounted
}
