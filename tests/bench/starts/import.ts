/**
 * Imports the library.
 *
 * @module
 */
import "../../../mod.ts";
