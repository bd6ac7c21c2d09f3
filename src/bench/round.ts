/** A figure with so many digits after the point, as a number. */
export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
