//! `open-cached`: decrypting 64 bytes with a key at hand, the least that any page with a personal value costs.

use crate::load::Sample;
use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many are timed together: one alone is shorter than reading the clock.
const TOGETHER: u32 = 100;

/// Decrypts for so long, on one thread.
pub fn measure(time: Duration) -> Sample {
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM_SIV, &[7; 32]).expect("a key of 32 bytes"));
    let nonce = || Nonce::assume_unique_for_key([3; NONCE_LEN]);
    let mut sealed = vec![9; 64];
    key.seal_in_place_append_tag(nonce(), Aad::from(b"place"), &mut sealed).expect("64 bytes can be sealed");
    let begin = Instant::now();
    let mut took = Vec::new();
    while begin.elapsed() < time {
        let start = Instant::now();
        for _ in 0..TOGETHER {
            let mut opened = sealed.clone();
            let plain = key.open_in_place(nonce(), Aad::from(b"place"), &mut opened);
            black_box(plain.expect("what was sealed opens"));
        }
        took.push(start.elapsed() / TOGETHER);
    }
    let sample = Sample::new(took, begin.elapsed());
    let together = f64::from(TOGETHER);
    Sample { per_second: sample.per_second * together, n: sample.n * TOGETHER as usize, ..sample }
}
