//! The pages and states, in an order in which a person can come to them.

use super::{camera::Camera, look::LANGUAGES};
use crate::{Browser, Language, Story, phone::CHINESE};
use anyhow::Result;
use serde_json::json;
use std::{mem, path::Path};

/// A page at an address.
struct Page {
    name: &'static str,
    path: &'static str,
    /// An expression of JavaScript that is true when the page is complete.
    is_complete: &'static str,
}

const OF_A_VISITOR: [Page; 4] = [
    Page {
        name: "home-signed-out",
        path: "/",
        is_complete: "document.querySelector('.welcome #sign-in')",
    },
    Page {
        name: "account-signed-out",
        path: "/account",
        is_complete: "document.querySelector('#not-signed-in #sign-in')",
    },
    Page {
        name: "sign-in-failed",
        path: "/sign-in-failed?reason=access_denied",
        is_complete: "document.querySelector('main code')",
    },
    Page {
        name: "not-found",
        path: "/no-such-page",
        is_complete: "document.querySelector('#not-found')",
    },
];

const OF_A_PERSON: [Page; 3] = [
    HOME,
    Page {
        name: "account",
        path: "/account",
        is_complete: "document.querySelector('table') \
            && performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/user-info'))",
    },
    Page {
        name: "sessions",
        path: "/sessions",
        is_complete: "document.querySelectorAll('.sessions li').length == 2",
    },
];

const HOME: Page = Page {
    name: "home-signed-in",
    path: "/",
    is_complete: "document.querySelector('#greeting')",
};

/// The device of the person's other session.
const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 \
    (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1";

/// The page has loaded its status after its stream of events opened: from then on it receives every event.
const LISTENS: &str = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('/api/auth/status'))";
const HAS_NOTICE: &str = "document.querySelector('.notice')";

/// Opens a shop, and takes all pictures into this folder.
///
/// # Errors
/// When a page does not come, or a picture cannot be written.
pub async fn take(folder: &Path) -> Result<()> {
    let camera = Camera { folder };
    Story::tell(Language::English, async |story| {
        story.expect_complaint("status of 404"); // of the page that is not found
        story.expect_complaint("net::ERR_"); // while the bff is away
        for page in &OF_A_VISITOR {
            at_an_address(story, camera, page).await?;
        }
        let phone = sign_in_on_a_phone(story).await?;
        choose(&story.browser, story, "en").await?;
        story.sign_in_with(CHINESE).await?;
        for page in &OF_A_PERSON {
            at_an_address(story, camera, page).await?;
        }
        status_unknown(story, camera).await?;
        bff_away(story, camera).await?;
        signed_out_elsewhere(story, camera, phone).await
    })
    .await
}

async fn at_an_address(story: &Story, camera: Camera<'_>, page: &Page) -> Result<()> {
    for language in LANGUAGES {
        visit(story, page, language).await?;
        camera.take(&story.browser, page.name, language).await?;
    }
    Ok(())
}

async fn visit(story: &Story, page: &Page, language: &str) -> Result<()> {
    choose(&story.browser, story, language).await?;
    let address = story.shop.url(page.path);
    story.browser.driver().goto(address).await?;
    story.browser.wait_until(page.is_complete).await
}

/// As if the person had chosen this language before.
async fn choose(browser: &Browser, story: &Story, language: &str) -> Result<()> {
    let cookie = json!({ "url": story.shop.url("/"), "name": "language", "value": language });
    browser.command("Network.setCookie", cookie).await?;
    Ok(())
}

/// A page comes back from the back/forward cache, where a past state is not to be trusted, and the bff is away.
async fn status_unknown(story: &mut Story, camera: Camera<'_>) -> Result<()> {
    visit(story, &HOME, "en").await?;
    story.shop.stop_bff();
    // Until the app runs, nobody hears of it.
    let comes_back = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })) \
        && document.querySelector('#status-failed')";
    story.browser.wait_until(comes_back).await?;
    on_the_open_page(story, camera, "status-unknown").await?;
    story.shop.start_bff()
}

/// The open page's stream of events breaks, and the bff cannot be asked.
async fn bff_away(story: &mut Story, camera: Camera<'_>) -> Result<()> {
    visit(story, &HOME, "en").await?;
    story.browser.wait_until(LISTENS).await?;
    story.shop.stop_bff();
    story.browser.wait_until(HAS_NOTICE).await?;
    on_the_open_page(story, camera, "bff-away").await?;
    story.shop.start_bff()
}

/// The phone ends the session of the page that is open here, and the page says so.
async fn signed_out_elsewhere(story: &Story, camera: Camera<'_>, phone: Browser) -> Result<()> {
    visit(story, &HOME, "en").await?;
    story.browser.wait_until(LISTENS).await?;
    let sessions = story.shop.url("/sessions");
    phone.driver().goto(sessions).await?;
    let end = "[...document.querySelectorAll('.sessions li button')].map(button => button.click()).length";
    phone.wait_until(end).await?;
    story.browser.wait_until(HAS_NOTICE).await?;
    phone.close().await?;
    on_the_open_page(story, camera, "signed-out-elsewhere").await
}

/// A visit would be a new page, which knows nothing of what has happened: the open one changes its language.
async fn on_the_open_page(story: &Story, camera: Camera<'_>, name: &str) -> Result<()> {
    for language in LANGUAGES {
        let choose = format!("document.querySelector('.languages [lang=\"{language}\"]').click()");
        story.browser.driver().execute(choose, vec![]).await?;
        let is_chosen = format!("document.documentElement.lang == '{language}'");
        story.browser.wait_until(&is_chosen).await?;
        camera.take(&story.browser, name, language).await?;
    }
    Ok(())
}

/// The person signs in on another device first, and leaves it open.
async fn sign_in_on_a_phone(story: &mut Story) -> Result<Browser> {
    let phone = Browser::open(Language::English).await?;
    let user_agent = json!({ "userAgent": PHONE });
    phone
        .command("Emulation.setUserAgentOverride", user_agent)
        .await?;
    let browser = mem::replace(&mut story.browser, phone);
    story.sign_in_with(CHINESE).await?;
    Ok(mem::replace(&mut story.browser, browser))
}
