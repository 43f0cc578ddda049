//! The scene: what a page draws of a run, folded from its events. One byte a person, a row a notice, and counts. A copy
//! of it is a key frame, from which the picture of a later instant can be folded.
//!
//! It judges nothing: the verdict has its own records. A desk's replies and the like change no dot; a dot shows the
//! newest notice that the agency set out to send.

use std::collections::BTreeSet;

use crate::host::api::live::sheet::Sheet;
use crate::host::api::live::subjects;
use crate::host::api::live::turning::{Finder, Turning};
use crate::host::control::faults::Stands;
use crate::sim::behaviour;
use crate::sim::engine::Phones;
use crate::sim::model::event::{Event, EventKind as E, Outcome};
use crate::sim::model::ids::{AttemptId, FaultId, NoticeId, PersonId, SendId};
use crate::sim::model::medium::{Medium, Network};
use crate::sim::model::person::Person;
use crate::sim::plan::population::Population;
use crate::sim::plan::{Plan, SenderDrive};
use crate::sim::time::{SimTime, Span};

/// Where a person's newest notice stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum Dot {
    /// Nothing has been sent to them.
    #[default]
    Idle,
    /// Sent, not shown yet.
    Waiting,
    /// First shown by talk.
    Talk,
    /// First shown by text message.
    Text,
    /// First shown by another medium.
    Other,
    /// Shown more than once.
    Twice,
    /// Not shown, and nobody will try any more.
    Missed,
}

/// How many states of a dot there are.
pub const DOTS: usize = 7;
/// Set in a person's byte while a fault has their phone cut off the kakao network.
pub const CUT: u8 = 8;
/// Points of the curve, at most (a few more if a run goes on beyond its stop).
const POINTS: u64 = 240;
/// Attempts of a notice whose media are remembered.
const ATTEMPTS_MAX: usize = 8;

/// Bounds of [`Scene::took`], in seconds; the last stretch is longer than all of them.
pub const TOOK_S: [u64; 15] = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1_800, 3_600, 21_600, 86_400, 259_200];

/// Running totals of a run, as a plot wants them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Notices by the medium that showed them first.
    pub reached: [u64; Medium::COUNT],
    /// Calls of the sender to a platform.
    pub attempts: u64,
    /// Times that a sender went on to the next leg.
    pub fallbacks: u64,
    /// In hundredths of a won.
    pub cost: u64,
    /// Phones connected, by network.
    pub open: [u64; Network::COUNT],
}

/// What a page draws.
#[derive(Clone)]
pub struct Scene {
    /// A byte a person: [`Dot`] and [`CUT`].
    pub dots: Vec<u8>,
    /// People by [`Dot`].
    pub states: [u64; DOTS],
    /// Notices that the agency set out to send, and those that some phone has shown.
    pub notices: u64,
    /// See `notices`.
    pub reached: u64,
    /// Notices of the agency that somebody has opened.
    pub opened: u64,
    /// Messages lost for good.
    pub lost: u64,
    /// Totals as they stand.
    pub now: Point,
    /// `now` at the end of each stretch of [`Scene::step`]; the last one as of [`Scene::drawn_at`].
    pub curve: Vec<Point>,
    /// How long a stretch of the curve is.
    pub step: Span,
    /// How long notices took to their first showing: by talk, by text, otherwise; each by [`TOOK_S`].
    pub took: [[u64; TOOK_S.len() + 1]; 3],
    /// Most phones that were connected at once.
    pub peak: [u64; Network::COUNT],
    /// Connections and logins turned away.
    pub refused: [u64; Network::COUNT],
    /// How often each fault has bitten, by id.
    pub hits: Vec<u64>,
    /// Where each fault stands, by id.
    pub stands: Vec<Stands>,
    /// Events that were no longer kept when their turn came.
    pub missed: u64,
    /// Turning points since they were last taken.
    pub turnings: Vec<Turning>,
    /// People whose bytes may have changed since they were last taken.
    pub touched: Vec<u32>,
    rows: Sheet<Row>,
    /// Networks that each phone is connected to, and those that a fault cut it off, one bit each.
    online: Vec<u8>,
    cut_off: Vec<u8>,
    /// The notice that each person's dot shows.
    newest: Sheet<Option<NoticeId>>,
    finder: Finder,
    outside: bool,
}

