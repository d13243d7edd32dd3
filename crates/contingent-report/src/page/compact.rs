//! A finished page in fewer letters.
//!
//! Enters: a page as [`crate::html`] makes it. Leaves: the same page. Always holds: a browser shows the same. It makes the same document
//! of both, but for what [`super::shapes`] does to drawings, and for what says which way text
//! runs on a page that has no letter that runs from right to left: there it changes nothing and is left out.
//! What stands in scripts and style sheets stays letter by letter, as their hashes are in the policy.

use std::collections::BTreeMap;

use super::shapes::push_drawing;

/// The page in fewer letters.
pub(crate) fn compact(page: &str) -> String {
    let named = with_shared_axes(&with_short_names(page));
    let page = named.as_str();
    let runs_one_way = !page.chars().any(may_turn);
    let mut made = String::with_capacity(page.len());
    let mut rest = page;
    while let Some(start) = rest.find('<') {
        push_text(&mut made, &rest[..start]);
        rest = &rest[start..];
        // Values are escaped, so no `>` stands in them.
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let (tag, after) = rest.split_at(end);
        rest = after;
        let name = tag[1..].trim_end_matches(['>', '/']).split(' ').next().unwrap_or("");
        let is_dropped = runs_one_way && name.trim_start_matches('/') == "bdi" || may_be_left_out(name, rest);
        let whole = &page[page.len() - rest.len() - tag.len()..];
        if let Some(n_read) = (name == "svg").then(|| push_drawing(&mut made, whole, runs_one_way)).flatten()
        {
            rest = &whole[n_read..];
        } else if name.starts_with('!') {
            made.push_str(tag);
        } else if !is_dropped {
            push_tag(&mut made, tag, name, runs_one_way);
        }
        if name == "script" || name == "style" {
            let end = rest.find(&format!("</{name}")).unwrap_or(rest.len());
            made.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    made.push_str(rest);
    made
}

/// Titles and descriptions of drawings, to which nothing but their drawing points, are called by numbers.
fn with_short_names(page: &str) -> String {
    let mut made = String::with_capacity(page.len());
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let mut rest = page;
    while let Some((before, names, after)) = rest.split_once(LABELLED).and_then(|(before, after)| {
        let (names, after) = after.split_once('"')?;
        Some((before, names, after))
    }) {
        made.push_str(before);
        made.push_str(LABELLED);
        let n_known = numbers.len();
        let id = names
            .split_once("-title ")
            .map(|(id, _)| id)
            .filter(|id| names == format!("{id}-title {id}-desc"));
        let in_drawing = before.rfind('<').is_some_and(|tag| before[tag..].starts_with("<svg "));
        let Some(id) = id.filter(|_| in_drawing) else {
            made.push_str(names);
            made.push('"');
            rest = after;
            continue;
        };
        let number = *numbers.entry(id).or_insert(n_known);
        made.push_str(&format!("t{number} d{number}\""));
        rest = after;
        // The two follow right behind the tag of the drawing, where they are not those of another.
        let Some((tag, inside)) = rest.split_once('>') else { continue };
        let parts = inside.strip_prefix(&format!("<title id=\"{id}-title\">")).and_then(|inside| {
            let (title, inside) = inside.split_once(&format!("</title><desc id=\"{id}-desc\">"))?;
            Some((title, inside))
        });
        if let Some((title, inside)) = parts {
            made.push_str(&format!("{tag}><title id=\"t{number}\">{title}</title><desc id=\"d{number}\">"));
            // A description need not say the title again, which is read out before it.
            if let Some((description, after)) = inside.split_once("</desc>") {
                made.push_str(&description.replacen(&format!(": {title}."), ".", 1));
                made.push_str("</desc>");
                rest = after;
                continue;
            }
            rest = inside;
        }
    }
    made.push_str(rest);
    made
}

/// Axes that stand in several drawings alike are drawn in the first and pointed at in the others.
fn with_shared_axes(page: &str) -> String {
    // Within stand lines and texts and no further group, see [`crate::chart`].
    let pieces: Vec<&str> = page.split_inclusive(AXES).collect();
    let axes = |piece: &'_ str| piece.find("</g>").map(|end| piece[..end].to_owned());
    let mut known: BTreeMap<String, (usize, Option<usize>)> = BTreeMap::new();
    for found in pieces.iter().skip(1).filter_map(|piece| axes(piece)) {
        known.entry(found).or_default().0 += 1;
    }
    let mut made = String::with_capacity(page.len());
    let mut n_shared = 0;
    for (place, piece) in pieces.iter().enumerate() {
        let shared = axes(piece).filter(|_| place > 0).and_then(|found| {
            let (_, number) = known.get_mut(&found).filter(|(n, _)| *n > 1 && !found.is_empty())?;
            let is_first = number.is_none();
            let number = *number.get_or_insert_with(|| {
                n_shared += 1;
                n_shared - 1
            });
            Some((found.len(), is_first, number))
        });
        match shared {
            Some((_, true, number)) => {
                made.truncate(made.len() - AXES.len());
                made.push_str(&format!("<g id=\"a{number}\">{piece}"));
            }
            Some((length, false, number)) => {
                made.truncate(made.len() - AXES.len());
                made.push_str(&format!("<use href=\"#a{number}\"/>{}", &piece[length + "</g>".len()..]));
            }
            None => made.push_str(piece),
        }
    }
    made
}

/// What the axes of a drawing begin with.
const AXES: &str = "<g class=\"axes\">";

/// What names a drawing.
const LABELLED: &str = " aria-labelledby=\"";

/// Whether a letter runs from right to left or says which way others run (Unicode 16, classes R, AL and the explicit formats).
fn may_turn(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
        | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Whether a browser closes an element here without being told (HTML Living Standard, 13.1.2.4).
fn may_be_left_out(name: &str, rest: &str) -> bool {
    let before = |tags: &[&str]| tags.iter().any(|tag| rest.starts_with(tag));
    match name {
        "/td" | "/th" => before(&["<td", "<th>", "<th ", "</tr>"]),
        "/tr" => before(&["<tr>", "</tbody>", "</thead>"]),
        "/thead" => before(&["<tbody>"]),
        "/tbody" => before(&["</table>"]),
        "/li" => before(&["<li>", "<li ", "</ul>", "</ol>"]),
        "/dt" => before(&["<dd>", "<dd "]),
        "/dd" => before(&["<dt>", "<dt ", "<dd>", "<dd ", "</dl>", "</div>"]),
        "/p" => before(&[
            "<p>",
            "<p ",
            "<ul>",
            "<ul ",
            "<ol>",
            "<ol ",
            "<dl>",
            "<dl ",
            "<div>",
            "<div ",
            "<figure>",
            "<figure ",
            "<table>",
            "<table ",
            "<section ",
            "<details>",
            "<details ",
            "<h2",
            "<h3",
            "<h4",
            "</section>",
            "</div>",
            "</details>",
        ]),
        "/option" => before(&["<option", "</select>"]),
        _ => false,
    }
}

/// Text with the quotes as they are, which end nothing outside of a tag.
pub(super) fn push_text(made: &mut String, text: &str) {
    made.push_str(&text.replace("&#39;", "'").replace("&quot;", "\""));
}

/// A tag whose values stand without quotes where they may (HTML Living Standard, 13.1.2.3).
pub(super) fn push_tag(made: &mut String, tag: &str, name: &str, runs_one_way: bool) {
    let closes_itself = tag.ends_with("/>");
    let body = &tag[1 + name.len()..tag.len() - if closes_itself { 2 } else { 1 }];
    made.push('<');
    made.push_str(name);
    let mut rest = body;
    while !rest.is_empty() {
        // ` name="value"`, or ` name` alone.
        let next = rest[1..].find([' ', '=']).map_or(rest.len(), |end| end + 1);
        let (attribute, after) = rest.split_at(next);
        let Some(quoted) = after.strip_prefix("=\"") else {
            made.push_str(attribute);
            rest = after;
            continue;
        };
        let end = quoted.find('"').unwrap_or(quoted.len());
        let value = &quoted[..end];
        rest = quoted.get(end + 1..).unwrap_or("");
        if runs_one_way && attribute == " dir" && value == "auto" {
            continue;
        }
        // Heads of tables stand in the first row or the first column, where a browser knows what they are of (4.9.12.2).
        if name == "th" && attribute == " scope" {
            continue;
        }
        made.push_str(attribute);
        made.push('=');
        let is_plain = !value.is_empty()
            && value.bytes().all(|byte| !byte.is_ascii_whitespace() && !b"\"'=<>`".contains(&byte));
        if is_plain {
            made.push_str(value);
            if closes_itself && rest.is_empty() {
                // The slash would become part of the value.
                made.push(' ');
            }
        } else {
            made.push('"');
            made.push_str(&value.replace("&#39;", "'"));
            made.push('"');
        }
    }
    made.push_str(if closes_itself { "/>" } else { ">" });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_lose_their_quotes_where_they_may() {
        assert_eq!(
            compact(
                "<p class=\"a b\" id=\"x-1\" hidden title=\"\">a &quot;b&quot;</p><a href=\"data:x;base64,aa==\">x</a>"
            ),
            "<p class=\"a b\" id=x-1 hidden title=\"\">a \"b\"</p><a href=\"data:x;base64,aa==\">x</a>"
        );
        assert_eq!(compact("<circle r=\"2\" cx=\"1.5\"/>"), "<circle r=2 cx=1.5 />");
    }

    #[test]
    fn what_a_browser_closes_by_itself_is_not_closed() {
        let table = "<table><thead><tr><th scope=\"col\">A</th></tr></thead><tbody><tr><td>1</td><td></td></tr></tbody></table>";
        assert_eq!(compact(table), "<table><thead><tr><th>A<tbody><tr><td>1<td></table>");
        assert_eq!(
            compact("<ul><li>a</li><li><ul><li>b</li></ul></li></ul>"),
            "<ul><li>a<li><ul><li>b</ul></ul>"
        );
        assert_eq!(compact("<ul><li>a</li> <li>b</li></ul>"), "<ul><li>a</li> <li>b</ul>");
    }

    #[test]
    fn words_of_drawings_are_called_by_numbers() {
        let drawing =
            "<svg id=\"a-phone\" aria-labelledby=\"a-title a-desc\" role=\"img\"><path d=\"M0 0\"/></svg>";
        let first = "<svg id=\"a\" aria-labelledby=\"a-title a-desc\" role=\"img\"><title id=\"a-title\">A?</title><desc id=\"a-desc\">Bars: A?. B</desc></svg>";
        let section = "<section aria-labelledby=\"a-title a-desc\"></section>";
        assert_eq!(
            compact(&format!("{section}{first}{drawing}")),
            "<section aria-labelledby=\"a-title a-desc\"></section>\
             <svg id=a aria-labelledby=\"t0 d0\" role=img><title id=t0>A?</title><desc id=d0>Bars. B</desc></svg>\
             <svg id=a-phone aria-labelledby=\"t0 d0\" role=img><path d=\"M0 0\"/></svg>"
        );
    }

    #[test]
    fn axes_that_stand_in_several_drawings_are_drawn_once() {
        let drawing = |axes: &str, mark: &str| {
            format!("<svg><g class=\"axes\">{axes}</g><g class=\"ends\"><path d=\"{mark}\"/></g></svg>")
        };
        let (one, other) = ("<path class=\"grid\" d=\"M1 2h3\"/>", "<path class=\"grid\" d=\"M1 2h4\"/>");
        let page = drawing(one, "M1") + &drawing(other, "M2") + &drawing(one, "M3") + &drawing(one, "M4");
        assert_eq!(
            compact(&page),
            "<svg><g id=a0><path class=grid d=\"M1 2h3\"/></g><path d=M1 /></svg>\
             <svg><path class=grid d=\"M1 2h4\"/><path d=M2 /></svg>\
             <svg><use href=#a0 /><path d=M3 /></svg><svg><use href=#a0 /><path d=M4 /></svg>"
        );
    }

    #[test]
    fn scripts_and_style_sheets_stay_as_they_are() {
        let script = "<script id=\"s\">if (a < b && c > \"d\") {} // <p class=\"x\"><bdi>";
        assert_eq!(
            compact(&format!("{script}</script>")),
            format!("{}</script>", script.replacen("\"s\"", "s", 1))
        );
        assert_eq!(compact("<style>a>b{}</style>"), "<style>a>b{}</style>");
    }

    #[test]
    fn which_way_text_runs_is_said_only_where_some_text_may_run_the_other_way() {
        let page = |text: &str| format!("<p dir=\"auto\"><bdi>{text}</bdi>.</p>");
        assert_eq!(compact(&page("peace")), "<p>peace.</p>");
        assert_eq!(
            compact(&page("\u{635}\u{644}\u{62d}")),
            "<p dir=auto><bdi>\u{635}\u{644}\u{62d}</bdi>.</p>"
        );
        assert!(compact(&page("\u{202e}ecaep")).contains("<bdi>"));
    }
}
