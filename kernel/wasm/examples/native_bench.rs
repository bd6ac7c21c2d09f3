//! The kernel as a native program, for measuring it against the WASM build and for comparing bytes:
//!
//! `kernel/build-native.sh`
//!
//! Serves the requests of `docs/kernel-abi.md` from standard input until it ends. A request is a
//! little-endian u32 with its length, then its bytes. What goes out are frames: one byte of kind,
//! a little-endian u32 with the length, the content. A request is answered by any number of LOG and
//! PROGRESS frames and one RESPONSE frame. The first frame is a LOG that says `target NAME`.

use std::io::{self, Read, Write};
use std::time::Instant;

use proofloom_wasm::{Phase, Reporter, answer};

/// The response, as `pl_call` gives it.
const RESPONSE: u8 = 0;
/// A line, as `pl_log` gives it.
const LOG: u8 = 1;
/// Phase, done, total (u32 each) and milliseconds on the kernel's clock (f64), little-endian.
const PROGRESS: u8 = 2;

/// Writes frames, keeping the first failure: the reporter's methods cannot return one.
struct Frames<W> {
    out: W,
    started: Instant,
    failure: Option<io::Error>,
}

impl<W: Write> Frames<W> {
    fn write(&mut self, kind: u8, content: &[u8]) -> io::Result<()> {
        let length = u32::try_from(content.len()).map_err(io::Error::other)?;
        self.out.write_all(&[kind])?;
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(content)?;
        self.out.flush()
    }

    fn report(&mut self, kind: u8, content: &[u8]) {
        let written = self.write(kind, content);
        self.failure = self.failure.take().or(written.err());
    }

    fn check(&mut self) -> io::Result<()> {
        self.failure.take().map_or(Ok(()), Err)
    }
}

impl<W: Write + Sync> Reporter for Frames<W> {
    fn progress(&mut self, phase: Phase, done: u32, total: u32) {
        let mut content = [phase as u32, done, total].map(u32::to_le_bytes).concat();
        content.extend_from_slice(&self.now_ms().to_le_bytes());
        self.report(PROGRESS, &content);
    }

    fn now_ms(&mut self) -> f64 {
        self.started.elapsed().as_secs_f64() * 1000.0
    }

    fn part(&mut self, name: &str, ms: f64) {
        self.report(LOG, format!("part {name}: {ms:.1} ms").as_bytes());
    }
}

/// The next request; `None` when the input ends between two of them.
fn read_request(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    if input.read(&mut length[..1])? == 0 {
        return Ok(None);
    }
    input.read_exact(&mut length[1..])?;
    let mut request = vec![0; u32::from_le_bytes(length) as usize];
    input.read_exact(&mut request)?;
    Ok(Some(request))
}

/// What the build may use: without AVX2 an x86-64 build proves several times slower.
const fn target() -> &'static str {
    if cfg!(target_feature = "avx512f") {
        "x86-64 with AVX-512"
    } else if cfg!(target_feature = "avx2") {
        "x86-64 with AVX2"
    } else if cfg!(target_arch = "x86_64") {
        "x86-64 without AVX2"
    } else {
        std::env::consts::ARCH
    }
}

fn main() -> io::Result<()> {
    let mut input = io::stdin().lock();
    let mut frames = Frames { out: io::stdout(), started: Instant::now(), failure: None };
    frames.write(LOG, format!("target {}", target()).as_bytes())?;
    while let Some(request) = read_request(&mut input)? {
        let response = answer(&request, &mut frames);
        frames.check()?;
        frames.write(RESPONSE, &response)?;
    }
    Ok(())
}
