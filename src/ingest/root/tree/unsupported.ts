// Why a branch cannot be read, in words: becomes the reason that is listed with it.
export class Unsupported extends Error {}
