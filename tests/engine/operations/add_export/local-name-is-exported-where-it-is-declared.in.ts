export const one = 1;
export function two() {
  return one;
}
export class Three {}
