//! One article in four formats has the same words, and its pins are found in each.

mod support;

use contingent_evidence::pin::{Pin, Pinnable};
use contingent_evidence::read::{Format, ReadError, read};
use contingent_evidence::text::BlockKind;
use contingent_evidence::verify::{Copy, Status, find};
use contingent_evidence::words::{LineHyphens, Words};
use support::{ARTICLE, Letters, docx, html, pdf, txt, zip};

fn all() -> Vec<(&'static str, Vec<u8>, Format)> {
    vec![
        ("article.txt", txt(), Format::Text),
        ("article.html", html(), Format::Html),
        ("article.docx", docx(), Format::Docx),
        ("named.pdf", pdf(Letters::Named), Format::Pdf),
        ("explained.pdf", pdf(Letters::Explained), Format::Pdf),
    ]
}

#[test]
fn every_format_gives_the_paragraphs_of_the_article() {
    for (name, bytes, format) in all() {
        let document = read(&bytes, name).unwrap();
        assert_eq!((document.format, document.n_replaced), (format, 0), "{name}");
        let text = document.text.as_str();
        let blocks: Vec<String> = document
            .text
            .blocks()
            .iter()
            .map(|block| text[block.span.clone()].split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        let shown: Vec<String> = blocks.iter().map(|block| block.replace('\u{ad}', "")).collect();
        let wanted: Vec<String> = ARTICLE
            .iter()
            .map(|paragraph| {
                if format == Format::Pdf {
                    paragraph.replace("counter-claim", "counterclaim")
                } else {
                    (*paragraph).to_owned()
                }
            })
            .collect();
        let without_hyphens =
            |blocks: &[String]| blocks.iter().map(|block| block.replace('-', "")).collect::<Vec<_>>();
        assert_eq!(without_hyphens(&shown), without_hyphens(&wanted), "{name}");
        assert_eq!(document.text.blocks()[0].kind, BlockKind::Heading, "{name}");
    }
}

#[test]
fn pins_made_from_one_format_are_found_in_every_other() {
    let copies: Vec<_> =
        all().into_iter().map(|(name, bytes, _)| (name, read(&bytes, name).unwrap())).collect();
    for (from, document) in &copies {
        let text = document.text.as_str();
        let pinnable = Pinnable::new(text);
        // Every sentence of the article is pinned.
        let mut pins: Vec<Pin> = Vec::new();
        for block in document.text.blocks() {
            let words = Words::of(&text[block.span.clone()], LineHyphens::Join);
            for first in (0..words.len().saturating_sub(9)).step_by(9) {
                let place = words.places(first..first + 9);
                pins.extend(pinnable.pin(&(block.span.start + place.start..block.span.start + place.end)));
            }
        }
        assert!(pins.len() > 15, "{from} gave {} pins", pins.len());
        let pins: Vec<&Pin> = pins.iter().collect();
        for (to, copy) in &copies {
            // A compound that a page breaks at its hyphen, and a word that it breaks elsewhere, may meet in one pin.
            let findings = find(&pins, &[Copy::new(copy.text.as_str())]);
            let n_found = findings.iter().filter(|finding| finding.status == Status::Found).count();
            assert_eq!(
                n_found,
                pins.len(),
                "from {from} in {to}: {:?}",
                findings.iter().map(|f| f.status).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn plain_text_keeps_its_characters() {
    let document = read(b"\xef\xbb\xbfone\r\n  two\ttabs \r\n\r\nthree\rfour", "a.txt").unwrap();
    assert_eq!(document.text.as_str(), "one\n  two\ttabs \n\nthree\rfour");
}

#[test]
fn what_is_no_article_is_refused_with_a_reason() {
    let refused = |bytes: &[u8], name: &str| read(bytes, name).unwrap_err();
    assert!(matches!(refused(b"\x89PNG\r\n", "a.png"), ReadError::OtherKind { .. }));
    assert!(matches!(refused(b"\xd0\xcf\x11\xe0rest", "a.doc"), ReadError::OtherKind { .. }));
    assert!(matches!(refused(b"not a pdf", "a.pdf"), ReadError::Broken { .. }));
    assert!(matches!(refused(b"%PDF-1.4\n%%EOF", "a.pdf"), ReadError::Broken { .. }));
    assert!(matches!(refused(b"PK\x03\x04cut", "a.docx"), ReadError::Broken { .. }));
    assert!(matches!(refused(&zip(&[("other.xml", b"<x/>")]), "a.docx"), ReadError::Broken { .. }));
    assert!(matches!(refused(b" \n", "a.txt"), ReadError::NoText { .. }));
    assert!(matches!(
        refused(b"%PDF-1.4\n1 0 obj << /Type /Page >> endobj trailer << /Encrypt 5 0 R >>", "a.pdf"),
        ReadError::Encrypted { .. }
    ));
    assert!(matches!(
        refused(b"%PDF-1.4\n1 0 obj << /Type /Page >> endobj", "a.pdf"),
        ReadError::NoText { .. }
    ));
    for error in [refused(b"PK\x03\x04cut", "a.docx"), refused(b" ", "a.txt")] {
        assert!(error.to_string().contains("\nhelp: "), "{error}");
    }
}

#[test]
fn random_bytes_are_no_text_and_texts_with_a_stray_control_character_are() {
    let random = |seed: u64, n: usize| -> Vec<u8> {
        let mut state = seed;
        (0..n)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (state >> 32) as u8
            })
            .collect()
    };
    for (seed, n) in [(1, 1_000), (2, 1_000), (3, 40_000), (4, 40_000), (5, 2_000_000)] {
        for name in ["noise.txt", "noise", "noise.html"] {
            let error = read(&random(seed, n), name).unwrap_err();
            assert!(matches!(error, ReadError::NotText { .. }), "{name} {n}: {error:?}");
            let said = error.to_string();
            assert!(said.contains("control characters") && said.contains("help: "), "{said}");
        }
    }
    let article = ARTICLE.concat();
    for stray in ["\u{0}", "\u{7}\u{8}", "\u{c}", "\u{1a}"] {
        let text = format!("{article}{stray}\n");
        assert_eq!(read(text.as_bytes(), "a.txt").unwrap().text.as_str(), text, "{stray:?}");
    }
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let zeros = vec![b' '; 50_000_000];
    let bomb = zip(&[("word/document.xml", &zeros)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(read(&bomb, "a.docx").unwrap_err(), ReadError::Unpacks { what: "parts" });
    let many: String = (0..600_000).map(|i| format!("{i} 0 obj null endobj\n")).collect::<Vec<_>>().concat();
    assert!(matches!(
        read(format!("%PDF-1.4\n{many}").as_bytes(), "a.pdf").unwrap_err(),
        ReadError::TooMany { what: "objects", .. }
    ));
}

#[test]
fn circles_and_damage_in_a_pdf_end() {
    let circle = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj 2 0 obj << /Kids [2 0 R 3 0 R] >> endobj \
        3 0 obj << /Type /Page /Contents 4 0 R /Resources << /XObject << /X 4 0 R >> >> >> endobj \
        4 0 obj << /Subtype /Form /Length 12 >> stream\n/X Do /X Do \nendstream endobj 5 0 obj 5 0 R endobj";
    assert!(matches!(read(circle, "a.pdf").unwrap_err(), ReadError::NoText { .. }));
    let nested = format!("%PDF-1.4\n1 0 obj {} endobj", "[<<".repeat(100_000));
    assert!(read(nested.as_bytes(), "a.pdf").is_err());
    // Every cut of a sound file, and files with bytes changed, are read or refused.
    let sound = pdf(Letters::Explained);
    for cut in (0..sound.len()).step_by(97) {
        let _ = read(&sound[..cut], "a.pdf");
    }
    for format in [pdf(Letters::Named), docx(), html()] {
        let mut state = 1_u64;
        for _ in 0..200 {
            let mut damaged = format.clone();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = (state >> 33) as usize % damaged.len();
                damaged[at] = (state >> 20) as u8;
            }
            let _ = read(&damaged, "a");
        }
    }
}

#[test]
fn a_paragraph_of_ten_megabytes_is_read() {
    let words = "the siege went on and on without anybody saying when it would end, ".repeat(150_000);
    assert!(words.len() > 10_000_000);
    let document = read(words.as_bytes(), "a.txt").unwrap();
    assert_eq!(document.text.blocks().len(), 1);
    let page = format!("<p>{words}</p>");
    assert_eq!(read(page.as_bytes(), "a.html").unwrap().text.blocks().len(), 1);
}
