//! PDF files: their text in reading order, with lines and words that were broken put together (ISO 32000).
//!
//! Enters: the bytes of the file. Leaves: a [`Document`]. Always holds: objects, unpacked bytes, drawn characters and nesting are
//! counted against limits, circles of references are cut, and nothing but characters and their places is looked at. The table of
//! objects in the file is not trusted: objects are found where they stand, so that damaged files can be read too.

mod content;
mod file;
mod font;
mod glyph;
mod layout;
mod object;

use std::collections::HashSet;
use std::rc::Rc;

use super::{Document, Format, Metadata, ReadError, collapse};
use file::File;
use object::{Dictionary, Object};

/// Most pages that are read.
const MAX_PAGES: usize = 20_000;

pub(super) fn read(bytes: &[u8]) -> Result<Document, ReadError> {
    let file = File::open(bytes)?;
    let pages = pages(&file)?;
    let mut budget = content::Budget::default();
    let mut fonts = font::Fonts::default();
    let mut drawn = Vec::with_capacity(pages.len());
    for (page, resources) in &pages {
        drawn.push(content::draw(&file, page, resources, &mut fonts, &mut budget)?);
    }
    let n_empty = drawn.iter().filter(|glyphs| glyphs.is_empty()).count();
    let text = layout::assemble(drawn);
    let mut notes = Vec::new();
    if n_empty > 0 && n_empty < pages.len() {
        notes.push(format!("{n_empty} of {} pages have no text; they may be pictures", pages.len()));
    }
    if budget.unreadable > 0 {
        notes.push(format!("{} characters are in fonts that do not say what they mean", budget.unreadable));
    }
    Ok(Document {
        text,
        format: Format::Pdf,
        encoding: "PDF",
        n_replaced: budget.unreadable,
        metadata: Metadata { title: title(&file), ..Metadata::default() },
        notes,
    })
}

/// The pages in order, each with the resources that hold for it.
fn pages(file: &File<'_>) -> Result<Vec<(Rc<Object>, Dictionary)>, ReadError> {
    let mut pages = Vec::new();
    let mut seen = HashSet::new();
    if let Some(root) = file.catalog().and_then(|catalog| catalog.get(&b"Pages"[..]).cloned()) {
        let mut pending = vec![(root, Dictionary::new())];
        while let Some((node, inherited)) = pending.pop() {
            if let Object::Reference(number) = node
                && !seen.insert(number)
            {
                continue;
            }
            let node = file.resolve(&node);
            let Some(dictionary) = node.dictionary() else { continue };
            let resources = dictionary
                .get(&b"Resources"[..])
                .and_then(|own| file.resolve(own).dictionary().cloned())
                .unwrap_or(inherited);
            match dictionary.get(&b"Kids"[..]).map(|kids| file.resolve(kids)) {
                Some(kids) => {
                    // The last is taken first.
                    pending.extend(
                        kids.array()
                            .unwrap_or_default()
                            .iter()
                            .rev()
                            .map(|kid| (kid.clone(), resources.clone())),
                    );
                }
                None => pages.push((node, resources)),
            }
            if pages.len() > MAX_PAGES || pending.len() > super::MAX_OBJECTS {
                return Err(ReadError::TooMany { what: "pages", most: MAX_PAGES });
            }
        }
    }
    if pages.is_empty() {
        // Without a tree, pages are taken in the order of their numbers.
        for page in file.of_type(b"Page").into_iter().take(MAX_PAGES) {
            let own = page.dictionary().and_then(|page| page.get(&b"Resources"[..]).cloned());
            let resources = own.and_then(|own| file.resolve(&own).dictionary().cloned()).unwrap_or_default();
            pages.push((page, resources));
        }
    }
    if pages.is_empty() {
        return Err(ReadError::Broken { format: Format::Pdf, reason: "no page can be found in it" });
    }
    Ok(pages)
}

fn title(file: &File<'_>) -> Option<String> {
    let information = file.information()?;
    let title = file.resolve(information.get(&b"Title"[..])?);
    let Object::Text(bytes) = &*title else { return None };
    let text = match bytes.as_slice() {
        [0xfe, 0xff, rest @ ..] => encoding_rs::UTF_16BE.decode_without_bom_handling(rest).0.into_owned(),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        // The encoding of such strings agrees with this one in letters and marks of Western languages.
        plain => encoding_rs::WINDOWS_1252.decode_without_bom_handling(plain).0.into_owned(),
    };
    let text = collapse(&text);
    // Programs that print to PDF write the name of the file here.
    (!text.is_empty() && !text.contains(".doc") && text != "untitled").then_some(text)
}
