//! The app does not start: its files are of another build, or the browser has no WebAssembly. The painted page works.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Provider},
    phone::JAPANESE,
};
use thirtyfour::{By, extensions::query::ElementQueryable as _};

/// The links of the page that name the files of the app.
const LINKS: [&str; 2] = ["link[rel=modulepreload]", "link[rel=preload]"];

/// Counts the pages of this tab; the page names a file of another build if `is_old`.
fn page_of_another_build(link: &str, is_old: &str) -> String {
    format!(
        r#"if (location.pathname === "/") {{
            const pages = Number(sessionStorage.getItem("pages")) + 1;
            sessionStorage.setItem("pages", pages);
            document.addEventListener("readystatechange", () => {{
                const link = document.querySelector("{link}");
                if (link && {is_old}) link.href = link.href.replace(/[0-9a-f]{{16}}/, "0123456789abcdef");
            }});
        }}"#
    )
}

async fn text_of(story: &Story, expression: &str) -> Result<String> {
    let script = format!("return String({expression})");
    let answer = story.browser.driver().execute(script, vec![]).await?;
    Ok(answer.convert()?)
}

#[tokio::test]
async fn q16_a_page_whose_files_are_gone_is_loaded_again_and_runs() -> Result<()> {
    for link in LINKS {
        Story::tell(Language::English, async |story| {
            story.expect_complaint("status of 404");
            story.expect_complaint("assets/"); // a preload of a file that is then not used, and the import that failed
            let first = page_of_another_build(link, "pages === 1");
            story.browser.run_first(&first).await?;
            Home::visit(story, "/").await?.welcomes_a_visitor().await?;
            let pages = text_of(story, "sessionStorage.getItem('pages')").await?;
            ensure!(pages == "2", "{link}: {pages} pages");
            let left = text_of(story, "sessionStorage.getItem('reloaded-for-files')").await?;
            ensure!(left == "null", "the next deploy may load a page again, too");
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn q16_files_that_stay_away_cause_one_reload_and_the_painted_page_works() -> Result<()> {
    for link in LINKS {
        Story::tell(Language::English, async |story| {
            story.expect_complaint("status of 404");
            story.expect_complaint("assets/");
            let every = page_of_another_build(link, "true");
            story.browser.run_first(&every).await?;
            Home::visit(story, "/").await?;
            says_that_the_app_has_failed(story).await?;
            let pages = text_of(story, "sessionStorage.getItem('pages')").await?;
            ensure!(pages == "2", "{link}: {pages} pages");
            sets_out_to_sign_in(story).await
        })
        .await?;
    }
    Ok(())
}

async fn says_that_the_app_has_failed(story: &Story) -> Result<()> {
    let class = "document.documentElement.classList.contains('boot-has-failed')";
    story.browser.wait_until(class).await?;
    // The painted page is there, so nothing says that it could not be loaded; what only the app can do is not offered.
    let driver = story.browser.driver();
    for hidden in [".boot-failed", ".languages"] {
        let element = driver.find(By::Css(hidden)).await?;
        ensure!(!element.is_displayed().await?, "{hidden} is shown");
    }
    Ok(())
}

async fn sets_out_to_sign_in(story: &Story) -> Result<()> {
    let link = story.browser.driver().find(By::Id("sign-in")).await?;
    link.click().await?;
    Provider::asks_for_a_number(story).await?;
    Ok(())
}

#[tokio::test]
async fn q19_without_webassembly_a_person_signs_in_and_out_and_is_told_what_needs_the_app()
-> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.expect_complaint("WebAssembly");
        story.browser.run_first("delete window.WebAssembly").await?;
        Home::visit(story, "/").await?;
        says_that_the_app_has_failed(story).await?;
        sets_out_to_sign_in(story).await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(JAPANESE).await?;

        let driver = story.browser.driver();
        let greeting = driver.query(By::Id("greeting")).first().await?;
        let greeting = greeting.text().await?;
        ensure!(greeting.ends_with(JAPANESE.masked), "{greeting}");
        for path in ["/account", "/sessions"] {
            driver.goto(story.shop.url(path)).await?;
            says_that_the_app_has_failed(story).await?;
            let needs_app = driver.query(By::Css(".needs-app")).and_displayed();
            let words = needs_app.first().await?.text().await?;
            ensure!(words.contains("WebAssembly を有効に"), "{path}: {words}");
        }

        driver.goto(story.shop.url("/")).await?;
        driver.find(By::Id("sign-out")).await?.click().await?;
        driver.query(By::Id("sign-in")).first().await?;
        let welcome = story.language.words().app.welcome;
        let heading = driver.find(By::Css("h1")).await?.text().await?;
        ensure!(heading == welcome, "{heading}");
        Ok(())
    })
    .await
}
