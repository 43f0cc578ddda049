//! The room: who is in the class, what the teacher said and asked, what everybody believed and when. A pure state machine:
//! instants of the run are arguments, and everything that grows has a bound.

use std::time::Duration;

use crate::host::class::bucket::Bucket;
use crate::host::class::code::{Code, SeatKey};
use crate::host::class::nickname::Nickname;
use crate::host::class::persona::Persona;
use crate::host::class::problem::{self, Problem};
use crate::host::class::role::Role;
use crate::host::control::run::RunId;
use crate::sim::time::SimTime;

/// Most members of a class.
pub const MEMBERS_MAX: usize = 60;
/// Members of a class, if its teacher does not say.
pub const MEMBERS_DEFAULT: usize = 40;
/// Most characters of a line, a complaint, or what somebody believes in words.
pub const LINE_CHARS_MAX: usize = 200;
/// Lines of the teacher that are kept; the oldest make room.
pub const LINES_MAX: usize = 20;
/// Questions of one run.
pub const ROUNDS_MAX: usize = 20;
/// Complaints that are kept; the oldest make room.
pub const COMPLAINTS_MAX: usize = 100;
/// What a seat may write at once, and how long until once more.
const WRITES: (u32, Duration) = (10, Duration::from_secs(1));

/// A class.
#[derive(Debug)]
pub struct Room {
    code: Code,
    seats_max: usize,
    members: Vec<Member>,
    last: u32,
    run: Option<RunId>,
    lines: Vec<Line>,
    rounds: Vec<SimTime>,
    complaints: Vec<Line>,
    lunch: bool,
    revealed: bool,
}

/// What somebody wants to be.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The nickname.
    pub nickname: Nickname,
    /// The role.
    pub role: Role,
    /// What is special about the phone.
    pub persona: Persona,
}

/// Somebody who sits in the class.
#[derive(Clone, Debug)]
pub struct Member {
    /// Never given again in this class; from 1.
    pub number: u32,
    /// The lowest free place when they came, from 0: which person of a run they are.
    pub place: usize,
    /// Who they are, what they play.
    pub wish: Wish,
    /// What they believed, in the order of the questions.
    pub beliefs: Vec<Belief>,
    key: SeatKey,
    writes: Bucket,
}

/// What somebody wrote down when the teacher asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belief {
    /// Which question, from 0.
    pub round: usize,
    /// When they answered.
    pub at: SimTime,
    /// How many of a hundred people have been reached, as they believe.
    pub percent: u8,
    /// Why, in their words; may be empty.
    pub words: String,
}

/// Something that was said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When in the run; zero without one.
    pub at: SimTime,
    /// What.
    pub text: String,
}

impl Room {
    /// An empty class.
    pub fn new(code: Code, seats: usize) -> Room {
        Room {
            code,
            seats_max: seats.clamp(1, MEMBERS_MAX),
            members: Vec::new(),
            last: 0,
            run: None,
            lines: Vec::new(),
            rounds: Vec::new(),
            complaints: Vec::new(),
            lunch: false,
            revealed: false,
        }
    }

    /// The code by which students come in.
    pub fn code(&self) -> &Code {
        &self.code
    }

    /// How many may sit here.
    pub fn seats_max(&self) -> usize {
        self.seats_max
    }

    /// Who sits here, in the order in which they came.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The run that the class follows.
    pub fn run(&self) -> Option<RunId> {
        self.run
    }

    /// What the teacher said, the oldest first.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// When the teacher asked, in this run.
    pub fn rounds(&self) -> &[SimTime] {
        &self.rounds
    }

    /// What citizens of the class complained about, in this run.
    pub fn complaints(&self) -> &[Line] {
        &self.complaints
    }

    /// Whether it is lunch time.
    pub fn is_lunch(&self) -> bool {
        self.lunch
    }

    /// Whether everybody may know everything.
    pub fn is_revealed(&self) -> bool {
        self.revealed
    }

    /// Another run goes on: what was asked and believed was about the one before. Seats and lines stay.
    pub fn follow(&mut self, run: RunId) {
        if self.run == Some(run) {
            return;
        }
        self.run = Some(run);
        self.rounds.clear();
        self.complaints.clear();
        self.members.iter_mut().for_each(|member| member.beliefs.clear());
        (self.lunch, self.revealed) = (false, false);
    }

    /// Somebody takes a seat.
    pub fn join(&mut self, key: SeatKey, wish: Wish) -> Result<&Member, Problem> {
        if self.members.len() >= self.seats_max {
            return Err(Problem::new(problem::CLASS_FULL, format!("all {} seats are taken", self.seats_max)));
        }
        if self.members.iter().any(|member| member.wish.nickname.is_like(&wish.nickname)) {
            return Err(Problem::new(problem::NICKNAME_TAKEN, "take another"));
        }
        self.last += 1;
        let taken = |place: &usize| self.members.iter().any(|member| member.place == *place);
        let place = (0..).find(|place| !taken(place)).expect("members are bounded");
        let writes = Bucket::new(WRITES.0, WRITES.1);
        self.members.push(Member { number: self.last, place, wish, beliefs: Vec::new(), key, writes });
        Ok(self.members.last().expect("it was pushed"))
    }

