//! The DASH manifest (ISO/IEC 23009-1), on-demand profile: one file a representation, found through its index box.
//!
//! One period, nothing live, no content protection. Trick play comes from the index too; DASH needs no list of key frames.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use crate::presentation::{AudioRendition, MediaFile, Presentation, SubtitleTrack, VideoRendition};

/// The manifest's name in a manifest folder.
pub const MANIFEST: &str = "manifest.mpd";

const NAMESPACE: &str = "urn:mpeg:dash:schema:mpd:2011";
const PROFILE: &str = "urn:mpeg:dash:profile:isoff-on-demand:2011";
const CHANNELS: &str = "urn:mpeg:dash:23003:3:audio_channel_configuration:2011";
const ROLE: &str = "urn:mpeg:dash:role:2011";

/// Players buffer this much before they start; the first segment lasts as long.
const BUFFER_MIN: &str = "PT2S";

type Xml = Writer<Vec<u8>>;
type Outcome = std::io::Result<()>;

/// The manifest's text. `segments` is the relative URL of the folder with the media files and ends in a slash.
pub fn manifest(presentation: &Presentation, segments: &str) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut xml, presentation, segments).expect("writing to memory does not fail");
    String::from_utf8(xml.into_inner()).expect("the manifest is made of text")
}

