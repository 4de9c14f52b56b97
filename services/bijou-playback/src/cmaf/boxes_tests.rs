//! Files made by hand, box by box, so that every size can also be wrong.

use std::io::Cursor;

use proptest::prelude::*;

use super::*;

fn boxed(name: &str, body: &[u8]) -> Vec<u8> {
    let mut out = ((body.len() + 8) as u32).to_be_bytes().to_vec();
    out.extend_from_slice(name.as_bytes());
    out.extend_from_slice(body);
    out
}

fn words(values: &[u32]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

fn moov() -> Vec<u8> {
    let mut entry = vec![0; 78];
    entry[24..26].copy_from_slice(&640_u16.to_be_bytes());
    entry[26..28].copy_from_slice(&360_u16.to_be_bytes());
    entry.extend(boxed("avcC", &[1, 0x64, 0x00, 0x1f, 0xff]));
    let stsd = [words(&[0, 1]), boxed("avc1", &entry)].concat();
    let mdhd = words(&[0, 0, 0, 12_288, 0, 0]);
    let minf = boxed("minf", &boxed("stbl", &boxed("stsd", &stsd)));
    let trak = boxed("trak", &boxed("mdia", &[boxed("mdhd", &mdhd), minf].concat()));
    let mvex = boxed("mvex", &boxed("trex", &words(&[0, 1, 1, 512, 0, 0x0101_0000])));
    boxed("moov", &[trak, mvex].concat())
}

/// A fragment of `sizes.len()` samples of 512 ticks each, the first a key frame.
fn fragment(start: u32, sizes: &[u32]) -> Vec<u8> {
    let build = |data_offset: u32| {
        let mut run = words(&[0x0000_0205, sizes.len() as u32, data_offset, 0x0200_0000]);
        run.extend(words(sizes));
        let traf = [boxed("tfhd", &words(&[0x0002_0000, 1])), boxed("tfdt", &words(&[0, start])), boxed("trun", &run)];
        boxed("moof", &boxed("traf", &traf.concat()))
    };
    let moof = build(build(0).len() as u32 + 8);
    [moof, boxed("mdat", &vec![7; sizes.iter().sum::<u32>() as usize])].concat()
}

fn file() -> Vec<u8> {
    [boxed("ftyp", b"iso6"), moov(), fragment(0, &[100, 20, 30]), fragment(1536, &[90, 10])].concat()
}

#[test]
fn fragments_are_found_with_their_times_and_first_pictures() {
    let file = file();
    let track = read(&mut Cursor::new(&file)).unwrap();
    assert_eq!(track.codec, "avc1.64001f");
    assert_eq!(track.kind, Kind::Video { width: 640, height: 360 });
    assert_eq!(track.timescale, 12_288);
    let [first, second] = track.fragments.as_slice() else { panic!("{:?}", track.fragments) };
    assert_eq!((first.start, first.duration), (0, 1536));
    assert_eq!((second.start, second.duration), (1536, 1024));
    assert!(first.starts_with_sync_sample);
    assert_eq!(first.offset, track.init_size);
    assert_eq!(second.offset, first.offset + first.size);
    assert_eq!(second.offset + second.size, file.len() as u64);
    // The first sample's 100 bytes end 50 bytes before the fragment does.
    assert_eq!(first.first_sample_end, first.size - 50);
}

#[test]
fn a_file_cut_short_is_refused_wherever_it_was_cut() {
    let file = file();
    let complete = read(&mut Cursor::new(&file)).unwrap();
    for length in 0..file.len() {
        // A cut exactly between two fragments is a shorter file, not a broken one.
        if let Ok(track) = read(&mut Cursor::new(&file[..length])) {
            assert_eq!(track.fragments, complete.fragments[..track.fragments.len()], "cut at {length}");
        }
    }
}

#[test]
fn two_tracks_in_one_file_are_refused() {
    let one = moov();
    let inner = &one[8..];
    let trak_size = be32(inner, 0) as usize;
    let doubled = boxed("moov", &[&inner[..trak_size], inner].concat());
    let outcome = read(&mut Cursor::new([doubled, fragment(0, &[1])].concat()));
    assert!(matches!(outcome, Err(BoxError::Tracks(2))), "{outcome:?}");
}

proptest! {
    #[test]
    fn noise_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&mut Cursor::new(&noise));
    }

    #[test]
    fn one_wrong_byte_never_panics(at in 0_usize..600, value: u8) {
        let mut file = file();
        let at = at % file.len();
        file[at] = value;
        let _ = read(&mut Cursor::new(&file));
    }
}