    /// Who sits on the seat of that key.
    pub fn seat(&self, key: &SeatKey) -> Option<&Member> {
        self.members.iter().find(|member| member.key.is(key))
    }

    /// A member by number.
    pub fn member(&self, number: u32) -> Option<&Member> {
        self.members.iter().find(|member| member.number == number)
    }

    fn member_mut(&mut self, number: u32) -> Result<&mut Member, Problem> {
        let unknown = || Problem::new(problem::UNKNOWN_MEMBER, format!("nobody has the number {number}"));
        self.members.iter_mut().find(|member| member.number == number).ok_or_else(unknown)
    }

    /// A seat is given up; its nickname and what was believed there are gone with it.
    pub fn leave(&mut self, number: u32) -> Result<(), Problem> {
        self.member_mut(number)?;
        self.members.retain(|member| member.number != number);
        Ok(())
    }

    /// A member plays another role.
    pub fn cast(&mut self, number: u32, role: Role) -> Result<(), Problem> {
        self.member_mut(number)?.wish.role = role;
        Ok(())
    }

    /// The teacher says something to everybody.
    pub fn tell(&mut self, at: SimTime, text: String) {
        push(&mut self.lines, LINES_MAX, Line { at, text });
    }

    /// The teacher asks what everybody believes.
    pub fn ask(&mut self, at: SimTime) -> Result<(), Problem> {
        if self.run.is_none() {
            return Err(Problem::new(problem::NO_RUN, "there is nothing yet to believe anything of"));
        }
        if self.rounds.len() >= ROUNDS_MAX {
            let detail = format!("{ROUNDS_MAX} questions have been asked in this run");
            return Err(Problem::new(problem::TOO_MANY_QUESTIONS, detail));
        }
        self.rounds.push(at);
        Ok(())
    }

    /// The bell: phones that wait for lunch may be opened.
    pub fn ring(&mut self) {
        self.lunch = true;
    }

    /// Everybody may know everything.
    pub fn reveal(&mut self) {
        self.revealed = true;
    }

    /// A seat wants to write something.
    pub fn writes(&mut self, number: u32, now: Duration) -> Result<(), Problem> {
        let slow_down = || Problem::new(problem::TOO_MANY_REQUESTS, "more than one a second from one seat");
        self.member_mut(number)?.writes.take(now).then_some(()).ok_or_else(slow_down)
    }

    /// A member answers the last question; a second answer replaces the first.
    pub fn believe(&mut self, number: u32, at: SimTime, percent: u8, words: String) -> Result<(), Problem> {
        let nothing = || Problem::new(problem::NOT_ASKED, "the teacher has not asked in this run");
        let round = self.rounds.len().checked_sub(1).ok_or_else(nothing)?;
        let member = self.member_mut(number)?;
        member.beliefs.retain(|belief| belief.round != round);
        member.beliefs.push(Belief { round, at, percent, words });
        Ok(())
    }

    /// A citizen complains to the press.
    pub fn complain(&mut self, at: SimTime, text: String) {
        push(&mut self.complaints, COMPLAINTS_MAX, Line { at, text });
    }
}

impl Member {
    /// The key of the seat, for the one who sits there.
    pub fn key(&self) -> &SeatKey {
        &self.key
    }

    /// Whether they answered that question.
    pub fn answered(&self, round: usize) -> bool {
        self.beliefs.iter().any(|belief| belief.round == round)
    }

    /// What they answered to the last of those questions that had been asked by that instant, whenever they wrote it
    /// down; without an answer, what they believed last by then.
    pub fn believed(&self, rounds: &[SimTime], at: SimTime) -> Option<&Belief> {
        let asked = rounds.iter().filter(|round| **round <= at).count();
        let answer = self.beliefs.iter().find(|belief| belief.round + 1 == asked);
        answer.or_else(|| self.beliefs.iter().rfind(|belief| belief.at <= at))
    }
}

