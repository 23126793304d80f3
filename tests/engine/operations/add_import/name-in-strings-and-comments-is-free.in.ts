import request from './request';

// import { check } from './check';
export const text = "import { check } from './check'";
export const get = () => request;
