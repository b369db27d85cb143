//! Small PNGs: a page has few colours, so each pixel names one of a palette.

use anyhow::{Result, ensure};
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, Transformations};
use std::{
    collections::{BTreeMap, BTreeSet},
    io::Cursor,
};

type Colour = [u8; 3];

/// As many as a palette holds. Further ones are only shades at the edges of letters, which nobody tells from others.
const COLOURS: usize = 256;

/// A picture in its size.
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<Colour>,
}

/// The same picture with so few colours that it is small.
pub(super) fn shrink(png: &[u8]) -> Result<Vec<u8>> {
    let picture = decode(png)?;
    let palette = palette(&picture.pixels);
    encode(&picture, &palette)
}

fn decode(png: &[u8]) -> Result<Picture> {
    let mut decoder = Decoder::new(Cursor::new(png));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut bytes)?;
    let size = frame.color_type.samples();
    ensure!(size >= 3, "the picture has no colours");
    let pixels = bytes.chunks_exact(size).map(|p| [p[0], p[1], p[2]]);
    Ok(Picture {
        width: frame.width,
        height: frame.height,
        pixels: pixels.collect(),
    })
}

/// The colours that most pixels have, in an order that depends on the picture only.
fn palette(pixels: &[Colour]) -> Vec<Colour> {
    let mut counts: BTreeMap<Colour, usize> = BTreeMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<_> = counts.into_iter().collect();
    colours.sort_by_key(|&(_, count)| std::cmp::Reverse(count));
    colours.truncate(COLOURS);
    colours.into_iter().map(|(colour, _)| colour).collect()
}

fn encode(picture: &Picture, palette: &[Colour]) -> Result<Vec<u8>> {
    let colours: BTreeSet<_> = picture.pixels.iter().collect();
    let places: BTreeMap<_, _> = colours
        .into_iter()
        .map(|colour| (colour, nearest(*colour, palette)))
        .collect();
    let indices: Vec<u8> = picture.pixels.iter().map(|pixel| places[pixel]).collect();
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, picture.width, picture.height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    encoder.write_header()?.write_image_data(&indices)?;
    Ok(png)
}

/// The place of the colour in the palette that is most like this one.
fn nearest(colour: Colour, palette: &[Colour]) -> u8 {
    let distance = |other: &Colour| -> u32 {
        let parts = colour.iter().zip(other);
        parts.map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
    };
    let places = (0..=u8::MAX).zip(palette);
    places
        .min_by_key(|(_, other)| distance(other))
        .map_or(0, |(place, _)| place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pixels: Vec<Colour>) -> Picture {
        Picture {
            width: u32::try_from(pixels.len()).unwrap(),
            height: 1,
            pixels,
        }
    }

    #[test]
    fn few_colours_stay_as_they_are() {
        let pixels = vec![[1, 2, 3], [255, 255, 255], [1, 2, 3], [0, 128, 9]];
        let small = encode(&picture(pixels.clone()), &palette(&pixels)).unwrap();
        assert_eq!(decode_indexed(&small), pixels);
    }

    #[test]
    fn of_many_colours_the_frequent_stay_and_the_others_become_like_them() {
        let mut pixels = vec![[250, 250, 250]; 1_000];
        pixels.extend((0..=255).map(|grey| [grey; 3]));
        let palette = palette(&pixels);
        assert_eq!(palette.len(), COLOURS);
        assert_eq!(palette[0], [250, 250, 250]);
        assert_eq!(nearest([251, 250, 250], &palette), 0);
    }

    /// With its palette applied.
    fn decode_indexed(png: &[u8]) -> Vec<Colour> {
        decode(png).unwrap().pixels
    }
}
