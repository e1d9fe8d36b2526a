// Text to concrete syntax trees, for both languages. The public face of the grammar.
export type * from './cst.js';
export { expectedAfter, wordOfType } from './expect.js';
export { type Keyword, type KeywordCategory, keywords } from './keywords.js';
export { type CstError, parseTokens, type StartRule, tokenize } from './parse.js';
export { maxNesting } from './retag.js';
export { type HintComment, hintComments, type Language } from './scanner.js';
export * as tokens from './tokens.js';
export { Token } from './tokens.js';
