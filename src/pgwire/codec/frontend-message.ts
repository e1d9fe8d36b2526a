// What a client says: protocol 3.0 and 3.2.

export type FrontendMessage =
  | { readonly kind: 'query'; readonly text: string }
  | Parse
  | Bind
  | { readonly kind: 'describe' | 'close'; readonly target: 'statement' | 'portal'; readonly name: string }
  | { readonly kind: 'execute'; readonly portal: string; readonly maxRows: number }
  | { readonly kind: 'flush' | 'sync' | 'terminate' | 'copy_done' | 'function_call' }
  | { readonly kind: 'copy_data'; readonly data: Buffer }
  | { readonly kind: 'copy_fail'; readonly reason: string };

export interface Parse {
  readonly kind: 'parse';
  /** Empty for the unnamed statement. */
  readonly name: string;
  readonly text: string;
  /** Oids; 0 leaves the type to the server. */
  readonly parameterTypes: readonly number[];
}

export type Format = 'text' | 'binary';

export interface Bind {
  readonly kind: 'bind';
  readonly portal: string;
  readonly statement: string;
  /** None, one for all, or one each. */
  readonly parameterFormats: readonly Format[];
  readonly parameters: readonly (Buffer | null)[];
  /** None, one for all, or one each. */
  readonly resultFormats: readonly Format[];
}

/** The packet that opens a connection. */
export type StartupMessage =
  | { readonly kind: 'ssl_request' | 'gssenc_request' }
  | { readonly kind: 'cancel_request'; readonly processId: number; readonly secret: Buffer }
  | Startup;

export interface Startup {
  readonly kind: 'startup';
  readonly major: number;
  readonly minor: number;
  readonly parameters: ReadonlyMap<string, string>;
}
