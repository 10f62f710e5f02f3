//! Matrix products and dense layers.

use super::{alike, error_of_sum, lane, lane_f32, values, wide, within};
use hebb_kernels::random::Random;
use hebb_kernels::simd::Level;
use hebb_kernels::stored::{self as kernel, PANEL, Storage};
use hebb_kernels::{dense as full, naive, single};
use ndarray::{Array1, Array2, ArrayView2};

pub(in crate::selftest) fn gemm(random: &mut Random, level: Level) -> Result<(), String> {
    // Now and then large enough for several tasks and runs.
    let most = [9, 70, 300][random.below(8).saturating_sub(5)];
    let [m, k, n] = [0; 3].map(|_| random.below(most) + 1);
    let (a, b) = (values(random, m * k), values(random, k * n));
    let matrix = |values: Vec<f32>, rows, columns, turned: bool| {
        let shape = if turned { (columns, rows) } else { (rows, columns) };
        let matrix = Array2::from_shape_vec(shape, values).expect("the values of this shape");
        if turned { matrix.reversed_axes() } else { matrix }
    };
    let (a, b) = (matrix(a, m, k, random.below(2) == 0), matrix(b, k, n, random.below(2) == 0));
    let c = hebb_kernels::gemm::gemm(level, a.view(), b.view()).map_err(|error| error.to_string())?;
    let expected = naive::gemm(a.mapv(f64::from).view(), b.mapv(f64::from).view());
    within(&format!("[{m}, {k}] · [{k}, {n}]"), c.into_iter(), expected.into_iter(), error_of_sum(k))
}

/// A product with weights in fewer bits: the bits of [`dense`](full) with the decoded weights.
pub(in crate::selftest) fn stored(random: &mut Random, level: Level) -> Result<(), String> {
    let (block, storage) = (level.block(), [Storage::F16, Storage::Int8][random.below(2)]);
    let (inputs, units) = (random.below(300) + 1, random.below(40) + 1);
    let distance = inputs.max(units) * block;
    let batch = full::Blocks { count: random.below(3) + 1, x: distance, y: distance, samples: block };
    let (w, b) = (values(random, inputs * units), values(random, units));
    let b = if random.below(2) == 0 { b.as_ptr() } else { std::ptr::null() };
    let x = values(random, batch.count * distance);
    let first: Vec<f32> = x.iter().step_by(block).take(inputs).copied().collect();
    let mut words = vec![0.0f32; storage.words(inputs, units)];
    let mut decoded = vec![0.0f32; w.len()];
    let [mut y, mut expected] = [(); 2].map(|()| vec![0.0f32; x.len()]);
    let mut one = vec![0.0f32; units];
    // SAFETY: every slice has the size that inputs, units, block and the batch give it.
    unsafe {
        for (unit, row) in w.chunks(inputs).enumerate() {
            let panel = words.as_mut_ptr().add(unit / PANEL * storage.panel(inputs));
            storage.encode(row, panel, unit % PANEL);
            storage.decode(panel, unit % PANEL, &mut decoded[unit * inputs..][..inputs]);
        }
        full::forward(level, batch, decoded.as_ptr(), b, x.as_ptr(), expected.as_mut_ptr(), inputs, 0..units);
        for start in (0..units).step_by(PANEL) {
            let panel = words.as_ptr().add(start / PANEL * storage.panel(inputs));
            let b = if b.is_null() { b } else { b.add(start) };
            let (y, count) = (y.as_mut_ptr().add(start * block), PANEL.min(units - start));
            kernel::forward(level, storage, batch, panel, b, x.as_ptr(), y, inputs, count);
            let one = one.as_mut_ptr().add(start);
            kernel::single(level, storage, panel, b, first.as_ptr(), one, inputs, count);
        }
    }
    let shown = format!("{storage:?} [{units}, {inputs}], batch of {}", batch.count);
    if y != expected {
        return Err(format!("{shown} is not the product with the decoded weights"));
    }
    alike(&format!("a sample alone of {shown}"), &one, &y[..units * block], block)?;
    for (row, own) in w.chunks(inputs).zip(decoded.chunks(inputs)) {
        let largest = row.iter().fold(0.0f32, |most, value| most.max(value.abs()));
        // Half a unit of the last of 11 bits, or of 254 steps.
        let error = |value: f32| match storage {
            Storage::F16 => value.abs() / 2048.0 + 3e-8,
            Storage::Int8 => largest / 253.0,
        };
        if let Some((value, own)) = row.iter().zip(own).find(|&(&v, &own)| (v - own).abs() > error(v)) {
            return Err(format!("{shown}: {value} is stored as {own}"));
        }
    }
    Ok(())
}

