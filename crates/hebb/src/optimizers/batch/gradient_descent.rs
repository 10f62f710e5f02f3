//! Gradient descent, x − ε·∇f (Cauchy, "Méthode générale pour la résolution des systèmes d'équations
//! simultanées", 1847).

use super::along;
use super::line::{Line, Next, Search};
use super::method::{Failure, Method, Move, Point, Wants};
use super::rate::Rate;
use crate::archive::Archive;
use hebb_kernels::error::Result;

/// Gradient descent with a learning rate that is fixed, decays, or comes from a line search.
pub struct GradientDescent {
    rate: Rate,
    search: Search,
    step: u64,
    line: Option<Line>,
    /// The rate of the last step.
    last: Option<f64>,
}

impl GradientDescent {
    /// With this learning rate, and this method of line search.
    pub fn new(rate: Rate, search: Search) -> Result<Self> {
        rate.check()?;
        Ok(Self { rate, search, step: 0, line: None, last: None })
    }
}

impl Method for GradientDescent {
    fn next(&mut self, here: &Point, _: Option<&Point>) -> Move {
        if let Some(rate) = self.rate.at(self.step) {
            self.step += 1;
            self.last = Some(rate);
            return Move::Go(along(&here.x, -rate, &here.gradient));
        }
        // The first step is as long as the gradient at most, and at most 1.
        let length = here.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let first = self.last.unwrap_or((1.0 / length).min(1.0));
        self.line = Some(Line::new(self.search, here.value, first));
        Move::Try(along(&here.x, -first, &here.gradient), Wants::Value)
    }

    fn tried(&mut self, here: &Point, there: &Point) -> Move {
        match self.line.as_mut().map(|line| line.tell(there.value)) {
            Some(Next::Try(t)) => Move::Try(along(&here.x, -t, &here.gradient), Wants::Value),
            Some(Next::Found(t)) => {
                self.last = Some(t);
                Move::Go(along(&here.x, -t, &here.gradient))
            }
            Some(Next::Failed(why)) => Move::Stuck(why),
            None => Move::Stuck(Failure::NoDecrease),
        }
    }

    fn exchange(&mut self, archive: &mut Archive, _: usize) {
        archive.count(&mut self.step);
        archive.option(&mut self.last);
    }

    fn rate(&self) -> Option<f64> {
        self.last
    }

    fn adjusts(&self) -> bool {
        self.rate.at(0).is_none()
    }

    fn curvature(&self, before: &Point, here: &Point) -> Option<f64> {
        Some(here.curvature(before))
    }
}
