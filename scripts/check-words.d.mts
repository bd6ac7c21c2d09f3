export interface RetiredWord {
  readonly found: string;
  readonly instead: string;
}
export function retiredIn(line: string, file?: string): RetiredWord[];
export function problemsOf(file: string, text: string): (RetiredWord & { readonly where: string })[];
export const EXEMPT: readonly { readonly file?: RegExp; readonly text?: RegExp; readonly why: string }[];
