//! Proven jobs that the tests of this binary share.

use std::sync::OnceLock;

use proofloom_executor::map::{INPUT_BASE, OUTPUT_BASE};
use proofloom_executor::testkit::reg::{A0, A1, A2, S0, S1, T0, ZERO};
use proofloom_executor::testkit::{Assembler, TEXT_BASE, TestProgram};
use proofloom_executor::{Limits, Op, load_elf};
use proofloom_field::Digest;
use proofloom_stark::Silent;
use proofloom_vm::{
    BOUNDARY, BoundaryProof, Context, Job, ProvingKey, SegmentProof, Statement, VerifyingKey, challenge, setup,
};

/// Most segments that the shared job is cut into.
pub const SEGMENTS: u32 = 3;

/// A job with all its proofs.
pub struct Proven {
    pub statement: Statement,
    pub gamma: Digest,
    /// Commitment of the boundary, then those of the segments.
    pub commitments: Vec<Digest>,
    pub boundary: Vec<u8>,
    pub segments: Vec<Vec<u8>>,
}

/// The `input`-th Fibonacci number, of 64 bits.
pub fn fibonacci() -> TestProgram {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(S1, INPUT_BASE).load(Op::Ld, S0, 8, S1).li(A0, 0).li(A1, 1);
    let (again, done) = (asm.here_label(), asm.label());
    asm.branch(Op::Beq, S0, ZERO, done).r(Op::Add, A2, A0, A1).i(Op::Addi, A0, A1, 0).i(Op::Addi, A1, A2, 0);
    asm.i(Op::Addi, S0, S0, -1).jal(ZERO, again).bind(done);
    asm.li(T0, OUTPUT_BASE + 8).store(Op::Sd, A0, 0, T0).i(Op::Addi, T0, T0, 8).i(Op::Addi, A2, T0, 0);
    asm.write_output(A2).exit(0);
    let mut test = TestProgram::new("fibonacci", asm, 0);
    test.input = 10u64.to_le_bytes().to_vec();
    test
}

/// The proving key of [`fibonacci`].
pub fn key() -> &'static ProvingKey {
    static KEY: OnceLock<ProvingKey> = OnceLock::new();
    KEY.get_or_init(|| key_of(&fibonacci().elf()))
}

pub fn key_of(elf: &[u8]) -> ProvingKey {
    setup(load_elf(elf).expect("ELF")).expect("a program of admitted size")
}

/// The job of [`fibonacci`] in segments of `segment_cycles`.
pub fn job(segment_cycles: u64) -> Job<'static> {
    static INPUT: OnceLock<Vec<u8>> = OnceLock::new();
    let input = INPUT.get_or_init(|| fibonacci().input);
    key().job(input, Limits::default(), segment_cycles)
}

/// Proves a job for a statement, which need not be its own.
pub fn prove(job: &Job<'_>, statement: Statement) -> Proven {
    let numbers: Vec<u32> = (BOUNDARY..=job.plan().expect("it halts").0.statement.segments).collect();
    let contributions = job.contribute(&numbers).expect("it halts");
    let commitments: Vec<Digest> = contributions.iter().map(|contribution| contribution.commitment).collect();
    let gamma = challenge(&job.key.verifying.digest(), &statement, &commitments[0], &commitments[1..]);
    let mut proofs = numbers.iter().map(|&number| {
        let proven = job.prove(number, gamma, &mut Silent).expect("it halts");
        assert_eq!(proven.commitment, commitments[number as usize], "part {number} commits to what it contributed");
        proven.bytes
    });
    let boundary = proofs.next().expect("the boundary comes first");
    let segments = proofs.collect();
    Proven { statement, gamma, commitments, boundary, segments }
}

/// [`fibonacci`] in three segments.
pub fn proven() -> &'static Proven {
    static PROVEN: OnceLock<Proven> = OnceLock::new();
    PROVEN.get_or_init(|| {
        let cycles = job(1 << 18).plan().expect("it halts").0.statement.cycles;
        let job = job(cycles.div_ceil(u64::from(SEGMENTS)));
        let proven = prove(&job, job.plan().expect("it halts").0.statement);
        assert_eq!(proven.statement.segments, SEGMENTS);
        proven
    })
}

impl Proven {
    pub fn final_proof(&self) -> Vec<u8> {
        encode_final(&key().verifying, &self.statement, &self.boundary, &self.segments)
    }

    pub fn segment(&self, number: usize) -> SegmentProof {
        SegmentProof::decode(&self.segments[number - 1]).expect("a proof just made")
    }

    pub fn boundary(&self) -> BoundaryProof {
        BoundaryProof::decode(&self.boundary).expect("a proof just made")
    }

    pub fn context(&self) -> Context<'static> {
        Context::new(&key().verifying, self.gamma)
    }
}

/// Puts proofs into a final proof without looking at them, written from the format's description.
pub fn encode_final(key: &VerifyingKey, statement: &Statement, boundary: &[u8], segments: &[Vec<u8>]) -> Vec<u8> {
    let parts = || [boundary].into_iter().chain(segments.iter().map(Vec::as_slice));
    let lengths: Vec<u32> = parts().map(|part| part.len() as u32).collect();
    let header = bcs::to_bytes(&(key, statement, lengths)).expect("short lists");
    let mut bytes = b"PLMP\x03\0\x01\0".to_vec();
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header);
    parts().for_each(|part| bytes.extend(part));
    bytes
}
