//! A person's browser: it keeps cookies by name and path, for all ports of this machine, and follows redirects.

use anyhow::{Context as _, Result, bail};
use reqwest::{Client, RequestBuilder, header, redirect::Policy};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// More redirects than any of these sign-ins has.
const MOST_REDIRECTS: usize = 20;

/// One person's browser.
pub(super) struct Browser {
    client: Client,
    /// Value by name and path.
    cookies: BTreeMap<(String, String), String>,
}

/// Where the browser is.
pub(super) struct Page {
    pub(super) url: Url,
    pub(super) status: u16,
    pub(super) body: String,
}

impl Browser {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            client: Client::builder()
                .redirect(Policy::none())
                .no_proxy()
                .build()?,
            cookies: BTreeMap::new(),
        })
    }

    /// Visits an address and follows its redirects.
    pub(super) async fn visit(&mut self, address: &str) -> Result<Page> {
        let request = self
            .client
            .get(address)
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-dest", "document");
        self.send(request).await
    }

    /// Submits the page's form: its hidden fields and these.
    pub(super) async fn submit(&mut self, page: &Page, fields: &[(&str, &str)]) -> Result<Page> {
        let action = attribute(&page.body, "action")
            .with_context(|| format!("no form at {} ({}): {}", page.url, page.status, page.body))?;
        let mut fields: Vec<(String, String)> = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        for input in page.body.split("<input").skip(1) {
            let input = input.split('>').next().unwrap_or_default();
            if attribute(input, "type").as_deref() == Some("hidden") {
                let name = attribute(input, "name").context("a field has no name")?;
                fields.push((name, attribute(input, "value").unwrap_or_default()));
            }
        }
        let request = self
            .client
            .post(page.url.join(&action)?)
            .header(header::ORIGIN, page.url.origin().ascii_serialization())
            .form(&fields);
        self.send(request).await
    }

    /// What a page's script requests. Returns the status and the JSON of the response.
    pub(super) async fn fetch(
        &mut self,
        method: &str,
        address: &str,
        body: &Value,
    ) -> Result<(u16, Value)> {
        let url = Url::parse(address)?;
        let request = self
            .client
            .request(method.parse()?, url.clone())
            .header(header::ORIGIN, url.origin().ascii_serialization())
            .header("sec-fetch-site", "same-origin")
            .header("x-csrf", "1");
        let request = if body.is_null() {
            request
        } else {
            request.json(body)
        };
        let page = self.send(request).await?;
        Ok((page.status, json_of(&page.body)?))
    }

    /// The JSON at this address.
    pub(super) async fn json(&mut self, address: &str) -> Result<Value> {
        let (status, body) = self.fetch("GET", address, &Value::Null).await?;
        if status != 200 {
            bail!("{address} answered {status}: {body}");
        }
        Ok(body)
    }

    async fn send(&mut self, request: RequestBuilder) -> Result<Page> {
        let mut request = request.build()?;
        for _ in 0..MOST_REDIRECTS {
            let url = request.url().clone();
            if let Some(cookies) = self.cookies_for(&url) {
                request
                    .headers_mut()
                    .insert(header::COOKIE, cookies.parse()?);
            }
            let response = self.client.execute(request).await?;
            for cookie in response.headers().get_all(header::SET_COOKIE) {
                self.keep(cookie.to_str()?);
            }
            let status = response.status();
            if let Some(location) = response.headers().get(header::LOCATION)
                && status.is_redirection()
            {
                let next = url.join(location.to_str()?)?;
                request = self
                    .client
                    .get(next)
                    .header("sec-fetch-mode", "navigate")
                    .header("sec-fetch-dest", "document")
                    .build()?;
                continue;
            }
            return Ok(Page {
                url,
                status: status.as_u16(),
                body: response.text().await?,
            });
        }
        bail!("more than {MOST_REDIRECTS} redirects")
    }

    fn cookies_for(&self, url: &Url) -> Option<String> {
        let cookies: Vec<_> = self
            .cookies
            .iter()
            .rev() // longer paths first
            .filter(|((_, path), _)| url.path().starts_with(path.as_str()))
            .map(|((name, _), value)| format!("{name}={value}"))
            .collect();
        (!cookies.is_empty()).then(|| cookies.join("; "))
    }

    fn keep(&mut self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let Some((name, value)) = parts.next().and_then(|pair| pair.split_once('=')) else {
            return;
        };
        let path = parts
            .filter_map(|attribute| attribute.split_once('='))
            .find(|(attribute, _)| attribute.eq_ignore_ascii_case("path"))
            .map_or("/", |(_, path)| path);
        let key = (name.to_owned(), path.to_owned());
        if value.is_empty() {
            self.cookies.remove(&key);
        } else {
            self.cookies.insert(key, value.to_owned());
        }
    }
}

/// The first value of an attribute in a text of HTML.
fn attribute(html: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(&format!("{name}=\""))?;
    rest.split('"').next().map(str::to_owned)
}

fn json_of(body: &str) -> Result<Value> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_str(body).with_context(|| format!("not JSON: {body}"))
}
