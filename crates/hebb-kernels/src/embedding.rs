//! Rows of a table by their numbers: tokens `[T][lanes]`, table `[vocabulary, units]`, output `[T][units][lanes]`. Copies need no
//! vectors; the lanes are those of a block, or one.

use std::ops::Range;

/// y\[t\] = the rows of the tokens of time step t. A token that is no row's number reads some row, never other memory.
pub fn forward(table: &[f32], tokens: &[f32], y: &mut [f32], units: usize, lanes: usize) {
    for (tokens, y) in tokens.chunks_exact(lanes).zip(y.chunks_exact_mut(units * lanes)) {
        for (lane, &token) in tokens.iter().enumerate() {
            let row = &table[number(token, table.len() / units) * units..][..units];
            row.iter().zip(y[lane..].iter_mut().step_by(lanes)).for_each(|(value, y)| *y = *value);
        }
    }
}

/// dtable += dy, for these columns of the table, in the order of time steps, then of the first `count` lanes.
///
/// # Safety
/// `gradient` points to `[vocabulary, units]` floats, of which nobody else uses these columns meanwhile.
pub unsafe fn backward(
    gradient: *mut f32,
    vocabulary: usize,
    tokens: &[f32],
    dy: &[f32],
    [units, lanes, count]: [usize; 3],
    columns: Range<usize>,
) {
    for (tokens, dy) in tokens.chunks_exact(lanes).zip(dy.chunks_exact(units * lanes)) {
        for (lane, &token) in tokens[..count].iter().enumerate() {
            let row = gradient.wrapping_add(number(token, vocabulary) * units);
            for column in columns.clone() {
                *row.add(column) += dy[column * lanes + lane];
            }
        }
    }
}

/// A token as the number of a row. NaN and negative numbers become 0.
fn number(token: f32, vocabulary: usize) -> usize {
    (token as usize).min(vocabulary - 1)
}
