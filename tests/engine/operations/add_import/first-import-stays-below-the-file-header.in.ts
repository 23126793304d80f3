// Copyright of somebody.

// Counts to three.
export const three = 3;
