//! The module of pages in few bytes.
//!
//! Enters: a WebAssembly module. Leaves: bytes from which `unpack` in `crates/contingent-report/src/live/worker.js` makes it again.
//! Always holds: both sides foresee each bit with the same arithmetic, which is that of whole numbers and of sums and products of
//! doubles in a fixed order, so that it is the same on every machine; the script says nothing that is not here, line by line.
//!
//! Each bit is foreseen from nine contexts and from the longest match before it; their votes are weighed by weights that are learnt on
//! the way (Mahoney 2005, Adaptive Weighing of Context Models for Lossless Data Compression), and an arithmetic coder writes what was
//! not foreseen. Seven of the contexts know which part of which instruction a byte is (WebAssembly core specification 2.0, chapter 5).

/// Contexts of a byte.
const N_CONTEXTS: usize = 9;
/// The votes: of each context, of the match, and one that is always the same.
const N_VOTES: usize = N_CONTEXTS + 2;
/// Chances of one context: a power of two.
const N_CHANCES: usize = 1 << 21;
/// After so many bits a chance moves no slower.
const SLOWEST: u16 = 11;
/// A match as long as this foresees a whole byte by itself, which spares most of the time on what was there before.
const LONG: usize = 16;
/// How fast weights move.
const RATE: f64 = 0.02;
/// The logistic function at -8, -7.5, ..., 8, times 65,536.
const LOGISTIC: [i32; 33] = [
    21, 36, 59, 98, 162, 266, 438, 720, 1178, 1921, 3108, 4971, 7812, 11955, 17625, 24742, 32768, 40793,
    47910, 53580, 57723, 60564, 62427, 63614, 64357, 64815, 65097, 65269, 65373, 65437, 65476, 65499, 65514,
];
/// Kinds of operands; the first is the instruction itself.
const KINDS: &str = "!tlTfnxgaoiIbsc";

/// The operands of an instruction: those of the prefix 0xfd from 256 on, those of 0xfc from 512 on.
fn operands(op: u32) -> &'static str {
    match op {
        2..=4 => "t",
        12 | 13 => "l",
        14 => "T",
        16 => "f",
        17 | 520 | 522 | 524 | 526 => "nn",
        32..=34 => "x",
        35 | 36 => "g",
        40..=62 | 256..=267 | 348 | 349 => "ao",
        63 | 64 | 521 | 523 | 525 | 527..=529 => "n",
        65 => "i",
        66 => "I",
        67 => "bbbb",
        68 => "bbbbbbbb",
        252 => "c",
        253 => "s",
        268 | 269 => "bbbbbbbbbbbbbbbb",
        277..=290 => "b",
        340..=347 => "aob",
        _ => "",
    }
}

/// Where in a module a byte stands.
#[derive(Default)]
struct Place {
    /// 0 the preamble, 1 the name of a section, 2 its size, 3 within one that holds no code, 4 the number of functions, 5 the size of
    /// one, 6 the number of kinds of locals, 7 how many, 8 which, 9 within an instruction.
    part: u32,
    /// Bytes read of what is being read.
    n_read: u32,
    section: u32,
    left: u32,
    left_of_function: u32,
    declared: u32,
    value: u32,
    kind: u32,
    waiting: Vec<u8>,
    function: u32,
    ops: [u32; 4],
    locals: [u32; 2],
    offset: u32,
}

impl Place {
    /// A number below 512: which kind of byte comes.
    fn state(&self) -> u32 {
        match self.part {
            3 => (32 + (self.section & 31)) << 3 | (self.n_read & 3),
            9 => (16 + self.kind) << 3 | self.n_read.min(7),
            part => part << 3 | self.n_read.min(7),
        }
    }

    fn next(&mut self, part: u32) {
        self.part = part;
        self.n_read = 0;
        self.value = 0;
    }

