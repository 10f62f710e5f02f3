//! A method in progress: it asks for points, and is told the values there.

use super::method::{Failure, Method, Move, Point, Wants};
use crate::archive::Archive;

/// The result of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// It asks for another point.
    Asking,
    /// A step is complete, or the start is known: [`Descent::begin`] continues from there.
    Arrived,
    /// It cannot go on, and stays where it is.
    Stuck(Failure),
}

/// A minimisation by a method. The caller decides when it ends.
pub struct Descent {
    method: Box<dyn Method>,
    before: Option<Point>,
    here: Option<Point>,
    asked: Vec<f64>,
    wants: Wants,
    /// Whether the answer is the end of a step.
    goes: bool,
}

impl Descent {
    /// From a start.
    pub fn new(start: Vec<f64>, method: Box<dyn Method>) -> Self {
        let wants = method.wants();
        Self { method, before: None, here: None, asked: start, wants, goes: true }
    }

    /// The point that it asks for, and what is wanted there.
    pub fn ask(&self) -> (&[f64], Wants) {
        (&self.asked, self.wants)
    }

    /// Passes the values at that point. The point may have been rounded; values that are not finite count as too far.
    pub fn tell(&mut self, there: Point) -> Event {
        let next = match &self.here {
            Some(here) if !self.goes => self.method.tried(here, &there),
            _ => Move::Arrive,
        };
        if let Move::Arrive = next {
            if self.method.adjusts() && self.here.as_ref().is_some_and(|here| here.x == there.x) {
                // The step is too short for the precision of numbers.
                return Event::Stuck(Failure::NoDecrease);
            }
            self.before = self.here.replace(there);
        }
        self.follow(next)
    }

    /// Begins the next step.
    pub fn begin(&mut self) -> Event {
        match &self.here {
            Some(here) => {
                let next = self.method.next(here, self.before.as_ref());
                self.follow(next)
            }
            None => Event::Asking,
        }
    }

    fn follow(&mut self, next: Move) -> Event {
        (self.asked, self.wants, self.goes) = match next {
            Move::Try(x, wants) => (x, wants, false),
            Move::Go(x) => (x, self.method.wants(), true),
            Move::Arrive => return Event::Arrived,
            Move::Stuck(why) => return Event::Stuck(why),
        };
        Event::Asking
    }

    /// Exchanges its state between two steps with an archive.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        let n = self.asked.len();
        for point in [&mut self.before, &mut self.here] {
            let mut known = point.is_some();
            archive.flag(&mut known);
            if known {
                point.get_or_insert_default().exchange(archive, n);
            }
        }
        self.method.exchange(archive, n);
    }

    /// The current point; `None` until the start is known.
    pub fn here(&self) -> Option<&Point> {
        self.here.as_ref()
    }

    /// The point where the last step began.
    pub fn before(&self) -> Option<&Point> {
        self.before.as_ref()
    }

    /// The method.
    pub fn method(&self) -> &dyn Method {
        self.method.as_ref()
    }
}
