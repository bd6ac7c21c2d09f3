const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;

/** Whether an IP address is the machine's own. */
export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}
