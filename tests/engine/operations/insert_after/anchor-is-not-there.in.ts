export const model = 'one';