/// What is known of a notice.
#[derive(Clone, Copy)]
struct Row {
    person: PersonId,
    created: SimTime,
    /// Whether its person's dot shows it.
    shown_as_dot: bool,
    opened: bool,
    media: [Option<Medium>; ATTEMPTS_MAX],
    dot: Dot,
}

impl Row {
    /// Events were missed, the creation of this notice among them: it is nobody's, and no dot shows it.
    const UNHEARD_OF: Row = Row {
        person: PersonId(u32::MAX),
        created: SimTime::ZERO,
        shown_as_dot: false,
        opened: false,
        media: [None; ATTEMPTS_MAX],
        dot: Dot::Missed,
    };
}

impl Scene {
    /// The scene of a run in which nothing has happened. Phones that the engine plays are connected from the beginning,
    /// and no event says so.
    pub fn new(plan: &Plan, population: &Population, phones: Phones) -> Scene {
        let people = plan.people() as usize;
        let online = match phones {
            Phones::Outside => vec![0; people],
            Phones::Simulated => population.all().iter().map(|who| connected(plan, who)).collect(),
        };
        let open = Network::ALL.map(|network| online.iter().filter(|lines| *lines & bit(network) != 0).count() as u64);
        let mut states = [0; DOTS];
        states[Dot::Idle as usize] = people as u64;
        Scene {
            dots: vec![Dot::Idle as u8; people],
            states,
            notices: 0,
            reached: 0,
            opened: 0,
            lost: 0,
            now: Point { open, ..Point::default() },
            curve: vec![Point { open, ..Point::default() }],
            step: Span::from_micros((plan.clock.stop.micros() / POINTS).max(1_000_000)),
            took: [[0; TOOK_S.len() + 1]; 3],
            peak: open,
            refused: [0; Network::COUNT],
            hits: vec![0; plan.faults.len()],
            stands: vec![Stands::Waiting; plan.faults.len()],
            missed: 0,
            turnings: Vec::new(),
            touched: Vec::new(),
            rows: Sheet::of(Row::UNHEARD_OF, 0),
            online,
            cut_off: vec![0; people],
            newest: Sheet::of(None, people),
            finder: Finder::default(),
            outside: plan.sender.drive == SenderDrive::External,
        }
    }

    /// Takes one event.
    pub fn observe(&mut self, event: &Event) {
        let known_cut = matches!(event.kind, E::SessionOpened { person, network } if self.was_cut(person, network));
        self.finder.observe(event, known_cut, &mut self.turnings);
        self.time_is(event.at);
        if let Some((fault, times)) = subjects::of(&event.kind).hit {
            if self.hits.len() <= fault.index() {
                self.hits.resize(fault.index() + 1, 0);
            }
            self.hits[fault.index()] += u64::from(times);
        }
        match event.kind {
            E::FaultBegan { fault } => self.stands(fault, Stands::On),
            E::FaultEnded { fault, .. } => self.stands(fault, Stands::Over),
            E::Created { notice, person, send, .. } => self.created(event.at, notice, person, send),
            E::Submitted { attempt, medium, .. } => self.submitted(attempt, medium),
            E::Shown { attempt, .. } => self.shown(event.at, attempt),
            E::Opened { attempt, .. } => self.read(attempt.notice),
            E::FellBack { .. } => self.now.fallbacks += 1,
            E::Lost { .. } => self.lost += 1,
            E::Charged { price, .. } => self.now.cost += u64::from(price),
            E::RouteEnded { notice, outcome: Outcome::Exhausted | Outcome::GaveUp } => self.given_up(notice),
            E::SessionOpened { person, network } => self.opened(person, network),
            E::SessionClosed { person, network, fault } => self.closed(person, network, fault.is_some()),
            E::SessionRefused { network, .. } => self.refused[network.index()] += 1,
            E::HandshakesRefused { network, count, .. } => self.refused[network.index()] += u64::from(count),
            E::RunEnded { .. } => (0..self.rows.count()).for_each(|index| self.given_up(NoticeId(index as u32))),
            _changes_no_picture => {}
        }
    }

