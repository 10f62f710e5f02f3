//! Expressions compiled to programs: only the operations that the results need, in slots that are reused.

use super::Operation::{self, *};

/// Maximum results alive at once: the slots of a run.
pub const SLOTS: usize = 48;

/// The place that a step reads or writes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A slot of the run.
    Slot(usize),
    /// An input, or, for a step's result, an output.
    Outside(usize),
}

/// An operation on places.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its operands are indices into `reads`.
    pub operation: Operation,
    /// The operands' places.
    pub reads: [Target; 4],
    /// The result's place.
    pub result: Target,
}

/// Steps that compute the results of an expression, and constants that exist before.
#[derive(Clone, Debug)]
pub struct Program {
    /// (slot, value).
    pub constants: Vec<(usize, f32)>,
    /// In order.
    pub steps: Vec<Step>,
    /// For each result that no step writes: the output, and the place of the value.
    pub copies: Vec<(usize, Target)>,
    /// Number of steps, weighted by their cost.
    pub cost: usize,
}

/// The operands of an operation.
fn reads(operation: &Operation) -> Vec<usize> {
    match *operation {
        Input(_) | Number(_) => Vec::new(),
        Power(a, _)
        | Exp(a)
        | Expm1(a)
        | Log(a)
        | Sqrt(a)
        | Abs(a)
        | Tanh(a)
        | Sigmoid(a)
        | Softplus(a)
        | Erf(a) => {
            vec![a]
        }
        Plus(a, b) | Minus(a, b) | Times(a, b) | Over(a, b) | Maximum(a, b) | Minimum(a, b) => vec![a, b],
        Where(a, b, c, d) => vec![a, b, c, d],
    }
}

fn cost(operation: &Operation) -> usize {
    match operation {
        Exp(_) | Expm1(_) | Log(_) | Tanh(_) | Sigmoid(_) | Power(..) => 12,
        Softplus(_) | Erf(_) => 24,
        Over(..) | Sqrt(_) => 4,
        _ => 1,
    }
}

impl Program {
    /// A program that writes the operations `results` to the outputs 0, 1, ….
    pub fn new(operations: &[Operation], results: &[usize]) -> Result<Self, String> {
        let mut last = vec![None; operations.len()];
        results.iter().for_each(|&result| last[result] = Some(operations.len()));
        for (at, operation) in operations.iter().enumerate().rev() {
            if last[at].is_some() {
                for read in reads(operation) {
                    last[read] = last[read].max(Some(at));
                }
            }
        }
        let mut program = Self { constants: Vec::new(), steps: Vec::new(), copies: Vec::new(), cost: 1 };
        let mut places: Vec<Option<Target>> = vec![None; operations.len()];
        let mut free: Vec<usize> = (0..SLOTS).rev().collect();
        let full = "the expression is too large: too many of its values are needed at once";
        // Constants first: they keep their slots for the whole run.
        for (at, operation) in operations.iter().enumerate().filter(|(at, _)| last[*at].is_some()) {
            match *operation {
                Number(value) => {
                    let slot = free.pop().ok_or(full)?;
                    program.constants.push((slot, value as f32));
                    places[at] = Some(Target::Slot(slot));
                }
                Input(input) => places[at] = Some(Target::Outside(input)),
                _ => {}
            }
        }
        for (at, operation) in operations.iter().enumerate().filter(|(at, _)| last[*at].is_some()) {
            if places[at].is_some() {
                continue;
            }
            let mut from = [Target::Slot(0); 4];
            let numbers = reads(operation);
            for (from, &number) in from.iter_mut().zip(&numbers) {
                *from = places[number].ok_or("an operation reads a later one")?;
            }
            // A step may write where it reads, because it works value by value.
            for &number in &numbers {
                let ends = last[number] == Some(at) && !matches!(operations[number], Number(_) | Input(_));
                if let (true, Some(Target::Slot(slot))) = (ends, places[number])
                    && !free.contains(&slot)
                {
                    free.push(slot);
                }
            }
            let result = Target::Slot(free.pop().ok_or(full)?);
            places[at] = Some(result);
            program.cost += cost(operation);
            program.steps.push(Step { operation: *operation, reads: from, result });
        }
        for (output, &result) in results.iter().enumerate() {
            let place = places[result].ok_or("a result is not computed")?;
            program.copies.push((output, place));
        }
        Ok(program)
    }
}
