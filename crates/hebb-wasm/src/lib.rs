//! The boundary between the core of Hebb and JavaScript: conversions, errors, threads. No maths.

mod threads;
