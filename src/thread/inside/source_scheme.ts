/**
 * The names of functions in stacks.
 *
 * @module
 */

/** How the name starts under which the text of a function appears in stacks. */
export const sourceScheme = "netns-do:/";
