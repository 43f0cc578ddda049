//! Which of the run's people a student is: always the same for the same seat, spread over everybody, never two the same.

use crate::sim::model::ids::PersonId;
use crate::sim::model::person::{KakaoState, PhoneState};
use crate::sim::plan::population::Population;

/// The person of a place (from 0): somebody whose phone is on and who uses the messenger. `None` when the run has too few.
pub fn of_place(people: &Population, place: usize) -> Option<PersonId> {
    let fit = |(_, who): &(usize, &_)| {
        let who: &crate::sim::model::person::Person = who;
        who.phone == PhoneState::Powered && who.kakao == KakaoState::Active
    };
    let fitting: Vec<usize> = people.all().iter().enumerate().filter(fit).map(|(index, _)| index).collect();
    let index = fitting.get(spread(place, fitting.len())?)?;
    u32::try_from(*index).ok().map(PersonId)
}

/// The place-th of the numbers below `count` in an order in which the first few lie far apart: bits are read backwards,
/// and what is too large is left out.
fn spread(place: usize, count: usize) -> Option<usize> {
    if place >= count {
        return None;
    }
    let bits = count.next_power_of_two().trailing_zeros();
    let backwards = |number: usize| if bits == 0 { 0 } else { number.reverse_bits() >> (usize::BITS - bits) };
    (0..1 << bits).map(backwards).filter(|number| *number < count).nth(place)
}

#[cfg(test)]
mod tests {
    use super::{of_place, spread};
    use crate::sim::model::person::{KakaoState, PhoneState};
    use crate::sim::plan::population::Population;
    use crate::sim::plan::sample;

    #[test]
    fn places_are_spread_and_each_is_taken_once() {
        let order = |count: usize| (0..count).filter_map(|place| spread(place, count)).collect::<Vec<_>>();
        assert_eq!(order(8), [0, 4, 2, 6, 1, 5, 3, 7]);
        for count in [1, 2, 3, 7, 100, 1_000] {
            let mut all = order(count);
            all.sort_unstable();
            assert_eq!(all, (0..count).collect::<Vec<_>>());
        }
        assert_eq!((spread(0, 0), spread(3, 3)), (None, None));
    }

    #[test]
    fn a_student_has_a_phone_that_works() {
        let people = Population::of(&sample::rent());
        let mut taken: Vec<_> = (0..60).map(|place| of_place(&people, place).expect("a thousand people")).collect();
        for person in &taken {
            let who = people.get(*person).expect("of the run");
            assert_eq!((who.phone, who.kakao), (PhoneState::Powered, KakaoState::Active));
        }
        taken.sort_unstable();
        taken.dedup();
        assert_eq!(taken.len(), 60);
        assert_eq!(of_place(&people, 5_000), None);
    }
}