    /// Time has come so far, whether or not anything happened.
    pub fn time_is(&mut self, at: SimTime) {
        let stretch = at.micros() / self.step.micros();
        // Beyond twice the planned time the last stretch takes the rest.
        let stretch = usize::try_from(stretch.min(POINTS * 2)).expect("a small number");
        if self.curve.len() <= stretch {
            self.close_stretch();
            self.curve.resize(stretch + 1, self.now);
        }
        self.finder.cuts_until(at, &mut self.turnings);
    }

    /// It is drawn as of that instant.
    pub fn drawn_at(&mut self, at: SimTime) {
        self.time_is(at);
        self.close_stretch();
    }

    /// A copy without what has yet to be told.
    pub fn frame(&self) -> Scene {
        Scene { turnings: Vec::new(), touched: Vec::new(), ..self.clone() }
    }

    /// What it takes in memory, roughly, beside the pieces that are in `seen`; its own are from now on.
    pub fn bytes(&self, seen: &mut BTreeSet<usize>) -> usize {
        let own = self.dots.len() * 3 + self.curve.len() * size_of::<Point>();
        own + self.newest.bytes(seen) + self.rows.bytes(seen)
    }

    fn close_stretch(&mut self) {
        let now = self.now;
        if let Some(last) = self.curve.last_mut() {
            *last = now;
        }
    }

    fn stands(&mut self, fault: FaultId, stands: Stands) {
        if self.stands.len() <= fault.index() {
            self.stands.resize(fault.index() + 1, Stands::Waiting);
        }
        self.stands[fault.index()] = stands;
    }

    /// Events were missed: what hangs on them is unknown, and what comes may be about notices never heard of.
    fn row(&mut self, notice: NoticeId) -> Option<&mut Row> {
        self.rows.get_mut(notice.index())
    }

    fn created(&mut self, created: SimTime, notice: NoticeId, person: PersonId, send: Option<SendId>) {
        self.rows.grow(notice.index() + 1, Row::UNHEARD_OF);
        let counts = self.outside || send.is_some();
        if let Some(row) = self.rows.get_mut(notice.index()) {
            *row = Row { person, created, shown_as_dot: counts, dot: Dot::Waiting, ..Row::UNHEARD_OF };
        }
        if counts {
            self.notices += 1;
            self.paint(notice, Dot::Waiting);
        }
    }

    fn submitted(&mut self, attempt: AttemptId, medium: Medium) {
        self.now.attempts += 1;
        if let Some(slot) = self.row(attempt.notice).and_then(|row| row.media.get_mut(usize::from(attempt.ordinal))) {
            *slot = Some(medium);
        }
    }

    fn read(&mut self, notice: NoticeId) {
        if let Some(row) = self.row(notice).filter(|row| row.shown_as_dot && !row.opened) {
            row.opened = true;
            self.opened += 1;
        }
    }

    fn shown(&mut self, at: SimTime, attempt: AttemptId) {
        let Some(row) = self.rows.get(attempt.notice.index()).copied() else { return };
        let Some(Some(medium)) = row.media.get(usize::from(attempt.ordinal)).copied() else { return };
        if !row.shown_as_dot {
            return;
        }
        match row.dot {
            Dot::Idle | Dot::Waiting | Dot::Missed => {
                self.reached += 1;
                self.now.reached[medium.index()] += 1;
                let (dot, seconds) = (first(medium), at.since(row.created).micros().div_ceil(1_000_000));
                let class = (dot as usize).saturating_sub(Dot::Talk as usize).min(self.took.len() - 1);
                self.took[class][TOOK_S.partition_point(|bound| *bound < seconds)] += 1;
                self.paint(attempt.notice, dot);
            }
            Dot::Talk | Dot::Text | Dot::Other | Dot::Twice => self.paint(attempt.notice, Dot::Twice),
        }
    }

