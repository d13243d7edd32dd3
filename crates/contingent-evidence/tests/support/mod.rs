//! Writers of the four formats from one text, for tests alone.

#![allow(dead_code, reason = "each test file uses some of these")]

use std::fmt::Write as _;

use miniz_oxide::deflate::{compress_to_vec, compress_to_vec_zlib};

/// An article of our own, with quotation marks, dashes and compounds that layouts break.
pub(crate) const ARTICLE: &[&str] = &[
    "The road to the lamp market",
    "LAMPTOWN — The council of the valley met on Tuesday to talk about the winter, and about the road that nobody has \
     opened since the first snow.",
    "“We do not expect a long siege, and nobody here wants one,” said Obed Marrin, an envoy of the northern league, who \
     had arrived the night before with two well-worn maps and a small escort.",
    "Traders were less sure. Hanna Quell, a seller of lamps, said that prices would double before the month was out \
     unless the pass was cleared, and that most families had long-standing debts already.",
    "According to a report of the river commission, the stores of the town hold grain for seven weeks. “If the pass stays \
     shut,” the commission’s head, Tomas Arven, told reporters, “we may have to send people south.”",
    "The envoy did not answer questions about the pass. He said talks would go on in the spring, and warned that a \
     counter-claim by the southern houses could still upset everything that had been agreed.",
    "Analysts disagree about what comes next; some of them point to the harvest, others to the quarrel among the houses \
     that began, as everybody in the valley remembers, with a wedding.",
];

pub(crate) fn txt() -> Vec<u8> {
    let mut text = String::from("\u{feff}");
    for paragraph in ARTICLE {
        for line in wrap(paragraph, 60, false) {
            text.push_str(&line);
            text.push_str("\r\n");
        }
        text.push_str("\r\n");
    }
    text.into_bytes()
}

pub(crate) fn html() -> Vec<u8> {
    let mut page = String::from(
        "<!doctype html><html><head><meta charset=utf-8><title>The road | The Lamp</title></head><body>\
         <nav><a href=/>Home</a> <a href=/valley>Valley</a></nav><div class=story>",
    );
    for (i, paragraph) in ARTICLE.iter().enumerate() {
        let words = paragraph.replace('&', "&amp;").replace('’', "&rsquo;").replace("said", "<em>said</em>");
        let tag = if i == 0 { "h1" } else { "p" };
        let _ = writeln!(page, "<{tag}>{words}</{tag}>");
    }
    page.push_str("</div><div class=related><p>Read also: a story about boats, and about another river altogether.</p></div>");
    page.into_bytes()
}

pub(crate) fn docx() -> Vec<u8> {
    let mut body = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/\
         2006/main\"><w:body>",
    );
    for (i, paragraph) in ARTICLE.iter().enumerate() {
        let style = if i == 0 { "<w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr>" } else { "" };
        let _ = write!(body, "<w:p>{style}");
        // A word processor cuts a paragraph into runs anywhere, also within words.
        let characters: Vec<char> = paragraph.chars().collect();
        for run in characters.chunks(17) {
            let run: String = run.iter().collect();
            let run = run.replace('&', "&amp;").replace('’', "&#8217;");
            let _ = write!(body, "<w:r><w:t xml:space=\"preserve\">{run}</w:t></w:r>");
        }
        body.push_str("</w:p>");
    }
    body.push_str(
        "<w:p><w:r><w:delText>These words were deleted.</w:delText></w:r></w:p></w:body></w:document>",
    );
    zip(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", body.as_bytes())])
}

/// A ZIP file of packed members.
pub(crate) fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let (mut file, mut list) = (Vec::new(), Vec::new());
    for (name, bytes) in members {
        let packed = compress_to_vec(bytes, 6);
        let offset = file.len() as u32;
        let mut common = Vec::new();
        common.extend([20, 0, 0, 0, 8, 0, 0, 0, 0, 0]);
        common.extend(0_u32.to_le_bytes());
        common.extend((packed.len() as u32).to_le_bytes());
        common.extend((bytes.len() as u32).to_le_bytes());
        common.extend((name.len() as u16).to_le_bytes());
        common.extend([0, 0]);
        file.extend(b"PK\x03\x04");
        file.extend(&common);
        file.extend(name.as_bytes());
        file.extend(&packed);
        list.extend(b"PK\x01\x02\x14\x00");
        list.extend(&common);
        list.extend([0; 10]);
        list.extend(offset.to_le_bytes());
        list.extend(name.as_bytes());
    }
    let start = file.len() as u32;
    let n = members.len() as u16;
    file.extend(&list);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend(n.to_le_bytes());
    file.extend(n.to_le_bytes());
    file.extend((list.len() as u32).to_le_bytes());
    file.extend(start.to_le_bytes());
    file.extend([0, 0]);
    file
}

/// How a PDF writes its characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    /// One byte each, by names of glyphs in a table of differences.
    Named,
    /// Two bytes each, explained by a table in a packed stream, with objects in a stream of objects.
    Explained,
}

