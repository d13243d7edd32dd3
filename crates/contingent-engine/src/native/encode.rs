//! Machine instructions of the two instruction sets.
//!
//! Enters: primitives with machine registers and memory places. Leaves: bytes. Always holds: one primitive is one
//! machine instruction, or two for a selection; every place is relative to a register that the caller of the code
//! sets, so the bytes may stand at any address.

use iced_x86::{Code, Encoder, IcedError, Instruction, MemoryOperand, Register};

use super::primitive::{Pair, Predicate, Rounding};
use super::{LANES_PER_DRAW_ADDRESS, LANES_PER_VALUE_ADDRESS};

/// A set of vector instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InstructionSet {
    /// 4 lanes, 16 registers.
    Avx2,
    /// 8 lanes, 32 registers.
    Avx512,
}

impl InstructionSet {
    /// The widest that this machine has.
    pub(super) fn of_this_machine() -> Option<Self> {
        if std::arch::is_x86_feature_detected!("avx512f") {
            Some(Self::Avx512)
        } else if std::arch::is_x86_feature_detected!("avx2") {
            Some(Self::Avx2)
        } else {
            None
        }
    }

    pub(super) fn n_lanes(self) -> usize {
        match self {
            Self::Avx2 => 4,
            Self::Avx512 => 8,
        }
    }

    /// Bytes of one value in all lanes of a register.
    pub(super) fn width(self) -> usize {
        8 * self.n_lanes()
    }

    /// Machine registers that hold values. AVX2 keeps one for the masks of selections.
    pub(super) fn n_registers(self) -> usize {
        match self {
            Self::Avx2 => 15,
            Self::Avx512 => 32,
        }
    }
}

/// A vector register of the machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Machine(pub(super) u8);

/// Where an operand is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Machine(Machine),
    /// A register of lanes, by its byte offset from the first.
    Lanes(i64),
    /// A constant, by its byte offset in the pool.
    Pool(i64),
    /// A value put aside, by its byte offset.
    Spill(i64),
}

/// What is read into a register with a conversion on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Draws,
    Replications,
    StepPair,
    /// Byte offset in the table of round keys.
    Key(i64),
}

/// Registers that the prologue of the code sets; see `Context` for where they come from.
const LANES: Register = Register::RDI;
const CONTEXT: Register = Register::RSI;
const POOL: Register = Register::R8;
const KEYS: Register = Register::R9;
const DRAWS: Register = Register::R10;
const REPLICATIONS: Register = Register::R11;
const SPILL: Register = Register::RDX;
/// The lane, counted from 0.
const LANE: Register = Register::RAX;

/// Collects the bytes of one function.
pub(super) struct Assembler {
    set: InstructionSet,
    encoder: Encoder,
    loop_start: u64,
    position: u64,
    failure: Option<IcedError>,
}

impl Assembler {
    /// A function that loads its addresses and begins its loop over the lanes.
    pub(super) fn new(set: InstructionSet) -> Self {
        let mut assembler =
            Self { set, encoder: Encoder::new(64), loop_start: 0, position: 0, failure: None };
        for (offset, register) in (0..).step_by(8).zip([POOL, KEYS, DRAWS, REPLICATIONS, SPILL]) {
            let memory = MemoryOperand::with_base_displ(CONTEXT, offset);
            assembler.push(Instruction::with2(Code::Mov_r64_rm64, register, memory));
        }
        assembler.push(Instruction::with2(Code::Xor_r32_rm32, Register::EAX, Register::EAX));
        assembler.loop_start = assembler.position;
        assembler
    }

    /// Closes the loop and returns; gives the bytes.
    pub(super) fn finish(mut self, n_lanes: u32) -> Result<Vec<u8>, IcedError> {
        let step = self.set.n_lanes() as u32;
        self.push(Instruction::with2(Code::Add_rm64_imm8, LANE, step));
        self.push(Instruction::with2(Code::Cmp_rm64_imm32, LANE, n_lanes));
        self.push(Instruction::with_branch(Code::Jb_rel32_64, self.loop_start));
        self.push(Ok(Instruction::with(Code::VEX_Vzeroupper)));
        self.push(Ok(Instruction::with(Code::Retnq)));
        match self.failure {
            Some(failure) => Err(failure),
            None => Ok(self.encoder.take_buffer()),
        }
    }

