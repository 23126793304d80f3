import request from './request';
import './style.css';
import { check } from './check';

export const get = () => request;