pub(in crate::selftest) fn dense(random: &mut Random, level: Level) -> Result<(), String> {
    let block = level.block();
    // Now and then longer than a run.
    let most = [70, 600][random.below(8) / 7];
    let (inputs, units) = (random.below(most) + 1, random.below(40) + 1);
    let (inputs, units) = if random.below(2) == 0 { (inputs, units) } else { (units, inputs) };
    let distance = full::scratch(inputs, block).max(units) * block + 8;
    let batch = full::Blocks { count: random.below(3) + 1, x: distance, y: distance, samples: block };
    let size = batch.count * distance;
    let (w, b) = (values(random, inputs * units), values(random, units));
    let (x, dy) = (values(random, size), values(random, size));
    let (mut y, mut dx, mut xt) = (vec![0.0; size], vec![0.0; size], vec![0.0; size]);
    let (mut dw, mut db) = (vec![0.5f32; inputs * units], vec![0.5f32; units]);
    // The first sample, alone.
    let first: Vec<f32> = x.iter().step_by(block).take(inputs).copied().collect();
    let (mut one, mut packed_one) = (vec![0.0; units], vec![0.0; units]);
    let mut packed = vec![0.0; single::packed_dense(inputs, units)];
    // Odd cuts, as parallel parts would make them.
    let (cut, cut_in) = (random.below(units + 1), random.below(inputs + 1));
    // SAFETY: every slice has the size that inputs, units, block and the batch give it.
    unsafe {
        single::pack_dense(level, w.as_ptr(), b.as_ptr(), packed.as_mut_ptr(), inputs, units);
        let into = packed_one.as_mut_ptr();
        single::dense_packed(level, packed.as_ptr(), first.as_ptr(), into, inputs, units);
        for from in (0..size).step_by(distance) {
            full::transpose(level, x.as_ptr().add(from), xt.as_mut_ptr().add(from), inputs);
        }
        for rows in [0..cut, cut..units] {
            let (w, b, x, y) = (w.as_ptr(), b.as_ptr(), x.as_ptr(), y.as_mut_ptr());
            full::forward(level, batch, w, b, x, y, inputs, rows.clone());
            single::dense(level, w, b, first.as_ptr(), one.as_mut_ptr(), inputs, rows.clone());
            let (xt, dy, dw, db) = (xt.as_ptr(), dy.as_ptr(), dw.as_mut_ptr(), db.as_mut_ptr());
            full::backward_parameters(level, batch, xt, dy, dw, db, inputs, rows);
        }
        for rows in [0..cut_in, cut_in..inputs] {
            full::backward_input(level, batch, w.as_ptr(), dy.as_ptr(), dx.as_mut_ptr(), inputs, units, rows);
        }
    }
    alike("a sample alone", &one, &y[..units * block], block)?;
    alike("a sample alone, by packed weights", &packed_one, &y[..units * block], block)?;
    let w64 = wide(&w);
    let w64 = ArrayView2::from_shape((units, inputs), &w64).expect("w has this shape");
    let (mut dw64, mut db64) =
        (ndarray::Array2::from_elem((units, inputs), 0.5), Array1::from_elem(units, 0.5));
    for sample in 0..batch.count * block {
        let (l, from) = (sample % block, sample / block * distance);
        let own = |values: &[f32], features: usize| {
            Array1::from(lane(&values[from..][..features * block], l, block))
        };
        let (x, dy) = (own(&x, inputs), own(&dy, units));
        let expected = naive::dense(w64, Array1::from(wide(&b)).view(), x.view());
        let y = lane_f32(&y[from..][..units * block], l, block);
        within("y", y, expected.into_iter(), error_of_sum(inputs))?;
        let (dx64, share) = naive::dense_backward(w64, x.view(), dy.view());
        let dx = lane_f32(&dx[from..][..inputs * block], l, block);
        within("dx", dx, dx64.into_iter(), error_of_sum(units))?;
        dw64 += &share;
        db64 += &dy;
    }
    let samples = batch.count * block;
    within("dw", dw.into_iter(), dw64.into_iter(), error_of_sum(samples))?;
    within("db", db.into_iter(), db64.into_iter(), error_of_sum(samples))
}
