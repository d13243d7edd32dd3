//! A drawing in fewer letters.
//!
//! Enters: the `<svg>` of a chart, as [`crate::chart`] makes it. Leaves: the same drawing. Always holds: a browser paints the same, in the
//! same order, up to a tenth of a pixel; what the style sheet and the script find by class or data they still find.
//!
//! Lines and boxes become paths, circles that are alike one path with their number in `data-n`, groups that say nothing are opened, and
//! what neighbours have in common is said once by a group around them.

use super::compact::{push_tag, push_text};

/// Classes of groups that say which part of a drawing they are, and which neither the style sheet nor the script asks for.
const PARTS: [&str; 8] = ["axes", "ends", "row", "dots", "marks", "bands", "paths", "recorded"];

/// Classes of paths that stand well on whole pixels: areas, thin lines, wires and grids, where half a pixel does not show.
const COARSE: [&str; 6] = ["band", "interval-area", "single", "wire", "grid", "axis"];

/// Classes of the parts of a link, which the style sheet of a page finds by their order instead.
const PARTS_OF_LINKS: [(&str, &str); 3] =
    [(".wire", "path:first-of-type"), (".head", "path+path"), (".sign", "text")];

/// The style sheet of charts for drawings that were made simpler here.
pub(super) fn style(sheet: &str) -> String {
    let kinds = [".negative", ".mixed", ".middling", ".heavy"];
    PARTS_OF_LINKS.iter().fold(sheet.replace("svg.chart", ".chart"), |sheet, (class, place)| {
        // A kind is said by the link itself.
        let of_kinds = kinds.iter().fold(sheet, |sheet, kind| {
            sheet.replace(&format!("{kind} {class}"), &format!(".link{kind} {place}"))
        });
        of_kinds.replace(class, &format!(".link {place}"))
    })
}

/// An element with its attributes, values as they are written, or a text.
#[derive(Clone, Debug, PartialEq)]
enum Node<'a> {
    Text(&'a str),
    Element { name: &'a str, attributes: Vec<(String, String)>, children: Vec<Node<'a>>, is_empty: bool },
}

/// Writes a drawing that stands at the beginning of a page; returns how many bytes of it were read, none when it cannot be.
pub(super) fn push_drawing(made: &mut String, page: &str, runs_one_way: bool) -> Option<usize> {
    let mut rest = page;
    let drawing = read(&mut rest)?;
    let Node::Element { name, mut attributes, children, .. } = drawing else { return None };
    // The style sheet has the height follow from the width and the box of the view.
    attributes.retain(|(attribute, _)| attribute != "height");
    let drawing = Node::Element { name, attributes, children: simpler(children), is_empty: false };
    write(made, &drawing, runs_one_way);
    Some(page.len() - rest.len())
}

/// The element that a text begins with, which then begins behind it.
fn read<'a>(rest: &mut &'a str) -> Option<Node<'a>> {
    let end = rest.find('>')?;
    let tag = rest.get(1..end)?;
    *rest = &rest[end + 1..];
    let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
    let (name, mut said) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = Vec::new();
    while !said.is_empty() {
        let (attribute, value) = said.split_once("=\"")?;
        let (value, after) = value.split_once('"')?;
        attributes.push((attribute.to_owned(), value.to_owned()));
        said = after.strip_prefix(' ').unwrap_or(after);
    }
    let mut children = Vec::new();
    if is_empty {
        return Some(Node::Element { name, attributes, children, is_empty });
    }
    loop {
        let start = rest.find('<')?;
        let (text, after) = rest.split_at(start);
        if !text.is_empty() {
            children.push(Node::Text(text));
        }
        *rest = after;
        if let Some(after) = rest.strip_prefix("</") {
            let (closed, after) = after.split_once('>')?;
            *rest = after;
            if closed != name {
                return None;
            }
            break;
        }
        children.push(read(rest)?);
    }
    Some(Node::Element { name, attributes, children, is_empty })
}

fn simpler(children: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut flat = Vec::new();
    for child in children {
        match child {
            Node::Element { name: "g", mut attributes, children, is_empty } => {
                attributes.retain(|(name, value)| !(name == "class" && PARTS.contains(&value.as_str())));
                let children = simpler(children);
                if attributes.is_empty() {
                    flat.extend(children);
                } else if !children.is_empty() {
                    flat.push(Node::Element { name: "g", attributes, children, is_empty });
                }
            }
            Node::Element { name, attributes, children, is_empty } => {
                let (name, mut attributes) = shape(name, attributes);
                let is_coarse = attributes.iter().any(|(name, value)| {
                    name == "class" && COARSE.contains(&value.split(' ').next().unwrap_or(""))
                });
                if let Some((_, data)) = attributes.iter_mut().find(|(name, _)| is_coarse && name == "d")
                    && let Some(whole) = on_whole_pixels(data)
                {
                    *data = whole;
                }
                attributes.retain(|(name, value)| {
                    name != "class" || !PARTS_OF_LINKS.iter().any(|(class, _)| class[1..] == *value)
                });
                flat.push(Node::Element { name, attributes, children, is_empty });
            }
            text @ Node::Text(_) => flat.push(text),
        }
    }
    common(together(flat))
}