    fn push(&mut self, instruction: Result<Instruction, IcedError>) {
        let encoded = instruction.and_then(|instruction| self.encoder.encode(&instruction, self.position));
        match encoded {
            Ok(length) => self.position += length as u64,
            Err(failure) => self.failure = self.failure.take().or(Some(failure)),
        }
    }

    fn vector(&self, machine: Machine) -> Register {
        let first = match self.set {
            InstructionSet::Avx2 => Register::YMM0,
            InstructionSet::Avx512 => Register::ZMM0,
        };
        first + u32::from(machine.0)
    }

    fn mask(&self) -> Register {
        match self.set {
            InstructionSet::Avx2 => Register::YMM15,
            InstructionSet::Avx512 => Register::K1,
        }
    }

    fn memory(place: Place) -> Option<MemoryOperand> {
        match place {
            Place::Machine(_) => None,
            Place::Lanes(offset) => Some(MemoryOperand::with_base_index_scale_displ_size(
                LANES,
                LANE,
                LANES_PER_VALUE_ADDRESS,
                offset,
                8,
            )),
            Place::Pool(offset) => Some(MemoryOperand::with_base_displ_size(POOL, offset, 8)),
            Place::Spill(offset) => Some(MemoryOperand::with_base_displ_size(SPILL, offset, 8)),
        }
    }

    /// The code for the instruction set.
    fn of_set(&self, avx2: Code, avx512: Code) -> Code {
        match self.set {
            InstructionSet::Avx2 => avx2,
            InstructionSet::Avx512 => avx512,
        }
    }

    fn one(&mut self, code: Code, out: Register, place: Place) {
        let instruction = match Self::memory(place) {
            Some(memory) => Instruction::with2(code, out, memory),
            None => Instruction::with2(code, out, self.place_register(place)),
        };
        self.push(instruction);
    }

    fn one_immediate(&mut self, code: Code, out: Register, place: Place, immediate: u32) {
        let instruction = match Self::memory(place) {
            Some(memory) => Instruction::with3(code, out, memory, immediate),
            None => Instruction::with3(code, out, self.place_register(place), immediate),
        };
        self.push(instruction);
    }

    fn two(&mut self, code: Code, out: Register, first: Machine, second: Place) {
        let first = self.vector(first);
        let instruction = match Self::memory(second) {
            Some(memory) => Instruction::with3(code, out, first, memory),
            None => Instruction::with3(code, out, first, self.place_register(second)),
        };
        self.push(instruction);
    }

    fn place_register(&self, place: Place) -> Register {
        match place {
            Place::Machine(machine) => self.vector(machine),
            Place::Lanes(_) | Place::Pool(_) | Place::Spill(_) => Register::None,
        }
    }

    /// Reads a value into a register.
    pub(super) fn load(&mut self, out: Machine, place: Place) {
        let code = self.of_set(Code::VEX_Vmovupd_ymm_ymmm256, Code::EVEX_Vmovupd_zmm_k1z_zmmm512);
        self.one(code, self.vector(out), place);
    }

    /// Reads a value with a conversion into a register.
    pub(super) fn convert(&mut self, out: Machine, source: Source) {
        let widen = self.of_set(Code::VEX_Vpmovzxdq_ymm_xmmm128, Code::EVEX_Vpmovzxdq_zmm_k1z_ymmm256);
        let spread = self.of_set(Code::VEX_Vpbroadcastq_ymm_xmmm64, Code::EVEX_Vpbroadcastq_zmm_k1z_xmmm64);
        let out = self.vector(out);
        let words =
            |base| MemoryOperand::with_base_index_scale_displ_size(base, LANE, LANES_PER_DRAW_ADDRESS, 0, 0);
        let instruction = match source {
            Source::Draws => Instruction::with2(widen, out, words(DRAWS)),
            Source::Replications => Instruction::with2(widen, out, words(REPLICATIONS)),
            Source::StepPair => {
                let memory = MemoryOperand::with_base_displ(CONTEXT, super::STEP_PAIR_OFFSET);
                Instruction::with2(spread, out, memory)
            }
            Source::Key(offset) => {
                Instruction::with2(spread, out, MemoryOperand::with_base_displ_size(KEYS, offset, 8))
            }
        };
        self.push(instruction);
    }

