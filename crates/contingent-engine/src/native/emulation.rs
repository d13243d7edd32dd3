//! Machine code executed by a program, also for instructions that this machine has not.
//!
//! Enters: bytes that `allocate` and `encode` made. Leaves: verdicts. Always holds: an instruction is read back by the
//! decoder and does what the processor's manual says of it; an address outside the memory that the code was given is
//! a failure; what is left in the registers of lanes is what the primitives of the region give, one lane at a time.

use std::collections::HashMap;

use iced_x86::{Decoder, DecoderOptions, Instruction, Mnemonic, OpKind, Register};

use super::allocate::{Pool, generate};
use super::encode::InstructionSet;
use super::primitive::{Predicate, Primitive, Rounding, Value};
use super::region::{self, Item, Region};
use crate::agreement::{Choices, of_any_kind, random_program};
use crate::interpreter::{LANES, Lanes};
use crate::program::{Program, compile};
use crate::random::{N_ROUNDS, RoundKeys};
use crate::support::large;

/// Memory in parts that lie far apart, so that no address of one reaches another.
struct Parts(Vec<Vec<u8>>);

impl Parts {
    const APART: u32 = 40;

    /// The address of a part.
    fn start(part: usize) -> u64 {
        (part as u64 + 1) << Self::APART
    }

    fn bytes(&mut self, address: u64, n: usize) -> &mut [u8] {
        let part = (address >> Self::APART) as usize - 1;
        let offset = (address & ((1 << Self::APART) - 1)) as usize;
        &mut self.0[part][offset..offset + n]
    }

    fn word(&mut self, address: u64) -> u64 {
        u64::from_le_bytes(self.bytes(address, 8).try_into().expect("eight bytes"))
    }
}

fn words(values: impl IntoIterator<Item = u64>) -> Vec<u8> {
    values.into_iter().flat_map(u64::to_le_bytes).collect()
}

/// Positions of the parts.
const REGISTERS: usize = 0;
const CONTEXT: usize = 1;

/// The registers of a processor.
struct Processor {
    general: HashMap<Register, u64>,
    vectors: [[u64; 8]; 32],
    mask: [bool; 8],
    is_below: bool,
    memory: Parts,
}

impl Processor {
    /// Runs a function to its end.
    fn run(&mut self, code: &[u8]) {
        let mut decoder = Decoder::with_ip(64, code, 0, DecoderOptions::NONE);
        loop {
            let instruction = decoder.decode();
            assert!(!instruction.is_invalid(), "the decoder knows what was encoded");
            match instruction.mnemonic() {
                Mnemonic::Ret => return,
                Mnemonic::Jb if self.is_below => {
                    let target = instruction.near_branch64();
                    decoder.set_position(target as usize).expect("a jump stays within the function");
                    decoder.set_ip(target);
                }
                Mnemonic::Jb | Mnemonic::Vzeroupper => {}
                _ => self.execute(&instruction),
            }
        }
    }

    fn address(&self, instruction: &Instruction) -> u64 {
        let of = |register| match register {
            Register::None => 0,
            register => self.general[&register],
        };
        let index = of(instruction.memory_index()) * u64::from(instruction.memory_index_scale());
        of(instruction.memory_base()).wrapping_add(index).wrapping_add(instruction.memory_displacement64())
    }

    fn number(register: Register) -> usize {
        let first = if register.is_zmm() { Register::ZMM0 } else { Register::YMM0 };
        assert!(register.is_zmm() || register.is_ymm(), "{register:?}");
        register as usize - first as usize
    }

    fn operand(&mut self, instruction: &Instruction, position: u32, n: usize) -> [u64; 8] {
        match instruction.op_kind(position) {
            OpKind::Register => self.vectors[Self::number(instruction.op_register(position))],
            OpKind::Memory => {
                assert!(!instruction.is_broadcast(), "none is encoded");
                let address = self.address(instruction);
                std::array::from_fn(
                    |lane| {
                        if lane < n { self.memory.word(address + 8 * lane as u64) } else { 0 }
                    },
                )
            }
            kind => unreachable!("{kind:?}"),
        }
    }