    fn follow(&mut self, byte: u32) {
        let before = self.n_read;
        self.n_read += 1;
        if before < 5 {
            self.value |= (byte & 127) << (7 * before);
        }
        let value = self.value;
        let ends = byte < 128;
        match self.part {
            0 if self.n_read == 8 => self.next(1),
            1 => {
                self.section = byte;
                self.next(2);
            }
            2 if ends => {
                self.left = value;
                self.next(if value == 0 {
                    1
                } else if self.section == 10 {
                    4
                } else {
                    3
                });
                return;
            }
            _ => {}
        }
        if self.part < 3 {
            return;
        }
        self.left = self.left.wrapping_sub(1);
        if self.part > 5 {
            self.left_of_function = self.left_of_function.wrapping_sub(1);
        }
        match self.part {
            4 if ends => self.next(5),
            5 if ends => {
                self.left_of_function = value;
                self.function += 1;
                self.next(6);
            }
            6 if ends => {
                self.declared = value;
                self.next(if value == 0 { 9 } else { 7 });
                self.kind = 0;
                self.waiting.clear();
            }
            7 if ends => self.next(8),
            8 => {
                self.declared -= 1;
                self.next(if self.declared == 0 { 9 } else { 7 });
            }
            9 => self.operand(byte, value, ends),
            _ => {}
        }
        if self.part == 9 && self.left_of_function == 0 {
            self.next(5);
        }
        if self.left == 0 {
            self.next(1);
        }
    }

    fn operand(&mut self, byte: u32, value: u32, ends: bool) {
        let kind = KINDS.as_bytes()[self.kind as usize];
        if !(ends || kind == b'!' || kind == b'b') {
            return;
        }
        match kind {
            b'!' => {
                self.ops = [byte, self.ops[0], self.ops[1], self.ops[2]];
                self.waiting = operands(byte).bytes().collect();
            }
            b's' | b'c' => {
                self.ops[0] = value.wrapping_add(if kind == b's' { 256 } else { 512 });
                self.waiting = operands(self.ops[0]).bytes().collect();
            }
            b'T' => self.waiting = vec![b'l'; value.min(4_095) as usize + 1],
            b'x' => self.locals = [value, self.locals[0]],
            b'o' => self.offset = value,
            _ => {}
        }
        self.next(9);
        self.kind = if self.waiting.is_empty() {
            0
        } else {
            let first = self.waiting.remove(0);
            KINDS.bytes().position(|kind| kind == first).unwrap_or(0) as u32
        };
    }
}

/// A hash of some numbers.
fn hash(numbers: &[u32]) -> u32 {
    numbers.iter().fold(0, |found, &number| {
        let mixed = (found ^ number.wrapping_add(0x9e37_79b9)).wrapping_mul(0x2c1b_3c6d);
        mixed ^ mixed >> 15
    })
}

/// What is learnt on the way.
struct Foresight {
    made: Vec<u8>,
    place: Place,
    logistic: Vec<i32>,
    stretch: Vec<f64>,
    /// Twelve bits of a chance, four of how often it was met; a half where it never was.
    chances: Vec<u16>,
    steps: [f64; 16],
    weights: [Vec<f64>; 2],
    /// The chance after a mixed vote, by kind of byte.
    refined: Vec<i32>,
    matched: Vec<usize>,
    /// Where the longest match goes on, and how long it is.
    like: usize,
    n_like: usize,
    /// How far to believe in a match of this length: in its next bit, and in its next byte by the kind of byte.
    trust: Vec<i32>,
    trust_in_whole: Vec<i32>,
}

impl Foresight {
    fn new() -> Self {
        let logistic: Vec<i32> = (0..4096)
            .map(|at| {
                let (i, w) = ((at >> 7) as usize, at & 127);
                (LOGISTIC[i] * (128 - w) + LOGISTIC[i + 1] * w) >> 7
            })
            .collect();
        let mut stretch = vec![2047.0 / 256.0; 4096];
        let mut from = 0;
        for (at, chance) in logistic.iter().enumerate().skip(1) {
            let to = (chance >> 4) as usize;
            while from <= to {
                stretch[from] = (at as f64 - 2048.0) / 256.0;
                from += 1;
            }
        }
        Self {
            made: Vec::new(),
            place: Place::default(),
            logistic,
            stretch,
            chances: vec![0; N_CONTEXTS * N_CHANCES],
            steps: std::array::from_fn(|n| 1.0 / (n as f64 + 1.5)),
            weights: [vec![0.3; 64 * N_VOTES], vec![0.3; 256 * N_VOTES]],
            refined: (0..512 * 33).map(|i| LOGISTIC[i % 33]).collect(),
            matched: vec![0; 1 << 18],
            like: 0,
            n_like: 0,
            trust: vec![60_000; 32],
            trust_in_whole: vec![64_000; 32 * 512],
        }
    }

    fn before(&self, n: usize) -> u32 {
        self.made.len().checked_sub(n).map_or(0, |at| u32::from(self.made[at]))
    }

