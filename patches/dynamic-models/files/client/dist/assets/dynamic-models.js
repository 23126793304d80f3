/** A stand-in: nothing happens. */
export {};
