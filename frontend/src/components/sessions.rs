//! Where the person is signed in: every session, with a way to end it.

use super::SignOutButton;
use crate::{
    api::{self, Failure},
    auth::use_auth,
    browser,
    language::use_language,
    texts::Texts,
};
use shared::{Device, Language, ProblemCode, SessionInfo, SignOutRequest};
use yew::{platform::spawn_local, prelude::*};

/// What is known of the sessions.
#[derive(Clone, Debug, PartialEq)]
enum Listed {
    Asked,
    Known(Vec<SessionInfo>),
    Failed(Failure),
}

/// The person's sessions: this device, the others, and ways to end one or all.
///
/// ```
/// # use frontend::{Authenticated, Sessions, SignedIn};
/// # use yew::prelude::*;
/// # #[component]
/// # fn Devices() -> Html {
/// html! { <Authenticated>{ |_: SignedIn| html! { <Sessions /> } }</Authenticated> }
/// # }
/// ```
#[component]
pub fn Sessions() -> Html {
    let language = use_language().language;
    let texts = Texts::of(language);
    let listed = use_state(|| Listed::Asked);
    // The session that is being ended, or whose end failed.
    let ending = use_state(|| None::<(AttrValue, bool)>);
    let list = use_list(listed.setter());
    let end = use_end(ending.setter(), list.clone());
    match &*listed {
        // Also what is painted before the app runs.
        Listed::Asked => html! {
            <>
                <p class="needs-app">{ texts.needs_app }</p>
                <p role="status">{ texts.loading }</p>
            </>
        },
        Listed::Failed(failure) => view_failure(*failure, &list, texts),
        Listed::Known(sessions) => {
            let view = |session: &SessionInfo| {
                let progress = ending
                    .as_ref()
                    .filter(|(id, _)| **id == *session.id)
                    .map(|(_, failed)| *failed);
                view_session(session, progress, &end, language)
            };
            let label = texts.sessions.end_all;
            let options = SignOutRequest { everywhere: true };
            html! {
                <>
                    <ul class="sessions">{ for sessions.iter().map(view) }</ul>
                    <SignOutButton id="sign-out-everywhere" {options} {label} />
                </>
            }
        }
    }
}

/// Asks for the list, at first and whenever it is called.
#[hook]
fn use_list(listed: UseStateSetter<Listed>) -> Callback<()> {
    let auth = use_auth();
    let list = use_callback((), move |(), ()| {
        let (listed, ask) = (listed.clone(), auth.ask.clone());
        spawn_local(async move {
            match api::sessions().await {
                Ok(answer) => listed.set(Listed::Known(answer.sessions)),
                Err(failure) => {
                    listed.set(Listed::Failed(failure));
                    if failure == Failure::Refused(ProblemCode::NotSignedIn) {
                        ask.emit(());
                    }
                }
            }
        });
    });
    use_effect_with((), {
        let list = list.clone();
        move |()| list.emit(())
    });
    list
}

/// Ends the session of this id, and asks for the list again.
#[hook]
fn use_end(
    ending: UseStateSetter<Option<(AttrValue, bool)>>,
    list: Callback<()>,
) -> Callback<AttrValue> {
    use_callback((), move |id: AttrValue, ()| {
        let (ending, list) = (ending.clone(), list.clone());
        ending.set(Some((id.clone(), false)));
        spawn_local(async move {
            match api::end_session(&id).await {
                // One that is not there any more has ended, too.
                Ok(())
                | Err(Failure::Refused(ProblemCode::NotFound | ProblemCode::NotSignedIn)) => {
                    ending.set(None);
                    list.emit(());
                    browser::focus("main h1"); // the button that had the focus goes
                }
                Err(_) => ending.set(Some((id, true))),
            }
        });
    })
}

/// `failed` is absent when nobody has asked to end it, and false while its end is awaited.
fn view_session(
    session: &SessionInfo,
    failed: Option<bool>,
    end: &Callback<AttrValue>,
    language: Language,
) -> Html {
    let texts = &Texts::of(language).sessions;
    let time = |seconds: i64| {
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are exact")]
        let seconds = seconds as f64;
        browser::local_time(seconds * 1000.0, language.tag())
    };
    let onclick = {
        let id = AttrValue::from(session.id.clone());
        end.reform(move |_: MouseEvent| id.clone())
    };
    let underway = failed == Some(false);
    let name = device_name(&session.device, texts.on, texts.unknown_device);
    html! {
        <li key={session.id.clone()}>
            <div>
                <h2>
                    <bdi>{ name.clone() }</bdi>
                    { " " }
                    if session.is_current {
                        <span class="badge">{ texts.this_device }</span>
                    }
                </h2>
                <p key={session.last_seen_at.to_string()}>{ texts.last_seen }{ time(session.last_seen_at) }</p>
                <p>{ texts.since }{ time(session.created_at) }</p>
                if failed == Some(true) {
                    <p class="error" role="alert">{ texts.end_failed }</p>
                }
            </div>
            if !session.is_current {
                <button type="button" class="button" disabled={underway} {onclick}
                    aria-label={format!("{}: {name}", texts.end)}>
                    { texts.end }
                </button>
            }
        </li>
    }
}

/// "Firefox on Windows", as far as it is known.
fn device_name(device: &Device, on: fn(&str, &str) -> String, unknown: &str) -> String {
    match (&device.browser, &device.system) {
        (Some(browser), Some(system)) => on(browser, system),
        (Some(name), None) | (None, Some(name)) => name.clone(),
        (None, None) => unknown.to_owned(),
    }
}

fn view_failure(failure: Failure, list: &Callback<()>, texts: &Texts) -> Html {
    let explanation = texts.explain_failure(failure);
    let onclick = list.reform(|_: MouseEvent| ());
    html! {
        <div role="alert">
            <p>{ explanation.what }{ " " }{ explanation.next }</p>
            <p class="actions">
                <button type="button" class="button" {onclick}>{ texts.try_again }</button>
            </p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_as_far_as_it_is_known() {
        let name = |browser: Option<&str>, system: Option<&str>, language| {
            let device = Device {
                browser: browser.map(str::to_owned),
                system: system.map(str::to_owned),
            };
            let texts = &Texts::of(language).sessions;
            device_name(&device, texts.on, texts.unknown_device)
        };
        let (firefox, windows) = (Some("Firefox"), Some("Windows"));
        assert_eq!(
            name(firefox, windows, Language::English),
            "Firefox on Windows"
        );
        assert_eq!(
            name(firefox, windows, Language::Japanese),
            "Windows の Firefox"
        );
        assert_eq!(name(firefox, None, Language::English), "Firefox");
        assert_eq!(name(None, windows, Language::English), "Windows");
        assert_eq!(name(None, None, Language::English), "Unknown device");
    }
}