    fn given_up(&mut self, notice: NoticeId) {
        if self.rows.get(notice.index()).is_some_and(|row| row.shown_as_dot && row.dot == Dot::Waiting) {
            self.paint(notice, Dot::Missed);
        }
    }

    fn opened(&mut self, person: PersonId, network: Network) {
        let Some(lines) = self.online.get_mut(person.index()) else { return };
        if *lines & bit(network) != 0 {
            return;
        }
        *lines |= bit(network);
        self.cut_off[person.index()] &= !bit(network);
        let line = network.index();
        self.now.open[line] += 1;
        self.peak[line] = self.peak[line].max(self.now.open[line]);
        if network == Network::Kakao {
            self.set(person, |byte| byte & !CUT);
        }
    }

    fn closed(&mut self, person: PersonId, network: Network, by_fault: bool) {
        let Some(lines) = self.online.get_mut(person.index()) else { return };
        if *lines & bit(network) == 0 {
            return;
        }
        *lines &= !bit(network);
        self.now.open[network.index()] -= 1;
        if by_fault {
            self.cut_off[person.index()] |= bit(network);
        }
        if network == Network::Kakao && by_fault {
            self.set(person, |byte| byte | CUT);
        }
    }

    fn was_cut(&self, person: PersonId, network: Network) -> bool {
        self.cut_off.get(person.index()).is_some_and(|lines| lines & bit(network) != 0)
    }

    /// A notice's state, and its person's unless a newer notice stands there.
    fn paint(&mut self, notice: NoticeId, dot: Dot) {
        let Some(row) = self.row(notice) else { return };
        row.dot = dot;
        let person = row.person;
        let Some(newest) = self.newest.get_mut(person.index()) else { return };
        if newest.is_some_and(|newest| newest > notice) {
            return;
        }
        *newest = Some(notice);
        let byte = self.dots[person.index()];
        self.states[usize::from(byte & !CUT)] -= 1;
        self.states[dot as usize] += 1;
        self.set(person, |byte| byte & CUT | dot as u8);
    }

    fn set(&mut self, person: PersonId, change: impl Fn(u8) -> u8) {
        let Some(byte) = self.dots.get_mut(person.index()) else { return };
        let new = change(*byte);
        if new != *byte {
            *byte = new;
            self.touched.push(person.0);
        }
    }
}

/// The networks that a phone is connected to when a run begins.
fn connected(plan: &Plan, who: &Person) -> u8 {
    let lines = Network::ALL.into_iter().filter(|network| plan.networks[network.index()].sessions);
    lines.filter(|network| behaviour::connects(plan, who, *network)).map(bit).fold(0, |all, line| all | line)
}

const fn bit(network: Network) -> u8 {
    1 << network as u8
}