    fn contexts(&self) -> [u32; N_CONTEXTS] {
        let [b1, b2, b3] = [1, 2, 3].map(|n| self.before(n));
        let Place { ops: [h0, h1, h2, h3], locals: [l0, l1], function, offset, value, n_read, .. } =
            self.place;
        let state = self.place.state();
        [
            hash(&[0, b1, b2]),
            hash(&[1, b1, b2, b3]),
            hash(&[2, state, h0, h1]),
            hash(&[3, state, h0, h1, h2, h3]),
            hash(&[4, state, h0, l0, if n_read > 0 { b1 } else { 0 }]),
            hash(&[5, state, h0, h1, l0, l1, value]),
            hash(&[6, state, h0, l0, function, value]),
            hash(&[7, state, h0, h1, h2, offset, value]),
            hash(&[8, state, h0, offset, value]),
        ]
    }

    /// The next byte. `code` writes or reads a bit, given its chance of being set in 65,536; either the answer to whether the byte
    /// is the given one, or else the next bit of the byte itself.
    fn byte(&mut self, mut code: impl FnMut(u32, Option<u8>) -> u32) -> u8 {
        let state = self.place.state() as usize;
        if self.n_like >= LONG {
            let (slot, byte) = (512 * self.n_like.min(31) + state, self.made[self.like]);
            let is = code(self.trust_in_whole[slot].clamp(32, 65_503) as u32, Some(byte));
            let target = if is == 1 { 65_535 } else { 0 };
            self.trust_in_whole[slot] += (target - self.trust_in_whole[slot]) >> 5;
            if is == 1 {
                self.learn(byte);
                return byte;
            }
            self.n_like = 0;
        }
        let contexts = self.contexts();
        let mut places = [0; N_CONTEXTS];
        let mut votes = [0.0; N_VOTES];
        let mut known = 1_usize;
        for bit in (0..8).rev() {
            if bit == 7 || bit == 3 {
                for (i, context) in contexts.iter().enumerate() {
                    let bucket = hash(&[*context, known as u32]) as usize % (N_CHANCES / 16);
                    places[i] = i * N_CHANCES + 16 * bucket;
                }
            }
            let low = if bit > 3 { known } else { known & ((1 << (3 - bit)) - 1) | 1 << (3 - bit) };
            for (vote, place) in votes.iter_mut().zip(&places) {
                let chance = self.chances[place + low];
                *vote = if chance.is_multiple_of(16) { 0.0 } else { self.stretch[usize::from(chance >> 4)] };
            }
            let length = self.n_like.min(31);
            let like = (self.n_like > 0).then(|| usize::from(self.made[self.like]) | 256);
            let expected =
                like.filter(|like| like >> (bit + 1) == known).map(|like| (like >> bit & 1) as u32);
            let trust = self.stretch[(self.trust[length] >> 4) as usize];
            votes[N_CONTEXTS] = expected.map_or(0.0, |expected| if expected == 1 { trust } else { -trust });
            votes[N_CONTEXTS + 1] = 0.3;
            let sets = [(state >> 3) * N_VOTES, known * N_VOTES];
            let mut sums = [0.0; 2];
            for (sum, (weights, set)) in sums.iter_mut().zip(self.weights.iter().zip(sets)) {
                for (weight, vote) in weights[set..set + N_VOTES].iter().zip(votes) {
                    *sum += weight * vote;
                }
            }
            let at = |sum: f64| ((256.0 * sum).clamp(-2047.0, 2047.0) as i32 + 2048) as usize;
            let mixed = at(0.5 * (sums[0] + sums[1]));
            let (slot, share) = (33 * state + (mixed >> 7), i32::from(mixed as u8 & 127));
            let refined = (self.refined[slot] * (128 - share) + self.refined[slot + 1] * share) >> 7;
            let chance = ((self.logistic[mixed] + refined) >> 1).clamp(32, 65_503);
            let is = code(chance as u32, None);

            let (target, one) = if is == 1 { (65_535, 1) } else { (0, 0) };
            let nearer = slot + usize::from(share > 64);
            self.refined[nearer] += (target - self.refined[nearer]) >> 6;
            for ((sum, weights), set) in sums.into_iter().zip(&mut self.weights).zip(sets) {
                let error = f64::from((one << 16) - self.logistic[at(sum)]) / 65_536.0 * RATE;
                for (weight, vote) in weights[set..set + N_VOTES].iter_mut().zip(votes) {
                    *weight += error * vote;
                }
            }
            for place in places {
                let chance = self.chances[place + low];
                let n = chance & 15;
                let p = if n == 0 { 2048 } else { i32::from(chance >> 4) };
                // Two thirds, two fifths, ... of the way.
                let step = (f64::from(one * 4095 - p) * self.steps[usize::from(n)]) as i32;
                self.chances[place + low] = ((p + step) as u16) << 4 | (n + u16::from(n < SLOWEST));
            }
            if let Some(expected) = expected {
                let target = if expected == is { 65_535 } else { 0 };
                self.trust[length] += (target - self.trust[length]) >> 6;
                if expected != is {
                    self.n_like = 0;
                }
            }
            known = known << 1 | is as usize;
        }
        self.learn(known as u8);
        known as u8
    }

