export * from "./usage"
export * from "./config"