/// A number of tenths as few letters.
fn short(tenths: i64) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    match (tenths.abs() / 10, tenths.abs() % 10) {
        (0, 0) => "0".to_owned(),
        (0, tenth) => format!("{sign}.{tenth}"),
        (whole, 0) => format!("{sign}{whole}"),
        (whole, tenth) => format!("{sign}{whole}.{tenth}"),
    }
}

/// Numbers behind a letter, apart only where they must be.
fn step(letter: char, numbers: &[i64]) -> String {
    let mut text = letter.to_string();
    for (i, &number) in numbers.iter().enumerate() {
        if i > 0 && number >= 0 {
            text.push(' ');
        }
        text.push_str(&short(number));
    }
    text
}

/// The value of a coordinate in tenths of a pixel.
fn tenths(attributes: &[(String, String)], wanted: &str) -> Option<i64> {
    let (_, value) = attributes.iter().find(|(name, _)| name == wanted)?;
    Some((10.0 * value.parse::<f64>().ok()?).round() as i64)
}

/// A line or a box as a path, where all that it says can be said so.
fn shape(name: &str, attributes: Vec<(String, String)>) -> (&str, Vec<(String, String)>) {
    let at = |wanted: &str| tenths(&attributes, wanted);
    let data = match name {
        "line" => (|| {
            let [x1, y1, x2, y2] = [at("x1")?, at("y1")?, at("x2")?, at("y2")?];
            let to = match (x2 - x1, y2 - y1) {
                (x, 0) => step('h', &[x]),
                (0, y) => step('v', &[y]),
                (x, y) => step('l', &[x, y]),
            };
            Some(step('M', &[x1, y1]) + &to)
        })(),
        "rect" if at("rx").is_none() => (|| {
            let [x, y, width, height] = [at("x")?, at("y")?, at("width")?, at("height")?];
            Some(format!(
                "{}{}{}{}z",
                step('M', &[x, y]),
                step('h', &[width]),
                step('v', &[height]),
                step('h', &[-width])
            ))
        })(),
        _ => None,
    };
    let Some(data) = data else { return (name, attributes) };
    let placed = ["x", "y", "x1", "y1", "x2", "y2", "width", "height"];
    let mut said: Vec<_> =
        attributes.into_iter().filter(|(name, _)| !placed.contains(&name.as_str())).collect();
    said.push(("d".to_owned(), data));
    ("path", said)
}

/// The data of a path on whole pixels; none when it has more than [`crate::chart`] writes. Every point is rounded by itself, so that
/// rounding never adds up.
fn on_whole_pixels(data: &str) -> Option<String> {
    let mut made = String::new();
    // Where the path is, and where it would be without rounding, in tenths.
    let (mut at, mut exact) = ([0_i64; 2], [0_i64; 2]);
    let mut letter = ' ';
    let mut rest = data;
    let whole = |tenths: i64| (tenths as f64 / 10.0).round() as i64;
    while let Some(first) = rest.chars().next() {
        if first.is_ascii_alphabetic() {
            letter = first;
            rest = &rest[1..];
            if letter == 'Z' {
                made.push('Z');
                continue;
            }
            made.push(letter);
        }
        if let Some(along) = "hv".find(letter) {
            let (number, after) = number_of(rest)?;
            rest = after;
            let before = at[along];
            exact[along] += number;
            at[along] = whole(exact[along]);
            made.push_str(&(at[along] - before).to_string());
            continue;
        }
        let n_points = match letter {
            'M' | 'l' => 1,
            'c' => 3,
            _ => return None,
        };
        let mut steps = Vec::new();
        let mut to = exact;
        for _ in 0..n_points {
            let mut point = if letter == 'M' { [0; 2] } else { exact };
            for coordinate in &mut point {
                let (number, after) = number_of(rest)?;
                *coordinate += number;
                rest = after;
            }
            let from = if letter == 'M' { [0; 2] } else { at };
            steps.extend([whole(point[0]) - from[0], whole(point[1]) - from[1]]);
            to = point;
        }
        exact = to;
        at = to.map(whole);
        // A step to where the path already is shows nothing.
        if letter == 'l' && steps == [0, 0] && !made.ends_with('l') {
            continue;
        }
        for step in steps {
            if step >= 0 && made.ends_with(|letter: char| letter.is_ascii_digit()) {
                made.push(' ');
            }
            made.push_str(&step.to_string());
        }
    }
    Some(made)
}

