//! Gradient descent, x − ε·∇f (Cauchy, "Méthode générale pour la résolution des systèmes d'équations
//! simultanées", 1847).

use super::line_search::{LineSearch, Next};
use super::method::{Method, Move, Point, along};
use super::rate::Rate;
use crate::error::Result;

/// Gradient descent with a learning rate that is fixed, decays, or is found anew along each line.
pub struct GradientDescent {
    rate: Rate,
    step: u64,
    search: Option<LineSearch>,
    /// The rate of the last step.
    last: Option<f64>,
}

impl GradientDescent {
    /// With this learning rate.
    pub fn new(rate: Rate) -> Result<Self> {
        rate.check()?;
        Ok(Self { rate, step: 0, search: None, last: None })
    }
}

impl Method for GradientDescent {
    fn next(&mut self, here: &Point) -> Result<Move> {
        if let Some(rate) = self.rate.at(self.step) {
            self.step += 1;
            self.last = Some(rate);
            return Ok(Move::Go(along(&here.x, -rate, &here.gradient)));
        }
        // The first step is as long as the gradient at most, and at most 1.
        let length = here.gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
        let search = LineSearch::new(here.value, self.last.unwrap_or((1.0 / length).min(1.0)));
        let first = search.first();
        self.search = Some(search);
        Ok(Move::Try(along(&here.x, -first, &here.gradient)))
    }

    fn tried(&mut self, here: &Point, value: f64) -> Move {
        match self.search.as_mut().map(|search| search.tell(value)) {
            Some(Next::Try(t)) => Move::Try(along(&here.x, -t, &here.gradient)),
            Some(Next::Found(t)) => {
                self.last = Some(t);
                Move::Go(along(&here.x, -t, &here.gradient))
            }
            Some(Next::Nothing) | None => Move::Stuck,
        }
    }

    fn rate(&self) -> Option<f64> {
        self.last
    }

    fn adjusts(&self) -> bool {
        matches!(self.rate, Rate::Named(_))
    }
}
