//! The drawing of a map.
//!
//! Enters: a [`Map`]. Leaves: a figure. Always holds: a link says its sign by its dash and by a mark at its head, a node its kind by
//! its outline, so that nothing hangs on colour; links that name a node which is not there are left out.

use super::geometry::Rectangle;
use super::layout::{Plan, lay_out};
use super::route::{Curve, routes};
use super::{Link, LinkSign, Map, Node, NodeKind};
use crate::chart::draw::{Anchor, Drawing, Path, Style, Words};
use crate::figure::{Figure, Table};
use crate::words::text::{count, listed};

/// Widest line of the name of a node.
const LABEL_WIDTH: f64 = 128.0;
/// Most links that the description names.
const N_TOLD: usize = 12;

pub(super) fn draw(data: &Map) -> Figure {
    let mut drawing = Drawing::new(&data.frame);
    let n_groups = data.groups.len() + 1;
    let group_of: Vec<usize> = data
        .nodes
        .iter()
        .map(|node| node.group.filter(|&group| group < data.groups.len()).unwrap_or(n_groups - 1))
        .collect();
    let links: Vec<&Link> = data
        .links
        .iter()
        .filter(|link| link.from != link.to && link.from < data.nodes.len() && link.to < data.nodes.len())
        .collect();
    let labels: Vec<Vec<String>> = data
        .nodes
        .iter()
        .map(|node| Style::Label.wrapped(&node.label, LABEL_WIDTH.min(drawing.width / 3.0), 3))
        .collect();
    let sizes: Vec<(f64, f64)> =
        labels.iter().zip(&data.nodes).map(|(lines, node)| node_size(lines, node.kind)).collect();
    let names: Vec<String> = data
        .groups
        .iter()
        .map(|group| Style::Strong.cut(&group.label, drawing.width - 60.0))
        .chain([String::new()])
        .collect();
    let name_widths: Vec<f64> = names.iter().map(|name| Style::Strong.width(name)).collect();
    let edges: Vec<(usize, usize)> = links.iter().map(|link| (link.from, link.to)).collect();
    let plan = Plan {
        sizes: &sizes,
        group_of: &group_of,
        name_widths: &name_widths,
        edges: &edges,
        width: drawing.width,
    };
    let layout = lay_out(&plan);
    let name_boxes: Vec<Rectangle> = layout
        .groups
        .iter()
        .zip(&name_widths)
        .filter(|&(frame, width)| *width > 0.0 && frame.width > 0.0)
        .map(|(frame, width)| Rectangle { x: frame.x + 10.0, y: frame.y + 4.0, width: *width, height: 16.0 })
        .collect();
    let curves = routes(&layout.nodes, &edges, &name_boxes, (drawing.width, layout.height));

    for (i, frame) in layout.groups.iter().enumerate().filter(|(_, frame)| frame.width > 0.0) {
        let class = if i + 1 == n_groups { "hull nobody".to_owned() } else { format!("hull tint-{}", i % 6) };
        drawing.rectangle(
            &class,
            (frame.x + 0.5, frame.y + 0.5),
            (frame.width - 1.0, frame.height - 1.0),
            8.0,
        );
    }
    let mut taken: Vec<Rectangle> =
        layout.nodes.iter().map(|node| node.grown(1.0)).chain(name_boxes).collect();
    // Thick links lie on top of thin ones.
    let mut order: Vec<usize> = (0..links.len()).collect();
    order.sort_by(|&a, &b| links[a].weight.total_cmp(&links[b].weight).then(a.cmp(&b)));
    for i in order {
        draw_link(&mut drawing, links[i], &curves[i], &mut taken);
    }
    for (frame, name) in layout.groups.iter().zip(&names) {
        if frame.width > 0.0 {
            drawing.text((frame.x + 10.0, frame.y + 17.0), Anchor::Start, Style::Strong, name);
        }
    }
    for (i, node) in data.nodes.iter().enumerate() {
        draw_node(&mut drawing, i, node, layout.nodes[i], &labels[i]);
    }
    let bottom = draw_key(&mut drawing, data, layout.height + 18.0);
    let words = Words {
        title: data.title.clone(),
        description: description(data, &links),
        caption: caption(data),
        table: table(data, &links),
    };
    drawing.finish(bottom, words)
}

fn node_size(lines: &[String], kind: NodeKind) -> (f64, f64) {
    let widest = lines.iter().map(|line| Style::Label.width(line)).fold(24.0, f64::max);
    let height = lines.len().max(1) as f64 * Style::Label.line_height() + 9.0;
    let aside = match kind {
        NodeKind::Decision | NodeKind::Event | NodeKind::Lever => height * 0.6,
        _ => 16.0,
    };
    (widest + aside, height)
}

