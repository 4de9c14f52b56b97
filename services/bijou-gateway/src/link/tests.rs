//! What housekeeping decides about a connection, on a clock the test moves.

use super::*;

fn timeouts() -> Timeouts {
    Timeouts {
        head_ms: 1_000,
        idle_ms: 5_000,
        body_stall_ms: 2_000,
        write_stall_ms: 3_000,
        connect_ms: 1,
        request_ms: 1,
        attempt_ms: 1,
        stream_stall_ms: 1,
        stream_idle_ms: 1,
        drain_ms: 1,
    }
}

struct Fixture {
    clock: Coarse,
    link: Rc<Link>,
}

impl Fixture {
    fn new() -> Self {
        let clock = Coarse::default();
        let link = Link::http1("127.0.0.1:1".parse().expect("an address"), HeadLimits::default(), clock.now());
        Self { clock, link }
    }

    fn feed(&self, bytes: &[u8]) {
        let before = self.link.guard.borrow().place();
        self.link.guard.borrow_mut().feed(bytes, &mut |_| {}).expect("well-formed");
        if self.link.guard.borrow().place() != before {
            self.link.since.set(self.clock.now());
        }
    }

    #[track_caller]
    fn check_at(&self, ms: u64, expected: Verdict) {
        self.clock.set(std::time::Duration::from_millis(ms));
        assert_eq!(self.link.check(self.clock.now(), &timeouts()), expected, "at {ms} ms");
    }
}

#[test]
fn a_connection_without_a_first_byte_is_closed_after_the_head_time() {
    let fixture = Fixture::new();
    fixture.check_at(1_000, Verdict::Fine);
    fixture.check_at(1_001, Verdict::TimedOut);
    assert!(fixture.link.is_closing());
}

#[test]
fn a_head_that_trickles_is_refused_and_answered() {
    let fixture = Fixture::new();
    fixture.feed(b"GET / HT");
    fixture.check_at(900, Verdict::Fine);
    fixture.feed(b"TP/1.1\r\nHos");
    fixture.check_at(1_001, Verdict::TimedOut);
    assert_eq!(fixture.link.begin(), Some(Refusal::HeadTooSlow));
    assert!(!fixture.link.is_killed(), "the client is told");
}

#[test]
fn a_request_being_answered_is_not_idle() {
    let fixture = Fixture::new();
    fixture.feed(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert_eq!(fixture.link.begin(), None);
    fixture.check_at(60_000, Verdict::Fine);
    fixture.link.end(&fixture.clock);
    fixture.check_at(65_000, Verdict::Fine);
    fixture.check_at(65_001, Verdict::TimedOut);
    assert!(fixture.link.is_closing() && !fixture.link.is_killed());
}

#[test]
fn a_body_that_stops_is_given_up_only_while_we_wait_for_it() {
    let fixture = Fixture::new();
    fixture.feed(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
    fixture.link.begin();
    fixture.check_at(10_000, Verdict::Fine);
    fixture.link.is_starved.set(true);
    fixture.check_at(10_000, Verdict::TimedOut);
    assert!(fixture.link.is_killed());
}

#[test]
fn a_client_that_takes_nothing_is_dropped() {
    let fixture = Fixture::new();
    fixture.link.begin();
    fixture.link.write_blocked.set(Some(fixture.clock.now()));
    fixture.check_at(3_000, Verdict::Fine);
    fixture.check_at(3_001, Verdict::TimedOut);
    assert!(fixture.link.is_killed());
}