    fn execute(&mut self, instruction: &Instruction) {
        let accumulator = self.general.get(&Register::RAX).copied().unwrap_or(0);
        match instruction.mnemonic() {
            Mnemonic::Mov => {
                let address = self.address(instruction);
                let word = self.memory.word(address);
                self.general.insert(instruction.op0_register(), word);
                return;
            }
            Mnemonic::Xor => {
                assert_eq!((instruction.op0_register(), instruction.op1_register()), {
                    (Register::EAX, Register::EAX)
                });
                self.general.insert(Register::RAX, 0);
                return;
            }
            Mnemonic::Add => {
                assert_eq!(instruction.op0_register(), Register::RAX);
                self.general.insert(Register::RAX, accumulator.wrapping_add(instruction.immediate(1)));
                return;
            }
            Mnemonic::Cmp => {
                assert_eq!(instruction.op0_register(), Register::RAX);
                self.is_below = accumulator < instruction.immediate(1);
                return;
            }
            _ => {}
        }
        let registers = (0..instruction.op_count()).filter(|&i| instruction.op_kind(i) == OpKind::Register);
        let n = if registers.map(|i| instruction.op_register(i)).any(Register::is_zmm) { 8 } else { 4 };
        if instruction.op0_kind() == OpKind::Memory {
            assert_eq!((instruction.mnemonic(), instruction.op_mask()), (Mnemonic::Vmovupd, Register::None));
            let address = self.address(instruction);
            let values = self.operand(instruction, 1, n);
            self.memory.bytes(address, 8 * n).copy_from_slice(&words(values[..n].iter().copied()));
            return;
        }
        let mut out = self.results(instruction, n);
        if instruction.op_mask() != Register::None && instruction.mnemonic() != Mnemonic::Vblendmpd {
            assert!(instruction.op_mask() == Register::K1 && instruction.zeroing_masking());
            out = std::array::from_fn(|lane| if self.mask[lane] { out[lane] } else { 0 });
        }
        if instruction.op0_register() == Register::K1 {
            self.mask = std::array::from_fn(|lane| lane < n && out[lane] != 0);
        } else {
            // The upper half is cleared where only the lower is computed.
            let kept = std::array::from_fn(|lane| if lane < n { out[lane] } else { 0 });
            self.vectors[Self::number(instruction.op0_register())] = kept;
        }
    }

    fn results(&mut self, instruction: &Instruction, n: usize) -> [u64; 8] {
        let number = f64::from_bits;
        match instruction.mnemonic() {
            Mnemonic::Vpmovzxdq => {
                let address = self.address(instruction);
                let bytes = self.memory.bytes(address, 4 * n);
                let word = |lane: usize| bytes[4 * lane..][..4].try_into().expect("four bytes");
                return std::array::from_fn(|lane| {
                    if lane < n { u64::from(u32::from_le_bytes(word(lane))) } else { 0 }
                });
            }
            Mnemonic::Vpbroadcastq => {
                let address = self.address(instruction);
                return [self.memory.word(address); 8];
            }
            _ => {}
        }
        let a = self.operand(instruction, 1, n);
        match instruction.mnemonic() {
            Mnemonic::Vmovupd => return a,
            Mnemonic::Vsqrtpd => return a.map(|a| number(a).sqrt().to_bits()),
            Mnemonic::Vroundpd | Mnemonic::Vrndscalepd => {
                return match instruction.immediate8() {
                    1 => a.map(|a| number(a).floor().to_bits()),
                    2 => a.map(|a| number(a).ceil().to_bits()),
                    mode => unreachable!("{mode}"),
                };
            }
            Mnemonic::Vpsllq => return a.map(|a| a << instruction.immediate8()),
            Mnemonic::Vpsrlq => return a.map(|a| a >> instruction.immediate8()),
            _ => {}
        }
        let b = self.operand(instruction, 2, n);
        let each = |f: &dyn Fn(u64, u64) -> u64| std::array::from_fn(|lane| f(a[lane], b[lane]));
        let float = |f: fn(f64, f64) -> f64| each(&|a, b| f(number(a), number(b)).to_bits());
        match instruction.mnemonic() {
            Mnemonic::Vaddpd => float(|a, b| a + b),
            Mnemonic::Vsubpd => float(|a, b| a - b),
            Mnemonic::Vmulpd => float(|a, b| a * b),
            Mnemonic::Vdivpd => float(|a, b| a / b),
            Mnemonic::Vminpd => float(|a, b| if a < b { a } else { b }),
            Mnemonic::Vmaxpd => float(|a, b| if a > b { a } else { b }),
            Mnemonic::Vpand | Mnemonic::Vpandq | Mnemonic::Vandpd => each(&|a, b| a & b),
            Mnemonic::Vpor | Mnemonic::Vporq => each(&|a, b| a | b),
            Mnemonic::Vpxor | Mnemonic::Vpxorq => each(&|a, b| a ^ b),
            Mnemonic::Vpaddq => each(&u64::wrapping_add),
            Mnemonic::Vpsubq => each(&u64::wrapping_sub),
            Mnemonic::Vpmuludq => each(&|a, b| (a & 0xffff_ffff) * (b & 0xffff_ffff)),
            Mnemonic::Vcmppd => {
                let holds: fn(f64, f64) -> bool = match instruction.immediate8() {
                    0x00 => |a, b| a == b,
                    0x03 => |a, b| a.is_nan() || b.is_nan(),
                    0x04 => |a, b| a != b,
                    0x11 => |a, b| a < b,
                    0x12 => |a, b| a <= b,
                    predicate => unreachable!("{predicate:#x}"),
                };
                each(&|a, b| if holds(number(a), number(b)) { u64::MAX } else { 0 })
            }
            Mnemonic::Vblendvpd => {
                let mask = self.operand(instruction, 3, n);
                std::array::from_fn(|lane| if mask[lane] >> 63 == 1 { b[lane] } else { a[lane] })
            }
            Mnemonic::Vblendmpd => {
                assert_eq!(instruction.op_mask(), Register::K1);
                std::array::from_fn(|lane| if self.mask[lane] { b[lane] } else { a[lane] })
            }
            mnemonic => unreachable!("{mnemonic:?}"),
        }
    }
}