fn weight_class(weight: f64) -> &'static str {
    match weight {
        weight if weight >= 0.1 => "heavy",
        weight if weight >= 0.03 => "middling",
        _ => "light",
    }
}

fn draw_link(drawing: &mut Drawing, link: &Link, curve: &Curve, taken: &mut Vec<Rectangle>) {
    let (class, mark) = match link.sign {
        LinkSign::Positive => ("positive", "+"),
        LinkSign::Negative => ("negative", "\u{2212}"),
        LinkSign::Mixed => ("mixed", "\u{00b1}"),
    };
    let weight = weight_class(link.weight);
    drawing.open_with(
        &format!("link {class} {weight}"),
        &[("data-from", &link.from.to_string()), ("data-to", &link.to.to_string())],
    );
    let mut path = Path::default();
    let [a, b, c, d] = curve.points;
    let (dx, dy) = curve.end_direction();
    let size = match weight {
        "heavy" => 11.0,
        "middling" => 9.0,
        _ => 7.5,
    };
    // The wire ends inside of the head, so that a thick one does not stick out.
    let end = (d.0 - 0.6 * size * dx, d.1 - 0.6 * size * dy);
    path.move_to(a.0, a.1);
    path.cubic_to(b.0, b.1, c.0, c.1, end.0, end.1);
    drawing.path("wire", &path);
    let mut head = Path::default();
    head.move_to(d.0, d.1);
    head.line_to(d.0 - size * dx - 0.42 * size * dy, d.1 - size * dy + 0.42 * size * dx);
    head.line_to(d.0 - size * dx + 0.42 * size * dy, d.1 - size * dy - 0.42 * size * dx);
    head.close();
    drawing.path("head", &head);
    // The mark stands beside the head, where nothing else is; without room for it the dash says the sign alone.
    let width = Style::Sign.width(mark) + 1.0;
    'places: for back in [10.0, 16.0, 23.0, 31.0, 40.0] {
        for side in [1.0, -1.0] {
            let (x, y) = (d.0 - back * dx - 9.0 * side * dy, d.1 - back * dy + 9.0 * side * dx);
            let place = Rectangle { x: x - width / 2.0, y: y - 6.0, width, height: 12.0 };
            let inside = place.x >= 0.0 && place.x + width <= drawing.width && place.y >= 0.0;
            if inside && taken.iter().all(|other| !other.touches(place)) {
                taken.push(place);
                drawing.text((x, y + 4.5), Anchor::Middle, Style::Sign, mark);
                break 'places;
            }
        }
    }
    drawing.close();
}

fn draw_node(drawing: &mut Drawing, position: usize, node: &Node, place: Rectangle, label: &[String]) {
    drawing.open_with(
        &format!("node {} {}", kind_class(node.kind), weight_class(node.weight)),
        &[("data-node", &position.to_string())],
    );
    drawing.hint(&if node.note.is_empty() {
        node.label.clone()
    } else {
        format!("{}: {}", node.label, node.note)
    });
    draw_outline(drawing, node.kind, place);
    drawing.lines(place.middle(), Anchor::Middle, Style::Label, label);
    drawing.close();
}

fn kind_class(kind: NodeKind) -> &'static str {
    match kind {
        NodeKind::Stock => "stock",
        NodeKind::Auxiliary => "auxiliary",
        NodeKind::Decision => "decision",
        NodeKind::Event => "event",
        NodeKind::Lever => "lever",
        NodeKind::Assumption => "assumption",
        NodeKind::Question => "question",
    }
}

fn draw_outline(drawing: &mut Drawing, kind: NodeKind, place: Rectangle) {
    let Rectangle { x, y, width, height } = place;
    let slant = 0.28 * height;
    let corners = match kind {
        NodeKind::Decision => [
            (x + slant, y),
            (x + width - slant, y),
            (x + width, y + height / 2.0),
            (x + width - slant, y + height),
            (x + slant, y + height),
            (x, y + height / 2.0),
        ]
        .to_vec(),
        NodeKind::Lever => {
            [(x + slant, y), (x + width, y), (x + width - slant, y + height), (x, y + height)].to_vec()
        }
        _ => {
            let round = match kind {
                NodeKind::Event => height / 2.0,
                NodeKind::Stock | NodeKind::Question => 0.0,
                _ => 6.0,
            };
            drawing.rectangle("outline", (x, y), (width, height), round);
            return;
        }
    };
    let mut path = Path::default();
    for (i, &(x, y)) in corners.iter().enumerate() {
        if i == 0 { path.move_to(x, y) } else { path.line_to(x, y) }
    }
    path.close();
    drawing.path("outline", &path);
}