    /// Writes a register to memory.
    pub(super) fn store(&mut self, place: Place, from: Machine) {
        let code = self.of_set(Code::VEX_Vmovupd_ymmm256_ymm, Code::EVEX_Vmovupd_zmmm512_k1z_zmm);
        let from = self.vector(from);
        if let Some(memory) = Self::memory(place) {
            self.push(Instruction::with2(code, memory, from));
        }
    }

    pub(super) fn pair(&mut self, pair: Pair, out: Machine, first: Machine, second: Place) {
        let code = match pair {
            Pair::Add => {
                self.of_set(Code::VEX_Vaddpd_ymm_ymm_ymmm256, Code::EVEX_Vaddpd_zmm_k1z_zmm_zmmm512b64_er)
            }
            Pair::Subtract => {
                self.of_set(Code::VEX_Vsubpd_ymm_ymm_ymmm256, Code::EVEX_Vsubpd_zmm_k1z_zmm_zmmm512b64_er)
            }
            Pair::Multiply => {
                self.of_set(Code::VEX_Vmulpd_ymm_ymm_ymmm256, Code::EVEX_Vmulpd_zmm_k1z_zmm_zmmm512b64_er)
            }
            Pair::Divide => {
                self.of_set(Code::VEX_Vdivpd_ymm_ymm_ymmm256, Code::EVEX_Vdivpd_zmm_k1z_zmm_zmmm512b64_er)
            }
            Pair::Minimum => {
                self.of_set(Code::VEX_Vminpd_ymm_ymm_ymmm256, Code::EVEX_Vminpd_zmm_k1z_zmm_zmmm512b64_sae)
            }
            Pair::Maximum => {
                self.of_set(Code::VEX_Vmaxpd_ymm_ymm_ymmm256, Code::EVEX_Vmaxpd_zmm_k1z_zmm_zmmm512b64_sae)
            }
            Pair::And => {
                self.of_set(Code::VEX_Vpand_ymm_ymm_ymmm256, Code::EVEX_Vpandq_zmm_k1z_zmm_zmmm512b64)
            }
            Pair::Or => self.of_set(Code::VEX_Vpor_ymm_ymm_ymmm256, Code::EVEX_Vporq_zmm_k1z_zmm_zmmm512b64),
            Pair::ExclusiveOr => {
                self.of_set(Code::VEX_Vpxor_ymm_ymm_ymmm256, Code::EVEX_Vpxorq_zmm_k1z_zmm_zmmm512b64)
            }
            Pair::AddWords => {
                self.of_set(Code::VEX_Vpaddq_ymm_ymm_ymmm256, Code::EVEX_Vpaddq_zmm_k1z_zmm_zmmm512b64)
            }
            Pair::SubtractWords => {
                self.of_set(Code::VEX_Vpsubq_ymm_ymm_ymmm256, Code::EVEX_Vpsubq_zmm_k1z_zmm_zmmm512b64)
            }
            Pair::MultiplyLowHalves => {
                self.of_set(Code::VEX_Vpmuludq_ymm_ymm_ymmm256, Code::EVEX_Vpmuludq_zmm_k1z_zmm_zmmm512b64)
            }
        };
        self.two(code, self.vector(out), first, second);
    }

    /// Shifts every word; a negative count shifts towards the low bits. AVX2 shifts registers only.
    pub(super) fn shift(&mut self, out: Machine, from: Machine, left: bool, count: u8) {
        let code = if left {
            self.of_set(Code::VEX_Vpsllq_ymm_ymm_imm8, Code::EVEX_Vpsllq_zmm_k1z_zmmm512b64_imm8)
        } else {
            self.of_set(Code::VEX_Vpsrlq_ymm_ymm_imm8, Code::EVEX_Vpsrlq_zmm_k1z_zmmm512b64_imm8)
        };
        self.one_immediate(code, self.vector(out), Place::Machine(from), u32::from(count));
    }

