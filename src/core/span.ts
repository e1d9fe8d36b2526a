// A place in a statement's text. Shared by every stage from the lexer to the wire.

/** Half-open range of UTF-16 offsets into the statement text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
