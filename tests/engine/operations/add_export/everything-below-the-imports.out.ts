import { useQuery } from '@tanstack/react-query';
import * as t from '../types';
export * from './user-models';

export const useModels = () => useQuery<t.TModels>(['models']);
