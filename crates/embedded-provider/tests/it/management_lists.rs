//! Lists of the Management API: pages and searches.

use crate::support::World;
use serde_json::{Value, json};

fn names(list: &Value) -> Vec<&str> {
    list.as_array()
        .unwrap()
        .iter()
        .map(|item| item["name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn a_list_is_whole_or_comes_in_pages() {
    let world = World::empty().await;
    let api = world.management_api().await;
    for number in 0..7 {
        let body = json!({"name": format!("App {number}"), "type": "MachineToMachine"});
        api.create("applications", body).await;
    }
    let whole = api.get("applications").await;
    assert_eq!(names(&whole.json()).len(), 7);
    assert_eq!(whole.header("total-number"), "");

    let page = api.get("applications?page=2&page_size=3").await;
    assert_eq!(names(&page.json()), ["App 3", "App 4", "App 5"]);
    assert_eq!(page.header("total-number"), "7");
    let links: Vec<&str> = page
        .headers
        .get_all("link")
        .iter()
        .map(|link| link.to_str().unwrap())
        .collect();
    let link = |number, relation| {
        let endpoint = &world.endpoint;
        format!("<{endpoint}/applications?page={number}&page_size=3>; rel=\"{relation}\"")
    };
    assert_eq!(
        links,
        [
            link(1, "first"),
            link(1, "prev"),
            link(3, "last"),
            link(3, "next")
        ]
    );
    let beyond = api.get("applications?page=9&page_size=100").await;
    assert_eq!(
        (beyond.json(), beyond.header("total-number")),
        (json!([]), "7")
    );
    for wrong in [
        "page=0",
        "page=a",
        "page=1&page_size=0",
        "page=1&page_size=101",
    ] {
        let answer = api.get(&format!("applications?{wrong}")).await;
        assert_eq!(
            answer.outcome(),
            (
                400,
                json!({
                    "code": "guard.invalid_pagination",
                    "message": "The request pagination value is invalid.",
                })
            ),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_list_is_searched() {
    let world = World::empty().await;
    let api = world.management_api().await;
    for (name, kind) in [
        ("Bookstore", "Traditional"),
        ("Bookstore", "SPA"),
        ("Bookstore 2", "Traditional"),
    ] {
        api.create("applications", json!({"name": name, "type": kind}))
            .await;
    }
    for (query, count) in [
        ("search.name=Bookstore&mode.name=exact", 2),
        (
            "search.name=bookstore&mode.name=exact&page=1&page_size=20",
            2,
        ),
        ("search=%25store%25", 3),
        ("types=Traditional", 2),
        ("types=Traditional&types=SPA", 3),
        ("search.name=Bookstore&mode.name=exact&types=SPA", 1),
        ("isThirdParty=true", 0),
    ] {
        let list = api.get(&format!("applications?{query}")).await.json();
        assert_eq!(names(&list).len(), count, "{query}");
    }
    api.create("organizations", json!({"name": "Acme"})).await;
    let found = api.get("organizations?page=1&page_size=20&q=acm&showFeatured=true");
    let found = found.await.json();
    assert_eq!(
        (&found[0]["usersCount"], &found[0]["featuredUsers"]),
        (&0.into(), &json!([]))
    );
    let id = found[0]["id"].as_str().unwrap();
    let by_id = api.get(&format!("organizations?q={id}")).await.json();
    assert_eq!(names(&by_id), ["Acme"]);
}
