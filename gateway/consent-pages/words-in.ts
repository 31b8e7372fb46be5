import type { Direction } from '../../customers/purpose.ts'
import type { Language } from './language.ts'
import { SUPPLY_WORDS } from './supply-words.ts'
import { WORDS, type Words } from './words.ts'

/** What the pages say in a language; of a purpose for which a partner supplies, some of it is another thing. */
export function wordsIn(language: Language, direction: Direction = 'READ'): Words {
  return direction === 'READ' ? WORDS[language] : { ...WORDS[language], ...SUPPLY_WORDS[language] }
}
