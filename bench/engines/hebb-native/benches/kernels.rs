//! Each kernel alone, compared with the machine's peak: for work on kernels.
//!
//! ```sh
//! cargo bench --manifest-path bench/engines/Cargo.toml -p bench-hebb-native -- gemm
//! RAYON_NUM_THREADS=2 cargo bench …
//! ```
//! An item is a floating-point operation, so Gitem/s are GFLOP/s; bytes are operands read and results written
//! once.

use bench_work::fill;
use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use hebb::selftest::probe::convolution::{Convolution, Pass};
use hebb::selftest::probe::peak;
use hebb::simd::Level;
use ndarray::Array2;

fn main() {
    divan::main();
}

/// The roof: independent multiply–adds, and reading a quarter of a GiB.
mod peak_of_the_machine {
    use super::*;

    #[divan::bench]
    fn madds(bencher: Bencher) {
        bencher.counter(ItemsCount::new(peak::madds(Level::best()))).bench(|| peak::madds(Level::best()));
    }

    #[divan::bench]
    fn read(bencher: Bencher) {
        let values = vec![1.0; 1 << 26];
        bencher
            .counter(BytesCount::of_slice(&values))
            .bench(|| peak::read(Level::best(), black_box(&values)));
    }
}

const SHAPES: [[usize; 3]; 8] = [
    [256, 256, 256],
    [512, 512, 512],
    [1024, 1024, 1024],
    [64, 363, 3025],
    [384, 1728, 169],
    [1, 9216, 4096],
    [32, 9216, 4096],
    [1024, 16, 1024],
];

#[divan::bench(args = SHAPES.map(|[m, k, n]| format!("{m}x{k}x{n}")))]
fn gemm(bencher: Bencher, name: &str) {
    let sizes: Vec<usize> = name.split('x').map(|size| size.parse().expect("a size")).collect();
    let (m, k, n) = (sizes[0], sizes[1], sizes[2]);
    let matrix = |rows, columns, seed| {
        Array2::from_shape_vec((rows, columns), fill(rows * columns, seed)).expect("as many values")
    };
    let (a, b) = (matrix(m, k, 1), matrix(k, n, 2));
    bencher
        .counter(ItemsCount::new(2 * m * k * n))
        .counter(BytesCount::of_many::<f32>(m * k + k * n + m * n))
        .bench(|| hebb::kernels::gemm::gemm(Level::best(), a.view(), b.view()).expect("shapes that fit"));
}

/// batch, channels, size, filters, kernel, stride, padding.
const CONVOLUTIONS: [(&str, [usize; 7]); 5] = [
    ("lenet1", [32, 1, 28, 6, 5, 1, 2]),
    ("lenet2", [32, 6, 14, 16, 5, 1, 0]),
    ("alexnet1", [8, 3, 224, 64, 11, 4, 2]),
    ("alexnet2", [8, 64, 27, 192, 5, 1, 2]),
    ("alexnet4", [8, 384, 13, 256, 3, 1, 1]),
];

mod conv2d {
    use super::*;

    #[divan::bench(args = CONVOLUTIONS.map(|(name, _)| name))]
    fn forward(bencher: Bencher, name: &str) {
        pass(bencher, name, Pass::Forward);
    }

    #[divan::bench(args = CONVOLUTIONS.map(|(name, _)| name))]
    fn input(bencher: Bencher, name: &str) {
        pass(bencher, name, Pass::Input);
    }

    #[divan::bench(args = CONVOLUTIONS.map(|(name, _)| name))]
    fn weights(bencher: Bencher, name: &str) {
        pass(bencher, name, Pass::Weights);
    }

    fn pass(bencher: Bencher, name: &str, pass: Pass) {
        let (_, sizes) = CONVOLUTIONS.into_iter().find(|(own, _)| *own == name).expect("a convolution");
        let [batch, channels, size, filters, kernel, stride, padding] = sizes;
        let output = (size + 2 * padding - kernel) / stride + 1;
        let x = fill(batch * channels * size * size, 1);
        let w = fill(filters * channels * kernel * kernel, 2);
        let dy = fill(batch * filters * output * output, 3);
        let values = x.len() + w.len() + dy.len();
        let mut convolution = Convolution::new(Level::best(), sizes, &x, w, &dy);
        bencher
            .counter(ItemsCount::new(2 * dy.len() * channels * kernel * kernel))
            .counter(BytesCount::of_many::<f32>(values))
            .bench_local(|| convolution.run(pass));
    }
}