/// A PDF with narrow lines, words broken by hyphens, running heads and page numbers.
pub(crate) fn pdf(letters: Letters) -> Vec<u8> {
    let mut pages: Vec<String> = Vec::new();
    let (mut content, mut y) = (String::new(), 0.0);
    let show = |line: &str| match letters {
        Letters::Explained => {
            let units: String =
                line.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<Vec<_>>().concat();
            format!("<{units}> Tj")
        }
        Letters::Named => {
            // Each character by its place, with the space between words as a shift.
            let pieces: Vec<String> = line
                .split(' ')
                .map(|word| {
                    let codes: String =
                        word.chars().map(|c| format!("{:02x}", code(c))).collect::<Vec<_>>().concat();
                    format!("<{codes}>")
                })
                .collect();
            format!("[{}] TJ", pieces.join(" -260 "))
        }
    };
    let mut new_page = |content: &mut String, y: &mut f64| {
        if !content.is_empty() {
            pages.push(std::mem::take(content));
        }
        let number = pages.len() + 1;
        let _ = writeln!(content, "BT /F1 8 Tf 60 760 Td {} ET", show("The Lamp, weekly of the valley"));
        let _ = writeln!(content, "BT /F1 8 Tf 300 30 Td {} ET", show(&number.to_string()));
        *y = 720.0;
    };
    new_page(&mut content, &mut y);
    for (i, paragraph) in ARTICLE.iter().enumerate() {
        let size = if i == 0 { 18 } else { 10 };
        for (k, line) in wrap(paragraph, 44, true).iter().enumerate() {
            if y < 500.0 {
                new_page(&mut content, &mut y);
            }
            let x = if i > 0 && k == 0 { 72 } else { 60 };
            let _ = writeln!(content, "BT /F1 {size} Tf 1 0 0 1 {x} {y} Tm {} ET", show(line));
            y -= f64::from(size) * 1.2;
        }
    }
    pages.push(content);
    let mut objects: Vec<(u32, Vec<u8>)> = Vec::new();
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", 10 + 2 * i)).collect();
    objects.push((1, b"<< /Type /Catalog /Pages 2 0 R >>".to_vec()));
    objects.push((
        2,
        format!(
            "<< /Type /Pages /Count {} /Kids [{}] /Resources << /Font << /F1 3 0 R >> >> >>",
            pages.len(),
            kids.join(" ")
        )
        .into_bytes(),
    ));
    let mut streams: Vec<(u32, String, Vec<u8>)> = Vec::new();
    match letters {
        Letters::Named => {
            let names = "[128 /quotedblleft /quotedblright /quoteright /emdash]";
            objects.push((
                3,
                format!(
                    "<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding << /Differences {names} >> >>"
                )
                .into_bytes(),
            ));
        }
        Letters::Explained => {
            objects.push((
                3,
                b"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /ToUnicode 5 0 R /DescendantFonts [<< /DW 520 \
                  /W [32 [260]] >>] >>"
                    .to_vec(),
            ));
            let table = "begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange 2 beginbfrange <0000> <1fff> \
                         <0000> <2000> <2fff> <2000> endbfrange endcmap";
            streams.push((5, String::new(), table.as_bytes().to_vec()));
        }
    }
    for (i, content) in pages.iter().enumerate() {
        let number = 10 + 2 * i as u32;
        objects.push((
            number,
            format!("<< /Type /Page /Parent 2 0 R /Contents {} 0 R >>", number + 1).into_bytes(),
        ));
        streams.push((number + 1, String::new(), content.as_bytes().to_vec()));
    }
    if letters == Letters::Explained {
        // All that are no streams stand in a stream of objects, as newer programs write it.
        let (mut places, mut bodies) = (String::new(), Vec::new());
        for (number, body) in &objects {
            let _ = write!(places, "{number} {} ", bodies.len());
            bodies.extend(body);
            bodies.push(b' ');
        }
        let head = format!("/Type /ObjStm /N {} /First {} ", objects.len(), places.len());
        let mut both = places.into_bytes();
        both.extend(bodies);
        streams.push((90, head, both));
        objects.clear();
    }
    let mut file = b"%PDF-1.5\n".to_vec();
    for (number, body) in objects {
        file.extend(format!("{number} 0 obj\n").bytes());
        file.extend(body);
        file.extend(b"\nendobj\n");
    }
    for (number, head, body) in streams {
        let packed = compress_to_vec_zlib(&body, 6);
        file.extend(
            format!("{number} 0 obj\n<< {head}/Filter /FlateDecode /Length {} >>\nstream\n", packed.len())
                .bytes(),
        );
        file.extend(packed);
        file.extend(b"\nendstream\nendobj\n");
    }
    file.extend(b"trailer << /Root 1 0 R >>\n%%EOF\n");
    file
}

fn code(character: char) -> u32 {
    match character {
        '“' => 128,
        '”' => 129,
        '’' => 130,
        '—' => 131,
        // In the standard encoding this code is a curly quotation mark.
        other => other as u32,
    }
}

/// Lines of at most so many characters; with hyphens, long words are broken.
fn wrap(paragraph: &str, width: usize, hyphens: bool) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in paragraph.split(' ') {
        let line = lines.last_mut().expect("there is a line");
        let room = width.saturating_sub(line.chars().count() + 1);
        if line.is_empty() || word.chars().count() <= room {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            continue;
        }
        // At a hyphen of its own, or else in the middle of a long word.
        let own = word.find('-').map(|at| at + 1).filter(|&at| at <= room);
        if let Some(at) = own.filter(|_| hyphens) {
            line.push(' ');
            line.push_str(&word[..at]);
            lines.push(word[at..].to_owned());
        } else if hyphens && word.len() >= 8 && room >= 5 && word.chars().all(char::is_alphabetic) {
            line.push(' ');
            line.push_str(&word[..4]);
            line.push('-');
            lines.push(word[4..].to_owned());
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}
