//! What waits to be written: bounded by bytes, and picky before it is full.
//!
//! A flood of telemetry must not cost memory, nor push out what an operator looks for. Above half of its size the queue
//! keeps what is notable (failed, or slow for its route), everything that still comes of such a trace, and one trace in eight
//! of the rest; its last quarter is for what is notable alone; when it is full it keeps nothing. What is not kept is counted
//! by why, and of which traces it was is remembered for a while: one that turns out to be notable is then kept after all.

use std::collections::{HashMap, HashSet, VecDeque};

/// What a row is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    Spans,
    Lines,
    Requests,
    Families,
    Points,
    Comings,
}

/// Rows by signal.
#[derive(Debug, Default)]
pub struct Rows {
    pub spans: Vec<String>,
    pub lines: Vec<String>,
    pub requests: Vec<String>,
    pub families: Vec<String>,
    pub points: Vec<String>,
    pub comings: Vec<String>,
}

/// Records that were not kept, since the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Dropped {
    /// The queue was full, or had room for what is notable only.
    pub full: u64,
    /// Notable ones that were lost because the queue was full.
    pub notable: u64,
    /// Left out under flood.
    pub sampled: u64,
    /// The disk did not take them.
    pub disk: u64,
}

/// Of traces nothing is wrong with, one in so many is kept under flood.
const ONE_IN: u128 = 8;

/// Traces remembered as worth keeping.
const WORTH_MAX: usize = 4_096;

/// Traces remembered as left out: those of the seconds in which it may yet turn out that they are notable.
const LEFT_OUT_MAX: usize = 65_536;

/// The queue.
#[derive(Debug)]
pub struct Queue {
    bytes_max: usize,
    bytes: usize,
    /// Taken and not written yet: it is memory all the same.
    writing: usize,
    rows: Rows,
    dropped: Dropped,
    worth: HashSet<u128>,
    /// In the order they were met.
    worth_order: VecDeque<u128>,
    /// How many lines of it, by trace.
    left_out: HashMap<u128, usize>,
    left_out_order: VecDeque<u128>,
}

impl Queue {
    /// Holds up to `bytes_max` bytes of rows.
    pub fn new(bytes_max: usize) -> Self {
        Self {
            bytes_max,
            bytes: 0,
            writing: 0,
            rows: Rows::default(),
            dropped: Dropped::default(),
            worth: HashSet::new(),
            worth_order: VecDeque::new(),
            left_out: HashMap::new(),
            left_out_order: VecDeque::new(),
        }
    }

    /// Whether a record of this trace would be kept now; `notable` ones failed or were slow. Counts it when not.
    pub fn admits(&mut self, trace: Option<u128>, notable: bool, signal: Signal) -> bool {
        if let Some(trace) = trace.filter(|_| notable) {
            self.note(trace);
        }
        let bytes = self.bytes + self.writing;
        let is_notable = notable || trace.is_some_and(|trace| self.worth.contains(&trace));
        if bytes < self.bytes_max && (is_notable || bytes < self.bytes_max / 2) {
            return true;
        }
        if is_notable {
            self.dropped.notable += 1;
        } else if bytes >= self.bytes_max / 4 * 3 {
            self.dropped.full += 1;
        } else if trace.is_some_and(|trace| trace.is_multiple_of(ONE_IN)) {
            // Trace ids are random: their last digits choose. A line of no trace has nothing else to be chosen by.
            return true;
        } else {
            self.dropped.sampled += 1;
        }
        if let Some(trace) = trace {
            self.remember_left_out(trace, signal);
        }
        false
    }

    /// Whether something of this trace was left out, and how many lines; asked once, when it is to be made good.
    pub fn take_left_out(&mut self, trace: u128) -> Option<usize> {
        self.left_out.remove(&trace)
    }

    /// Takes a row that was admitted.
    pub fn push(&mut self, signal: Signal, row: String) {
        self.bytes += row.len();
        self.rows.of(signal).push(row);
    }

    /// Everything that waits, to be written. Its bytes count until it [is](Self::written).
    pub fn take(&mut self) -> Rows {
        self.writing = std::mem::take(&mut self.bytes);
        std::mem::take(&mut self.rows)
    }

    /// What was taken is written, or lost.
    pub fn written(&mut self) {
        self.writing = 0;
    }

    /// Counts what the disk did not take.
    pub fn lose(&mut self, count: usize) {
        self.dropped.disk += count as u64;
    }

    /// Bytes that wait or are being written, and may.
    pub fn fill(&self) -> (usize, usize) {
        (self.bytes + self.writing, self.bytes_max)
    }

    pub fn dropped(&self) -> Dropped {
        self.dropped
    }