fn push(lines: &mut Vec<Line>, most: usize, line: Line) {
    if lines.len() >= most {
        lines.remove(0);
    }
    lines.push(line);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{COMPLAINTS_MAX, LINES_MAX, MEMBERS_MAX, ROUNDS_MAX, Room, Wish};
    use crate::host::class::code::{Code, SeatKey};
    use crate::host::class::nickname::Nickname;
    use crate::host::class::persona::Persona;
    use crate::host::class::problem::Problem;
    use crate::host::class::role::Role;
    use crate::host::control::run::RunId;
    use crate::sim::time::SimTime;

    const fn at(second: u64) -> SimTime {
        SimTime::from_micros(second * 1_000_000)
    }

    fn room(seats: usize) -> Room {
        Room::new(Code::draw().expect("random numbers"), seats)
    }

    fn join(room: &mut Room, name: &str) -> Result<u32, &'static str> {
        let nickname = Nickname::read(name).expect("a nickname");
        let wish = Wish { nickname, role: Role::Citizen, persona: Persona::Plain };
        slug(room.join(SeatKey::draw().expect("random numbers"), wish).map(|member| member.number))
    }

    fn slug<T>(result: Result<T, Problem>) -> Result<T, &'static str> {
        result.map_err(|problem| problem.kind.slug)
    }

    #[test]
    fn seats_are_bounded_and_names_are_taken_once() {
        let mut class = room(2);
        assert_eq!(join(&mut class, "고래"), Ok(1));
        assert_eq!(join(&mut class, "고래"), Err("nickname-taken"));
        assert_eq!(join(&mut class, "Whale"), Ok(2));
        assert_eq!(join(&mut class, "새"), Err("class-full"));
        class.leave(1).expect("they sit there");
        assert_eq!(slug(class.leave(1)), Err("unknown-member"));
        assert_eq!(join(&mut class, "고래"), Ok(3), "the name is free, the number is not");
        assert_eq!(class.member(3).map(|member| member.place), Some(0), "the place is free too");
        assert_eq!((room(0).seats_max(), room(9_999).seats_max()), (1, MEMBERS_MAX));
    }

    #[test]
    fn a_key_opens_its_own_seat_and_no_other() {
        let mut class = room(2);
        join(&mut class, "고래").expect("room");
        let key = class.members()[0].key().clone();
        assert_eq!(class.seat(&key).map(|member| member.number), Some(1));
        assert!(class.seat(&SeatKey::draw().expect("random numbers")).is_none());
        class.leave(1).expect("they sit there");
        assert!(class.seat(&key).is_none());
    }

    #[test]
    fn beliefs_answer_a_question_and_stay_with_it() {
        let mut class = room(2);
        join(&mut class, "고래").expect("room");
        assert_eq!(slug(class.ask(at(1))), Err("no-run"));
        class.follow(RunId(1));
        assert_eq!(slug(class.believe(1, at(1), 50, String::new())), Err("not-asked"));
        class.ask(at(10)).expect("a run");
        class.believe(1, at(12), 90, "다 갔다".to_owned()).expect("asked");
        class.believe(1, at(14), 80, String::new()).expect("asked");
        class.ask(at(60)).expect("a run");
        class.believe(1, at(61), 20, String::new()).expect("asked");
        let member = &class.members()[0];
        let percent = |second| member.believed(class.rounds(), at(second)).map(|belief| belief.percent);
        let expected = [None, Some(80), Some(80), Some(80), Some(20), Some(20)];
        assert_eq!([9, 10, 13, 59, 60, 99].map(percent), expected, "the answer stands beside its question");
        assert!(member.answered(0) && member.answered(1) && !member.answered(2));
        class.ask(at(100)).expect("a run");
        let member = &class.members()[0];
        let last = member.believed(class.rounds(), at(100)).map(|belief| belief.percent);
        assert_eq!(last, Some(20), "no answer yet: what they believed before");
    }

    #[test]
    fn another_run_begins_with_nothing_known() {
        let mut class = room(2);
        join(&mut class, "고래").expect("room");
        class.follow(RunId(1));
        class.ask(at(1)).expect("a run");
        class.believe(1, at(2), 50, String::new()).expect("asked");
        class.complain(at(3), "안 와요".to_owned());
        class.ring();
        class.reveal();
        class.follow(RunId(1));
        assert!(class.is_lunch() && class.is_revealed() && class.complaints().len() == 1);
        class.follow(RunId(2));
        assert!(
            !class.is_lunch() && !class.is_revealed() && class.complaints().is_empty() && class.rounds().is_empty()
        );
        assert!(class.members()[0].beliefs.is_empty());
    }

    #[test]
    fn what_grows_has_a_bound() {
        let mut class = room(2);
        join(&mut class, "고래").expect("room");
        class.follow(RunId(1));
        (0..LINES_MAX as u64 + 5).for_each(|second| class.tell(at(second), "줄".to_owned()));
        (0..COMPLAINTS_MAX as u64 + 5).for_each(|second| class.complain(at(second), "줄".to_owned()));
        assert_eq!((class.lines().len(), class.lines()[0].at), (LINES_MAX, at(5)));
        assert_eq!((class.complaints().len(), class.complaints()[0].at), (COMPLAINTS_MAX, at(5)));
        let asked = (0..ROUNDS_MAX as u64 + 5).filter(|second| class.ask(at(*second)).is_ok()).count();
        assert_eq!(asked, ROUNDS_MAX);
        let wrote = (0..50).filter(|_| class.writes(1, Duration::ZERO).is_ok()).count();
        assert_eq!((wrote, slug(class.writes(1, Duration::ZERO))), (10, Err("too-many-requests")));
    }

    #[test]
    fn the_teacher_casts_roles() {
        let mut class = room(2);
        join(&mut class, "고래").expect("room");
        class.cast(1, Role::Press).expect("they sit there");
        assert_eq!(class.members()[0].wish.role, Role::Press);
        assert_eq!(slug(class.cast(7, Role::Press)), Err("unknown-member"));
    }
}
