//! The pages as they are before the app runs, made when the frontend is built: by the same components, so that the app
//! takes over what the bff has painted without a change.

use crate::{
    api::Failure,
    app::{App, AppProps, title},
    auth::{AuthState, SignedIn},
    navigation::Here,
    start::Start,
    texts::{PRODUCT, Texts},
};
use shared::{Claims, Language, Marker, Paint, SessionTimes, View, path::ROOT_ELEMENT};
use std::rc::Rc;
use yew::LocalServerRenderer;

/// Every page for everyone, in every language: the path of its file below that of `index.html`, and the document with
/// markers.
///
/// # Errors
/// When `index.html` lacks an element that is filled in; the text names it.
pub async fn documents(index: &str) -> Result<Vec<(String, String)>, String> {
    let mut documents = Vec::new();
    for language in Language::ALL {
        for paint in Paint::all() {
            let document = document(index, language, paint).await?;
            documents.push((paint.file(language), document));
        }
    }
    Ok(documents)
}

async fn document(index: &str, language: Language, paint: Paint) -> Result<String, String> {
    let (view, auth) = match paint {
        Paint::StatusUnknown(code) => (View::Home, AuthState::Failed(Failure::Refused(code))),
        Paint::Page {
            view,
            is_authenticated: true,
        } => (view, AuthState::SignedIn(somebody())),
        Paint::Page { view, .. } => (view, AuthState::SignedOut(None)),
    };
    let title = title(view, Texts::of(language));
    let return_to = Marker::ReturnTo.text().to_owned();
    let start = Start {
        language,
        here: Here::first(view, return_to, String::new()),
    };
    let app = LocalServerRenderer::<App>::with_props(AppProps { start, auth });
    let app = app.hydratable(false).render().await;
    [
        (
            r#"<html lang="en">"#.to_owned(),
            format!(r#"<html lang="{}">"#, language.tag()),
        ),
        (
            format!("<title>{PRODUCT}</title>"),
            format!("<title>{title}</title>"),
        ),
        (
            format!(r#"<div id="{ROOT_ELEMENT}"></div>"#),
            format!(r#"<div id="{ROOT_ELEMENT}">{app}</div>"#),
        ),
        (
            r#"<p class="detail" lang="en"></p>"#.to_owned(),
            format!(
                r#"<p class="detail" lang="en">{}</p>"#,
                Marker::Detail.text()
            ),
        ),
    ]
    .into_iter()
    .try_fold(index.to_owned(), |document, (element, filled)| {
        if document.matches(&element).count() == 1 {
            Ok(document.replace(&element, &filled))
        } else {
            Err(format!("index.html must have `{element}` once"))
        }
    })
}

/// A person of whom only the name is shown.
fn somebody() -> SignedIn {
    SignedIn {
        claims: Claims {
            name: Some(Marker::Name.text().to_owned()),
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

    const INDEX: &str = include_str!("../../index.html");

    #[tokio::test]
    async fn what_is_filled_in_stands_only_where_it_is_safe() {
        let documents = documents(INDEX).await.unwrap();
        assert_eq!(documents.len(), Language::ALL.len() * Paint::all().count());
        let name = Marker::Name.text();
        let return_to = Marker::ReturnTo.text();
        for (file, document) in documents {
            for (marker, place) in [
                (name, format!("<bdi>{name}</bdi>")),
                (
                    return_to,
                    format!(r#" href="/sign-in?returnTo={return_to}&amp;"#),
                ),
            ] {
                assert_eq!(
                    document.matches(marker).count(),
                    document.matches(&place).count(),
                    "{file}"
                );
            }
            for marker in [Marker::AuthStatus, Marker::Problem, Marker::Detail] {
                assert_eq!(document.matches(marker.text()).count(), 1, "{file}");
            }
            let (_, title) = document.split_once("<title>").unwrap();
            let (title, _) = title.split_once("</title>").unwrap();
            assert!(!title.contains(['&', '<']), "{title} is plain text");
        }
    }

    #[tokio::test]
    async fn a_document_has_language_title_and_markup() {
        let documents = documents(INDEX).await.unwrap();
        let document = |file: &str| {
            let (_, document) = documents.iter().find(|(other, _)| other == file).unwrap();
            document
        };
        let page = document("pages/ja/not-found-signed-out.html");
        assert!(page.contains(r#"<html lang="ja">"#));
        assert!(page.contains("<title>ページが見つかりません – Bookstore</title>"));
        assert!(page.contains(r#"<div id="app"><header>"#));
    }

    #[tokio::test]
    async fn an_index_without_a_place_for_the_app_is_refused() {
        let error = documents(&INDEX.replace(r#" id="app""#, "")).await;
        assert_eq!(
            error,
            Err(r#"index.html must have `<div id="app"></div>` once"#.to_owned())
        );
    }
}
