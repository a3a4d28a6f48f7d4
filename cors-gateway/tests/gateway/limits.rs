//! Limits on a request, and what happens to a request in progress when a gateway stops.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::client::{Gateway, PREFLIGHT, document};

#[test]
fn a_head_beyond_the_limits_is_refused() {
    let gateway = Gateway::anonymous("memory:", "s3");
    let long = format!("X-Long: {}", "x".repeat(300 * 1024));
    assert_eq!(gateway.ask("GET", "/", &[&long], b"").status, 431);
    let many = ["X-A: b"; 200];
    assert_eq!(gateway.ask("GET", "/", &many, b"").status, 431);
    // The longest names that CORS accepts are still answered by CORS.
    let names = format!("Access-Control-Request-Headers: {}", "x".repeat(20 * 1024));
    gateway.ask("PUT", "/photos", &[], b"");
    gateway.ask("PUT", "/photos?cors", &[], document("*").as_bytes());
    let refused = gateway.ask(
        "OPTIONS",
        "/photos/k",
        &[PREFLIGHT[0], PREFLIGHT[1], &names],
        b"",
    );
    assert_eq!(refused.status, 403);
}

#[test]
fn a_gateway_finishes_requests_in_progress_before_it_stops() {
    let gateway = Gateway::anonymous("memory:", "s3");
    gateway.ask("PUT", "/photos", &[], b"");
    let mut stream = TcpStream::connect(&gateway.address).unwrap();
    stream
        .write_all(b"PUT /photos/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\n\r\nab")
        .unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let address = gateway.address.clone();
    let stopping = std::thread::spawn(move || gateway.server.stop());
    std::thread::sleep(Duration::from_millis(200));
    assert!(TcpStream::connect(&address).is_err(), "no new connections");
    stream.write_all(b"cd").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stopping.join().unwrap();
}
