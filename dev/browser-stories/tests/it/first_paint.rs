//! What a person sees before the app runs is right, works without it, and does not move when the app takes over.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    phone::{CHINESE, JAPANESE},
    visible,
};
use thirtyfour::{By, extensions::query::ElementQueryable as _};

/// Keeps the markup as it came, and every shift of the layout.
const WATCH: &str = r#"
const markup = (node) => node.nodeType === Node.TEXT_NODE ? node.data : [
    node.tagName,
    [...node.attributes].map(({ name, value }) => `${name}=${value}`).sort(),
    [...node.childNodes].filter((child) => child.nodeType !== Node.COMMENT_NODE).map(markup).join("|"),
].join(" ");
window.markupOfApp = () => {
    const app = document.getElementById("app").cloneNode(true);
    app.normalize(); // one text, however many nodes it was made of
    return markup(app);
};
document.addEventListener("DOMContentLoaded", () => {
    if (document.getElementById("app")) window.painted = window.markupOfApp(); // not on the provider's pages
});
window.shifts = [];
const place = ({ x, y, width, height }) => [x, y, width, height].join(" ");
const moved = ({ node, previousRect, currentRect }) =>
    `${node?.outerHTML ?? node?.data} from ${place(previousRect)} to ${place(currentRect)}`;
new PerformanceObserver((list) => window.shifts.push(...list.getEntries().map(
    ({ value, startTime, sources }) => `${value} after ${startTime} ms: ${sources.map(moved).join("; ")}`,
))).observe({ type: "layout-shift", buffered: true });
"#;

/// A visitor's pages; of a person's only those that are the same for everybody but for the name.
const FOR_VISITORS: [&str; 6] = [
    "/",
    "/account?x=1",
    "/sessions",
    "/sign-in-failed?reason=access_denied",
    "/sign-in-failed",
    "/no/such/page",
];
const FOR_PERSONS: [&str; 3] = [
    "/?shelf=3",
    "/sign-in-failed?reason=internal",
    "/no/such/page",
];

/// Makes sure that the app has put in place exactly what was painted.
async fn is_taken_over_unchanged(story: &Story, address: &str) -> Result<()> {
    let driver = story.browser.driver();
    driver.goto(story.shop.url(address)).await?;
    visible::running(driver).await?;
    let value =
        async |script| -> Result<String> { Ok(driver.execute(script, vec![]).await?.convert()?) };
    let painted = value("return window.painted").await?;
    let taken_over = value("return window.markupOfApp()").await?;
    ensure!(
        painted == taken_over,
        "{address}: painted\n{painted}\nand then\n{taken_over}"
    );
    let shifts = value("return window.shifts.join(' | ')").await?;
    ensure!(
        shifts.is_empty(),
        "{address}: the layout shifts by {shifts}"
    );
    Ok(())
}

#[tokio::test]
async fn the_app_takes_over_what_was_painted_without_a_change_or_a_shift() -> Result<()> {
    for language in [Language::Japanese, Language::English] {
        Story::tell(language, async |story| {
            story.expect_complaint("status of 404");
            story.browser.run_first(WATCH).await?;
            for address in FOR_VISITORS {
                is_taken_over_unchanged(story, address).await?;
            }
            story.sign_in_with(CHINESE).await?;
            for address in FOR_PERSONS {
                is_taken_over_unchanged(story, address).await?;
            }
            Ok(())
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn without_scripts_a_person_is_greeted_and_can_sign_out_and_set_out_to_sign_in() -> Result<()>
{
    Story::tell(Language::Japanese, async |story| {
        story.sign_in_with(JAPANESE).await?;

        story.browser.run_no_scripts().await?;
        let driver = story.browser.driver();
        driver.goto(story.shop.url("/")).await?;
        let greeting = driver.find(By::Id("greeting")).await?.text().await?;
        ensure!(greeting.ends_with(JAPANESE.masked), "{greeting}");

        driver.find(By::Id("sign-out")).await?.click().await?;
        // The provider's page would go on by itself with scripts.
        let go_on = By::Css("form[action$='/session/end/confirm'] button");
        driver.query(go_on).first().await?.click().await?;
        let welcome = story.language.words().app.welcome;
        let heading = By::XPath(format!("//h1[normalize-space()='{welcome}']"));
        driver.query(heading).first().await?;
        ensure!(driver.title().await? == "Bookstore");

        driver.find(By::Id("sign-in")).await?.click().await?;
        let address = driver.current_url().await?;
        ensure!(
            address.as_str().starts_with(&story.shop.provider_url()),
            "{address}"
        );
        Ok(())
    })
    .await
}
