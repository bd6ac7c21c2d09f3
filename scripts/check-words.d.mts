export interface RetiredWord {
  readonly found: string;
  readonly instead: string;
}
export function retiredIn(line: string): RetiredWord[];
export function problemsOf(file: string, text: string): (RetiredWord & { readonly where: string })[];
export const TO_DO: readonly RegExp[];
