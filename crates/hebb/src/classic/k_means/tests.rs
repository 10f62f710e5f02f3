use super::*;
use hebb_kernels::parallel;

fn options(json: &str) -> Options {
    serde_json::from_str(json).expect("options")
}

/// Three clouds in the plane, of `each` samples.
fn three(each: usize) -> Vec<f32> {
    let mut random = Random::new(1, Stream::Test(0));
    let mut x = Vec::new();
    for _ in 0..each {
        for [a, b] in [[0.0, 0.0], [5.0, 1.0], [1.0, 6.0]] {
            x.extend([a + 0.5 * random.normal(), b + 0.5 * random.normal()]);
        }
    }
    x
}

fn run(x: &[f32], features: usize, json: &str, start: &[f64]) -> Result<Clusters> {
    let samples = pack(x.to_vec(), features)?;
    let mut means = KMeans::new(options(json), &samples, start.to_vec())?;
    let mut last = 0.0;
    while !means.advance(&samples)? {
        let part = means.progress(&samples);
        assert!((last..=1.0).contains(&part), "{part} after {last}");
        last = part;
    }
    means.finish(&samples)
}

#[test]
fn clouds_are_found_by_all_samples_and_by_minibatches() -> Result<()> {
    for json in
        [r#"{ "clusters": 3 }"#, r#"{ "clusters": 3, "batchSize": 32, "iterations": 100, "seed": 4 }"#]
    {
        let x = three(101);
        let found = run(&x, 2, json, &[])?;
        let mut centers: Vec<Vec<i32>> =
            found.centers.chunks(2).map(|c| c.iter().map(|v| v.round() as i32).collect()).collect();
        centers.sort();
        assert_eq!(centers, [[0, 0], [1, 6], [5, 1]], "{json}");
        for (i, cloud) in found.assignments.chunks(3).enumerate() {
            assert_eq!(cloud, &found.assignments[..3], "{json}, {i}");
        }
        assert!(found.inertia < 0.3 * x.len() as f64);
        assert_eq!(found.converged, !json.contains("batch"));
    }
    Ok(())
}

/// Every assignment is the nearest center, every center the mean of its samples, and the inertia their distances.
#[test]
fn at_the_end_centers_are_means() -> Result<()> {
    let mut random = Random::new(2, Stream::Test(1));
    let x: Vec<f32> = (0..7 * 233).map(|_| random.normal()).collect();
    let found = run(&x, 7, r#"{ "clusters": 12, "tolerance": 0, "seed": 3 }"#, &[])?;
    assert!(found.converged);
    let square = |sample: usize, cluster: usize| {
        (0..7).map(|i| (f64::from(x[sample * 7 + i]) - found.centers[cluster * 7 + i]).powi(2)).sum::<f64>()
    };
    let mut inertia = 0.0;
    for (sample, &cluster) in found.assignments.iter().enumerate() {
        let own = square(sample, cluster as usize);
        assert!((0..12).all(|other| own <= square(sample, other) + 1e-5));
        inertia += own;
    }
    assert!((inertia - found.inertia).abs() < 1e-9 * inertia);
    for cluster in 0..12 {
        let own = || found.assignments.iter().enumerate().filter(|(_, c)| **c == cluster);
        for i in 0..7 {
            let mean = own().map(|(s, _)| f64::from(x[s * 7 + i])).sum::<f64>() / own().count() as f64;
            assert!((mean - found.centers[cluster as usize * 7 + i]).abs() < 1e-12);
        }
    }
    Ok(())
}

#[test]
fn empty_clusters_take_the_farthest_samples() -> Result<()> {
    let x = [0.0, 1.0, 2.0, 10.0];
    // The last two centers are nearest to nothing.
    let found = run(&x, 1, r#"{ "clusters": 3 }"#, &[1.0, 100.0, 200.0])?;
    assert_eq!(found.assignments, [2, 0, 0, 1]);
    assert_eq!(found.centers, [1.5, 10.0, 0.0]);
    // After minibatches too.
    let found = run(&x, 1, r#"{ "clusters": 3, "batchSize": 2, "iterations": 1 }"#, &[1.0, 100.0, 200.0])?;
    let mut all = found.assignments.clone();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all, [0, 1, 2]);
    Ok(())
}

#[test]
fn the_bits_are_the_same_on_any_number_of_threads() -> Result<()> {
    let mut random = Random::new(5, Stream::Test(2));
    let x: Vec<f32> = (0..90 * 500).map(|_| random.normal()).collect();
    for json in
        [r#"{ "clusters": 40, "iterations": 5 }"#, r#"{ "clusters": 40, "batchSize": 100, "iterations": 5 }"#]
    {
        let mut expected: Option<Clusters> = None;
        for threads in [1, 2, 3, 5, 8, 16, 33] {
            let found = parallel::with_threads(threads, || run(&x, 90, json, &[]))?;
            let one = expected.get_or_insert(found.clone());
            assert_eq!(one.inertia.to_bits(), found.inertia.to_bits());
            assert_eq!(one.assignments, found.assignments);
            assert_eq!(one.centers, found.centers);
        }
    }
    Ok(())
}

#[test]
fn wrong_data_and_options_are_refused() {
    let refused = |x: &[f32], json: &str, start: &[f64]| match run(x, 1, json, start) {
        Err(error) => error.message,
        Ok(found) => panic!("{found:?}"),
    };
    let says = refused(&[1.0, 2.0], r#"{ "clusters": 3 }"#, &[]);
    assert_eq!(says, "clusters must be 1 to 2, the number of samples, got 3");
    let says = refused(&[1.0, 1.0, 2.0, 2.0], r#"{ "clusters": 3 }"#, &[]);
    assert_eq!(says, "there are only 2 different samples for 3 clusters: ask for fewer");
    assert!(refused(&[1.0, f32::NAN], r#"{ "clusters": 1 }"#, &[]).contains("sample 1 has NaN"));
    assert!(refused(&[1.0, 1e20], r#"{ "clusters": 1 }"#, &[]).contains("within ±1e15"));
    assert!(refused(&[1.0], r#"{ "clusters": 1 }"#, &[1.0, 2.0]).contains("1 numbers, got 2"));
    assert!(refused(&[1.0], r#"{ "clusters": 1 }"#, &[f64::NAN]).contains("finite"));
}
