import { check } from "./check"

export const ok = check()
