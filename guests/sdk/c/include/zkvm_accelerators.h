/**
 * The hash functions of the zkVM accelerator interface. Programs written against that interface
 * compile unchanged. The machine does the work; where it cannot (or `proofloom_accelerate` is false), the
 * program does it itself.
 */
#ifndef ZKVM_ACCELERATORS_H
#define ZKVM_ACCELERATORS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define ZKVM_HASH_KECCAK256_LEN 32
#define ZKVM_HASH_SHA256_LEN 32

/** Keccak-256 as Ethereum uses it (padding byte 0x01, not SHA3's 0x06) of `len` bytes. */
void zkvm_keccak256(const uint8_t *data, const size_t len, uint8_t output[ZKVM_HASH_KECCAK256_LEN]);

/** SHA-256 (FIPS 180-4) of `len` bytes. */
void zkvm_sha256(const uint8_t *data, const size_t len, uint8_t output[ZKVM_HASH_SHA256_LEN]);

#ifdef __cplusplus
}
#endif

#endif
