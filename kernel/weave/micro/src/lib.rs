use p3_field::PrimeCharacteristicRing;
use p3_symmetric::Permutation;
use proofloom_field::*;
#[inline(never)]
fn mul_out(a: &PackedExt, b: &PackedExt, out: &mut PackedExt) { *out = *a * *b; }
fn data(n: usize) -> Vec<PackedExt> {
    let mut x = PackedExt::splat(Challenge::from_u32(12345)); x.0[3] = PackedVal::from(Val::from_u32(77)); x.0[1]=PackedVal::from(Val::from_u32(99));
    (0..n).map(|_| { x = x * x + PackedExt::ONE; x }).collect()
}
#[inline(never)]
fn inlined(a: &[PackedExt], b: &mut [PackedExt], z: PackedExt) { for (b, a) in b.iter_mut().zip(a) { *b = *a * z; } }
#[inline(never)]
fn both(a: &[PackedExt], b: &mut [PackedExt]) { for (b, a) in b.iter_mut().zip(a) { *b = *a * *b; } }
#[inline(never)]
fn called(a: &[PackedExt], b: &mut [PackedExt]) { for (b, a) in b.iter_mut().zip(a) { let y = *b; mul_out(a, &y, b); } }
#[inline(never)]
fn dots(a: &[PackedExt], b: &mut [PackedExt]) { for (b, a) in b.iter_mut().zip(a) { *b = a.dot2(*b, *b, *a); } }
#[inline(never)]
fn fold(a: &[PackedExt], b: &mut [PackedExt], z: PackedExt) { for (b, a) in b.iter_mut().zip(a) { *b += (*a - *b) * z; } }
#[inline(never)]
fn sums(a: &[PackedExt], b: &[PackedExt], e: &[PackedExt]) -> PackedExt { let mut s = PackedExt::ZERO; let mut t = PackedExt::ZERO;
  for i in 0..a.len()/2 { let h = a.len()/2; s += e[i] * a[i].dot2(b[i], a[i+h], b[i+h]); t += e[i] * (a[i]-b[i]).dot2(b[i] - a[i+h], a[i+h], b[i+h]-a[i]); } s + t }
#[inline(never)]
fn perms(n: usize) -> PackedVal { let p = default_perm(); let mut s = [PackedVal::ONE; 16]; for _ in 0..n { p.permute_mut(&mut s); } s[0] }
/// Runs one kind over 1024 vectors `n` times.
#[unsafe(no_mangle)]
pub extern "C" fn micro(kind: u32, n: u32) -> u32 {
    let a = data(1024); let mut b = data(1024); b.reverse(); let e = data(512); let z = a[77];
    let mut acc = PackedExt::ZERO;
    for _ in 0..n { match kind { 0 => inlined(&a, &mut b, z), 1 => both(&a, &mut b), 2 => called(&a, &mut b), 3 => dots(&a, &mut b), 4 => fold(&a, &mut b, z), 5 => acc += sums(&a, &b, &e), _ => acc += PackedExt::from(perms(1024)) } }
    acc += b[5];
    use p3_field::PrimeField32; acc.lane(0); use p3_field::PackedValue; acc.0[0].as_slice()[0].as_canonical_u32()
}