/// What outlines and lines mean, as far as they occur; returns where it ends.
fn draw_key(drawing: &mut Drawing, data: &Map, top: f64) -> f64 {
    let kinds = [
        (NodeKind::Stock, "builds up"),
        (NodeKind::Auxiliary, "follows from others"),
        (NodeKind::Decision, "is decided"),
        (NodeKind::Event, "happens by chance"),
        (NodeKind::Lever, "can be set"),
        (NodeKind::Assumption, "is not known"),
        (NodeKind::Question, "is asked"),
    ];
    let signs = [
        (LinkSign::Positive, "positive", "+ more of the one, more of the other"),
        (LinkSign::Negative, "negative", "\u{2212} more of the one, less of the other"),
        (LinkSign::Mixed, "mixed", "\u{00b1} it depends"),
    ];
    let (mut x, mut y) = (4.0, top);
    drawing.open("key");
    let mut place = |drawing: &Drawing, width: f64| {
        if x > 4.0 && x + width > drawing.width {
            x = 4.0;
            y += 20.0;
        }
        let at = (x, y);
        x += width + 18.0;
        at
    };
    for (kind, label) in kinds {
        if data.nodes.iter().any(|node| node.kind == kind) {
            let (x, y) = place(drawing, 30.0 + Style::Quiet.width(label));
            drawing.open(&format!("node {} light", kind_class(kind)));
            draw_outline(drawing, kind, Rectangle { x, y: y - 7.0, width: 24.0, height: 14.0 });
            drawing.close();
            drawing.text((x + 30.0, y + 4.0), Anchor::Start, Style::Quiet, label);
        }
    }
    for (sign, class, label) in signs {
        if data.links.iter().any(|link| link.sign == sign) {
            let (x, y) = place(drawing, 38.0 + Style::Quiet.width(label));
            drawing.open(&format!("link {class} light"));
            drawing.line("wire", (x, y), (x + 24.0, y));
            let mut head = Path::default();
            head.move_to(x + 32.0, y);
            head.line_to(x + 24.0, y - 3.5);
            head.line_to(x + 24.0, y + 3.5);
            head.close();
            drawing.path("head", &head);
            drawing.close();
            drawing.text((x + 38.0, y + 4.0), Anchor::Start, Style::Quiet, label);
        }
    }
    if data.links.iter().any(|link| link.weight >= 0.03) {
        let label = "thick: the answer hangs on it";
        let (x, y) = place(drawing, 38.0 + Style::Quiet.width(label));
        drawing.open("link positive heavy");
        drawing.line("wire", (x, y), (x + 30.0, y));
        drawing.close();
        drawing.text((x + 38.0, y + 4.0), Anchor::Start, Style::Quiet, label);
    }
    drawing.close();
    y + 12.0
}

fn told(data: &Map, link: &Link) -> String {
    let (from, to) = (&data.nodes[link.from].label, &data.nodes[link.to].label);
    let effect = match link.sign {
        LinkSign::Positive => "raises",
        LinkSign::Negative => "lowers",
        LinkSign::Mixed => "may raise or lower",
    };
    let sentence = format!("More of \u{2018}{from}\u{2019} {effect} \u{2018}{to}\u{2019}.");
    let mut text = if link.note.is_empty() { sentence } else { format!("{sentence} {}", link.note) };
    if link.weight >= 0.01 {
        let share = crate::chart::Measure::Percent.bare(link.weight);
        text.push_str(&format!(
            " What decides its strength accounts for {share} of what is not known about the answer."
        ));
    }
    text
}

fn caption(data: &Map) -> String {
    let mut text = "Who and what acts on what in the model, within a step and all else equal.".to_owned();
    for sentence in &data.left_out {
        text.push(' ');
        text.push_str(sentence);
    }
    text
}

fn description(data: &Map, links: &[&Link]) -> String {
    let groups: Vec<&str> = data.groups.iter().map(|group| group.label.as_str()).collect();
    let mut text =
        format!("Map of the model: {} and {}", count(data.nodes.len(), "part"), count(links.len(), "link"));
    if !groups.is_empty() {
        text.push_str(&format!(", grouped by {}", listed(&groups)));
    }
    text.push('.');
    let mut strongest: Vec<&&Link> = links.iter().collect();
    strongest.sort_by(|a, b| b.weight.total_cmp(&a.weight));
    let heavy: Vec<&&Link> = strongest.into_iter().filter(|link| link.weight >= 0.03).take(N_TOLD).collect();
    if !heavy.is_empty() {
        text.push_str(" The answer hangs most on these links:");
        for link in heavy {
            text.push(' ');
            text.push_str(&told(data, link));
        }
    }
    let (reinforcing, others): (Vec<&super::Loop>, Vec<&super::Loop>) =
        data.loops.iter().partition(|one| one.name.starts_with('R'));
    if !data.loops.is_empty() {
        let balancing = others.iter().filter(|one| one.name.starts_with('B')).count();
        text.push_str(&format!(
            " {} shown: {} reinforcing, {balancing} balancing.",
            count(data.loops.len(), "feedback loop"),
            reinforcing.len()
        ));
    }
    text.push_str(" Every link stands in the table.");
    text
}

