//! The shell: negotiation, errors, headers, tokens.

use crate::world::{World, unacceptable};
use reqwest::Method;

#[tokio::test]
async fn an_unknown_address_is_a_page_or_a_problem() {
    let world = World::new().await;
    let visitor = world.visitor();
    let problem = visitor.get("/nowhere").await;
    assert_eq!(problem.status, 404);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!(problem.code(), "not-found");
    let page = visitor.page("/nowhere").await;
    assert_eq!(page.status, 404);
    assert!(page.text.contains("没有这个页面"), "{}", page.text);
    assert!(!page.text.contains('⟦'), "{}", page.text);
    let english = visitor.page("/nowhere?lang=en").await;
    assert!(english.text.contains("There is no such page"));
    assert!(english.header("set-cookie").starts_with("lang=en;"));
}

#[tokio::test]
async fn every_answer_is_hardened_and_names_its_request() {
    let world = World::new().await;
    let page = world.visitor().page("/nowhere").await;
    for (name, part) in [
        ("content-security-policy", "script-src 'self'"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("cache-control", "no-store"),
        ("vary", "Accept"),
    ] {
        assert!(page.header(name).contains(part), "{name}: {}", page.header(name));
    }
    assert!(!page.header("content-security-policy").contains("unsafe"));
    assert_eq!(page.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn what_nobody_can_read_is_refused_as_such() {
    let world = World::new().await;
    let visitor = world.visitor();
    let (name, value) = unacceptable();
    let answer = visitor.send(visitor.request(Method::GET, "/session").header(name, value)).await;
    assert_eq!(answer.status, 406);
    let answer = visitor.send(visitor.request(Method::DELETE, "/session").header("accept", "application/json")).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (405, "method-not-allowed"));
}

#[tokio::test]
async fn the_process_says_that_it_is_well() {
    let world = World::new().await;
    let health = world.visitor().get("/health").await;
    assert_eq!((health.status.as_u16(), health.text.as_str()), (200, "ok\n"));
}

#[tokio::test]
async fn the_frame_has_seven_places_at_most_and_what_stands_under_one_is_a_tab_of_it() {
    let world = World::new().await;
    let (operator, both) = (world.operator().await, world.member("both").await);
    for (browser, least) in [(&operator, 5), (&both, 5)] {
        let page = browser.page("/").await.ok().text;
        let side = page.split("<nav class=\"side\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let count = side.matches("<li>").count();
        assert!((least..=7).contains(&count), "{count} places: {side}");
        assert!(!page.contains("class=\"tabs\" aria-label=\"同属一处"), "nothing stands under the desk");
    }
    for path in ["/desk/privacy", "/desk/privacy/cases", "/desk/exceptions", "/desk/uses"] {
        let page = operator.page(path).await.ok().text;
        assert!(page.contains("<a href=\"/desk/privacy\" aria-current=\"page\">"), "{path}");
        let tabs = page.split("aria-label=\"同属一处的页面\"").nth(1).unwrap().split("</nav>").next().unwrap();
        assert!(tabs.contains(&format!("<a href=\"{path}\" aria-current=\"page\">")), "{path}: {tabs}");
        assert_eq!(tabs.matches("aria-current").count(), 1, "{path}: {tabs}");
    }
}
