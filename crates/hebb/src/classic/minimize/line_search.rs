//! Minimisation along a line: bracketing by golden steps, then Brent's parabolas ("Algorithms for minimization
//! without derivatives", 1973, chapter 5). A state machine: it asks for φ(t) at one t after another.

/// The golden section's ratio and its complement.
const GOLD: f64 = 1.618_033_988_749_895;
const SECTION: f64 = 0.381_966_011_250_105;

/// How exactly the minimum is found, relative to its place.
const TOLERANCE: f64 = 1e-6;
/// Trials until the best so far must do, and until no step seems short enough.
const MOST: u32 = 100;
const SHORTEST: u32 = 40;

/// A place on the line.
#[derive(Clone, Copy, Debug)]
struct At {
    t: f64,
    value: f64,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Next {
    /// Tell φ at this t.
    Try(f64),
    /// The minimum.
    Found(f64),
    /// However small the step, φ does not fall.
    Nothing,
}

/// What is known of the interval that holds a minimum.
#[derive(Clone, Copy, Debug)]
enum Phase {
    /// φ(first) has not been below φ(0) yet: steps get shorter.
    Shorten,
    /// φ falls from `before` to `here`: steps get longer until it rises.
    Lengthen {
        before: At,
        here: At,
    },
    Brent(Brent),
}

/// A search for t > 0 with the least φ(t), where φ falls at 0.
#[derive(Debug)]
pub struct LineSearch {
    start: At,
    phase: Phase,
    trial: f64,
    trials: u32,
}

impl LineSearch {
    /// From φ(0) and a first t to try.
    pub fn new(value: f64, first: f64) -> Self {
        Self { start: At { t: 0.0, value }, phase: Phase::Shorten, trial: first, trials: 0 }
    }

    /// The first question.
    pub fn first(&self) -> f64 {
        self.trial
    }

    /// Takes φ at the t asked for. What is not a number lies too far out.
    pub fn tell(&mut self, value: f64) -> Next {
        let value = if value.is_nan() { f64::INFINITY } else { value };
        let here = At { t: self.trial, value };
        self.trials += 1;
        let next = match &mut self.phase {
            Phase::Shorten if here.value < self.start.value => {
                self.phase = Phase::Lengthen { before: self.start, here };
                Next::Try(here.t * (1.0 + GOLD))
            }
            // Where a first t was too long, the minimum lies before it.
            Phase::Shorten if self.trials < SHORTEST => Next::Try(here.t * SECTION * 0.5),
            Phase::Shorten => Next::Nothing,
            Phase::Lengthen { before, here: last } if here.value >= last.value => {
                let (next, brent) = Brent::new(before.t, *last, here);
                self.phase = Phase::Brent(brent);
                next
            }
            Phase::Lengthen { .. } if self.trials >= MOST || here.value == f64::NEG_INFINITY => {
                Next::Found(here.t)
            }
            Phase::Lengthen { before, here: last } => {
                let further = here.t + GOLD * (here.t - last.t);
                (*before, *last) = (*last, here);
                Next::Try(further)
            }
            Phase::Brent(brent) if self.trials >= MOST => Next::Found(brent.tell(here).1),
            Phase::Brent(brent) => brent.tell(here).0,
        };
        if let Next::Try(t) = next {
            self.trial = t;
        }
        next
    }
}

/// Brent's method on (low, high) around the best of three places.
#[derive(Clone, Copy, Debug)]
struct Brent {
    low: f64,
    high: f64,
    best: At,
    second: At,
    third: At,
    /// The last step and the one before it.
    step: f64,
    before: f64,
}

impl Brent {
    fn new(low: f64, best: At, high: At) -> (Next, Self) {
        let width = high.t - low;
        let mut brent =
            Self { low, high: high.t, best, second: high, third: high, step: width, before: width };
        (brent.next(), brent)
    }

    /// The next question, or the answer.
    fn next(&mut self) -> Next {
        let At { t: x, value: fx } = self.best;
        let middle = 0.5 * (self.low + self.high);
        let tolerance = TOLERANCE * x.abs() + f64::MIN_POSITIVE;
        if (x - middle).abs() <= 2.0 * tolerance - 0.5 * (self.high - self.low) {
            return Next::Found(x);
        }
        // The parabola through the three best places, if it lies inside and its steps get shorter.
        let r = (x - self.second.t) * (fx - self.third.value);
        let q = (x - self.third.t) * (fx - self.second.value);
        let p = (x - self.third.t) * q - (x - self.second.t) * r;
        let q = 2.0 * (q - r);
        let step = -p / q;
        let inside = x + step > self.low && x + step < self.high;
        if step.is_finite() && inside && step.abs() < 0.5 * self.before.abs() {
            self.before = self.step;
            self.step = step;
            if x + step - self.low < 2.0 * tolerance || self.high - x - step < 2.0 * tolerance {
                self.step = if x < middle { tolerance } else { -tolerance };
            }
        } else {
            self.before = if x < middle { self.high - x } else { self.low - x };
            self.step = SECTION * self.before;
        }
        let least = if self.step > 0.0 { tolerance } else { -tolerance };
        Next::Try(x + if self.step.abs() >= tolerance { self.step } else { least })
    }

    /// Takes a trial; the next question, and the best place so far.
    fn tell(&mut self, here: At) -> (Next, f64) {
        if here.value <= self.best.value {
            *(if here.t >= self.best.t { &mut self.low } else { &mut self.high }) = self.best.t;
            (self.third, self.second, self.best) = (self.second, self.best, here);
        } else {
            *(if here.t < self.best.t { &mut self.low } else { &mut self.high }) = here.t;
            if here.value <= self.second.value || self.second.t == self.best.t {
                (self.third, self.second) = (self.second, here);
            } else if here.value <= self.third.value || self.third.t == self.second.t {
                self.third = here;
            }
        }
        (self.next(), self.best.t)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The minimum of φ from 0 on, and how many values it took.
    fn search(phi: impl Fn(f64) -> f64, first: f64) -> (Next, u32) {
        let mut search = LineSearch::new(phi(0.0), first);
        let mut next = Next::Try(search.first());
        let mut trials = 0;
        while let Next::Try(t) = next {
            next = search.tell(phi(t));
            trials += 1;
        }
        (next, trials)
    }

    #[test]
    fn minima_are_found_from_first_steps_much_too_long_and_too_short() {
        for first in [1e-6, 0.1, 1.0, 50.0, 1e6] {
            for (name, phi, minimum) in [
                ("parabola", &(|t: f64| (t - 3.0) * (t - 3.0)) as &dyn Fn(f64) -> f64, 3.0),
                ("quartic", &|t: f64| (t - 2.0).powi(4) - t, 2.0 + 0.25f64.cbrt()),
                ("wall", &|t: f64| if t < 5.0 { -t + 1.0 / (5.0 - t) } else { f64::NAN }, 4.0),
            ] {
                let (next, trials) = search(phi, first);
                let Next::Found(t) = next else { panic!("{name} from {first}: {next:?}") };
                assert!((t - minimum).abs() < 1e-4 && trials < 80, "{name} from {first}: {t}, {trials}");
            }
        }
    }

    #[test]
    fn what_never_falls_or_never_ends_is_said() {
        assert_eq!(search(|t| t, 1.0).0, Next::Nothing);
        assert!(matches!(search(|t| -t, 1.0).0, Next::Found(_)));
    }
}
