/** Who this prover is, as it tells the coordinator; also the injection token. */
export class ProverIdentity {
  constructor(
    readonly id: string,
    /** Segments worked on at once. */
    readonly computeUnits: number,
    /** SHA-256 of the kernel's binary, lower-case hex. */
    readonly kernelDigest: string,
    readonly hostname: string,
    readonly pid: number,
    /** Random, of this process: tells its connections from those of another process with its id. */
    readonly instance: string,
  ) {}
}