/// What a region is run with.
struct Given {
    /// Per register and lane.
    registers: Vec<Vec<f64>>,
    keys: Vec<RoundKeys>,
    draws: Vec<u32>,
    replications: Vec<u32>,
    step_pair: u64,
}

impl Given {
    fn new(choices: &mut Choices, n_registers: usize, n_streams: usize) -> Self {
        const SPECIAL: [f64; 10] =
            [0.0, -0.0, 1.0, -1.0, 5e-324, 1e300, f64::INFINITY, f64::NEG_INFINITY, f64::NAN, 0.5];
        let mut number = || match choices.below(3) {
            0 => SPECIAL[choices.below(SPECIAL.len())],
            1 => choices.below(100) as f64 - 20.0,
            _ => (choices.below(1_000_000) as f64 - 500_000.0) / 999.0,
        };
        let registers = (0..n_registers).map(|_| (0..LANES).map(|_| number()).collect()).collect();
        Self {
            registers,
            keys: (0..n_streams).map(|_| RoundKeys::new(choices.below(usize::MAX) as u64)).collect(),
            draws: (0..LANES).map(|_| choices.below(1 << 32) as u32).collect(),
            replications: (0..LANES).map(|_| choices.below(1 << 32) as u32).collect(),
            step_pair: choices.below(1 << 20) as u64,
        }
    }

    /// The values of all primitives of a region in one lane.
    fn values(&self, region: &Region, lane: usize) -> Vec<u64> {
        let mut values: Vec<u64> = Vec::new();
        for primitive in region.trace.primitives() {
            let of = |value: Value| values[value.index()];
            let number = |value: Value| f64::from_bits(of(value));
            values.push(match *primitive {
                Primitive::Register(register) => self.registers[register as usize][lane].to_bits(),
                Primitive::Constant(bits) => bits,
                Primitive::Draw => u64::from(self.draws[lane]),
                Primitive::Replication => u64::from(self.replications[lane]),
                Primitive::StepPair => self.step_pair,
                Primitive::Key { stream, word } => {
                    self.keys[stream as usize].words()[word as usize / 2][word as usize % 2]
                }
                Primitive::Pair(pair, a, b) => pair.apply(of(a), of(b)),
                Primitive::ShiftLeft(a, count) => of(a) << count,
                Primitive::ShiftRight(a, count) => of(a) >> count,
                Primitive::SquareRoot(a) => number(a).sqrt().to_bits(),
                Primitive::Round(Rounding::Floor, a) => number(a).floor().to_bits(),
                Primitive::Round(Rounding::Ceiling, a) => number(a).ceil().to_bits(),
                Primitive::Select(predicate, [x, y, yes, no]) => {
                    let (x, y) = (number(x), number(y));
                    let holds = match predicate {
                        Predicate::Less => x < y,
                        Predicate::LessOrEqual => x <= y,
                        Predicate::Equal => x == y,
                        Predicate::NotEqual => x != y,
                        Predicate::Unordered => x.is_nan() || y.is_nan(),
                    };
                    of(if holds { yes } else { no })
                }
            });
        }
        values
    }
}

