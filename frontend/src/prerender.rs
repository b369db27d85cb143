//! The pages as they are before the app runs, made when the frontend is built: by the same components, so that the app
//! takes over what the bff has painted without a change.

use crate::{
    api::Failure,
    app::{App, AppProps, title},
    auth::{AuthState, SignedIn},
    language::Language,
    navigation::Here,
    start::Start,
    texts::Texts,
};
use shared::{Claims, FirstPaint, FirstPaints, Paint, SessionTimes, View};
use std::{collections::BTreeMap, rc::Rc};
use yew::LocalServerRenderer;

/// Every page for everybody, in every language.
pub async fn first_paints() -> FirstPaints {
    let mut paints = FirstPaints::default();
    for language in Language::ALL {
        let mut pages = BTreeMap::new();
        for paint in Paint::all() {
            pages.insert(paint.name(), first_paint(language, paint).await);
        }
        paints.0.insert(language.tag().to_owned(), pages);
    }
    paints
}

async fn first_paint(language: Language, paint: Paint) -> FirstPaint {
    let (view, auth) = match paint {
        Paint::StatusUnknown(code) => (View::Home, AuthState::Failed(Failure::Refused(code))),
        Paint::Page {
            view,
            is_authenticated: true,
        } => (view, AuthState::SignedIn(somebody())),
        Paint::Page { view, .. } => (view, AuthState::SignedOut(None)),
    };
    let start = start(language, view);
    let renderer = LocalServerRenderer::<App>::with_props(AppProps { start, auth });
    FirstPaint {
        title: title(view, Texts::of(language)),
        html: renderer.hydratable(false).render().await,
    }
}

fn start(language: Language, view: View) -> Start {
    let return_to = FirstPaint::RETURN_TO.to_owned();
    Start {
        language,
        here: Here::first(view, return_to, String::new()),
    }
}

/// A person of whom only the name is shown.
fn somebody() -> SignedIn {
    SignedIn {
        claims: Claims {
            name: Some(FirstPaint::NAME.to_owned()),
            ..Claims::default()
        }
        .into(),
        session: SessionTimes {
            expires_in: 0,
            idle_expires_in: 0,
        },
        scopes: Rc::default(),
        told_at: 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_filled_in_stands_only_where_it_is_safe() {
        let FirstPaints(languages) = first_paints().await;
        let pages: Vec<_> = languages.into_values().flatten().collect();
        assert_eq!(pages.len(), Language::ALL.len() * Paint::all().count());
        for (name, FirstPaint { html, title }) in pages {
            let as_text = format!("<bdi>{}</bdi>", FirstPaint::NAME);
            let in_query = format!(r#" href="/sign-in?returnTo={}&amp;"#, FirstPaint::RETURN_TO);
            for (marker, place) in [
                (FirstPaint::NAME, as_text),
                (FirstPaint::RETURN_TO, in_query),
            ] {
                assert_eq!(
                    html.matches(marker).count(),
                    html.matches(&place).count(),
                    "{name}"
                );
                assert!(!title.contains(marker), "{name}");
            }
        }
    }
}
