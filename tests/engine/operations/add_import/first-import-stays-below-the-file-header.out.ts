// Copyright of somebody.

import request from './request';
// Counts to three.
export const three = 3;
