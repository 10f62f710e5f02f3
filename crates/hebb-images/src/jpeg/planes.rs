//! The samples of the components.

use super::frame::{Component, Frame};
use super::idct::{Block, inverse};
use super::refuse;
use super::tables::Quantization;
use crate::error::Error;
use crate::image::zeros;

pub struct Plane {
    /// Blocks, across and down, with those that fill the last units.
    pub across: usize,
    /// The samples, row by row, `8 * across` in each.
    pub samples: Vec<u8>,
    /// The coefficients of a progressive image, block by block.
    pub coefficients: Vec<Block>,
    pub quantization: Option<Box<Quantization>>,
    /// Whether a scan has brought its blocks' means.
    pub is_seen: bool,
}

pub struct Planes(pub Vec<Plane>);

impl Planes {
    pub fn new(frame: &Frame) -> Result<Self, Error> {
        let (across, down) = frame.units();
        let plane = |component: &Component| {
            let (across, down) = ((across * component.across) as usize, (down * component.down) as usize);
            let blocks = across * down;
            Ok(Plane {
                across,
                samples: zeros(64 * blocks)?,
                coefficients: if frame.is_progressive { zeros(blocks)? } else { Vec::new() },
                quantization: None,
                is_seen: false,
            })
        };
        frame.components.iter().map(plane).collect::<Result<_, _>>().map(Self)
    }

    /// Computes the samples of a progressive image, and checks that no component is missing.
    pub fn finish(&mut self, frame: &Frame) -> Result<(), Error> {
        for (plane, component) in self.0.iter_mut().zip(&frame.components) {
            if !plane.is_seen {
                return refuse(format!("its component {} has no pixels", component.name));
            }
            for (i, block) in std::mem::take(&mut plane.coefficients).iter().enumerate() {
                plane.set_block(i % plane.across, i / plane.across, block);
            }
        }
        Ok(())
    }
}

impl Plane {
    /// Computes the samples of a block.
    pub fn set_block(&mut self, x: usize, y: usize, block: &Block) {
        let Some(quantization) = &self.quantization else {
            return;
        };
        let stride = 8 * self.across;
        for (row, samples) in inverse(block, quantization).iter().enumerate() {
            let at = (8 * y + row) * stride + 8 * x;
            self.samples[at..at + 8].copy_from_slice(samples);
        }
    }

    /// The samples of a row.
    pub fn row(&self, y: u32, width: u32) -> &[u8] {
        &self.samples[8 * self.across * y as usize..][..width as usize]
    }
}
