//! Everybody's line breaks, and everybody comes back within a second or so: when were they back, when had they caught
//! up, and did anything come twice?

use std::io::{self, Write as _};
use std::time::Duration;

use mio::Token;
use socket2::SockRef;

use crate::host::bench::fanout::clients::{Clients, HANDSHAKE, PATIENCE, hello};
use crate::host::bench::fanout::talk::{Order, now_us};

/// Looks no less often than this whether more are to call.
const TICK: Duration = Duration::from_millis(1);

/// How one of them comes back. Connecting and the answer to a handshake may take their time; a request of a few bytes
/// fits into a fresh socket, or it is none.
#[derive(Clone, Copy, Default)]
struct Coming {
    asked: bool,
    greeted: bool,
    /// When it was welcomed, and when it had all; microseconds since the storm began.
    back: Option<u64>,
    done: Option<u64>,
    refused: bool,
}

/// What a storm is asked for.
struct Storm {
    port: u16,
    /// Everybody calls within so many microseconds.
    within: u64,
    since: Option<u64>,
    /// Notices that each has missed.
    missed: u64,
    begun: u64,
    coming: Vec<Coming>,
    open: usize,
}

impl Clients {
    /// Breaks every line without a word.
    pub(super) fn cut(&mut self) -> io::Result<()> {
        for client in self.all.drain(..) {
            // So that ports are free again at once; and a phone without reception says no goodbye either.
            SockRef::from(&client.stream).set_linger(Some(Duration::ZERO))?;
        }
        Ok(())
    }

    /// So many (0) come back to a port (1) within so many microseconds (2), each missing so many notices (3) since a
    /// number (4). Answers how many were refused, when 99 of 100 and all were welcomed, when all had what they missed,
    /// in microseconds since the storm began, and how many notices came.
    pub(super) fn storm(&mut self, order: &Order) -> io::Result<Vec<u64>> {
        let count = order.number(0) as usize;
        let missed = order.number(3);
        let mut storm = Storm {
            port: order.number(1) as u16,
            within: order.number(2),
            since: (missed > 0).then(|| order.number(4)),
            missed,
            begun: now_us(),
            coming: vec![Coming::default(); count],
            open: count,
        };
        while storm.open > 0 {
            self.call_due(&mut storm)?;
            self.look(&mut storm)?;
        }
        let refused = storm.coming.iter().filter(|coming| coming.refused).count() as u64;
        let mut back: Vec<u64> = storm.coming.iter().filter_map(|coming| coming.back).collect();
        back.sort_unstable();
        let at = |share: usize| back.get(back.len().saturating_sub(1) * share / 100).copied().unwrap_or(0);
        let caught_up = storm.coming.iter().filter_map(|coming| coming.done).max().unwrap_or(0);
        let notices = self.all.iter().map(|client| client.frames.saturating_sub(1)).sum();
        Ok(vec![refused, at(99), at(100), caught_up, notices])
    }

    /// Whoever's time has come calls, without waiting for an answer.
    fn call_due(&mut self, storm: &mut Storm) -> io::Result<()> {
        let count = storm.coming.len() as u64;
        let due = ((now_us() - storm.begun) * count / storm.within.max(1)).min(count) as usize;
        while self.all.len() < due {
            self.dial(storm.port, true)?;
        }
        Ok(())
    }

    fn look(&mut self, storm: &mut Storm) -> io::Result<()> {
        let all_called = self.all.len() == storm.coming.len();
        self.poll.poll(&mut self.events, Some(if all_called { PATIENCE } else { TICK }))?;
        if all_called && self.events.is_empty() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let tokens: Vec<Token> = self.events.iter().map(|event| event.token()).collect();
        for place in tokens.into_iter().map(|token| token.0) {
            let was_open = storm.coming[place].done.is_some() || storm.coming[place].refused;
            if !was_open && self.come(place, storm).is_err() {
                storm.coming[place].refused = true;
            }
            let is_open = storm.coming[place].done.is_none() && !storm.coming[place].refused;
            storm.open -= usize::from(!was_open && !is_open);
        }
        Ok(())
    }

    /// One of them goes on: connected, answered, welcomed, caught up.
    fn come(&mut self, place: usize, storm: &mut Storm) -> io::Result<()> {
        let coming = &mut storm.coming[place];
        let now = now_us() - storm.begun;
        if !coming.asked {
            self.all[place].stream.write_all(HANDSHAKE)?;
            coming.asked = true;
        }
        self.read(place)?;
        let number = self.first + place as u64;
        let client = &mut self.all[place];
        if client.open && !coming.greeted {
            client.stream.write_all(&hello(number, storm.since))?;
            coming.greeted = true;
        }
        if client.frames > 0 {
            coming.back.get_or_insert(now);
        }
        if client.frames > storm.missed {
            coming.done.get_or_insert(now);
        }
        Ok(())
    }
}
