//! What all HTTP clients here have in common: whom they trust, which proxy they use, and how long a connection may be idle.
//! The bff asks the provider and the collector of traces with it, and the connector asks Aliyun.

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::{ClientBuilder, Proxy, redirect::Policy};
use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject},
};
use settings::{Reader, Refused, all, parse::Parsed};
use std::{
    fmt,
    sync::{Arc, LazyLock},
    time::Duration,
};
use url::{Host, Url};

pub use settings::Error as ConfigError;

/// Shorter than servers keep idle connections (Node.js: five seconds), so that no request meets a connection that is closing.
const IDLE_TIMEOUT: Duration = Duration::from_secs(3);
/// Names of this machine. A proxy cannot reach them.
const LOOPBACK: &str = "localhost,127.0.0.0/8,::1";

/// The roots of this machine and the built-in ones. Some machines have none, and some have those of a company.
static ROOTS: LazyLock<RootCertStore> = LazyLock::new(|| {
    let built_in = webpki_roots::TLS_SERVER_ROOTS.iter().cloned();
    let mut roots: RootCertStore = built_in.collect();
    // Stores of systems have certificates that nobody can read. They are skipped.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    roots
});

/// How this machine reaches others.
#[derive(Clone, Default)]
pub struct HttpConfig {
    extra_roots: ExtraRoots,
    /// For `https://` addresses.
    proxy: Option<ProxyUrl>,
    /// For `http://` addresses.
    plain_proxy: Option<ProxyUrl>,
    no_proxy: String,
}

/// Certificates of authorities to trust beside the system's and the built-in ones.
#[derive(Clone, Default)]
pub struct ExtraRoots(Vec<CertificateDer<'static>>);

/// The address of a proxy, perhaps with a user and a password.
#[derive(Clone)]
pub struct ProxyUrl(Arc<Url>);

impl ExtraRoots {
    /// Reads the certificates of a PEM file.
    ///
    /// # Errors
    /// What is wrong with the file, as the end of a sentence.
    pub fn read(path: &str) -> Result<Self, &'static str> {
        let wrong = "names a file with a certificate that is not one";
        let pem = std::fs::read(path).map_err(|_| "names a file that cannot be read")?;
        let certificates = CertificateDer::pem_slice_iter(&pem);
        let certificates = certificates.collect::<Result<Vec<_>, _>>();
        let certificates = certificates.map_err(|_| wrong)?;
        if certificates.is_empty() {
            return Err("names a file without a certificate in PEM");
        }
        let mut roots = RootCertStore::empty();
        for certificate in &certificates {
            roots.add(certificate.clone()).map_err(|_| wrong)?;
        }
        Ok(Self(certificates))
    }
}

impl ProxyUrl {
    /// Reads `http://proxy:3128`, or the same without the scheme.
    ///
    /// # Errors
    /// What is wrong with the text, as the end of a sentence.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("http://{text}")
        };
        let url = Url::parse(&with_scheme).ok();
        let url = url.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.map(|url| Self(url.into()))
            .ok_or("is not the address of a proxy such as http://proxy.example:3128")
    }

    /// Scheme, host and port. Never the password.
    fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }
}

fn either<T>(
    reader: &mut Reader<'_>,
    name: &'static str,
    lower_case: &'static str,
    parse: fn(&str) -> Parsed<T>,
) -> Result<Option<T>, Refused> {
    match reader.optional(name, parse)? {
        None => reader.optional(lower_case, parse),
        given => Ok(given),
    }
}

impl HttpConfig {
    /// These extra roots, proxies for `https://` and `http://` addresses, and a list of hosts that no proxy is used for, as in
    /// `NO_PROXY`.
    #[must_use]
    pub fn new(
        extra_roots: ExtraRoots,
        proxy: Option<ProxyUrl>,
        plain_proxy: Option<ProxyUrl>,
        no_proxy: String,
    ) -> Self {
        Self {
            extra_roots,
            proxy,
            plain_proxy,
            no_proxy,
        }
    }

    /// Reads the settings `EXTRA_CA_FILE`, `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. The last three may be in lower case, as
    /// other programs have them.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn read(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        let extra_roots = reader.optional("EXTRA_CA_FILE", ExtraRoots::read);
        all!(Self {
            extra_roots: extra_roots.map(Option::unwrap_or_default),
            proxy: either(reader, "HTTPS_PROXY", "https_proxy", ProxyUrl::parse),
            plain_proxy: either(reader, "HTTP_PROXY", "http_proxy", ProxyUrl::parse),
            no_proxy: either(reader, "NO_PROXY", "no_proxy", |text| Ok(text.to_owned()))
                .map(Option::unwrap_or_default),
        })
    }

    /// The same, of a program without a table of settings.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn from_env() -> Result<Self, ConfigError> {
        settings::read(&[], |name| std::env::var(name).ok(), Self::read)
    }

    /// A client that trusts these roots, uses these proxies, and follows no redirect. Loopback and the host of `direct` are
    /// reached without a proxy.
    pub fn builder(&self, direct: Option<&Url>) -> ClientBuilder {
        let (config, matcher) = (self.clone(), self.matcher(direct));
        let proxy = Proxy::custom(move |url| Some(Url::clone(&config.chosen(&matcher, url)?.0)));
        reqwest::Client::builder()
            .redirect(Policy::none())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .use_preconfigured_tls(self.tls())
            .no_proxy() // not those that reqwest reads by itself
            .proxy(proxy)
    }

    /// The proxy that a request to this address goes through, without its password. `None` when it goes directly.
    #[must_use]
    pub fn proxy_for(&self, url: &Url, direct: Option<&Url>) -> Option<String> {
        let proxy = self.chosen(&self.matcher(direct), url)?;
        Some(proxy.origin())
    }

    fn chosen(&self, matcher: &Matcher, url: &Url) -> Option<&ProxyUrl> {
        // The domain `localhost` (RFC 6761, section 6.3).
        let is_local =
            matches!(url.host(), Some(Host::Domain(name)) if name.ends_with(".localhost"));
        matcher
            .intercept(&url.as_str().parse().ok()?)
            .filter(|_| !is_local)?;
        match url.scheme() {
            "https" => self.proxy.as_ref(),
            _ => self.plain_proxy.as_ref(),
        }
    }

    fn matcher(&self, direct: Option<&Url>) -> Matcher {
        let direct = direct.and_then(Url::host_str).unwrap_or_default();
        let direct = direct.trim_matches(['[', ']']);
        let address = |proxy: &Option<ProxyUrl>| {
            let address = proxy.as_ref().map(|proxy| proxy.0.to_string());
            address.unwrap_or_default()
        };
        Matcher::builder()
            .https(address(&self.proxy))
            .http(address(&self.plain_proxy))
            .no(format!("{LOOPBACK},{direct},{}", self.no_proxy))
            .build()
    }

    fn tls(&self) -> ClientConfig {
        let mut roots = ROOTS.clone();
        roots.add_parsable_certificates(self.extra_roots.0.iter().cloned());
        ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("ring has TLS 1.2 and 1.3")
            .with_root_certificates(roots)
            .with_no_client_auth()
    }
}

/// A proxy may have a password.
impl fmt::Debug for HttpConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HttpConfig")
            .field("extra_roots", &self.extra_roots.0.len())
            .field("https_proxy", &self.proxy.as_ref().map(ProxyUrl::origin))
            .field(
                "http_proxy",
                &self.plain_proxy.as_ref().map(ProxyUrl::origin),
            )
            .field("no_proxy", &self.no_proxy)
            .finish()
    }
}

#[cfg(test)]
mod tests;