    fn remember_left_out(&mut self, trace: u128, signal: Signal) {
        let lines = self.left_out.entry(trace).or_insert_with(|| {
            self.left_out_order.push_back(trace);
            0
        });
        *lines += usize::from(signal == Signal::Lines);
        if self.left_out_order.len() > LEFT_OUT_MAX
            && let Some(oldest) = self.left_out_order.pop_front()
        {
            self.left_out.remove(&oldest);
        }
    }

    fn note(&mut self, trace: u128) {
        if !self.worth.insert(trace) {
            return;
        }
        self.worth_order.push_back(trace);
        if self.worth_order.len() > WORTH_MAX
            && let Some(oldest) = self.worth_order.pop_front()
        {
            self.worth.remove(&oldest);
        }
    }
}

impl Rows {
    /// How many rows.
    pub fn len(&self) -> usize {
        let Self { spans, lines, requests, families, points, comings } = self;
        [spans, lines, requests, families, points, comings].iter().map(|rows| rows.len()).sum()
    }

    /// Parts of at most about so many bytes each, to be written one by one.
    pub fn parts(self, bytes_max: usize) -> Vec<Self> {
        let mut parts = vec![Self::default()];
        let mut bytes = 0;
        let Self { spans, lines, requests, families, points, comings } = self;
        let all = [
            (Signal::Spans, spans),
            (Signal::Lines, lines),
            (Signal::Requests, requests),
            (Signal::Families, families),
            (Signal::Points, points),
            (Signal::Comings, comings),
        ];
        for (signal, rows) in all {
            for row in rows {
                if bytes > 0 && bytes + row.len() > bytes_max {
                    parts.push(Self::default());
                    bytes = 0;
                }
                bytes += row.len();
                parts.last_mut().expect("there is one from the beginning").of(signal).push(row);
            }
        }
        parts
    }

    fn of(&mut self, signal: Signal) -> &mut Vec<String> {
        match signal {
            Signal::Spans => &mut self.spans,
            Signal::Lines => &mut self.lines,
            Signal::Requests => &mut self.requests,
            Signal::Families => &mut self.families,
            Signal::Points => &mut self.points,
            Signal::Comings => &mut self.comings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn push(queue: &mut Queue, trace: u128, notable: bool) -> bool {
        let admitted = queue.admits(Some(trace), notable, Signal::Spans);
        if admitted {
            queue.push(Signal::Spans, "x".repeat(10));
        }
        admitted
    }

    #[test]
    fn a_flood_keeps_what_is_notable_with_all_that_follows_of_its_trace_and_a_share_of_the_rest() {
        let mut queue = Queue::new(1_000);
        for trace in 1..=50 {
            assert!(push(&mut queue, trace, false), "half is free for all");
        }
        assert!(!push(&mut queue, 101, false) && push(&mut queue, 104, false));
        assert!(push(&mut queue, 101, true) && push(&mut queue, 101, false));
        assert!(!queue.admits(None, false, Signal::Lines) && queue.admits(None, true, Signal::Lines));
        assert_eq!(queue.dropped(), Dropped { sampled: 2, ..Dropped::default() });
    }

    #[test]
    fn the_last_quarter_is_for_what_is_notable_alone() {
        let mut queue = Queue::new(1_000);
        let kept = (1..=400).filter(|trace| push(&mut queue, trace * 8, false)).count();
        assert_eq!(kept, 75);
        let kept = (1_001..=1_100).filter(|trace| push(&mut queue, *trace, true)).count();
        assert_eq!((kept, queue.dropped().full, queue.dropped().notable), (25, 325, 75));
    }

    #[test]
    fn what_was_left_out_is_remembered_until_it_is_made_good() {
        let mut queue = Queue::new(100);
        (0..5).for_each(|_| assert!(push(&mut queue, 3, false)));
        assert!(!queue.admits(Some(5), false, Signal::Spans) && !queue.admits(Some(5), false, Signal::Lines));
        assert_eq!((queue.take_left_out(5), queue.take_left_out(5), queue.take_left_out(3)), (Some(1), None, None));
    }

    #[test]
    fn a_full_queue_keeps_nothing_and_counts_until_it_is_written() {
        let mut queue = Queue::new(100);
        let kept = (0..20).filter(|_| push(&mut queue, 3, true)).count();
        assert_eq!((kept, queue.dropped().notable), (10, 10));
        assert_eq!(queue.take().len(), 10);
        assert!(!push(&mut queue, 3, false), "it is memory until it is written");
        queue.written();
        assert!(push(&mut queue, 3, false));
    }

    #[test]
    fn parts_are_bounded_and_lose_nothing() {
        let mut queue = Queue::new(10_000);
        for trace in 0..30 {
            push(&mut queue, trace, false);
        }
        let parts = queue.take().parts(45);
        assert_eq!((parts.len(), parts.iter().map(Rows::len).sum::<usize>()), (8, 30));
    }
}
