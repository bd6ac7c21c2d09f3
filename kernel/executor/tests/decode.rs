//! The decoder against the test kit's encoder, which was written independently of it.

use proofloom_executor::testkit::{Rng, encode};
use proofloom_executor::{Format, Instr, Op, decode};

/// A word of each combination of opcode, funct3 and funct7, with random other fields.
fn words(rng: &mut Rng) -> impl Iterator<Item = u32> {
    (0..1u32 << 17).map(move |codes| {
        let (opcode, funct3, funct7) = (codes & 0x7f, codes >> 7 & 7, codes >> 10);
        let fields = rng.bits() as u32 & 0x01ff_8f80;
        opcode | funct3 << 12 | funct7 << 25 | fields
    })
}

#[test]
fn whatever_decodes_encodes_to_the_same_word() {
    let mut rng = Rng::new(1);
    let mut decoded = 0;
    for _ in 0..16 {
        for word in words(&mut rng).collect::<Vec<_>>() {
            let Some(instr) = decode(word) else { continue };
            decoded += 1;
            if instr.op != Op::Fence {
                assert_eq!(encode(&instr), Some(word), "{word:#010x} {instr}");
            }
        }
    }
    assert!(decoded > 100_000, "{decoded}");
}

fn random_instr(op: Op, rng: &mut Rng) -> Instr {
    let register = |uses: bool, rng: &mut Rng| if uses { rng.below(32) as u8 } else { 0 };
    let rd = register(op.has_rd(), rng);
    let rs1 = register(op.reads_rs1(), rng);
    let rs2 = register(op.reads_rs2(), rng);
    let imm = match op.format() {
        Format::Register | Format::Fence | Format::Ecall => 0,
        Format::Upper => rng.between(-0x8_0000, 0x7_ffff) << 12,
        Format::Jump => rng.between(-0x8_0000, 0x7_ffff) * 2,
        Format::Branch => rng.between(-0x800, 0x7ff) * 2,
        _ => match op {
            Op::Slli | Op::Srli | Op::Srai => rng.below(64) as i64,
            Op::Slliw | Op::Srliw | Op::Sraiw => rng.below(32) as i64,
            _ => rng.between(-0x800, 0x7ff),
        },
    };
    match op {
        Op::Ecall => Instr { op, rd: 0, rs1: 17, rs2: 10, imm: 0 },
        _ => Instr { op, rd, rs1, rs2, imm },
    }
}

#[test]
fn every_instruction_survives_encoding() {
    let mut rng = Rng::new(2);
    for &op in Op::ALL {
        for _ in 0..2000 {
            let instr = random_instr(op, &mut rng);
            let word = encode(&instr).unwrap_or_else(|| panic!("{instr}"));
            assert_eq!(decode(word), Some(instr), "{word:#010x}");
        }
    }
}

#[test]
fn unused_fields_are_zero() {
    let mut rng = Rng::new(3);
    for word in words(&mut rng).collect::<Vec<_>>() {
        let Some(instr) = decode(word) else { continue };
        let op = instr.op;
        assert!(op.reads_rs1() || instr.rs1 == 0, "{instr}");
        assert!(op.reads_rs2() || instr.rs2 == 0, "{instr}");
        assert!(op.has_rd() || instr.rd == 0, "{instr}");
        assert_eq!(instr.writes_rd(), instr.rd != 0, "{instr}");
    }
}