    pub(super) fn square_root(&mut self, out: Machine, from: Place) {
        let code = self.of_set(Code::VEX_Vsqrtpd_ymm_ymmm256, Code::EVEX_Vsqrtpd_zmm_k1z_zmmm512b64_er);
        self.one(code, self.vector(out), from);
    }

    pub(super) fn round(&mut self, rounding: Rounding, out: Machine, from: Place) {
        let code = self
            .of_set(Code::VEX_Vroundpd_ymm_ymmm256_imm8, Code::EVEX_Vrndscalepd_zmm_k1z_zmmm512b64_imm8_sae);
        let mode = match rounding {
            Rounding::Floor => 1,
            Rounding::Ceiling => 2,
        };
        self.one_immediate(code, self.vector(out), from, mode);
    }

    /// Compares; the result stays in the mask.
    pub(super) fn compare(&mut self, predicate: Predicate, first: Machine, second: Place) {
        let immediate = match predicate {
            Predicate::Equal => 0x00,
            Predicate::Less => 0x11,
            Predicate::LessOrEqual => 0x12,
            Predicate::Unordered => 0x03,
            Predicate::NotEqual => 0x04,
        };
        let code = self
            .of_set(Code::VEX_Vcmppd_ymm_ymm_ymmm256_imm8, Code::EVEX_Vcmppd_kr_k1_zmm_zmmm512b64_imm8_sae);
        let (out, first) = (self.mask(), self.vector(first));
        let instruction = match Self::memory(second) {
            Some(memory) => Instruction::with4(code, out, first, memory, immediate),
            None => Instruction::with4(code, out, first, self.place_register(second), immediate),
        };
        self.push(instruction);
    }

    /// `yes` where the mask holds, else `no`.
    pub(super) fn blend(&mut self, out: Machine, yes: Place, no: Machine) {
        let (out, no, mask) = (self.vector(out), self.vector(no), self.mask());
        let yes_register = self.place_register(yes);
        let instruction = match (self.set, Self::memory(yes)) {
            (InstructionSet::Avx2, Some(memory)) => {
                Instruction::with4(Code::VEX_Vblendvpd_ymm_ymm_ymmm256_ymm, out, no, memory, mask)
            }
            (InstructionSet::Avx2, None) => {
                Instruction::with4(Code::VEX_Vblendvpd_ymm_ymm_ymmm256_ymm, out, no, yes_register, mask)
            }
            (InstructionSet::Avx512, Some(memory)) => {
                Instruction::with3(Code::EVEX_Vblendmpd_zmm_k1z_zmm_zmmm512b64, out, no, memory)
            }
            (InstructionSet::Avx512, None) => {
                Instruction::with3(Code::EVEX_Vblendmpd_zmm_k1z_zmm_zmmm512b64, out, no, yes_register)
            }
        };
        let instruction = instruction.map(|mut instruction| {
            if self.set == InstructionSet::Avx512 {
                instruction.set_op_mask(mask);
            }
            instruction
        });
        self.push(instruction);
    }

    /// `yes` where the mask holds, else 0.
    pub(super) fn keep(&mut self, out: Machine, yes: Place) {
        let out_register = self.vector(out);
        match self.set {
            InstructionSet::Avx2 => {
                let mask = Machine(15);
                self.two(Code::VEX_Vandpd_ymm_ymm_ymmm256, out_register, mask, yes);
            }
            InstructionSet::Avx512 => {
                let code = Code::EVEX_Vmovupd_zmm_k1z_zmmm512;
                let mask = self.mask();
                let instruction = match Self::memory(yes) {
                    Some(memory) => Instruction::with2(code, out_register, memory),
                    None => Instruction::with2(code, out_register, self.place_register(yes)),
                };
                let instruction = instruction.map(|mut instruction| {
                    instruction.set_op_mask(mask);
                    instruction.set_zeroing_masking(true);
                    instruction
                });
                self.push(instruction);
            }
        }
    }
}