/// The number that a text begins with, in tenths, and what follows it.
fn number_of(text: &str) -> Option<(i64, &str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    let mut is_fraction = false;
    let end = text
        .char_indices()
        .find(|&(place, letter)| {
            let goes_on =
                letter.is_ascii_digit() || place == 0 && letter == '-' || letter == '.' && !is_fraction;
            is_fraction |= letter == '.';
            !goes_on
        })
        .map_or(text.len(), |(place, _)| place);
    let (number, after) = text.split_at(end);
    Some(((10.0 * number.parse::<f64>().ok()?).round() as i64, after))
}

/// What a circle says but where it stands.
fn look(attributes: &[(String, String)]) -> Vec<&(String, String)> {
    attributes.iter().filter(|(name, _)| name != "cx" && name != "cy").collect()
}

/// Circles that follow each other and are alike as one path.
fn together(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut made = Vec::new();
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        let Node::Element { name: "circle", attributes, .. } = &node else {
            made.push(node);
            continue;
        };
        let Some(radius) = tenths(attributes, "r") else {
            made.push(node);
            continue;
        };
        let mut circles = vec![attributes.clone()];
        while let Some(Node::Element { attributes: next, .. }) = nodes.next_if(|next| {
            matches!(next, Node::Element { name: "circle", attributes: next, children, .. }
                if children.is_empty() && look(next) == look(attributes))
        }) {
            circles.push(next);
        }
        let places: Option<Vec<[i64; 2]>> =
            circles.iter().map(|circle| Some([tenths(circle, "cx")?, tenths(circle, "cy")?])).collect();
        let Some(places) = places.filter(|places| places.len() > 1) else {
            made.extend(circles.into_iter().map(|attributes| Node::Element {
                name: "circle",
                attributes,
                children: Vec::new(),
                is_empty: true,
            }));
            continue;
        };
        let ring = format!("a{0} {0} 0 1 1-.1 0z", short(radius));
        let data: String = places.iter().map(|&[x, y]| step('M', &[x, y - radius]) + &ring).collect();
        let mut said: Vec<_> =
            look(attributes).into_iter().filter(|(name, _)| name != "r").cloned().collect();
        said.extend([("data-n".to_owned(), places.len().to_string()), ("d".to_owned(), data)]);
        made.push(Node::Element { name: "path", attributes: said, children: Vec::new(), is_empty: true });
    }
    made
}

/// What an element says that a group around it may say for it: of a text how it looks, of a group its class where it says more.
fn shared(node: &Node<'_>) -> Vec<(String, String)> {
    let Node::Element { name, attributes, .. } = node else { return Vec::new() };
    let is_shared = |attribute: &str| match *name {
        "text" => attribute == "class" || attribute == "text-anchor",
        "g" => attribute == "class" && attributes.len() > 1,
        _ => false,
    };
    attributes.iter().filter(|(attribute, _)| is_shared(attribute)).cloned().collect()
}

