import { accepted, ALREADY_DONE, rejected, stale, type Verdict } from '../domain/verdict.js';

/** The word that an interface has for each verdict. */
export type VerdictWords<Word> = Readonly<Record<Verdict['kind'], Word>>;

/** What became of a report; a word that this prover does not know means that it is of no use. */
export function verdictOf<Word>(words: VerdictWords<Word>, word: Word, reason: string): Verdict {
  switch (word) {
    case words.accepted:
      return accepted();
    case words.already_done:
      return ALREADY_DONE;
    case words.rejected:
      return rejected(reason);
    default:
      return stale(reason);
  }
}
