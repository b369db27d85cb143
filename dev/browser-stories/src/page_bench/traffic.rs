//! What goes over the network for a page, by what the browser tells of it (the domain Network of the Chrome DevTools
//! Protocol).

use serde_json::Value;
use std::collections::BTreeMap;

/// An answer that came over the network.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Resource {
    /// Path and query, or the whole address when it is not the shop's.
    pub(super) name: String,
    /// `Content-Encoding`, if any.
    pub(super) encoding: String,
    /// As sent: headers and compressed body.
    pub(super) bytes: u64,
}

/// A visit's answers, in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Traffic {
    pub(super) resources: Vec<Resource>,
}

#[derive(Default)]
struct Request {
    resource: Resource,
    order: usize,
    from_cache: bool,
}

impl Traffic {
    /// What these events tell; `shop` is the part of addresses that nobody needs to read.
    pub(super) fn of(events: &[Value], shop: &str) -> Self {
        let mut requests: BTreeMap<&str, Request> = BTreeMap::new();
        for (order, event) in events.iter().enumerate() {
            let parameters = &event["params"];
            let (Some(method), Some(id)) =
                (event["method"].as_str(), parameters["requestId"].as_str())
            else {
                continue;
            };
            if method == "Network.requestWillBeSent" {
                let url = parameters["request"]["url"].as_str().unwrap_or_default();
                let request = requests.entry(id).or_default();
                request.order = order;
                url.strip_prefix(shop)
                    .unwrap_or(url)
                    .clone_into(&mut request.resource.name);
            } else if let Some(request) = requests.get_mut(id) {
                request.hear(method, parameters);
            }
        }
        let mut sent: Vec<_> = requests.into_values().filter(Request::was_sent).collect();
        sent.sort_by_key(|request| request.order);
        Self {
            resources: sent.into_iter().map(|request| request.resource).collect(),
        }
    }

    pub(super) fn bytes(&self) -> u64 {
        self.resources.iter().map(|resource| resource.bytes).sum()
    }
}

impl Request {
    fn hear(&mut self, method: &str, parameters: &Value) {
        match method {
            "Network.requestServedFromCache" => self.from_cache = true,
            "Network.responseReceived" => {
                let response = &parameters["response"];
                self.from_cache |= response["fromDiskCache"] == true;
                self.resource.encoding = header(&response["headers"], "content-encoding");
            }
            "Network.loadingFinished" => {
                // A whole number, though the protocol says `number`.
                let bytes = parameters["encodedDataLength"].as_u64();
                self.resource.bytes = bytes.unwrap_or_default();
            }
            _ => {}
        }
    }

    /// An icon or a picture inside the page (`data:`) is no request.
    fn was_sent(&self) -> bool {
        !self.from_cache && !self.resource.name.starts_with("data:")
    }
}

fn header(headers: &Value, name: &str) -> String {
    let mut headers = headers.as_object().into_iter().flatten();
    let found = headers.find(|(other, _)| other.eq_ignore_ascii_case(name));
    let value = found.and_then(|(_, value)| value.as_str());
    value.unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SHOP: &str = "http://localhost:15001";

    fn event(method: &str, parameters: Value) -> Value {
        json!({ "method": format!("Network.{method}"), "params": parameters })
    }

    fn asked(id: &str, path: &str) -> Value {
        let url = format!("{SHOP}{path}");
        let parameters = json!({ "requestId": id, "request": { "url": url } });
        event("requestWillBeSent", parameters)
    }

    #[test]
    fn what_came_over_the_network_is_counted_with_its_encoding() {
        let response = json!({ "fromDiskCache": false, "headers": { "Content-Encoding": "br" } });
        let events = [
            asked("2", "/"),
            asked("1", "/assets/app.wasm"),
            event(
                "responseReceived",
                json!({ "requestId": "1", "response": response }),
            ),
            event(
                "loadingFinished",
                json!({ "requestId": "1", "encodedDataLength": 70_000 }),
            ),
            event(
                "loadingFinished",
                json!({ "requestId": "2", "encodedDataLength": 3_000 }),
            ),
            json!({ "method": "Page.frameNavigated", "params": {} }),
        ];
        let traffic = Traffic::of(&events, SHOP);
        assert_eq!(traffic.bytes(), 73_000);
        let resource = |name: &str, encoding: &str, bytes| Resource {
            name: name.to_owned(),
            encoding: encoding.to_owned(),
            bytes,
        };
        assert_eq!(
            traffic.resources,
            [
                resource("/", "", 3_000),
                resource("/assets/app.wasm", "br", 70_000)
            ]
        );
    }

    #[test]
    fn what_the_cache_has_is_not_counted_nor_what_the_page_has_inside() {
        let from_disk = json!({ "requestId": "1", "response": { "fromDiskCache": true } });
        let events = [
            asked("1", "/assets/app.wasm"),
            event("responseReceived", from_disk),
            asked("2", "/assets/app.js"),
            event("requestServedFromCache", json!({ "requestId": "2" })),
            event(
                "requestWillBeSent",
                json!({ "requestId": "3", "request": { "url": "data:," } }),
            ),
        ];
        assert_eq!(Traffic::of(&events, SHOP), Traffic::default());
    }
}
