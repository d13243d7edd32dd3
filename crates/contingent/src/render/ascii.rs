//! Text for terminals that show ASCII only.
//!
//! Enters: rendered text. Leaves: the same text with every character that the renderer draws replaced by one of ASCII. Always holds:
//! one character stays one character, so that columns stay in line; letters of the model's own words stay as they are.

/// The text drawn in ASCII.
pub fn ascii(text: &str) -> String {
    text.chars().map(plain).collect()
}

fn plain(letter: char) -> char {
    match letter {
        '●' | '◆' | '○' => 'o',
        '━' | '▄' => '=',
        '─' | '▃' | '–' | '—' | '−' => '-',
        '·' | '…' | '░' | '▂' => '.',
        '▒' => ':',
        '▓' | '█' => '#',
        '▅' | '┤' | '├' | '┼' | '┴' | '┬' | '└' | '┘' | '┌' | '┐' => '+',
        '│' | '┃' => '|',
        '▁' => '_',
        '▆' => '*',
        '▇' => '%',
        '→' => '>',
        '←' => '<',
        '‘' | '’' => '\'',
        '“' | '”' => '"',
        '×' => 'x',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drawings_keep_their_columns_and_words_their_letters() {
        let drawn = "····━━●━━···  54 → 20…";
        let plain = ascii(drawn);
        assert_eq!(plain, "....==o==...  54 > 20.");
        assert_eq!(plain.chars().count(), drawn.chars().count());
        assert_eq!(ascii("▁▂▃▄▅▆▇█"), "_.-=+*%#");
        assert_eq!(ascii("Größe ‘Kābul’"), "Größe 'Kābul'");
    }
}
