//! The guard on whole conversations, in every way they can be cut into pieces.

use proptest::prelude::*;

use super::*;

/// Feeds the pieces and returns what passed, the refusals by head, and whether a body broke.
fn run(pieces: &[&[u8]]) -> (Vec<u8>, Option<Refusal>, bool) {
    let mut guard = Guard::new(HeadLimits { bytes_max: 512, fields_max: 8, target_bytes_max: 64 });
    let mut passed = Vec::new();
    for piece in pieces {
        if guard.feed(piece, &mut |bytes| passed.extend_from_slice(bytes)).is_err() {
            return (passed, None, true);
        }
    }
    (passed, guard.refused.map(|(_, refusal)| refusal), false)
}

#[track_caller]
fn check_refused(head: &str, expected: Refusal) {
    let (passed, refusal, _) = run(&[head.as_bytes()]);
    assert_eq!(refusal, Some(expected), "{head:?}");
    assert!(passed.ends_with(REFUSED_HEAD), "the stand-in is all that passes: {:?}", String::from_utf8_lossy(&passed));
    assert_eq!(passed.len(), REFUSED_HEAD.len());
}

#[track_caller]
fn check_passes(bytes: &[u8]) {
    let (passed, refusal, broken) = run(&[bytes]);
    assert_eq!((refusal, broken), (None, false), "{:?}", String::from_utf8_lossy(bytes));
    assert_eq!(passed, bytes);
}

