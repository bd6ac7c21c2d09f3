//! The numbers of a proof profile: the verifier takes them from here, never from a proof.

use crate::EXTENSION;

/// log2 of the smallest admitted table height: a row for each lane of the widest vectors.
pub const MIN_LOG_HEIGHT: usize = 4;

/// log2 of the largest admitted table height.
pub const MAX_LOG_HEIGHT: usize = 20;

/// One oracle of the opening: its columns are `2^folded` combinations that are folded into one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OracleProfile {
    /// Variables that the oracle's columns are folded by.
    pub folded: usize,
    /// log2 of the inverse rate of its code.
    pub log_inverse_rate: usize,
    /// Positions at which it is opened.
    pub queries: usize,
}

/// All numbers of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Profile {
    /// Name bound into every machine's digest.
    pub id: &'static str,
    /// Row variables of a stacked column.
    pub stack_variables: usize,
    /// Variables that number the stacked columns of an oracle.
    pub column_variables: usize,
    /// Variables that number the oracles main, shared and fixed.
    pub oracle_variables: usize,
    /// The three trees of stacked columns, then the oracles of folded ones.
    pub oracles: [OracleProfile; 4],
    /// Zero bits demanded before each oracle's positions are drawn.
    pub grinding_bits: usize,
    /// log2 of the number of coefficients sent at the end.
    pub log_final_length: usize,
    /// Out-of-domain samples of each oracle.
    pub out_of_domain_samples: usize,
}

/// KoalaBear with a challenge field of degree 5, unique decoding at rate 1/2. No other is released.
pub const RELEASED: Profile = Profile {
    id: "kb5-w-b2-udr",
    stack_variables: 17,
    column_variables: 8,
    oracle_variables: 2,
    oracles: [
        OracleProfile { folded: 10, log_inverse_rate: 1, queries: 208 },
        OracleProfile { folded: 4, log_inverse_rate: 1, queries: 208 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 128 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 128 },
    ],
    grinding_bits: 16,
    log_final_length: 7,
    out_of_domain_samples: 0,
};

/// Low stacks, few queries, no grinding. For tests alone: no released key admits it.
pub const TESTS: Profile = Profile {
    id: "kb5-w-tests",
    stack_variables: 12,
    oracles: [
        OracleProfile { folded: 10, log_inverse_rate: 1, queries: 6 },
        OracleProfile { folded: 3, log_inverse_rate: 1, queries: 6 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 4 },
        OracleProfile { folded: 3, log_inverse_rate: 2, queries: 4 },
    ],
    grinding_bits: 0,
    log_final_length: 3,
    ..RELEASED
};

impl Profile {
    /// Variables of what the columns of an oracle are folded to: of the stacked columns for oracle 0.
    pub fn variables_after(&self, oracle: usize) -> usize {
        let folded: usize = self.oracles[1..=oracle].iter().map(|oracle| oracle.folded).sum();
        self.stack_variables - folded
    }

    /// Depth of an oracle's trees, log2 of its domain.
    pub fn depth(&self, oracle: usize) -> usize {
        self.variables_after(oracle) + self.oracles[oracle].log_inverse_rate
    }

    /// Bits of a cell's address in a stack.
    pub const fn address_variables(&self) -> usize {
        self.stack_variables + self.column_variables
    }

    /// The profile's numbers in the order in which a machine's digest has them.
    pub fn numbers(&self) -> Vec<u64> {
        let head = [
            EXTENSION,
            self.stack_variables,
            self.column_variables,
            self.oracle_variables,
            MAX_LOG_HEIGHT,
            proofloom_field::DIGEST_ELEMS,
        ];
        let oracles = self.oracles.iter().flat_map(|o| [o.folded, o.log_inverse_rate, o.queries]);
        let tail = [self.grinding_bits, self.log_final_length, self.out_of_domain_samples];
        head.into_iter().chain(oracles).chain(tail).map(|number| number as u64).collect()
    }
}
