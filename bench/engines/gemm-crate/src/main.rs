//! The `gemm` crate, on which candle and faer are based: matrix products.

use bench_work::{Prepared, Work, fill, probe, serve, threads};
use gemm::Parallelism;

fn main() {
    let threads = threads();
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().expect("the first pool");
    let parallelism = if threads == 1 { Parallelism::None } else { Parallelism::Rayon(threads) };
    serve("0.19.0", |work| {
        let &Work::Gemm { m, k, n } = work else { return None };
        let (a, b) = (fill(m * k, 1), fill(k * n, 2));
        let mut c = vec![0.0f32; m * n];
        let mut multiply = move || {
            // SAFETY: A [m, k], B [k, n] and C [m, n] are row-major, as the strides say.
            unsafe {
                gemm::gemm(
                    m,
                    n,
                    k,
                    c.as_mut_ptr(),
                    1,
                    n as isize,
                    false,
                    a.as_ptr(),
                    1,
                    k as isize,
                    b.as_ptr(),
                    1,
                    n as isize,
                    0.0,
                    1.0,
                    false,
                    false,
                    false,
                    parallelism,
                );
            }
            probe(&c)
        };
        let check = multiply();
        Prepared::new(check, 1, move || {
            multiply();
        })
    });
}
