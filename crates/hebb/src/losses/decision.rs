//! What an output decides, and how many of its answers are right. Used by training, evaluation and classification.

use super::term::ErrorTerm;
use crate::archive::Archive;
use crate::data::Kinds;
use crate::options::Activation;
use crate::plan::Output;

/// What an output decides.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decision {
    /// One class of several: the one with the largest value, the first of equal ones.
    Class,
    /// Per value, whether its label holds: if it is above the threshold. A single value tells class 0 from class 1.
    Labels {
        /// ½ for probabilities, 0 for logits and for targets −1 and 1.
        threshold: f32,
    },
    /// Nothing: its values are the result, as in a regression.
    Nothing,
}

const HALF: Decision = Decision::Labels { threshold: 0.5 };
pub(super) const SIGN: Decision = Decision::Labels { threshold: 0.0 };

impl Decision {
    /// The decision of an output trained with this loss; `targets` are those that it is measured by, if any.
    ///
    /// Class numbers make any output a classifier. Other targets make an output no classifier if they are values that it cannot
    /// decide: fractions after a sigmoid are a regression.
    pub(super) fn new(loss: &dyn ErrorTerm, output: &Output, targets: Option<Kinds>) -> Self {
        let several = output.features() > output.steps();
        let classes = targets.is_some_and(|kinds| kinds.classes);
        let binary = targets.is_none_or(|kinds| kinds.binary);
        let signs = targets.is_none_or(|kinds| kinds.signs);
        if let Some(decision) = loss.decision(targets) {
            return decision;
        }
        match &output.activation {
            Activation::Softmax | Activation::LogSoftmax => Decision::Class,
            _ if classes && several => Decision::Class,
            _ if classes => HALF,
            Activation::Sigmoid | Activation::HardSigmoid | Activation::Step if binary => HALF,
            _ if loss.has_labels() && binary => HALF,
            Activation::Sign if signs => SIGN,
            // A class without targets is that of the largest value.
            _ if targets.is_none() && several => Decision::Class,
            _ => Decision::Nothing,
        }
    }

    /// Answers per sample and time step of an output of this many values: a class is one, each label is one.
    pub(crate) fn answers(self, outputs: usize) -> usize {
        match self {
            Decision::Class => 1,
            Decision::Labels { .. } => outputs,
            Decision::Nothing => 0,
        }
    }

    /// Of the `active` lanes of a block `[outputs][lanes]` the answers, the right ones, and a bit for each lane with a wrong
    /// one. NaN is wrong.
    pub(super) fn judge(
        self,
        answer: &[f32],
        targets: &[f32],
        active: impl Iterator<Item = usize>,
        lanes: usize,
    ) -> (usize, usize, u64) {
        let (mut all, mut right, mut wrong) = (0, 0, 0);
        for lane in active {
            let (asked, hits) = match self {
                Decision::Class => {
                    let best = |all: &[f32]| largest(all[lane..].iter().step_by(lanes));
                    (1, usize::from(best(answer) == best(targets)))
                }
                Decision::Labels { threshold } => {
                    let mut hits = 0;
                    for at in (lane..answer.len()).step_by(lanes) {
                        let (a, t) = (answer[at], targets[at]);
                        hits += usize::from(!a.is_nan() && (a > threshold) == (t > threshold));
                    }
                    (answer.len() / lanes, hits)
                }
                Decision::Nothing => return (0, 0, 0),
            };
            (all, right) = (all + asked, right + hits);
            wrong |= u64::from(hits < asked) << lane;
        }
        (all, right, wrong)
    }
}

/// The index of the largest value, the first of equal ones; `None` with NaN.
fn largest<'a>(values: impl Iterator<Item = &'a f32>) -> Option<usize> {
    let mut best: Option<(usize, f32)> = None;
    for (at, &value) in values.enumerate() {
        if value.is_nan() {
            return None;
        }
        if best.is_none_or(|(_, most)| value > most) {
            best = Some((at, value));
        }
    }
    best.map(|(at, _)| at)
}

/// Counts of answers and of right ones.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Score {
    /// Samples with answers.
    pub samples: usize,
    /// Maximum answers per sample, over all outputs that decide; 0 if none does, or if samples were asked otherwise.
    pub answers: usize,
    /// Answers.
    pub asked: usize,
    /// Right answers.
    pub correct: usize,
    /// Samples without a wrong answer.
    pub exact: usize,
}

impl Score {
    /// Exchanges it with an archive.
    pub(crate) fn exchange(&mut self, archive: &mut Archive) {
        let Score { samples, answers, asked, correct, exact } = self;
        [samples, answers, asked, correct, exact].into_iter().for_each(|count| archive.size(count));
    }

    /// Adds the score of other samples.
    pub fn add(&mut self, other: Score) {
        let answers = if self.samples == 0 || self.answers == other.answers { other.answers } else { 0 };
        *self = Score {
            samples: self.samples + other.samples,
            answers,
            asked: self.asked + other.asked,
            correct: self.correct + other.correct,
            exact: self.exact + other.exact,
        };
    }

    /// The fraction of right answers; NaN if nothing is decided.
    pub fn accuracy(&self) -> f64 {
        if self.answers == 0 { f64::NAN } else { self.correct as f64 / self.asked as f64 }
    }

    /// The fraction of samples with all answers right; NaN unless each has several.
    pub fn exact_match(&self) -> f64 {
        if self.answers < 2 { f64::NAN } else { self.exact as f64 / self.samples as f64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_judged_by_lane() {
        // Two samples in four lanes: [0.2, 0.7, 0.7] and [NaN, 1, 0].
        let answer = [0.2, f32::NAN, 9.0, 9.0, 0.7, 1.0, 9.0, 9.0, 0.7, 0.0, 9.0, 9.0];
        let targets = [0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0];
        assert_eq!(Decision::Class.judge(&answer, &targets, 0..2, 4), (2, 1, 0b10));
        // Labels of the first: 0, 1, 1; of the second: NaN, 1, 0.
        assert_eq!(HALF.judge(&answer, &targets, 0..2, 4), (6, 5, 0b10));
        assert_eq!(HALF.judge(&answer, &targets, 1..2, 4), (3, 2, 0b10));
        assert_eq!(Decision::Nothing.judge(&answer, &targets, 0..2, 4), (0, 0, 0));
        // ½ itself is class 0, and 0 is −1.
        assert_eq!(HALF.judge(&[0.5], &[0.0], 0..1, 1), (1, 1, 0));
        assert_eq!(SIGN.judge(&[0.0, 0.1], &[-1.0, 1.0], 0..2, 2), (2, 2, 0));
    }

    #[test]
    fn a_score_claims_nothing_of_samples_that_were_asked_otherwise() {
        let one = |answers| Score { samples: 2, answers, asked: 2 * answers, correct: answers, exact: 1 };
        let mut score = Score::default();
        assert!(score.accuracy().is_nan());
        score.add(one(3));
        assert_eq!((score.accuracy(), score.exact_match()), (0.5, 0.5));
        score.add(one(3));
        assert_eq!((score.accuracy(), score.exact_match()), (0.5, 0.5));
        score.add(one(1));
        score.add(one(1));
        assert!(score.accuracy().is_nan() && score.exact_match().is_nan());
        score = Score::default();
        score.add(one(1));
        assert!(score.accuracy() == 0.5 && score.exact_match().is_nan());
    }
}