/// Emulates the machine code of a region; gives the number of compared lanes.
fn check(set: InstructionSet, region: &Region, given: &Given) -> usize {
    let mut pool = Pool::default();
    let generated = generate(set, region, &mut pool).expect("it can be encoded");
    let stride = size_of::<Lanes>();
    let mut registers = vec![0; given.registers.len() * stride];
    for (register, values) in given.registers.iter().enumerate() {
        registers[register * stride..][..8 * LANES]
            .copy_from_slice(&words(values.iter().map(|value| value.to_bits())));
    }
    let addresses = (2..7).map(Parts::start).chain([given.step_pair]);
    let four_bytes = |values: &[u32]| values.iter().flat_map(|value| value.to_le_bytes()).collect();
    let parts = vec![
        registers,
        words(addresses),
        words(pool.constants.iter().flat_map(|&bits| std::iter::repeat_n(bits, set.n_lanes()))),
        words(given.keys.iter().flat_map(|keys| keys.words().iter().flatten().copied())),
        four_bytes(&given.draws),
        four_bytes(&given.replications),
        vec![0; generated.n_spilled * set.width()],
    ];
    assert!(parts[3].len() == given.keys.len() * 2 * N_ROUNDS * 8);
    let general =
        HashMap::from([(Register::RDI, Parts::start(REGISTERS)), (Register::RSI, Parts::start(CONTEXT))]);
    let mut processor = Processor {
        general,
        vectors: [[0x7ff8_dead_beef_0000; 8]; 32],
        mask: [true; 8],
        is_below: false,
        memory: Parts(parts),
    };
    processor.run(&generated.bytes);
    let mut compared = 0;
    for lane in 0..LANES {
        let values = given.values(region, lane);
        let mut wanted: HashMap<usize, u64> = region
            .stores
            .iter()
            .map(|&(register, value)| (register as usize, values[value.index()]))
            .collect();
        for register in 0..given.registers.len() {
            let wanted =
                f64::from_bits(wanted.remove(&register).unwrap_or(given.registers[register][lane].to_bits()));
            let address = Parts::start(REGISTERS) + (register * stride + 8 * lane) as u64;
            let found = f64::from_bits(processor.memory.word(address));
            let is_same = wanted.to_bits() == found.to_bits() || (wanted.is_nan() && found.is_nan());
            assert!(is_same, "{set:?}, register {register}, lane {lane}: {found}, not {wanted}");
            compared += 1;
        }
    }
    compared
}

fn check_program(program: &Program, choices: &mut Choices) -> usize {
    let (lowered, code) = (program.lowered(), program.code());
    let tables = lowered.graph.tables();
    let sections =
        region::sections(code, tables, region::calls(code, tables)).expect("copies can be ordered");
    let items = [&sections.prologue, &sections.observe[0], &sections.observe[1], &sections.last];
    let items = items.into_iter().chain(&sections.advance).flatten();
    let mut compared = 0;
    for item in items {
        if let Item::Region(region) = item {
            let given = Given::new(choices, code.n_registers, lowered.graph.streams().len());
            for set in [InstructionSet::Avx2, InstructionSet::Avx512] {
                compared += check(set, region, &given);
            }
        }
    }
    compared
}

#[test]
fn code_of_both_instruction_sets_gives_the_values_of_its_primitives() {
    let mut choices = Choices(77);
    let mut compared = 0;
    for seed in 0..150 {
        compared += check_program(&random_program(2_000_000 + seed, of_any_kind), &mut choices);
    }
    let model = large::model(1, 5).model;
    let program = compile(&model, &crate::Configuration::default()).expect("the model is small");
    compared += check_program(&program, &mut choices);
    assert!(compared > 1_000_000, "{compared}");
}
