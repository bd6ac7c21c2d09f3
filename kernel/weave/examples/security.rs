//! Prints every error term of the released profile for the largest segment.

use proofloom_weave::RELEASED;
use proofloom_weave::security::{LARGEST_SEGMENT, report};

fn main() {
    println!("profile {}\n{}", RELEASED.id, report(&RELEASED, &LARGEST_SEGMENT));
}