/// The state of a notice that was first shown by that medium.
const fn first(medium: Medium) -> Dot {
    match medium {
        Medium::Alimtalk | Medium::Brand | Medium::Certified | Medium::Chat => Dot::Talk,
        Medium::Sms | Medium::Lms => Dot::Text,
        Medium::Email | Medium::Letter | Medium::Registered | Medium::Broadcast | Medium::Call | Medium::Push => {
            Dot::Other
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{CUT, Dot, Scene, TOOK_S};
    use crate::sim::engine::Phones;
    use crate::sim::model::event::{End, Event, EventKind as E};
    use crate::sim::model::ids::{AttemptId, FaultId, KindId, NoticeId, PersonId, SendId};
    use crate::sim::model::medium::{Medium, Network};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;
    use crate::sim::time::SimTime;

    fn played(events: &[(u64, E)]) -> Scene {
        let plan = sample::rent();
        let mut scene = Scene::new(&plan, &Population::of(&plan), Phones::Outside);
        for (secs, kind) in events {
            scene.observe(&Event { at: SimTime::from_micros(secs * 1_000_000), kind: *kind });
        }
        scene
    }

    fn created(notice: u32, person: u32) -> E {
        let (notice, person) = (NoticeId(notice), PersonId(person));
        E::Created { notice, person, kind: KindId(0), send: Some(SendId(0)) }
    }

    fn tried(notice: u32, ordinal: u8, medium: Medium) -> [(u64, E); 2] {
        let (attempt, person) = (AttemptId { notice: NoticeId(notice), ordinal }, PersonId(notice));
        [
            (1, E::Submitted { attempt, medium, person }),
            (20, E::Shown { attempt, person, copy: 0, fault: Some(FaultId(0)) }),
        ]
    }

    #[test]
    fn a_dot_goes_from_waiting_to_reached_to_twice_and_the_rest_is_missed() {
        let mut events = vec![(0, created(0, 0)), (0, created(1, 1)), (0, created(2, 2))];
        events.extend(tried(0, 0, Medium::Alimtalk));
        events.extend(tried(1, 1, Medium::Lms));
        events.extend(tried(1, 0, Medium::Alimtalk));
        let waiting = played(&events);
        assert_eq!(waiting.dots[..4], [Dot::Talk as u8, Dot::Twice as u8, Dot::Waiting as u8, Dot::Idle as u8]);
        events.push((30, E::RunEnded { end: End::Stop }));
        let mut scene = played(&events);
        scene.drawn_at(SimTime::from_micros(30_000_000));
        assert_eq!(scene.dots[2], Dot::Missed as u8);
        assert_eq!(scene.states, [997, 0, 1, 0, 0, 1, 1]);
        assert_eq!((scene.notices, scene.reached), (3, 2));
        let reached = scene.now.reached;
        assert_eq!((reached[Medium::Alimtalk.index()], reached[Medium::Lms.index()], scene.now.attempts), (1, 1, 3));
        let within = |seconds: u64| TOOK_S.iter().position(|bound| *bound >= seconds).expect("a stretch");
        assert_eq!((scene.took[0][within(20)], scene.took[1][within(20)]), (1, 1));
        assert_eq!(scene.took.iter().flatten().sum::<u64>(), scene.reached);
        assert_eq!(scene.hits, [3]);
        let curve: Vec<u64> = scene.curve.iter().map(|row| row.reached[Medium::Lms.index()]).collect();
        assert_eq!(curve, [0, 1, 1], "a stretch is 15 s of the hour");
    }

    #[test]
    fn a_cut_line_is_seen_on_the_dot_until_it_is_back() {
        let (person, network, fault) = (PersonId(5), Network::Kakao, Some(FaultId(0)));
        let mut events = vec![(0, created(0, 5)), (0, E::SessionOpened { person, network })];
        events.push((1, E::SessionClosed { person, network, fault }));
        let scene = played(&events);
        assert_eq!(scene.dots[5], CUT | Dot::Waiting as u8);
        assert_eq!((scene.now.open[0], scene.peak[0], scene.states[Dot::Waiting as usize]), (0, 1, 1));
        events.push((9, E::SessionOpened { person, network }));
        assert_eq!(played(&events).dots[5], Dot::Waiting as u8);
    }

    #[test]
    fn phones_that_the_engine_plays_are_connected_before_any_event() {
        let plan = sample::rent();
        let scene = Scene::new(&plan, &Population::of(&plan), Phones::Simulated);
        assert!(scene.now.open[Network::Kakao.index()] > 800, "{:?}", scene.now.open);
        assert_eq!(scene.now.open, scene.peak);
        assert_eq!(scene.now.open[Network::Post.index()], 0, "the post has no sessions");
    }

    #[test]
    fn a_reply_of_the_desk_changes_no_dot() {
        let (notice, person) = (NoticeId(0), PersonId(0));
        let scene = played(&[(0, E::Created { notice, person, kind: KindId(0), send: None })]);
        assert_eq!((scene.dots[0], scene.notices), (Dot::Idle as u8, 0));
    }
}