fn table(data: &Map, links: &[&Link]) -> Table {
    let mut sorted: Vec<&&Link> = links.iter().collect();
    sorted.sort_by(|a, b| b.weight.total_cmp(&a.weight).then((a.from, a.to).cmp(&(b.from, b.to))));
    let rows = sorted
        .into_iter()
        .map(|link| {
            let effect = match link.sign {
                LinkSign::Positive => "raises",
                LinkSign::Negative => "lowers",
                LinkSign::Mixed => "may raise or lower",
            };
            let weight = if link.weight > 0.0 {
                crate::chart::Measure::Percent.bare(link.weight)
            } else {
                "\u{2013}".to_owned()
            };
            vec![
                data.nodes[link.from].label.clone(),
                effect.to_owned(),
                data.nodes[link.to].label.clone(),
                weight,
                link.note.clone(),
            ]
        })
        .collect();
    Table {
        caption: format!("{}: every link", data.title),
        head: ["More of", "does", "What", "Share of what we do not know", "Note"].map(str::to_owned).to_vec(),
        rows,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Group, Loop};
    use super::*;
    use crate::chart::Frame;

    fn small() -> Map {
        let node = |id: &str, kind, group| Node {
            id: id.to_owned(),
            label: format!("What is called {id}"),
            kind,
            group,
            weight: 0.0,
            note: String::new(),
        };
        let link = |from, to, sign, weight| Link { from, to, sign, weight, note: String::new() };
        Map {
            frame: Frame { id: "map".to_owned(), width: 700.0 },
            title: "The model".to_owned(),
            groups: vec![
                Group { id: "a".to_owned(), label: "Actor <A>".to_owned() },
                Group { id: "b".to_owned(), label: "Actor B".to_owned() },
            ],
            nodes: vec![
                node("one", NodeKind::Stock, Some(0)),
                node("two", NodeKind::Decision, Some(0)),
                node("three", NodeKind::Event, Some(1)),
                node("four", NodeKind::Lever, None),
            ],
            links: vec![
                link(0, 1, LinkSign::Positive, 0.2),
                link(1, 2, LinkSign::Negative, 0.0),
                link(2, 0, LinkSign::Mixed, 0.05),
                link(3, 1, LinkSign::Positive, 0.0),
                link(3, 9, LinkSign::Positive, 0.0),
            ],
            loops: vec![Loop { name: "B1".to_owned(), told: "round".to_owned(), nodes: vec![0, 1, 2] }],
            left_out: vec!["Two more are not shown.".to_owned()],
        }
    }

    #[test]
    fn links_and_nodes_carry_what_a_page_needs_to_isolate_them() {
        let figure = draw(&small());
        assert!(figure.svg.contains("class=\"link positive heavy\" data-from=\"0\" data-to=\"1\""));
        assert!(figure.svg.contains("class=\"link positive light\" data-from=\"3\" data-to=\"1\""));
        assert!(figure.svg.contains("class=\"node decision light\" data-node=\"1\""));
        assert_eq!(figure.svg.matches("data-from=").count(), 4);
        assert!(figure.svg.contains("Actor &lt;A&gt;") && !figure.svg.contains("<A>"));
        assert_eq!(figure, draw(&small()));
    }

    #[test]
    fn every_link_stands_in_the_table_heaviest_first() {
        let figure = draw(&small());
        assert_eq!(figure.table.rows.len(), 4);
        assert_eq!(figure.table.rows[0][..4], ["What is called one", "raises", "What is called two", "20%"]);
        assert!(figure.description.contains("1 feedback loop shown: 0 reinforcing, 1 balancing."));
        assert!(figure.caption.ends_with("Two more are not shown."));
    }

    #[test]
    fn an_empty_map_is_a_figure_all_the_same() {
        let map =
            Map { nodes: Vec::new(), links: Vec::new(), loops: Vec::new(), groups: Vec::new(), ..small() };
        let figure = draw(&map);
        assert!(figure.svg.ends_with("</svg>") && figure.table.rows.is_empty());
    }
}
