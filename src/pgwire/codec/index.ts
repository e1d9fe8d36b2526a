// Bytes ↔ messages of PostgreSQL's protocol: no sockets, no state but the framing's.
export { decodeFrontend, decodeStartup, passwordBody } from './decode-frontend.js';
export {
  type Frame,
  FrameReader,
  FramingError,
  isKnownType,
  type Phase,
  sizeLimits,
  startupPacket,
} from './frame-reader.js';
export type { Bind, Format, FrontendMessage, Parse, Startup, StartupMessage } from './frontend-message.js';
export { type ErrorFields, type FieldDescription, MessageWriter, type TransactionStatus } from './message-writer.js';
