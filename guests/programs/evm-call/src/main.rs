//! Calls an Ethereum contract, with the crate `revm`.
//!
//! - input: length of the contract's code (u64, little-endian), the code, the call data
//! - output: gas used (u64), then what the contract returned
//! - exit: 0; 1 if the input is too short; 2 if the call reverted; 3 if it ran out of gas or broke a rule

#![no_std]
#![no_main]

extern crate alloc;

use proofloom_guest::{read_input, write_output};
use revm::context::result::{ExecutionResult, Output};
use revm::context::{Context, TxEnv};
use revm::database::{CacheDB, EmptyDB};
use revm::primitives::{Address, Bytes, TxKind};
use revm::state::{AccountInfo, Bytecode};
use revm::{ExecuteEvm, MainBuilder, MainContext};

proofloom_guest::entry!(main);

const EXIT_TOO_SHORT: i32 = 1;
const EXIT_REVERTED: i32 = 2;
const EXIT_HALTED: i32 = 3;

const CONTRACT: Address = Address::repeat_byte(0xc0);
const CALLER: Address = Address::repeat_byte(0xca);
const GAS_LIMIT: u64 = 100_000;

fn call(code: &'static [u8], data: &'static [u8]) -> Result<ExecutionResult, i32> {
    let mut database = CacheDB::new(EmptyDB::default());
    let contract = AccountInfo::from_bytecode(Bytecode::new_raw(Bytes::from_static(code)));
    database.insert_account_info(CONTRACT, contract);
    let transaction = TxEnv::builder()
        .caller(CALLER)
        .kind(TxKind::Call(CONTRACT))
        .data(Bytes::from_static(data))
        .gas_limit(GAS_LIMIT)
        .build()
        .map_err(|_| EXIT_HALTED)?;
    let mut evm = Context::mainnet().with_db(database).build_mainnet();
    evm.transact_one(transaction).map_err(|_| EXIT_HALTED)
}

fn main() -> Result<(), i32> {
    let (length, rest) = read_input().split_first_chunk::<8>().ok_or(EXIT_TOO_SHORT)?;
    let (code, data) = rest.split_at_checked(u64::from_le_bytes(*length) as usize).ok_or(EXIT_TOO_SHORT)?;
    match call(code, data)? {
        ExecutionResult::Success { gas, output: Output::Call(returned), .. } => {
            write_output(&gas.tx_gas_used().to_le_bytes());
            write_output(&returned);
            Ok(())
        }
        ExecutionResult::Revert { .. } => Err(EXIT_REVERTED),
        _ => Err(EXIT_HALTED),
    }
}