    fn learn(&mut self, byte: u8) {
        self.made.push(byte);
        self.place.follow(u32::from(byte));
        if self.n_like > 0 {
            self.like += 1;
            self.n_like += 1;
        }
        let n = self.made.len();
        if n < 5 {
            return;
        }
        let slot = hash(&[1, 2, 3, 4, 5].map(|back| self.before(back))) as usize % self.matched.len();
        let earlier = std::mem::replace(&mut self.matched[slot], n);
        if self.n_like == 0 && earlier > 0 {
            self.like = earlier;
            let same = |length: &usize| {
                *length < earlier && self.made[earlier - 1 - length] == self.made[n - 1 - length]
            };
            self.n_like = (0..32).take_while(same).count();
        }
    }
}

/// A module in few bytes: its length in 32 bits, the low byte first, and then what was not foreseen.
pub(crate) fn pack(module: &[u8]) -> Vec<u8> {
    let mut foresight = Foresight::new();
    let mut packed = (module.len() as u32).to_le_bytes().to_vec();
    let (mut low, mut high) = (0_u32, u32::MAX);
    for &byte in module {
        let mut bit = 8;
        foresight.byte(|chance, whole| {
            let is = whole.map_or_else(
                || {
                    bit -= 1;
                    u32::from(byte >> bit & 1)
                },
                |whole| u32::from(whole == byte),
            );
            let middle = middle(low, high, chance);
            if is == 1 {
                high = middle;
            } else {
                low = middle + 1;
            }
            while (low ^ high) >> 24 == 0 {
                packed.push((high >> 24) as u8);
                low <<= 8;
                high = high << 8 | 255;
            }
            is
        });
    }
    packed.extend(low.wrapping_add(1 << 23).to_be_bytes());
    packed
}

/// Where a range is cut in two.
fn middle(low: u32, high: u32, chance: u32) -> u32 {
    let range = high - low;
    low + (range >> 16) * chance + (((range & 0xffff) * chance) >> 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpack(packed: &[u8]) -> Vec<u8> {
        let mut foresight = Foresight::new();
        let (size, rest) = packed.split_at(4);
        let size = u32::from_le_bytes(size.try_into().expect("four bytes"));
        let mut rest = rest.iter();
        let mut next = || u32::from(rest.next().copied().unwrap_or(0));
        let mut code = (0..4).fold(0, |code, _| code << 8 | next());
        let (mut low, mut high) = (0_u32, u32::MAX);
        for _ in 0..size {
            foresight.byte(|chance, _| {
                let middle = middle(low, high, chance);
                let is = u32::from(code <= middle);
                if is == 1 {
                    high = middle;
                } else {
                    low = middle + 1;
                }
                while (low ^ high) >> 24 == 0 {
                    low <<= 8;
                    high = high << 8 | 255;
                    code = code << 8 | next();
                }
                is
            });
        }
        foresight.made
    }

    #[test]
    fn what_was_packed_is_unpacked() {
        let mut state = 1_u32;
        let mut noise = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        let random: Vec<u8> = (0..3_000).map(|_| noise()).collect();
        // A preamble, a section of types and one of code, whose function is the same few instructions over and over.
        let mut module = b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0".to_vec();
        let body: Vec<u8> =
            [0x20, 1, 0x41, 0x80, 0x7f, 0x6a, 0x22, 2, 0xfd, 12].into_iter().chain([7; 16]).collect();
        let body = body.repeat(100);
        let n = body.len() + 3;
        module.extend([10, (n & 127) as u8 | 128, (n >> 7) as u8 | 128, 0, 1]);
        module.extend([(body.len() as u32 & 127) as u8 | 128, (body.len() >> 7) as u8, 0]);
        module.extend(&body);
        for bytes in [&[][..], &[0], &random, &module] {
            assert!(unpack(&pack(bytes)) == bytes);
        }
        assert!(pack(&module).len() < module.len() / 10, "{} of {}", pack(&module).len(), module.len());
        assert!(pack(&random).len() < random.len() + 100);
    }
}