#[test]
fn ordinary_requests_pass_unchanged() {
    check_passes(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    check_passes(b"GET / HTTP/1.0\r\n\r\n");
    check_passes(
        b"POST /x HTTP/1.1\r\nhost: [::1]:8080\r\ncontent-length: 3\r\n\r\nabcGET / HTTP/1.1\r\nHost: b\r\n\r\n",
    );
    check_passes(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
    check_passes(
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\nA;x=y\r\n0123456789\r\n0\r\nx: y\r\n\r\n",
    );
}

#[test]
fn two_ways_to_say_how_long_the_body_is_are_refused() {
    check_refused(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
        Refusal::TwoLengths,
    );
    check_refused(
        "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
        Refusal::TwoLengths,
    );
    check_refused(
        "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n",
        Refusal::RepeatedLength,
    );
    for bad in ["+3", "-3", "0x3", "3, 3", "3 3", "", "99999999999999999999"] {
        check_refused(&format!("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: {bad}\r\n\r\n"), Refusal::Length);
    }
    for bad in ["gzip, chunked", "chunked, chunked", "identity", "xchunked", "\"chunked\"", "chunked;q=1"] {
        check_refused(
            &format!("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {bad}\r\n\r\n"),
            Refusal::TransferEncoding,
        );
    }
    check_refused("POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", Refusal::TransferEncodingOld);
}

#[test]
fn a_host_is_there_once_and_is_one() {
    check_refused("GET / HTTP/1.1\r\nAccept: x\r\n\r\n", Refusal::NoHost);
    check_refused("GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", Refusal::RepeatedHost);
    for bad in ["", "a b", "a@b", "a/b", "a:", "a:99999999", "[::1", "[x]", "a,b", ":80", "a:8o"] {
        check_refused(&format!("GET / HTTP/1.1\r\nHost: {bad}\r\n\r\n"), Refusal::Host);
    }
}

#[test]
fn line_ends_names_and_values_are_strict() {
    check_refused("GET / HTTP/1.1\nHost: a\n\n", Refusal::BareLineFeed);
    check_refused("GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n", Refusal::BareLineFeed);
    check_refused("GET / HTTP/1.1\r\nHost: a\r\n folded\r\n\r\n", Refusal::Folded);
    check_refused("GET / HTTP/1.1\r\nHost : a\r\n\r\n", Refusal::FieldName);
    check_refused("GET / HTTP/1.1\r\n: a\r\n\r\n", Refusal::FieldName);
    check_refused("GET / HTTP/1.1\r\nno colon\r\n\r\n", Refusal::FieldName);
    check_refused("GET / HTTP/1.1\r\nHost: a\r\nX: a\0b\r\n\r\n", Refusal::FieldValue);
    check_refused("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", Refusal::FieldValue);
    check_refused("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::RequestLine);
    check_refused("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::RequestLine);
    check_refused("GET  / HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::RequestLine);
    check_refused("GET / HTTP/1.2\r\nHost: a\r\n\r\n", Refusal::Version);
    check_refused("G(T / HTTP/1.1\r\nHost: a\r\n\r\n", Refusal::RequestLine);
}

#[test]
fn size_limits_hold_before_the_head_is_complete() {
    let long_target = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100));
    check_refused(&long_target, Refusal::TargetTooLong);
    check_refused(&format!("GET / HTTP/1.1\r\nHost: a\r\nX: {}", "a".repeat(600)), Refusal::HeadTooLarge);
    check_refused(&format!("GET / HTTP/1.1\r\nHost: a\r\n{}", "X: y\r\n".repeat(9)), Refusal::TooManyFields);
    check_refused(&"A".repeat(600), Refusal::TargetTooLong);
}

#[test]
fn broken_chunks_end_the_connection() {
    let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    let extensions = format!("1;{}\r\nx\r\n0\r\n\r\n", "e".repeat(5000));
    for body in [
        "3\nabc\r\n0\r\n\r\n",
        "3\r\nabcd\r\n0\r\n\r\n",
        "g\r\n",
        "\r\n",
        "0x3\r\nabc\r\n",
        "-1\r\n",
        "3 \r\nabc\r\n",
        "ffffffffffffffff\r\n",
        "3\r\nabc\n0\r\n\r\n",
        "0\r\nx y: z\r\n\r\n",
        "0\r\n\n",
        &extensions,
    ] {
        let (_, _, broken) = run(&[head.as_bytes(), body.as_bytes()]);
        assert!(broken, "{body:?}");
    }
}

#[test]
fn a_refused_head_behind_a_good_one_leaves_the_good_one_alone() {
    let good = "GET /1 HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut guard = Guard::new(HeadLimits::default());
    let mut passed = Vec::new();
    let bytes = format!("{good}GET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\nHost: a\r\n\r\n");
    guard.feed(bytes.as_bytes(), &mut |bytes| passed.extend_from_slice(bytes)).expect("no chunked body here");
    assert_eq!(passed, [good.as_bytes(), REFUSED_HEAD].concat());
    assert_eq!(guard.refusal(0), None);
    assert_eq!(guard.refusal(1), Some(Refusal::NoHost));
}

#[test]
fn behind_an_upgrade_nothing_passes_until_it_is_decided() {
    let head = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n";
    let mut guard = Guard::new(HeadLimits::default());
    let mut passed = 0;
    guard.feed(head.as_bytes(), &mut |bytes| passed += bytes.len()).expect("no chunked body here");
    assert!(guard.is_paused());
    guard.feed(b"early", &mut |bytes| passed += bytes.len()).expect("no chunked body here");
    assert_eq!(passed, head.len());
    guard.decide_upgrade(true, &mut |bytes| passed += bytes.len()).expect("a tunnel has no framing");
    guard.feed(b"\x81\x00any\n", &mut |bytes| passed += bytes.len()).expect("a tunnel has no framing");
    assert_eq!(passed, head.len() + 5 + 6);
}

#[test]
fn a_refused_upgrade_lets_http_go_on() {
    let head = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n";
    let next = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut guard = Guard::new(HeadLimits::default());
    let mut passed = Vec::new();
    guard
        .feed(format!("{head}{next}").as_bytes(), &mut |bytes| passed.extend_from_slice(bytes))
        .expect("no chunked body here");
    assert_eq!(passed, head.as_bytes());
    guard.decide_upgrade(false, &mut |bytes| passed.extend_from_slice(bytes)).expect("no chunked body here");
    assert_eq!(passed, format!("{head}{next}").as_bytes());
}

proptest! {
    #[test]
    fn cutting_the_stream_changes_nothing(cuts in prop::collection::vec(0_usize..400, 0..8), refuse_last in any::<bool>()) {
        let last = if refuse_last { "GET /3 HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\nGET /4" } else { "GET /3 HTTP/1.1\r\nHost: a\r\n\r\n" };
        let stream = format!(
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /POST /2 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\
             4;a\r\n\r\n\r\n\r\n1f\r\n0123456789012345678901234567890\r\n0\r\nT: x\r\n\r\n{last}"
        );
        let whole = run(&[stream.as_bytes()]);
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut % stream.len()).collect();
        at.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in at {
            pieces.push(&stream.as_bytes()[from..cut]);
            from = cut;
        }
        pieces.push(&stream.as_bytes()[from..]);
        prop_assert_eq!(run(&pieces), whole);
    }

    #[test]
    fn any_bytes_leave_the_guard_standing(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let (passed, _, _) = run(&[&bytes]);
        prop_assert!(passed.len() <= bytes.len() + REFUSED_HEAD.len());
    }
}
