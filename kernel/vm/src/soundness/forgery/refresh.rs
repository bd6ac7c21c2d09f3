//! Renewed stamps: REFRESH passes a word on unchanged, forwards in time, in steps of 2^16 at most.

use p3_field::PrimeCharacteristicRing;
use p3_matrix::dense::RowMajorMatrix;
use proofloom_field::Val;

use super::*;
use crate::debug::Tables;
use crate::layout::SPACE_MEM;
use crate::tables::VmTable;
use crate::tables::refresh::RefreshCols;
use crate::trace::rows::Rows;

/// A word that is not touched for more than 2^17 stamps.
const PATIENT: u32 = word(DATA_BASE);

/// Stores a number, idles, and shows the number.
fn idler() -> Inspector {
    let mut asm = Assembler::new(TEXT_BASE);
    asm.li(SP, DATA_BASE).li(A1, 77).store(Op::Sd, A1, 0, SP).li(S0, 17_000);
    let again = asm.here_label();
    asm.i(Op::Addi, S0, S0, -1).branch(Op::Bne, S0, ZERO, again);
    asm.load(Op::Ld, A0, 0, SP).exit_a0();
    Inspector::new(load_elf(&TestProgram::new("idler", asm, 64).elf()).expect("ELF"))
}

/// What is broken after `edit` has changed the rows of REFRESH.
fn broken_by(edit: impl Fn(&mut Vec<RefreshCols<Val>>)) -> BTreeSet<String> {
    let inspector = idler();
    let claimed = inspector.execution(&[], 1 << 20).expect("an honest run");
    Claim::of(&inspector, &[], &claimed).broken_with(|part, tables| {
        if part == 1 {
            let table = refresh(tables);
            let mut rows = table.row_slices().map(RefreshCols::read).collect();
            edit(&mut rows);
            let mut changed = Rows::new(RefreshCols::<Val>::WIDTH);
            rows.iter().for_each(|cols| cols.write(changed.push()));
            *table = changed.finish();
        }
    })
}

fn refresh(tables: &mut Tables) -> &mut RowMajorMatrix<Val> {
    let at = tables.machine.tables().iter().position(|&table| table == VmTable::Refresh);
    &mut tables.main[at.expect("segments have the table")]
}

/// Positions of the renewals of [`PATIENT`], in their order.
fn renewals(rows: &[RefreshCols<Val>]) -> Vec<usize> {
    let is_it = |row: &RefreshCols<Val>| row.space == Val::ONE && row.address == Val::from_u32(PATIENT);
    (0..rows.len()).filter(|&at| is_it(&rows[at])).collect()
}

/// A renewal of an address that no program ever accesses.
fn renewal(previous: Val, epoch: u32) -> RefreshCols<Val> {
    RefreshCols {
        real: Val::ONE,
        space: Val::from_u32(SPACE_MEM),
        address: Val::ONE,
        value: limbs_of(0x6666),
        previous,
        epoch: Val::from_u32(epoch),
    }
}

fn stamp(epoch: u32) -> Val {
    Val::from_u32(epoch) * Val::from_u32(1 << 16)
}

#[test]
fn honest_renewals_break_nothing() {
    assert_broken(&broken_by(|rows| assert_eq!(renewals(rows).len(), 2)), &[]);
}

#[test]
fn a_renewal_does_not_change_the_value() {
    let broken = broken_by(|rows| {
        let at = renewals(rows)[1];
        rows[at].value = limbs_of(78);
    });
    assert_broken(&broken, &["segment 1: memory bus of ALIGNED", "segment 1: memory bus of REFRESH"]);
}

#[test]
fn a_renewal_bridges_no_more_than_a_range_check_does() {
    let broken = broken_by(|rows| {
        let [first, second] = renewals(rows)[..] else { panic!("two renewals") };
        rows[second].previous = rows[first].previous;
        rows[first] = RefreshCols::default();
    });
    assert_broken(&broken, &["segment 1: narrow bus of REFRESH"]);
}

/// Two renewals that take each other's tokens would make a word from nothing.
#[test]
fn a_renewal_does_not_go_back_in_time() {
    let broken = broken_by(|rows| rows.extend([renewal(stamp(2), 1), renewal(stamp(1), 2)]));
    assert_broken(&broken, &["segment 1: narrow bus of REFRESH"]);
    let broken = broken_by(|rows| rows.push(renewal(stamp(1), 1)));
    assert_broken(&broken, &["segment 1: narrow bus of REFRESH"]);
}

/// Renewals all around the field: each goes forwards by no more than 2^16, and they meet.
#[test]
fn renewals_do_not_go_around_the_field() {
    // 32512 * 2^16 = -1 in the field.
    const LAST: u32 = 32_512;
    assert_eq!(stamp(LAST), -Val::ONE);
    let ring = (0..=LAST).map(|epoch| renewal(stamp(epoch.checked_sub(1).unwrap_or(LAST)), epoch));
    let ring: Vec<_> = ring.collect();
    let broken = broken_by(|rows| rows.extend(ring.iter().copied()));
    assert_broken(&broken, &["segment 1: narrow bus of REFRESH"]);
}
