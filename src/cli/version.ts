/** The version of the package; a test compares it with package.json. @module */

export const version = "0.1.0";