/// Neighbours of one kind that share attributes stand in a group that has them.
fn common(nodes: Vec<Node<'_>>) -> Vec<Node<'_>> {
    let mut made: Vec<Node<'_>> = Vec::new();
    let mut nodes = nodes.into_iter().peekable();
    while let Some(node) = nodes.next() {
        let said = shared(&node);
        let kind = |node: &Node<'_>| matches!(node, Node::Element { name: "text", .. });
        let is_text = kind(&node);
        let mut alike = vec![node];
        while let Some(next) =
            nodes.next_if(|next| !said.is_empty() && kind(next) == is_text && shared(next) == said)
        {
            alike.push(next);
        }
        if alike.len() < 2 {
            made.append(&mut alike);
            continue;
        }
        for node in &mut alike {
            if let Node::Element { attributes, .. } = node {
                attributes.retain(|attribute| !said.contains(attribute));
            }
        }
        made.push(Node::Element { name: "g", attributes: said, children: alike, is_empty: false });
    }
    made
}

fn write(made: &mut String, node: &Node<'_>, runs_one_way: bool) {
    let Node::Element { name, attributes, children, is_empty } = node else {
        if let Node::Text(text) = node {
            push_text(made, text);
        }
        return;
    };
    // What looks come first, where a thing stands last, so that neighbours begin alike.
    let said: String = attributes.iter().map(|(name, value)| format!(" {name}=\"{value}\"")).collect();
    push_tag(made, &format!("<{name}{said}{}>", if *is_empty { "/" } else { "" }), name, runs_one_way);
    if *is_empty {
        return;
    }
    for child in children {
        write(made, child, runs_one_way);
    }
    made.push_str(&format!("</{name}>"));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(drawing: &str) -> String {
        let mut made = String::new();
        let read = push_drawing(&mut made, &format!("{drawing}<p>"), true);
        assert_eq!(read, Some(drawing.len()));
        made
    }

    #[test]
    fn lines_and_boxes_are_paths() {
        assert_eq!(
            made(
                "<svg><line class=\"a\" x1=\"1.5\" y1=\"2\" x2=\"4\" y2=\"2\"/><line x1=\"1\" y1=\"2\" x2=\"0.5\" y2=\"-1\"/>\
                 <rect class=\"b\" x=\"0.5\" y=\"10\" width=\"7\" height=\"3.2\"/><rect rx=\"2\" x=\"1\"/></svg>"
            ),
            "<svg><path class=a d=\"M1.5 2h2.5\"/><path d=\"M1 2l-.5-3\"/><path class=b d=\"M.5 10h7v3.2h-7z\"/>\
             <rect rx=2 x=1 /></svg>"
        );
    }

    #[test]
    fn areas_and_thin_lines_stand_on_whole_pixels_and_rounding_never_adds_up() {
        assert_eq!(
            on_whole_pixels("M1.4 2.6l.4.4.4.4 6-15.6M3 3c1.2 0 1.4-.6 2.6-1Z").as_deref(),
            Some("M1 3l1 0 6-15M3 3c1 0 1-1 3-1Z")
        );
        assert_eq!(on_whole_pixels("M1.4 2.6h3.2M4.5 7v4.4").as_deref(), Some("M1 3h4M5 7v4"));
        assert_eq!(on_whole_pixels("M1 2a3 4"), None);
        assert_eq!(
            made(
                "<svg><path class=\"band band-95\" d=\"M1.4 2l1.2 0\"/><path class=\"median\" d=\"M1.4 2l1.2 0\"/></svg>"
            ),
            "<svg><path class=\"band band-95\" d=\"M1 2l2 0\"/><path class=median d=\"M1.4 2l1.2 0\"/></svg>"
        );
    }

    #[test]
    fn circles_that_are_alike_are_one_path_that_tells_how_many_they_are() {
        let circle = |y: u8, value: u8| {
            format!("<circle class=\"dot\" cx=\"9\" cy=\"{y}\" r=\"4.9\" data-value=\"{value}\"/>")
        };
        let drawing =
            format!("<svg><g class=\"dots\">{}{}{}</g></svg>", circle(50, 1), circle(40, 1), circle(30, 2));
        assert_eq!(
            made(&drawing),
            "<svg><path class=dot data-value=1 data-n=2 d=\"M9 45.1a4.9 4.9 0 1 1-.1 0zM9 35.1a4.9 4.9 0 1 1-.1 0z\"/>\
             <circle class=dot cx=9 cy=30 r=4.9 data-value=2 /></svg>"
        );
    }

    #[test]
    fn what_neighbours_have_in_common_is_said_once() {
        let text = |class: &str, x: u8| {
            format!("<text class=\"{class}\" x=\"{x}\" y=\"2\" text-anchor=\"end\">{x} &quot;</text>")
        };
        assert_eq!(
            made(&format!(
                "<svg><g class=\"row\">{}</g><g>{}{}</g></svg>",
                text("quiet", 1),
                text("quiet", 3),
                text("label", 5)
            )),
            "<svg><g class=quiet text-anchor=end><text x=1 y=2>1 \"</text><text x=3 y=2>3 \"</text></g>\
             <text class=label x=5 y=2 text-anchor=end>5 \"</text></svg>"
        );
        let link = |to: u8| format!("<g class=\"link positive\" data-to=\"{to}\"><path d=\"M0 0\"/></g>");
        assert_eq!(
            made(&format!("<svg>{}{}</svg>", link(1), link(2))),
            "<svg><g class=\"link positive\"><g data-to=1><path d=\"M0 0\"/></g><g data-to=2><path d=\"M0 0\"/></g></g></svg>"
        );
    }

    #[test]
    fn parts_of_links_are_found_by_their_order() {
        assert_eq!(
            style("svg.chart .wire{a}\nsvg.chart .negative .head,svg.chart .negative .sign{b}"),
            ".chart .link path:first-of-type{a}\n.chart .link.negative path+path,.chart .link.negative text{b}"
        );
        assert_eq!(
            made(
                "<svg><g class=\"link mixed\"><path class=\"wire\" d=\"M0 0\"/><path class=\"head\" d=\"M1 0\"/></g></svg>"
            ),
            "<svg><g class=\"link mixed\"><path d=\"M0 0\"/><path d=\"M1 0\"/></g></svg>"
        );
    }

    #[test]
    fn what_is_no_drawing_is_left_to_others() {
        for broken in ["<svg", "<svg><g></svg>", "<svg a=b></svg>", "<svg><g class=\"a\">"] {
            assert_eq!(push_drawing(&mut String::new(), broken, true), None, "{broken}");
        }
    }
}
