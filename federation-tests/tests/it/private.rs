//! What somebody asks for stays with them: it stands in the address of the request and in no log.

use std::fs;

use engagement_federation_tests::http::{ask, client};
use engagement_federation_tests::process::Home;
use reqwest::Method;

/// An answer that nobody else gives, in every place where answers stand.
const SECRET: &str = "Unaussprechlich4711";

#[tokio::test]
async fn no_answer_of_a_search_is_written_to_the_loudest_log() {
    let home = Home::init("05558012");
    let config = home.path().join("node.toml");
    let own = fs::read_to_string(&config).unwrap();
    fs::write(&config, format!("log = \"debug\"\n{own}")).unwrap();
    let server = home.serve();
    let client = client();
    for path in [
        "/suche?q=SECRET&need=dgs",
        "/suche?near=SECRET",
        "/suche?q=a&cursor=SECRET",
        "/finden?wish_field=SECRET",
        "/finden/4?near=SECRET",
        "/finden/6?age=SECRET",
        "/en/finden/4?near=SECRET",
        "/schalter?q=SECRET",
        "/schalter?words=SECRET&q=3",
        "/api/v1/match?need=SECRET",
        "/api/v1/match?q=SECRET&age=17",
        "/SECRET?q=SECRET",
    ] {
        let url = format!("{}{}", server.url, path.replace("SECRET", SECRET));
        let answer = ask(&client, Method::GET, &url, &[], Vec::new()).await.unwrap();
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let policy = answer.headers.get("referrer-policy").map(String::as_str);
        let is_page = !path.starts_with("/api/");
        assert!(!is_page || policy == Some("no-referrer"), "{path}: {policy:?}");
    }
    let said = server.end();
    assert!(!said.is_empty(), "the node has said where it listens");
    let told: Vec<_> = said.iter().filter(|line| line.contains(SECRET)).collect();
    assert!(told.is_empty(), "{told:#?}");
}
