import {} from './check';

export const three = 3;
