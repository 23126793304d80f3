import request from './request';
import './style.css';

export const get = () => request;
