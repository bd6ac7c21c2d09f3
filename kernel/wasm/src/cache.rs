//! The committed program used last: setting one up costs about as much as proving a tiny segment.

use std::cell::RefCell;
use std::rc::Rc;

use proofloom_executor::load_elf;
use proofloom_vm::{KernelError, ProvingKey, setup};

use crate::report::{Phase, Reporter};

struct Entry {
    elf: Vec<u8>,
    key: Rc<ProvingKey>,
}

thread_local! {
    static LAST: RefCell<Option<Entry>> = const { RefCell::new(None) };
}

/// The proving key of a program file.
pub fn proving_key(elf: &[u8], reporter: &mut dyn Reporter) -> Result<Rc<ProvingKey>, KernelError> {
    let cached =
        LAST.with_borrow(|last| last.as_ref().filter(|entry| entry.elf == elf).map(|entry| Rc::clone(&entry.key)));
    if let Some(key) = cached {
        return Ok(key);
    }
    // Two keys at once would cost twice the memory.
    LAST.with_borrow_mut(|last| *last = None);
    reporter.progress(Phase::Setup, 0, 1);
    let key = Rc::new(setup(load_elf(elf)?)?);
    reporter.progress(Phase::Setup, 1, 1);
    LAST.with_borrow_mut(|last| *last = Some(Entry { elf: elf.to_vec(), key: Rc::clone(&key) }));
    Ok(key)
}
