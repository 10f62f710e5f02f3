//! Damaged files are refused: none panics, none takes long, and none of the whole files is cut off without being noticed.
//!
//! `cargo test -p hebb-images -- --ignored --nocapture` tries mutated files for ten minutes, or for
//! `HEBB_FUZZ_SECONDS`, from the seed `HEBB_FUZZ_SEED`.

mod files;
mod mutate;

use files::files;
use hebb_images::{Error, decode};
use mutate::{Random, mutated};
use std::time::{Duration, Instant};

/// More than the fixtures have; what a mutated header claims is mostly more.
const MOST_PIXELS: u32 = 1 << 16;

/// A file's longest time: the most pixels, scans and bytes take a fraction of it, unoptimised too.
const LONGEST: Duration = Duration::from_secs(5);

/// Decodes a mutated file; what it claims must be what comes out. Returns whether it was accepted.
fn survive(file: &[u8], which: u64) -> bool {
    let start = Instant::now();
    let outcome = decode(file, MOST_PIXELS);
    assert!(start.elapsed() < LONGEST, "mutation {which} took {:?}", start.elapsed());
    match outcome {
        Ok(image) => {
            let pixels = image.width as usize * image.height as usize;
            assert!(pixels > 0 && pixels <= MOST_PIXELS as usize, "mutation {which}");
            assert_eq!(image.rgba.len(), 4 * pixels, "mutation {which}");
            assert!((1..=8).contains(&image.orientation), "mutation {which}");
            true
        }
        Err(Error::File(text)) => {
            assert!(!text.is_empty());
            false
        }
        Err(Error::Memory(text)) => panic!("mutation {which}: {text}"),
    }
}

#[test]
fn a_whole_file_is_accepted_and_refused_if_cut_off_anywhere() {
    for (name, file) in files() {
        let whole = decode(&file, MOST_PIXELS).unwrap_or_else(|error| panic!("{name} {error}"));
        for end in 0..file.len() {
            let cut = decode(&file[..end], MOST_PIXELS);
            assert!(matches!(cut, Err(Error::File(_))), "{name} was accepted up to byte {end}");
        }
        let followed = decode(&[&file[..], &[0; 9]].concat(), MOST_PIXELS).map(|image| image.rgba);
        assert_eq!(followed, Ok(whole.rgba), "{name}");
    }
}

#[test]
fn mutated_files() {
    let files = files();
    let mut random = Random::of(1);
    let accepted = (0..3000).filter(|&i| survive(&mutated(&files, &mut random), i)).count();
    // Neither is everything refused at the first byte, nor anything taken.
    assert!((100..2900).contains(&accepted), "{accepted} of 3000 were accepted");
}

#[test]
#[ignore = "takes ten minutes"]
fn fuzz() {
    let number = |name: &str, otherwise| std::env::var(name).map_or(otherwise, |text| text.parse().unwrap());
    let (seconds, seed) = (number("HEBB_FUZZ_SECONDS", 600), number("HEBB_FUZZ_SEED", 1));
    let files = files();
    let end = Instant::now() + Duration::from_secs(seconds);
    let (mut tried, mut accepted) = (0, 0);
    while Instant::now() < end {
        for _ in 0..1000 {
            // Each has a seed of its own, so that one that fails is found again.
            accepted += u64::from(survive(&mutated(&files, &mut Random::of(seed + tried)), seed + tried));
            tried += 1;
        }
    }
    println!("{tried} files, {accepted} of them accepted");
}