fn write(xml: &mut Xml, presentation: &Presentation, segments: &str) -> Outcome {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let duration = format!("PT{:.3}S", presentation.seconds());
    xml.create_element("MPD")
        .with_attributes([
            ("xmlns", NAMESPACE),
            ("profiles", PROFILE),
            ("type", "static"),
            ("mediaPresentationDuration", duration.as_str()),
            ("minBufferTime", BUFFER_MIN),
        ])
        .write_inner_content(|xml| {
            xml.create_element("Period").with_attribute(("id", "0")).write_inner_content(|xml| {
                video(xml, &presentation.video, segments)?;
                for (index, rendition) in presentation.audio.iter().enumerate() {
                    audio(xml, rendition, index == 0, segments)?;
                }
                for track in &presentation.subtitles {
                    subtitles(xml, track, presentation.seconds(), segments)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
    Ok(())
}

fn video(xml: &mut Xml, renditions: &[VideoRendition], segments: &str) -> Outcome {
    let widest = renditions.iter().map(|rendition| rendition.width).max().unwrap_or(0).to_string();
    let tallest = renditions.iter().map(|rendition| rendition.height).max().unwrap_or(0).to_string();
    xml.create_element("AdaptationSet")
        .with_attributes([
            ("contentType", "video"),
            ("mimeType", "video/mp4"),
            ("segmentAlignment", "true"),
            ("subsegmentAlignment", "true"),
            ("subsegmentStartsWithSAP", "1"),
            ("maxWidth", widest.as_str()),
            ("maxHeight", tallest.as_str()),
        ])
        .write_inner_content(|xml| {
            for rendition in renditions {
                let (width, height) = (rendition.width.to_string(), rendition.height.to_string());
                let frame_rate = match rendition.frame_rate {
                    (frames, 1) => frames.to_string(),
                    (frames, seconds) => format!("{frames}/{seconds}"),
                };
                let own = [("width", width.as_str()), ("height", height.as_str()), ("frameRate", frame_rate.as_str())];
                representation(xml, &rendition.media, &own, segments, |_| Ok(()))?;
            }
            Ok(())
        })?;
    Ok(())
}

fn audio(xml: &mut Xml, rendition: &AudioRendition, is_main: bool, segments: &str) -> Outcome {
    xml.create_element("AdaptationSet")
        .with_attributes([
            ("contentType", "audio"),
            ("mimeType", "audio/mp4"),
            ("lang", rendition.language.as_str()),
            ("segmentAlignment", "true"),
            ("subsegmentAlignment", "true"),
            ("subsegmentStartsWithSAP", "1"),
        ])
        .write_inner_content(|xml| {
            role(xml, if is_main { "main" } else { "alternate" })?;
            label(xml, &rendition.name)?;
            let sample_rate = rendition.sample_rate.to_string();
            representation(xml, &rendition.media, &[("audioSamplingRate", sample_rate.as_str())], segments, |xml| {
                let channels = rendition.channels.to_string();
                xml.create_element("AudioChannelConfiguration")
                    .with_attributes([("schemeIdUri", CHANNELS), ("value", channels.as_str())])
                    .write_empty()?;
                Ok(())
            })
        })?;
    Ok(())
}

fn subtitles(xml: &mut Xml, track: &SubtitleTrack, seconds: f64, segments: &str) -> Outcome {
    let bandwidth = crate::presentation::rate(track.size, seconds.max(1.0)).max(1).to_string();
    xml.create_element("AdaptationSet")
        .with_attributes([("contentType", "text"), ("mimeType", "text/vtt"), ("lang", track.language.as_str())])
        .write_inner_content(|xml| {
            role(xml, "subtitle")?;
            label(xml, &track.name)?;
            xml.create_element("Representation")
                .with_attributes([("id", id_of(&track.file)), ("bandwidth", bandwidth.as_str())])
                .write_inner_content(|xml| base_url(xml, &track.file, segments))?;
            Ok(())
        })?;
    Ok(())
}

fn representation(
    xml: &mut Xml,
    media: &MediaFile,
    own: &[(&str, &str)],
    segments: &str,
    inner: impl FnOnce(&mut Xml) -> Outcome,
) -> Outcome {
    let bandwidth = media.peak_rate().to_string();
    let range = |start: u64, length: u64| format!("{start}-{}", start + length - 1);
    let timescale = media.timescale.to_string();
    xml.create_element("Representation")
        .with_attributes([
            ("id", id_of(&media.file)),
            ("bandwidth", bandwidth.as_str()),
            ("codecs", media.codec.as_str()),
        ])
        .with_attributes(own.iter().copied())
        .write_inner_content(|xml| {
            inner(xml)?;
            base_url(xml, &media.file, segments)?;
            let index = range(media.init_size, media.index_size);
            xml.create_element("SegmentBase")
                .with_attributes([("indexRange", index.as_str()), ("timescale", timescale.as_str())])
                .write_inner_content(|xml| {
                    let header = range(0, media.init_size);
                    xml.create_element("Initialization").with_attribute(("range", header.as_str())).write_empty()?;
                    Ok(())
                })?;
            Ok(())
        })?;
    Ok(())
}

fn role(xml: &mut Xml, value: &str) -> Outcome {
    xml.create_element("Role").with_attributes([("schemeIdUri", ROLE), ("value", value)]).write_empty()?;
    Ok(())
}

fn label(xml: &mut Xml, name: &str) -> Outcome {
    // Control characters are not XML, escaped or not.
    let name: String = name.chars().filter(|letter| !letter.is_control()).collect();
    xml.create_element("Label").write_text_content(BytesText::new(&name))?;
    Ok(())
}

fn base_url(xml: &mut Xml, file: &str, segments: &str) -> Outcome {
    xml.create_element("BaseURL").write_text_content(BytesText::new(&format!("{segments}{file}")))?;
    Ok(())
}

fn id_of(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;

    use super::*;
    use crate::presentation::sample;

    /// Every element as `path @attribute=value`, and its text, in document order.
    fn flatten(text: &str) -> Vec<String> {
        let mut reader = Reader::from_str(text);
        reader.config_mut().trim_text(true);
        let (mut path, mut lines): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        loop {
            let event = reader.read_event().expect("well formed");
            match &event {
                Event::Start(element) | Event::Empty(element) => {
                    path.push(element.name().as_ref().to_owned());
                    for attribute in element.attributes() {
                        let attribute = attribute.expect("well formed");
                        lines.push(format!("{} @{}={}", path.join("/"), attribute.key.as_ref(), attribute.value));
                    }
                    if matches!(event, Event::Empty(_)) {
                        path.pop();
                    }
                }
                Event::Text(found) => lines.push(format!("{} {}", path.join("/"), &**found)),
                Event::End(_) => {
                    path.pop();
                }
                Event::Eof => return lines,
                _ => {}
            }
        }
    }

    #[track_caller]
    fn check(expected: &str) {
        let text = manifest(&sample(), "../../../s/A/T/");
        let lines = flatten(&text);
        assert!(lines.iter().any(|line| line == expected), "no `{expected}` in:\n{text}");
    }

    #[test]
    fn the_manifest_reads_back_with_the_facts_players_need() {
        check("MPD @mediaPresentationDuration=PT6.000S");
        check("MPD/Period/AdaptationSet @maxHeight=720");
        check("MPD/Period/AdaptationSet/Representation @frameRate=24000/1001");
        check("MPD/Period/AdaptationSet/Representation @codecs=avc1.64001f");
        check("MPD/Period/AdaptationSet/Representation/BaseURL ../../../s/A/T/v720.mp4");
        check("MPD/Period/AdaptationSet/Representation/SegmentBase @indexRange=800-863");
        check("MPD/Period/AdaptationSet/Representation/SegmentBase/Initialization @range=0-799");
    }

    #[test]
    fn languages_and_roles_are_named() {
        check("MPD/Period/AdaptationSet @lang=de");
        check("MPD/Period/AdaptationSet/Role @value=main");
        check("MPD/Period/AdaptationSet/Role @value=subtitle");
        check("MPD/Period/AdaptationSet/Representation/AudioChannelConfiguration @value=2");
        check("MPD/Period/AdaptationSet/Representation/BaseURL ../../../s/A/T/s-de.vtt");
    }

    #[test]
    fn names_from_files_cannot_break_the_document() {
        let mut presentation = sample();
        "</Label><x>&\u{1}".clone_into(&mut presentation.audio[0].name);
        let lines = flatten(&manifest(&presentation, "s/"));
        assert!(lines.iter().all(|line| !line.contains("/x")), "{lines:?}");
    }
}
